"""A browser without a screen: Django's test client over https, with the paths it has opened."""

import json
from pathlib import Path
from typing import Any

from django.test import Client

from signing.actions.envelopes import Created
from signing.models import Signer
from tests.signing import walks


class Browser(Client):
    """Speaks https, as the people's listener does."""

    def __init__(self) -> None:
        super().__init__(headers={"user-agent": "Test"})
        self.defaults |= {"wsgi.url_scheme": "https", "SERVER_PORT": "443"}

    def bytes_of(self, url: str) -> bytes:
        """GET a file, whole."""
        response: Any = self.get(url)
        return b"".join(response.streaming_content)

    def open(self, created: Created, n: int = 1) -> str:
        """Press "Accéder aux documents"; gives the path's URL."""
        response = self.post(f"/a/{created.tokens[n - 1]}")
        assert response.status_code == 302, response.content
        return str(response["Location"])

    def send_json(self, url: str, body: object) -> Any:
        """POST JSON as the page's script does."""
        return self.post(url, json.dumps(body), content_type="application/json", headers={"accept": "application/json"})

    def declare(self, url: str, document: int, page: int) -> Any:
        return self.post(f"{url}declare", {"document": document, "page": page}, headers={"accept": "application/json"})


def visit(walk: Path) -> tuple[Browser, str]:
    """A browser that has just opened a path, and the path's URL."""
    browser = Browser()
    return browser, browser.open(walks.an_envelope(walk))


def path_of(signer: Signer) -> str:
    return f"/p/{signer.public_id}/"


def words_of(response: Any) -> str:
    return str(response.content.decode())
