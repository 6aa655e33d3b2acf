"""ASiC manifests (EN 319 162-1, annex A.4): which files a signature or a time stamp covers, by digest."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".xsd": "application/xml",
    ".pem": "application/x-pem-file",
    ".crl": "application/pkix-crl",
    ".p7s": "application/pkcs7-signature",
    ".tst": "application/vnd.etsi.timestamp-token",
    ".tsr": "application/vnd.etsi.timestamp-token",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".py": "text/x-python",
}


@dataclass(frozen=True)
class Manifest:
    """What covers (a member of the container) and what is covered: SHA-256 in hex by name."""

    by: str
    covered: Mapping[str, str]


def write(manifest: Manifest) -> bytes:
    """The manifest as XML; names are ASCII and need no escape in a URI."""
    root = etree.Element(etree.QName(ASIC, "ASiCManifest"), nsmap={"asic": ASIC, "ds": DS})
    etree.SubElement(root, etree.QName(ASIC, "SigReference"), URI=manifest.by, MimeType=_type(manifest.by))
    for name, sha256 in manifest.covered.items():
        each = etree.SubElement(root, etree.QName(ASIC, "DataObjectReference"), URI=name, MimeType=_type(name))
        etree.SubElement(each, etree.QName(DS, "DigestMethod"), Algorithm=SHA256)
        value = etree.SubElement(each, etree.QName(DS, "DigestValue"))
        value.text = base64.b64encode(bytes.fromhex(sha256)).decode()
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def names(written: bytes) -> Sequence[tuple[str, str]]:
    """Name and SHA-256 (hex) of what a manifest of ours covers, in its order."""
    root = etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True))
    found = root.findall(f"{{{ASIC}}}DataObjectReference")
    return [
        (str(each.get("URI")), base64.b64decode(each.findtext(f"{{{DS}}}DigestValue") or "").hex()) for each in found
    ]


def _type(name: str) -> str:
    return TYPES.get(name[name.rfind(".") :], "text/plain")
