"""Signing alone, warm: `make bench`, or `python -m benchmarks.signing [--rounds N] [--large-rounds N]`.

Each round signs a row (see cases) by the engine and by plain pyHanko, and measures the limit, one after the other, so
that whatever else the machine does falls on all alike. Peers that are installed (see peers) sign at level B. Intake and
the check before release have rows of their own. Prints a table; writes results/signing.json (medians in milliseconds,
the peak of a process's memory in MB, the load beside them) and from it the tables of docs/performance.md.
"""

import argparse
import json
import logging
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

from benchmarks import beside, cases, documented, peers
from benchmarks.documented import RESULTS
from benchmarks.memory import peak

Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=25, help="of the rows of 20 pages")
    arguments.add_argument("--large-rounds", type=int, default=15, help="of the rows of many megabytes")
    asked = arguments.parse_args()
    django.setup()
    logging.disable()  # plain pyHanko warns at every signature that it may not fetch
    machine: Row = {"processors": os.cpu_count(), "python": platform.python_version(), "pyhanko": version("pyHanko")}
    machine["load_before"] = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory(prefix="paraphe-bench-") as name, peers.running(Path(name)) as running:
        folder = Path(name)
        sources = cases.sources(folder)
        rows = [
            signing(case, sources[case.megabytes], folder / "signed.pdf", running, _rounds(asked, case.megabytes))
            for case in cases.CASES
        ]
        for megabytes, source in sorted(sources.items()):
            rows += [surrounding(step, folder, _rounds(asked, megabytes)) for step in beside.steps(source, folder)]
    machine["load_after"] = round(os.getloadavg()[0], 2)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1, ensure_ascii=False) + "\n")
    documented.main()
    sys.stdout.write("\n".join(table(machine, rows)) + "\n")


def signing(case: cases.Case, source: Path, target: Path, running: Mapping[str, peers.Peer], rounds: int) -> Row:
    """One row: medians of interleaved rounds, the first of which is left out, and the memory of one more signature."""
    means: dict[str, Callable[[], float]] = {
        "ours_ms": partial(cases.ours, case, source, target),
        "reference_ms": partial(cases.reference, case, source, target),
        "limit_ms": partial(cases.limit, case, source, target),
    }
    means |= {name: partial(peer, source, target) for name, peer in running.items() if case.is_plain}
    told = medians(means, rounds)
    named = {name: told.pop(name) for name in running if name in told}
    return {"name": case.name, **told, "peak_mb": peak(case, source, target), "peers": named}


def surrounding(step: beside.Step, folder: Path, rounds: int) -> Row:
    """A row of what is around a signature: nothing to compare it with here."""
    told = medians({"ours_ms": partial(step.measure, folder)}, rounds)
    return {"name": step.name, **told, "reference_ms": None, "limit_ms": None, "peak_mb": None, "peers": {}}


def medians(means: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Milliseconds of each, in turn in every round; the first round warms up."""
    spent = [{name: measure() for name, measure in means.items()} for _ in range(rounds + 1)][1:]
    return {name: round(1000 * statistics.median(each[name] for each in spent), 2) for name in means}


def table(machine: Row, rows: list[Row]) -> Iterator[str]:
    """What people read: the figures, and how often ours fits into the reference, or the limit into ours."""
    yield ", ".join(f"{name} {value}" for name, value in machine.items())
    yield f"{'':<32}{'ours':>9}{'pyHanko':>9}{'faster':>8}{'limit':>9}{'of it':>7}{'MB':>7}  peers"
    for row in rows:
        ours, reference, limit, memory = (row[name] for name in ("ours_ms", "reference_ms", "limit_ms", "peak_mb"))
        line = f"{row['name']:<32}{ours:>9.1f}"
        if reference is not None:
            line += f"{reference:>9.1f}{reference / ours:>7.1f}×{limit:>9.2f}{ours / limit:>6.1f}×{memory:>7.0f}  "
        yield line + ", ".join(f"{name} {value:.1f}" for name, value in row["peers"].items())


def _rounds(asked: argparse.Namespace, megabytes: int) -> int:
    rounds: int = asked.large_rounds if megabytes else asked.rounds
    return rounds


if __name__ == "__main__":
    main()
