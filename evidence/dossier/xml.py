"""dossier.xml: the facts as a tree, and the facts read back from it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from evidence.dossier import parts
from evidence.dossier.facts import DossierFacts, EvidenceDossier

SCHEMA = Path(__file__).parent / "schema" / f"dossier-{parts.VERSION}.xsd"
# As verifier.py has it. A dossier has 13 tags and 19 signs "=" an entry: this is what 46,000 entries need. Elements and
# attributes without end are minutes and gigabytes for whoever reads them; the namespaces in scope are looked through at
# each element.
MOST_OCTETS = 64 << 20
MOST_TAGS, MOST_VALUES = 600_000, 1_000_000
MOST_NAMESPACES = 1000


class NotValid(Exception):
    """The document is not what its schema describes."""


def build(facts: DossierFacts) -> bytes:
    """The unsealed document: UTF-8, without indentation, for nothing is reformatted once sealed. Raises `NotValid`."""
    root = parts.write(facts, "EvidenceDossier")
    validate(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def read(document: bytes) -> DossierFacts:
    """The facts of a document, sealed or not; raises `NotValid`. Does not check the seal."""
    root = parse(document)
    validate(root)
    return parts.read(root, EvidenceDossier)


def parse(document: bytes) -> etree._Element:
    """Parse without DTD, entities and network, as much as a dossier may have; raises `NotValid`."""
    if len(document) > MOST_OCTETS or document.count(b"<") > MOST_TAGS or document.count(b"=") > MOST_VALUES:
        raise NotValid("more octets, elements or attributes than a dossier has")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True, remove_pis=False
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise NotValid(f"not well formed: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotValid("a document type is not allowed")
    if sum(1 for _ in etree.iterwalk(root, events=("start-ns",))) > MOST_NAMESPACES:
        raise NotValid("more namespaces than a dossier has")
    return root


def validate(root: etree._Element) -> None:
    """Check against the shipped schema; raises `NotValid`, naming the first fault without its value."""
    schema = _schema()
    if not schema.validate(root):
        log: Any = schema.error_log
        first = log[0]
        raise NotValid(f"{first.type_name} at {first.path}")


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))
