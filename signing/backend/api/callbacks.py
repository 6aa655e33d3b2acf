"""Call-backs of `sign?mode=ASYNC`: the list of final statuses, posted to the integrator with a signature.

Signed as Standard Webhooks has it: headers webhook-id, webhook-timestamp, and webhook-signature, which is `v1,` and the
base64 of HMAC-SHA-256 over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
import json
import logging
from datetime import datetime

from django.conf import settings

from signing.backend import posting
from signing.backend.api import answers
from signing.backend.outbox import Callback
from signing.clients import callbacks as registered

logger = logging.getLogger("paraphe.callbacks")


def call_back(callback_id: str, *, at: datetime, resolve: posting.Resolve = posting.addresses) -> None:
    """Post one call-back that is due, and write what came of it. Whatever the receiver does stays its own."""
    row = Callback.claim(callback_id, at=at)
    if row is None:
        return
    if row.was_deadly:
        _failed(row, "the workers that posted it died", at=at, final=True)
        return
    if not registered.admits(row.order.client.callback_hosts, row.url):
        _failed(row, "the host is not registered any more", at=at, final=True)
        return
    body = json.dumps([each.model_dump(by_alias=True) for each in answers.of_documents(row.order)]).encode()
    try:
        status = posting.post(
            row.url,
            body,
            headers=_signed(row, body, at),
            resolve=resolve,
            authorities=settings.CALLBACK_AUTHORITIES,
            private=settings.CALLBACK_PRIVATE,
        )
    except posting.Inside:
        _failed(row, "the name leads inside", at=at)
    except posting.NotTaken as error:
        _failed(row, str(error), at=at)
    except Exception as error:  # whatever it is, the row must go on to its next try, and end
        logger.exception("call-back not posted", extra={"row": str(row.pk)})
        _failed(row, type(error).__name__, at=at)
    else:
        row.delivered(f"HTTP {status}", at=at)


def _signed(row: Callback, body: bytes, at: datetime) -> dict[str, str]:
    number, moment = str(row.uid), str(int(at.timestamp()))
    signed = f"{number}.{moment}.".encode() + body
    made = hmac.new(registered.secret(row.order.client), signed, hashlib.sha256)
    signature = "v1," + base64.b64encode(made.digest()).decode()
    return {"webhook-id": number, "webhook-timestamp": moment, "webhook-signature": signature}


def _failed(row: Callback, answer: str, *, at: datetime, final: bool = False) -> None:
    if row.failed(answer, at=at, final=final):
        logger.error("call-back given up", extra={"row": str(row.pk), "attempt": row.attempts})
