"""What Lighthouse says of landing, documents and done, as a phone sees them: scores of 0 to 100.

Lighthouse's own profile: it loads the page unhindered, and works out from what it saw how long a middling phone on slow
4G would take ("simulate"). Its scores of performance differ from one look to the next: the median of several is told,
of the others the least.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from benchmarks.page import phone, visits
from tests.http_signer import HttpSigner
from tests.stack import ROOT, Stack, free_ports

PROGRAM = ROOT / "benchmarks" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
ASKED = {"landing": 90, "documents": 75, "done": 90}  # of performance, issue 7; of the others 100
SECONDS = 240

Scores = dict[str, Any]


def version() -> str:
    """The version that is installed."""
    told: str = json.loads((PROGRAM.parents[1] / "package.json").read_text())["version"]
    return told


def addresses(stack: Stack, paper: Path) -> tuple[dict[str, str], str]:
    """Give where the three pages stand, and the visit of one person that opens two of them."""
    signer = HttpSigner(stack.state / "sandbox" / "tls-root.crt")
    landing, unread, signed = (visits.handed_over(stack, paper)[0] for _ in range(3))
    documents = signer.open(unread).url
    done = urljoin(stack.url, signer.sign(signed, stack.state / "mailbox"))
    signer.wait(lambda: "data-status" not in signer.get(done).text)
    return {"landing": landing, "documents": documents, "done": done}, signer.cookie(visits.VISIT)


def scores(stack: Stack, folder: Path, paper: Path, looks: int) -> dict[str, Scores]:
    """Give what each page is given, in so many looks at each; `paper` is what is to be signed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - as in tests/browser.py

    pages, visit = addresses(stack, paper)
    [port] = free_ports(1)
    home = folder / "lighthouse"
    options = phone.options(home, stack.state / "sandbox" / "tls-root.crt", f"--remote-debugging-port={port}")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(home / "profile", **options)
        context.add_cookies([{"name": visits.VISIT, "value": visit, "url": stack.url, "secure": True}])
        told = {name: [look(address, port, folder) for _ in range(looks)] for name, address in pages.items()}
        context.close()
    return {name: summed(reports) for name, reports in told.items()}


def look(address: str, port: int, folder: Path) -> dict[str, Any]:
    """Lighthouse's report on one page, in the Chromium that listens there."""
    node, report = (
        shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"),
        folder / "report.json",
    )
    if node is None or not PROGRAM.exists():
        raise RuntimeError("Lighthouse is not installed; `make bench-page` installs it")
    asked = [f"--port={port}", "--output=json", f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"]
    command = [node, str(PROGRAM), address, *asked, "--locale=en", "--quiet", "--no-enable-error-reporting"]
    subprocess.run(command, check=True, timeout=SECONDS, env={**os.environ, "HOME": str(folder)})
    told: dict[str, Any] = json.loads(report.read_text())
    if "runtimeError" in told:
        raise RuntimeError(f"{address}: {told['runtimeError']}")
    return told


def summed(reports: Sequence[Mapping[str, Any]]) -> Scores:
    """Median of performance and of its figures in seconds, least of the others; and what the others found wrong."""
    given = {name: [100 * each["categories"][name]["score"] for each in reports] for name in CATEGORIES}
    seconds = {
        short: round(statistics.median(each["audits"][name]["numericValue"] for each in reports) / 1000, 2)
        for short, name in (
            ("fcp_s", "first-contentful-paint"),
            ("lcp_s", "largest-contentful-paint"),
            ("tbt_s", "total-blocking-time"),
        )
    }
    return {
        "performance": round(statistics.median(given["performance"])),
        "performance_looks": [round(each) for each in given["performance"]],
        "accessibility": round(min(given["accessibility"])),
        "best_practices": round(min(given["best-practices"])),
        **seconds,
        "shift": round(max(each["audits"]["cumulative-layout-shift"]["numericValue"] for each in reports), 4),
        "wrong": sorted({wrong for each in reports for wrong in _wrong(each)}),
    }


def _wrong(report: Mapping[str, Any]) -> list[str]:
    """Audits that cost accessibility or best practices something."""
    asked = [each for name in CATEGORIES[1:] for each in report["categories"][name]["auditRefs"] if each["weight"]]
    found = {each["id"]: report["audits"][each["id"]]["score"] for each in asked}
    return [name for name, score in found.items() if score is not None and score < 1]
