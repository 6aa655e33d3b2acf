"""The document security store: what is added, what stays (EN 319 142-1, 5.4.2)."""

import io
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509

from signing.engine import dss, revisions
from signing.engine.pades import NotSigned
from tests.engine.authority import pki, sign, stamp
from tests.pdfs import sound


def with_store(store: pikepdf.Object, *, apart: bool) -> bytes:
    with pikepdf.open(io.BytesIO(sound.contract(1))) as pdf:
        store.Certs = pikepdf.Array([pdf.make_stream(bytes(each)) for each in store.Certs.as_list()])
        pdf.Root.DSS = pdf.make_indirect(store) if apart else store
        return sound.saved(pdf)


def contents(file: Path, key: str) -> list[bytes]:
    with pikepdf.open(file) as pdf:
        return [bytes(each.read_bytes()) for each in pdf.Root.DSS[key].as_list()]


def test_a_second_signer_adds_what_is_new_and_no_more(tmp_path: Path) -> None:
    """Chain, lists and time-stamping unit are there already: one certificate comes."""
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    files[0].write_bytes(sound.contract())
    sign(files[0], files[1])
    sign(files[1], files[2], field_name="Paraphe-2", stamp=stamp(slot=1), crls=contents(files[1], "/CRLs"))
    before, after = (contents(file, "/Certs") for file in files[1:])
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert x509.load_der_x509_certificate(after[-1]).issuer == pki().issuing.certificate.subject
    assert contents(files[1], "/CRLs") == contents(files[2], "/CRLs")


@pytest.mark.parametrize("apart", [True, False])
def test_what_others_left_in_a_store_stays(tmp_path: Path, *, apart: bool) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    theirs = pikepdf.Dictionary(
        Certs=pikepdf.Array([pikepdf.String(b"theirs")]), VRI=pikepdf.Dictionary(ABCD=pikepdf.Dictionary(Note=7))
    )
    source.write_bytes(with_store(theirs, apart=apart))
    sign(source, target)
    kept = contents(target, "/Certs")
    assert kept[0] == b"theirs"
    assert len(kept) == 5
    with pikepdf.open(target) as pdf:
        assert int(pdf.Root.DSS.VRI.ABCD.Note) == 7


def test_what_is_no_store_is_not_written_into(tmp_path: Path) -> None:
    source = tmp_path / "source.pdf"
    with pikepdf.open(io.BytesIO(sound.contract(1))) as pdf:
        pdf.Root.DSS = pikepdf.Array([1, 2])
        source.write_bytes(sound.saved(pdf))
    with pytest.raises(NotSigned):
        sign(source, tmp_path / "signed.pdf")
    assert not (tmp_path / "signed.pdf").exists()


def test_nothing_new_changes_nothing() -> None:
    writer = revisions.begin(io.BytesIO(with_store(pikepdf.Dictionary(Certs=pikepdf.Array([])), apart=True)))
    dss.supply(writer, [], [])
    assert not writer.objects
