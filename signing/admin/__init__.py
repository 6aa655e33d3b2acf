"""What administrators see: their client's envelopes, states and trails in words, files; and how they send new ones.

The operator (superuser) sees all. Whose rows a page may touch is decided in `membership`, and nowhere else.
"""

from signing.admin.archive import DepositAdmin
from signing.admin.envelopes import EnvelopeAdmin
from signing.admin.outbox import OutboxAdmin
from signing.admin.stopped import StoppedAdmin

__all__ = ["DepositAdmin", "EnvelopeAdmin", "OutboxAdmin", "StoppedAdmin"]
