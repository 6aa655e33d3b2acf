"""Optional content that is not shown by default (ISO 32000-2, 8.11): a signer could not have seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

Group = tuple[int, int]
"""Object and generation number of an optional content group."""

_DEEPEST = 32
_OF_THE_READER = frozenset({"/Zoom", "/Language", "/User"})
"""Usages (8.11.4.4) that show a group or not by how it is looked at, and by whom."""


def check_nothing_is_hidden(
    pdf: pikepdf.Pdf, groups: Iterable[pikepdf.Object], memberships: Iterable[pikepdf.Object]
) -> bool:
    """Tell whether there is optional content. Raises `Objection` HIDDEN_CONTENT where some of it is off by default.

    Off: by the default configuration's base state and list, by a usage that applies on screen or in print or depends
    on the reader, or by a membership that is hidden while its groups are shown. `groups`, `memberships`: every one of
    the file, also groups that its list leaves out (some readers show those as the base state says, some always) and
    memberships that stand in another object.
    """
    properties = pdf.Root.get("/OCProperties")
    if not isinstance(properties, pikepdf.Dictionary):
        return False
    listed = _array(properties.get("/OCGs"))
    default = properties.get("/D")
    configuration = default if isinstance(default, pikepdf.Dictionary) else pikepdf.Dictionary()
    off = _off([*listed, *groups], configuration)
    if off or _off_by_usage(configuration):
        raise Objection(Label.HIDDEN_CONTENT, f"{len(off)} groups")
    if any(not _is_shown(member, off) for member in memberships):
        raise Objection(Label.HIDDEN_CONTENT, "membership")
    return bool(listed)


def _off(groups: list[pikepdf.Object], configuration: pikepdf.Object) -> set[Group]:
    listed_off = {group.objgen for group in _array(configuration.get("/OFF"))}
    listed_on = {group.objgen for group in _array(configuration.get("/ON"))}
    if configuration.get("/BaseState") == "/OFF":
        return {group.objgen for group in groups} - listed_on | listed_off
    return listed_off


def _off_by_usage(configuration: pikepdf.Object) -> bool:
    """Usage dictionaries that a viewer applies by itself (8.11.4.5): states of View and Print, and the reader's."""
    for rule in _array(configuration.get("/AS")):
        if not isinstance(rule, pikepdf.Dictionary):
            continue
        depends = _OF_THE_READER.intersection(map(str, _array(rule.get("/Category"))))
        for group in _array(rule.get("/OCGs")):
            usage = group.get("/Usage") if isinstance(group, pikepdf.Dictionary) else None
            if isinstance(usage, pikepdf.Dictionary) and (_usage_is_off(usage) or depends & usage.keys()):
                return True
    return False


def _usage_is_off(usage: pikepdf.Object) -> bool:
    states = ((usage.get("/View"), "/ViewState"), (usage.get("/Print"), "/PrintState"))
    return any(isinstance(entry, pikepdf.Dictionary) and entry.get(key) == "/OFF" for entry, key in states)


def _is_shown(member: pikepdf.Object, off: set[Group]) -> bool:
    expression = member.get("/VE")
    if isinstance(expression, pikepdf.Array):
        return _evaluate(expression, off, 0)
    named = member.get("/OCGs")
    groups = [named] if isinstance(named, pikepdf.Dictionary) else _array(named)
    shown = [group.objgen not in off for group in groups if isinstance(group, pikepdf.Dictionary)]
    policy = str(member.get("/P", "/AnyOn"))
    verdicts = {
        "/AllOn": all(shown),
        "/AnyOff": not all(shown),
        "/AllOff": not any(shown),
    }
    return not shown or verdicts.get(policy, any(shown))


def _evaluate(expression: pikepdf.Object, off: set[Group], depth: int) -> bool:
    if isinstance(expression, pikepdf.Dictionary):
        return expression.objgen not in off
    parts = list(expression) if isinstance(expression, pikepdf.Array) else []
    if not parts or depth > _DEEPEST:
        return False
    values = [_evaluate(part, off, depth + 1) for part in parts[1:]]
    operator = str(parts[0])
    if operator == "/Not":
        return not any(values)
    return any(values) if operator == "/Or" else all(values)


def _array(value: object) -> list[pikepdf.Object]:
    return list(value) if isinstance(value, pikepdf.Array) else []
