"""What outside judges say about signed files of every kind (evidence.md, "What the naive verifier says")."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from signing.engine import intake
from tests.engine import authority
from tests.engine.authority import AT, pki, sign
from tests.pdfs import bombs, raw, sound
from tests.pdfs import signed as signed_before
from tests.verification import judges, pictures

KINDS: dict[str, Callable[[], bytes]] = {
    "plain": sound.contract,
    "rotated": lambda: sound.rotated(90),
    "cropped": sound.cropped,
    "user unit": sound.scaled,
    "object streams": sound.object_streams,
    "linearised": sound.linearised,
    "attachment": sound.attachment,
    "closed form": sound.closed_form,
    "empty signature field": sound.empty_signature_field,
    "PDF/A-1": sound.archival,
}


def made(content: bytes, folder: Path, name: str = "source.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_judge_is_content(kind: str, tmp_path: Path) -> None:
    """evidence.md, Certificates: PAdES; signing-engine.md, traps 6 and 11."""
    source = made(KINDS[kind](), tmp_path)
    target = tmp_path / "signed.pdf"
    result = sign(source, target)
    root, chain, _ = pki().write(tmp_path)

    signature, archive = judges.cut(target)
    assert (signature.subfilter, archive.subfilter) == ("/ETSI.CAdES.detached", "/ETSI.RFC3161")
    assert "CAdES Verification successful" in judges.openssl_cms(signature, root=root, at=AT)
    value, token = judges.token_in(signature.message)
    assert "Verification: OK" in judges.openssl_ts(token, value, root=root, chain=chain, at=AT)
    assert "Verification: OK" in judges.openssl_ts(archive.message, archive.covered, root=root, chain=chain, at=AT)
    assert (token, archive.message) == result.tokens
    assert signature.byte_range == result.byte_range
    judges.qpdf_check(target)
    assert judges.mutool(target)["Camille Martin"] == "The signature is valid"
    seen = judges.pdfsig(target, root=root, at=AT)
    assert (seen[0].validation, seen[0].trust) == ("Signature is Valid.", "Certificate is Trusted.")
    assert [each.whole for each in seen] == [False, True]
    assert target.read_bytes()[: result.prefix_length] == source.read_bytes()


def test_five_signers_one_after_the_other_are_all_valid(tmp_path: Path) -> None:
    """Issue, part 2; evidence.md, PAdES: every earlier signature stays valid."""
    files = [made(sound.contract(), tmp_path, "0.pdf")]
    for number in range(1, 6):
        files.append(tmp_path / f"{number}.pdf")
        slot = authority.stamp(slot=number - 1, name=f"Signataire {number}")
        sign(files[-2], files[-1], field_name=f"Paraphe-{number}", stamp=slot)
    root, chain, _ = pki().write(tmp_path)
    parts = judges.cut(files[-1])
    assert [part.field for part in parts] == [
        name for number in range(1, 6) for name in (f"Paraphe-{number}", f"Paraphe-{number}-archive")
    ]
    for signature, archive in zip(parts[::2], parts[1::2], strict=True):
        judges.openssl_cms(signature, root=root, at=AT)
        judges.openssl_ts(archive.message, archive.covered, root=root, chain=chain, at=AT)
    seen = judges.pdfsig(files[-1], root=root, at=AT)
    assert [each.validation for each in seen[::2]] == ["Signature is Valid."] * 5
    judges.qpdf_check(files[-1])
    judges.mutool(files[-1])
    for before, after in pairwise(files):
        assert after.read_bytes().startswith(before.read_bytes())
    drawn = [pictures.drawn(file) for file in (files[0], files[-1])]
    covered = list(pictures.stamps(files[-1]).values())
    assert len(covered) == 5
    for index, (before_page, after_page) in enumerate(zip(*drawn, strict=True)):
        areas = [area for area in covered if area.page == index]
        assert list(pictures.changed_outside(before_page, after_page, areas)) == []


@pytest.mark.parametrize(
    ("drawn", "size"),
    [
        (lambda: sound.contract(1), 2_000),
        (lambda: bombs.many_pages(1000), 100_000),
        (lambda: sound.contract(1000), 800_000),
        (lambda: raw.write(raw.one_page(more={6: raw.stream(bytes(199_000_000))})), 199_000_000),
    ],
    ids=["one page", "1 000 pages", "1 000 written pages", "200 MB"],
)
def test_documents_of_any_size(drawn: Callable[[], bytes], size: int, tmp_path: Path) -> None:
    """Issue, part 2: 1 to 1 000 pages, up to 200 MB."""
    content = drawn()
    assert len(content) >= size
    source = made(content, tmp_path)
    accepted = intake.examine(source, workdir=tmp_path, limits=intake.Limits(max_bytes=200_000_000))
    target = tmp_path / "signed.pdf"
    result = sign(accepted.path, target)
    root, _, _ = pki().write(tmp_path)
    seen = judges.pdfsig(target, root=root, at=AT)
    assert (seen[0].validation, seen[0].trust) == ("Signature is Valid.", "Certificate is Trusted.")
    assert result.prefix_length == accepted.size
    with target.open("rb") as written:
        assert written.read(accepted.size) == content
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == len(accepted.pages)


def test_what_a_document_has_is_kept(tmp_path: Path) -> None:
    """Issue, part 2: outlines, attachments, metadata, layers, links."""
    source, target = made(sound.furnished(), tmp_path), tmp_path / "signed.pdf"
    sign(source, target)
    with pikepdf.open(source) as before, pikepdf.open(target) as after:
        assert [item.title for item in after.open_outline().root] == ["Article 1", "Article 2"]
        assert after.attachments["annexe.csv"].get_file().read_bytes() == b"annexe;1\n"
        assert after.Root.keys() == before.Root.keys() | {"/AcroForm", "/DSS"}
        for name in ("/OCProperties", "/Names", "/Lang", "/PageMode", "/ViewerPreferences"):
            assert str(before.Root[name]) == str(after.Root[name])
        assert before.docinfo == after.docinfo


def test_the_signature_of_somebody_else_stays_valid(tmp_path: Path) -> None:
    """corpus 078: an earlier signature is still intact afterwards."""
    source = made(signed_before.approved(), tmp_path)
    before = judges.pdfsig(source, root=pki().write(tmp_path)[0], at=AT)
    sign(source, tmp_path / "signed.pdf")
    after = judges.pdfsig(tmp_path / "signed.pdf", root=tmp_path / "root.pem", at=AT)
    assert after[0].validation == before[0].validation == "Signature is Valid."
    assert after[1].trust == "Certificate is Trusted."


def test_a_changed_byte_is_seen_by_every_judge(tmp_path: Path) -> None:
    """The judges can say no: none of them is content whatever it is shown."""
    target = tmp_path / "signed.pdf"
    sign(made(sound.contract(), tmp_path), target)
    root, chain, _ = pki().write(tmp_path)
    target.write_bytes(target.read_bytes().replace(b"Contrat", b"Contras", 1))
    signature, archive = judges.cut(target)
    with pytest.raises(judges.Rejected):
        judges.openssl_cms(signature, root=root, at=AT)
    with pytest.raises(judges.Rejected):
        judges.openssl_ts(archive.message, archive.covered, root=root, chain=chain, at=AT)
    assert judges.pdfsig(target, root=root, at=AT)[0].validation == "Digest Mismatch."
    assert judges.mutool(target)["Camille Martin"] != "The signature is valid"


@pytest.mark.corpus
@pytest.mark.parametrize(
    "pattern", ["001", "002", "008", "010", "017", "019", "026", "029", "033", "037", "043", "044", "058", "078"]
)
def test_real_files_are_signed(pattern: str, corpus: Path, tmp_path: Path) -> None:
    """expectations.tsv: ACCEPT means signed, signature valid."""
    (source,) = (corpus / "pdf").glob(f"{pattern}-*.pdf")
    target = tmp_path / "signed.pdf"
    result = sign(source, target)
    root, _, _ = pki().write(tmp_path)
    ours = next(part for part in judges.cut(target) if part.field == "Paraphe-1")
    judges.openssl_cms(ours, root=root, at=AT)
    assert target.read_bytes()[: result.prefix_length] == source.read_bytes()
    with pikepdf.open(source) as before, pikepdf.open(target) as after:
        assert after.Root.keys() - before.Root.keys() <= {"/AcroForm", "/DSS"}
        assert list(after.attachments) == list(before.attachments)
        assert after.pdf_version == before.pdf_version
        if "/Metadata" in before.Root:
            assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
