"""The outbox and the policies as the operator sees them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from otp.models import Message, Policy
from signing.jobs import letters
from tests.otp.test_messages import Refusing
from tests.signing import walks
from tests.signing.admin.people import operator_browser
from tests.signing.views.browser import words_of

LIST = "/admin/otp/message/"


def test_a_dead_letter_is_seen_and_sent_again(walk: Path, settings: Settings) -> None:
    """Issue, Outbox: dead letters visible in the admin with resend; a code is left alone."""
    Refusing.error = TimeoutError()
    settings.EMAIL_BACKEND = "tests.otp.test_messages.Refusing"
    walks.an_envelope(walk)
    letter = Message.objects.get(kind="link")
    for day in range(10):
        moment = now() + timedelta(days=day)
        letters.send_message(str(letter.pk), owner=f"w{day}", clock=lambda moment=moment: moment)  # type: ignore[misc]
    letter.refresh_from_db()
    assert letter.outcome == Message.Outcome.DEAD
    code = Message.objects.create(
        owner="order-1", kind="code", channel="sms", outcome="DEAD", due_at=now(), created_at=now()
    )
    browser = operator_browser()
    assert "abandonné" in words_of(browser.get(LIST))
    settings.EMAIL_BACKEND = "otp.delivery.mailbox.MailboxBackend"
    posted = {"action": "send_again", "_selected_action": [str(letter.pk), str(code.pk)]}
    assert "1 message va repartir" in words_of(browser.post(LIST, posted, follow=True))
    letters.send_message(str(letter.pk), owner="again", clock=lambda: now() + timedelta(days=11))
    letter.refresh_from_db()
    code.refresh_from_db()
    assert (letter.outcome, code.outcome) == ("SENT", "DEAD")
    assert walks.subject_of(next((walk / "mailbox").glob("*.eml")))


@pytest.mark.django_db
def test_a_policy_says_what_it_means_and_where_it_is_weak() -> None:
    policy = Policy.objects.create(name="faible", validity_seconds=3600, single_use=False)
    said = words_of(operator_browser().get(f"/admin/otp/policy/{policy.pk}/change/"))
    assert "valable 60 minutes, qui sert plusieurs fois" in said
    assert "Le code vit trop longtemps" in said
