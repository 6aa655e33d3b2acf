"""Issue, part 9: what the client adds stands in the dossier as declared by it; its ZIP is unpacked under limits."""

import contextlib
import hashlib
import io
import stat
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import events, files, trail
from evidence.dossier import xml
from evidence.models import Deposit, Dossier
from signing.actions.arming import Declared, NewSigner
from signing.backend.api import proof_folder
from signing.backend.api.errors import Refused
from signing.models import Signer
from tests.evidence import pki
from tests.signing import walks
from tests.signing.admin.people import member_browser
from tests.verification.containers import verified

EVERYTHING = ("signing.tasks.", "evidence.tasks.")


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return kept.getvalue()


def test_a_zip_is_told_file_by_file_and_kept_as_it_is() -> None:
    content = zipped(("kyc/carte.jpg", b"jpeg"), ("avis.pdf", b"%PDF"))
    proof = proof_folder.taken(content)
    assert files.read(proof.sha256) == content
    assert [(each.name, each.size) for each in proof.files] == [("kyc/carte.jpg", 4), ("avis.pdf", 4)]
    assert proof.files[0].sha256 == hashlib.sha256(b"jpeg").hexdigest()


def test_a_file_without_a_name_is_told() -> None:
    """A name ends at its first NUL, and may so be none."""
    content = zipped(("a.pdf", b"x")).replace(b"a.pdf", b"\x00.pdf")
    assert [(each.name, each.size) for each in proof_folder.taken(content).files] == [("?", 1)]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\windows\\x", "a\u202egpj.exe", "x" * 900])
def test_a_name_leads_nowhere(name: str, tmp_path: Path) -> None:
    """Never trusted for paths: it is told, and nothing is written under it."""
    [file] = proof_folder.taken(zipped((name, b"x"))).files
    assert len(file.name) <= 200
    assert "\u202e" not in file.name
    assert not list(tmp_path.iterdir())


def bomb() -> bytes:
    return zipped(("zeros", bytes(60_000_000)))


def lying() -> bytes:
    """A header that says one octet for what unpacks to two million."""
    content = bytearray(zipped(("zeros", bytes(2_000_000))))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + place
        content[start : start + 4] = (1).to_bytes(4, "little")
    return bytes(content)


def link() -> bytes:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return kept.getvalue()


def encrypted() -> bytes:
    content = bytearray(zipped(("secret", b"x"), compression=zipfile.ZIP_STORED))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        bomb(),
        lying(),
        link(),
        encrypted(),
        zipped(*((f"{n}", b"") for n in range(201))),
        zipped(("a", b"x" * 100))[:60],
        zipped(("a", zlib.compress(b"x")), compression=zipfile.ZIP_STORED).replace(b"\x78\x9c", b"\x00\x00"),
    ],
    ids=["none", "bomb", "lying", "link", "encrypted", "many", "cut", "damaged"],
)
def test_a_zip_that_is_not_taken_is_refused_in_words(content: bytes) -> None:
    """Issue, bad input: a clear sentence, and nothing is left behind."""
    with pytest.raises(Refused) as refused:
        proof_folder.taken(content)
    assert refused.value.sentence.startswith("proofFolder.zipFiles ")
    with pytest.raises(files.Missing):
        files.path_of(hashlib.sha256(content).hexdigest())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_no_damage_makes_it_fail_otherwise(place: int, splice: bytes) -> None:
    content = zipped(("kyc/carte.jpg", b"jpeg" * 200), ("avis.pdf", b"%PDF" * 50))
    place %= len(content)
    changed = content[:place] + splice + content[place + len(splice) :]
    with contextlib.suppress(Refused):
        assert proof_folder.taken(changed).sha256 == hashlib.sha256(changed).hexdigest()


def test_what_the_client_declares_of_a_signer_stands_in_the_dossier(walk: Path, settings: object) -> None:
    """In the path too: marked as declared by the client; nothing of it is in clear in the chain."""
    pki.hold()
    settings.VAULT_DIRS = [walk / "first", walk / "second"]  # type: ignore[attr-defined]  # pytest-django's settings
    declared = (Declared("payment", "PAY-2026-42"), Declared("IDCARD", "880692310285"))
    person = NewSigner("Camille", "Martin", "camille@exemple.fr", extrinsic=declared)
    created = walks.an_envelope(walk, signers=(person,))
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    row = Dossier.objects.get(trail=created.envelope.trail)
    told = xml.read(files.read(row.xml_sha256))
    assert [(each.kind, each.number.text if each.number else "") for each in told.signer.extrinsic] == [
        ("payment", "PAY-2026-42"),
        ("IDCARD", "880692310285"),
    ]
    for entry in trail.entries(created.envelope.trail):
        assert b"PAY-2026-42" not in entry.canonical


def test_the_zip_goes_with_the_container(walk: Path) -> None:
    """evidence.md, Dossier, 8: everything needed offline; the verifier in it accepts the file."""
    pki.hold()
    created = walks.an_envelope(walk)
    signer = Signer.objects.get()
    content = zipped(("carte.jpg", b"jpeg"))
    sha256 = files.put_bytes(content)
    with walks.transaction.atomic():
        event = events.ExtrinsicAdded(
            signer=str(signer.public_id), type="proof_folder", sha256=sha256, bytes=len(content)
        )
        trail.append(created.envelope.trail, event, actor=walks.CLIENT, at=walks.now())
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    browser = member_browser(created.envelope.client)
    target = walk / "taken.asice"
    target.write_bytes(browser.bytes_of(f"/admin/signing/envelope/{created.envelope.pk}/dossier/1/asice/"))
    assert verified(target)[0] == 0
    with zipfile.ZipFile(target) as archive:
        assert archive.read("client-1.zip") == content
    assert Deposit.objects.count() == 1
