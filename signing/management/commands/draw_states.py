"""`manage.py draw_states`: the state diagrams of docs/states.md, drawn from the transition tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from signing import states
from signing.backend import states as service

TARGET = Path(settings.BASE_DIR) / "docs" / "states.md"
TABLES: list[tuple[str, Mapping[Any, Sequence[Any]]]] = [
    ("Envelope", states.ENVELOPE_TRANSITIONS),
    ("Signer", states.SIGNER_TRANSITIONS),
    ("Order (signing service)", service.ORDER_TRANSITIONS),
    ("Signature request (signing service)", service.REQUEST_TRANSITIONS),
    ("One-use certificate (signing service)", service.CERTIFICATE_TRANSITIONS),
]


class Command(BaseCommand):
    help = "Write docs/states.md from the transition tables; with --check, only compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        drawn = draw()
        if not options["check"]:
            TARGET.parent.mkdir(exist_ok=True)
            TARGET.write_text(drawn)
        elif not TARGET.is_file() or TARGET.read_text() != drawn:
            raise CommandError("docs/states.md is not what the transition tables say: run manage.py draw_states")


def draw() -> str:
    """The document, one Mermaid diagram a table."""
    parts = ["# States\n\nDrawn from the transition tables by `manage.py draw_states`; not edited by hand.\n"]
    for title, table in TABLES:
        lines = [f"## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(table))}"]
        for old, news in table.items():
            lines += [f"    {old} --> {new}" for new in news] or [f"    {old} --> [*]"]
        parts.append("\n".join([*lines, "```\n"]))
    return "\n".join(parts)
