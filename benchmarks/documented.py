"""The figures of signing as docs/performance.md tells them: `python -m benchmarks.documented` writes them there."""

import json
import re
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results") / "signing.json"
DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
END = "<!-- end -->"


def markdown(told: dict[str, Any]) -> str:
    """One table: what signing takes, how that compares, and what is around it."""
    machine = told["machine"]
    on = f"{machine['processors']} processors, Python {machine['python']}, pyHanko {machine['pyhanko']}"
    lines = [
        f"{on}; load before {machine['load_before']}, after {machine['load_after']}. Medians in ms.",
        "",
        "| signing | engine | plain pyHanko | faster | limit | engine to limit | peak MB | peers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(row) for row in told["rows"] if row["reference_ms"] is not None]
    lines += ["", "| around it | ms |", "|---|---|"]
    lines += [f"| {row['name']} | {row['ours_ms']:.0f} |" for row in told["rows"] if row["reference_ms"] is None]
    return "\n".join(lines)


def _row(row: dict[str, Any]) -> str:
    ours, reference, limit = row["ours_ms"], row["reference_ms"], row["limit_ms"]
    cells = [row["name"], f"{ours:.1f}", f"{reference:.1f}", f"{reference / ours:.1f} ×", f"{limit:.1f}"]
    cells += [f"{ours / limit:.2f}" if limit > 1 else "", f"{row['peak_mb']:.0f}"]
    cells.append(", ".join(f"{name} {value:.0f}" for name, value in row["peers"].items()))
    return "| " + " | ".join(cells) + " |"


def written(document: str, told: dict[str, Any]) -> str:
    """Give the document with the figures of signing in their place."""
    return placed(document, RESULTS, markdown(told))


def placed(document: str, results: Path, figures: str) -> str:
    """Give the document with `figures` where the name of the file of results stands."""
    begin = f"<!-- benchmarks/results/{results.name} -->"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(END)}", re.DOTALL)
    return place.sub(lambda _: f"{begin}\n{figures}\n{END}", document, count=1)


def main() -> None:
    DOCUMENT.write_text(written(DOCUMENT.read_text(), json.loads(RESULTS.read_text())))


if __name__ == "__main__":
    main()
