"""Rules of keeping: in words, as they stand in certificates of elimination and in the journal; and applied."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext

from evidence import sweeps
from evidence.archive import elimination
from evidence.archive.models import Elimination


def told(*, signed: bool, years: int, language: str) -> str:
    """What is kept so many years, in the language of what is eliminated."""
    with translation.override(language):
        kept = ngettext("{years} an après la clôture", "{years} ans après la clôture", years).format(years=years)
        return (gettext("signé : {kept}") if signed else gettext("non signé : {kept}")).format(kept=kept)


def asked(*, reason: Elimination.Reason, language: str) -> str:
    """That somebody asked for it before its time, and why, in the language of what is eliminated."""
    with translation.override(language):
        return gettext("avant terme : {why}").format(why=reason.label)


def apply(rows: Iterable[Any], *, signed: bool, years: int, at: datetime) -> int:
    """Ask for the elimination of what each row is kept of; gives how many were asked for.

    A row has a `trail` and a `language`. One over which a hold was placed a moment ago is left out.
    """

    def ask(row: Any) -> object:
        rule = told(signed=signed, years=years, language=row.language)
        return elimination.queue(of=row.trail, rule=rule, at=at)

    return len(sweeps.each(rows, ask, job="keep", passing=(elimination.Held,)))
