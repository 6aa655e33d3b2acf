"""endesive, told through its input what to sign (see the package)."""

import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from endesive.pdf import cms

key, certificate, others = pkcs12.load_key_and_certificates(Path(sys.argv[1]).read_bytes(), sys.argv[2].encode())
said = {"aligned": 16384, "sigfield": "Peer", "reason": "Signature", "signingdate": "D:20261123132903+00'00'"}
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    source, target = map(Path, line.rstrip("\n").split("\t"))
    began = time.perf_counter()
    document = source.read_bytes()
    with target.open("wb") as written:
        written.write(document)
        written.write(cms.sign(document, said, key, certificate, others, "sha256"))
    sys.stdout.write(f"{(time.perf_counter() - began) * 1000}\n")
    sys.stdout.flush()
