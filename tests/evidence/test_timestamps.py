"""The local RFC 3161 authority and what reads its tokens (evidence.md, "Time-stamp answers")."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from evidence.keys import Identity
from evidence.timestamps import Answer, LocalAuthority, LocalTimeStamper, TimestampRefused, timestamper, token_facts
from signing.engine import profiles
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Policies, Validity
from tests.engine.authority import AT, CPS, PKI_URL, TSA_POLICY, pki
from tests.evidence.pki import hold
from tests.verification import judges

DATA = b"what is stamped"


def request(**changes: object) -> bytes:
    algorithm = changes.pop("algorithm", "sha256")
    digest = changes.pop("digest", None) or hashlib.new(str(algorithm), DATA).digest()
    asked: dict[str, object] = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "hashed_message": digest,
        },
        "cert_req": True,
        "nonce": 2**64 + 17,
    }
    der: bytes = tsp.TimeStampReq(asked | changes).dump()
    return der


def authority(at: datetime = AT) -> LocalAuthority:
    return LocalAuthority(pki().tsa, policy=TSA_POLICY, clock=lambda: at)


def answer(**changes: object) -> tsp.TimeStampResp:
    return tsp.TimeStampResp.load(authority().answer(request(**changes)), strict=True)


def statement(response: tsp.TimeStampResp) -> tsp.TSTInfo:
    assert response["status"]["status"].native == "granted"
    return response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


def test_a_token_says_what_it_should() -> None:
    """RFC 3161, 2.4.2; EN 319 422."""
    said = statement(answer())
    assert said["version"].native == "v1"
    assert said["policy"].dotted == TSA_POLICY
    assert said["nonce"].native == 2**64 + 17
    assert said["gen_time"].native == AT
    assert said["accuracy"]["seconds"].native == 1
    assert said["message_imprint"]["hashed_message"].native == hashlib.sha256(DATA).digest()
    assert said["tsa"].chosen.native["common_name"] == "Paraphe essais tsa"
    assert not said["ordering"].native


def test_serials_are_long_and_differ() -> None:
    """evidence.md: 64 bits at least."""
    drawn = {statement(answer())["serial_number"].native for _ in range(50)}
    assert len(drawn) == 50
    assert min(drawn) >= 2**128


def test_a_nonce_that_was_not_sent_is_not_answered() -> None:
    assert statement(answer(nonce=None))["nonce"].native is None


@pytest.mark.parametrize(
    ("microsecond", "written"),
    [(0, b"20261123132903Z"), (120_999, b"20261123132903.12Z"), (5_000, b"20261123132903.005Z")],
)
def test_the_time_has_milliseconds_without_trailing_zeros(microsecond: int, written: bytes) -> None:
    """X.690, 11.7."""
    at = AT.replace(microsecond=microsecond)
    assert written in authority(at).answer(request())


def test_the_signed_attributes_bind_the_units_certificate() -> None:
    """RFC 5816: ESSCertIDv2; no signing-time, the token has its own."""
    (signer,) = answer()["time_stamp_token"]["content"]["signer_infos"]
    attributes = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    assert set(attributes) == {"content_type", "message_digest", "signing_certificate_v2"}
    (identified,) = attributes["signing_certificate_v2"]["certs"]
    der = pki().tsa.certificate.public_bytes(Encoding.DER)
    assert identified["cert_hash"].native == hashlib.sha256(der).digest()
    assert identified["issuer_serial"]["serial_number"].native == pki().tsa.certificate.serial_number


@pytest.mark.parametrize("wanted", [True, False])
def test_certificates_are_sent_only_where_they_are_asked_for(*, wanted: bool) -> None:
    """RFC 3161, 2.4.1: certReq."""
    content = answer(cert_req=wanted)["time_stamp_token"]["content"]
    carried = [] if content["certificates"].native is None else [each.chosen.dump() for each in content["certificates"]]
    below_root = [each.public_bytes(Encoding.DER) for each in (pki().tsa.certificate, pki().issuing.certificate)]
    assert sorted(carried) == (sorted(below_root) if wanted else [])


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_openssl_verifies_the_token(algorithm: str, tmp_path: Path) -> None:
    root, chain, _ = pki().write(tmp_path)
    token = answer(algorithm=algorithm)["time_stamp_token"].dump()
    assert "Verification: OK" in judges.openssl_ts(token, DATA, root=root, chain=chain, at=AT)
    with pytest.raises(judges.Rejected):
        judges.openssl_ts(token, DATA + b"!", root=root, chain=chain, at=AT)


def test_openssl_verifies_the_token_of_an_rsa_unit(tmp_path: Path) -> None:
    """evidence.md: TSA unit, EC P-256 or RSA-3072."""
    key = rsa.generate_private_key(65537, 3072)
    name = profiles.organization("FR", "Paraphe essais", "NTRFR-000000000", "Unité RSA")
    content = Content(
        name, key.public_key(), new_serial(), Validity(AT, AT + timedelta(days=9)), Policies(("2.5.29.32.0",), CPS)
    )
    issuer = Issuer(pki().issuing.key, pki().issuing.certificate, f"{PKI_URL}/issuing")
    unit = Identity("tsa", key, profiles.time_stamping_unit(issuer, content), pki().tsa.chain)
    stamper = LocalTimeStamper(LocalAuthority(unit, policy=TSA_POLICY, clock=lambda: AT))
    root, chain, _ = pki().write(tmp_path)
    token = stamper.stamp(hashlib.sha256(DATA).digest())
    judges.openssl_ts(token, DATA, root=root, chain=chain, at=AT)


REFUSALS: dict[str, bytes] = {
    "bad_alg": request(algorithm="sha1"),
    "bad_data_format": request(digest=b"too short"),
    "unaccepted_policy": request(req_policy="1.2.3"),
    "unaccepted_extensions": request(
        extensions=[{"extn_id": "2.5.29.17", "critical": False, "extn_value": b"\x05\x00"}]
    ),
}


@pytest.mark.parametrize("failure", REFUSALS)
def test_what_cannot_be_answered_is_refused_by_name(failure: str) -> None:
    """RFC 3161, 2.4.2: PKIFailureInfo; a refusal carries no token."""
    refused = Answer.load(authority().answer(REFUSALS[failure]), strict=True)
    assert refused["status"]["status"].native == "rejection"
    assert refused["status"]["fail_info"].native == {failure}
    assert refused["time_stamp_token"].native is None


JUNK = {
    "nothing": b"",
    "words": b"junk",
    "cut": b"\x30\x03\x02\x01",
    "more": request() + b"more",
    "shorter": request()[:-3],
}


@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_refused_not_raised(kind: str) -> None:
    refused = Answer.load(authority().answer(JUNK[kind]), strict=True)
    assert refused["status"]["fail_info"].native == {"bad_data_format"}


def test_the_units_own_policy_may_be_asked_for() -> None:
    assert statement(answer(req_policy=TSA_POLICY))["policy"].dotted == TSA_POLICY


def test_the_facts_of_a_token() -> None:
    token = pki().stamper().stamp(hashlib.sha256(DATA).digest())
    facts = token_facts(token)
    assert (facts.time, facts.policy, facts.digest_algorithm) == (AT, TSA_POLICY, "sha256")
    assert facts.imprint == hashlib.sha256(DATA).hexdigest()
    assert facts.sha256 == hashlib.sha256(token).hexdigest()
    assert facts.authority == "Paraphe essais tsa"
    assert facts.serial >= 2**128


def test_junk_has_no_facts() -> None:
    with pytest.raises(ValueError, match=r"."):
        token_facts(b"junk")


class Deaf(LocalAuthority):
    """Answers about something else than it was asked."""

    def answer(self, request: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(request)
        other = {"hash_algorithm": asked["message_imprint"]["hash_algorithm"], "hashed_message": bytes(32)}
        return super().answer(
            tsp.TimeStampReq({"version": "v1", "message_imprint": other, "nonce": asked["nonce"]}).dump()
        )


def test_a_token_about_something_else_is_not_taken() -> None:
    stamper = LocalTimeStamper(Deaf(pki().tsa, policy=TSA_POLICY, clock=lambda: AT))
    with pytest.raises(TimestampRefused, match="something else"):
        stamper.stamp(hashlib.sha256(DATA).digest())


def test_a_refusal_is_told_as_one() -> None:
    coroutine = pki().stamper().async_timestamp(bytes(20), "sha1")
    with pytest.raises(TimestampRefused, match="bad_alg"):
        asyncio.run(coroutine)


def test_the_installations_stamper_is_one_per_process_and_has_the_policy_of_its_certificate() -> None:
    folder = hold()
    before = datetime.now(UTC)
    facts = token_facts(timestamper().stamp(hashlib.sha256(DATA).digest()))
    certificate = x509.load_pem_x509_certificate((folder / "tsa.crt").read_bytes())
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert facts.policy == policies[0].policy_identifier.dotted_string
    assert abs(facts.time - before) < timedelta(seconds=10)
    assert timestamper() is timestamper()


def test_a_token_is_canonical() -> None:
    """X.690: what asn1crypto reads and writes again is the same, byte by byte."""
    token = pki().stamper().stamp(hashlib.sha256(DATA).digest())
    assert cms.ContentInfo.load(token, strict=True).copy().dump(force=True) == token
