"""A PKCS#11 token for the tests: SoftHSM, initialised in a folder of this process."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pkcs11

from evidence import tokens
from evidence.tokens import Token

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "482159"


@cache
def home() -> Path:
    """Where its tokens are. The library reads its configuration once in a process, before anything else."""
    folder = Path(tempfile.mkdtemp(prefix="softhsm-"))
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    return folder


def token(label: str) -> Token:
    """A new token, empty."""
    home()
    program = shutil.which("softhsm2-util")
    assert program, "softhsm2 is not installed; `make test` installs it on Debian"
    made = [program, "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN]
    subprocess.run(made, check=True, capture_output=True, timeout=30)
    return Token(MODULE, label, PIN)


def with_rsa(held: Token, label: str, *, bits: int = 3072) -> None:
    """Put an RSA key pair into a token, as an operator's tools do."""
    secret = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
    with tokens._session(held, writing=True) as session:
        session.generate_keypair(pkcs11.KeyType.RSA, bits, store=True, label=label, private_template=secret)
