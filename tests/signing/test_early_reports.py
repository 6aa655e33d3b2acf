"""Reports that are quicker than the answer to the call: nothing arrives before it was sent, and nothing is lost."""

import uuid
from pathlib import Path

import httpx
import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.test import Client
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import trail
from otp import bounces, reports
from otp.delivery import Answer, OutcomeUnknown, Sms
from otp.models import Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import CodeChannel, Signer
from tests.signing import walks

BY_SMS = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile="+33612345642", code_channel=CodeChannel.SMS)


def reported(reference: str) -> None:
    with transaction.atomic():
        assert reports.take(uuid.UUID(reference), Message.Report.DELIVERED, answer="x", at=now(), known_as="id") is None


class Quick:
    """A carrier that reports before it has answered."""

    def send(self, sms: Sms) -> Answer:
        reported(sms.reference)
        return Answer("id", "taken")


class QuickAndSilent:
    """One that reports and never answers."""

    def send(self, sms: Sms) -> Answer:
        reported(sms.reference)
        raise OutcomeUnknown(Answer("", "ReadTimeout"))


class QuickMail(BaseEmailBackend):
    """A provider that does so."""

    def send_messages(self, email_messages: object) -> int:  # noqa: ARG002 - one
        reported(str(Message.objects.get(kind="link").pk))
        return 1


@pytest.mark.parametrize("carrier", ["Quick", "QuickAndSilent"])
def test_a_code_arrives_after_it_was_sent(walk: Path, settings: Settings, carrier: str) -> None:
    """The id that the report told is kept where no answer told one."""
    settings.SMS_CARRIER = f"{__name__}.{carrier}"
    signer = walks.ready(walks.an_envelope(walk, signers=(BY_SMS,)))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    kinds = [each for each in walks.entries(signer) if each in {"code.sent", "code.delivered"}]
    assert kinds == ["code.sent", "code.delivered"]
    sent, delivered = (entry_of(signer, kind) for kind in ("code.sent", "code.delivered"))
    assert (delivered.seq > sent.seq, delivered.at >= sent.at) == (True, True)
    assert (delivered.data["message_id"], delivered.value("recipient")) == ("id", BY_SMS.mobile)


def entry_of(signer: Signer, kind: str) -> trail.Read:
    (found,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == kind]
    return found


def test_a_letter_arrives_after_it_was_sent(walk: Path, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.QuickMail"
    walks.an_envelope(walk)
    walks.work()
    kinds = [each for each in walks.entries(Signer.objects.get()) if each in {"link.sent", "link.accepted"}]
    assert kinds == ["link.sent", "link.accepted"]


def test_who_reads_a_mail_cannot_report_it_as_a_gateway(walk: Path, client: Client) -> None:
    """The code in its Message-ID is the one of its report's address; the server may have delivered it, and hang."""
    walks.an_envelope(walk)
    letter = Message.objects.get(kind="link")
    code = bounces.message_id(str(letter.pk), "x").partition(".")[2].partition("@")[0]
    assert client.get(f"/reports/{letter.pk}/{code}?type=2").status_code == httpx.codes.NO_CONTENT
    letter.refresh_from_db()
    assert letter.report == Message.Report.NONE
