"""Time stamps: the local RFC 3161 authority, and the time stamper that this installation is configured for.

Profile of requests and tokens: RFC 3161, RFC 5816 (ESSCertIDv2), EN 319 422.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificatePolicies
from django.conf import settings
from django.utils import timezone

from evidence import authorities, der, keys, signed_data
from evidence.keys import Identity, PrivateKey
from evidence.time_tokens import Answer, Stamper, TimestampRefused, TokenFacts, token_facts

__all__ = [
    "Answer",
    "LocalAuthority",
    "LocalTimeStamper",
    "Stamper",
    "TimestampRefused",
    "TokenFacts",
    "timestamper",
    "token_facts",
]

ACCURACY_SECONDS = 1
"""What the local authority promises about its clock; the host keeps it with NTP."""

_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
_GRANTED, _REJECTION = 0, 2
_NONCE_BITS = 64
_IMPRINT, _NONCE = 2, 6
"""Places in a TSTInfo of this authority (2.4.2)."""
_FAILURES = {
    "bad_alg": 0,
    "bad_request": 2,
    "bad_data_format": 5,
    "unaccepted_policy": 15,
    "unaccepted_extensions": 16,
}
"""PKIFailureInfo (RFC 3161, 2.4.2)."""


class LocalAuthority:
    """A time-stamping authority in this process; `clock` gives aware UTC instants."""

    def __init__(self, identity: Identity, *, policy: str, clock: Callable[[], datetime]) -> None:
        self._key = identity.key
        self._policy = policy
        self._clock = clock
        self._certificates = [each.public_bytes(Encoding.DER) for each in (identity.certificate, *identity.chain[:-1])]

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """What tokens carry where certReq asks for it: the unit's certificate and the CAs below the root, DER."""
        return tuple(self._certificates)

    def answer(self, request: bytes) -> bytes:
        """Answer a DER TimeStampReq with a DER TimeStampResp; refusals are answers too (RFC 3161, 2.4.2)."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            failure = self._objection(asked)
        except (ValueError, TypeError, KeyError):
            failure = _FAILURES["bad_data_format"]
        if failure is not None:
            return der.sequence(der.sequence(der.integer(_REJECTION), der.boolean_bits(failure)))
        return der.sequence(der.sequence(der.integer(_GRANTED)), self._token(asked))

    def _objection(self, asked: tsp.TimeStampReq) -> int | None:
        imprint = asked["message_imprint"]
        expected = _DIGEST_SIZES.get(imprint["hash_algorithm"]["algorithm"].native)
        if asked["version"].native != "v1":
            return _FAILURES["bad_request"]
        if expected is None:
            return _FAILURES["bad_alg"]
        if len(imprint["hashed_message"].native) != expected:
            return _FAILURES["bad_data_format"]
        if asked["req_policy"].native is not None and asked["req_policy"].dotted != self._policy:
            return _FAILURES["unaccepted_policy"]
        return _FAILURES["unaccepted_extensions"] if asked["extensions"].native else None

    def _token(self, asked: tsp.TimeStampReq) -> bytes:
        own, statement = self._certificates[0], self._statement(asked)
        attributes = signed_data.signed_attributes(signed_data.TST_INFO, hashlib.sha256(statement).digest(), own)
        signature, algorithm = _sign(self._key, attributes)
        signed = signed_data.Signed(signed_data.TST_INFO, attributes, signature, algorithm)
        chain = self._certificates if asked["cert_req"].native else ()
        return signed_data.message(signed, own, chain=chain, content=statement)

    def _statement(self, asked: tsp.TimeStampReq) -> bytes:
        """The TSTInfo (RFC 3161, 2.4.2), milliseconds in its time: they order what one worker does."""
        nonce = asked["nonce"].native
        return der.sequence(
            der.integer(1),
            der.identifier(self._policy),
            asked["message_imprint"].dump(),
            der.integer(1 << 128 | secrets.randbits(128)),
            der.generalized_time(self._clock()),
            der.sequence(der.integer(ACCURACY_SECONDS)),
            *(() if nonce is None else (der.integer(nonce),)),
            der.explicit(0, der.explicit(4, signed_data.subject(self._certificates[0]))),
        )


class LocalTimeStamper(Stamper):
    """The time stamper over the local authority; no network, one per process."""

    def __init__(self, authority: LocalAuthority) -> None:
        super().__init__()
        self._authority = authority
        self.cert_registry.register_multiple(map(x509.Certificate.load, authority.certificates))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Give a token over `message_digest`; raises TimestampRefused when it is refused or about something else."""
        asked = (
            der.sequence(_algorithm(md_algorithm), der.octets(message_digest)),
            der.integer(secrets.randbits(_NONCE_BITS)),
        )
        answer = self._authority.answer(der.sequence(der.integer(1), *asked, der.TRUE))
        status, *token = der.elements(answer)
        if not token:
            failed = tsp.PKIStatusInfo.load(status)
            names = ", ".join(sorted(failed["fail_info"].native or ()))
            raise TimestampRefused(f"{failed['status'].native}: {names}")
        if _stated(token[0])[_IMPRINT] != asked[0] or _stated(token[0])[_NONCE] != asked[1]:
            raise TimestampRefused("the token is about something else")
        return cms.ContentInfo.load(token[0])


def timestamper() -> Stamper:
    """Give the time stamper that this installation is configured for: external authorities, or its own.

    Raises keys.KeyUnavailable.
    """
    if settings.TSA_URLS:
        return authorities.configured()
    return _over(keys.open_identity("tsa"))


@lru_cache(maxsize=1)
def _over(identity: Identity) -> LocalTimeStamper:
    policies = identity.certificate.extensions.get_extension_for_class(CertificatePolicies).value
    policy = policies[0].policy_identifier.dotted_string
    return LocalTimeStamper(LocalAuthority(identity, policy=policy, clock=timezone.now))


def _sign(key: PrivateKey, data: bytes) -> tuple[bytes, bytes]:
    """Give the signature and its AlgorithmIdentifier."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256())), signed_data.ECDSA_SHA256
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256()), signed_data.RSA_SHA256


@lru_cache
def _algorithm(name: str) -> bytes:
    identifier: bytes = algos.DigestAlgorithm({"algorithm": name}).dump()
    return identifier


def _stated(token: bytes) -> list[bytes]:
    """The members of the TSTInfo in a token of this authority: version, policy, imprint, serial, time, accuracy, …"""
    signed = der.elements(der.elements(token)[1])[0]
    statement = der.elements(der.elements(signed)[2])[1]
    return der.elements(der.content(der.elements(statement)[0]))
