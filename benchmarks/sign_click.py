"""From the request that queues a signature to the signed path: `python -m benchmarks.sign_click [--paths N]`.

Starts Paraphe as `make run` does, on free ports and an empty folder, and walks one path after the other over HTTPS: the
code is posted (that is SIGN), then the progress is asked for every 20 ms until the path is signed. Prints one JSON
object: seconds as minimum, median (p50), p95 and maximum, the processors and the load beside them.

Nothing else should run on the machine; the load at the start says whether something did.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import summary
from tests.http_signer import HttpSigner
from tests.pdfs import sound
from tests.stack import Stack


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--paths", type=int, default=50)
    arguments.add_argument("--pages", type=int, default=2, help="pages of the one document")
    asked = arguments.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="paraphe-bench-") as folder:
        # The sweep of production: the bell, not the sweeper, is to be measured.
        stack = Stack(Path(folder) / "state", SWEEP_SECONDS="5", LEASE_SECONDS="90").start()
        try:
            seconds = [walk(stack, Path(folder), asked.pages) for _ in range(asked.paths)]
        finally:
            stack.stop()
    sys.stdout.write(
        json.dumps(summary(seconds) | {"processors": os.cpu_count(), "load_before": round(load, 2)}) + "\n"
    )


def walk(stack: Stack, folder: Path, pages: int) -> float:
    """One path; gives the seconds from the post of the code until the path is signed."""
    contract = folder / "contract.pdf"
    contract.write_bytes(sound.contract(pages))
    created = stack.manage("create_envelope", "--to-sign", contract, "--signer", "Camille;Martin;camille@exemple.fr;")
    signer = HttpSigner(stack.state / "sandbox" / "tls-root.crt")
    signer.open(json.loads(created.stdout)["signers"][0]["link"])
    signer.read()
    signer.press_sign()
    code = signer.code(stack.state / "mailbox")
    started = time.monotonic()
    signer.enter(code)
    signer.wait(lambda: signer.get("progress/status").json()["state"] == "SIGNED")
    return time.monotonic() - started


if __name__ == "__main__":
    main()
