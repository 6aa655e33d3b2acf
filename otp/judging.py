"""One try of a one-time code: counted in the database before it is compared, so that parallel tries count exactly."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F

from otp import characters
from otp.models import Code, Guard, Policy, Try


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    WRONG = "wrong"
    SPENT = "spent"
    GONE = "gone"
    LOCKED = "locked"


@dataclass(frozen=True)
class Judgement:
    """What became of one try: of which code (0: none), tries left on it, failures of its owner where locked."""

    verdict: Verdict
    n: int
    left: int = 0
    failures: int = 0


def newest(owner: str) -> Code | None:
    """Find the code of an owner that was issued last, whatever became of it."""
    return Code.objects.filter(owner=owner).order_by("-n").first()


def judged_before(owner: str, try_id: str) -> Judgement | None:
    """Find what a try was judged before; None where it was not."""
    row = Try.objects.filter(owner=owner, try_id=try_id).first()
    return Judgement(Verdict(row.verdict), row.n, row.left, row.failures) if row else None


def judgement(guard: Guard | None, *, owner: str, binding: str, typed: str, policy: Policy, at: datetime) -> Judgement:
    """Count the try, then compare; one writer at a time by the guard's row, which the caller has locked.

    The caller's transaction writes what comes of it.
    """
    code = Code.objects.filter(owner=owner, state=Code.State.LIVE).first()
    n = code.n if code else 0
    if guard and guard.locked_at:
        return Judgement(Verdict.LOCKED, n, failures=guard.failures)
    if code is None and (last := newest(owner)) and last.state == Code.State.EXHAUSTED:
        return Judgement(Verdict.SPENT, last.n)
    if guard is None or code is None or code.binding != binding or not binding or code.valid_until <= at:
        return Judgement(Verdict.GONE, n)
    spent = Code.objects.filter(pk=code.pk, state=Code.State.LIVE, tries_left__gt=0).update(
        tries_left=F("tries_left") - 1
    )
    if spent != 1:
        return Judgement(Verdict.GONE, n)
    bound = "" if code.tied_later else binding
    if hmac.compare_digest(code.digest, characters.digest(owner, bound, characters.normalise(typed, policy))):
        if policy.single_use:
            Code.objects.filter(pk=code.pk).update(state=Code.State.ACCEPTED)
        else:  # a right try is none of those that are counted
            Code.objects.filter(pk=code.pk).update(tries_left=F("tries_left") + 1)
        return Judgement(Verdict.ACCEPTED, n)
    return _failure(guard, code, policy, at)


def _failure(guard: Guard, code: Code, policy: Policy, at: datetime) -> Judgement:
    """Count a wrong code against its owner, and close the code or the owner where that was the last one."""
    code.refresh_from_db()
    if code.tries_left == 0:
        Code.objects.filter(pk=code.pk).update(state=Code.State.EXHAUSTED)
    Guard.objects.filter(pk=guard.pk).update(failures=F("failures") + 1)
    guard.refresh_from_db()
    if guard.failures < policy.failures_to_lock:
        return Judgement(Verdict.WRONG, code.n, left=code.tries_left)
    Guard.objects.filter(pk=guard.pk).update(locked_at=at)
    return Judgement(Verdict.LOCKED, code.n, left=code.tries_left, failures=guard.failures)
