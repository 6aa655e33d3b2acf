"""How fast the outbox drains: `python -m benchmarks.messages [--messages N] [--seconds S]`.

Starts Paraphe as `make run` does, on free ports and an empty folder, with one worker, and an SMS gateway that answers
after S seconds (0.2). N codes alone are due at once. Prints one JSON object: messages a second from the first to the
last that the gateway was handed, how many it had at the same time, what one code costs to issue and to check (of one
core, in a process of its own: `benchmarks.codes`), the processors and the load beside them.

Nothing else should run on the machine; the load at the start says whether something did.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.stack import Stack

ENOUGH_SECONDS = 120.0


class Gateway(ThreadingHTTPServer):
    """Takes every SMS after a while."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.seconds = seconds
        self.lock = threading.Lock()
        self.in_hand = self.most = 0
        self.began: list[float] = []
        self.ended: list[float] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Answer(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.began.append(time.monotonic())
            self.server.in_hand += 1
            self.server.most = max(self.server.most, self.server.in_hand)
        time.sleep(self.server.seconds)
        with self.server.lock:
            self.server.in_hand -= 1
            self.server.ended.append(time.monotonic())
        self.send_response(202)
        self.send_header("Content-Length", "25")
        self.end_headers()
        self.wfile.write(b"0: Accepted for delivery\n")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=1000)
    arguments.add_argument("--seconds", type=float, default=0.2)
    asked = arguments.parse_args()
    load = os.getloadavg()[0]
    gateway = Gateway(asked.seconds)
    with tempfile.TemporaryDirectory(prefix="paraphe-bench-") as folder:
        environment = {
            "SMS_CARRIER": "otp.delivery.kannel.KannelCarrier",
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{gateway.server_address[1]}/",
            "SWEEP_SECONDS": "5",
            "LEASE_SECONDS": "90",
        }
        stack = Stack(Path(folder) / "state", **environment).start()
        try:
            told = measured(stack, gateway, asked.messages)
        finally:
            stack.stop()
    sys.stdout.write(json.dumps(told | {"processors": os.cpu_count(), "load_before": round(load, 2)}) + "\n")


def measured(stack: Stack, gateway: Gateway, count: int) -> dict[str, Any]:
    """What the codes cost, in a process of their own with the stack's settings; then what the gateway was handed."""
    costs = subprocess.run(
        [sys.executable, "-m", "benchmarks.codes", str(count)],
        env=os.environ | stack.environment,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    until = time.monotonic() + ENOUGH_SECONDS
    while len(gateway.ended) < count and time.monotonic() < until:
        time.sleep(0.05)
    took = max(gateway.ended) - min(gateway.began)
    sent = {
        "sent": len(gateway.ended),
        "messages_a_second": round(len(gateway.ended) / took, 1),
        "most_at_once": gateway.most,
    }
    return sent | dict(json.loads(costs))


if __name__ == "__main__":
    main()
