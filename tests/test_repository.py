"""Rules of STYLE and DESIGN that no tool holds: sizes, directions of the database, locks, traces of machines."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES, FUNCTION_LINES = 400, 50
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Which apps the models of an app may refer to: trail and codes know no envelope, the service knows no path.
DJANGO = {"auth", "contenttypes"}
BELOW = {
    "otp": {"otp"},
    "evidence": {"evidence"},
    "clients": {"clients", "otp", "evidence"} | DJANGO,
    "backend": {"backend", "clients", "otp", "evidence"},
    "signing": {"signing", "backend", "clients", "otp", "evidence"} | DJANGO,
}


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git keeps, and that are there."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def ours(*suffixes: str) -> Iterator[Path]:
    """Tracked files that people wrote here: neither vendored nor generated."""
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if path.suffix in suffixes and parts[:2] != ("static", "vendor") and "migrations" not in parts:
            yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_the_hard_stop() -> None:
    """STYLE 15: file ≤ 400 lines, then split by noun."""
    long = {
        name(path): count for path in ours(".py", ".js") if (count := len(path.read_text().splitlines())) > FILE_LINES
    }

    assert not long


def test_no_function_is_longer_than_the_hard_stop() -> None:
    """STYLE 15: function ≤ 50 lines."""
    long = {
        f"{name(path)}:{node.lineno} {node.name}": length
        for path in ours(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }

    assert not long


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """Models and migrations tell the same."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_diagrams_are_current() -> None:
    """DESIGN: diagrams are generated from the transition tables."""
    call_command("draw_states", "--check")


@pytest.mark.parametrize("label", BELOW)
def test_relations_point_down(label: str) -> None:
    """DESIGN, "The house": foreign keys point down too."""
    up = {
        f"{model.__name__}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label not in BELOW[label]
    }

    assert not up


def test_every_app_of_ours_has_its_place_in_the_directions() -> None:
    """A new app is given its place in BELOW, or the test above would not look at it."""
    roots = ("otp", "evidence", "signing")

    assert {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in roots} == set(BELOW)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_digests_and_no_address(lock: str) -> None:
    """The issue: a lock with hashes and no index addresses."""
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=\S)", text)

    assert "://" not in text
    assert not re.search(r"^-|--(?!hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


@pytest.mark.parametrize("folder", ["tests/html", "benchmarks/lighthouse"])
def test_the_lock_of_a_judge_of_pages_has_digests_and_no_address(folder: str) -> None:
    """As of Python's packages: where they come from is a matter of the machine."""
    text = (ROOT / folder / "package-lock.json").read_text()
    packages = {path: each for path, each in json.loads(text)["packages"].items() if path}

    assert "://" not in text
    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())


def test_the_developers_lock_holds_all_of_the_other() -> None:
    """config/bootstrap.py takes what `make test` installed as enough for `make run`."""
    pins = [set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS]

    assert pins[0]
    assert pins[0] <= pins[1]


def test_every_dependency_says_why_it_is_there() -> None:
    """DESIGN, "Dependencies": each has one line in pyproject.toml saying why."""
    text = (ROOT / "pyproject.toml").read_text()
    declared = tomllib.loads(text)
    wanted = [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]

    assert not [line for line in wanted if not re.search(rf'^    "{re.escape(line)}",\s+# \w', text, re.MULTILINE)]


def test_the_product_imports_nothing_that_only_developers_have() -> None:
    """`make run` installs requirements.lock alone: what only the other lock brings is missing on a fresh machine."""
    locked = {pin.partition("==")[0] for pin in re.findall(r"^\S+==\S+", (ROOT / LOCKS[0]).read_text(), re.MULTILINE)}
    providers = packages_distributions()
    foreign = {
        f"{name(path)}: {module}"
        for path in ours(".py")
        if path.relative_to(ROOT).parts[0] in ("config", "signing", "evidence", "otp")
        for module in imported(path)
        if module in providers and not {re.sub(r"[-_.]+", "-", each).lower() for each in providers[module]} & locked
    }

    assert not foreign


def imported(path: Path) -> set[str]:
    """Top-level names of the packages that a module imports anywhere, for its types apart."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return found


def test_no_file_names_a_registry() -> None:
    """Packages are asked for by name; where they come from is the machine's business."""
    hosts = (
        "pypi" + ".org",
        "python" + "hosted.org",
        "registry.npm" + "js.org",
        "deb.deb" + "ian.org",
        "crates" + ".io",
    )

    assert not list(files_with("|".join(map(re.escape, hosts))))


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """A path of the author's disk works on no other."""
    folders = ("/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/opt/" + "wheels")

    assert not list(files_with(r"(?<![\w.})])(" + "|".join(folders) + ")"))


def files_with(pattern: str) -> Iterator[str]:
    """Name and line of each place in a tracked text file, vendored ones apart, where `pattern` is found."""
    for path in tracked():
        if name(path).startswith("static/vendor/"):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        yield from (f"{name(path)}:{text.count(chr(10), 0, match.start()) + 1}" for match in re.finditer(pattern, text))
