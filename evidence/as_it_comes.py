"""What another service answers, read as it comes: nothing of it is unpacked.

Three kilobytes that were packed twice become gigabytes in one piece, before whoever counts octets sees the first. So
answers are asked for as they are, and one that was packed all the same is none.
"""

from collections.abc import Iterator

import httpx

HEADERS = {"Accept-Encoding": "identity"}
"""What an `httpx.Client` that reads with `pieces` asks with."""


def pieces(answer: httpx.Response, size: int | None = None) -> Iterator[bytes]:
    """The octets of a streamed answer, `size` at a time (None: as they come).

    Raises what httpx raises while it reads, and its `DecodingError` for an answer that was packed (RFC 9110, 8.4).
    """
    packed = answer.headers.get("Content-Encoding", "").strip().lower()
    if packed not in {"", "identity"}:
        raise httpx.DecodingError("the answer is packed", request=answer.request)
    yield from answer.iter_raw(size)
