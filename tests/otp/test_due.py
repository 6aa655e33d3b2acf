"""Which rows of the outbox are looked for: what is due, and codes that nobody will send any more."""

from datetime import UTC, datetime, timedelta

import pytest

from otp import messages
from otp.models import Channel, Message
from tests.plans import plans_of

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "left_for"),
    [(Channel.EMAIL, messages.MAIL_CODE_LEFT_FOR), (Channel.SMS, messages.SMS_CODE_LEFT_FOR)],
)
def test_a_code_whose_sender_died_is_given_up_one_day(channel: Channel, left_for: timedelta) -> None:
    """An SMS that may have gone out waits longer for whoever takes over; letters are tried again, and stay."""
    code = messages.begin(owner="o", kind="code", channel=channel, by="dead", at=AT, n=1)
    messages.begin(owner="o", kind="link", channel=channel, by="dead", at=AT, n=1)
    assert code is not None
    assert code.lease_until is not None
    messages.give_up_codes(code.lease_until + left_for - timedelta(seconds=1))
    assert not Message.objects.exclude(outcome=Message.Outcome.WAITING).exists()
    messages.give_up_codes(code.lease_until + left_for)
    code.refresh_from_db()
    assert (code.outcome, code.claimed_by) == (Message.Outcome.DEAD, "")
    assert Message.objects.get(kind="link").outcome == Message.Outcome.WAITING


@pytest.mark.django_db
def test_what_is_due_is_found_without_reading_what_was_sent() -> None:
    """Each sweep and each send asks: of a year's messages all but a few were sent long ago."""

    def looks() -> None:
        messages.due(AT, kinds=("link",))
        messages.beside("00000000-0000-7000-8000-000000000000", AT, kinds=("link",))
        messages.give_up_codes(AT)

    plans = plans_of(looks, of="otp_message")
    assert len(plans) == 4
    assert all("message_due" in each or "message_in_hand" in each for each in plans)
