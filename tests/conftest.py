"""What every test can rely on: no network, nothing skipped for want of a tool, the corpus where it is there."""

import gc
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from tests.shared import place, shared_by
from tests.twice import uses_stores

# No test is timed: on a busy machine an example takes longer than any deadline that says something.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
PROCESS_FIXTURES = {"stack", "neighbour", "new_stack", "house", "composed", "wired"}

pytest_plugins = [
    "tests.signing.walks",
    "tests.browser",
    "tests.safety_catches",
    "tests.emptying",
    "tests.stack",
    "tests.wired",
    "tests.gateways.twilio",
    "tests.groups",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set markers; keep on one worker what shares a browser or a Paraphe; leave out an absent corpus."""
    for item in items:
        shared = shared_by(item)
        if shared:
            item.add_marker(pytest.mark.xdist_group(shared[0]))
        elif item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if uses_stores(item):
            item.add_marker("stores")
        if item.path.relative_to(ROOT / "tests").parts[0] == "verification":
            item.add_marker("judges")
        if not PROCESS_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("processes")
    items.sort(key=place)
    if not CORPUS.is_dir():
        without = [item for item in items if item.get_closest_marker("corpus")]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: each full collection would look through them again, for half a second."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a failed one: what a test needs is installed by `make test`, or the test has no place."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say whether ../shared/corpus was tried."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    tried = sum("corpus" in report.keywords for report in reports)
    there = "is there" if CORPUS.is_dir() else "is not there"
    terminalreporter.write_line(f"../shared/corpus {there}: {tried or 'no'} tests tried it")


@pytest.fixture(autouse=True)
def _checkpoints_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is signed over the log of one test's database is nothing to the next one's."""
    place = Path(settings.STATE_DIR) / "checkpoints" / uuid.uuid4().hex
    monkeypatch.setattr(settings, "CHECKPOINTS_DIR", place)


@pytest.fixture(autouse=True, scope="session")
def _the_disk_is_not_waited_for() -> Iterator[None]:
    """Power cuts are not what these tests try; each file of a path would wait for the disk, several times a test."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of PDFs that live outside the repository; for tests marked `corpus` only."""
    return CORPUS


@pytest.fixture(scope="session")
def outside() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs an outside judge (`outside("qpdf", "--check", path)`) and gives status and output, errors included."""

    def run(program: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        assert shutil.which(program), f"{program} is not installed; `make test` installs it on Debian"
        return subprocess.run(
            [program, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=60,
            env=os.environ | {"LC_ALL": "C.UTF-8"} | environment,
        )

    return run
