"""The mails of a path: composed at the moment of sending, each link mail with a token of its own."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from evidence import addenda, events, trail
from evidence.archive import elimination
from evidence.bell import Next
from otp import caps, codes, messages, reports, wishes
from otp.delivery import Answer, Attachment, Mail
from otp.models import Channel, Message
from signing import access
from signing.clients.writing import written
from signing.jobs import closing, complaints, expiry, notices, reminders
from signing.models import AccessLink, Document, Signer
from signing.states import ENDED, SignerState

logger = logging.getLogger("paraphe.letters")

Clock = Callable[[], datetime]
TO_CLIENT = (complaints.KIND, *notices.KINDS)
RESULTS = ("signed", "refused", expiry.TO_SIGNER)
KINDS = ("link", *RESULTS, *TO_CLIENT)
ATTACHED_BYTES = 8 * 1024 * 1024


def send_message(message_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Send one mail of the outbox; gives what should follow. A row that is not due or held by another is left alone."""
    message = messages.claim(message_id, by=owner, at=clock())
    if message is None:
        return []
    signer = Signer.objects.select_related("envelope__client__policy", "envelope__trail").get(public_id=message.owner)
    if not _wanted(signer, message):
        with transaction.atomic():
            messages.drop(message)
        return []
    if messages.was_deadly(message):
        return _told(signer, message, messages.Outcome(Message.Outcome.DEAD, signer.email), clock())
    spent_at = clock()
    awake = reminders.awake(signer.envelope.client, spent_at) if _waits_for_day(message) else spent_at
    if awake > spent_at:  # it comes late: a worker stood still, a server was down, a cap was reached
        messages.put_off(message, until=awake)
        return []
    if not _spent(signer, message, spent_at):
        messages.put_off(message, until=caps.tomorrow(spent_at))
        return []
    outcome = _attempted(signer, message, clock)
    if outcome.is_untaken:  # its next try is counted anew
        caps.give_back(**_counted(signer, message), at=spent_at)
    return _told(signer, message, messages.settled(message, outcome), clock())


def _told(signer: Signer, message: Message, outcome: messages.Outcome, at: datetime) -> list[Next]:
    """Write what came of an attempt, with its entry; a letter that is given up is an alarm."""
    with transaction.atomic():
        if not messages.record(message, outcome, at=at):
            return []
        if outcome.state == Message.Outcome.DEAD:
            logger.error("letter given up", extra={"row": str(message.pk), "attempt": message.attempts})
        follow = recorded(signer, message, _event(signer, message, outcome), at)
        reports.tell_early(message, at=at)
        return [*follow, *(closing.dossier_is_due(signer, at=at) if message.kind in RESULTS else [])]


def recorded(signer: Signer, message: Message, event: events.Event, at: datetime) -> list[Next]:
    """What became of a letter: of one to the signer that goes out when the dossier is sealed, as an addendum too.

    It was put off to the morning, or sent again by the operator. What the client is told is an entry alone, and so is
    an attempt that will be made again: what becomes of the letter in the end is told. Of a person who is erased nothing
    is told: the words of a carrier name whom they are about.
    """
    journal = signer.envelope.trail
    if elimination.is_begun(journal):
        return []
    if message.kind in TO_CLIENT or isinstance(event, (events.LinkDelayed, events.DeliveryDelayed)):
        trail.append(journal, event, actor=trail.SYSTEM, at=at)
        return []
    return addenda.tell(journal, message.owner, event, actor=trail.SYSTEM, at=at)


def _wanted(signer: Signer, message: Message) -> bool:
    """Whether the letter may still go out. The link: not after the end, nor once its reader said that it is not for
    them, nor, from the second on, to whoever wants no more letters. That time is over: not to who said either.
    """
    if message.kind == expiry.TO_SIGNER:
        return not (signer.stopped_at or signer.disowned_at)
    if message.kind != "link":
        return True
    state = SignerState(signer.state)
    return state not in ENDED and not signer.is_held and not (message.n > 1 and signer.stopped_at)


def _waits_for_day(message: Message) -> bool:
    """Whether nobody asked for this letter now: a reminder, or that time is over."""
    return message.kind == expiry.TO_SIGNER or (message.kind == "link" and message.n > 1)


def _spent(signer: Signer, message: Message, at: datetime) -> bool:
    """Count a letter against the caps of its client; False where it has to wait for the next day.

    What the client is told itself counts for no contact: its mailbox is one, its signers are many.
    """
    try:
        with transaction.atomic():
            caps.spend(**_counted(signer, message), at=at)
    except codes.Capped:
        return False
    return True


def _counted(signer: Signer, message: Message) -> dict[str, Any]:
    client = signer.envelope.client
    contact = "" if message.kind in TO_CLIENT else signer.email
    return {"tenant": str(client.pk), "policy": client.policy, "channel": Channel.EMAIL, "contact": contact}


def _attempted(signer: Signer, message: Message, clock: Clock) -> messages.Outcome:
    """Compose and send; what cannot be composed counts as an attempt, so that it is given up one day and told."""
    try:
        return messages.attempt(lambda: _compose(signer, message, clock()))
    except Exception:
        logger.exception("letter failed", extra={"row": str(message.pk), "attempt": message.attempts})
        return messages.Outcome(Message.Outcome.WAITING, signer.email)


def _compose(signer: Signer, message: Message, at: datetime) -> Mail:
    """Subject, plain text and HTML in the signer's language; the signed files with them where they are small enough."""
    if message.kind == complaints.KIND:
        return complaints.letter(signer, message.n)
    if message.kind in notices.KINDS:
        return notices.letter(signer, message)
    envelope = signer.envelope
    documents = list(envelope.documents.order_by("n"))
    link = _link(signer, message, at)
    others = envelope.signers.filter(state=SignerState.SIGNED).exclude(pk=signer.pk)
    context = {
        "client": envelope.client,
        "signer": signer,
        "envelope": envelope,
        "documents": documents,
        "to_sign_count": sum(1 for document in documents if document.role == Document.Role.TO_SIGN),
        "link": link,
        "disagree_link": access.disagreeing(link),
        "reminder": message.kind == "link" and message.n > 1,
        "signed_by": [each.full_name for each in others.order_by("ended_at")],
        "reference": envelope.reference,
        "digits": signer.digits,
        "signed_at": signer.ended_at,
        "at": signer.ended_at,
    }
    said_back = wishes.addresses(owner=str(signer.public_id), contact=signer.email)
    context |= said_back
    attachments = _attachments(signer) if message.kind == "signed" else ()
    context["attached"] = bool(attachments)
    with translation.override(signer.language):
        subject, text, html = written(message.kind, context, client=envelope.client)
        return Mail(
            recipient=signer.email,
            subject=subject,
            text=text,
            html=html,
            attachments=attachments,
            reference=str(message.pk),
            sender=envelope.client.mail_name,
            reply_to=envelope.client.reply_to,
            unsubscribe=said_back["stop_link"] if context["reminder"] else "",
        )


def _link(signer: Signer, message: Message, at: datetime) -> str:
    """An address with a token of its own; none where it would lead to nothing (decision 18)."""
    if message.kind == expiry.TO_SIGNER and signer.opened_at is None:
        return ""
    with transaction.atomic():
        return access.link_url(access.new_link(signer=signer, means=AccessLink.Means.MESSAGE, at=at))


def _attachments(signer: Signer) -> tuple[Attachment, ...]:
    revisions = list(signer.revisions.select_related("document").order_by("document__n"))
    if sum(revision.size for revision in revisions) > ATTACHED_BYTES:
        return ()
    return tuple(
        Attachment(
            f"{revision.document.n:02d}-{revision.document.file_name()}", revision.path.read_bytes(), "application/pdf"
        )
        for revision in revisions
    )


def accepted(signer: Signer, message: Message, answer: str) -> events.Event:
    """The entry of a letter with the link that, says a report, came to its recipient."""
    return events.LinkAccepted(
        signer=str(signer.public_id),
        channel="email",
        message_id=message.message_id,
        n=message.n,
        recipient=signer.email,
        answer=answer or None,
    )


def bounced(signer: Signer, message: Message, answer: str) -> events.Event:
    """The entry of a letter that came back after it had been taken."""
    outcome = messages.Outcome(
        Message.Outcome.BOUNCED, signer.email, Answer(message_id=message.message_id, text=answer)
    )
    return _event(signer, message, outcome)


def _event(signer: Signer, message: Message, outcome: messages.Outcome) -> events.Event:
    """The entry of an attempt, whatever came of it."""
    members: dict[str, object] = {
        "signer": str(signer.public_id),
        "channel": "email",
        "n": message.n,
        "recipient": outcome.recipient,
        "answer": outcome.answer.text or None,
    }
    of_link: type[events.Event]
    of_result: type[events.Event]
    match outcome.state:
        case Message.Outcome.SENT:
            of_link, of_result = events.LinkSent, events.DeliverySent
            members["message_id"] = outcome.answer.message_id
        case Message.Outcome.WAITING:
            of_link, of_result = events.LinkDelayed, events.DeliveryDelayed
            members["attempt"] = message.attempts
        case _:
            of_link, of_result = events.LinkBounced, events.DeliveryBounced
    if message.kind == "link":
        return of_link.model_validate(members)
    return of_result.model_validate(members | {"content": message.kind})
