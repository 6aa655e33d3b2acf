import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from config.logs import JsonFormatter
from tests.signing import walks
from tests.signing.views.browser import Browser


@pytest.fixture
def log() -> Any:
    """What the product's own formatter writes of every record."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_request_is_logged_by_its_route(walk: Path, log: io.StringIO) -> None:
    created = walks.an_envelope(walk)
    Browser().get(f"/a/{created.tokens[0]}")
    (line,) = [each for each in lines(log) if each["logger"] == "paraphe.request"]
    assert (line["route"], line["method"], line["status"]) == ("a/<str:token>", "GET", 200)
    assert line["request"]


def test_a_whole_walk_leaves_no_token_name_mail_or_code_in_the_log(walk: Path, log: io.StringIO) -> None:
    """Issue, part 1: one structured log without personal data."""
    created = walks.an_envelope(walk)
    _, code = walks.with_code(created)
    browser = Browser()
    url = browser.open(created).removesuffix("code")
    browser.post(f"{url}code", {"code": code})
    walks.work()
    browser.get(f"{url}done")
    browser.get("/a/" + "y" * 43)
    written = log.getvalue()
    for secret in (created.tokens[0], "y" * 43, "camille@exemple.fr", "Camille", "Martin", code, "192.0.2.1"):
        assert secret not in written, secret


def test_an_error_is_logged_by_class_and_place_and_not_by_its_words(log: io.StringIO) -> None:
    try:
        raise ValueError("camille@exemple.fr")
    except ValueError:
        logging.getLogger("paraphe.jobs").exception("job failed", extra={"job": "SIGN", "name_of_signer": "Camille"})
    (line,) = lines(log)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["places"][0]
    assert "camille" not in log.getvalue().lower()


@pytest.mark.parametrize("name", ["django.request", "django.security.csrf"])
def test_djangos_own_words_about_paths_are_silenced(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("Not Found: /a/token")
    assert "token" not in log.getvalue()


def test_the_words_of_an_error_do_not_pass_in_somebody_elses_message(log: io.StringIO) -> None:
    """Celery writes "Task … raised unexpected: ValueError('…')"."""
    try:
        raise ValueError("camille@exemple.fr")
    except ValueError:
        context = {"name": "t", "exc": "ValueError('camille@exemple.fr')"}
        logging.getLogger("celery.app.trace").exception("Task %(name)s raised: %(exc)s", context)
    (line,) = lines(log)
    assert line["error"] == "ValueError"
    assert "camille" not in log.getvalue()
