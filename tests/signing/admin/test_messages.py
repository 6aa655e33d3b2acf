"""The outbox and the policies as the operator sees them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import words
from evidence.models import Opening
from otp import reports
from otp.models import Message, Policy
from signing.backend import alone, bare
from signing.jobs import letters
from tests.backend import bare_orders
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


def test_it_says_what_a_message_is_about_and_what_was_said_of_it(walk: Path) -> None:
    """Carriers' words stand in the trail alone; that the operator was shown them is an entry there."""
    signer = walks.signed(walks.an_envelope(walk))
    letter, code = Message.objects.get(kind="link"), Message.objects.get(kind="code")
    for message, answer in ((letter, "552 5.2.2 <b>full</b>"), (code, "")):
        with transaction.atomic():
            assert reports.take(message.pk, Message.Report.FAILED, answer=answer, at=now())
    browser = operator_browser()
    about = f"{signer.envelope.reference}, signataire 1"
    listed = words_of(browser.get(LIST))
    assert listed.count(about) == Message.objects.count() == 3
    for kind in ("Le lien", "Le code", "Les documents signés"):
        assert kind in listed
    assert walks.entries(signer).count("sheet.consulted") == 0
    page = browser.get(f"{LIST}{letter.pk}/change/").content.decode()
    assert f'<a href="/admin/signing/envelope/{signer.envelope_id}/change/">{about}</a>' in page
    assert "552 5.2.2 &lt;b&gt;full&lt;/b&gt;" in page
    assert walks.entries(signer).count("sheet.consulted") == 1
    Opening.objects.filter(field="answer").delete()
    assert "(effacé)" in words_of(browser.get(f"{LIST}{letter.pk}/change/"))
    told = words_of(browser.get(f"{LIST}{code.pk}/change/"))
    assert told.index(words.title("code.sent")) < told.index(words.title("code.undelivered"))
    assert words.title("link.sent") not in told


def test_messages_of_nothing_that_is_known_and_of_codes_alone(walk: Path) -> None:
    signer = walks.ready(walks.an_envelope(walk))
    wanted = alone.Wanted(channel="email", contact="a@exemple.fr", application="", external_id=None)
    challenge = alone.ask(client=signer.envelope.client, wanted=wanted, at=now())
    alone.send(str(challenge.pk), clock=now)
    rows = [
        Message.objects.create(owner=owner, kind="link", channel="email", due_at=now(), created_at=now())
        for owner in ("order-1", "order-x", "nobody", "00000000-0000-7000-8000-000000000000")
    ]
    browser = operator_browser()
    listed = words_of(browser.get(LIST))
    assert f"code seul {challenge.pk}" in listed
    for row in rows:
        assert row.owner in listed
        assert browser.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert walks.entries(signer).count("sheet.consulted") == 0


def test_the_code_of_a_bare_order(walk: Path) -> None:
    """It has a trail of its own and no page: its reference stands there, and what was said of the code."""
    order = bare_orders.opened(otp=True, channel="sms", contact="+33612345642")
    bare.ask_code(order=order, actor=bare_orders.MACHINE, at=now())
    walks.work(kinds=bare_orders.SERVICE)
    message = Message.objects.get(kind="code")
    page = words_of(operator_browser().get(f"{LIST}{message.pk}/change/"))
    assert order.reference in page
    assert words.title("code.sent") in page
    assert bare_orders.kinds(order)[-1] == "sheet.consulted"


@pytest.mark.django_db
def test_a_policy_says_what_it_means_and_where_it_is_weak() -> None:
    policy = Policy.objects.create(name="faible", validity_seconds=3600, single_use=False)
    said = words_of(operator_browser().get(f"/admin/otp/policy/{policy.pk}/change/"))
    assert "valable 60 minutes, qui sert plusieurs fois" in said
    assert "Le code vit trop longtemps" in said
