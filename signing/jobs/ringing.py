"""What tells a worker to sign for a path: with many documents it has more time than other work."""

from uuid import UUID

from evidence import durations
from evidence.bell import Next
from signing.models import Document


def signature(signer: UUID) -> Next:
    """What is rung where the path with this public id is to be signed."""
    return Next("signing.tasks.sign", {"signer_id": str(signer)}, durations.more_seconds(documents(signer)))


def documents(signer: UUID | str) -> int:
    """How many documents the path with this public id signs."""
    return Document.objects.filter(envelope__signers__public_id=signer, role=Document.Role.TO_SIGN).count()
