"""dossier.xml: the facts as a tree that its schema describes, and back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from lxml import etree

from evidence import chain
from evidence.dossier import facts, parts, xml, xsd
from evidence.dossier.facts import DossierFacts
from tests.evidence import trails
from tests.evidence.trails import Walk

NS = {"d": parts.NAMESPACE}


def collect(walk: Walk) -> DossierFacts:
    return facts.collect(
        walk.trail, walk.signer, dossier_id="11111111-2222", at=timezone.now(), software="Paraphe 0.1.0"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("make", [trails.signed, trails.refused, trails.locked])
def test_what_is_written_is_read_back(make: object) -> None:
    """evidence.md, Dossier 2: dossier.xml is complete; dossier.pdf is printed from what is read back from it."""
    told = collect(make())  # type: ignore[operator]  # one of the factories

    assert xml.read(xml.build(told)) == told


@pytest.mark.django_db
def test_the_same_facts_give_the_same_bytes() -> None:
    told = collect(trails.refused())

    assert xml.build(told) == xml.build(told)


@pytest.mark.django_db
def test_a_journal_line_is_read_back_byte_for_byte() -> None:
    """The exact canonical bytes of each entry stand in the document."""
    walk = trails.refused(client_name='Exemple & Fils <"SA">\u00a0\u2028]]>')

    root = etree.fromstring(xml.build(collect(walk)))

    lines = root.findall(".//d:Journal/d:Entry/d:Line", NS)
    assert [(line.text or "").encode() for line in lines] == [entry.canonical for entry in walk.read()]


@pytest.mark.django_db
def test_markup_in_a_name_stays_text() -> None:
    """Issue 2, bad input: a name with <script>."""
    name = '<script>alert("x")</script>'

    built = xml.build(collect(trails.refused(first_name=name)))

    assert b"<script>" not in built
    assert xml.read(built).signer.first_name.text == name


@pytest.mark.django_db
def test_what_xml_cannot_hold_is_shown_and_kept() -> None:
    """XML 1.0, production 2: a control character becomes a visible one; the opening keeps the exact value."""
    walk = trails.refused(reason="a\x01b\x1bc\uffff")

    told = xml.read(xml.build(collect(walk)))

    assert told.consent.refusal is not None
    assert told.consent.refusal.reason is not None
    assert told.consent.refusal.reason.text == "a\u2401b\u241bc\ufffd"
    entry = told.journal.entry[told.consent.refusal.entry - 1]
    opening = next(each for each in entry.opening if each.field == "reason")
    assert opening.encoding == "base64"
    assert entry.values["reason"] == "a\x01b\x1bc\uffff"
    written = chain.members(entry.line.text.encode())["commitments"]["reason"]
    assert chain.commit(entry.values["reason"], bytes.fromhex(opening.salt)) == written


@pytest.mark.django_db
def test_text_is_in_composed_form() -> None:
    """evidence.md: text NFC."""
    told = collect(trails.refused(last_name="Lefe\u0301vre"))

    assert told.signer.last_name.text == "Lef\u00e9vre"


def test_the_shipped_schema_is_the_one_the_parts_describe() -> None:
    """`manage.py dossier_schema` writes it."""
    assert xml.SCHEMA.read_bytes() == xsd.document()


def test_the_schema_explains_every_part_and_has_no_defaults() -> None:
    """dossier-toolchain.md, 3: no default or fixed attributes, they would change what is sealed."""
    schema = etree.parse(xml.SCHEMA)
    space = {"xs": xsd.XS}

    assert not schema.xpath("//xs:*[@default or @fixed]", namespaces=space)
    assert not schema.xpath("//xs:complexType[not(xs:annotation)]", namespaces=space)


def test_the_schema_can_be_printed() -> None:
    printed = StringIO()

    call_command("dossier_schema", stdout=printed)

    assert printed.getvalue().encode() == xml.SCHEMA.read_bytes()


@pytest.mark.django_db
def test_a_document_type_is_refused() -> None:
    """reliability.md, XXE: no DTD, entities, network."""
    built = xml.build(collect(trails.refused()))
    head, body = built.split(b"\n", 1)
    with_type = head + b'\n<!DOCTYPE EvidenceDossier [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + body

    with pytest.raises(xml.NotValid, match="document type"):
        xml.read(with_type)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<a>" + b"<b/>" * 600_000 + b"</a>", "octets, elements or attributes"),
        (b"<a " + b"".join(b'a%d="" ' % n for n in range(1_000_001)) + b"/>", "octets, elements or attributes"),
        (b"<a " + b"".join(b'xmlns:n%d="u" ' % n for n in range(1001)) + b"/>", "namespaces"),
    ],
    ids=["elements", "attributes", "namespaces"],
)
def test_more_than_a_dossier_can_have_is_not_read(document: bytes, why: str) -> None:
    """As the container's verifier has it: minutes and gigabytes otherwise."""
    with pytest.raises(xml.NotValid, match=why):
        xml.parse(document)


@pytest.mark.django_db
def test_another_tree_is_refused() -> None:
    built = xml.build(collect(trails.refused()))

    with pytest.raises(xml.NotValid):
        xml.read(built.replace(b'level="simple"', b'level="qualified"'))
    with pytest.raises(xml.NotValid):
        xml.read(b"<not-closed>")
