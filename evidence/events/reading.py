"""Entries of reading."""

from typing import ClassVar, Literal

from evidence.events.event import Event, Hex64


class DocumentPresented(Event):
    kind: ClassVar[str] = "document.presented"
    signer: str
    document: str
    sha256: Hex64
    bytes: int


class PageServed(Event):
    """One page was sent to the browser as a picture, where it cannot draw the document itself."""

    kind: ClassVar[str] = "page.served"
    signer: str
    document: str
    page: int
    sha256: Hex64


class PageRead(Event):
    kind: ClassVar[str] = "page.read"
    signer: str
    document: str
    page: int
    method: Literal["displayed", "declared", "image"]
    dwell_ms: int
    coverage_percent: int


class DocumentRead(Event):
    kind: ClassVar[str] = "document.read"
    signer: str
    document: str
    pages: int


class ReadingMoved(Event):
    """Reading went on in a browser that names itself otherwise than those before: a flag, never a block."""

    kind: ClassVar[str] = "reading.moved"
    signer: str
    browsers: int  # how many there have been, this one too


class ReadingRefused(Event):
    kind: ClassVar[str] = "reading.refused"
    signer: str
    refused_ms: int
    reason: Literal["faster_than_time"]
