"""The figures of signing: what docs/performance.md says is what the benchmark measured."""

import json

from benchmarks import cases, documented

MEMBERS = {"name", "ours_ms", "reference_ms", "limit_ms", "peak_mb", "peers"}


def test_the_document_tells_the_figures_of_the_last_run() -> None:
    told = json.loads(documented.RESULTS.read_text())
    document = documented.DOCUMENT.read_text()
    assert document == documented.written(document, told)
    assert documented.markdown(told) in document


def test_the_results_have_every_row() -> None:
    rows = json.loads(documented.RESULTS.read_text())["rows"]
    assert [row["name"] for row in rows][: len(cases.CASES)] == [case.name for case in cases.CASES]
    assert {"B-LTA 20 pages stamp", "B-LT 200 MB"} <= {row["name"] for row in rows}
    assert all(set(row) == MEMBERS for row in rows)
