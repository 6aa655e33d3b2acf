"""The corpus over real TLS: each file is signed, or refused with its cause, and nothing of a refused one is kept."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import CORPUS
from tests.pdfs import bombs
from tests.service.integrator import Integrator, document
from tests.signing.test_verdicts import rows
from tests.stack import Stack
from tests.verification import judges


@pytest.fixture
def integrator(stack: Stack) -> Iterator[Integrator]:
    with Integrator(stack) as calling:
        yield calling


@pytest.mark.corpus
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"][:3])
def test_a_file_of_the_corpus(row: dict[str, str], integrator: Integrator, tmp_path: Path) -> None:
    """expectations.tsv."""
    content = (CORPUS / "pdf" / row["file"]).read_bytes()
    number = integrator.order()["orderRequestId"]
    answer = integrator.call("POST", "/ephemeral/signatures", [document(content)], orderRequestId=number)
    if answer.status_code == 422:
        assert row["expect"] in {"REFUSE", "EITHER"}
        assert answer.json()["errorLabel"].startswith("ERROR_PDF_")
        assert integrator.ok("GET", "/ephemeral/signatures/search", orderRequestId=number) == []
        return
    assert answer.status_code == 200
    assert row["expect"] in {"ACCEPT", "EITHER"}
    (found,) = json.loads(answer.headers["X-Document-Checks"])
    (told,) = integrator.ok("POST", "/ephemeral/signatures/sign", orderRequestId=number)
    assert told["status"] == "SIGNED"
    signed = integrator.ok("GET", "/ephemeral/signatures/", id=told["signatureRequestId"])["signedContent"]
    file = tmp_path / "signed.pdf"
    file.write_bytes(base64.b64decode(signed))
    assert file.read_bytes().startswith(content) is (found["checks"][0] == "strict")
    if row["expect"] == "ACCEPT":
        judges.qpdf_check(file)


@pytest.mark.parametrize(
    ("made", "label"), [(bytes, "ERROR_PDF_EMPTY"), (bombs.stacked, "ERROR_PDF_BOMB")], ids=["empty", "bomb"]
)
def test_nothing_and_far_too_much(made: Callable[[], bytes], label: str, integrator: Integrator) -> None:
    """reliability.md, Threats, bombs: the next call is answered as ever."""
    number = integrator.order()["orderRequestId"]
    answer = integrator.call("POST", "/ephemeral/signatures", [document(made())], orderRequestId=number)
    assert (answer.status_code, answer.json()["errorLabel"]) == (422, label)
    assert integrator.ok("GET", "/ephemeral/signatures/search", orderRequestId=number) == []
