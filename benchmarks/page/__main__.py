"""The signer's page on a phone: `make bench-page`, or `python -m benchmarks.page [--rounds N] [--looks N]`.

Starts Paraphe as `make run` does, on free ports and an empty folder. Each round opens the documents page of each
document in a Chromium that has never been there, opens it again, and comes from the landing page in another (see
visits, phone); then, not slowed down, all pages are gone through for what they take of memory and how far anything
moves. Lighthouse judges landing, documents and done (see judged). Writes results/page.json, and from it the tables of
docs/performance.md.

Nothing else should run on the machine; the load before and after says whether something did.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.page import documented, judged, papers, phone, visits
from tests.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TRAFFIC_OF = "20 pages"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--looks", type=int, default=3, help="of Lighthouse at each page")
    asked = arguments.parse_args()
    machine: dict[str, Any] = {"processors": os.cpu_count(), "lighthouse": judged.version(), "chromium": version()}
    machine["load_before"] = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory(prefix="paraphe-bench-") as name:
        folder = Path(name)
        # The sweep of production: what is done beside a visit is what is done beside one there.
        stack = Stack(folder / "state", SWEEP_SECONDS="5", LEASE_SECONDS="90").start()
        try:
            told = measured(stack, folder, asked.rounds)
            told["lighthouse"] = judged.scores(stack, folder, folder / "20-pages.pdf", asked.looks)
        finally:
            stack.stop()
    machine["load_after"] = round(os.getloadavg()[0], 2)
    told = {"machine": machine, "phone": phone.described(), "rounds": asked.rounds, **told}
    documented.RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    documented.main()
    sys.stdout.write(documented.markdown(told) + "\n")


def measured(stack: Stack, folder: Path, rounds: int) -> dict[str, Any]:
    """A row for each document, and what one visit took over the wire."""
    rows, traffic = [], {}
    for paper in papers.PAPERS:
        links = visits.handed_over(stack, paper.write(folder), signers=2 * rounds)
        with phone.chromium(folder / f"home-{paper.pages}", stack.state / "sandbox" / "tls-root.crt") as browser:
            row, seen = of_paper(browser, stack, links)
        rows.append({"name": paper.name, **row})
        if paper.name == TRAFFIC_OF:
            other = sorted(seen.hosts - {stack.url.removeprefix("https://")})
            traffic = {"octets": dict(sorted(seen.octets.items())), "other_hosts": other}
    return {"rows": rows, "traffic": traffic}


def of_paper(browser: "Browser", stack: Stack, links: list[str]) -> tuple[dict[str, Any], visits.Traffic]:
    """Rounds over one document: each takes the links of two signers who have not been there."""
    cold, again, landing = list[visits.Visit](), list[visits.Visit](), list[visits.Visit]()
    for turn, (one, other) in enumerate(zip(links[::2], links[1::2], strict=True), start=1):
        visit, traffic, tab = visits.cold(browser, stack, one)
        cold.append(visit)
        again.append(visits.again(tab))
        if 2 * turn == len(links):
            visits.read_all(tab)
            taken = {"shift": round(visits.shift(tab), 4), "memory_mb": round(phone.memory(browser), 1)}
        tab.page.context.close()
        landing.append(visits.from_landing(browser, other))
    row = {
        "shown_s": summed([each.shown for each in cold]),
        "cold_s": summed([each.drawn for each in cold]),
        "landing_s": summed([each.drawn for each in landing]),
        "again_s": summed([each.drawn for each in again]),
        **taken,
    }
    return row, traffic


def summed(seconds: list[float]) -> dict[str, float]:
    """Median and least, to the hundredth."""
    return {"median": round(statistics.median(seconds), 2), "least": round(min(seconds), 2)}


def version() -> str:
    """Chromium's, as it tells it."""
    told = subprocess.run(["chromium", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[1]


if __name__ == "__main__":
    main()
