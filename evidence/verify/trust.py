"""What is trusted and from when: roots, proven times, and pyHanko's settings without a network."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.diff_analysis import DiffPolicy
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from evidence.verify import certificates, messages
from evidence.verify.failures import NotSound
from evidence.verify.messages import Token
from evidence.verify.shared_work import VerifiedOnce


@dataclass(frozen=True)
class Trust:
    """Roots that are trusted, certificates that may stand between, and the instant of the verification.

    `time_roots` are trusted besides, for time stamps only. `lists`: of revocations, that the file brings along.
    """

    roots: tuple[x509.Certificate, ...]
    known: tuple[x509.Certificate, ...]
    at: datetime
    time_roots: tuple[x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    verified: VerifiedOnce = field(default_factory=VerifiedOnce)

    def roots_of(self, *, is_timestamp: bool) -> tuple[x509.Certificate, ...]:
        """Roots to which the certificate of a time stamp, or of anybody else, may lead."""
        return (*self.roots, *self.time_roots) if is_timestamp else self.roots

    def check_token(self, token: Token, *, until: datetime) -> None:
        """Check that a token's authority leads to a root, was valid when it stamped, and still is at `until`.

        Lists of the file are heard where they name it; that there is one is not asked.

        `until`: the next document time stamp, or the instant of the verification. Raises `NotSound`.
        """
        authority = token.message.certificate
        known = (*token.message.certificates, *self.known)
        roots = self.roots_of(is_timestamp=True)
        chain = certificates.find_chain(authority, known, roots, check="issuer_unknown")
        for moment in (token.time, until):
            certificates.check_chain(authority, chain, at=moment, check="not_proven")
        for below, above in pairwise((authority, *chain)):
            certificates.check_stamped_before_revocation(below, above, self.lists, at=token.time, until=until)
        # No signature covers the certificates of a token: each must speak for itself.
        for other in token.message.certificates:
            certificates.find_chain(other, known, roots, check="timestamp")

    def proves(self, token: Token, *, until: datetime) -> bool:
        try:
            self.check_token(token, until=until)
        except NotSound:
            return False
        return True

    def specification(self, permitted: DiffPolicy) -> PdfSignatureValidationSpec:
        """Revocation data are demanded and come from the file alone (EN 319 102-1, 5.2.5 and 5.2.6)."""
        people, time = (self._policy(self.roots_of(is_timestamp=each)) for each in (False, True))
        offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
        specification = SignatureValidationSpec(people, offline, ts_cert_validation_policy=time)
        return PdfSignatureValidationSpec(specification, diff_policy=permitted)

    def _policy(self, roots: Sequence[x509.Certificate]) -> CertValidationPolicySpec:
        anchors = SimpleTrustManager.build([_asn1(root) for root in roots])
        return CertValidationPolicySpec(anchors, CertRevTrustPolicy(REQUIRE_REVINFO), signature_validator=self.verified)


def stored_certificates(root: Any) -> tuple[x509.Certificate, ...]:
    """Certificates of the document security store; what cannot be read is left out. `root`: pyHanko's catalog."""
    try:
        streams = list(root["/DSS"]["/Certs"])
    except (KeyError, TypeError):
        return ()
    return tuple(found for stream in streams if (found := _loaded(stream)))


def stored_lists(root: Any) -> tuple[x509.CertificateRevocationList, ...]:
    """Revocation lists of the document security store; what cannot be read is left out. `root`: pyHanko's catalog."""
    try:
        streams = list(root["/DSS"]["/CRLs"])
    except (KeyError, TypeError):
        return ()
    found = []
    for stream in streams:
        with suppress(ValueError, TypeError, AttributeError):
            found.append(x509.load_der_x509_crl(stream.get_object().data))
    return tuple(found)


def has_revocation_data(root: Any) -> bool:
    """Tell whether the document security store holds lists or answers on revocation."""
    try:
        store = root["/DSS"]
        return any(name in store and len(store[name]) for name in ("/CRLs", "/OCSPs"))
    except (KeyError, TypeError):
        return False


def signature_token(contents: bytes) -> Token | None:
    """The verified time stamp of a signature, over its value; None where there is none or it is not sound."""
    try:
        message = messages.parse(contents, "format")
        token = messages.read_token(messages.timestamp_of(message), "timestamp")
        stamped = messages.hashed(message.signature, token.imprint_algorithm, "timestamp")
    except (NotSound, ValueError, TypeError, KeyError):
        return None
    return token if stamped == token.imprint else None


def _loaded(stream: Any) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(stream.get_object().data)
    except (ValueError, TypeError, AttributeError):
        return None


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def trust(
    roots: Sequence[x509.Certificate], catalog: Any, at: datetime, *, time_roots: Sequence[x509.Certificate] = ()
) -> Trust:
    """Put together what is trusted for one file."""
    return Trust(tuple(roots), stored_certificates(catalog), at, tuple(time_roots), stored_lists(catalog))
