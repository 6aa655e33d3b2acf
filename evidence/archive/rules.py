"""Rules of keeping in words, as they stand in certificates of elimination and in the journal."""

from django.utils import translation
from django.utils.translation import gettext, ngettext


def told(*, signed: bool, years: int, language: str) -> str:
    """What is kept so many years, in the language of what is eliminated."""
    with translation.override(language):
        kept = ngettext("{years} an après la clôture", "{years} ans après la clôture", years).format(years=years)
        return (gettext("signé : {kept}") if signed else gettext("non signé : {kept}")).format(kept=kept)
