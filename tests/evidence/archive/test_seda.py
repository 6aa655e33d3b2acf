"""Issue, part 7: SEDA 2.3 export validated against structure rules."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import rfc8785
from lxml import etree

from evidence.archive import seda

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
ORDERS = {
    "ArchiveTransfer": "Comment Date MessageIdentifier ArchivalAgreement CodeListVersions DataObjectPackage"
    " ArchivalAgency TransferringAgency",
    "DataObjectPackage": "DataObjectGroup DescriptiveMetadata ManagementMetadata",
    "BinaryDataObject": "DataObjectVersion Uri MessageDigest Size Compressed FormatIdentification FileInfo",
    "ArchiveUnit": "Management Content ArchiveUnit DataObjectReference",
    "Content": "DescriptionLevel Title OriginatingAgencyArchiveUnitIdentifier TransferringAgencyArchiveUnitIdentifier"
    " Description Keyword StartDate EndDate SigningInformation",
    "SigningInformation": "SigningRole DetachedSigningRole SignedDocumentReferenceId SignatureDescription"
    " TimestampingInformation AdditionalProof",
    "SignatureDescription": "Signer Validator SigningType",
    "ManagementMetadata": "OriginatingAgencyIdentifier SubmissionAgencyIdentifier",
}
"""Children of each element in the order of the standard."""
NEEDED = {
    "ArchiveTransfer": "Date MessageIdentifier CodeListVersions DataObjectPackage ArchivalAgency TransferringAgency",
    "DataObjectPackage": "DescriptiveMetadata ManagementMetadata",
    "BinaryDataObject": "DataObjectVersion Uri MessageDigest Size FormatIdentification FileInfo",
    "FileInfo": "Filename",
    "ArchiveUnit": "Content",
    "Content": "DescriptionLevel Title",
    "SigningInformation": "SigningRole",
    "Signer": "FullName SigningTime",
    "ArchivalAgency": "Identifier",
    "TransferringAgency": "Identifier",
}
"""Children that have to be there, by the standard or for a signed document."""
SEVERAL = frozenset({"DataObjectGroup", "ArchiveUnit", "Keyword", "SigningRole", "SignedDocumentReferenceId"})
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
VALUES = {
    "Date": INSTANT,
    "StartDate": INSTANT,
    "EndDate": INSTANT,
    "SigningTime": INSTANT,
    "DataObjectVersion": r"(BinaryMaster|Dissemination|Thumbnail|TextContent)(_[0-9]+)?",
    "MessageDigest": r"[0-9a-f]{64}",
    "Size": r"[1-9][0-9]*",
    "DescriptionLevel": r"Fonds|Subfonds|Class|Collection|Series|Subseries|RecordGrp|SubGrp|File|Item|OtherLevel",
    "SigningRole": r"SignedDocument|Signature|Timestamp|AdditionalProof",
    "DetachedSigningRole": r"Signature|Timestamp|AdditionalProof",
}
"""What the simple types of the standard allow."""


def manifest() -> bytes:
    files: list[dict[str, Any]] = [
        {"name": "dossier-EXS-2026-000001-1.asice", "role": "container", "sha256": "a" * 64, "bytes": 9},
        {"name": "dossier.pdf", "role": "dossier_pdf", "sha256": "b" * 64, "bytes": 8},
        {"name": "dossier.xml", "role": "dossier_xml", "sha256": "c" * 64, "bytes": 7},
        {"name": "attestation.pdf", "role": "attestation", "sha256": "9" * 64, "bytes": 4},
        {"name": "signe-1.pdf", "role": "signed", "sha256": "d" * 64, "bytes": 6},
        {"name": "presente-2.pdf", "role": "presented", "sha256": "e" * 64, "bytes": 5},
    ]
    metadata: dict[str, Any] = {
        "reference": "EXS-2026-000001",
        "external_reference": "BAIL-7781",
        "client_code": "EXS",
        "operator": "Paraphe bac à sable",
        "signer": "Camille Martin",
        "outcome": "SIGNED",
        "binding": "f" * 64,
        "created_at": "2026-11-29T11:00:00.000Z",
        "ended_at": "2026-11-29T11:30:00.000Z",
        "keywords": ["bail"],
        "documents": [
            {"id": "1", "title": "Contrat <bail>", "presented_sha256": "1" * 64, "signed_sha256": "d" * 64},
            {"id": "2", "title": "Conditions", "presented_sha256": "e" * 64},
        ],
    }
    return rfc8785.dumps({"form": "x", "id": "p-1", "kind": "dossier", "metadata": metadata, "files": files})


def name(element: Any) -> str:
    return str(etree.QName(element).localname)


def test_children_come_in_the_order_of_the_standard() -> None:
    root = etree.fromstring(seda.transfer(manifest(), at=AT))
    assert etree.QName(root).namespace == "fr:gouv:culture:archivesdefrance:seda:v2.3"
    for element in root.iter():
        if name(element) in ORDERS:
            order = ORDERS[name(element)].split()
            places = [order.index(name(child)) for child in element]
            assert places == sorted(places), name(element)


def test_what_is_needed_is_there_once_and_values_are_of_their_types() -> None:
    """Cardinalities and simple types; an empty element says nothing and is none of the standard's."""
    root = etree.fromstring(seda.transfer(manifest(), at=AT))
    assert {name(each) for each in root.iter()} >= {*NEEDED, *VALUES}
    for element in root.iter():
        children = [name(child) for child in element]
        assert set(NEEDED.get(name(element), "").split()) <= set(children), name(element)
        assert all(children.count(child) == 1 for child in set(children) - SEVERAL), name(element)
        assert children or (element.text or "").strip(), name(element)
        if name(element) in VALUES:
            assert re.fullmatch(VALUES[name(element)], element.text or ""), (name(element), element.text)
        if element.get("id"):
            assert re.fullmatch(r"[A-Za-z_][\w.-]*", element.get("id") or "")


def test_a_part_of_the_descriptions_that_is_not_there_leaves_no_empty_element() -> None:
    """No binding (nothing was armed), no external reference, no keywords, nothing signed."""
    said = json.loads(manifest())
    for absent in ("binding", "external_reference", "keywords"):
        del said["metadata"][absent]
    said["files"] = [each for each in said["files"] if each["role"] != "signed"]
    root = etree.fromstring(seda.transfer(rfc8785.dumps(said), at=AT))
    assert [name(each) for each in root.iter() if len(each) == 0 and not (each.text or "").strip()] == []
    assert not [each for each in root.iter() if name(each) == "SigningInformation"]


def test_references_lead_to_what_they_name() -> None:
    root = etree.fromstring(seda.transfer(manifest(), at=AT))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    space = {"s": seda.SPACE}
    groups = {element.get("id") for element in root.iterfind(".//s:DataObjectGroup", space)}
    units = {element.get("id") for element in root.iterfind(".//s:ArchiveUnit", space)}
    assert {each.text for each in root.iterfind(".//s:DataObjectGroupReferenceId", space)} == groups
    assert {each.text for each in root.iterfind(".//s:SignedDocumentReferenceId", space)} <= units


def test_the_dossier_is_the_proof_of_a_simple_signature() -> None:
    """evidence.md, Archive: SigningInformation, SigningType simple, dossier as AdditionalProof."""
    root = etree.fromstring(seda.transfer(manifest(), at=AT))
    space = {"s": seda.SPACE}
    [described] = root.iterfind(".//s:SignatureDescription", space)
    assert described.findtext("s:SigningType", namespaces=space) == "simple"
    assert described.findtext("s:Signer/s:FullName", namespaces=space) == "Camille Martin"
    proofs = [
        each
        for each in root.iterfind(".//s:SigningInformation", space)
        if each.find("s:AdditionalProof", space) is not None
    ]
    assert len(proofs) == 4
    digests = {each.text: each.get("algorithm") for each in root.iterfind(".//s:MessageDigest", space)}
    assert digests["d" * 64] == "http://www.w3.org/2001/04/xmlenc#sha256"
    assert "Contrat <bail>" in {each.text for each in root.iterfind(".//s:Title", space)}
