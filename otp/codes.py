"""One-time codes: issued, judged, locked. The code itself is returned once, to whoever sends it, and kept nowhere.

Stored is HMAC-SHA-256(key, owner || binding || code): a code is worth nothing for another order or other documents.
One that is issued before there is anything to bind has an empty binding there, and is tied once, by its row.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from otp import characters, judging
from otp.alarms import Aim
from otp.judging import Judgement, Verdict
from otp.models import Code, Guard, Message, Policy, Try

AHEAD = timedelta(minutes=1)  # by how much clocks of several hosts may differ


class TooSoon(Exception):
    """No code is sent now; `retry_at` says when one may be."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("a code was sent a moment ago")
        self.retry_at = retry_at


class Capped(TooSoon):
    """This contact, or this client, has had all its messages of the day (`otp.caps`)."""


class Wrong(Exception):
    """The code is not the one that was sent; `left` tries remain on it (at least one)."""

    def __init__(self, left: int, n: int) -> None:
        super().__init__(f"wrong code, {left} tries left")
        self.left = left
        self.n = n


class NoTriesLeft(Exception):
    """The last try of the newest code is used up, now or before; a new code may be asked for."""

    def __init__(self, n: int) -> None:
        super().__init__("no tries left")
        self.n = n


class Locked(Exception):
    """Too many failures over all codes of this owner: no further code is issued or judged."""

    def __init__(self, failures: int) -> None:
        super().__init__("locked")
        self.failures = failures


class Gone(Exception):
    """There is no code to judge: never sent, expired, used, or tied to something else."""

    def __init__(self, n: int = 0) -> None:
        super().__init__("no live code")
        self.n = n


@dataclass(frozen=True)
class Issued:
    """A code just made: `plain` is for the message only."""

    n: int
    plain: str
    valid_until: datetime
    tries: int


def issue(*, owner: str, binding: str, policy: Policy, at: datetime, aim: Aim | None = None) -> Issued:
    """Make a code and supersede the one before it. Raises `Locked`, or `TooSoon` by cool-down or hourly limit.

    `aim`: for whom it goes where, which alarms count by.
    """
    plain = characters.drawn(policy)
    with transaction.atomic():
        guard = _held(owner)
        _check_send(guard, owner=owner, policy=policy, at=at)
        last = judging.newest(owner)
        n = last.n + 1 if last else 1
        if last is not None:
            Code.objects.filter(owner=owner, state=Code.State.LIVE).update(state=Code.State.SUPERSEDED)
        code = Code.objects.create(
            owner=owner,
            n=n,
            binding=binding,
            tied_later=not binding,
            digest=characters.digest(owner, binding, plain),
            tries_left=policy.tries,
            issued_at=at,
            valid_until=at + timedelta(seconds=policy.validity_seconds),
            **(aim.columns() if aim else {}),
        )
    return Issued(n=n, plain=plain, valid_until=code.valid_until, tries=policy.tries)


def check_send(*, owner: str, policy: Policy, at: datetime) -> None:
    """Raise `Locked`, or `TooSoon` by cool-down or hourly limit, where no code would be issued now."""
    _check_send(Guard.objects.filter(owner=owner).first(), owner=owner, policy=policy, at=at)


def check_unlocked(*, owner: str) -> None:
    """Raise `Locked` where too many wrong codes have closed this owner: it says so however often it is asked."""
    guard = Guard.objects.filter(owner=owner, locked_at__isnull=False).first()
    if guard is not None:
        raise Locked(guard.failures)


def forgive(*, owner: str, before: datetime) -> None:
    """Count an owner's failures after this instant only, and end a lock that is not younger.

    For an owner that lasts, as a contact does: those of an order end with it, and are never forgiven.
    """
    if not Guard.objects.filter(owner=owner, failures__gt=0).exists():
        return
    with transaction.atomic():
        guard = Guard.objects.select_for_update().get(owner=owner)
        if guard.locked_at is not None and guard.locked_at > before:
            return
        failures = Try.objects.filter(owner=owner, verdict=Verdict.WRONG, judged_at__gt=before).count()
        Guard.objects.filter(pk=guard.pk).update(failures=failures, locked_at=None)


def _check_send(guard: Guard | None, *, owner: str, policy: Policy, at: datetime) -> None:
    if guard is not None and guard.locked_at:
        raise Locked(guard.failures)
    retry_at = next_send_at(owner=owner, policy=policy, at=at)
    if retry_at > at:
        raise TooSoon(retry_at)


def hold(*, owner: str) -> None:
    """Let nobody else issue or judge codes of this owner until the caller's transaction ends (PostgreSQL)."""
    _held(owner)


def _held(owner: str) -> Guard:
    Guard.objects.get_or_create(owner=owner)
    return Guard.objects.select_for_update().get(owner=owner)


def tie(*, owner: str, binding: str) -> int | None:
    """Tie the live code of an owner that was issued before there was anything to bind; gives its number, or None.

    A code that is tied already to something else is void from now on: what it was sent for has changed.
    """
    live = Code.objects.filter(owner=owner, state=Code.State.LIVE)
    if live.filter(binding="", tied_later=True).update(binding=binding):
        return live.values_list("n", flat=True).first()
    live.exclude(binding=binding).update(state=Code.State.SUPERSEDED)
    return None


def withdraw(*, owner: str) -> None:
    """Void the live code of an owner: the contact that it went to counts no more."""
    Code.objects.filter(owner=owner, state=Code.State.LIVE).update(state=Code.State.SUPERSEDED)


def is_ahead(instant: datetime, at: datetime) -> bool:
    """Whether what is past is later than now: the clock was put back since, and waiting for it would take that long."""
    return instant > at + AHEAD


def next_send_at(*, owner: str, policy: Policy, at: datetime) -> datetime:
    """From when the next code may be sent: after the cool-down, and under the hourly limit.

    A code whose message nobody took counts for the cool-down only; one that is yet to be issued (`is_ahead`) for none.
    """
    issued = Code.objects.filter(owner=owner, issued_at__lte=at + AHEAD).order_by("-issued_at")
    last = issued.first()
    if last is None:
        return at
    cool = last.issued_at + timedelta(seconds=policy.cooldown_seconds)
    untaken = Message.objects.filter(owner=owner, kind="code", outcome=Message.Outcome.DEAD).values("n")
    sent = list(issued.exclude(n__in=untaken).values_list("issued_at", flat=True)[: policy.sends_per_hour])
    if len(sent) < policy.sends_per_hour:
        return cool
    return max(cool, sent[-1] + timedelta(hours=1))


def judge(
    *,
    owner: str,
    binding: str,
    typed: str,
    try_id: str,
    policy: Policy,
    at: datetime,
    record: Callable[[Judgement], None],
) -> None:
    """Judge a typed code once. Raises `Gone`, `Wrong`, `NoTriesLeft` or `Locked` where it is not accepted.

    The count and what `record` writes (the entry, and the order's next state) commit together before anything is
    raised: call it outside any transaction. `try_id` was made when the code was typed: a try that was judged already,
    by a worker that died before it could say so, has the same verdict again, neither counted nor recorded twice.
    """
    with transaction.atomic():
        guard = Guard.objects.select_for_update().filter(owner=owner).first()
        judgement = judging.judged_before(owner, try_id)
        if judgement is None:
            judgement = judging.judgement(guard, owner=owner, binding=binding, typed=typed, policy=policy, at=at)
            Try.objects.create(owner=owner, try_id=try_id, judged_at=at, **asdict(judgement))
            record(judgement)
    if judgement.verdict == Verdict.LOCKED:
        raise Locked(judgement.failures)
    if judgement.verdict == Verdict.GONE:
        raise Gone(judgement.n)
    if judgement.verdict == Verdict.SPENT:
        raise NoTriesLeft(judgement.n)
    if judgement.verdict == Verdict.WRONG:
        raise Wrong(judgement.left, judgement.n) if judgement.left else NoTriesLeft(judgement.n)
