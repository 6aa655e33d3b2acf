import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import reading
from signing.reading import Claim, Malformed, Page

T = 1000


def batch(**changes: object) -> bytes:
    body = {"stream": "abcdefgh", "seq": 1, "pages": [{"document": 1, "page": 1, "cells": "0" * 20, "ms": 250}]}
    return json.dumps(body | changes).encode()


@given(st.integers(min_value=0, max_value=10**7), st.lists(st.integers(min_value=0, max_value=5000), max_size=30))
def test_nobody_claims_more_than_twice_the_time_and_the_grant(start: int, steps: list[int]) -> None:
    """signer-page.md: claimed time per batch <= server time since the last x 2 + 1.5 s; many batches earn no more."""
    balance, taken, elapsed = reading.GRANT_MS, 0, 0
    for step in steps:
        elapsed += step
        balance = reading.credit(balance, step)
        _, spent = reading.take(Page(), Claim(1, 1, 0, start), credit_ms=balance)
        balance, taken = balance - spent, taken + spent
    assert taken <= 2 * elapsed + reading.GRANT_MS


CLAIMS = st.tuples(st.integers(1, 6), st.integers(0, reading.FULL), st.integers(0, reading.MAX_CLAIM_MS))
BATCHES = st.lists(st.tuples(st.integers(0, 4000), st.lists(CLAIMS, max_size=12)), max_size=12)


@given(BATCHES)
def test_whatever_is_sent_no_more_pages_are_read_than_there_was_time_for(batches: list[Any]) -> None:
    """signer-page.md, Proof of reading: forged batches, batches split in many, many pages at once."""
    pages: dict[int, Page] = {}
    balance, elapsed = reading.GRANT_MS, 0
    for step, claims in batches:
        elapsed += step
        balance = reading.credit(balance, step)
        for number, cells, ms in claims:
            pages[number], spent = reading.take(
                pages.get(number, Page()), Claim(1, number, cells, ms), credit_ms=balance
            )
            balance -= spent
    assert sum(page.complete(T) for page in pages.values()) * T <= 2 * elapsed + reading.GRANT_MS


@given(st.lists(CLAIMS, max_size=20), st.integers(0, 20))
def test_what_was_seen_and_for_how_long_is_never_taken_back(claims: list[Any], cut: int) -> None:
    """Reading survives reload and a second device: what comes later only adds."""
    page, before = Page(), Page()
    for n, (_, cells, ms) in enumerate(claims):
        page, _ = reading.take(page, Claim(1, 1, cells, ms), credit_ms=10_000)
        if n <= cut:
            before = page
    assert page.cells & before.cells == before.cells
    assert page.dwell_ms >= before.dwell_ms


@given(st.integers(min_value=-(10**9), max_value=0))
def test_a_clock_that_goes_back_earns_nothing(elapsed: int) -> None:
    assert reading.credit(0, elapsed) == 0


def test_a_claim_without_credit_brings_neither_time_nor_cells() -> None:
    page, taken = reading.take(Page(), Claim(1, 1, reading.FULL, 5000), credit_ms=0)
    assert (page, taken) == (Page(), 0)


def test_a_claim_without_time_brings_no_cells() -> None:
    page, _ = reading.take(Page(), Claim(1, 1, reading.FULL, 0), credit_ms=5000)
    assert page == Page()


@given(st.sets(st.integers(min_value=0, max_value=79)))
def test_a_page_is_complete_at_95_percent_of_the_cells_and_the_minimum_time(cells: set[int]) -> None:
    """signer-page.md: complete at >= 95 % of cells and dwell >= T."""
    bits = sum(1 << cell for cell in cells)
    assert Page(bits, T).complete(T) == (len(cells) >= 76)
    assert not Page(bits, T - 1).complete(T)


def test_a_declaration_costs_what_is_left_of_the_minimum_time() -> None:
    """signer-page.md: the button asks for the same minimum time."""
    assert reading.declaration_costs(Page(), T) == T
    assert reading.declaration_costs(Page(dwell_ms=400), T) == 600
    assert reading.declaration_costs(Page(dwell_ms=5000), T) == 0


def test_a_batch_is_read() -> None:
    stream, seq, claims = reading.parse(batch())
    assert (stream, seq, claims) == ("abcdefgh", 1, [Claim(1, 1, 0, 250)])


PAGE = {"document": 1, "page": 1, "cells": "0" * 20, "ms": 250}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        batch(stream="short"),
        batch(stream=None),
        batch(seq=0),
        batch(seq="1"),
        batch(seq=True),
        batch(pages={}),
        batch(pages=[PAGE] * 201),
        batch(pages=[PAGE | {"ms": -1}]),
        batch(pages=[PAGE | {"ms": 1.5}]),
        batch(pages=[PAGE | {"cells": "f" * 21}]),
        batch(pages=[PAGE | {"cells": "g" * 20}]),
        batch(pages=[PAGE | {"page": 0}]),
        batch(pages=[PAGE | {"document": 10**9}]),
        batch(pages=[3]),
    ],
)
def test_a_malformed_batch_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        reading.parse(body)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_judge_stumble(body: bytes) -> None:
    with pytest.raises(Malformed):
        reading.parse(b"\x00" + body)


def test_a_path_that_stood_open_for_weeks_has_a_credit_that_fits_its_column() -> None:
    """PostgreSQL refuses an integer above 2^31 - 1."""
    assert reading.credit(0, 14 * 24 * 3600 * 1000) == reading.MOST_CREDIT_MS < 2**31
