"""A signer without a browser: walks a path over HTTPS by its forms, as a browser without script does."""

import http.client
import http.cookiejar
import json
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.journeys.signer import newest_code

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PAGE = re.compile(r'id="d(\d+)-p(\d+)"')
CONSENT = re.compile(r'name="consent" value="([^"]+)"')
PATIENCE = 60.0  # seconds until something that a worker does is given up
PAUSE = 0.02  # seconds between two looks at it


@dataclass(frozen=True)
class Answer:
    """One answer of the server, redirects followed."""

    status: int
    url: str
    text: str
    headers: Message

    def json(self) -> Any:
        return json.loads(self.text)


class HttpSigner:
    """One browser of one person. `root` is the certificate the server's must lead to."""

    def __init__(self, root: Path) -> None:
        context = ssl.create_default_context(cafile=root)
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self.path = ""
        self._token = ""

    def get(self, url: str) -> Answer:
        return self._send(urllib.request.Request(urljoin(self.path, url), headers={"Accept": "*/*"}))

    def post(self, url: str, *, wants: str = "text/html", **fields: Any) -> Answer:
        """A form of the page seen last, with its token; `fields` may be lists."""
        address = urljoin(self.path, url)
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self._token, **fields}, doseq=True).encode()
        # Browsers send a Referer to a secure page of the same site; Django refuses a form without.
        headers = {"Accept": wants, "Referer": address, "X-CSRFToken": self._token}
        return self._send(urllib.request.Request(address, data=body, headers=headers))

    def say_always(self, headers: dict[str, str]) -> None:
        """Send these headers with every request."""
        self._opener.addheaders += list(headers.items())

    def cookie(self, name: str) -> str:
        """The value of a cookie that the server set."""
        return next(cookie.value or "" for cookie in self._cookies if cookie.name == name)

    def open(self, link: str) -> Answer:
        """From the link to the documents: `self.path` is the path's address from then on."""
        self.path = link
        self._look(self.get(link))
        answer = self._look(self.post(link))
        self.path = answer.url
        return answer

    def read(self) -> None:
        """Open every document and declare its pages, each as soon as the server takes it."""
        pages = PAGE.findall(self.get("").text)
        assert pages
        for document in sorted({document for document, _ in pages}, key=int):
            assert self.get(f"presented/{document}.pdf").status == 200
        for document, page in pages:
            self._declare(document, page)

    def _declare(self, document: str, page: str) -> None:
        fields = {"document": document, "page": page}
        while (answer := self.post("declare", wants="application/json", **fields)).status == 409:
            time.sleep(answer.json()["wait_ms"] / 1000)  # the page is to stay on the screen for so long
        assert answer.status == 200, answer.text

    def press_sign(self) -> Answer:
        """Check all boxes and press SIGNER."""
        consents = CONSENT.findall(self._look(self.get("")).text)
        answer = self._look(self.post("sign", consents="1", consent=consents))
        assert answer.status < http.client.BAD_REQUEST, answer.text
        return answer

    def code(self, mailbox: Path, *, besides: str = "") -> str:
        """Wait until the code has gone out, and take it from the mailbox."""
        self.wait(lambda: not self.get("code/status").json()["pending"])
        return newest_code(mailbox, besides=besides)

    def enter(self, code: str) -> Answer:
        """Type the code and press the button."""
        return self.post("code", code=code)

    def end(self) -> str:
        """Wait until the worker has dealt with the code or the click; gives the address that follows."""
        told: dict[str, Any] = {}

        def over() -> bool:
            told.update(self.get("progress/status").json())
            return bool(told["next"])

        self.wait(over)
        return str(told["next"])

    def sign(self, link: str, mailbox: Path) -> str:
        """The whole path, up to the page that follows the signature."""
        self.open(link)
        self.read()
        self.press_sign()
        self.enter(self.code(mailbox))
        return self.end()

    @staticmethod
    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(PAUSE)

    def _look(self, answer: Answer) -> Answer:
        if found := TOKEN.search(answer.text):
            self._token = found[1]
        return answer

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode(
                "latin-1" if answer.headers.get_content_type() == "application/pdf" else "utf-8"
            )
            return Answer(answer.status, answer.url, text, answer.headers)
