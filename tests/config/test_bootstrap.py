"""The issue, "What a newcomer does": a lock with hashes; missing Debian packages through apt, or one line and stop."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from config import bootstrap


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What would have been run."""
    run: list[Sequence[str]] = []
    monkeypatch.setattr(bootstrap, "_run", lambda command, **_environment: run.append(command))
    return run


@pytest.fixture
def clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A clone with two small locks and a virtual environment that works."""
    for lock in bootstrap.LOCKS["test"]:
        (tmp_path / lock).write_text(f"# {lock}\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "paraphe-locks")
    monkeypatch.setattr(bootstrap, "_pip_works", lambda _python: True)
    return tmp_path


def test_without_root_it_says_in_one_line_what_to_install(
    monkeypatch: pytest.MonkeyPatch, commands: list[Sequence[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """ "without root one line that says what to install"."""
    monkeypatch.setattr(bootstrap, "missing_debian_packages", lambda _wanted: ["qpdf", "chromium"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as ended:
        bootstrap.install_debian_packages(["qpdf", "chromium", "openssl"])

    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        "paraphe: Debian packages are missing. As root: apt-get install --no-install-recommends qpdf chromium"
    ]
    assert not commands


def test_as_root_it_asks_apt_for_the_missing_ones_only(
    monkeypatch: pytest.MonkeyPatch, commands: list[Sequence[str]]
) -> None:
    """Lists first, then the packages, without what they merely recommend."""
    monkeypatch.setattr(bootstrap, "missing_debian_packages", lambda _wanted: ["qpdf"])
    monkeypatch.setattr("os.geteuid", lambda: 0)

    bootstrap.install_debian_packages(["qpdf", "openssl"])

    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert {"--yes", "--no-install-recommends", "qpdf"} <= set(commands[1])
    assert "openssl" not in commands[1]


def test_a_package_nobody_has_heard_of_is_missing() -> None:
    """dpkg-query answers with an error for a name it does not know, and still tells of the others."""
    assert bootstrap.missing_debian_packages(["dpkg", "paraphe-does-not-exist"]) == ["paraphe-does-not-exist"]


def test_an_unchanged_lock_costs_nothing(clone: Path, commands: list[Sequence[str]]) -> None:
    """ "quick when nothing changed": the second time nothing is run."""
    bootstrap.install_python_packages(["requirements.lock"])
    assert len(commands) == 1
    assert {"--require-hashes", str(clone / "requirements.lock")} <= set(commands[0])

    bootstrap.install_python_packages(["requirements.lock"])
    assert len(commands) == 1


def test_a_changed_lock_is_installed(clone: Path, commands: list[Sequence[str]]) -> None:
    """The stamp holds the digest of the lock."""
    bootstrap.install_python_packages(["requirements.lock"])
    (clone / "requirements.lock").write_text("# newer\n")

    bootstrap.install_python_packages(["requirements.lock"])

    assert len(commands) == 2


def test_what_the_tests_need_is_enough_to_run(clone: Path, commands: list[Sequence[str]]) -> None:
    """The developers' lock holds the other (test_repository), so `make run` after `make test` installs nothing."""
    bootstrap.install_python_packages(bootstrap.LOCKS["test"])
    bootstrap.install_python_packages(bootstrap.LOCKS["run"])

    assert [command[-1] for command in commands] == [str(clone / "requirements-dev.lock")]


def test_an_install_that_failed_is_tried_again(
    clone: Path, commands: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No stamp is left by half an installation, not even the older one."""
    bootstrap.install_python_packages(["requirements.lock"])
    (clone / "requirements.lock").write_text("# newer\n")

    def fail(_command: Sequence[str]) -> None:
        raise SystemExit(1)

    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "_run", fail)
        with pytest.raises(SystemExit):
            bootstrap.install_python_packages(["requirements.lock"])
    bootstrap.install_python_packages(["requirements.lock"])

    assert len(commands) == 2


def test_a_broken_virtual_environment_is_made_anew(
    clone: Path, commands: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python that was removed or upgraded leaves a .venv that cannot start."""
    monkeypatch.setattr(bootstrap, "_pip_works", lambda _python: False)

    bootstrap.install_python_packages(["requirements.lock"])

    assert commands[0][1:4] == ["-m", "venv", "--clear"]
    assert commands[1][0] == str(clone / ".venv" / "bin" / "python")


def test_another_python_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong Python: a clear sentence, exit code other than 0."""
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))

    with pytest.raises(SystemExit) as ended:
        bootstrap.main(["run"])

    assert ended.value.code == 1
    assert "Paraphe needs Python 3.11" in capsys.readouterr().err


def test_a_judge_of_pages_is_installed_once_for_each_lock(commands: list[Sequence[str]], clone: Path) -> None:
    """As its lock says, without running anything of the packages; not again where nothing has changed."""
    (clone / "html" / "node_modules").mkdir(parents=True)
    for content in ("{}", "{}", '{"name": "another"}'):
        (clone / "html" / "package-lock.json").write_text(content)
        bootstrap.install_judge(clone / "html", "a judge")

    assert [command[1] for command in commands] == ["ci", "ci"]
    assert all("--ignore-scripts" in command for command in commands)


@pytest.mark.parametrize(("purpose", "judges"), [("run", set()), ("test", {"html"}), ("page", {"html", "lighthouse"})])
def test_lighthouse_is_installed_for_its_benchmark_alone(
    monkeypatch: pytest.MonkeyPatch, clone: Path, purpose: str, judges: set[str]
) -> None:
    """`make test` stays as quick as it is: Lighthouse is large, and judges in `make bench-page` only."""
    installed = set[str]()
    monkeypatch.setattr(bootstrap, "install_debian_packages", lambda _wanted: None)
    monkeypatch.setattr(bootstrap, "install_python_packages", lambda _locks: None)
    monkeypatch.setattr(bootstrap, "install_judge", lambda folder, _what: installed.add(folder.name))

    bootstrap.main([purpose])

    assert (clone / bootstrap.LOCKS[purpose][0]).exists()
    assert installed == judges
