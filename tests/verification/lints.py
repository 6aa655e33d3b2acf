"""pkilint, in this process: what it finds in a certificate or a list, of severity WARNING and above."""

import contextlib
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

from pkilint.bin import lint_crl, lint_etsi_cert, lint_pkix_cert

EXCEPTIONS = Path(__file__).with_name("lint_exceptions.toml")


class _Given(io.BytesIO):
    """Standard input with the name that pkilint asks of it."""

    name = "given.der"


def pkix(certificate: bytes) -> set[str]:
    """RFC 5280 and what extends it."""
    return set(_findings(lint_pkix_cert, certificate))


def etsi(certificate: bytes, kind: str) -> set[str]:
    """EN 319 412-2 or -3; `kind`: NATURAL or LEGAL, of the person that the certificate is for."""
    return set(_findings(lint_etsi_cert, certificate, "-t", f"NCP-{kind}-PERSON-CERTIFICATE"))


def crl(der: bytes, *, of_authorities: bool) -> set[str]:
    """RFC 5280, clause 5; `of_authorities`: the root's list."""
    return set(_findings(lint_crl, der, "-t", "ARL" if of_authorities else "CRL", "-p", "PKIX"))


def excepted(kind: str) -> set[str]:
    """The findings that stand for a kind of certificate, each with its reason in the file."""
    rows: dict[str, str] = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8")).get(kind, {})
    assert all(rows.values()), f"an exception of {kind} without a reason"
    return set(rows)


def _findings(lint: ModuleType, content: bytes, *options: str) -> Iterator[str]:
    out, command = io.StringIO(), ["lint", *options, "-s", "WARNING", "-f", "JSON", "--document-format", "DER", "-"]
    given = _Given(content)
    with (
        patch("sys.stdin", SimpleNamespace(buffer=given)),
        contextlib.redirect_stdout(out),
        contextlib.suppress(SystemExit),
    ):
        lint.main(command)
    for result in json.loads(out.getvalue())["results"]:
        for found in result["finding_descriptions"]:
            yield str(found["code"])
