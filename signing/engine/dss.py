"""The document security store: certificates and lists beside the signature (EN 319 142-1, 5.4.2). No VRI."""

from collections.abc import Iterable, Sequence

from asn1crypto import cms, crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.engine.credential import to_asn1


def supply(
    writer: IncrementalPdfFileWriter, certificates: Iterable[asn1_x509.Certificate], crls: Sequence[bytes]
) -> None:
    """Add what is not there yet to the store of the revision being written; make the store where there is none."""
    lists = [crl.CertificateList.load(der) for der in crls]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=list(certificates), crls=lists)


def certificates(known: Sequence[x509.Certificate], timestamper: TimeStamper) -> list[asn1_x509.Certificate]:
    """What is known before a token has come: the signer's own, and the time stamper's where it has them already."""
    return [*map(to_asn1, known), *timestamper.cert_registry]


def certificates_of(token: bytes) -> list[asn1_x509.Certificate]:
    """The certificates that a token (DER) brings along."""
    carried = cms.ContentInfo.load(token)["content"]["certificates"]
    return [entry.chosen for entry in carried if entry.name == "certificate"]


def to_x509(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())
