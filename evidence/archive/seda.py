"""A package as a SEDA 2.3 transfer (NF Z44-022): what an archive of the French public sector takes.

The dossier is the additional proof of the signed documents (`SigningInformation`), whose signature is simple. Names of
elements and their order are the standard's.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from evidence import chain

SPACE = "fr:gouv:culture:archivesdefrance:seda:v2.3"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
XLINK = "http://www.w3.org/1999/xlink"
NAMESPACES: Any = {None: SPACE, "xlink": XLINK}
MEDIA = {".pdf": "application/pdf", ".xml": "application/xml", ".asice": "application/vnd.etsi.asic-e+zip"}
PROOFS = ("container", "dossier_pdf", "dossier_xml", "attestation")


def transfer(manifest: bytes, *, at: datetime) -> bytes:
    """The `ArchiveTransfer` of a package of a dossier, from its manifest; the files are named by their `Uri`."""
    said = json.loads(manifest)
    told = said["metadata"]
    root = etree.Element(f"{{{SPACE}}}ArchiveTransfer", nsmap=NAMESPACES)
    _text(root, "Comment", f"Dossier de preuve {told['reference']}")
    _text(root, "Date", chain.instant(at))
    _text(root, "MessageIdentifier", said["id"])
    lists = _add(root, "CodeListVersions")
    _text(lists, "MessageDigestAlgorithmCodeListVersion", "http://www.w3.org/2001/04/xmlenc")
    package = _add(root, "DataObjectPackage")
    for n, each in enumerate(said["files"], start=1):
        _file(package, n, each)
    _units(_add(package, "DescriptiveMetadata"), said, told)
    management = _add(package, "ManagementMetadata")
    _text(management, "OriginatingAgencyIdentifier", told["client_code"])
    _text(management, "SubmissionAgencyIdentifier", told["operator"])
    _text(_add(root, "ArchivalAgency"), "Identifier", told["operator"])
    _text(_add(root, "TransferringAgency"), "Identifier", told["client_code"])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _file(package: etree._Element, n: int, each: Mapping[str, Any]) -> None:
    group = _add(package, "DataObjectGroup", id=f"GOT-{n}")
    found = _add(group, "BinaryDataObject", id=f"OBJ-{n}")
    _text(found, "DataObjectVersion", "BinaryMaster_1")
    _text(found, "Uri", each["name"])
    _text(found, "MessageDigest", each["sha256"], algorithm=SHA256)
    _text(found, "Size", str(each["bytes"]))
    ending = f".{each['name'].rpartition('.')[2]}"
    _text(_add(found, "FormatIdentification"), "MimeType", MEDIA.get(ending, "application/octet-stream"))
    _text(_add(found, "FileInfo"), "Filename", each["name"].rpartition("/")[2])


def _units(place: etree._Element, said: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """One unit for the dossier, below it one for each file: documents first told as signed, then their proofs."""
    unit = _add(place, "ArchiveUnit", id="AU-0")
    content = _add(unit, "Content")
    _text(content, "DescriptionLevel", "File")
    _text(content, "Title", f"Dossier {told['reference']}")
    _text(content, "OriginatingAgencyArchiveUnitIdentifier", told["reference"])
    if told.get("external_reference"):
        _text(content, "TransferringAgencyArchiveUnitIdentifier", told["external_reference"])
    _text(content, "Description", f"Empreinte {told.get('binding', 'aucune')}, issue {told['outcome']}")
    for word in told.get("keywords", []):
        _text(_add(content, "Keyword"), "KeywordContent", word)
    _text(content, "StartDate", told["created_at"])
    _text(content, "EndDate", told["ended_at"])
    signed = [n for n, each in enumerate(said["files"], start=1) if each["role"] == "signed"]
    for n, each in enumerate(said["files"], start=1):
        _unit(unit, n, each, told, signed)


def _unit(above: etree._Element, n: int, each: Mapping[str, Any], told: Mapping[str, Any], signed: list[int]) -> None:
    unit = _add(above, "ArchiveUnit", id=f"AU-{n}")
    content = _add(unit, "Content")
    _text(content, "DescriptionLevel", "Item")
    _text(content, "Title", _title(each, told))
    if each["role"] == "signed":
        signing = _add(content, "SigningInformation")
        for role in ("SignedDocument", "Signature", "Timestamp"):
            _text(signing, "SigningRole", role)
        _text(signing, "DetachedSigningRole", "AdditionalProof")
        described = _add(signing, "SignatureDescription")
        signer = _add(described, "Signer")
        _text(signer, "FullName", told["signer"])
        _text(signer, "SigningTime", told["ended_at"])
        _text(described, "SigningType", "simple")
    elif each["role"] in PROOFS and signed:
        signing = _add(content, "SigningInformation")
        _text(signing, "SigningRole", "AdditionalProof")
        for document in signed:
            _text(signing, "SignedDocumentReferenceId", f"AU-{document}")
        _text(_add(signing, "AdditionalProof"), "AdditionalProofInformation", f"Dossier de preuve {told['reference']}")
    _text(_add(unit, "DataObjectReference"), "DataObjectGroupReferenceId", f"GOT-{n}")


def _title(each: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """A document's own title, else the name of the file."""
    by_digest = {document.get("signed_sha256"): document["title"] for document in told["documents"]}
    by_digest |= {document["presented_sha256"]: document["title"] for document in told["documents"]}
    return str(by_digest.get(each["sha256"]) or each["name"])


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{SPACE}}}{name}", attributes)


def _text(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    _add(parent, name, **attributes).text = text
