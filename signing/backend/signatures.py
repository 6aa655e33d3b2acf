"""The signature of one order, readable from top to bottom: claim, plan, key, certificate, signatures, check, commit.

No transaction is open across cryptography or disk. Every commit is fenced by the claim; a worker that lost it discards
what it made, and the certificate it planned is abandoned and revoked by whoever takes the order next.
"""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction

from evidence import authorities, events, files, keys, outages, timestamps, trail
from evidence.verify import release
from signing.backend import authority, entries, revocation, root_list, stamps, validity
from signing.backend.entries import Credential, Made
from signing.backend.models import Certificate, Order, OrderMoved, SignatureRequest
from signing.backend.states import CertificateState, OrderStatus, RequestStatus
from signing.engine import ca, crls, pades
from signing.engine.keys import ALGORITHM, OneUseKey
from signing.engine.levels import Level

Clock = Callable[[], datetime]
Revision = Callable[[SignatureRequest], Path]  # what a document's signature is put on
BEFORE = timedelta(minutes=1)
VALIDITY = timedelta(minutes=60)
Missing = Literal["tsa", "crl", "keys"]
MISSING: dict[type[Exception], Missing] = {
    keys.KeyUnavailable: "keys",
    timestamps.TimestampRefused: "tsa",
    crls.StaleRevocationList: "crl",
}
WAITS = tuple(MISSING)
MEANS = "logiciel : OpenSSL, mémoire du processus de signature"


class Busy(Exception):
    """Another worker holds this order."""


class Waiting(Exception):
    """Something the signature needs is not there: `what` is tsa, crl or keys. It never gets a weaker one instead."""

    def __init__(self, what: Missing) -> None:
        super().__init__(what)
        self.what: Missing = what


def sign_order(order: Order, *, revision: Revision, owner: str, clock: Clock) -> None:
    """Sign every document of a validated order, each on its newest revision.

    Raises `Busy` and `Waiting`; whatever is raised (also `NotSound`, `OrderMoved`) leaves the order to the next claim.
    """
    if not order.claim(owner=owner, at=clock()):
        raise Busy(f"order {order.pk}")
    try:
        _sign_or_again(order, revision, clock)
    except BaseException as error:
        order.release()  # what succeeds gives it back in the commit
        if isinstance(error, WAITS):
            outages.noticed(error, at=clock())
            raise Waiting(_missing(error)) from error
        raise


def _sign_or_again(order: Order, revision: Revision, clock: Clock) -> None:
    """Once more at once where an authority gave way to the next in the middle: the lists of both are at hand then."""
    stamper = timestamps.timestamper()
    outages.attend(stamper, at=clock())
    known = stamper.lists()
    try:
        _sign(order, revision, clock)
    except crls.StaleRevocationList:
        if set(stamper.lists()) <= set(known):
            raise
        _sign(order, revision, clock)


def _sign(order: Order, revision: Revision, clock: Clock) -> None:
    """Make the certificate, use its key once for each document, destroy it, commit.

    What can be seen to be missing is missed before a certificate exists: one is spent on a try.
    """
    authority.issuing(test=order.is_test)
    validity.check(clock() + VALIDITY)
    root_list.current(clock())
    revocation.current(clock())
    credential = _certify(_planned(order, clock()), order, clock)
    try:
        revoked = revocation.current(clock())
        made = [
            _signed(order, credential, request, revision(request), revoked.der, clock, use)
            for use, request in enumerate(order.requests.order_by("n"), start=1)
        ]
    except Exception as error:
        credential.key.destroy()
        _give_up(order, credential, error, clock())
        raise
    finally:
        credential.key.destroy()
    _commit(order, credential, made, revoked, clock())


def _give_up(order: Order, credential: Credential, error: Exception, at: datetime) -> None:
    """Tell what became of a try that failed: the key is gone, the certificate abandoned. A lost claim tells nothing."""
    signer, serial = order.signer, credential.row.serial
    missing = _missing(error) if isinstance(error, WAITS) else None
    told: list[events.Event] = [events.KeyDestroyed(signer=signer, serial=serial, uses=credential.key.uses)]
    if missing == "tsa":
        told.insert(0, events.TimestampFailed(signer=signer, reason=type(error).__name__))
    try:
        with transaction.atomic():
            order.move_to(OrderStatus.VALIDATED)
            trail.extend(order.trail, [(event, at) for event in told], actor=trail.SYSTEM)
            revocation.abandon(order, credential.row, f"{missing} missing" if missing else "not signed", at)
    except OrderMoved:
        return  # whoever has the order now abandons what this worker left


def _missing(error: Exception) -> Missing:
    """What was not there, of the errors in WAITS."""
    return next(what for kind, what in MISSING.items() if isinstance(error, kind))


def _planned(order: Order, at: datetime) -> Certificate:
    """Abandon what a dead worker left, and store a new serial before anything is signed with it."""
    with transaction.atomic():
        order.hold()  # nobody plans for an order that was refused or given up meanwhile
        if order.attempt > 1:
            revocation.abandon_left(order, at)
        row = Certificate.objects.create(order=order, serial=f"{ca.new_serial():x}", planned_at=at)
        event = events.CertificateRequested(
            signer=order.signer,
            serial=row.serial,
            policy=authority.signer_policy(test=order.is_test),
            binding=order.binding,
            subject=_subject(order).name().rfc4514_string(),
        )
        trail.append(order.trail, event, actor=trail.SYSTEM, at=at)
    return row


def _certify(row: Certificate, order: Order, clock: Clock) -> Credential:
    """Make the key and its certificate, and record both."""
    at, key = clock(), OneUseKey.generate()
    issuer = authority.issuing(test=order.is_test)
    not_before = at.replace(microsecond=0) - BEFORE
    certificate = issuer.issue(
        key.public_key,
        _subject(order),
        serial=int(row.serial, 16),
        not_before=not_before,
        not_after=not_before + VALIDITY,
    )
    above = issuer.chain()
    for each in above:
        files.put_bytes(each.public_bytes(Encoding.DER))
    created = events.KeyCreated(
        signer=order.signer, serial=row.serial, algorithm=ALGORITHM, means=MEANS, spki_sha256=key.spki_sha256
    )
    issued, issued_at = entries.of_certificate(order, row, key, certificate, above), clock()
    with transaction.atomic():
        order.move_to(OrderStatus.GENERATED)
        row.move_to(CertificateState.ISSUED)
        trail.extend(order.trail, [(created, at), (issued, issued_at)], actor=trail.SYSTEM)
    return Credential(row, key, certificate, above)


def _signed(
    order: Order, credential: Credential, request: SignatureRequest, base: Path, crl: bytes, clock: Clock, use: int
) -> Made:
    """Sign one document into a temporary file, check it by other means, store it."""
    at = clock()
    root_crl, stamper = root_list.current(at), timestamps.timestamper()
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="sign-") as folder:
        target = Path(folder) / "signed.pdf"
        signed = pades.sign_pdf(
            base,
            target,
            key=credential.key,
            certificate=credential.certificate,
            chain=credential.chain,
            crls=[crl, root_crl, *stamper.lists()],
            timestamper=stamper,
            field_name=f"Paraphe-{credential.row.serial[:12]}",
            reason=stamps.reason(order),
            location=order.client.location or None,
            contact=stamps.contact(order) or None,
            name=f"{order.first_name} {order.last_name}".strip(),
            stamp=stamps.visible(order, request, at),
            at=at,
            level=Level(request.level),
            digest=request.digest,
        )
        stamped_at = clock()
        checks = release.check(
            target,
            presented=release.Prefix(request.presented_sha256, request.presented_size),
            base=release.Prefix(base.name, base.stat().st_size),  # a kept file is named by its digest
            certificate=credential.certificate,
            chain=credential.chain,
            page_count=request.pages,
            level=request.level,
            digest=request.digest,
            at=at,
            timestamp_roots=authorities.roots(),
            reason=stamps.reason(order),
        )
        checked_at = clock()
        return Made(request, signed, files.take(target), use, checks, at, stamped_at, checked_at, stamper.external)


def _commit(order: Order, credential: Credential, made: list[Made], revoked: revocation.Current, at: datetime) -> None:
    """One fenced transaction: the signatures, the certificate's end, every entry. `at`: the key was destroyed.

    Where the claim was lost meanwhile, nothing is kept of what was made under it.
    """
    for token in (token for each in made for token in each.signed.tokens):
        files.put_bytes(token)
    told = list(entries.of_order(order, credential, made, revoked, at))
    try:
        _write(order, credential, made, told, at)
    except OrderMoved:
        for each in made:
            each.discard()
        raise


def _write(order: Order, credential: Credential, made: list[Made], told: list[entries.Told], at: datetime) -> None:
    with transaction.atomic():
        order.move_to(OrderStatus.CLOSED, closed_at=at, lease_until=None)
        credential.row.move_to(CertificateState.SPENT)
        for each in made:
            each.request.move_to(RequestStatus.SIGNED, sha256=each.sha256, size=each.signed.size, signed_at=each.at)
        trail.extend(order.trail, told, actor=trail.SYSTEM)


def _subject(order: Order) -> ca.SignerSubject:
    return ca.SignerSubject(
        given_name=order.first_name,
        surname=order.last_name,
        country=order.country,
        serial_number=f"{order.reference}-{order.digits}",
    )
