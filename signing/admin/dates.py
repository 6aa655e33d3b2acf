"""Dates that people type into a search: 2026-11-29, 29/11/2026, or a month, 2026-11, 11/2026."""

import re
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

_FORMS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"),
    re.compile(r"(?:(?P<day>\d{1,2})/)?(?P<month>\d{1,2})/(?P<year>\d{4})"),
)


def span(term: str) -> tuple[datetime, datetime] | None:
    """From when until when (not included) a date or a month lasts where people are; None where it is neither."""
    found = next((match for form in _FORMS if (match := form.fullmatch(term))), None)
    if found is None:
        return None
    try:
        begin = datetime(
            int(found["year"]), int(found["month"]), int(found["day"] or 1), tzinfo=ZoneInfo(settings.TIME_ZONE_SHOWN)
        )
        next_month = (begin.replace(day=1) + timedelta(days=32)).replace(day=1)
        return begin, begin + timedelta(days=1) if found["day"] else next_month
    except (ValueError, OverflowError):
        return None


class SearchedByDate(admin.ModelAdmin[M]):
    """A list whose search takes dates beside words: rows of which one of `instants` is then, or that hold the text."""

    instants: ClassVar[tuple[str, ...]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        words = []
        for term in search_term.split():
            lasts = span(term)
            if lasts is None:
                words.append(term)
                continue
            spelled, _ = super().get_search_results(request, queryset.order_by(), term)
            then = (Q(**{f"{each}__gte": lasts[0], f"{each}__lt": lasts[1]}) for each in self.instants)
            queryset = queryset.filter(Q(*then, Q(pk__in=spelled.values("pk")), _connector=Q.OR))
        return super().get_search_results(request, queryset, " ".join(words))
