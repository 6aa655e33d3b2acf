"""The judge of reading: pure arithmetic over what a browser claims. The server alone decides that a page was read.

What is claimed: every part of the page was displayed in a visible tab for at least T. A page is a grid of 20 rows and
4 columns, one bit a cell (bit index = row * 4 + column, least significant first, 20 hex digits in all). Claimed time is
paid from a credit that grows at twice the server's clock, with 1.5 s granted at the start (signer-page.md): nobody
claims more time than has passed, however many batches or tabs send.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

ROWS, COLUMNS = 20, 4
CELLS = ROWS * COLUMNS
FULL = (1 << CELLS) - 1
COVERAGE_PERCENT = 95
GRANT_MS = 1500
SPEED = 2
MAX_EVENTS = 200
MAX_CLAIM_MS = 600_000
HEX_CELLS = re.compile(r"^[0-9a-f]{20}$")

Method = Literal["", "displayed", "declared"]


class Malformed(ValueError):
    """The batch is not of the agreed form; nothing of it was taken."""


@dataclass(frozen=True)
class Claim:
    """What the browser says of one page since its last batch."""

    document: int
    page: int
    cells: int
    ms: int


@dataclass(frozen=True)
class Page:
    """What the server holds of one page of one signer."""

    cells: int = 0
    dwell_ms: int = 0

    @property
    def coverage_percent(self) -> int:
        """Share of cells seen, in whole percent rounded down."""
        return self.cells.bit_count() * 100 // CELLS

    def complete(self, dwell_ms: int) -> bool:
        """Whether at least 95 % of the cells were seen and the page was displayed for at least `dwell_ms`."""
        return self.cells.bit_count() * 100 >= COVERAGE_PERCENT * CELLS and self.dwell_ms >= dwell_ms


def credit(balance_ms: int, elapsed_ms: int) -> int:
    """The time that may be claimed now: what is left plus twice the time passed, at most that and the grant."""
    grown = SPEED * max(elapsed_ms, 0)
    return min(balance_ms + grown, grown + GRANT_MS)


def take(page: Page, claim: Claim, *, credit_ms: int) -> tuple[Page, int]:
    """Apply one claim; gives the page afterwards and the milliseconds taken from the credit.

    A claim without time brings no cells: what was on screen was there for a while.
    """
    taken = min(claim.ms, credit_ms)
    if taken <= 0:
        return page, 0
    return replace(page, cells=page.cells | (claim.cells & FULL), dwell_ms=page.dwell_ms + taken), taken


def declaration_costs(page: Page, dwell_ms: int) -> int:
    """Credit that "J'ai lu la page N" takes: the minimum time, less what the page has already been displayed."""
    return max(dwell_ms - page.dwell_ms, 0)


def parse(body: object) -> tuple[str, int, list[Claim]]:
    """Read a batch (decoded JSON) into stream, sequence number and claims; raises `Malformed`."""
    if not isinstance(body, dict):
        raise Malformed("a batch is an object")
    stream, seq, pages = body.get("stream"), body.get("seq"), body.get("pages")
    if not (isinstance(stream, str) and re.fullmatch(r"[0-9a-zA-Z-]{8,64}", stream)):
        raise Malformed("stream")
    if not _whole(seq, 1, 10_000_000) or not isinstance(pages, list) or len(pages) > MAX_EVENTS:
        raise Malformed("seq or pages")
    return stream, int(seq), [_claim(each) for each in pages]


def _claim(each: object) -> Claim:
    if not isinstance(each, dict):
        raise Malformed("a page is an object")
    document, page, ms, cells = each.get("document"), each.get("page"), each.get("ms"), each.get("cells")
    whole = _whole(document, 1, 10_000) and _whole(page, 1, 100_000) and _whole(ms, 0, MAX_CLAIM_MS)
    if not whole or not isinstance(cells, str) or not HEX_CELLS.fullmatch(cells):
        raise Malformed("document, page, ms or cells")
    return Claim(document=document, page=page, cells=int(cells, 16), ms=ms)


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
