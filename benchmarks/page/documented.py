"""The figures of the page, for docs/performance.md: `python -m benchmarks.page.documented` writes them there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.documented import DOCUMENT, placed
from benchmarks.page.judged import ASKED
from benchmarks.page.papers import PAPERS

RESULTS = Path(__file__).parents[1] / "results" / "page.json"
SHOWN, MEMORY, SHIFT, SCRIPTS = 1.5, 700, 0.05, 25_600
"""Seconds until title, list and actions are visible; MB; layout shift; octets of our scripts (signer-page.md)."""


def markdown(told: dict[str, Any]) -> str:
    """Three tables: what a phone waits for, what goes over the wire, and Lighthouse's scores."""
    return "\n".join([*_head(told), "", *_visits(told["rows"]), "", *_traffic(told["traffic"]), "", *_judged(told)])


def _head(told: dict[str, Any]) -> Iterator[str]:
    machine, phone = told["machine"], told["phone"]
    yield (
        f"{machine['processors']} processors, Chromium {machine['chromium']}, Lighthouse {machine['lighthouse']}; load "
        f"before {machine['load_before']}, after {machine['load_after']}. {phone['width']} × {phone['height']} px at "
        f"ratio {phone['ratio']}, processor ÷ {phone['cpu_rate']:g}, {phone['down_octets'] * 8 / 1e6:g} Mbit/s down, "
        f"{phone['up_octets'] * 8 / 1e6:g} up, {phone['latency_ms']:g} ms a request. Seconds: median (least) of "
        f"{told['rounds']} rounds; what is asked for in brackets."
    )


def _visits(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| document | title, list, actions | first page, nothing kept | from landing | opened again | shift | MB |"
    yield "|---|---|---|---|---|---|---|"
    asked = {paper.name: paper for paper in PAPERS}
    for row in rows:
        paper = asked[row["name"]]
        cells = [
            row["name"],
            _against(row["shown_s"], SHOWN),
            _against(row["cold_s"], paper.cold),
            _against(row["landing_s"], paper.warm),
            _against(row["again_s"], paper.warm),
            f"{row['shift']:.3f} [{SHIFT}]{_kept(row['shift'], SHIFT)}",
            f"{row['memory_mb']:.0f} [{MEMORY}]{_kept(row['memory_mb'], MEMORY)}",
        ]
        yield "| " + " | ".join(cells) + " |"


def _against(seconds: dict[str, float], asked: float | None) -> str:
    told = f"{seconds['median']:.2f} ({seconds['least']:.2f})"
    return told if asked is None else f"{told} [{asked:g}]{_kept(seconds['median'], asked)}"


def _kept(figure: float, asked: float) -> str:
    return "" if figure <= asked else " **not kept**"


def _traffic(traffic: dict[str, Any]) -> Iterator[str]:
    octets = ", ".join(f"{name.replace('_', ' ')} {count / 1000:.1f} kB" for name, count in traffic["octets"].items())
    others = ", ".join(traffic["other_hosts"]) or "none"
    ours = traffic["octets"]["our_scripts"]
    yield f"On the wire until the page of a document of 20 pages stands there, nothing kept: {octets}. Hosts asked "
    yield f"besides Paraphe's: {others}. Scripts of ours: {ours / 1024:.1f} KB of brotli [25]{_kept(ours, SCRIPTS)}."


def _judged(told: dict[str, Any]) -> Iterator[str]:
    yield "| Lighthouse | performance (each look) | accessibility | best practices | FCP, LCP, TBT in s | shift |"
    yield "|---|---|---|---|---|---|"
    for name, asked in ASKED.items():
        given = told["lighthouse"][name]
        looks = ", ".join(map(str, given["performance_looks"]))
        figures = ", ".join(f"{given[each]:.2f}" for each in ("fcp_s", "lcp_s", "tbt_s"))
        cells = [name, f"{given['performance']} ({looks}) [{asked}]{_reached(given['performance'], asked)}"]
        cells += [f"{given[each]} [100]{_reached(given[each], 100)}" for each in ("accessibility", "best_practices")]
        yield "| " + " | ".join([*cells, figures, f"{given['shift']:.3f}"]) + " |"


def _reached(score: int, asked: int) -> str:
    return "" if score >= asked else " **not reached**"


def main() -> None:
    told = json.loads(RESULTS.read_text())
    DOCUMENT.write_text(placed(DOCUMENT.read_text(), RESULTS, markdown(told)))


if __name__ == "__main__":
    main()
