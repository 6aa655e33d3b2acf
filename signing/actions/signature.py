"""Deciding: SIGNER, the code, a new code, REFUSER."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import translation

from evidence import bell, events, trail
from evidence.trail import Actor
from otp import characters, codes
from signing import progress
from signing.actions.paths import locked
from signing.gateway import gateway
from signing.jobs import closing, ringing
from signing.models import CodeChannel, Signer, StateChanged
from signing.progress import Progress
from signing.states import READING, EnvelopeState, SignerState


class NotReady(Exception):
    """Pages or boxes are missing; `progress` says which."""

    def __init__(self, held: Progress) -> None:
        super().__init__("pages or boxes are missing")
        self.progress = held


class NotPossible(Exception):
    """The path is past this step, or not there yet."""


class TooSoon(Exception):
    """No code is sent before `retry_at`."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("a code was sent a moment ago")
        self.retry_at = retry_at


def click_sign(*, signer: Signer, actor: Actor, at: datetime) -> Signer:
    """SIGNER: every page, box and mention is checked again under the row's lock, then a code is asked for.

    Where the path asks for none, the click is SIGN: the row says SIGNING and a worker is told. A second click changes
    nothing. Raises `NotReady` (recorded) and `NotPossible`.
    """
    with transaction.atomic():
        signer = locked(signer)
        if signer.state in {SignerState.CODE_SENT, SignerState.SIGNING} or signer.work:
            return signer
        if signer.state != SignerState.OPENED or signer.envelope.expires_at <= at:
            raise NotPossible
        held = progress.of(signer)
        if held.ready:
            event = events.SignClicked(signer=str(signer.public_id), label=_label(signer), binding=signer.binding)
            trail.append(signer.envelope.trail, event, actor=actor, at=at)
            Signer.objects.filter(pk=signer.pk).update(clicked_at=at)
            if signer.code_channel == CodeChannel.NONE:
                _sign(signer, at)
            else:
                _ask_for_code(signer, at)
        else:
            blocked = events.SignBlocked(
                signer=str(signer.public_id),
                missing_pages=len(held.missing),
                missing_consents=len(held.missing_consents),
                missing_mentions=len(held.missing_mentions) or None,
            )
            trail.append(signer.envelope.trail, blocked, actor=actor, at=at)
    if not held.ready:
        raise NotReady(held)
    return signer


def resend_code(*, signer: Signer, actor: Actor, at: datetime) -> Signer:
    """Ask for a new code. Raises `TooSoon` before the cool-down is over, `NotPossible` without SIGNER."""
    with transaction.atomic():
        signer = locked(signer)
        if signer.work == Signer.Work.SEND_CODE:
            return signer
        if signer.work or not _may_ask(signer, at):
            raise NotPossible
        if (waits_until := resend_from(signer, at)) and waits_until > at:
            raise TooSoon(waits_until)
        event = events.CodeRequested(signer=str(signer.public_id))
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        _ask_for_code(signer, at)
    return signer


def resend_from(signer: Signer, at: datetime) -> datetime | None:
    """From when a new code may be asked for; None where nothing keeps it from being asked for now."""
    if signer.code_sent_at and codes.is_ahead(signer.code_sent_at, at):
        return None
    return signer.code_resend_at


def can_be_mailed(signer: Signer) -> bool:
    """Whether who waits for an SMS may have the code by mail; for pages, `mail_code` asks again."""
    by_sms = signer.code_channel == CodeChannel.SMS and signer.envelope.client.policy.mails_instead
    return by_sms and gateway().readdresses


def mail_code(*, signer: Signer, actor: Actor, at: datetime) -> Signer:
    """Ask for a new code by mail, where an SMS was waited for; from then on every code of the path goes there.

    Raises `TooSoon` before the cool-down is over, `NotPossible` where the policy does not allow it, or without SIGNER.
    """
    with transaction.atomic():
        signer = locked(signer)
        if not can_be_mailed(signer) or signer.work or not _may_ask(signer, at):
            raise NotPossible
        if (waits_until := resend_from(signer, at)) and waits_until > at:
            raise TooSoon(waits_until)
        event = events.CodeRerouted(signer=str(signer.public_id), channel="email", independent_channel=False)
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        Signer.objects.filter(pk=signer.pk).update(code_channel=CodeChannel.EMAIL, code_masked="", code_trouble="")
        _ask_for_code(signer, at)
    return signer


def submit_code(*, signer: Signer, code: str, actor: Actor, at: datetime) -> Signer:
    """The code was typed: the row says SIGNING and a worker is told; its answer comes on the progress page.

    A second click changes nothing. Raises `NotPossible` where no code is awaited.
    """
    with transaction.atomic():
        signer = locked(signer)
        if signer.state == SignerState.SIGNING:
            return signer
        if signer.state != SignerState.CODE_SENT or signer.work or signer.envelope.expires_at <= at:
            raise NotPossible
        event = events.CodeEntered(signer=str(signer.public_id), binding=signer.binding)
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        _sign(signer, at, sealed_code=characters.seal(code), code_try=uuid4().hex, code_trouble="")
    return signer


def refuse(*, signer: Signer, choice: str, reason: str, actor: Actor, at: datetime) -> Signer:
    """REFUSER, confirmed: the path and the envelope end. Refusing twice changes nothing. Raises `NotPossible`."""
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer = locked(signer)
        if signer.state == SignerState.REFUSED:
            return signer
        if signer.state not in READING:
            raise NotPossible
        event = events.RefusalClicked.model_validate(
            {"signer": str(signer.public_id), "choice": choice, "reason": reason or None}
        )
        trail.append(signer.envelope.trail, event, actor=actor, at=at)
        signer.move_to(SignerState.REFUSED, at=at)
        bell.ring(*closing.close_envelope(signer.envelope, EnvelopeState.REFUSED, at=at))
        bell.ring(closing.queue_letter(signer, "refused", at=at))
    return signer


def _may_ask(signer: Signer, at: datetime) -> bool:
    return signer.state in READING and bool(signer.clicked_at) and signer.envelope.expires_at > at


def _sign(signer: Signer, at: datetime, **typed: str) -> None:
    """Queue the signature: the row says SIGNING."""
    signer.move_to(SignerState.SIGNING, at=at, **typed)
    signer.give_work(Signer.Work.SIGN, at=at)
    bell.ring(ringing.signature(signer.public_id))


def _ask_for_code(signer: Signer, at: datetime) -> None:
    try:
        signer.give_work(Signer.Work.SEND_CODE, at=at)
    except StateChanged as error:
        raise NotPossible from error
    bell.ring(bell.Next("signing.tasks.send_code", {"signer_id": str(signer.public_id)}))


def _label(signer: Signer) -> str:
    """What the button said, in the language the signer was shown."""
    with translation.override(signer.language):
        return translation.gettext("SIGNER")
