"""The figures of the page: what docs/performance.md says is what the benchmark measured."""

import json
from typing import Any

from benchmarks.documented import DOCUMENT, placed
from benchmarks.page import documented
from benchmarks.page.judged import ASKED
from benchmarks.page.papers import PAPERS

MEMBERS = {"name", "shown_s", "cold_s", "landing_s", "again_s", "shift", "memory_mb"}


def told() -> dict[str, Any]:
    results: dict[str, Any] = json.loads(documented.RESULTS.read_text())
    return results


def test_the_document_tells_the_figures_of_the_last_run() -> None:
    figures, document = documented.markdown(told()), DOCUMENT.read_text()
    assert document == placed(document, documented.RESULTS, figures)
    assert figures in document


def test_the_results_have_every_document_and_every_page() -> None:
    results = told()
    assert [row["name"] for row in results["rows"]] == [paper.name for paper in PAPERS]
    assert all(set(row) == MEMBERS for row in results["rows"])
    assert set(results["lighthouse"]) == set(ASKED)
    assert set(results["phone"]) >= {"cpu_rate", "latency_ms", "down_octets", "up_octets"}


def test_what_is_not_kept_is_said() -> None:
    """No figure beyond its bound stands there as if it were within."""
    results = told()
    row = results["rows"][0]
    asked = PAPERS[0].cold
    for seconds, said in ((asked, False), (asked + 0.01, True)):
        row["cold_s"] = {"median": seconds, "least": seconds}
        line = next(each for each in documented.markdown(results).splitlines() if each.startswith(f"| {row['name']} |"))
        assert ("not kept" in line.split("|")[3]) is said
    results["lighthouse"]["done"]["performance"] = ASKED["done"] - 1
    line = next(each for each in documented.markdown(results).splitlines() if each.startswith("| done |"))
    assert "not reached" in line


def test_what_comes_from_another_host_is_named() -> None:
    results = told()
    assert "Hosts asked besides Paraphe's: none." in " ".join(documented.markdown(results).split())
    results["traffic"]["other_hosts"] = ["fonts.exemple"]
    assert "Hosts asked besides Paraphe's: fonts.exemple." in " ".join(documented.markdown(results).split())
