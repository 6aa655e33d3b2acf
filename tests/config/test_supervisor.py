"""Real processes, as the table "Celery on files, one command" of the stack's facts wants them ended."""

import io
import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.supervisor import Part, Supervisor

ROOT = Path(__file__).resolve().parents[2]
# Says that it is up, then lives until SIGTERM; says so, too.
LEADER = """
    import signal, sys, threading
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    print("up", flush=True)
    done.wait()
    print("warm stop", flush=True)
"""
# Has a child that ignores SIGTERM, as a stuck pool process would.
STUBBORN = """
    import os, signal, subprocess, sys
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    print("child", child.pid, flush=True)
    signal.pause()
"""


@pytest.fixture
def nothing_left() -> Callable[[], bool]:
    """Tells whether every child since the test began has gone; this process has others, which other tests share."""
    before = children()
    return lambda: children() <= before


def part(name: str, code: str) -> Part:
    return Part(name, [sys.executable, "-u", "-c", textwrap.dedent(code)])


def interrupt_when(out: io.StringIO, *, seen: str) -> Callable[[], None]:
    """A tick that plays Ctrl-C once `seen` has been shown."""
    told: list[bool] = []

    def tick() -> None:
        if seen in out.getvalue() and not told:
            told.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    return tick


@pytest.fixture(autouse=True)
def _signals_restored() -> object:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_lets_each_part_end_warm(tmp_path: Path) -> None:
    """Ctrl-C ends every process that was started, and each may finish what it does."""
    out = io.StringIO()
    supervisor = Supervisor(logs=tmp_path, out=out)

    status = supervisor.run([part("web", LEADER), part("worker", LEADER)], tick=interrupt_when(out, seen="worker | up"))

    assert status == 0
    assert out.getvalue().count("warm stop") == 2
    assert "web    | up\n" in out.getvalue()
    assert "warm stop" in (tmp_path / "worker.log").read_text()


def test_everyday_lines_go_to_the_log_only(tmp_path: Path) -> None:
    """What was announced (address, link) must not scroll away; all is kept in the log."""
    out = io.StringIO()
    chatty = part("web", "print('everyday'); print('alarm')")

    Supervisor(logs=tmp_path, out=out, shown=lambda line: line != "everyday").run([chatty], tick=lambda: None)

    assert "alarm" in out.getvalue()
    assert "everyday" not in out.getvalue()
    assert "everyday" in (tmp_path / "web.log").read_text()


def test_the_death_of_a_part_ends_all(tmp_path: Path, nothing_left: Callable[[], bool]) -> None:
    """Half a service is not served: status 1, and the part is named."""
    out = io.StringIO()
    dying = part("worker", "raise SystemExit(7)")

    status = Supervisor(logs=tmp_path, out=out).run([part("web", LEADER), dying], tick=lambda: None)

    assert status == 1
    assert "worker ended by itself (7)" in out.getvalue()
    assert nothing_left()


def test_what_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    """After the grace the whole group of a part gets SIGKILL."""
    out = io.StringIO()
    supervisor = Supervisor(logs=tmp_path, out=out, grace=0.3)

    supervisor.run([part("stuck", STUBBORN)], tick=interrupt_when(out, seen="child"))

    child = int(out.getvalue().split("child ")[1].split()[0])
    assert gone(child)


def test_a_second_signal_cuts_the_grace_short(tmp_path: Path) -> None:
    """Who presses Ctrl-C twice does not wait twenty seconds."""
    out = io.StringIO()
    supervisor = Supervisor(logs=tmp_path, out=out, grace=20)
    again = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    again.start()
    started = time.monotonic()

    supervisor.run([part("stuck", STUBBORN)], tick=interrupt_when(out, seen="child"))

    assert time.monotonic() - started < 10
    again.join()


def test_a_start_that_fails_leaves_nothing(tmp_path: Path, nothing_left: Callable[[], bool]) -> None:
    """The second part has no program: the first is ended again."""
    supervisor = Supervisor(logs=tmp_path, out=io.StringIO())

    with pytest.raises(FileNotFoundError):
        supervisor.run([part("web", LEADER), Part("worker", ["/nonexistent/program"])], tick=lambda: None)

    assert nothing_left()


def test_parts_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    """`kill -9` of the supervisor reaches the parts as SIGTERM (PR_SET_PDEATHSIG)."""
    code = f"""
        import sys
        from pathlib import Path
        from config.supervisor import Part, Supervisor
        command = [sys.executable, "-c", "import os, signal; print(os.getpid(), flush=True); signal.pause()"]
        leader = Part("web", command)
        Supervisor(logs=Path({str(tmp_path)!r}), out=sys.stdout).run([leader], tick=lambda: None)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        leader = int(process.stdout.readline().split("| ")[1])
        process.kill()

    assert gone(leader)


def test_a_reader_that_goes_away_ends_nothing(tmp_path: Path, nothing_left: Callable[[], bool]) -> None:
    """`make run | head` must not leave processes behind."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        supervisor = Supervisor(logs=tmp_path, out=out)
        assert supervisor.run([part("web", "print('up')")], tick=lambda: None) == 1
    assert nothing_left()


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def gone(pid: int) -> bool:
    """Whether `pid` has ended within five seconds (nobody may have waited for it: a zombie counts)."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5)[0])
    finally:
        os.close(handle)
