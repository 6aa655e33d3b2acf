"""Deposits at a service of somebody else's over HTTPS, in the shape of a third-party archive's REST API.

| call | gives |
|---|---|
| `POST /deposits` | 201 or 200, the receipt: JSON with `archiveId` and `manifestSha256` |
| `GET /deposits/{archiveId}/manifest`, `…/files/{sha256}` | the bytes |
| `GET /deposits/{archiveId}/check` | JSON with `intact` |
| `DELETE /deposits/{archiveId}` | 204; 404 where it is gone already; 409 where it must be kept |

A deposit is multipart: `manifest`, then every file under its SHA-256; `Idempotency-Key` is the package's id.
The receipt is kept verbatim. Metadata and keywords stand in the manifest.
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from django.conf import settings

from evidence import as_it_comes
from evidence.archive.package import CHUNK, Condition, NotKept, Package, Receipt, Refused, Unavailable

ANSWER_BYTES = 4_000_000
LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
OURS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
"""What is to be set right here, by the operator: the deposit waits for it with an alarm."""


class HttpDeposit:
    """The adapter over the service at `DEPOSIT["url"]`; a client certificate or a token says who we are."""

    name = "deposit"

    def __init__(self) -> None:
        self._given = settings.DEPOSIT

    def deposit(self, package: Package, *, at: datetime) -> Receipt:  # noqa: ARG002 - its own clock says when
        """Send the package; the same once more gives the same receipt. Raises `Unavailable`, `Refused`."""
        with ExitStack() as opened:
            manifest = package.manifest()
            files: list[tuple[str, tuple[str, Any, str]]] = [
                ("manifest", ("manifest.json", manifest, "application/json")),
                *(
                    (each.sha256, (each.sha256, opened.enter_context(each.path.open("rb")), "application/octet-stream"))
                    for each in {item.sha256: item for item in package.items}.values()  # each file once
                ),
            ]
            content, media = self._asked("POST", "/deposits", files=files, headers={"Idempotency-Key": package.id})
        said = _object(content)
        identifier = said.get("archiveId")
        if not isinstance(identifier, str) or not 0 < len(identifier) <= 200:  # noqa: PLR2004 - what the row holds
            raise Unavailable("receipt without id")
        if said.get("manifestSha256") != package.sha256:
            raise Unavailable("receipt of something else")
        return Receipt(identifier, content, media)

    def manifest(self, section: str, archive_id: str) -> bytes:  # noqa: ARG002 - the id says it all there
        """The description as it was deposited."""
        return self._asked("GET", f"/deposits/{_part(archive_id)}/manifest")[0]

    @contextmanager
    def open(self, section: str, archive_id: str, sha256: str) -> Iterator[Iterator[bytes]]:  # noqa: ARG002 - as above
        """One file, as it comes."""
        with self._client() as client:
            try:
                with client.stream("GET", f"/deposits/{_part(archive_id)}/files/{_part(sha256)}") as answer:
                    _judge(answer.status_code)
                    yield as_it_comes.pieces(answer, CHUNK)
            except httpx.HTTPError as error:
                raise Unavailable(type(error).__name__) from error

    def check(self, section: str, archive_id: str, *, at: datetime) -> Condition:  # noqa: ARG002 - as above
        """What the service says of its own copies: one here."""
        said = _object(self._asked("GET", f"/deposits/{_part(archive_id)}/check")[0])
        return Condition(archive_id, 1, () if said.get("intact") is True else (1,))

    def destroy(self, section: str, archive_id: str, *, reason: str, at: datetime) -> None:  # noqa: ARG002 - as above
        """Have it removed; one that is gone is gone."""
        try:
            self._asked("DELETE", f"/deposits/{_part(archive_id)}", headers={"X-Reason": reason})
        except NotKept:
            return

    def _client(self) -> httpx.Client:
        given = self._given
        context = ssl.create_default_context(cafile=given["ca"] or None)
        if given["certificate"]:
            context.load_cert_chain(given["certificate"], given["key"] or None)
        headers = {"Authorization": f"Bearer {given['token']}"} if given["token"] else {}
        return httpx.Client(
            base_url=given["url"],
            verify=context,
            headers=as_it_comes.HEADERS | headers,
            timeout=httpx.Timeout(given["seconds"], connect=given["connect_seconds"]),
            follow_redirects=False,
            trust_env=False,
        )

    def _asked(self, method: str, path: str, **given: Any) -> tuple[bytes, str]:
        """The body and media type of a good answer, no longer than `ANSWER_BYTES`."""
        try:
            with self._client() as client, client.stream(method, path, **given) as answer:
                _judge(answer.status_code)
                content = b""
                for piece in as_it_comes.pieces(answer, CHUNK):
                    content += piece
                    if len(content) > ANSWER_BYTES:
                        raise Unavailable("answer too long")
                return content, answer.headers.get("Content-Type", "application/octet-stream")[:100]
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error


def _judge(status: int) -> None:
    """Raise what an answer other than a good one means."""
    if status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}:
        return
    if status == HTTPStatus.NOT_FOUND:
        raise NotKept("the archive has no such thing")
    refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if refused and status not in LATER | OURS:
        raise Refused(f"HTTP {status}")
    raise Unavailable(f"HTTP {status}")


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError as error:
        raise Unavailable("answer is no JSON") from error
    if not isinstance(said, dict):
        raise Unavailable("answer is no object")
    return said


def _part(text: str) -> str:
    """A part of a path, whatever the service called it."""
    return httpx.URL("http://x/").copy_with(path=f"/{text}").raw_path.decode().lstrip("/").replace("/", "%2F")
