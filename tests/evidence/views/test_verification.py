"""The page that verifies a signed PDF: everybody's, within limits, and nothing of the file is left."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from evidence.verify.apart import Examiner, ExaminerGone
from evidence.views import verification
from tests.evidence.verify import files
from tests.evidence.views.handed_in import hand_in, words

pytestmark = pytest.mark.usefixtures("house")


def test_the_form_is_there_for_everybody_without_a_login() -> None:
    response = Client().get("/verify/", secure=True)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert '<input class="file" type="file" id="id_file" name="file"' in page
    assert "<script" not in page
    assert "60 Mo" in words(response)


def test_nothing_of_the_file_is_left(house: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Never stored, never logged: neither on the disk, nor in what the house writes of its work."""
    before = set(house.rglob("*"))
    with caplog.at_level(logging.DEBUG):
        assert hand_in(files.once().content, name="tres-secret.pdf").status_code == 200
    assert {path for path in house.rglob("*") if path.is_file()} <= before
    assert not list((house / "work").iterdir())
    assert "tres-secret" not in caplog.text
    assert "Camille" not in caplog.text


def test_the_file_has_no_name_while_it_is_verified(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens to this process meanwhile, there is nothing to sweep."""
    seen: list[list[Path]] = []
    answered = verification._answered

    def watched(request: Any, file: Any) -> Any:
        seen.append(list((house / "work").iterdir()))
        return answered(request, file)

    monkeypatch.setattr(verification, "_answered", watched)
    hand_in(files.once().content)
    assert seen == [[]]


def test_no_file_is_an_error_that_leads_to_its_field() -> None:
    """signer-page.md 8: 422, summary on top with a link to the field, title begins with Erreur."""
    response = Client().post("/verify/", {"file": "text"}, secure=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Erreur" in page
    assert '<a href="#id_file">Choisissez le fichier à vérifier.</a>' in page
    assert 'aria-describedby="file-error file-help" aria-invalid="true"' in page


def test_a_file_that_is_too_large_is_told_its_limit(settings: Settings) -> None:
    """By one byte, where it is read; by far, without being read."""
    settings.VERIFY_MAX_BYTES = 100_000
    assert hand_in(bytes(100_000)).status_code == 200
    for size in (100_001, 300_000):
        response = hand_in(bytes(size))
        assert response.status_code == 413
        assert "Ce fichier est trop lourd : 100 Ko au plus." in words(response)


def test_what_is_far_too_large_is_not_read(settings: Settings) -> None:
    settings.VERIFY_MAX_BYTES = 1000

    class Never(BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError

    request = {"wsgi.input": Never(), "CONTENT_LENGTH": "100000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert Client().post("/verify/", secure=True, **request).status_code == 413  # type: ignore[arg-type]  # WSGI's own


def test_only_the_first_file_is_taken(house: Path) -> None:
    response = hand_in(files.once().content, another=SimpleUploadedFile("b.pdf", b"b" * 100))
    assert "Ce document est signé" in words(response)


def test_a_form_of_somebody_elses_page_is_refused() -> None:
    """CSRF as everywhere."""
    client = Client(enforce_csrf_checks=True)
    file = {"file": SimpleUploadedFile("a.pdf", b"a")}
    assert client.post("/verify/", file, secure=True).status_code == 403
    page = client.get("/verify/", secure=True).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    sent = {**file, "csrfmiddlewaretoken": found[1]}
    response = client.post("/verify/", sent, secure=True, headers={"referer": "https://testserver/verify/"})
    assert response.status_code == 200


def test_one_verification_at_a_time_leaves_the_rest_to_those_who_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PATIENCE_SECONDS", 0.01)
    with verification._places:
        response = hand_in(files.once().content)
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "D’autres vérifications sont en cours. Réessayez dans quelques secondes." in words(response)
    assert hand_in(files.once().content).status_code == 200


def test_a_process_that_was_ended_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the machine that ran out of memory, say: the page asks to come again, and nothing is said of the file."""

    def gone(*_: object, **__: object) -> None:
        raise ExaminerGone

    monkeypatch.setattr(Examiner, "examine", gone)
    assert hand_in(files.once().content).status_code == 503


def test_other_methods_are_refused() -> None:
    assert Client().put("/verify/", secure=True).status_code == 405
    assert Client().head("/verify/", secure=True).status_code == 200
