"""The words of a letter: subject, plain text and HTML from their templates, in the ink of the client who asks."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from signing.clients import inks
from signing.clients.looks import Look
from signing.clients.models import Client


def written(name: str, context: Mapping[str, Any], *, client: Client) -> tuple[str, str, str]:
    """Subject, text and HTML of `mail/NAME`, in the active language."""
    ink = Look.objects.filter(client=client).values_list("ink", flat=True).first()
    told = {**context, "ink": inks.pair(ink) if ink else inks.OURS}
    subject, text, html = (render_to_string(f"mail/{name}.{part}", told) for part in ("subject.txt", "txt", "html"))
    return subject.strip(), text, html
