"""The child process of the intake: `python -m signing.engine.inspection SOURCE TARGET MAX_PAGES CPU MEMORY`.

Prints one JSON object: `{"refused": label, "detail": text}` or the fields of a verdict. Whatever a parser does to it
(endless loop, exhausted memory, crash) ends this process and nothing else.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

_MOST_OPEN_FILES = 64
_LARGEST_FILE = 512 * 1024 * 1024


def main(source: str, target: str, max_pages: str, cpu_seconds: str, memory_bytes: str) -> None:
    """Examine `source` under limits that nothing in this process can raise again."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(cpu_seconds))
    _limit(resource.RLIMIT_AS, int(memory_bytes))
    _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _limit(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(judge(Path(source), Path(target), max_pages=int(max_pages))))


def judge(source: Path, target: Path, *, max_pages: int) -> dict[str, Any]:
    """Turn the verdict or the objection into what is printed; every other error is damage or too much."""
    from signing.engine.inspection.causes import Objection  # noqa: PLC0415 parsers load below the limits
    from signing.engine.inspection.examination import examine  # noqa: PLC0415 parsers load below the limits
    from signing.engine.refusals import Label  # noqa: PLC0415 with the two above

    try:
        return dataclasses.asdict(examine(source, target, max_pages=max_pages))
    except Objection as objection:
        return {"refused": objection.label, "detail": objection.detail}
    except (MemoryError, RecursionError) as error:
        return {"refused": Label.TOO_COMPLEX, "detail": type(error).__name__}
    except Exception as error:  # noqa: BLE001 the libraries raise anything on odd files
        exhausted = "bad_alloc" in str(error) or "memory" in str(error).lower()
        return {"refused": Label.TOO_COMPLEX if exhausted else Label.DAMAGED, "detail": f"{type(error)}: {error}"}


def _limit(kind: int, amount: int) -> None:
    resource.setrlimit(kind, (amount, amount))


if __name__ == "__main__":
    main(*sys.argv[1:])
