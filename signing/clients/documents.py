"""What a client may hand in: how large a document may be, and whether it may hold transparency."""

from django.db.models import QuerySet

from signing.clients.models import Client
from signing.engine.intake import Limits

MEGABYTE = 1_000_000


def limits(client: Client) -> Limits:
    """What intake holds the documents of a client to, through whichever door they come."""
    return Limits(max_bytes=client.document_megabytes * MEGABYTE, transparency=not client.refuses_transparency)


def largest(clients: QuerySet[Client]) -> int:
    """Bytes of the largest document that any of these clients may hand in."""
    return max(limits(client).max_bytes for client in clients)


def longest_body(client: Client) -> int:
    """Bytes of one call: base64 of three of its largest documents, and a megabyte (reliability.md, bombs)."""
    return 4 * limits(client).max_bytes + MEGABYTE
