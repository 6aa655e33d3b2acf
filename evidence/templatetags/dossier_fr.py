"""Filters of the dossier's template: facts in French. Instants are shown in the active time zone of Django."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from evidence import words
from evidence.dossier import french
from evidence.dossier.story import Value

register = template.Library()


@register.filter
def fours(digest: str) -> str:
    return french.fours(digest)


@register.filter
def ranges(numbers: Iterable[int]) -> str:
    return french.ranges(numbers)


@register.filter
def figures(number: int) -> str:
    return french.figures(number)


@register.filter
def seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}".replace(".", ",") + french.NO_BREAK + "s"


@register.filter
def number(n: int) -> str:
    return french.number(n)


@register.filter
def word(value: Any, kind: str) -> str:
    """The French word of a choice of `evidence.words.CHOICES`."""
    return words.CHOICES[kind].get(str(value), str(value))


@register.filter
def clock(instant: str) -> str:
    return french.clock(_at(instant))


@register.filter
def moment(instant: str) -> str:
    """`23 novembre 2026 à 14:29:03`."""
    at = _at(instant)
    return f"{french.day(at)} à {french.clock(at)}"


@register.filter
def day(instant: str) -> str:
    return french.day(_at(instant))


@register.filter
def shown(value: Value) -> str | SafeString:
    """A personal value, or that it has been erased."""
    return mark_safe('<span class="gone">effacé</span>') if value.erased else value.text


@register.filter
def common_name(subject: str) -> str:
    """The CN of a distinguished name (RFC 4514), or the whole where it has none."""
    parts = [part for part in subject.split(",") if part.startswith("CN=")]
    return parts[0][3:] if parts else subject


@register.filter
def distinguished(subject: str) -> str:
    """A distinguished name (RFC 4514) with names for the attributes that the RFC leaves as numbers."""
    for oid, name in (("2.5.4.5", "serialNumber"), ("2.5.4.42", "givenName"), ("2.5.4.4", "surname")):
        subject = subject.replace(f"{oid}=", f"{name}=")
    return subject.replace(",", ", ")


@register.filter
def checked(names: Iterable[str]) -> str:
    return ", ".join(words.check(name) for name in names)


def _at(instant: str) -> Any:
    return french.at(instant, timezone.get_current_timezone_name())
