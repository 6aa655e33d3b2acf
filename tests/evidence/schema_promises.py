"""What a schema of dossier.xml promises to whoever wrote documents under it; printed to `schema-1.0.txt`.

    python -m tests.evidence.schema_promises > tests/evidence/schema-1.0.txt

One line for each: a value that is allowed, an element or attribute that is known, one that is asked for.
"""

from pathlib import Path

from lxml import etree

from evidence.dossier import parts

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
KEPT = Path(__file__).parent / "schema-1.0.txt"
ASKED = "asked for: "


def promises(schema: bytes) -> set[str]:
    """Of every type: what may stand there, and what must."""
    found = set()
    for part in etree.fromstring(schema).findall("xs:complexType", XS):
        name = part.get("name")
        for each in part.iterfind(".//xs:attribute", XS):
            found |= {f"{name}@{each.get('name')} {line}" for line in _of(each)}
            found |= {f"{ASKED}{name}@{each.get('name')}"} if each.get("use") == "required" else set()
        for each in part.iterfind(".//xs:element", XS):
            found |= {f"{name}/{each.get('name')} {line}" for line in _of(each)}
            found |= {f"{name}/{each.get('name')} many"} if each.get("maxOccurs") == "unbounded" else set()
            found |= {f"{ASKED}{name}/{each.get('name')}"} if each.get("minOccurs") == "1" else set()
    return found


def _of(node: etree._Element) -> list[str]:
    values = [f"= {each.get('value')}" for each in node.iterfind(".//xs:enumeration", XS)]
    return values or [node.get("type") or "of its own"]


def broken(before: set[str], now: set[str]) -> list[str]:
    """Why a document of before might not be valid any more: what is gone, and what is newly asked for."""
    gone = {each for each in before - now if not each.startswith(ASKED)}
    return sorted(gone | {each for each in now - before if each.startswith(ASKED)})


if __name__ == "__main__":
    schema = Path(__file__).parents[2] / "evidence" / "dossier" / "schema" / f"dossier-{parts.VERSION}.xsd"
    print("\n".join(sorted(promises(schema.read_bytes()))))  # noqa: T201 - that is what it is for
