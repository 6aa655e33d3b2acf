"""The judge of reading: pure arithmetic over what a browser claims. The server alone decides that a page was read.

What is claimed: every part of the page was displayed in a visible tab for at least T. A page is a grid of 20 rows and
4 columns, one bit a cell (bit index = row * 4 + column, least significant first, 20 hex digits in all). Claimed time is
paid from a credit that grows at twice the server's clock, with 1.5 s granted at the start (signer-page.md): nobody
claims more time than has passed, however many batches or tabs send.
"""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

ROWS, COLUMNS = 20, 4
CELLS = ROWS * COLUMNS
FULL = (1 << CELLS) - 1
COVERAGE_PERCENT = 95
GRANT_MS = 1500
SPEED = 2
MOST_CREDIT_MS = 24 * 3600 * 1000  # fits the column, however long the path stood open
MAX_EVENTS = 200
MAX_CLAIM_MS = 600_000

Method = Literal["", "displayed", "declared", "image"]


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
    """Time that may be claimed now: what is left and twice the time passed, at most that and the grant; or a day."""
    grown = SPEED * max(elapsed_ms, 0)
    return min(balance_ms + grown, grown + GRANT_MS, MOST_CREDIT_MS)


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


class _ClaimBody(BaseModel):
    model_config = ConfigDict(strict=True)
    document: int = Field(ge=1, le=10_000)
    page: int = Field(ge=1, le=100_000)
    ms: int = Field(ge=0, le=MAX_CLAIM_MS)
    cells: str = Field(pattern=r"^[0-9a-f]{20}$")


class _BatchBody(BaseModel):
    model_config = ConfigDict(strict=True)
    stream: str = Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")
    seq: int = Field(ge=1, le=10_000_000)
    pages: list[_ClaimBody] = Field(max_length=MAX_EVENTS)


def parse(body: bytes) -> tuple[str, int, list[Claim]]:
    """Read a batch (JSON) into stream, sequence number and claims; raises `Malformed`."""
    try:
        batch = _BatchBody.model_validate_json(body)
    except ValidationError as error:
        raise Malformed("not a batch of reading") from error
    claims = [Claim(each.document, each.page, int(each.cells, 16), each.ms) for each in batch.pages]
    return batch.stream, batch.seq, claims
