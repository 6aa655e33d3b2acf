"""HTML as it is sent, judged by html-validate: the standard's grammar, whole documents, and what it knows of access.

`tests/html` holds its lock; `make test` installs it, and the Node that runs it (config/bootstrap.py). Where a rule is
left out, the reason stands beside it here: JSON, the judge's own, takes no comments.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.stack import ROOT

FOLDER = ROOT / "tests" / "html"
PRESETS = ["html-validate:standard", "html-validate:document", "html-validate:a11y"]
NOT_OURS: dict[str, object] = {
    "require-sri": "off",  # all is this very host's, under names that hold a digest; the policy forbids others
    "heading-level": ["error", {"minInitialRank": "h2"}],  # what went wrong is told first, above the title of the page
    "prefer-native-element": "off",  # the standard takes roles as well; a page is no section of its document
    "meta-refresh": "off",  # a browser without script sees what has become of a signature by loading the page anew
    "no-implicit-button-type": "off",  # a button of a form sends it: the standard's own word for none
}
OF_MAILS: dict[str, object] = {
    "no-deprecated-attr": "off",  # programs that show mail know widths, grounds and alignments by these alone
}
OF_DJANGO: dict[str, object] = dict.fromkeys(
    (
        "wcag/h30",
        "wcag/h32",
        "wcag/h63",
        "wcag/h71",
        "input-missing-label",
        "no-redundant-for",
        "no-missing-references",
    ),
    "off",  # forms and lists of its administration are as Django writes them
)
SECONDS = 60


def faults(pages: Mapping[str, str], *, leave_out: Mapping[str, object] | None = None) -> list[str]:
    """What is wrong with documents, by name, in words; empty where all are as the standard wants them."""
    program = FOLDER / "node_modules" / ".bin" / "html-validate"
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    node = shutil.which("node", path=beside)
    assert node, "Node is not installed; `make test` installs it"
    assert program.exists(), "html-validate is not installed; `make test` installs it"
    with TemporaryDirectory() as name:
        folder, names = Path(name), list(pages)
        for n, each in enumerate(names):
            (folder / f"{n}.html").write_text(pages[each], encoding="utf-8")
        rules = {"root": True, "extends": PRESETS, "rules": NOT_OURS | dict(leave_out or {})}
        (folder / ".htmlvalidate.json").write_text(json.dumps(rules), encoding="utf-8")
        judged = subprocess.run(
            [node, str(program.resolve()), "--formatter", "json", "."],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,  # 1 where something is wrong
            timeout=SECONDS,
        )
        assert judged.returncode in {0, 1}, judged.stderr
        assert judged.stdout, judged.stderr
        return [
            f"{names[int(Path(file['filePath']).stem)]}:{each['line']} {each['ruleId']}: {each['message']}"
            for file in json.loads(judged.stdout)
            for each in file["messages"]
        ]


def of_mails(folder: Path) -> dict[str, str]:
    """The HTML of the mails in a mailbox, by subject."""
    parsed = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(folder.glob("*.eml"))]
    bodies = [(f"mail {each['Subject']}", each.get_body(("html",))) for each in parsed]
    return {subject: str(body.get_content()) for subject, body in bodies if body}
