"""What is not signed, and what is left of the attempt: nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from evidence.timestamps import TimestampRefused
from signing.engine import pades, revisions
from signing.engine.crls import Revoked, StaleRevocationList
from signing.engine.keys import KeyDestroyed, OneUseKey
from signing.engine.pades import NotSigned
from tests.engine.authority import AT, certify, pki, sign, stamp
from tests.pdfs import sound

STALE: dict[str, Callable[[], list[bytes]]] = {
    "older than the certificate": lambda: pki().crls(AT - timedelta(minutes=2)),
    "from the future": lambda: pki().crls(AT + timedelta(minutes=1)),
    "ended": lambda: [pki().crls(AT, life=timedelta(0))[0], pki().crls()[1]],
    "the root's is missing": lambda: pki().crls()[:1],
    "the issuer's is missing": lambda: pki().crls()[1:],
    "of another CA with the same name": lambda: [*pki(AT + timedelta(minutes=1)).crls(AT)],
    "none": list,
}


@pytest.mark.parametrize("case", STALE)
def test_a_stale_list_is_refused_before_the_key_is_used(source: Path, target: Path, case: str) -> None:
    """evidence.md, Certificates: refuse to sign LT with a stale one; thisUpdate inside the certificate's validity."""
    key = OneUseKey.generate()
    with pytest.raises(StaleRevocationList):
        sign(source, target, key=key, certificate=certify(key), crls=STALE[case]())
    assert key.uses == 0
    assert not target.exists()


def test_a_revoked_certificate_does_not_sign(source: Path, target: Path) -> None:
    key = OneUseKey.generate()
    certificate = certify(key)
    revoked = Revoked(certificate.serial_number, AT)
    lists = [pki().crl(pki().issuing, AT, timedelta(minutes=25), revoked), pki().crls()[1]]
    with pytest.raises(StaleRevocationList, match="revoked"):
        sign(source, target, key=key, certificate=certificate, crls=lists)


def test_a_time_stamp_without_revocation_data_is_refused(source: Path, target: Path) -> None:
    """DESIGN: nothing degrades in silence. A unit of another PKI, whose lists nobody brought."""
    with pytest.raises(StaleRevocationList):
        sign(source, target, timestamper=pki(AT + timedelta(minutes=1)).stamper(AT))
    assert not target.exists()


def test_a_time_stamp_after_the_certificates_end_is_refused(source: Path, target: Path) -> None:
    with pytest.raises(NotSigned, match="came after"):
        sign(source, target, timestamper=pki().stamper(AT + timedelta(minutes=30)))
    assert not target.exists()


def test_without_a_time_stamp_nothing_is_left(source: Path, target: Path) -> None:
    """DESIGN: never a weaker signature."""

    class Silent(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:  # noqa: ARG002
            raise TimestampRefused("silence")

    with pytest.raises(TimestampRefused):
        sign(source, target, timestamper=Silent())  # type: ignore[no-untyped-call]  # nor there
    assert not target.exists()


def test_a_destroyed_key_signs_nothing(source: Path, target: Path) -> None:
    key = OneUseKey.generate()
    certificate = certify(key)
    key.destroy()
    with pytest.raises(KeyDestroyed):
        sign(source, target, key=key, certificate=certificate)
    assert not target.exists()


def test_a_certificate_of_another_key_is_refused(source: Path, target: Path) -> None:
    with pytest.raises(NotSigned, match="not of this key"):
        sign(source, target, certificate=certify(OneUseKey.generate()))


def test_a_time_outside_the_certificates_validity_is_refused(source: Path, target: Path) -> None:
    key = OneUseKey.generate()
    early = certify(key, at=AT)
    with pytest.raises(NotSigned, match="not valid at the time"):
        sign(source, target, key=key, certificate=early, at=AT + timedelta(hours=1))


def test_a_naive_time_is_refused(source: Path, target: Path) -> None:
    key = OneUseKey.generate()
    with pytest.raises(ValueError, match="aware"):
        pades.sign_pdf(
            source,
            target,
            key=key,
            certificate=certify(key),
            chain=pki().authority.chain(),
            crls=pki().crls(),
            timestamper=pki().stamper(),
            field_name="Paraphe-1",
            reason="",
            location=None,
            contact=None,
            name="Camille Martin",
            stamp=None,
            at=AT.replace(tzinfo=None),
        )


@pytest.mark.parametrize("field_name", ["", "a.b"])
def test_a_field_name_is_one_of_its_own(source: Path, target: Path, field_name: str) -> None:
    with pytest.raises(ValueError, match="no name of a field"):
        sign(source, target, field_name=field_name)


@pytest.mark.parametrize("field_name", ["Signature", "Nom"])
def test_a_field_that_is_there_is_not_taken(source: Path, target: Path, field_name: str) -> None:
    source.write_bytes(sound.empty_signature_field() if field_name == "Signature" else sound.closed_form())
    with pytest.raises(NotSigned):
        sign(source, target, field_name=field_name)
    assert not target.exists()


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_page_that_is_not_there_takes_no_stamp(source: Path, target: Path, number: int) -> None:
    with pytest.raises(NotSigned):
        sign(source, target, stamp=stamp(page=number))
    assert not target.exists()


def test_a_file_that_is_no_pdf_is_not_signed(source: Path, target: Path) -> None:
    source.write_bytes(b"<html>")
    with pytest.raises(NotSigned):
        sign(source, target)
    assert not target.exists()


def test_a_source_is_never_written_over(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(ValueError, match="written over"):
        sign(source, source)
    assert source.read_bytes() == before


def test_a_source_that_grows_meanwhile_is_not_signed(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is copied is what was read for its structure; the key is not used otherwise."""
    made = revisions.embed

    def growing(*arguments: Any) -> revisions.Written:
        with source.open("ab") as file:
            file.write(b"% more\n")
        return made(*arguments)

    monkeypatch.setattr(revisions, "embed", growing)
    key = OneUseKey.generate()
    with pytest.raises(NotSigned, match="changed while"):
        sign(source, target, key=key, certificate=certify(key))
    assert key.uses == 0
    assert not target.exists()


def test_an_empty_file_is_not_signed(source: Path, target: Path) -> None:
    source.write_bytes(b"")
    with pytest.raises(NotSigned):
        sign(source, target)
