"""What another CertSign may say without doing us harm: numbers and texts that nobody counts on (issue 4, part 4)."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from signing.gateway.remote import answers, calls, troubles, wire
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.troubles import NoAnswer

ORDER = Placed("7", "CREATED")


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("encore 3 essais", 3),
        ("encore 0 essai", 1),
        ("encore 9999 essais", 100),
        ("encore 99999999999999999999999 essais", 1),
        ("encore " + "9" * 5000 + " essais", 1),
        ("encore ٣ essais", 1),
        ("", 1),
    ],
)
def test_tries_left_are_a_number_that_can_be_kept(sentence: str, left: int) -> None:
    assert calls.tries_left(sentence) == left


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("7", 7.0), ("99999999999999", 86400.0), ("9" * 5000, 86400.0), ("-1", None), ("Mon, 30 Nov 2026", None)],
)
def test_a_wait_is_a_day_at_most(written: str, seconds: float | None) -> None:
    assert wire._seconds(written) == seconds


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "a\nb", "", None, 1.5, True, [], "x" * 201])
def test_what_cannot_be_kept_is_no_answer(text: Any) -> None:
    with pytest.raises(NoAnswer) as told:
        answers._text({"status": text}, "status")
    assert told.value.trouble == troubles.Trouble.OTHER_SHAPE


def test_a_reason_is_kept_as_far_as_it_is_text() -> None:
    told = {"signatureRequestId": 1, "externalSignatureRequestId": "E", "status": "SIGN_FAILED", "reason": "a\0\ud800b"}
    assert answers._answered(told).reason == "a  b"


def test_an_order_that_is_answered_as_created_is_one() -> None:
    """certsign-api.md has 200; who answers 201 has made it all the same."""
    answer = httpx.Response(201, json={"orderRequestId": "7"})
    assert wire._judged(answer, answer.content) == {"orderRequestId": "7"}


@pytest.mark.parametrize("read", [answers.of_this(ORDER), answers.anything])
def test_an_empty_200_is_an_answer_where_nothing_is_to_be_read(read: Callable[[object], None]) -> None:
    """certsign-api.md says "→ 200" of validate, and no more: a code that went out must not be asked for again."""
    read(wire._judged(httpx.Response(200), b""))


@pytest.mark.parametrize("read", [answers.placed("E"), answers.documents(ORDER), answers.document("1", "E")])
def test_an_empty_200_is_none_where_something_is(read: Callable[[object], Any]) -> None:
    with pytest.raises(NoAnswer) as told:
        read(wire._judged(httpx.Response(200), b""))
    assert told.value.trouble == troubles.Trouble.OTHER_SHAPE


def test_what_would_fill_the_memory_once_it_is_read_is_not() -> None:
    answer = httpx.Response(200, headers={"Content-Type": "application/json"})
    with pytest.raises(NoAnswer) as told:
        wire._judged(answer, b"[" + b"[]," * wire.MOST_PARTS + b"[]]")
    assert told.value.trouble == troubles.Trouble.TOO_LARGE
    assert wire._judged(answer, b'{"signedContent": "' + b"A" * 10 * wire.MOST_PARTS + b'"}')


def test_what_was_packed_is_not_unpacked() -> None:
    def sent() -> Iterator[bytes]:
        yield gzip.compress(b"{}")

    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=sent(), request=httpx.Request("GET", ""))
    with pytest.raises(httpx.DecodingError) as raised:
        wire.Wire({"answer_bytes": 1000})._content(answer)
    assert troubles.of_exchange(raised.value, met=True).trouble == troubles.Trouble.NOT_JSON
