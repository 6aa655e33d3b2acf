"""The gateway's adapter to any CertSign over HTTPS: the service of somebody else, or another Paraphe.

Every verb looks first at what has happened already, here and there, and does only what is missing: an answer that was
lost costs a question, never a second message or a second signature.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from signing.gateway.contract import (
    CodeGone,
    Contact,
    Document,
    Holder,
    OrderRef,
    RequestRef,
    Sent,
    Signed,
    Status,
    Subject,
    Typed,
    Unavailable,
)
from signing.gateway.remote import codes, entries, handing, taking
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.calls import NewOrder, Refused, Service
from signing.gateway.remote.troubles import NoAnswer
from signing.gateway.remote.wire import Wire
from signing.models import RemoteOrder, RemoteRequest

RETRY_SECONDS = 5.0
LOOK_SECONDS = 0.3
LOOK_FOR_SECONDS = 6.0
DISCARDED = "DISCARDED"
SIGNED = frozenset({"SIGNED", "ARCHIVE_IN_PROGRESS", "ARCHIVED", "ARCHIVE_FAILED", "ARCHIVE_MIGRATED"})


class Lost(Exception):
    """The other service gave the order, or one of its documents, up: no signature comes of it."""


class CertSign:
    """Speaks to the service of `settings.CERTSIGN`; what that does not know is kept in `RemoteOrder`."""

    holds_files = True
    readdresses = False  # the holder's contacts are given once, with the order

    def __init__(self) -> None:
        self._service = Service(Wire(settings.CERTSIGN), sign_seconds=settings.CERTSIGN["sign_seconds"])

    def create_order(
        self, *, reference: str, holder: Holder, otp: bool, contact: Contact, subject: Subject
    ) -> OrderRef:
        """Open one signer's order; its external id is the signer's, so the same subject gives the same order again."""
        row, new = RemoteOrder.objects.get_or_create(
            signer=subject.signer,
            defaults={
                "trail": subject.trail,
                "reference": reference,
                "binding": subject.binding,
                "name": f"{holder.first_name} {holder.last_name}".strip(),
                "language": holder.language,
                "otp": otp,
                "channel": contact.channel,
                "contact": contact.address,
                "created_at": now(),
            },
        )
        if not row.remote_id:
            with _waiting():
                found = None if new else self._service.order(row.signer)
                entries.opened(row, found or self._created(row, holder))
        return OrderRef(str(row.pk))

    def add_documents(self, order: OrderRef, documents: Sequence[Document]) -> list[RequestRef]:
        """Hand over the newest file of each document; those already handed over keep their request."""
        row = _order(order)
        requests = [handing.kept(row, n, each) for n, each in enumerate(documents, start=1)]
        missing = {each: document for each, document in zip(requests, documents, strict=True) if not each.remote_id}
        if missing:
            with _waiting():
                handing.hand_over(row, missing, self._service)
        return [RequestRef(str(each.pk)) for each in requests]

    def send_code(self, order: OrderRef, application_code: str) -> Sent:
        """Have a code sent. One that was asked for without an answer is not asked for again before that is cleared."""
        row = _order(order)
        with _waiting():
            return codes.send(row, application_code, self._service)

    def is_code_lost(self, order: OrderRef) -> bool:  # noqa: ARG002 - no call of the contract tells it
        """Never known: what became of a message is not told over the API."""
        return False

    def sign(
        self,
        order: OrderRef,
        *,
        code: Typed | None,
        revisions: Mapping[RequestRef, Path],
        validated: Callable[[], None],
    ) -> None:
        """Have the code judged and all documents signed; take the signed files. Raises also `Lost`, `OtherFile`."""
        row = _order(order)
        if row.signed_at is None:
            handing.check(revisions)
            codes.judged_before(row, code)
            with _waiting():
                self._ordered(row, code, validated)
                self._awaited(row)
        validated()

    def fetch(self, request: RequestRef) -> Signed | Status:
        """What became of one document; where all of the order are signed there, they are taken now."""
        row = RemoteRequest.objects.select_related("order__trail").get(pk=int(request))
        if row.signed_at is None and row.order.discarded_at is None:
            with _waiting():
                told = self._service.document(row.remote_id, row.external_id)
                if told.word not in SIGNED or not self._taken(row.order):
                    return Status(told.word)
            row.refresh_from_db()
        if row.signed_at is None:
            return Status(DISCARDED)
        return Signed(path=row.path, sha256=row.sha256, size=row.size, at=row.signed_at)

    def refuse(self, order: OrderRef) -> None:
        """The signer refused: told by one document of the order, which ends it whole."""
        row = _order(order)
        first = row.requests.exclude(remote_id="").order_by("n").first()
        self._given_up(
            row, lambda: self._service.refuse(first.remote_id) if first else self._service.delete(row.signer)
        )

    def discard(self, order: OrderRef) -> None:
        """The path ended without an answer."""
        row = _order(order)
        self._given_up(row, lambda: self._service.delete(row.signer))

    def _created(self, row: RemoteOrder, holder: Holder) -> Placed:
        """A service that knows the external id already, and does not give the order again, is asked for it."""
        new = NewOrder(
            external_id=row.signer,
            first_name=holder.first_name,
            last_name=holder.last_name,
            country=holder.country,
            email=holder.email,
            mobile=holder.mobile,
            otp=row.otp,
            contact=row.contact,
        )
        try:
            return self._service.create_order(new)
        except Refused:
            known = self._service.order(row.signer)
            if known is None:
                raise
            return known

    def _ordered(self, row: RemoteOrder, code: Typed | None, validated: Callable[[], None]) -> None:
        """See that the signature is under way: asked for, unless an earlier call did so."""
        word = codes.standing(row, self._service)
        if word in codes.PASSED:
            codes.accepted(row)
            validated()
        if word in codes.UNDER_WAY:
            return
        if word not in codes.BEFORE:
            raise Lost(word)
        if row.otp and word in codes.ASKED and code is None:
            raise CodeGone
        try:
            self._service.sign(codes.placed(row), code.code if code else None, otp=row.otp)
        except Refused as error:
            codes.refused(row, code, error, self._service)
        codes.accepted(row)
        validated()

    def _awaited(self, row: RemoteOrder) -> None:
        """Look until the files are there; raises `Unavailable` where that takes longer than a worker should wait."""
        deadline = time.monotonic() + LOOK_FOR_SECONDS
        while not self._taken(row):
            if time.monotonic() > deadline:
                raise Unavailable("remote", RETRY_SECONDS)
            time.sleep(LOOK_SECONDS)

    def _taken(self, row: RemoteOrder) -> bool:
        """Take the signed files, once all are there. A file that is not what it has to be is as good as none."""
        requests = {each.remote_id: each for each in row.requests.select_related("order").order_by("n")}
        told = {each.id: each for each in self._service.documents(codes.placed(row)) if each.id in requests}
        failed = [each.word for each in told.values() if each.word in {"SIGN_FAILED", "REFUSED", DISCARDED}]
        if failed:
            raise Lost(failed[0])
        if set(told) != set(requests) or not all(each.word in SIGNED for each in told.values()):
            return False
        contents = {}
        for remote_id, request in requests.items():
            content = self._service.document(remote_id, request.external_id).content
            if content is None:
                return False
            contents[request] = content
        try:
            taking.take(row, contents, at=now())
        except taking.NotTaken as error:
            raise Unavailable("remote", RETRY_SECONDS) from error
        return True

    def _given_up(self, row: RemoteOrder, tell: Callable[[], None]) -> None:
        """End an order that is not signed; one that is being signed ends by itself, and is waited for."""
        if row.signed_at or row.discarded_at:
            return
        with _waiting():
            placed = self._service.order(row.signer)
            if placed is None or placed.word in codes.OVER:
                entries.closed(row, placed.word if placed else DISCARDED)
                return
            try:
                tell()
                placed = None
            except Refused:  # it has gone on meanwhile
                placed = self._service.order(row.signer)
        if placed is not None and placed.word not in codes.OVER:
            raise Unavailable("order", RETRY_SECONDS)
        entries.closed(row, placed.word if placed else DISCARDED)


@contextmanager
def _waiting() -> Iterator[None]:
    """Where no usable answer comes, whatever the reason, the path waits; the wire has logged which it was."""
    try:
        yield
    except NoAnswer as error:
        raise Unavailable("remote", error.retry_after or RETRY_SECONDS) from error


def _order(reference: OrderRef) -> RemoteOrder:
    return RemoteOrder.objects.select_related("trail").get(pk=int(reference))
