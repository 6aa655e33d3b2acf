"""Algorithms that are too weak, and signatures that do not name their certificate: told, and not called altered."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.verify.verdicts import SignatureReport, Verdict
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_purposes import like
from tests.evidence.verify.test_report import examine, quiet

__all__ = ["quiet"]  # a fixture


@cache
def elliptic() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def short() -> Any:
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - what is tried is that it is not believed


class Unnamed(signers.SimpleSigner):
    """Leaves out which certificate it is."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
        every = await super().signed_attrs(*args, **kwargs)
        return cms.CMSAttributes([each for each in every if each["type"].native != "signing_certificate_v2"])


class Misnamed(signers.SimpleSigner):
    """Names another's certificate."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
        every = await super().signed_attrs(*args, **kwargs)
        for each in every:
            if each["type"].native == "signing_certificate_v2":
                each["values"][0]["certs"][0]["cert_hash"] = hashlib.sha256(b"another").digest()
        return every


class Naming(signers.SimpleSigner):
    """Names its own certificate, and another's in a second value, which is not allowed (RFC 5035, 5.4)."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
        every = await super().signed_attrs(*args, **kwargs)
        for each in every:
            if each["type"].native == "signing_certificate_v2":
                another = each["values"][0].copy()
                another["certs"][0]["cert_hash"] = b"\xff" * 32  # so that it is the second in DER
                each["values"].append(another)
        return every


class Repeating(signers.SimpleSigner):
    """Has the attribute twice, each time with its own certificate."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
        every = await super().signed_attrs(*args, **kwargs)
        named = [each for each in every if each["type"].native == "signing_certificate_v2"]
        return cms.CMSAttributes([*every, *named])


class Doubling(signers.SimpleSigner):
    """Has a second value beside its own certificate: the same, with another policy that nobody asked for."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:
        every = await super().signed_attrs(*args, **kwargs)
        for each in every:
            if each["type"].native == "signing_certificate_v2":
                another = each["values"][0].copy()
                another["policies"] = [{"policy_identifier": "1.3.6.1.4.1.32473.9"}]
                each["values"].append(another)
        return every


def reported(folder: Path, key: Any, digest: str = "sha256", *, by: Any = signers.SimpleSigner) -> SignatureReport:
    """What is told of a second signature, which plain pyHanko makes with a certificate of the house."""
    pki = authority.pki()
    made = like(authority.certify(OneUseKey.generate()), key=key.public_key())
    above: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
    above.register_multiple(_asn1(each) for each in pki.authority.chain())
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = by(signing_cert=_asn1(made), signing_key=asn1_keys.PrivateKeyInfo.load(secret), cert_registry=above)
    told = signers.PdfSignatureMetadata(
        field_name="Second", md_algorithm=digest, subfilter=fields.SigSeedSubFilter.PADES, name="Dominique Petit"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(files.once().content))
    stamper = None if digest == "sha1" else pki.stamper()  # it refuses to stamp one
    content = signers.PdfSigner(told, signer=signer, timestamper=stamper).sign_pdf(writer).getbuffer()
    return examine(folder, bytes(content)).signatures[-1]


def _asn1(certificate: Any) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


@pytest.mark.parametrize(("key", "digest"), [(elliptic, "sha1"), (short, "sha256")])
def test_a_weak_algorithm_is_the_reason_that_is_told(key: Any, digest: str, tmp_path: Path) -> None:
    """ETSI TS 119 312; and it is intact, which is something else."""
    found = reported(tmp_path, key(), digest)
    assert (found.verdict, found.integrity) == (Verdict.UNTRUSTED, "intact")
    assert [(each.code, each.detail) for each in found.reasons] == [("weak", "CRYPTO_CONSTRAINTS_FAILURE")]


def test_a_certificate_that_the_signer_did_not_name_is_not_the_signers(tmp_path: Path) -> None:
    """RFC 5035: that is what the attribute is for."""
    found = reported(tmp_path, elliptic(), by=Misnamed)
    assert (found.verdict, found.integrity) == (Verdict.INVALID, "broken")
    assert [each.code for each in found.reasons] == ["cryptography"]


def test_a_signature_that_does_not_name_its_certificate_is_of_no_level_of_pades(tmp_path: Path) -> None:
    """EN 319 142-1, 6.3: signing-certificate-v2 is demanded at each; which level it is, is not asserted without."""
    assert reported(tmp_path, elliptic()).level == "B-LT"
    assert reported(tmp_path, elliptic(), by=Unnamed).level == "CMS"


def test_a_certificate_that_the_signer_named_beside_another_is_not_the_signers(tmp_path: Path) -> None:
    found = reported(tmp_path, elliptic(), by=Naming)
    assert (found.verdict, [reason.code for reason in found.reasons]) == (Verdict.INVALID, ["cryptography"])


@pytest.mark.parametrize("by", [Repeating, Doubling])
def test_a_signer_who_names_one_certificate_twice_is_not_believed(by: Any, tmp_path: Path) -> None:
    """RFC 5035, 5.4: one attribute, of one value. What was signed is what it is, and that is told, too."""
    found = reported(tmp_path, elliptic(), by=by)
    assert (found.verdict, found.integrity) == (Verdict.UNTRUSTED, "intact")
    assert [reason.code for reason in found.reasons] == ["named_twice"]
    assert (found.who, found.issuer, found.changes) == ("Camille Martin", "Paraphe essais issuing", "none")
    assert found.revision
