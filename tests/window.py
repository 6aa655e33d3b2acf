"""A browser window on the application of this very process: what it asks for is answered by Django's test client.

No server, no port: headers (the content security policy among them), cookies, redirects and ranges are the real ones,
and a scene's state is made by the actions of the path, on the test's own database.
"""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from wsgiref.headers import Headers

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.static_headers import add_headers
from signing import access
from tests.gallery.scene import Scene
from tests.stack import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

ORIGIN = str(settings.PUBLIC_URL)
PASSED_ON = (
    *("cookie", "origin", "referer", "accept", "accept-language", "user-agent"),
    *("range", "if-none-match", "if-range", "x-csrftoken"),
)


@dataclass
class Window:
    """One window of `browser`; what its pages complain of is in `complaints`; ends of paths in `broken` fail."""

    browser: "Browser"
    width: int
    theme: str = "light"
    language: str = "fr"
    script: bool = True
    height: int = 0
    zoom: float = 1
    zone: str = settings.TIME_ZONE_SHOWN
    complaints: list[str] = field(default_factory=list)
    broken: tuple[str, ...] = ()
    file: bytes = b""
    served: list[str] = field(default_factory=list)
    """The HTML of the pages that were gone to, as the application wrote it."""

    def __post_init__(self) -> None:
        height = self.height or (844 if self.width < 760 else 900)
        self.context: BrowserContext = self.browser.new_context(
            viewport={"width": self.width, "height": height},
            color_scheme=self.theme,  # type: ignore[arg-type]  # one of its words
            locale={"fr": "fr-FR", "en": "en-GB"}[self.language],
            device_scale_factor=self.zoom,
            java_script_enabled=self.script,
            reduced_motion="reduce",
            timezone_id=self.zone,
        )
        self.context.set_default_timeout(10_000)
        self.context.route("**/*", self._answer)

    @contextmanager
    def on(self, scene: Scene) -> Iterator[None]:
        """Show a scene in a tab of its own, as somebody who has just done what it says."""
        self.broken, self.complaints, self.file, self.served = scene.broken, [], scene.file, []
        self.context.clear_cookies()
        if scene.visit:
            visit = {"name": access.COOKIE, "value": scene.visit, "url": ORIGIN, "secure": True}
            self.context.add_cookies([visit])  # type: ignore[list-item]  # a cookie of theirs, in words of theirs
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self._note(line.type, line.text))
        self.page.goto(ORIGIN + scene.path, wait_until="load")
        if self.script:
            self.page.evaluate("document.fonts.ready")
        scene.does(self.page)
        yield
        self.page.close()

    def close(self) -> None:
        self.context.close()

    def _note(self, kind: str, text: str) -> None:
        """Errors of scripts and of the policy; the browser's own word on an answer such as 404 is no complaint."""
        if "Content Security Policy" in text or (kind == "error" and "Failed to load resource" not in text):
            self.complaints.append(text)

    def _answer(self, route: "Route") -> None:
        asked = urlsplit(route.request.url)
        if not route.request.url.startswith(ORIGIN):
            self.complaints.append(f"asked another host: {route.request.url}")
            route.abort()
        elif any(asked.path.endswith(end) for end in self.broken):
            route.abort("connectionfailed")
        elif asked.path.startswith(settings.STATIC_URL):
            self._static(route, asked.path.removeprefix(settings.STATIC_URL))
        else:
            self._page(route, f"{asked.path}?{asked.query}" if asked.query else asked.path)

    def _form(self) -> bytes:
        """The form with the scene's file, encoded as a browser would."""
        return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("contrat.pdf", self.file, "application/pdf")})

    def _csrf(self) -> str:
        kept = {each["name"]: each["value"] for each in self.context.cookies(ORIGIN)}
        return kept[settings.CSRF_COOKIE_NAME]

    def _static(self, route: "Route", name: str) -> None:
        file = ROOT / "static" / name
        headers = Headers([])
        add_headers(headers, str(file), name)
        kind = "text/javascript" if file.suffix == ".mjs" else mimetypes.guess_type(file.name)[0]
        route.fulfill(body=file.read_bytes(), content_type=kind, headers=dict(headers.items()))

    def _page(self, route: "Route", path: str) -> None:
        asked = route.request
        given = asked.all_headers()
        headers = {name: given[name] for name in PASSED_ON if name in given}
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        sent, kind = asked.post_data_buffer or b"", given.get("content-type", "")
        if asked.method == "POST" and self.file:
            kind, sent, headers["x-csrftoken"] = MULTIPART_CONTENT, self._form(), self._csrf()
        answer = client.generic(
            asked.method, path, sent, kind, secure=True, headers=headers | {"host": urlsplit(ORIGIN).netloc}
        )
        body = answer.getvalue()
        moved, html = answer.status_code in {302, 303}, answer.headers.get("Content-Type", "").startswith("text/html")
        if asked.is_navigation_request() and html and not moved:
            self.served.append(body.decode())
        if moved and asked.is_navigation_request():
            # Where a redirect leads is not asked of a route: the page says it instead.
            body = f'<meta http-equiv="refresh" content="0;url={answer.headers["Location"]}">'.encode()
        told = {name: value for name, value in answer.headers.items() if name != "Location"}
        cookies = [morsel.OutputString() for morsel in answer.cookies.values()]
        if cookies:
            told["Set-Cookie"] = "\n".join(cookies)
        route.fulfill(status=200 if moved else answer.status_code, headers=told, body=body)
