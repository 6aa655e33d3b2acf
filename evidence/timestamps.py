"""Time stamps: the local RFC 3161 authority, pyHanko's way to it, and what a token says.

Profile of requests and tokens: RFC 3161, RFC 5816 (ESSCertIDv2), EN 319 422.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, CertificatePolicies
from django.utils import timezone
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from evidence import keys
from evidence.keys import Identity, PrivateKey

ACCURACY_SECONDS = 1
"""What the local authority promises about its clock; the host keeps it with NTP."""

_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


class TimestampRefused(Exception):
    """No token came, or one that does not answer the request."""


@dataclass(frozen=True)
class TokenFacts:
    """What a token states. `imprint` and `sha256` (of the token's DER) in lower-case hex; `authority`: subject's CN."""

    time: datetime
    policy: str
    serial: int
    imprint: str
    digest_algorithm: str
    sha256: str
    authority: str


class LocalAuthority:
    """A time-stamping authority in this process; `clock` gives aware UTC instants."""

    def __init__(self, identity: Identity, *, policy: str, clock: Callable[[], datetime]) -> None:
        self._key = identity.key
        self._policy = policy
        self._clock = clock
        below_root = (identity.certificate, *identity.chain[:-1])
        self._certificates = [_asn1(certificate) for certificate in below_root]

    @property
    def certificates(self) -> tuple[asn1_x509.Certificate, ...]:
        """What tokens carry where certReq asks for it: the unit's certificate and the CAs below the root."""
        return tuple(self._certificates)

    def answer(self, request: bytes) -> bytes:
        """Answer a DER TimeStampReq with a DER TimeStampResp; refusals are answers too (RFC 3161, 2.4.2)."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            failure = self._objection(asked)
        except (ValueError, TypeError, KeyError):
            failure = "bad_data_format"
        if failure is not None:
            return _response({"status": "rejection", "fail_info": {failure}}, None)
        return _response({"status": "granted"}, self._token(asked))

    def _objection(self, asked: tsp.TimeStampReq) -> str | None:
        imprint = asked["message_imprint"]
        expected = _DIGEST_SIZES.get(imprint["hash_algorithm"]["algorithm"].native)
        if asked["version"].native != "v1":
            return "bad_request"
        if expected is None:
            return "bad_alg"
        if len(imprint["hashed_message"].native) != expected:
            return "bad_data_format"
        if asked["req_policy"].native not in {None, self._policy}:
            return "unaccepted_policy"
        return "unaccepted_extensions" if asked["extensions"].native else None

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        statement = self._statement(asked).dump()
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(statement).digest()),
                _attribute("signing_certificate_v2", as_signing_certificate_v2(self._certificates[0])),
            ]
        )
        return cms.ContentInfo(
            {"content_type": "signed_data", "content": self._signed(asked, statement, attributes)},
        )

    def _statement(self, asked: tsp.TimeStampReq) -> tsp.TSTInfo:
        facts = {
            "version": "v1",
            "policy": self._policy,
            "message_imprint": asked["message_imprint"],
            "serial_number": 1 << 128 | secrets.randbits(128),
            "gen_time": _to_milliseconds(self._clock()),
            "accuracy": {"seconds": ACCURACY_SECONDS},
            "tsa": asn1_x509.GeneralName("directory_name", self._certificates[0].subject),
        }
        if asked["nonce"].native is not None:
            facts["nonce"] = asked["nonce"].native
        return tsp.TSTInfo(facts)

    def _signed(self, asked: tsp.TimeStampReq, statement: bytes, attributes: cms.CMSAttributes) -> cms.SignedData:
        own = self._certificates[0]
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        algorithm = "sha256_ecdsa" if isinstance(self._key, ec.EllipticCurvePrivateKey) else "sha256_rsa"
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": own.issuer, "serial_number": own.serial_number}
            ),
            "digest_algorithm": digest,
            "signature_algorithm": {"algorithm": algorithm},
            "signed_attrs": attributes,
            "signature": _sign(self._key, attributes.dump()),
        }
        content = {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(statement)},
            "signer_infos": [signer],
        }
        if asked["cert_req"].native:
            content["certificates"] = self._certificates
        return cms.SignedData(content)


class LocalTimeStamper(TimeStamper):
    """pyHanko's time stamper over the local authority; no network, one per process."""

    def __init__(self, authority: LocalAuthority) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
        self._authority = authority
        self.cert_registry.register_multiple(authority.certificates)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._authority.answer(req.dump()))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Give a token over `message_digest`; raises TimestampRefused when it is refused or about something else."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
        except TimestampRequestError as error:
            raise TimestampRefused(str(error)) from error
        facts = token_facts(token.dump())
        if (facts.imprint, facts.digest_algorithm) != (message_digest.hex(), md_algorithm):
            raise TimestampRefused("the token is about something else")
        return token

    def stamp(self, message_digest: bytes, md_algorithm: str = "sha256") -> bytes:
        """Give a token over `message_digest`, DER, outside any event loop. Raises TimestampRefused."""
        token: bytes = asyncio.run(self.async_timestamp(message_digest, md_algorithm)).dump()
        return token


def timestamper() -> LocalTimeStamper:
    """Give the time stamper that this installation is configured for. Raises keys.KeyUnavailable."""
    return _over(keys.open_identity("tsa"))


def token_facts(der: bytes) -> TokenFacts:
    """Read a TimeStampToken (ContentInfo, DER). Does not verify it: see evidence.verify. Raises ValueError."""
    content = cms.ContentInfo.load(der)["content"]
    statement = content["encap_content_info"]["content"].parsed
    imprint = statement["message_imprint"]
    return TokenFacts(
        time=statement["gen_time"].native,
        policy=statement["policy"].dotted,
        serial=statement["serial_number"].native,
        imprint=imprint["hashed_message"].native.hex(),
        digest_algorithm=imprint["hash_algorithm"]["algorithm"].native,
        sha256=hashlib.sha256(der).hexdigest(),
        authority=_authority_of(statement),
    )


@lru_cache(maxsize=1)
def _over(identity: Identity) -> LocalTimeStamper:
    policies = identity.certificate.extensions.get_extension_for_class(CertificatePolicies).value
    policy = policies[0].policy_identifier.dotted_string
    return LocalTimeStamper(LocalAuthority(identity, policy=policy, clock=timezone.now))


def _authority_of(statement: tsp.TSTInfo) -> str:
    named = statement["tsa"].native
    return "" if named is None else str(named.get("common_name", ""))


def _response(status: dict[str, object], token: cms.ContentInfo | None) -> bytes:
    answer = {"status": status} if token is None else {"status": status, "time_stamp_token": token}
    der: bytes = tsp.TimeStampResp(answer).dump()
    return der


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _asn1(certificate: Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _to_milliseconds(at: datetime) -> datetime:
    """EN 319 422 asks for a second; milliseconds order what one worker does."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
