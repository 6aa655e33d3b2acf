"""Signing a file at level B-LTA: what is written, what is left alone, what is refused."""

import asyncio
import hashlib
import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from evidence.timestamps import token_facts
from signing.engine import credential, revisions
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine.authority import certify, pki, sign, stamp
from tests.verification import judges


def test_the_source_is_an_exact_prefix(source: Path, target: Path) -> None:
    """DESIGN: the presented bytes are a prefix of the signed file."""
    result = sign(source, target)
    written = target.read_bytes()
    assert written[: result.prefix_length] == source.read_bytes()
    assert result.prefix_length == source.stat().st_size
    assert result.size == len(written)
    assert result.sha256 == hashlib.sha256(written).hexdigest()
    assert result.level == Level.LTA


def test_a_file_without_a_last_line_end_is_a_prefix_too(source: Path, target: Path) -> None:
    source.write_bytes(source.read_bytes().rstrip(b"\n"))
    result = sign(source, target)
    written = target.read_bytes()
    assert written[: result.prefix_length] == source.read_bytes()
    assert written[result.prefix_length :].startswith(b"\n")
    judges.qpdf_check(target)


def test_the_byte_range_leaves_out_the_contents_alone_and_ends_with_the_first_revision(
    source: Path, target: Path
) -> None:
    """ISO 32000-2, 12.8.1."""
    result = sign(source, target)
    zero, before, after, rest = result.byte_range
    written = target.read_bytes()
    assert zero == 0
    assert written[before : before + 1] + written[after - 1 : after] == b"<>"
    assert after - before == revisions.RESERVED + 2
    assert written[: after + rest].endswith(b"%%EOF\n")
    assert len(written) > after + rest


def test_signature_and_revocation_data_stand_in_one_revision(source: Path, target: Path) -> None:
    """signing-engine.md: a DSS in the signature's own revision; dossier-toolchain.md, 2: three revisions, no VRI."""
    result = sign(source, target)
    first = target.read_bytes()[: sum(result.byte_range[2:])]
    with pikepdf.open(io.BytesIO(first)) as pdf:
        store = pdf.Root.DSS
        certificates = {bytes(each.read_bytes()) for each in store.Certs.as_list()}
        lists = [bytes(each.read_bytes()) for each in store.CRLs.as_list()]
        assert "/VRI" not in store
    wanted = {pki().root.certificate, pki().issuing.certificate, pki().tsa.certificate}
    assert {each.public_bytes(Encoding.DER) for each in wanted} == certificates
    assert {x509.load_der_x509_crl(each).issuer for each in lists} == {
        pki().root.certificate.subject,
        pki().issuing.certificate.subject,
    }
    assert target.read_bytes().count(b"startxref") == source.read_bytes().count(b"startxref") + 2


def test_the_closing_revision_completes_the_store(source: Path, target: Path) -> None:
    """EU DSS calls a signature T whose store does not grow after it, whatever the store holds."""
    sign(source, target)
    with pikepdf.open(target) as pdf:
        certificates = [bytes(each.read_bytes()) for each in pdf.Root.DSS.Certs.as_list()]
    message = cms.ContentInfo.load(judges.cut(target)[0].message)["content"]
    assert certificates[-1] in [each.chosen.dump() for each in message["certificates"]]
    assert len(certificates) == len(set(certificates)) == 4


def test_the_message_has_the_signed_attributes_of_pades_and_no_other(source: Path, target: Path) -> None:
    """EN 319 142-1, 6.3: ESS signing-certificate-v2, no signing-time; the time is /M and the token."""
    sign(source, target)
    message = cms.ContentInfo.load(judges.cut(target)[0].message)["content"]
    (signer,) = message["signer_infos"]
    attributes = [each["type"].native for each in signer["signed_attrs"]]
    assert sorted(attributes) == ["content_type", "message_digest", "signing_certificate_v2"]
    assert [each["type"].native for each in signer["unsigned_attrs"]] == ["signature_time_stamp_token"]
    assert signer["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"
    assert len(message["certificates"]) == 3


def test_the_dictionary_says_who_when_and_for_what(source: Path, target: Path) -> None:
    """evidence.md, Dossier 4: reference and digits stand in /Reason; EN 319 142-1: /M, no /Cert."""
    sign(source, target, location="Lyon", contact="support@example.com")
    with pikepdf.open(target) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        assert str(signature.Reason).endswith("dossier EXS-2026-004127, empreinte 7f3a9c1e")
        assert str(signature.M).startswith("D:20261123132903")
        assert (str(signature.Name), str(signature.Location)) == ("Camille Martin", "Lyon")
        assert str(signature.ContactInfo) == "support@example.com"
        assert "/Cert" not in signature
        field = pdf.Root.AcroForm.Fields[0]
        # PDF/UA-1, 7.18.1, takes the one, PDF/UA-2, 8.10.2.3, the other.
        assert str(field.TU) == str(field.Contents) == "Signature électronique : Camille Martin"
        assert int(pdf.Root.AcroForm.SigFlags) == 3
        assert pdf.Root.AcroForm.Fields[1].V.Type == "/DocTimeStamp"


def test_both_tokens_are_handed_back(source: Path, target: Path) -> None:
    result = sign(source, target)
    signature, archive = judges.cut(target)
    value, token = judges.token_in(signature.message)
    assert result.tokens == (token, archive.message)
    assert token_facts(result.tokens[0]).imprint == hashlib.sha256(value).hexdigest() == result.signature_sha256
    assert token_facts(result.tokens[1]).imprint == hashlib.sha256(archive.covered).hexdigest()


def test_one_signature_is_one_use_of_the_key(source: Path, target: Path) -> None:
    """DESIGN: one-use means one use; no dry run, which would be a second one."""
    key = OneUseKey.generate()
    sign(source, target, key=key, certificate=certify(key))
    assert key.uses == 1


def test_memory_is_flat(source: Path, target: Path) -> None:
    """DESIGN and signing-engine.md: file to file. 64 MiB of attachment, and less than 16 MiB of Python's memory."""
    with pikepdf.open(source) as pdf:
        pdf.attachments["bulk.bin"] = pikepdf.AttachedFileSpec(pdf, b"\0" * 64 * 1024 * 1024)
        pdf.save(source.with_name("large.pdf"), compress_streams=False)
    tracemalloc.start()
    sign(source.with_name("large.pdf"), target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


async def validated(file: Path, number: int, signed_at: datetime, now: datetime) -> AdESLTAValidationResult:
    """PyHanko's EN 319 102-1, 5.6.3, offline; time stamps trusted as trusted lists do it, by the unit's certificate."""

    def trusting(certificate: x509.Certificate) -> CertValidationPolicySpec:
        anchors = SimpleTrustManager.build([credential.to_asn1(certificate)])
        return CertValidationPolicySpec(anchors, CertRevTrustPolicy(REQUIRE_REVINFO))

    spec = SignatureValidationSpec(
        trusting(pki(signed_at).root.certificate),
        RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        ts_cert_validation_policy=trusting(pki(signed_at).tsa.certificate),
    )
    timing = ValidationTimingInfo(now, now, point_in_time_validation=False)
    with file.open("rb") as stream:
        embedded = PdfFileReader(stream).embedded_regular_signatures[number]
        return await ades_lta_validation(embedded, PdfSignatureValidationSpec(spec), timing)


@pytest.mark.parametrize("number", [0, 1])
def test_pyhanko_validates_each_of_two_signers_after_their_certificates_end(
    source: Path, target: Path, number: int
) -> None:
    """signing-engine.md, trap 10. Two hours ago, for pyHanko starts from a clock of its own.

    The lists end before the one-use certificates do. Where they last longer pyHanko takes their end for the control
    time of 5.6.2.2, though the standard says their beginning, and calls the certificate out of bounds.
    """
    now = datetime.now(UTC)
    signed_at = now.replace(microsecond=0) - timedelta(hours=2)
    sign(source, target, at=signed_at)
    second = target.with_name("second.pdf")
    sign(target, second, at=signed_at, field_name="Paraphe-2", stamp=stamp(slot=1))
    verdict = asyncio.run(validated(second, number, signed_at, now))
    assert verdict.ades_subindic == AdESPassed.OK
    assert verdict.best_signature_time == signed_at
