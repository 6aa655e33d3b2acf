"""The schema of dossier.xml (XSD 1.0), written from the dataclasses; `manage.py dossier_schema` prints it."""

import inspect
from typing import Any, Literal, get_args, get_origin

from lxml import etree

from evidence.dossier import parts
from evidence.dossier.facts import EvidenceDossier
from evidence.dossier.parts import Field, Part

XS = "http://www.w3.org/2001/XMLSchema"
DS = "http://www.w3.org/2000/09/xmldsig#"
SIMPLE_TYPES = {
    "Sha256": ("SHA-256, lower-case hex", "[0-9a-f]{64}"),
    "Sha512": ("SHA-512, lower-case hex", "[0-9a-f]{128}"),
    "Hex": ("bytes, lower-case hex", "([0-9a-f]{2})+"),
    "Instant": ("UTC with milliseconds", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"),
}
PLAIN = {str: "xs:string", int: "xs:integer", bool: "xs:boolean"}


def document() -> bytes:
    """The whole schema, indented, UTF-8."""
    root = etree.Element(
        _xs("schema"),
        nsmap=parts.DEFAULT | {"xs": XS},
        targetNamespace=parts.NAMESPACE,
        elementFormDefault="qualified",
        version=parts.VERSION,
    )
    _note(root, "Evidence dossier of an electronic signature. Sealed by an enveloped XAdES signature, its last child.")
    etree.SubElement(root, _xs("element"), name="EvidenceDossier", type="EvidenceDossier")
    for name, (note, pattern) in SIMPLE_TYPES.items():
        simple = etree.SubElement(root, _xs("simpleType"), name=name)
        _note(simple, note)
        restriction = etree.SubElement(simple, _xs("restriction"), base="xs:string")
        etree.SubElement(restriction, _xs("pattern"), value=pattern)
    for part in _closure(EvidenceDossier):
        _complex_type(root, part)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _closure(part: type[Part], seen: list[type[Part]] | None = None) -> list[type[Part]]:
    """A part and all parts below it, each once, in the order of reading."""
    seen = [] if seen is None else seen
    if part not in seen:
        seen.append(part)
        for field in parts.fields(part):
            if field.shape in ("child", "children"):
                _closure(field.type, seen)
    return seen


def _complex_type(root: etree._Element, part: type[Part]) -> None:
    complex_type = etree.SubElement(root, _xs("complexType"), name=part.__name__)
    _note(complex_type, inspect.cleandoc(part.__doc__ or ""))
    fields = parts.fields(part)
    text = next((field for field in fields if field.shape == "text"), None)
    holder = complex_type
    if text:
        content = etree.SubElement(complex_type, _xs("simpleContent"))
        holder = etree.SubElement(content, _xs("extension"), base="xs:string")
    elements = [field for field in fields if field.shape in ("child", "children", "each")]
    if elements or part is EvidenceDossier:
        _sequence(complex_type, elements, sealed=part is EvidenceDossier)
    for field in fields:
        if field.shape in ("attribute", "list"):
            _attribute(holder, field)


def _sequence(parent: etree._Element, elements: list[Field], *, sealed: bool) -> None:
    sequence = etree.SubElement(parent, _xs("sequence"))
    for field in elements:
        several = field.shape in ("children", "each")
        element = etree.SubElement(
            sequence,
            _xs("element"),
            name=field.tag,
            type="xs:string" if field.shape == "each" else field.type.__name__,
            minOccurs="1" if field.required else "0",
            maxOccurs="unbounded" if several else "1",
        )
        _note(element, field.note)
    if sealed:
        seal = etree.SubElement(sequence, _xs("any"), namespace=DS, processContents="lax", minOccurs="0")
        _note(seal, "The seal of the platform: ds:Signature, XAdES with a signature time stamp.")


def _attribute(parent: etree._Element, field: Field) -> None:
    use = "required" if field.required else "optional"
    attribute = etree.SubElement(parent, _xs("attribute"), name=field.tag, use=use)
    _note(attribute, field.note)
    if field.shape == "list":
        simple = etree.SubElement(attribute, _xs("simpleType"))
        etree.SubElement(simple, _xs("list"), itemType=_type(field))
    elif get_origin(field.type) is Literal:
        simple = etree.SubElement(attribute, _xs("simpleType"))
        restriction = etree.SubElement(simple, _xs("restriction"), base="xs:string")
        for choice in get_args(field.type):
            etree.SubElement(restriction, _xs("enumeration"), value=choice)
    else:
        attribute.set("type", _type(field))


def _type(field: Field) -> str:
    kind: Any = field.type
    return field.simple or PLAIN[kind]


def _note(parent: etree._Element, text: str) -> None:
    if text:
        annotation = etree.SubElement(parent, _xs("annotation"))
        documentation = etree.SubElement(annotation, _xs("documentation"))
        documentation.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        documentation.text = " ".join(text.split())


def _xs(name: str) -> str:
    return f"{{{XS}}}{name}"
