"""PAdES on a file (EN 319 142-1): signature, its time stamp, revocation data, document time stamp; level B to LTA.

The source is never rewritten: `target` is the source, then two revisions. The first holds field, stamp, signature and
DSS together, so that verifiers who know nothing of increments see one signature with all it needs; the second, of
level LTA alone, holds the document time stamp. Nothing of the document's own is touched: no /Version, /Extensions,
Info or XMP.

Memory is flat: the file is copied and hashed in pieces. What is *not* checked here: that the source is sound
(signing.engine.intake) and that the result verifies (evidence.verify).
"""

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.misc import FormFillingError, PdfError
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject
from pyhanko.sign.timestamps import TimeStamper

from signing.engine import appearance, dss, names, revisions
from signing.engine import crls as revocation
from signing.engine.credential import Credential
from signing.engine.keys import OneUseKey
from signing.engine.levels import DIGESTS, Level
from signing.engine.stamp import title as titled

IMPRINT = "sha256"

RESERVED = 16_384
"""Hexadecimal digits kept for a CMS (8 KiB of DER): an EC signature with its chain and token takes 4 to 5 KiB."""


class NotSigned(Exception):
    """The file was not signed; nothing is left at the target."""


@dataclass(frozen=True)
class SignedPdf:
    """What was written. Digests are SHA-256 in lower-case hex; `signature_sha256` is that of the signature value.

    `byte_range` is the signature's own (ISO 32000-2, 12.8.1); `tokens` are the time stamp of the signature and that
    of the document, DER, in that order, as far as the level has them.
    """

    sha256: str
    size: int
    prefix_length: int
    byte_range: tuple[int, int, int, int]
    signature_sha256: str
    level: Level
    tokens: tuple[bytes, ...]


@dataclass(frozen=True)
class _Means:
    """What the revisions are made with."""

    credential: Credential
    crls: tuple[bytes, ...]
    timestamper: TimeStamper
    level: Level
    digest: str
    at: datetime


def sign_pdf(
    source: Path,
    target: Path,
    *,
    key: OneUseKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    timestamper: TimeStamper,
    field_name: str,
    reason: str,
    location: str | None,
    contact: str | None,
    name: str,
    stamp: appearance.Visible | None,
    at: datetime,
    level: Level = Level.LTA,
    digest: str = "sha256",
) -> SignedPdf:
    """Sign `source` into `target`; `source` is an exact prefix of `target`.

    `chain`: issuer first, root last. `crls`: DER, one for each CA concerned (time stamps too), that of the signer's
    issuer made within the certificate's validity. `field_name`: of a field that does not exist yet, no full stop in
    it. `at`: aware; goes to /M, and the lists must be in force then; the proven time is the token's. `digest`: sha256
    or sha512, of the document and of what is signed; time stamps are over SHA-256.

    Raises StaleRevocationList, KeyDestroyed, NotSigned, and what the time stamper raises, with nothing left behind.
    """
    _check(key, certificate, field_name, at, digest)
    revocation.check_for_signing(certificate, chain, crls, at=at)
    means = _Means(Credential(key, certificate, tuple(chain)), tuple(crls), timestamper, level, digest, at)
    name = names.clean(name)
    dictionary = _dictionary(at, name=name, location=location, reason=reason, contact_info=contact)
    field = revisions.Field(field_name, titled(name, stamp.language if stamp else "fr"), stamp)
    try:
        prefix_length = _copy(source, target)
        with target.open("r+b") as file:
            signature, tokens = asyncio.run(_sign(file, means, dictionary, field))
        return _facts(target, prefix_length, dictionary, signature, level, tokens)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, PdfError | FormFillingError | SigningError):
            raise NotSigned(str(error)) from error
        raise


async def _sign(
    file: BinaryIO, means: _Means, dictionary: SignatureObject, field: revisions.Field
) -> tuple[bytes, tuple[bytes, ...]]:
    """Append the revisions of the level; give the signature value and the tokens."""
    credential, level = means.credential, means.level
    first = revisions.begin(file)
    if level.is_long_term:
        known = dss.certificates((credential.certificate, *credential.chain), means.timestamper)
        dss.supply(first, known, means.crls)
    blank = appearance.blank(first) if level.is_archival else None
    document = revisions.embed(first, field, dictionary, digest=means.digest)
    stamper = means.timestamper if level.is_stamped else None
    signature = await credential.sign_document(document.digest, means.digest, stamper)
    if signature.token is None:
        document.fill(signature.message)
        return signature.value, ()
    _check_time(signature.token, means)
    document.fill(signature.message)
    if not level.is_archival:
        return signature.value, (signature.token,)
    return signature.value, (signature.token, await _archive(file, means, field, signature.token, blank))


async def _archive(file: BinaryIO, means: _Means, field: revisions.Field, token: bytes, blank: int | None) -> bytes:
    """Append the revision that closes the file; give its token."""
    second = revisions.begin(file)
    dss.supply(second, dss.certificates_of(token), ())
    over_all = DocumentTimestamp(bytes_reserved=RESERVED)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    invisible = revisions.Field(f"{field.name}-archive", "Horodatage du document", blank=blank)
    document = revisions.embed(second, invisible, over_all, digest=IMPRINT)
    archive: bytes = (await means.timestamper.async_timestamp(document.digest, IMPRINT)).dump()
    document.fill(archive)
    return archive


def _check(key: OneUseKey, certificate: x509.Certificate, field_name: str, at: datetime, digest: str) -> None:
    if digest not in DIGESTS:
        raise ValueError(f"no signature with digest {digest!r}")
    if certificate.public_key() != key.public_key:
        raise NotSigned("the certificate is not of this key")
    if at.tzinfo is None:
        raise ValueError("the time of a signature is an aware one")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise NotSigned("the certificate is not valid at the time of the signature")
    if not field_name or "." in field_name:
        raise ValueError(f"{field_name!r} is no name of a field of its own")


def _dictionary(at: datetime, **said: Any) -> SignatureObject:
    return SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=RESERVED, **said)


def _copy(source: Path, target: Path) -> int:
    """Copy whole, in the kernel where it can; give the size. A missing end of line is added after it."""
    shutil.copyfile(source, target)
    size = target.stat().st_size
    with target.open("r+b") as file:
        file.seek(max(0, size - 1))
        # Without it the first new object would stand on the line of the last %%EOF.
        if file.read(1) not in {b"\n", b"\r"}:
            file.write(b"\n")
    return size


def _check_time(token: bytes, means: _Means) -> None:
    """A time stamp after the certificate's end proves nothing, one whose issuer has no list is not long-term."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    proven, until = content.parsed["gen_time"].native, means.credential.certificate.not_valid_after_utc
    if proven > until:
        raise NotSigned(f"the time stamp of {proven.isoformat()} came after the certificate's end, {until.isoformat()}")
    if not means.level.is_long_term:
        return
    unit = [dss.to_x509(certificate) for certificate in dss.certificates_of(token)]
    known = [dss.to_x509(certificate) for certificate in means.timestamper.cert_registry]
    revocation.check_listed(unit, (*means.credential.chain, *unit, *known), means.crls, at=means.at)


def _facts(
    target: Path,
    prefix_length: int,
    dictionary: SignatureObject,
    signature: bytes,
    level: Level,
    tokens: tuple[bytes, ...],
) -> SignedPdf:
    covered = dictionary.byte_range
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SignedPdf(
        sha256=digest,
        size=target.stat().st_size,
        prefix_length=prefix_length,
        byte_range=(0, covered.first_region_len, covered.second_region_offset, covered.second_region_len),
        signature_sha256=hashlib.sha256(signature).hexdigest(),
        level=level,
        tokens=tokens,
    )
