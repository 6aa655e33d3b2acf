"""Plain pyHanko, by its public interface alone: the reference that the engine's files and times are held against.

It does what the engine does (field, stamp with an embedded font, signature, token, revocation data, document time
stamp), from file to file and with the same keys, lists and time stamper, as pyHanko's documentation shows it.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.engine.levels import Level

FONT = Path(__file__).parents[2] / "evidence" / "dossier" / "fonts" / "fallback.ttf"
"""A face of 350 kB, as who uses pyHanko embeds one; the complete one of its family, DejaVu Sans, has 760 kB."""
TEXT = "Signé électroniquement par\n%(signer)s\n%(ts)s\nDossier %(reference)s\nEmpreinte %(digits)s"


def sign(
    source: Path,
    target: Path,
    *,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    timestamper: TimeStamper,
    name: str,
    reason: str,
    at: datetime,
    level: Level = Level.LTA,
    stamped: bool = True,
    slot: int = 0,
    field_name: str = "Paraphe-1",
) -> None:
    """Sign `source` into `target`, with a stamp on the last page where it is `stamped`."""
    context = ValidationContext(
        trust_roots=[_asn1(chain[-1])],
        other_certs=[*map(_asn1, chain), *timestamper.cert_registry],
        crls=[asn1_crl.CertificateList.load(der) for der in crls],
        moment=at,
        allow_fetching=False,
        revocation_mode="hard-fail",
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=field_name,
        name=name,
        reason=reason,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=level.is_long_term,
        use_pades_lta=level.is_archival,
        validation_context=context,
    )
    signer = signers.PdfSigner(
        metadata,
        signer=_signer(key, certificate, chain),
        timestamper=timestamper if level.is_stamped else None,
        stamp_style=_style() if stamped else None,
        new_field_spec=fields.SigFieldSpec(field_name, on_page=-1, box=(360, 40 + 75 * slot, 560, 110 + 75 * slot))
        if stamped
        else None,
    )
    said = {"reference": "EXS-2026-004127", "digits": "7f3a 9c1e"}
    with source.open("rb") as read, target.open("w+b") as written:
        writer = IncrementalPdfFileWriter(read)
        signer.sign_pdf(writer, output=written, appearance_text_params=said if stamped else None)


class _Embedded(FontEngineFactory):
    """As pyHanko's own factory, which leaves the file of the font open."""

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: object = None) -> GlyphAccumulator:  # noqa: ARG002 - pyHanko's signature
        return GlyphAccumulator(writer, io.BytesIO(FONT.read_bytes()), font_size=8)


def _style() -> TextStampStyle:
    return TextStampStyle(
        stamp_text=TEXT,
        text_box_style=TextBoxStyle(font=_Embedded(), font_size=8),
    )


def _signer(
    key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]
) -> signers.SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
    store.register_multiple(map(_asn1, chain))
    return signers.SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=store,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
