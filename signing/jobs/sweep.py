"""The sweeper: rings again for every row that is due and held by nobody, and ends envelopes whose time has passed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from evidence import sweeps
from evidence.bell import Next
from evidence.models import Heartbeat
from otp import alarms, early, messages
from signing.jobs import bundles, closing, drafts, leftovers, reminders, ringing
from signing.jobs.letters import KINDS
from signing.models import Envelope, Signer, StateChanged
from signing.states import EnvelopeState, SignerState

TASKS = {
    Signer.Work.SEND_CODE: "signing.tasks.send_code",
    Signer.Work.REFUSE: "signing.tasks.close_order",
}
BATCH = 200
REMINDERS_EVERY = timedelta(minutes=1)
ALARMS_EVERY = timedelta(minutes=1)


def sweep(at: datetime) -> list[Next]:
    """All that is due now; drafts that nobody sent are forgotten, and what dead processes left on disk is cleared."""
    cleared = (drafts.forget, bundles.forget, leftovers.clear, _minutely)
    return sweeps.parts(at, *cleared, _early_reports, _paths, _messages, _expired, _reminders, bundles.sweep)


def _reminders(at: datetime) -> list[Next]:
    """Looked for once a minute: a day is long."""
    return reminders.remind(at) if Heartbeat.turn("reminders", every=REMINDERS_EVERY, at=at) else []


def _minutely(at: datetime) -> None:
    if Heartbeat.turn("alarms", every=ALARMS_EVERY, at=at):
        messages.give_up_codes(at)
        alarms.watch(at)


def _early_reports(at: datetime) -> None:
    sweeps.each(early.known(at), lambda row: early.tell(row, at=at), job="early report")


def due_letters(at: datetime) -> list[str]:
    """Ids of the letters that wait, are due and that nobody holds."""
    return messages.due(at, kinds=KINDS)


def letters_beside(message_id: str, at: datetime) -> list[str]:
    """Ids of the letters that may be sent in the same worker as this one."""
    return messages.beside(message_id, at, kinds=KINDS)


def due_codes(at: datetime) -> list[str]:
    """Public ids of the paths that wait for their code and that nobody holds."""
    rows = _due_paths(at).filter(work=Signer.Work.SEND_CODE).order_by("work_due_at")
    return [str(public_id) for public_id in rows.values_list("public_id", flat=True)[:BATCH]]


def _due_paths(at: datetime) -> QuerySet[Signer]:
    free = Q(work_lease_until__isnull=True) | Q(work_lease_until__lte=at)
    return Signer.objects.filter(free, work_due_at__lte=at)


def _paths(at: datetime) -> list[Next]:
    rows = _due_paths(at).exclude(work="")
    found = rows.order_by("work_due_at").values_list("public_id", "work")[:BATCH]
    return [_ringing(signer, Signer.Work(work)) for signer, work in found]


def _ringing(signer: UUID, work: Signer.Work) -> Next:
    return ringing.signature(signer) if work == Signer.Work.SIGN else Next(TASKS[work], {"signer_id": str(signer)})


def _messages(at: datetime) -> list[Next]:
    return [Next("signing.tasks.send_message", {"message_id": pk}) for pk in due_letters(at)]


def _expired(at: datetime) -> list[Next]:
    """Envelopes past their day end, unless somebody is signing at this moment: then after that.

    A batch at random: one that cannot be ended is there again each time, and keeps no other from its turn.
    """
    over = Envelope.objects.filter(state=EnvelopeState.OPEN, expires_at__lte=at).order_by("?")
    ended = sweeps.each(
        over.exclude(signers__state=SignerState.SIGNING)[:BATCH],
        lambda envelope: closing.close_envelope(envelope, EnvelopeState.EXPIRED, at=at),
        job="expire envelope",
        passing=(StateChanged,),  # a signer was quicker; the next sweep looks again
    )
    return [each for nexts in ended for each in nexts]
