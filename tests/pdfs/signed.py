"""PDFs that somebody else has signed, with a throwaway certificate that nobody knows.

Made with plain pyHanko, not with the engine. Keys are new each time, so these files are not the same each time.
"""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.pdfs import broken, raw, sound

FROM = datetime(2025, 1, 1, tzinfo=UTC)
UNTIL = FROM + timedelta(days=3650)


def approved() -> bytes:
    """One ordinary signature."""
    return sign(sound.contract(1))


def approved_twice() -> bytes:
    return sign(approved(), field="Second")


def certified_without_changes() -> bytes:
    """DocMDP, P=1: its author permits nothing after it, not even a signature."""
    return sign(sound.contract(1), certify=fields.MDPPerm.NO_CHANGES)


def certified_for_forms() -> bytes:
    """DocMDP, P=2: signing is permitted."""
    return sign(sound.contract(1), certify=fields.MDPPerm.FILL_FORMS)


def certified_for_notes() -> bytes:
    """DocMDP, P=3: signing is permitted, and notes."""
    return sign(sound.contract(1), certify=fields.MDPPerm.ANNOTATE)


def locked(action: fields.FieldMDPAction, *names: str, document: bytes = b"") -> bytes:
    """Signed so that fields are locked: all, those named, or all but those."""
    lock = fields.FieldMDPSpec(action, list(names) or None)
    metadata = signers.PdfSignatureMetadata(field_name="Lock", name="Somebody")
    field = fields.SigFieldSpec("Lock", field_mdp_spec=lock)
    writer = IncrementalPdfFileWriter(io.BytesIO(document or sound.contract(1)))
    made = signers.PdfSigner(metadata, signer=signer(), new_field_spec=field).sign_pdf(writer)
    return bytes(made.getbuffer())


def seen(document: bytes, *, box: tuple[int, int, int, int] = (10, 10, 200, 80)) -> bytes:
    """Signed by plain pyHanko in a new field that shows something."""
    metadata = signers.PdfSignatureMetadata(field_name="Seen", name="Somebody")
    field = fields.SigFieldSpec("Seen", box=box, on_page=0)
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    return bytes(signers.PdfSigner(metadata, signer=signer(), new_field_spec=field).sign_pdf(writer).getbuffer())


def altered() -> bytes:
    """One byte of the signed text is another."""
    return sign(raw.write(raw.one_page())).replace(b"Contrat de prestation", b"Contrat de prostation", 1)


def changed_after() -> bytes:
    """The text of the page is replaced in a later revision."""
    return raw.update(sign(raw.write(raw.one_page())), {4: raw.stream(raw.TEXT.replace(b"Contrat", b"Cession"))})


def unsound() -> bytes:
    """A signed file whose end is followed by something else: a repair would destroy the signature."""
    return approved() + b"--boundary--\r\n"


def with_shared_annotations() -> bytes:
    """Two pages with one array of annotations, signed all the same."""
    return sign(broken.shared_annotations())


def sign(document: bytes, *, field: str = "Signature", certify: fields.MDPPerm | None = None) -> bytes:
    """Sign with the throwaway certificate (adbe.pkcs7.detached, no time stamp)."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field, name="Somebody", certify=certify is not None, docmdp_permissions=certify or _DEFAULT
    )
    return sign_in(IncrementalPdfFileWriter(io.BytesIO(document)), metadata)


def sign_in(writer: IncrementalPdfFileWriter, metadata: signers.PdfSignatureMetadata | None = None) -> bytes:
    """Sign what a writer of pyHanko's has open, with what else was written there."""
    told = metadata or signers.PdfSignatureMetadata(field_name="Signature", name="Somebody")
    made = signers.PdfSigner(told, signer=signer()).sign_pdf(writer)
    return bytes(made.getbuffer())


def message(imprint: bytes, digest: str = "sha256") -> bytes:
    """A detached CMS over a digest, with the throwaway certificate."""
    made = asyncio.run(signer().async_sign(imprint, digest, use_pades=False))
    return bytes(made.dump())


_DEFAULT = fields.MDPPerm.FILL_FORMS


@cache
def signer() -> signers.SimpleSigner:
    return stranger()


def stranger() -> signers.SimpleSigner:
    """Another one each time."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Throwaway")])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1 << 70)
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
    )
