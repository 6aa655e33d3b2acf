"""The signing service under four clients at once: `python -m benchmarks.service [--orders N]`.

Starts Paraphe as `make run` does, on free ports and an empty folder. Each of four threads calls over TLS with a client
certificate, on a connection of its own that is kept, one call after the other without a pause. First orders, each with
one document of 20 pages and `sign?mode=SYNC`; then, while dossiers are still being sealed, orders with a document of
1 MB. Prints one JSON object: for each call seconds as minimum, p50, p95 and maximum; for each round of calls the
milliseconds of processor time that each kind of process took, this one (`client`) among them; the processors and the
load beside them.

Nothing else should run on the machine; the load at the start says whether something did.
"""

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf

from benchmarks import processors
from benchmarks.figures import summary, timed
from tests.pdfs import sound
from tests.service.integrator import Integrator, document
from tests.stack import Stack

CLIENTS = 4
AS_DELIVERED = {  # and not as tests have it
    "WORKER_NICENESS": "5",
    "DOSSIER_NICENESS": "5",
    "DOSSIER_PATIENCE_SECONDS": "60",
    "ARCHIVES": "evidence.archive.vault.Vault",
}
MEGABYTE = 1_000_000
CALLS = ("order", "sign_sync_20_pages", "order_beside_1_mb", "add_1_mb")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--orders", type=int, default=100, help="of all clients together")
    asked = arguments.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="paraphe-bench-") as folder:
        stack = Stack(Path(folder) / "state", SWEEP_SECONDS="5", LEASE_SECONDS="90", **AS_DELIVERED).start()
        try:
            figures, used = measured(stack, asked.orders // CLIENTS)
        finally:
            stack.stop()
    told: dict[str, Any] = {name: summary(seconds) for name, seconds in figures.items()} | {"processor_ms": used}
    sys.stdout.write(json.dumps(told | {"processors": os.cpu_count(), "load_before": round(load, 2)}) + "\n")


def measured(stack: Stack, rounds: int) -> tuple[dict[str, list[float]], dict[str, dict[str, float]]]:
    """Seconds of each call, of all clients: first all rounds of signing, then all of adding; and what each took."""
    contract = document(sound.contract(20))
    large = document(padded(sound.contract(1), MEGABYTE))
    figures: dict[str, list[float]] = {each: [] for each in CALLS}

    def client(one_round: Callable[[Integrator], dict[str, float]]) -> None:
        with Integrator(stack) as calling:
            for turn in range(rounds + 1):
                seconds = one_round(calling)
                if turn:  # the first round opens connections and starts what is started once
                    for name, value in seconds.items():
                        figures[name].append(value)

    used = {}
    for name, one_round in (
        ("signing", lambda calling: signing(calling, contract)),
        ("adding", lambda calling: adding(calling, large)),
    ):
        before = processors.spent()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, [one_round] * CLIENTS))
        used[name] = processors.a_call(before, processors.spent(), CLIENTS * (rounds + 1))
    return figures, used


def signing(calling: Integrator, contract: dict[str, Any]) -> dict[str, float]:
    order, first = timed(calling.order)
    number = order["orderRequestId"]
    calling.ok("POST", "/ephemeral/signatures", [contract], orderRequestId=number)
    signed, second = timed(lambda: calling.ok("POST", "/ephemeral/signatures/sign", orderRequestId=number, mode="SYNC"))
    if [each["status"] for each in signed] != ["SIGNED"]:
        raise RuntimeError(f"not signed: {signed}")
    return {"order": first, "sign_sync_20_pages": second}


def adding(calling: Integrator, large: dict[str, Any]) -> dict[str, float]:
    order, first = timed(calling.order)
    number = order["orderRequestId"]
    _, second = timed(lambda: calling.ok("POST", "/ephemeral/signatures", [large], orderRequestId=number))
    return {"order_beside_1_mb": first, "add_1_mb": second}


def padded(pdf: bytes, size: int) -> bytes:
    """The same document with an image's worth of bytes that nothing compresses, as a scan has them."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.Root.PieceInfo = pikepdf.Dictionary(Bench=opened.make_stream(os.urandom(size - len(pdf))))
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
