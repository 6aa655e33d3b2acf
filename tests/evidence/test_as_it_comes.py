"""Answers of others are read as they come: a small one never becomes a large one (reliability.md, Threats, bombs)."""

import gzip
from collections.abc import Iterator

import httpx
import pytest

from evidence import as_it_comes

CONTENT = b"%PDF-1.7" * 1000


def streamed(content: bytes, **headers: str) -> httpx.Response:
    def sent() -> Iterator[bytes]:
        yield content

    asked = httpx.Request("GET", "https://localhost/")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers=named, content=sent(), request=asked)


@pytest.mark.parametrize("how", ["gzip", "GZIP", "gzip, gzip", "deflate", "br", "identity, gzip", "what"])
def test_an_answer_that_was_packed_is_none(how: str) -> None:
    answer = streamed(gzip.compress(gzip.compress(CONTENT)), content_encoding=how)
    with pytest.raises(httpx.DecodingError):
        list(as_it_comes.pieces(answer))
    assert answer.num_bytes_downloaded == 0


@pytest.mark.parametrize("headers", [{}, {"content_encoding": "identity"}, {"content_encoding": ""}])
def test_one_that_was_not_comes_in_pieces(headers: dict[str, str]) -> None:
    found = list(as_it_comes.pieces(streamed(CONTENT, **headers), 1024))
    assert b"".join(found) == CONTENT
    assert max(map(len, found)) == 1024
