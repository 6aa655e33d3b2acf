"""The judgement on one signature or document time stamp of a file that a strict reading opens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed, AdESStatus
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo

from evidence.verify import certificates, claimed, coverage, messages
from evidence.verify import reasons as why
from evidence.verify.case import Case
from evidence.verify.changes import Modified, change_reasons, changes_after, coverage_reasons
from evidence.verify.coverage import Embedded
from evidence.verify.failures import NotSound
from evidence.verify.messages import Message, Token
from evidence.verify.path_rules import follows_rules
from evidence.verify.purposes import may_sign_documents
from evidence.verify.reasons import Reason
from evidence.verify.trust import has_revocation_data, signature_token
from evidence.verify.verdicts import SignatureReport, Verdict


def judge(case: Case, signature: Any) -> SignatureReport:
    """Judge one. Coverage first: what a signature does not cover, its cryptography cannot speak for."""
    embedded = case.embedded(signature)
    if embedded.is_timestamp:
        return _judge_timestamp(case, signature, embedded)
    return _judge_signature(case, signature, embedded)


def _judge_signature(case: Case, signature: Any, embedded: Embedded) -> SignatureReport:
    token = signature_token(embedded.contents)
    proven = _proven(case, token, embedded)
    moment = proven.until if proven else case.trust.at
    timing = ValidationTimingInfo(moment, moment, point_in_time_validation=True)
    result: Any = asyncio.run(ades_lta_validation(signature, case.trust.specification(case.permitted), timing))
    status, indication = result.api_status, result.ades_subindic
    changes = changes_after(case, signature, status) if status else "unknown"
    found = [*coverage_reasons(case, embedded, status), *change_reasons(status, changes)]
    broken = _integrity_reason(status, indication)
    if broken and broken.code == "digest" and _digest_is_right(case, embedded):
        broken = Reason("timestamp", broken.detail)  # it is its token that is about something else
    trusted = indication == AdESPassed.OK and may_sign_documents(signature.signer_cert)
    doubts = (
        [] if trusted or broken or found else [_doubt(case, embedded, indication, token, proven=proven is not None)]
    )
    return SignatureReport(
        field=embedded.field,
        kind="signature",
        who=_name(signature.signer_cert.subject),
        issuer=_name(signature.signer_cert.issuer),
        when=proven.at if proven else signature.self_reported_timestamp,
        proven=proven is not None,
        proof=proven.proof if proven else "",
        proven_by=proven.by if proven else "",
        level=_level(case, signature, token, embedded),
        integrity="broken" if broken else "intact",
        trust="trusted" if trusted else "untrusted",
        changes=changes,
        verdict=_verdict(broken=bool(broken), changed=bool(found), trusted=trusted),
        reasons=tuple([broken] if broken else [*found, *doubts]),
        **_placed(case, signature, embedded, _message(embedded)),
    )


def _judge_timestamp(case: Case, signature: Any, embedded: Embedded) -> SignatureReport:
    signature.compute_integrity_info(case.permitted)
    status = Modified(signature)
    changes = changes_after(case, signature, status)
    found = [*coverage_reasons(case, embedded, status), *change_reasons(status, changes)]
    stamped = case.archive[embedded]
    token, failure = stamped.token, stamped.failure
    broken = Reason("timestamp", failure.check) if failure and not token else None
    doubt = Reason(failure.check) if failure and token else None
    return SignatureReport(
        field=embedded.field,
        kind="timestamp",
        who=_name(signature.signer_cert.subject),
        issuer=_name(signature.signer_cert.issuer),
        when=token.time if token else None,
        proven=failure is None,
        level="RFC 3161",
        integrity="broken" if broken else "intact",
        trust="untrusted" if failure else "trusted",
        changes=changes,
        verdict=_verdict(broken=bool(broken), changed=bool(found), trusted=not failure),
        reasons=tuple(reason for reason in (broken, *found, doubt) if reason),
        proof="" if failure else "document_timestamp",
        proven_by=certificates.common_name(token.message.certificate) if token and not failure else "",
        **_placed(case, signature, embedded, token.message if token else None),
    )


_NAMES_CERTIFICATE = {"signing_certificate", "signing_certificate_v2"}


@dataclass(frozen=True)
class _Proven:
    """When a signature is proven to have existed, and the moment up to which the file's own data are its evidence."""

    at: datetime
    until: datetime
    proof: str
    by: str


def _proven(case: Case, token: Token | None, embedded: Embedded) -> _Proven | None:
    """What proves the time of a signature; None where nothing does.

    Its own time stamp proves it, and the document time stamp, where there is one, that lists which were added between
    the two were there: these are judged then (EN 319 102-1, 5.6.3), not when they have run out.
    """
    archived = case.archived(embedded)
    until = archived.time if archived else case.trust.at
    if token and case.trust.proves(token, until=until):
        by = certificates.common_name(token.message.certificate)
        return _Proven(token.time, archived.time if archived else token.time, "signature_timestamp", by)
    if archived:
        by = certificates.common_name(archived.message.certificate)
        return _Proven(archived.time, archived.time, "document_timestamp", by)
    return None


def _message(embedded: Embedded) -> Message | None:
    """The message as this side reads it; other people's have forms that it does not read."""
    try:
        return messages.parse(embedded.contents, "format")
    except NotSound:
        return None


def _placed(case: Case, signature: Any, embedded: Embedded, message: Message | None) -> dict[str, Any]:
    """Which revision was signed, and the way from the issuer to a trusted root."""
    found: dict[str, Any] = {"revision": signature.signed_revision + 1, "covered": embedded.end}
    try:
        known = (*message.certificates, *case.trust.known) if message else ()
        roots = case.trust.roots_of(is_timestamp=embedded.is_timestamp)
        way = certificates.find_chain(message.certificate, known, roots, check="chain") if message else []
    except (NotSound, ValueError, TypeError):
        way = []
    if way:
        found["chain"] = tuple(map(certificates.common_name, way))
        found["root"] = way[-1].fingerprint(hashes.SHA256()).hex()
    return found


def _doubt(case: Case, embedded: Embedded, indication: Any, token: Token | None, *, proven: bool) -> Reason:
    """Why there is no trust: an issuer that nobody knows comes before whatever else is missing."""
    if indication == AdESPassed.OK:
        return Reason("not_for_signing")
    try:
        message = messages.parse(embedded.contents, "format")
        known = (*message.certificates, *case.trust.known)
        way = certificates.find_chain(message.certificate, known, case.trust.roots, check="issuer_unknown")
    except (NotSound, ValueError, TypeError):
        return Reason("issuer_unknown", indication.name)
    if not follows_rules(message.certificate, way):
        return Reason("not_permitted_by_issuer", indication.name)
    said = why.of_indication(indication.name)
    if proven or said.code == "weak":
        return said
    # it may be the chain of the token, which is not believed
    of_token = token is not None and indication == AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE
    if of_token or not _in_force(message.certificate, case.trust.at):
        return Reason("not_proven", indication.name)
    return said


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _digest_is_right(case: Case, embedded: Embedded) -> bool:
    stated = claimed.digest(embedded.contents)
    if stated is None or len(embedded.byte_range) != 4:  # noqa: PLR2004 two pairs
        return False
    return coverage.digest(case.file, embedded, stated.algorithm) == stated.value


def _integrity_reason(status: Any, indication: Any) -> Reason | None:
    if status is not None and not status.intact:
        return Reason("digest")
    if status is None or not status.valid:
        return Reason("cryptography" if status is not None else "format", indication.name)
    return why.of_indication(indication.name) if indication.status == AdESStatus.FAILED else None


def _verdict(*, broken: bool, changed: bool, trusted: bool) -> Verdict:
    if broken:
        return Verdict.INVALID
    if changed:
        return Verdict.CHANGED
    return Verdict.VALID if trusted else Verdict.UNTRUSTED


def _level(case: Case, signature: Any, token: Token | None, embedded: Embedded) -> str:
    """The PAdES level that the file has the parts of (EN 319 142-1, clause 6), whatever their trust.

    At each of them the signature names its certificate (6.3): without that, another of the same key would do.
    """
    named = _NAMES_CERTIFICATE & {each["type"].native for each in signature.signer_info["signed_attrs"]}
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached" or not named:
        return "CMS"
    if token is None:
        return "B-B"
    if not has_revocation_data(case.catalog):
        return "B-T"
    return "B-LTA" if any(each.end > embedded.end for each in case.archive) else "B-LT"


def _name(name: Any) -> str:
    """Common name of an asn1crypto name, or all of it."""
    return str(name.native.get("common_name") or name.human_friendly)
