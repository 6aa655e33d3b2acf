"""What is told of a message when the dossier is sealed, or when the path's codes go elsewhere by then."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import looks, trail
from evidence.models import Addendum, Dossier
from otp import messages, reports
from otp.delivery import Answer, Mail, NotNow, Sms
from otp.models import Message
from signing.actions import paths as acts
from signing.actions import signature
from signing.backend import revocation
from signing.backend.models import Certificate, Order
from signing.gateway.remote import entries
from signing.jobs import letters, paths
from signing.models import RemoteOrder, Signer
from tests.signing import walks
from tests.signing.admin.test_envelopes import sealed
from tests.signing.test_early_reports import BY_SMS
from tests.signing.test_mail_instead import by_sms, mailed

SEAL = "evidence.tasks.seal_addenda"
FAILED, DELIVERED = Message.Report.FAILED, Message.Report.DELIVERED


def report(message: Message, said: Message.Report, answer: str = "552 5.2.2 Mailbox full") -> None:
    with transaction.atomic():
        assert reports.take(message.pk, said, answer=answer, at=now())


def signed(walk: Path, *, is_sealed: bool = True) -> Signer:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    if is_sealed:
        sealed(created.envelope)
    return signer


def greylisted(_mail: Mail) -> Answer:
    raise NotNow(Answer(message_id="", text="450 4.2.0 Greylisted, come back"))


def addenda() -> list[str]:
    return [each.entry.kind for each in Addendum.objects.order_by("n").select_related("entry")]


@pytest.mark.parametrize(
    ("kind", "said", "entry"),
    [
        ("signed", FAILED, "delivery.bounced"),
        ("link", FAILED, "link.bounced"),
        ("code", DELIVERED, "code.delivered"),
        ("code", FAILED, "code.undelivered"),
    ],
)
def test_what_comes_when_the_dossier_is_sealed_is_its_addendum(
    walk: Path, kind: str, said: Message.Report, entry: str
) -> None:
    """evidence.md, Court lessons 5 and 7: bounced mail is told; later facts are addenda."""
    signer = signed(walk)
    report(Message.objects.get(kind=kind), said)
    assert addenda() == [entry]
    assert walks.entries(signer)[-1] == entry
    assert SEAL in walks.rung()


class Slow:
    """A carrier in whose hands the SMS is while the signer refuses, and the dossier is sealed."""

    def send(self, _sms: Sms) -> Answer:
        signer = Signer.objects.get()
        signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
        sealed(signer.envelope)
        return Answer("id", "taken")


def test_a_code_that_goes_out_after_the_end_is_told_too(walk: Path, settings: Settings) -> None:
    settings.SMS_CARRIER = f"{__name__}.Slow"
    signer = walks.ready(walks.an_envelope(walk, signers=(BY_SMS,)))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    paths.send_code(str(signer.public_id), owner="w", clock=now)
    assert addenda() == ["code.sent"]
    assert SEAL in walks.rung()


def test_what_another_service_says_after_the_seal_is_an_addendum(walk: Path) -> None:
    """Its answer to a refusal may come an hour later: it was down."""
    signer = signed(walk)
    order = RemoteOrder.objects.create(
        signer=str(signer.public_id), trail=signer.envelope.trail, remote_id="1", otp=True, created_at=now()
    )
    entries.closed(order, "DISCARDED")
    assert addenda() == ["order.told"]
    assert Addendum.objects.get().entry.source == "provider"


def test_a_certificate_that_is_abandoned_after_the_seal_is_told_too(walk: Path) -> None:
    signer, _ = walks.with_code(walks.an_envelope(walk))
    signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
    order = Order.objects.get()
    certificate = Certificate.objects.create(order=order, serial="2a", planned_at=now())
    sealed(signer.envelope)
    with transaction.atomic():
        revocation.abandon(order, certificate, "worker lost", now())
    assert addenda() == ["certificate.abandoned"]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_that_the_signed_documents_were_shown_is_told_whenever_it_was(walk: Path, *, is_sealed: bool) -> None:
    """Who leaves while the signature is made and comes back tomorrow is handed them then."""
    signer = signed(walk, is_sealed=is_sealed)
    acts.show_delivery(signer=signer, actor=walks.actor(), at=now())
    assert walks.entries(signer)[-1] == "delivery.shown"
    assert addenda() == (["delivery.shown"] if is_sealed else [])
    assert (SEAL in walks.rung()) == is_sealed


def test_what_a_signer_takes_after_the_seal_is_in_an_addendum_the_day_after(walk: Path) -> None:
    """Decision 29: a document, and its dossier; a visit is an entry alone."""
    signer = signed(walk)
    revision = signer.revisions.select_related("document__envelope__trail").get()
    for _ in range(2):
        acts.download_signed(signer=signer, revision=revision, actor=walks.actor(), at=now())
    acts.download_dossier(signer=signer, form="asice", actor=walks.actor(), at=now())
    looks.gather(now() + looks.EVERY)
    made = Addendum.objects.get()
    told = [*looks.earlier(made), made.entry]
    assert [each.kind for each in told] == ["document.downloaded", "document.downloaded", "dossier.downloaded"]


def test_what_comes_before_is_in_the_dossier_itself(walk: Path) -> None:
    signer = signed(walk, is_sealed=False)
    report(Message.objects.get(kind="signed"), FAILED)
    assert (walks.entries(signer)[-1], addenda()) == ("delivery.bounced", [])


def test_a_letter_that_is_sent_again_after_the_seal_is_an_addendum(walk: Path) -> None:
    signer = signed(walk)
    letter = Message.objects.filter(kind="signed")
    letter.update(outcome=Message.Outcome.BOUNCED)
    assert messages.revive(letter, at=now()) == 1
    follow = letters.send_message(str(letter.get().pk), owner="w", clock=now)
    assert addenda() == ["delivery.sent"]
    assert [each.ids for each in follow if each.task == SEAL] == [{"dossier_id": str(Dossier.objects.get().pk)}]
    assert walks.entries(signer)[-1] == "delivery.sent"


def test_an_attempt_after_the_seal_is_an_entry_and_the_end_of_it_an_addendum(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = signed(walk)
    letter = Message.objects.filter(kind="signed")
    letter.update(outcome=Message.Outcome.BOUNCED)
    messages.revive(letter, at=now())
    with monkeypatch.context() as patched:
        patched.setattr("otp.messages.send", greylisted)
        assert letters.send_message(str(letter.get().pk), owner="w", clock=now) == []
    assert (walks.entries(signer)[-1], addenda()) == ("delivery.delayed", [])
    letters.send_message(str(letter.get().pk), owner="w", clock=lambda: now() + timedelta(minutes=1))
    assert (walks.entries(signer)[-1], addenda()) == ("delivery.sent", ["delivery.sent"])


def test_a_letter_that_came_back_is_sent_again_and_told_anew(walk: Path) -> None:
    """Most bounces come so: a relay took it. What was told of the first is not told of the second."""
    walks.an_envelope(walk)
    walks.work()
    letter = Message.objects.filter(kind="link")
    report(letter.get(), FAILED)
    assert messages.revive(letter, at=now()) == 1
    letters.send_message(str(letter.get().pk), owner="w", clock=now)
    report(letter.get(), DELIVERED)
    assert messages.revive(letter, at=now()) == 0
    told = [each for each in walks.entries(Signer.objects.get()) if each.startswith("link.") and each != "link.created"]
    assert told == ["link.sent", "link.bounced", "link.sent", "link.accepted"]


@pytest.mark.parametrize(("said", "kind"), [(DELIVERED, "code.delivered"), (FAILED, "code.undelivered")])
def test_a_late_report_of_the_sms_is_not_told_of_the_mail_that_followed(
    walk: Path, said: Message.Report, kind: str
) -> None:
    """Way and recipient are the message's own, whatever the path's are by now."""
    signer = mailed(by_sms(walk))
    report(Message.objects.get(kind="code", n=1), said)
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == kind]
    assert (entry.data["n"], entry.data["channel"], entry.value("recipient")) == (1, "sms", "+33612345642")


@pytest.mark.parametrize(
    "odd", ["\0", "\x1b", "\ud800", "\r\n", "\u202e"], ids=["NUL", "escape", "half", "lines", "bidi"]
)
def test_words_of_carriers_are_a_line_of_text(walk: Path, odd: str) -> None:
    """PostgreSQL takes no NUL, UTF-8 no half of a pair: the report would be lost, or the message sent again."""
    walks.an_envelope(walk)
    walks.work()
    report(Message.objects.get(kind="link"), FAILED, f"552{odd}full")
    (entry,) = [each for each in trail.entries(Signer.objects.get().envelope.trail) if each.kind == "link.bounced"]
    assert entry.value("answer") == "552 full"
    said = Answer(f"id{odd}", f"250{odd}ok")
    assert (said.message_id, said.text) == ("id", "250 ok")
