"""PAdES on a file (EN 319 142-1): signature, its time stamp, revocation data, document time stamp; level B to LTA.

The source is never rewritten: `target` is the source, then two revisions. The first holds field, stamp, signature and
DSS together, so that verifiers who know nothing of increments see one signature with all it needs; the second, of
level LTA alone, holds the document time stamp. Nothing of the document's own is touched: no /Version, /Extensions,
Info or XMP.

Memory is flat and the source is read once: the revisions are made beside it, and its octets are hashed while they are
copied, for the signature, for the document time stamp and for the digest of the whole. What is *not* checked here: that
the source is sound (signing.engine.intake) and that the result verifies (evidence.verify).
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.generic import PdfObject, pdf_date, pdf_string
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper

from signing.engine import appearance, dss, names, resources, revisions
from signing.engine import crls as revocation
from signing.engine.credential import Credential, to_der
from signing.engine.keys import OneUseKey
from signing.engine.levels import DIGESTS, Level
from signing.engine.output import Output
from signing.engine.stamp import title as titled

IMPRINT = "sha256"


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
    field: revisions.Field
    entries: dict[str, PdfObject]


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
    if target.exists() and target.samefile(source):
        raise ValueError("a source is never written over")
    revocation.check_for_signing(certificate, chain, crls, at=at)
    credential, name = Credential(key, certificate, tuple(chain)), names.clean(name)
    field = revisions.Field(field_name, titled(name, stamp.language if stamp else "fr"), stamp)
    entries = _entries(at, Name=name, Location=location, Reason=reason, ContactInfo=contact)
    means = _Means(credential, tuple(crls), timestamper, level, digest, at, field, entries)
    try:
        with source.open("rb") as original, target.open("wb") as file:
            return asyncio.run(_sign(original, Output(file, {digest, IMPRINT}), means))
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, PdfError | SigningError):
            raise NotSigned(str(error)) from error
        raise


async def _sign(original: BinaryIO, output: Output, means: _Means) -> SignedPdf:
    """Write the original and the revisions of the level."""
    credential, level = means.credential, means.level
    with revisions.reading():
        writer = revisions.begin(original)
        if level.is_long_term:
            own = () if level.is_archival else (credential.certificate,)  # else the closing revision brings it
            dss.supply(writer, dss.certificates((*own, *credential.chain), means.timestamper), means.crls)
        blank = appearance.blank(writer) if level.is_archival else None
        document = revisions.embed(writer, means.field, means.entries)
    prefix_length = output.copy(original)
    if prefix_length != document.revision.begin:
        raise NotSigned("the source changed while it was read")
    stamper = means.timestamper if level.is_stamped else None
    signature = await credential.sign_document(output.digest(means.digest, document), means.digest, stamper)
    if signature.token is not None:
        _check_time(signature.token, means)
        _check_listed(signature.token, means)
    document.fill(signature.message)
    output.write(document.revision.getbuffer())
    tokens = [] if signature.token is None else [signature.token]
    if level.is_archival:
        tokens.append(await _archive(writer, output, means, tokens[0], blank))
    return SignedPdf(
        sha256=output.hexdigest("sha256"),
        size=output.size,
        prefix_length=prefix_length,
        byte_range=document.byte_range,
        signature_sha256=hashlib.sha256(signature.value).hexdigest(),
        level=level,
        tokens=tuple(tokens),
    )


async def _archive(
    writer: revisions.QuietWriter, output: Output, means: _Means, token: bytes, blank: int | None
) -> bytes:
    """Write the revision that closes the file; give its token.

    The store grows in it, by the signer's certificate at least: EU DSS takes for long-term what has a store after its
    signature, and looks at nothing that stood in the file when it was signed.
    """
    dss.supply(writer, [to_der(means.credential.certificate), *dss.certificates_of(token)], ())
    invisible = revisions.Field(f"{means.field.name}-archive", "Horodatage du document", blank=blank)
    document = revisions.embed(writer, invisible, _STAMPED)
    archive: bytes = (await means.timestamper.async_timestamp(output.digest(IMPRINT, document), IMPRINT)).dump()
    _check_listed(archive, means)  # it need not be of the authority that stamped the signature
    document.fill(archive)
    output.write(document.revision.getbuffer())
    return archive


_SIGNED: dict[str, PdfObject] = {
    "/Type": resources.Name("/Sig"),
    "/Filter": resources.Name("/Adobe.PPKLite"),
    "/SubFilter": resources.Name("/ETSI.CAdES.detached"),
}
_STAMPED: dict[str, PdfObject] = {
    "/Type": resources.Name("/DocTimeStamp"),
    "/Filter": resources.Name("/Adobe.PPKLite"),
    "/SubFilter": resources.Name("/ETSI.RFC3161"),
}


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


def _entries(at: datetime, **said: str | None) -> dict[str, PdfObject]:
    texts: dict[str, PdfObject] = {f"/{name}": pdf_string(text) for name, text in said.items() if text}
    return {**_SIGNED, "/M": pdf_date(at), **texts}


def _check_time(token: bytes, means: _Means) -> None:
    """A time stamp after the certificate's end proves nothing."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    proven, until = content.parsed["gen_time"].native, means.credential.certificate.not_valid_after_utc
    if proven > until:
        raise NotSigned(f"the time stamp of {proven.isoformat()} came after the certificate's end, {until.isoformat()}")


def _check_listed(token: bytes, means: _Means) -> None:
    """A time stamp whose issuers have no list in the file is not long-term, whichever of the two it is."""
    if not means.level.is_long_term:
        return
    unit = [*map(x509.load_der_x509_certificate, dss.certificates_of(token))]
    known = [x509.load_der_x509_certificate(each.dump()) for each in means.timestamper.cert_registry]
    revocation.check_listed(unit, (*means.credential.chain, *unit, *known), means.crls, at=means.at)
