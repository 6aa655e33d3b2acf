"""`python -m tests.golden` compares the golden dossier with the one that is kept.

With `--write` it keeps the new one, and its pages as pictures in docs/dossier.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.golden import WRITE

if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        os.environ[WRITE] = "1"
    sys.exit(pytest.main([str(Path(__file__).parent)]))
