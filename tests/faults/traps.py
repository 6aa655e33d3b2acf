"""Traps that a test sets for the processes it started: files in STATE_DIR/traps, each named after its point.

The product knows nothing of them: only the Celery and WSGI modules of this folder look.
"""

import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "traps"
POINTS = (
    "verdict",
    "claim",
    "serial",
    "certificate",
    "signature",
    "timestamp",
    "half-blob",
    "blob",
    "before-commit",
    "after-commit",
    "path",
)
"""Where a worker can be killed, in the order of a signature: after each of these."""


def set_(state: Path, name: str, content: str = "") -> None:
    """Set a trap; it is there whole or not at all."""
    (state / FOLDER).mkdir(exist_ok=True)
    part = state / FOLDER / f".{name}"
    part.write_text(content)
    part.rename(state / FOLDER / name)


def sprung(state: Path, name: str) -> bool:
    """Whether somebody stepped into it."""
    return (state / FOLDER / f"{name}.sprung").exists()


def step(name: str) -> bool:
    """Step where a trap may be: true for the first process that does; the trap is spent then."""
    place = Path(os.environ["STATE_DIR"]) / FOLDER
    try:
        (place / name).rename(place / f"{name}.sprung")
    except FileNotFoundError:
        return False
    return True


def content(name: str) -> str:
    """What a trap that stays says; empty where there is none."""
    place = Path(os.environ["STATE_DIR"]) / FOLDER / name
    return place.read_text() if place.exists() else ""


def kill_group(name: str) -> None:
    """End this process and every other of its group as `kill -9` does, where the trap is set."""
    if step(name):
        os.killpg(os.getpgid(0), signal.SIGKILL)


def after(owner: Any, name: str, then: Callable[[Any], None]) -> None:
    """From now on, call `then` with what `owner.name` gave, each time it has given it (None where it raised)."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def call(*arguments: Any, **keywords: Any) -> Any:
        given = None
        try:
            given = original(*arguments, **keywords)
        finally:
            then(given)
        return given

    is_static = isinstance(owner, type) and isinstance(owner.__dict__.get(name), staticmethod)
    setattr(owner, name, staticmethod(call) if is_static else call)


def before(owner: Any, name: str, first: Callable[..., None]) -> None:
    """From now on, call `first` with the arguments before `owner.name` itself."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def call(*arguments: Any, **keywords: Any) -> Any:
        first(*arguments, **keywords)
        return original(*arguments, **keywords)

    setattr(owner, name, call)
