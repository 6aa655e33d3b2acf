"""What prints leaves nothing behind: WeasyPrint keeps its fonts in a folder while a process prints."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PRINTS = """
import os, sys, tempfile
from weasyprint import HTML
from evidence.dossier import printing
style = printing.sheet(printing.FONTS.parent / "dossier.css")
drawn = HTML(string="<p>Bail</p>").write_pdf(font_config=printing.fonts(), stylesheets=[style])
print(drawn[:5].decode(), len(os.listdir(tempfile.gettempdir())))
"""


def test_a_process_that_printed_leaves_no_folder_and_no_complaint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINTS],
        cwd=ROOT,
        env={"TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["%PDF-", "1"]
    assert done.stderr == ""
    assert list(tmp_path.glob("weasyprint-*")) == []
