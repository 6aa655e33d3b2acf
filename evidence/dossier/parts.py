"""A chapter of the dossier is a frozen dataclass; here it becomes an XML element, and the element becomes it again.

The dataclasses are the one description of the format: `schema` writes the XSD from them, `xml` the tree. A field is an
attribute where it is a plain value, an element where it is a part, the text of its element where it is `Text`.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from lxml import etree

NAMESPACE = "urn:paraphe:dossier:1.0"
VERSION = "1.0"
DEFAULT: dict[Any, str] = {None: NAMESPACE}
Shape = Literal["attribute", "text", "list", "child", "children", "each"]


@dataclass(frozen=True)
class Simple:
    """The name of the XSD simple type of a plain value."""

    name: str


@dataclass(frozen=True)
class Content:
    """Marks the field that is the text of its element."""


@dataclass(frozen=True)
class Each:
    """Marks a list of plain texts: one element of that name for each."""

    tag: str


Sha256 = Annotated[str, Simple("Sha256")]
Sha512 = Annotated[str, Simple("Sha512")]
Hex = Annotated[str, Simple("Hex")]
Instant = Annotated[str, Simple("Instant")]
Text = Annotated[str, Content()]


@dataclass(frozen=True)
class Part:
    """What every chapter and every piece of one derives from."""


P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Field:
    """How one field of a part stands in XML."""

    name: str
    shape: Shape
    type: Any
    tag: str
    required: bool
    simple: str | None
    note: str


_KNOWN: dict[type[Part], tuple[Field, ...]] = {}


def fields(part: type[Part]) -> tuple[Field, ...]:
    """The fields of a part, in the order of its class."""
    if part not in _KNOWN:
        hints = typing.get_type_hints(part, include_extras=True)
        _KNOWN[part] = tuple(_field(field.name, hints[field.name]) for field in dataclasses.fields(part))
    return _KNOWN[part]


def write(part: Part, tag: str, parent: etree._Element | None = None) -> etree._Element:
    """The element of a part, appended to `parent` where one is given; what is absent is not written."""
    name = etree.QName(NAMESPACE, tag)
    element = etree.Element(name, nsmap=DEFAULT) if parent is None else etree.SubElement(parent, name)
    for field in fields(type(part)):
        value = getattr(part, field.name)
        if value is not None and value != ():
            _write_field(element, field, value)
    return element


def read(element: etree._Element, part: type[P]) -> P:
    """The part that `write` made an element of; elements that the part does not name are passed over."""
    return part(**{field.name: _read_field(element, field) for field in fields(part)})


def _write_field(element: etree._Element, field: Field, value: Any) -> None:
    if field.shape == "attribute":
        element.set(field.tag, _plain(value))
    elif field.shape == "text":
        element.text = value
    elif field.shape == "list":
        element.set(field.tag, " ".join(_plain(each) for each in value))
    elif field.shape == "each":
        for each in value:
            etree.SubElement(element, etree.QName(NAMESPACE, field.tag)).text = each
    else:
        for each in value if field.shape == "children" else (value,):
            write(each, field.tag, element)


def _read_field(element: etree._Element, field: Field) -> Any:
    if field.shape == "text":
        return element.text or ""
    if field.shape in ("attribute", "list"):
        written = element.get(field.tag)
        if field.shape == "attribute":
            return None if written is None else _value(written, field.type)
        return tuple(_value(each, field.type) for each in (written or "").split())
    found = element.findall(f"{{{NAMESPACE}}}{field.tag}")
    if field.shape == "each":
        return tuple(each.text or "" for each in found)
    parts = tuple(read(each, field.type) for each in found)
    if field.shape == "children":
        return parts
    return parts[0] if parts else None


def _plain(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(written: str, kind: Any) -> str | int:
    if kind is bool:
        return written == "true"
    return int(written) if kind is int else written


def _field(name: str, hint: Any) -> Field:
    inner, marks = _unwrap(hint)
    required = get_origin(inner) not in (Union, types.UnionType)
    if not required:
        inner, more = _unwrap(next(each for each in get_args(inner) if each is not types.NoneType))
        marks = [*marks, *more]
    simple = next((mark.name for mark in marks if isinstance(mark, Simple)), None)
    note = next((mark for mark in marks if isinstance(mark, str)), "")
    shape, kind, tag = _shape(name, inner, marks)
    return Field(name, shape, kind, tag, required and shape in ("attribute", "text", "child"), simple, note)


def _shape(name: str, inner: Any, marks: list[Any]) -> tuple[Shape, Any, str]:
    """Which shape a field has, the type of its value or members, and its name in XML."""
    head, *rest = name.split("_")
    tag = head + "".join(word.capitalize() for word in rest)
    if any(isinstance(mark, Content) for mark in marks):
        return "text", inner, tag
    if get_origin(inner) is tuple:
        member, more = _unwrap(get_args(inner)[0])
        each = next((mark.tag for mark in [*marks, *more] if isinstance(mark, Each)), None)
        if each:
            return "each", member, each
        if isinstance(member, type) and issubclass(member, Part):
            return "children", member, member.__name__
        return "list", member, tag
    if isinstance(inner, type) and issubclass(inner, Part):
        return "child", inner, tag[0].upper() + tag[1:]
    return "attribute", inner, tag


def _unwrap(hint: Any) -> tuple[Any, list[Any]]:
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        return inner, marks
    return hint, []
