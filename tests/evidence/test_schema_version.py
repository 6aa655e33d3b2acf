"""Decision 22: a schema is widened in place; what was valid under its version stays valid."""

import re

import pytest
from lxml import etree

from evidence.dossier import parts, xml
from tests.evidence.schema_promises import KEPT, broken, promises

NOW = xml.SCHEMA.read_bytes()


def test_whatever_was_valid_under_this_version_still_is() -> None:
    """A value, element or attribute that goes, or becomes one that is asked for, needs another version."""
    assert KEPT.stem == f"schema-{parts.VERSION}"
    before = set(KEPT.read_text().splitlines())
    assert len(before) > 300
    assert broken(before, promises(NOW)) == []


def test_what_is_new_is_written_down_too() -> None:
    """`python -m tests.evidence.schema_promises` writes it: from then on it is promised."""
    assert promises(NOW) == set(KEPT.read_text().splitlines())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (NOW.replace(b'<xs:enumeration value="login"/>', b""), ["Extrinsic@kind = login"]),
        (NOW.replace(b'name="seq" use="required"', b'name="n" use="required"'), None),
        (
            NOW.replace(
                b'name="Erased" type="xs:string" minOccurs="0"', b'name="Erased" type="xs:string" minOccurs="1"'
            ),
            None,
        ),
    ],
)
def test_a_narrower_schema_is_noticed(changed: bytes, why: list[str] | None) -> None:
    found = broken(promises(NOW), promises(changed))
    assert found
    assert why is None or found == why


def test_kinds_of_entries_are_an_open_list() -> None:
    """A reader knows that kinds come: the attribute is any string, and the verifiers ask for none."""
    entry = etree.fromstring(NOW).xpath(
        "xs:complexType[@name='Entry']/xs:attribute[@name='kind']/@type",
        namespaces={"xs": "http://www.w3.org/2001/XMLSchema"},
    )
    assert entry == ["xs:string"]


def test_another_value_is_no_fault() -> None:
    wider = re.sub(rb'(<xs:enumeration value="login"/>)', rb'\1<xs:enumeration value="more"/>', NOW)
    assert wider != NOW
    assert broken(promises(NOW), promises(wider)) == []
