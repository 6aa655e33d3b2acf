"""What an entry says to people: a title and a sentence for every kind in `events.KINDS`.

A sentence is written with the members of the entry, its opened personal values and the words of `CHOICES`; a value that
was erased reads "(effacé)". Used by the dossier, the admin and the pages that show a trail. What is shown is in the
language that is active when it is asked for.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from evidence.choices import CHECKS, CHOICES
from evidence.dossier.language import spoken
from evidence.vocabulary import NAMED, NUMBERED, PAID, UNANSWERED, UNTIED, UNWRITTEN, UNWRITTEN_YET, WORDS


class _Fields(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return erased()


def erased() -> str:
    """What stands where a value was erased."""
    return gettext("(effacé)")


def quoted(text: str) -> str:
    """A title or a label in the quotation marks of the language."""
    return gettext("« {text} »").format(text=text)


def choice(of: str, value: Any) -> str:
    """The word of a choice of `CHOICES`; digests, identifiers and whatever has no word stand as they are."""
    known = CHOICES.get(of, {}).get(str(value))
    return gettext(known) if known else str(value)


def title(kind: str) -> str:
    """The title of a kind; an unknown one (a later version wrote it) stands for itself."""
    return gettext(WORDS[kind].title) if kind in WORDS else kind


def check(name: str) -> str:
    """A check of intake or release in words; `attachments:2` reads "fichiers joints : 2"; an unknown one stands."""
    known, _colon, counted = name.partition(":")
    said = gettext(CHECKS[known]) if known in CHECKS else known
    return gettext("{check} : {n}").format(check=said, n=counted) if counted else said


def sentence(
    kind: str,
    data: Mapping[str, Any],
    values: Mapping[str, str],
    *,
    documents: Mapping[str, str] | None = None,
    statements: Mapping[str, str] | None = None,
) -> str:
    """The sentence of an entry. `values`: opened personal values; `documents`, `statements`: names by identifier."""
    if kind not in WORDS:
        return ""
    fields = _Fields({name: choice(name, value) for name, value in data.items()})
    if "bytes" in data:
        fields["bytes"] = spoken().figures(data["bytes"])
    fields.update(values)
    if "consent" in data:
        fields["consent"] = (statements or {}).get(data["consent"], quoted(data["consent"]))
    if "document" in data:
        titled = (documents or {}).get(data["document"])
        fields["document"] = quoted(titled) if titled else gettext("Le document")
    return gettext(_told(kind, values) or _sentence_of(kind, data)).format_map(fields)


def _told(kind: str, values: Mapping[str, str]) -> str | None:
    """The sentence of a kind that says more where the client did; None elsewhere, and where that was erased."""
    said = {"login.asserted": {"payment": PAID}, "extrinsic.added": {"number": NUMBERED, "name": NAMED}}.get(kind, {})
    return next((sentence for name, sentence in said.items() if name in values), None)


def _sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """The sentence of a kind, or of its case that says less."""
    if kind == "code.sent" and data.get("answered") is False:
        return UNANSWERED
    if kind == "mention.typed" and data.get("result") == "emptied":
        return UNWRITTEN
    if kind == "sign.blocked" and "missing_mentions" in data:
        return UNWRITTEN_YET
    if kind == "code.issued" and "binding" not in data:
        return UNTIED
    return WORDS[kind].sentence
