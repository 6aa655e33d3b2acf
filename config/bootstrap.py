"""Gets a fresh Debian machine ready: Debian packages, virtual environment, locked Python packages.

Run by the system's Python before anything of ours is installed (`python3.11 -I config/bootstrap.py run|test|page`), so
it uses the standard library only. It does nothing, and says nothing, where everything is there already.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "paraphe-locks"
JUDGES_OF_PAGES = {  # packages of npm by what asks for them: where the lock stands, and what it is
    "test": ((ROOT / "tests" / "html", "the judge of HTML"),),
    "page": ((ROOT / "tests" / "html", "the judge of HTML"), (ROOT / "benchmarks" / "lighthouse", "Lighthouse")),
}

# What is asked for decides the lock; the second lock holds everything of the first (a test compares them).
LOCKS = {"run": ("requirements.lock",), "test": ("requirements.lock", "requirements-dev.lock")}
LOCKS["page"] = LOCKS["test"]
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")  # WeasyPrint draws the dossier with them
JUDGES = (
    *("poppler-utils", "qpdf", "mupdf-tools", "xmlsec1", "libxml2-utils", "openssl", "faketime", "libnss3-tools"),
    "curl",
)
SERVERS = ("postgresql", "redis-server", "nginx-light")  # tests start instances of their own, in folders of their own
TOKEN = ("softhsm2",)
GATEWAY = ("kannel", "kannel-extras")  # an SMS gateway with a simulated SMS centre
DEBIAN = {"run": PANGO, "test": (*PANGO, *JUDGES, *SERVERS, *TOKEN, *GATEWAY, "gettext", "chromium")}
DEBIAN["page"] = DEBIAN["test"]


def main(arguments: Sequence[str]) -> None:
    """Prepare this clone for `run`, `test` or the benchmark `page`; ends with a sentence where that cannot be."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        _stop("usage: bootstrap.py run|test|page")
    if sys.version_info[:2] != PYTHON:
        _stop(f"Paraphe needs Python 3.11; {sys.executable} is {sys.version.split()[0]}. Name another: make PYTHON=…")
    signal.signal(signal.SIGTERM, _terminated)
    purpose = arguments[0]
    try:
        with (ROOT / "requirements.lock").open("rb") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)  # `make run` and `make test` may be started together
            install_debian_packages(DEBIAN[purpose])
            install_python_packages(LOCKS[purpose])
            for folder, what in JUDGES_OF_PAGES.get(purpose, ()):
                install_judge(folder, what)
    except KeyboardInterrupt:
        _stop("interrupted; started again it goes on from here", status=130)


def install_debian_packages(wanted: Sequence[str]) -> None:
    """Install through apt what dpkg does not know as installed; without root say what to install and stop."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        wanted = (*wanted, "python3-venv")
    missing = missing_debian_packages(wanted)
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", *missing]
    if os.geteuid() != 0:
        _stop("Debian packages are missing. As root: apt-get install --no-install-recommends " + " ".join(missing))
    _say("installing from Debian: " + " ".join(missing))
    _run(["apt-get", "update", "-o", "DPkg::Lock::Timeout=300"])
    # RUNLEVEL: what tests start by themselves is not to be started as a service of the machine.
    _run(install, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")


def missing_debian_packages(wanted: Sequence[str]) -> list[str]:
    """Those of `wanted` that are not installed; empty, with a word, on a system without dpkg."""
    query = shutil.which("dpkg-query")
    if query is None:
        _say("this is not Debian; it is taken for granted that these are there: " + " ".join(wanted))
        return []
    command = [query, "--show", "--showformat=${Package} ${db:Status-Status}\n", *wanted]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # 1: some are unknown to it
    installed = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in installed]


def install_python_packages(locks: Sequence[str]) -> None:
    """Make the virtual environment hold what the last of `locks` says; quick where its stamp tells that it does."""
    stamp = {name: f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}" for name in locks}
    python = VENV / "bin" / "python"
    known = STAMP.read_text().splitlines() if STAMP.exists() and python.exists() else []
    if set(stamp.values()) <= set(known):
        return
    if not _pip_works(python):
        _say(f"making the virtual environment {VENV.name}")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    STAMP.unlink(missing_ok=True)
    _say(f"installing Python packages of {locks[-1]}")
    # The lock is complete, so nothing is resolved; a wheel is asked for because a source would fetch unlocked tools.
    options = ["--disable-pip-version-check", "--require-hashes", "--no-deps", "--only-binary=:all:"]
    _run([str(python), "-m", "pip", "install", *options, "--requirement", str(ROOT / locks[-1])])
    STAMP.write_text("\n".join(stamp.values()) + "\n")


def install_judge(folder: Path, what: str) -> None:
    """Install what the lock of `folder` says, by the npm beside Python; quick where it is there already."""
    lock = (folder / "package-lock.json").read_bytes()
    stamp, known = folder / "node_modules" / "paraphe-lock", hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == known:
        return
    _say(f"installing {what}")
    # No script of a package runs; what is optional among them is for other platforms.
    options = ["--ignore-scripts", "--omit=optional", "--omit=peer", "--no-audit", "--no-fund", "--silent"]
    _run([str(VENV / "bin" / "npm"), "ci", "--prefix", str(folder), *options])
    stamp.write_text(known)


def _pip_works(python: Path) -> bool:
    """False for a virtual environment that is absent, half made, or made by a Python that has gone or is another."""
    code = "import pip, sys; raise SystemExit(sys.version_info[:2] != (3, 11))"
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str], **environment: str) -> None:
    """Run a command with its output shown; it is ended, and waited for, when this process is told to end."""
    with subprocess.Popen(command, env=os.environ | environment, stdin=subprocess.DEVNULL) as process:
        try:
            status = process.wait()
        except (KeyboardInterrupt, SystemExit):
            process.terminate()
            raise
    if status:
        _stop(f"failed with status {status}: {' '.join(command)}")


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


def _say(sentence: str) -> None:
    print(f"paraphe: {sentence}", flush=True)  # noqa: T201 - the console is this script's page


def _stop(sentence: str, *, status: int = 1) -> NoReturn:
    print(f"paraphe: {sentence}", file=sys.stderr, flush=True)  # noqa: T201
    raise SystemExit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
