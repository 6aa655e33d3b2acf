"""Signing libraries of others, at level B without a stamp, where they are installed.

endesive in the Python that runs the benchmark; @libpdf/core and @signpdf in `benchmarks/peers/node_modules`:
`npm install --prefix benchmarks/peers`. Each runs warm in a process of its own, with an RSA key of 2048 bits, which all
of them take: it is given a line with source and target, signs from file to file, and answers with its milliseconds.
"""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

HERE = Path(__file__).parent
PHRASE = "peers"


class Peer:
    """A process that signs what it is told; `started` once it has said that it is ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a peer without pipes")
        self._given, self._said = process.stdin, process.stdout
        self.started = self._said.readline() == "ready\n"

    def __call__(self, source: Path, target: Path) -> float:
        """Sign; give the seconds."""
        self._given.write(f"{source}\t{target}\n")
        self._given.flush()
        answer = self._said.readline()
        if not answer or target.stat().st_size <= source.stat().st_size:
            raise RuntimeError("a peer signed nothing")
        target.unlink()
        return float(answer) / 1000


def installed() -> dict[str, list[str]]:
    """The peers that can be run, and how."""
    found = {}
    if importlib.util.find_spec("endesive") is not None:
        found["endesive"] = [sys.executable, str(HERE / "with_endesive.py")]
    node = shutil.which("node")
    for package, script in (("@libpdf/core", "with_libpdf.mjs"), ("@signpdf", "with_signpdf.mjs")):
        if node is not None and (HERE / "node_modules" / package).is_dir():
            found[package] = [node, str(HERE / script)]
    return found


@contextmanager
def running(folder: Path) -> Iterator[dict[str, Peer]]:
    """Start those that are installed, with a key of their own; end them afterwards."""
    holder = folder / "peers.p12"
    holder.write_bytes(_identity())
    with ExitStack() as stack:
        started = {}
        for name, command in installed().items():
            process = subprocess.Popen(
                [*command, str(holder), PHRASE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            peer = Peer(process)
            if peer.started:
                started[name] = peer
            else:
                sys.stderr.write(f"{name} is installed and does not start: left out\n")
        yield started


def _identity() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Peers")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
    certificate = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    # One round of derivation: @signpdf opens its holder for every signature, and that is not to be measured.
    protection = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1)
    protected = protection.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).build(PHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"peers", key, certificate, None, protected)
