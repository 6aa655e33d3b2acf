"""Issue 8, part 5: the client is told that all have signed, or that somebody refused, where it wants to be."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.timezone import now

from evidence import trail
from otp.models import Message
from signing.actions import signature
from signing.actions.cancellation import cancel_envelope
from signing.clients.models import Client
from signing.models import Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks

PAUL = replace(walks.CAMILLE, first_name="Paul", email="paul@exemple.fr")


def to_client() -> list[Path]:
    mails = sorted(Path(settings.MAILBOX_DIR).glob("*.eml"))
    return [file for file in mails if b"contact@exemple.fr" in file.read_bytes().partition(b"\n\n")[0]]


def a_client(**changes: object) -> Client:
    client = walks.a_client("EXS", tries=1, failures_to_lock=1)
    Client.objects.filter(pk=client.pk).update(
        **{"contact_email": "contact@exemple.fr", "told_of_ends": True, **changes}
    )
    client.refresh_from_db()
    return client


def refuse(signer: Signer) -> None:
    signature.refuse(signer=signer, choice="content", reason="Secret", actor=walks.actor(), at=now())
    walks.work()


def test_all_have_signed(walk: Path) -> None:
    created = walks.an_envelope(walk, client=a_client(), signers=(walks.CAMILLE, PAUL))
    walks.signed(created)
    assert to_client() == []
    signer = walks.signed(created, 2)
    (mail,) = to_client()
    assert walks.subject_of(mail) == f"Tout est signé, dossier {signer.envelope.reference}"
    said = walks.text_of(mail)
    assert "- Camille Martin, a signé le" in said
    assert "- Paul Martin, a signé le" in said
    assert "se prennent dans l’administration." in said
    told = [each for each in trail.entries(signer.envelope.trail) if each.kind == "delivery.sent"]
    to = {each.value("recipient"): each.data["content"] for each in told}
    assert to == {"camille@exemple.fr": "signed", "paul@exemple.fr": "signed", "contact@exemple.fr": "closed"}


def test_somebody_refused(walk: Path) -> None:
    """Who, and how far the others came; the reason is read in the journal, whose looks are entries."""
    created = walks.an_envelope(walk, client=a_client(), signers=(walks.CAMILLE, PAUL))
    walks.work()
    refuse(walks.opened(created))
    (mail,) = to_client()
    assert walks.subject_of(mail).startswith("Refus de signer, dossier ")
    said = walks.text_of(mail)
    assert "- Camille Martin, a refusé le" in said
    assert "- Paul Martin, n’a pas ouvert les documents" in said
    assert "Secret" not in said


def test_too_many_wrong_codes(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk, client=a_client()))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    signature.submit_code(signer=signer, code=wrong, actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.LOCKED
    (mail,) = to_client()
    assert walks.subject_of(mail).startswith("Trop de codes faux, dossier ")
    assert "- Camille Martin, a saisi trop de codes faux, le" in walks.text_of(mail)


@pytest.mark.parametrize("changes", [{"told_of_ends": False}, {"contact_email": ""}], ids=["no wish", "no address"])
def test_who_does_not_want_it_or_has_no_address_is_not_written_to(walk: Path, changes: dict[str, object]) -> None:
    refuse(walks.opened(walks.an_envelope(walk, client=a_client(**changes))))
    assert not Message.objects.filter(kind="closed").exists()


def test_what_the_client_ended_itself_is_not_told_to_it(walk: Path) -> None:
    created = walks.an_envelope(walk, client=a_client())
    cancel_envelope(envelope=created.envelope, actor=walks.CLIENT, at=now())
    walks.work()
    created.envelope.refresh_from_db()
    assert created.envelope.state == EnvelopeState.CANCELLED
    assert to_client() == []


def test_in_english(walk: Path) -> None:
    created = walks.an_envelope(walk, client=a_client())
    created.envelope.language = "en"
    created.envelope.save(update_fields=["language"])
    refuse(walks.opened(created))
    (mail,) = to_client()
    assert walks.subject_of(mail).startswith("Refusal to sign, file ")
    assert "- Camille Martin, refused on" in walks.text_of(mail)
