"""What must be true after every fault, whatever it was."""

import hashlib
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.utils.timezone import now

from evidence import files, keys, trail
from evidence.models import Trail
from evidence.verify.report import examine
from evidence.verify.verdicts import Verdict
from signing.backend import revocation
from signing.backend.models import Certificate, Order, SignatureRequest
from signing.backend.states import CertificateState, OrderStatus, RequestStatus
from signing.models import Document, Envelope, Revision, Signer
from signing.states import ENDED, EnvelopeState, SignerState
from tests.faults.house import LEFTOVER_SECONDS, House
from tests.faults.processes import until
from tests.signing import walks

ENTRY_OF = {
    SignerState.REFUSED: "refusal.clicked",
    SignerState.LOCKED: "code.locked",
    SignerState.QUARANTINED: "path.quarantined",
}


def hold(house: House, *signers: Signer) -> None:
    """All invariants over the paths of one test, and over what the whole house keeps."""
    for signer in map(walks.fresh, signers):
        _path(signer)
        _certificates(signer)
        trail.check(signer.envelope.trail)
    _nothing_lost()
    _files(house)


def _path(signer: Signer) -> None:
    """One signature per document where the path is SIGNED, none elsewhere; no state without its entry."""
    kinds = walks.entries(signer)
    to_sign = signer.envelope.documents.filter(role=Document.Role.TO_SIGN).count()
    signed = signer.state == SignerState.SIGNED
    assert SignerState(signer.state) in ENDED | {SignerState.QUARANTINED}
    assert (signer.work, signer.sealed_code) == ("", "")
    assert signer.revisions.count() == (to_sign if signed else 0)
    made = [entry for entry in trail.entries(signer.envelope.trail) if entry.kind == "signature.made"]
    assert len([entry for entry in made if entry.data["signer"] == str(signer.public_id)]) == signer.revisions.count()
    if signer.state in ENTRY_OF:
        assert kinds.count(ENTRY_OF[SignerState(signer.state)]) >= 1
    if signer.envelope.state != EnvelopeState.OPEN:
        assert kinds.count("envelope.closed") == 1
    for order in Order.objects.filter(signer=str(signer.public_id)):
        assert (order.status == OrderStatus.CLOSED) == signed
    for revision in signer.revisions.all():
        _sound(revision)


def _sound(revision: Revision) -> None:
    """What the service signed is what the path hands out, and a stranger's verification says so."""
    request = SignatureRequest.objects.get(document=str(revision.document.public_id), sha256=revision.sha256)
    assert request.status == RequestStatus.SIGNED
    assert files.prefix_digest(revision.path, revision.document.size) == revision.document.sha256
    assert examine(revision.path, roots=[keys.root()], at=now()).verdict == Verdict.VALID


def _certificates(signer: Signer) -> None:
    """No certificate is left in between: one is spent where the path is signed, every other abandoned and revoked."""
    rows = list(Certificate.objects.filter(order__signer=str(signer.public_id)))
    spent = [row for row in rows if row.state == CertificateState.SPENT]
    abandoned = [row for row in rows if row.state == CertificateState.ABANDONED]
    assert len(spent) == (1 if signer.state == SignerState.SIGNED else 0)
    assert len(spent) + len(abandoned) == len(rows)
    told = [
        entry for entry in trail.entries(signer.envelope.trail) if entry.data.get("signer") == str(signer.public_id)
    ]
    assert {e.data["serial"] for e in told if e.kind == "certificate.requested"} == {row.serial for row in rows}
    assert {e.data["serial"] for e in told if e.kind == "certificate.abandoned"} == {row.serial for row in abandoned}
    assert {e.data["serial"] for e in told if e.kind == "key.used"} == {row.serial for row in spent}
    listed = x509.load_der_x509_crl(files.read(revocation.renew(now()).sha256)) if abandoned else None
    for row in abandoned:
        assert listed is not None
        assert listed.get_revoked_certificate_by_serial_number(int(row.serial, 16)) is not None


def _nothing_lost() -> None:
    """Nobody is left signing, and every link of every chain is counted by its head."""
    assert not Signer.objects.filter(state=SignerState.SIGNING).exists()
    assert not Envelope.objects.exclude(trail__in=Trail.objects.filter(head_seq__gt=0)).exists()


def _files(house: House) -> None:
    """No half file under a blob's name; what killed processes left goes by itself."""
    folder = Path(settings.FILES_DIR)
    for blob in folder.glob("??/*"):
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name
    left = 2 * LEFTOVER_SECONDS + 5
    until(lambda: not list((house.state / "work").glob("*")), seconds=left, what="working folders to be cleared")
    until(lambda: not list(folder.glob(".new-*")), seconds=left, what="unfinished files to be cleared")
