"""PAdES B-LTA on a file (EN 319 142-1): signature, its time stamp, revocation data, document time stamp.

The source is never rewritten: `target` is the source, then two revisions. The first holds field, stamp, signature and
DSS together, so that verifiers who know nothing of increments see one signature with all it needs; the second holds
the document time stamp. Nothing of the document's own is touched: no /Version, /Extensions, Info or XMP.

Memory is flat: the file is copied and hashed in pieces. What is *not* checked here: that the source is sound
(signing.engine.intake) and that the result verifies (evidence.verify).
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import BooleanObject, NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.engine import crls as revocation
from signing.engine import stamp as stamps
from signing.engine.keys import OneUseKey
from signing.engine.stamp import Stamp

DIGEST = "sha256"
LEVEL = "B-LTA"

RESERVED = 16_384
"""Hexadecimal digits kept for a CMS (8 KiB of DER): an EC signature with its chain and token takes 4 to 5 KiB."""

_CHUNK = 1024 * 1024


class NotSigned(Exception):
    """The file was not signed; nothing is left at the target."""


@dataclass(frozen=True)
class SignedPdf:
    """What was written. Digests are SHA-256 in lower-case hex; `signature_sha256` is that of the signature value.

    `byte_range` is the signature's own (ISO 32000-2, 12.8.1); `tokens` are the signature's and the document's time
    stamp, DER, in that order.
    """

    sha256: str
    size: int
    prefix_length: int
    byte_range: tuple[int, int, int, int]
    signature_sha256: str
    level: str
    tokens: tuple[bytes, ...]


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
    stamp: Stamp | None,
    at: datetime,
) -> SignedPdf:
    """Sign `source` into `target` at level B-LTA; `source` is an exact prefix of `target`.

    `chain`: issuer first, root last. `crls`: DER, one for each CA concerned, that of the signer's issuer made within
    the certificate's validity. `field_name`: not used in the file yet, no full stop in it. `at`: aware; it goes to /M
    and is what lists must be in force at; the proven time is the token's.

    Raises StaleRevocationList, KeyDestroyed, NotSigned, and what the time stamper raises. Nothing is left at `target`
    then.
    """
    _check(key, certificate, field_name, at)
    revocation.check_for_signing(certificate, chain, crls, at=at)
    parts = _Parts(_Signer(key, certificate, chain), tuple(chain), tuple(crls), timestamper)
    dictionary = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        location=location,
        reason=reason,
        contact_info=contact,
        bytes_reserved=RESERVED,
    )
    try:
        prefix = _copy(source, target)
        with target.open("r+b") as file:
            made = asyncio.run(_revisions(file, parts, dictionary, field_name, stamp, at))
            file.flush()
            os.fsync(file.fileno())
        return _facts(target, prefix, dictionary, made)
    except (PdfError, SigningError) as error:
        target.unlink(missing_ok=True)
        raise NotSigned(str(error)) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
