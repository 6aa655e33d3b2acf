"""The process in which a file is verified: `python -m evidence.verify.examination`.

It reads one JSON object a line: `path`, `at` (ISO 8601), `roots` and `time_roots` (PEM), `wall_seconds`, `cpu_seconds`,
`memory_bytes`.
Each is answered on a line of its own by a child that it forks: the report, or an empty object where that child did not
come to an end. Whatever a parser does to it (endless loop, exhausted memory, crash) ends that child and nothing else.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings

from evidence.verify import report

_MOST_OPEN_FILES = 64
_OWN_MEMORY = 800 * 1024 * 1024
"""Bytes that a child may make its own, whatever it may map besides: what it keeps resident stays below a gigabyte."""
_ANSWERED = 0


def serve() -> None:
    """Answer until nobody asks any more."""
    settings.configure(USE_I18N=False, USE_TZ=True)  # sentences are said by whoever asked
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()  # what is loaded is shared with the children, not copied when they collect
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _answer(json.loads(line))
        _, status = os.waitpid(child, 0)
        if status != _ANSWERED:
            _say({})


def _answer(asked: dict[str, Any]) -> None:
    """Verify one file under limits that nothing in this process can raise again, and end."""
    signal.setitimer(signal.ITIMER_REAL, asked["wall_seconds"])  # SIGALRM ends it
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, asked["cpu_seconds"])
    _limit(resource.RLIMIT_AS, asked["memory_bytes"])
    _limit(resource.RLIMIT_DATA, _OWN_MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)  # nothing of a file is ever written anywhere
    _limit(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    roots, time_roots = (_certificates(asked[name]) for name in ("roots", "time_roots"))
    at = datetime.fromisoformat(asked["at"])
    found = report.examine(Path(asked["path"]), roots=roots, at=at, time_roots=time_roots)
    _say(found.packed())
    os._exit(_ANSWERED)


def _certificates(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode()) if pem else []


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _limit(kind: int, amount: int) -> None:
    resource.setrlimit(kind, (amount, amount))


if __name__ == "__main__":
    serve()
