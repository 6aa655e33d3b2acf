"""The catalogues of translations: the English of every French text that people read, one catalogue per application.

`python -m config.messages` (`make messages`) takes the texts from sources and templates into `django.po` and compiles
it to `django.mo`; with `--check` it writes nothing and says what is not as it should be. Applications may be
named. What is written has neither line numbers nor dates: it changes only where a text does. Needs Debian's gettext.
"""

import gettext
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = (
    *("_", "gettext", "gettext_lazy", "gettext_noop", "N_", "marked", "ngettext:1,2", "ngettext_lazy:1,2"),
    *("pgettext:1c,2", "pgettext_lazy:1c,2", "npgettext:1c,2,3", "npgettext_lazy:1c,2,3"),
)
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: paraphe\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
STABLE = ("--no-wrap", "--sort-output", "--force-po")


@dataclass(frozen=True)
class Catalogue:
    """The texts of one application, and where they stand: folders and files below the root, some left out."""

    app: str
    sources: tuple[str, ...]
    without: tuple[str, ...] = ()

    @property
    def po(self) -> Path:
        return ROOT / self.app / "locale" / "en" / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    def files(self) -> Iterator[Path]:
        """Python sources and templates, in a stable order."""
        left_out = [ROOT / each for each in self.without]
        for folder in self.sources:
            for path in sorted((ROOT / folder).rglob("*")):
                if path.suffix in {".py", ".html", ".txt", ".xml"} and not any(map(path.is_relative_to, left_out)):
                    yield path


CATALOGUES = (
    Catalogue("signing", ("signing", "config", "templates"), ("templates/dossier", "config/messages.py")),
    Catalogue("evidence", ("evidence", "templates/dossier")),
    Catalogue("otp", ("otp",)),
)


def taken(catalogue: Catalogue) -> str:
    """The catalogue as its sources have it now: texts that are gone left out, new ones without a translation."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template, held = folder / "new.pot", folder / "held.po"
        template.write_text(_extracted(catalogue, folder))
        held.write_text(catalogue.po.read_text() if catalogue.po.exists() else HEADER)
        merged = _run("msgmerge", "--quiet", "--no-fuzzy-matching", *STABLE, held, template)
        held.write_text(merged)
        return _run("msgattrib", "--no-obsolete", *STABLE, held)


def compiled(po: str) -> bytes:
    """The binary form of a catalogue; raises where a translation and its text do not have the same placeholders."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "django.po", Path(name) / "django.mo"
        source.write_text(po)
        _run("msgfmt", "--check-format", "--output-file", target, source)
        return target.read_bytes()


def complaints(catalogue: Catalogue) -> Iterator[str]:
    """What is not as `make messages` and a translator would leave it, a sentence each; nothing where all is well."""
    name = str(catalogue.po.relative_to(ROOT))
    held = catalogue.po.read_text()
    if taken(catalogue) != held:
        yield f"{name}: texts have changed since; run make messages"
    for option, word in (("--untranslated", "not translated"), ("--only-fuzzy", "fuzzy")):
        yield from (f"{name}: {word}: {text}" for text in _texts(_run("msgattrib", option, *STABLE, catalogue.po)))
    if not catalogue.mo.exists() or read(catalogue.mo.read_bytes()) != read(compiled(held)):
        yield f"{name}: not what django.mo was compiled from; run make messages"


def read(mo: bytes) -> dict[object, str]:
    """The texts of a compiled catalogue (also by number for plurals) and their translations."""
    with tempfile.TemporaryFile() as file:
        file.write(mo)
        file.seek(0)
        held: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # noqa: SLF001 - it has no other door
        return held


def main(arguments: Sequence[str]) -> int:
    """Write the catalogues (those named, or all), or check them; 1 where something is not as it should be."""
    named = {each for each in arguments if not each.startswith("-")}
    told: list[str] = []
    for catalogue in CATALOGUES:
        if named and catalogue.app not in named:
            continue
        if "--check" not in arguments:
            catalogue.po.parent.mkdir(parents=True, exist_ok=True)
            catalogue.po.write_text(taken(catalogue))
            catalogue.mo.write_bytes(compiled(catalogue.po.read_text()))
        told += complaints(catalogue)
    sys.stderr.writelines(f"{each}\n" for each in told)
    return 1 if told else 0


def _extracted(catalogue: Catalogue, folder: Path) -> str:
    """The texts of all files, as a template of a catalogue; a template is turned into calls first, as Django does."""
    inputs = []
    for n, path in enumerate(catalogue.files()):
        inputs.append(folder / f"{n:04d}.py")
        text = path.read_text()
        inputs[-1].write_text(text if path.suffix == ".py" else templatize(text, origin=path.name))
    options = [f"--keyword={keyword}" for keyword in KEYWORDS]
    extracted = _run(
        *("xgettext", "--language=Python", "--from-code=UTF-8", "--keyword", *options),
        *("--no-location", *STABLE, "--output=-", *inputs),
    )
    return HEADER + "\n" + extracted.partition("\n\n")[2]


def _texts(po: str) -> list[str]:
    """The texts of a catalogue that is printed, without its header."""
    blocks = [block for block in po.strip().split("\n\n") if "Project-Id-Version" not in block]
    return [block.partition("msgid ")[2].partition("\nmsgstr")[0] for block in blocks if "msgid " in block]


def _run(program: str, *arguments: object) -> str:
    """Run a program of gettext; gives what it prints."""
    done = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
