"""Several signers: one after the other, or at once; DESIGN, "How a signature flows", and reliability.md, faults."""

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from django.conf import settings
from django.db import connections, transaction
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import trail
from evidence.models import Dossier
from otp.models import Message
from signing import access
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.jobs import paths, turns
from signing.jobs.sweep import sweep
from signing.models import CodeChannel, Document, Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of
from tests.verification import judges

PATIENCE = 60.0


def people(*names: str, turns: tuple[int, ...] = (), code: CodeChannel = CodeChannel.NONE) -> tuple[NewSigner, ...]:
    """Signers of these first names, in these turns (one after the other where none are given)."""
    given = turns or tuple(range(1, len(names) + 1))
    return tuple(
        NewSigner(name, "Martin", f"{name.lower().replace('é', 'e')}@exemple.fr", turn=turn, code_channel=code)
        for name, turn in zip(names, given, strict=True)
    )


def states() -> list[str]:
    return list(Signer.objects.order_by("n").values_list("state", flat=True))


def mailed(walk: Path) -> list[str]:
    """Subjects of the mails sent so far, in order."""
    return [walks.subject_of(file) for file in sorted((walk / "mailbox").glob("*.eml"))]


def click(created: Created, n: int) -> Signer:
    """A path without code, read, agreed to, clicked and worked off."""
    signer = walks.ready(created, n)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    return walks.fresh(signer)


def two_contracts(folder: Path, signers: tuple[NewSigner, ...]) -> Created:
    """Two documents to sign."""
    pki.hold()
    given = []
    for n in (1, 2):
        file = folder / f"contrat-{n}.pdf"
        file.write_bytes(sound.contract(n))
        given.append(NewDocument(file, f"Contrat {n}", file.name, Document.Role.TO_SIGN))
    return create_envelope(client=walks.a_client(), documents=given, signers=signers, actor=walks.CLIENT, at=now())


def judged(document: Document, folder: Path, signers: int) -> None:
    """Every signature of the newest revision is valid for judges that share no code with us."""
    newest = document.newest()
    assert newest
    root = Path(settings.PKI_DIR) / "root.crt"
    chain = Path(settings.PKI_DIR) / "issuing.crt"
    parts = judges.cut(newest.path)
    assert len(parts) == 2 * signers
    for made, archive in zip(parts[::2], parts[1::2], strict=True):
        value, token = judges.token_in(made.message)
        at = time_of(token)
        judges.openssl_cms(made, root=root, at=at)
        judges.openssl_ts(token, value, root=root, chain=chain, at=at)
        judges.openssl_ts(archive.message, archive.covered, root=root, chain=chain, at=at)
    seen = judges.pdfsig(newest.path, root=root, at=at)
    assert [each.validation for each in seen[::2]] == ["Signature is Valid."] * signers
    assert [each.trust for each in seen[::2]] == ["Certificate is Trusted."] * signers
    judges.qpdf_check(newest.path)
    content = newest.path.read_bytes()
    below = [document.path, *(each.path for each in document.revisions.order_by("n"))]
    assert all(content.startswith(each.read_bytes()) for each in below)


def time_of(token: bytes) -> datetime:
    moment: datetime = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def test_only_the_first_turn_is_invited(walk: Path) -> None:
    """The others wait, armed like everybody: what they will sign is fixed at the creation."""
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno", "Chloé", turns=(1, 1, 2)))
    walks.work()
    assert states() == [SignerState.INVITED, SignerState.INVITED, SignerState.WAITING]
    assert len(mailed(walk)) == 2
    assert all(len(signer.binding) == 64 for signer in Signer.objects.all())
    kinds = walks.entries(Signer.objects.get(n=1))
    assert (kinds.count("path.armed"), kinds.count("signer.invited"), len(created.tokens)) == (3, 2, 3)


def test_the_next_is_invited_once_everybody_before_has_signed(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno", "Chloé", turns=(1, 1, 5)))
    click(created, 1)
    assert states() == [SignerState.SIGNED, SignerState.INVITED, SignerState.WAITING]
    click(created, 2)
    assert states()[2] == SignerState.INVITED
    last = Signer.objects.get(n=3)
    (invited,) = [
        entry.data
        for entry in trail.entries(last.envelope.trail)
        if entry.kind == "signer.invited" and entry.data["signer"] == str(last.public_id)
    ]
    assert invited["turn"] == 5
    assert Message.objects.get(owner=str(last.public_id), kind="link").outcome == Message.Outcome.SENT
    (letter,) = [walks.text_of(file) for file in (walk / "mailbox").glob("*.eml") if "Chloé" in walks.text_of(file)]
    assert "Déjà signé par Anne Martin, Bruno Martin." in letter.replace("\n", " ")
    click(created, 3)
    assert Envelope.objects.get().state == EnvelopeState.COMPLETED


def test_the_link_of_somebody_who_waits_says_so_and_opens_nothing(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno"))
    browser = Browser()
    for method in (browser.get, browser.post):
        response = method(f"/a/{created.tokens[1]}")
        assert response.status_code == 200
        page = words_of(response)
        assert "ce n’est pas encore votre tour" in page
        assert "Une autre personne doit signer avant vous" in page
        assert "Anne" not in page
        assert not response.cookies.get(access.COOKIE)
    assert states()[1] == SignerState.WAITING
    click(created, 1)
    assert browser.open(created, 2).startswith("/p/")


def test_who_signed_before_is_told_and_the_bytes_are_those_presented_to_all(walk: Path) -> None:
    """DESIGN: each is shown the frozen bytes and the list of earlier signatures."""
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno"))
    first = click(created, 1)
    browser = Browser()
    url = browser.open(created, 2)
    page = words_of(browser.get(url)).replace("\xa0", " ").replace("&nbsp;", " ")
    assert "Déjà signé par Anne Martin, le" in page
    document = Document.objects.get(n=1)
    assert browser.bytes_of(f"{url}presented/1.pdf") == document.path.read_bytes()
    click(created, 2)
    below, above = Revision.objects.order_by("n")
    assert below.signer == first
    assert above.path.read_bytes().startswith(below.path.read_bytes())


@pytest.mark.parametrize("outcome", [EnvelopeState.REFUSED, EnvelopeState.EXPIRED])
def test_who_waits_ends_with_the_envelope(walk: Path, outcome: EnvelopeState) -> None:
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno"))
    walks.work()
    if outcome == EnvelopeState.REFUSED:
        signature.refuse(signer=walks.opened(created), choice="content", reason="", actor=walks.actor(), at=now())
        expected = SignerState.CANCELLED
    else:
        sweep(created.envelope.expires_at)
        expected = SignerState.EXPIRED
    walks.work()
    assert states()[1] == expected
    assert Envelope.objects.get().state == outcome
    assert Dossier.objects.count() == 2
    assert "Bruno" not in "".join(mailed(walk))
    assert Browser().get(f"/a/{created.tokens[1]}").status_code == 410  # decision 21


def test_nobody_is_invited_after_the_last_day(walk: Path) -> None:
    """A signature that was queued in time ends after it: the next one is not asked for what is refused at once."""
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno"))
    Signer.objects.filter(n=1).update(state=SignerState.SIGNED)
    envelope = Envelope.objects.get()
    assert turns.invite_next(envelope, at=created.envelope.expires_at) == []
    assert states()[1] == SignerState.WAITING


def test_three_in_turn_are_all_valid_for_outside_judges(walk: Path) -> None:
    """evidence.md, Certificates: every earlier signature stays valid; on every document."""
    created = two_contracts(walk, people("Anne", "Bruno", "Chloé"))
    for n in (1, 2, 3):
        assert click(created, n).state == SignerState.SIGNED
    for document in Document.objects.all():
        judged(document, walk, signers=3)


def test_two_at_once_are_both_kept_one_over_the_other(walk: Path) -> None:
    """reliability.md, 50 SIGN in parallel: two workers, two signers, two documents; no signature beside another."""
    created = two_contracts(walk, people("Anne", "Bruno", turns=(1, 1)))
    signers = [walks.ready(created, n) for n in (1, 2)]
    barrier, errors = threading.Barrier(len(signers)), []

    def sign(signer: Signer) -> None:
        try:
            barrier.wait()
            signature.click_sign(signer=signer, actor=walks.actor(), at=now())
            deadline = time.monotonic() + PATIENCE
            while walks.fresh(signer).state != SignerState.SIGNED:
                assert time.monotonic() < deadline, walks.fresh(signer).waiting_for
                # Time runs ahead for the job, so that waiting for the other costs the test nothing.
                paths.sign(str(signer.public_id), owner=f"w{signer.n}", clock=lambda: now() + timedelta(seconds=1))
        except Exception as error:  # noqa: BLE001 - told below, in the thread of the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign, args=(signer,)) for signer in signers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Envelope.objects.get().state == EnvelopeState.COMPLETED
    assert Revision.objects.count() == 4
    for document in Document.objects.all():
        judged(document, walk, signers=2)


def test_one_after_the_other_where_the_service_holds_the_files(walk: Path, settings: Settings) -> None:
    """DESIGN, The gateway's seven verbs: signers of one document go one after the other there, whatever their turn."""
    settings.SIGNING_GATEWAY = "signing.gateway.certsign.CertSign"
    created = walks.an_envelope(walk, signers=people("Anne", "Bruno", "Chloé", turns=(1, 1, 2)))
    assert states() == [SignerState.INVITED, SignerState.WAITING, SignerState.WAITING]
    envelope = Envelope.objects.get(pk=created.envelope.pk)
    for n, invited in ((1, 2), (2, 3)):
        with transaction.atomic():
            assert turns.invite_next(envelope, at=now()) == []
        Signer.objects.filter(n=n).update(state=SignerState.SIGNED)
        with transaction.atomic():
            assert len(turns.invite_next(envelope, at=now())) == 1
        assert states()[invited - 1] == SignerState.INVITED
