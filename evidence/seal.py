"""The platform's seal: enveloped XAdES on dossier.xml, invisible PAdES B-LTA on dossier.pdf.

XAdES: EN 319 132-1, with signature time stamp, certificate and revocation values. PAdES: EN 319 142-1, B-LTA.
Neither reads what it seals; both refuse revocation lists that are missing or out of date, of time stamps too.
"""

import asyncio
import base64
import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from signxml.algorithms import CanonicalizationMethod
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner

from evidence.keys import Identity
from evidence.listed import ListedStamper, StaleRevocationList, check_lists

__all__ = ["StaleRevocationList", "seal_detached", "seal_pdf", "seal_xml"]

DIGEST = "sha256"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
C14N_11 = CanonicalizationMethod.CANONICAL_XML_1_1
RESERVED = 16_384
CHUNK = 1024 * 1024


def seal_xml(
    document: bytes, identity: Identity, timestamper: TimeStamper, *, crls: Sequence[bytes], at: datetime
) -> bytes:
    """Seal an XML document: ds:Signature becomes the last child of its root. Gives the sealed bytes.

    Canonical XML 1.1 throughout (with exclusive C14N the SignedProperties reference lacks its transform). `crls`: DER,
    one of each CA in the seal's chain; `at`: SigningTime. Raises `StaleRevocationList`, what the time stamper raises.
    """
    certificates = [identity.certificate, *identity.chain]
    check_lists(certificates, crls, at=at)
    timestamper = ListedStamper(timestamper, crls, issuers=identity.chain, at=at)
    signer = _XmlSigner(at, _algorithm(identity))
    sealed = signer.sign(etree.fromstring(document), key=identity.key, cert=[*certificates], always_add_key_value=False)
    value = sealed.find(f".//{{{DS}}}SignatureValue")
    properties = sealed.find(f".//{{{XADES}}}QualifyingProperties")
    if value is None or properties is None:
        raise RuntimeError("the signature has no value or no properties")
    # Taken in place: inclusive canonicalisation prints the namespaces in scope (no un-prefixed element is below it).
    digest = hashlib.sha256(etree.tostring(value, method="c14n")).digest()
    token: cms.ContentInfo = asyncio.run(timestamper.async_timestamp(digest, DIGEST))
    _add_unsigned(properties, token.dump(), certificates, crls)
    return etree.tostring(sealed, encoding="UTF-8", xml_declaration=True)


def seal_pdf(
    source: Path,
    target: Path,
    identity: Identity,
    timestamper: TimeStamper,
    *,
    crls: Sequence[bytes],
    reason: str,
    at: datetime,
) -> None:
    """Seal `source` into `target`, invisibly, B-LTA; `source` is an exact prefix, Info and XMP stay as they are.

    Nothing is left at `target` when something is raised: `StaleRevocationList`, what the time stamper raises.
    """
    check_lists([identity.certificate, *identity.chain], crls, at=at)
    timestamper = ListedStamper(timestamper, crls, issuers=identity.chain, at=at)
    lists = [asn1_crl.CertificateList.load(der) for der in crls]
    dictionary = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason, bytes_reserved=RESERVED)
    try:
        shutil.copyfile(source, target)
        with target.open("r+b") as file:
            asyncio.run(_seal(file, _PdfSigner(identity), timestamper, lists=lists, dictionary=dictionary))
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def seal_detached(
    content: bytes, identity: Identity, timestamper: TimeStamper, *, crls: Sequence[bytes], at: datetime
) -> bytes:
    """Sign bytes apart from them: CAdES-B-LT (EN 319 122-1), DER, the lists in it. Raises as `seal_xml` does."""
    check_lists([identity.certificate, *identity.chain], crls, at=at)
    timestamper = ListedStamper(timestamper, crls, issuers=identity.chain, at=at)
    message: cms.ContentInfo = asyncio.run(
        _PdfSigner(identity).async_sign_general_data(
            content,
            DIGEST,
            use_cades=True,
            timestamper=timestamper,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
    )
    message["content"]["crls"] = [asn1_crl.CertificateList.load(der) for der in crls]
    signed: bytes = message.dump()
    return signed


class _XmlSigner(XAdESSigner):
    """signxml's signer with the time given to it."""

    def __init__(self, at: datetime, algorithm: str) -> None:
        super().__init__(
            signature_algorithm=algorithm,
            c14n_algorithm=C14N_11,
            data_object_format=XAdESDataObjectFormat(gettext("Dossier de preuve"), "application/xml"),
        )
        self._at = at

    def add_signing_time(self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any) -> None:  # noqa: ARG002 - signxml's hook
        signing_time = etree.SubElement(signed_signature_properties, f"{{{XADES}}}SigningTime")
        signing_time.text = self._at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add_signing_certificate(self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any) -> None:
        """Name the signing certificate alone: EU DSS warns where its issuers are named beside it."""
        only = replace(signing_settings, cert_chain=signing_settings.cert_chain[:1])
        super().add_signing_certificate(signed_signature_properties, sig_root, only)


def _algorithm(identity: Identity) -> str:
    return "ecdsa-sha256" if isinstance(identity.key, ec.EllipticCurvePrivateKey) else "rsa-sha256"


def _add_unsigned(
    properties: etree._Element, token: bytes, certificates: Iterable[x509.Certificate], crls: Iterable[bytes]
) -> None:
    """SignatureTimeStamp, CertificateValues, RevocationValues (EN 319 132-1, 5.3 and 5.4), outside what is signed."""
    unsigned = etree.SubElement(properties, f"{{{XADES}}}UnsignedProperties")
    group = etree.SubElement(unsigned, f"{{{XADES}}}UnsignedSignatureProperties")
    stamp = etree.SubElement(group, f"{{{XADES}}}SignatureTimeStamp")
    etree.SubElement(stamp, f"{{{DS}}}CanonicalizationMethod", Algorithm=C14N_11.value)
    _encapsulated(stamp, "EncapsulatedTimeStamp", token)
    values = etree.SubElement(group, f"{{{XADES}}}CertificateValues")
    for certificate in certificates:
        _encapsulated(values, "EncapsulatedX509Certificate", certificate.public_bytes(Encoding.DER))
    revocation = etree.SubElement(group, f"{{{XADES}}}RevocationValues")
    lists = etree.SubElement(revocation, f"{{{XADES}}}CRLValues")
    for der in crls:
        _encapsulated(lists, "EncapsulatedCRLValue", der)


def _encapsulated(parent: etree._Element, name: str, der: bytes) -> None:
    etree.SubElement(parent, f"{{{XADES}}}{name}").text = base64.b64encode(der).decode()


class _QuietWriter(IncrementalPdfFileWriter):
    """Writes what is asked and nothing about itself: Info, XMP and version stay those of the PDF/A-3."""

    def _update_meta(self) -> None:
        """Left out: Producer would change and the XMP, the extension schema break (PDF/A-3, 6.6.2.3)."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Left out: /Version would become 2.0."""


class _PdfSigner(Signer):
    """pyHanko's signer over a key object: the secret never becomes bytes here."""

    def __init__(self, identity: Identity) -> None:
        store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library leaves it untyped
        store.register_multiple(_asn1(above) for above in identity.chain)
        super().__init__(signing_cert=_asn1(identity.certificate), cert_registry=store)
        self._key = identity.key
        self.all = [_asn1(each) for each in (identity.certificate, *identity.chain)]

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's signature
        if dry_run or digest_algorithm != DIGEST:
            raise NotImplementedError("one digest, no dry run")
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


async def _seal(
    file: BinaryIO,
    signer: _PdfSigner,
    timestamper: TimeStamper,
    *,
    lists: list[asn1_crl.CertificateList],
    dictionary: SignatureObject,
) -> None:
    """Append the seal with its DSS as one revision, the document time stamp as another.

    The seal's own certificate comes with the second: EU DSS takes for long-term what has a store after its signature.
    """
    first, (own, *above) = _begin(file), signer.all
    DocumentSecurityStore.supply_dss_in_writer(first, None, certs=[*above, *timestamper.cert_registry], crls=lists)
    digest, steps = _embed(first, "Cachet", gettext("Cachet de la plateforme"), dictionary)
    message = await signer.async_sign(digest, DIGEST, use_pades=True, timestamper=timestamper)
    steps.send(message)

    second = _begin(file)
    DocumentSecurityStore.supply_dss_in_writer(second, None, certs=[own])
    archive = DocumentTimestamp(bytes_reserved=RESERVED)  # type: ignore[no-untyped-call]  # as above
    digest, steps = _embed(second, "Horodatage", gettext("Horodatage du dossier"), archive)
    steps.send(await timestamper.async_timestamp(digest, DIGEST))


def _begin(file: BinaryIO) -> _QuietWriter:
    file.seek(0)
    return _QuietWriter(file, strict=True)


def _embed(writer: _QuietWriter, name: str, label: str, dictionary: PdfSignedData) -> tuple[bytes, Any]:
    """An invisible field outside every page, of no size, printed, not hidden: what PDF/A and PDF/UA both accept."""
    hidden = InvisSigSettings(box_out_of_bounds=True)
    field = SigFieldSpec(name, invis_sig_settings=hidden, readable_field_name=label)
    steps = PdfCMSEmbedder(field).write_cms(name, writer)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=dictionary))
    prepared, _ = steps.send(SigIOSetup(md_algorithm=DIGEST, in_place=True, chunk_size=CHUNK))
    return prepared.document_digest, steps


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
