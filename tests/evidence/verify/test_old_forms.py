"""Signatures of forms that are no longer made: a sound old file is not called altered, an altered one is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from evidence.verify.verdicts import Verdict
from signing.engine.inspection import soundness
from signing.engine.inspection.causes import Objection
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_messages import rsa_key
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import forged, raw, shadow, signed

__all__ = ["quiet"]  # a fixture


def inside(content: bytes) -> bytes:
    """adbe.pkcs7.sha1: a CMS whose content is the SHA-1 of what is covered."""
    digest = hashlib.sha1(content).digest()  # noqa: S324 - the form has no other
    message = cms.ContentInfo.load(signed.message(hashlib.sha256(digest).digest()))
    message["content"]["encap_content_info"]["content"] = digest
    return bytes(message.dump())


def without(content: bytes) -> bytes:
    """adbe.x509.rsa_sha1: an octet string, the value itself."""
    value = rsa_key().sign(content, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - the form has no other
    return bytes(core.OctetString(value).dump())


@cache
def certificate(key: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ancien")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(authority.AT).not_valid_after(authority.AT + timedelta(days=9))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def entry(key: Any) -> bytes:
    return b"/Cert <%s>" % certificate(key).hex().encode()


FORMS: dict[str, Callable[[], tuple[bytes, bytes, Callable[[bytes], bytes]]]] = {
    "inside": lambda: (b"/adbe.pkcs7.sha1", b"", inside),
    "without": lambda: (b"/adbe.x509.rsa_sha1", entry(rsa_key()), without),
    "without, in an array": lambda: (b"/adbe.x509.rsa_sha1", entry(rsa_key()).replace(b"<", b"[<") + b"]", without),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_sound_old_file_is_intact_and_not_confirmed(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, forged.built(form=FORMS[name]()))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["old_form"])
    assert (found.signatures[0].integrity, found.signatures[0].changes) == ("intact", "none")


@pytest.mark.parametrize("name", FORMS)
def test_an_altered_old_file_is_altered(name: str, tmp_path: Path) -> None:
    """Its text, what stands behind it, another revision, an odd range."""
    form = FORMS[name]()
    before = forged.built(form=form)
    assert examine(tmp_path, before.replace(b"Contrat de", b"Cession de")).verdict is Verdict.INVALID
    assert examine(tmp_path, before + b"1").verdict is Verdict.CHANGED
    other = shadow.appended(before, {4: raw.stream(b" ")})
    assert examine(tmp_path, other).verdict is Verdict.CHANGED
    assert examine(tmp_path, forged.built(forged.ODD["one pair"], form=form)).verdict is Verdict.CHANGED


def test_what_says_that_it_is_old_and_is_not_is_invalid(tmp_path: Path) -> None:
    """A form that cannot be read, a key of another kind: not a way around the digest."""
    elliptic = ec.generate_private_key(ec.SECP256R1())
    for form in (
        (b"/adbe.x509.rsa_sha1", b"", without),
        (b"/adbe.x509.rsa_sha1", entry(elliptic), without),
        (b"/adbe.x509.rsa_sha1", entry(rsa_key()), inside),
        (b"/adbe.pkcs7.sha1", b"", without),
        (b"/adbe.pkcs7.sha1", b"", forged.detached),
    ):
        assert examine(tmp_path, forged.built(form=form)).verdict is Verdict.INVALID


def signed_again(before: bytes) -> bytes:
    """By the product, with everything that makes a signature valid."""
    return files.of(before).content


FORM_OF_ONE_PRODUCT = (b"/Example.Signature", b"", lambda _covered: b"\x04\x03one")


@pytest.mark.parametrize("name", FORMS)
def test_beside_a_valid_signature_an_old_one_is_told_all_the_same(name: str, tmp_path: Path) -> None:
    """Nobody would miss it otherwise: the library leaves out forms that it does not know."""
    found = examine(tmp_path, signed_again(forged.built(form=FORMS[name]())), at=authority.AT)
    old, own, _archive = found.signatures
    assert (old.field, old.verdict, old.integrity, old.changes) == (
        "Signature",
        Verdict.UNTRUSTED,
        "intact",
        "signatures",
    )
    assert (own.verdict, found.verdict, codes(found)) == (Verdict.VALID, Verdict.UNTRUSTED, ["old_form"])


@pytest.mark.parametrize("name", FORMS)
def test_beside_a_valid_signature_an_altered_old_one_is_altered(name: str, tmp_path: Path) -> None:
    altered = forged.built(form=FORMS[name]()).replace(b"Contrat de", b"Cession de")
    found = examine(tmp_path, signed_again(altered), at=authority.AT)
    assert [each.verdict for each in found.signatures] == [Verdict.INVALID, Verdict.VALID, Verdict.VALID]
    assert found.verdict is Verdict.INVALID
    later = shadow.appended(forged.built(form=FORMS[name]()), {4: raw.stream(b" ")})
    found = examine(tmp_path, signed_again(later), at=authority.AT)
    assert found.signatures[0].verdict is found.verdict is Verdict.CHANGED


def test_a_form_that_nobody_knows_is_never_left_out(tmp_path: Path) -> None:
    """Neither where its contents are a message, nor where they are none."""
    for form in (FORM_OF_ONE_PRODUCT, (b"/Example.Signature", b"", forged.detached)):
        found = examine(tmp_path, signed_again(forged.built(form=form)), at=authority.AT)
        assert len(found.signatures) == 3
        assert found.signatures[0].verdict in {Verdict.INVALID, Verdict.UNTRUSTED}
        assert found.verdict is found.signatures[0].verdict


@pytest.mark.parametrize("name", FORMS)
def test_intake_counts_them_and_has_them_whole(name: str, tmp_path: Path) -> None:
    source = tmp_path / "old.pdf"
    source.write_bytes(forged.built(form=FORMS[name]()))
    with source.open("rb") as file:
        assert soundness.check_soundness(file, source.read_bytes(), pages=1) == 1
    source.write_bytes(forged.built(forged.ODD["one pair"], form=FORMS[name]()))
    with source.open("rb") as file, pytest.raises(Objection):
        soundness.check_soundness(file, source.read_bytes(), pages=1)
