"""The page that verifies a signed PDF: everybody's, in words, and nothing of the file is left."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from evidence.verify.apart import Examiner, ExaminerGone, Limits
from evidence.verify.reasons import SENTENCES
from evidence.verify.verdicts import Verdict
from evidence.views import said, verification
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_release import flipped
from tests.front.languages import plain, slips
from tests.front.languages import said as words_of
from tests.pdfs import broken, forged, raw, shadow, signed, sound

GIVEN = (
    *("contrat-1.pdf", "Camille Martin", "Paraphe essais Racine", "Paraphe essais issuing", "Paraphe essais tsa"),
    *("Throwaway", "Paraphe-1-archive", "Paraphe-1"),
)


@pytest.fixture(autouse=True)
def house(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house whose root is the tests', a moment after they signed."""
    settings.PKI_DIR, settings.WORK_DIR = tmp_path / "pki", tmp_path / "work"
    trust(settings, authority.pki().root.certificate)
    monkeypatch.setattr(timezone, "now", lambda: authority.AT)
    return tmp_path


def trust(settings: Settings, root: x509.Certificate) -> None:
    settings.PKI_DIR.mkdir(exist_ok=True)
    (settings.PKI_DIR / "root.crt").write_bytes(root.public_bytes(Encoding.PEM))


def hand_in(content: bytes, *, name: str = "contrat-1.pdf", language: str = "fr", **more: Any) -> Any:
    client = Client(headers={"accept-language": language})
    return client.post("/verify/", {"file": SimpleUploadedFile(name, content), **more}, secure=True)


def words(response: Any) -> str:
    return plain(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def altered() -> bytes:
    return flipped(files.once().content, 900)


def shadowed() -> bytes:
    attack = shadow.ATTACKS["replace: the figures of a font"]
    return attack.sprung(files.of(attack.prepared).content)


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


def test_a_valid_file_is_told_in_words() -> None:
    """Issue: who, when, level, what is trusted and why, whether anything was added, which revision was signed."""
    response = hand_in(files.twice().content)
    page = words(response)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    for expected in (
        "Ce document est signé, et rien n’y a changé depuis.",
        "Signé par Camille Martin, puis par Camille Martin.",
        "Le 23 novembre 2026 à 14:29:03",
        "Prouvée par l’horodatage de la signature, de l’autorité « Paraphe essais tsa ».",
        "PAdES B-LTA : horodatée",
        "qui mène à « Paraphe essais Racine », la racine de ce service.",
        "D’autres signatures ou horodatages, et rien d’autre.",
        "Version 2 sur 5 du fichier",
        "contrat-1.pdf",
    ):
        assert expected in page, expected
    assert "<details" in response.content.decode()


@pytest.mark.parametrize(
    ("make", "title", "why"),
    [
        (altered, "Ce fichier a été altéré depuis sa signature.", "digest"),
        (shadowed, "Ce fichier n’est plus tel qu’il a été signé.", "modified"),
        (lambda: files.once().content + b"x", "Ce fichier n’est plus tel qu’il a été signé.", "appended"),
        (lambda: forged.built(forged.ODD["one pair"]), "Ce fichier n’est plus tel qu’il a été signé.", "byte_range"),
        (signed.approved, "Ce document est intact ; qui a émis sa signature n’est pas connu ici.", "issuer_unknown"),
        (sound.contract, "Ce PDF ne porte aucune signature.", "no_signature"),
        (broken.renamed_png, "Ce fichier n’a pas pu être vérifié.", "not_pdf"),
        (broken.page_loop, "Ce fichier n’a pas pu être vérifié.", "not_pdf"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_answer_says_what_it_is_and_why(make: Any, title: str, why: str, language: str) -> None:
    """An unreadable file is an answer; "unknown issuer" is told apart from "altered"; in French and in English."""
    response = hand_in(make(), language=language)
    assert response.status_code == 200
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)
    if language == "fr":
        assert title in words(response)
        assert SENTENCES[why] in words(response)


def retold() -> bytes:
    """Signed, and then given another title, which no page shows."""
    return shadow.retold(files.of(raw.write(raw.one_page())).content)


@pytest.mark.parametrize(
    ("language", "title", "lead", "never"),
    [
        (
            "fr",
            "Ce document est signé. Depuis, ses pages n’ont pas changé ; les informations du fichier, si.",
            "ont changé après. Signé par Camille Martin.",
            "rien n’y a changé",
        ),
        (
            "en",
            "This document is signed. Its pages have not changed since; the information about the file has.",
            "have changed since. Signed by Camille Martin.",
            "nothing has changed",
        ),
    ],
)
def test_of_a_file_that_says_something_else_of_itself_it_is_not_said_that_nothing_changed(
    language: str, title: str, lead: str, never: str
) -> None:
    """Its pages are what was signed, and it is valid; its title is another."""
    response = hand_in(retold(), language=language)
    page = words(response)
    assert title in page
    assert lead in page
    assert never not in page.lower()
    assert not slips(words_of(response.content.decode()), language, given=GIVEN)


@pytest.mark.parametrize(
    ("language", "lead", "never"),
    [
        ("fr", "Les pages n’ont pas changé depuis la signature ; le titre", "rien n’a changé"),
        ("en", "The pages have not changed since the signature; the title", "nothing has changed"),
    ],
)
@pytest.mark.parametrize("missing", ["root", "proof"])
def test_nor_of_one_that_is_not_confirmed(
    missing: str, language: str, lead: str, never: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = retold()
    if missing == "root":
        trust(settings, authority.pki(authority.AT + timedelta(days=1)).root.certificate)
    else:  # its time-stamping authority has run out
        monkeypatch.setattr(timezone, "now", lambda: authority.AT + timedelta(days=1100))
    page = words(hand_in(content, language=language))
    assert lead in page
    assert never not in page.lower()


def test_an_empty_file_is_an_answer() -> None:
    assert "Le fichier est vide." in words(hand_in(b""))


def test_names_cannot_move_the_words_around_them() -> None:
    """A name of a file, and of a certificate, is text: neither markup nor an order to write from the right."""
    hostile = "\u202egpj.<script>alert(1)</script>"
    page = hand_in(files.named("Zoé <b>", "Lèvre").content, name=f"{hostile}.pdf").content.decode()
    assert "\u202e" not in page
    assert "<script" not in page
    assert "Zoé &lt;b&gt; Lèvre" in page


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


def test_a_file_that_takes_too_long_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LIMITS", Limits(wall_seconds=0.001))
    response = hand_in(files.once().content)
    assert response.status_code == 200
    assert SENTENCES["too_complex"] in words(response)


def test_other_methods_are_refused() -> None:
    assert Client().put("/verify/", secure=True).status_code == 405
    assert Client().head("/verify/", secure=True).status_code == 200


def test_there_are_words_for_everything_a_report_can_say() -> None:
    assert set(said.TITLES) == set(said.LEADS) == set(Verdict)
    assert set(said.STATES) == set(Verdict) - {Verdict.UNSIGNED, Verdict.UNREADABLE}
    told = (*said.TITLES.values(), *said.LEADS.values(), said.RETOLD, *said.RETOLD_LEADS.values())
    assert all(sentence.endswith(".") for sentence in told)


def test_a_claimed_time_is_told_as_claimed() -> None:
    page = words(hand_in(signed.approved()))
    assert "déclarée" in page
    assert "aucun horodatage admis ici ne la prouve" in page
