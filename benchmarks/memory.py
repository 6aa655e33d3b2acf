"""What signing takes of memory at its peak: `python -m benchmarks.memory N SOURCE TARGET` signs row N once and says.

In a process of its own, that has done nothing else. Told is what the kernel kept for it at most (VmHWM), with the parts
of libraries that processes share: its private memory is less.
"""

import re
import subprocess
import sys
from pathlib import Path

from benchmarks import cases

KIBIBYTE = 1024


def peak(case: cases.Case, source: Path, target: Path) -> float:
    """Give the peak in MB."""
    command = [sys.executable, "-m", "benchmarks.memory", str(cases.CASES.index(case)), str(source), str(target)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    number, source, target = sys.argv[1:]
    cases.ours(cases.CASES[int(number)], Path(source), Path(target))
    kept = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if kept is None:
        raise RuntimeError("the kernel does not say how much memory it kept")
    sys.stdout.write(f"{int(kept[1]) * KIBIBYTE / cases.MEGABYTE:.1f}\n")


if __name__ == "__main__":
    main()
