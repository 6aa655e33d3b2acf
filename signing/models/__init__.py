"""Rows of the evidence path."""

from signing.models.bundle import Bundle
from signing.models.draft import Draft, DraftDocument
from signing.models.envelope import Document, Envelope, Revision
from signing.models.reading import PageReading, Presentation, ReadingBrowser, ReadingStream
from signing.models.remote import RemoteOrder, RemoteRequest
from signing.models.signer import CodeChannel, Signer, SignerConsent, StateChanged
from signing.models.visit import AccessLink, Visit

__all__ = [
    "AccessLink",
    "Bundle",
    "CodeChannel",
    "Document",
    "Draft",
    "DraftDocument",
    "Envelope",
    "PageReading",
    "Presentation",
    "ReadingBrowser",
    "ReadingStream",
    "RemoteOrder",
    "RemoteRequest",
    "Revision",
    "Signer",
    "SignerConsent",
    "StateChanged",
    "Visit",
]
