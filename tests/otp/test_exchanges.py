"""Codes under any policy (stateful: what a person, an integrator and a clock may do, against a model)."""

import contextlib
import itertools
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from otp import characters, codes, messages
from otp.judging import Judgement
from otp.models import Channel, Code, Guard, Message, Policy

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)
NUMBER = itertools.count(1)
HOUR = timedelta(hours=1)
LOCKED, GONE, SPENT, WRONG, ACCEPTED = "locked", "gone", "spent", "wrong", "accepted"


class Exchange(RuleBasedStateMachine):
    """One order's codes: sent, taken or not, typed right, wrong, late, again, for something else, in any order."""

    @initialize(
        policy=st.fixed_dictionaries(
            {
                "tries": st.integers(1, 4),
                "failures_to_lock": st.integers(1, 6),
                "single_use": st.booleans(),
                "alphabet": st.sampled_from(Policy.Alphabet.values),
                "upper_case": st.booleans(),
                "length": st.integers(6, 12),
                "validity_seconds": st.sampled_from([60, 600, 3600]),
                "cooldown_seconds": st.sampled_from([0, 30, 300]),
                "sends_per_hour": st.integers(1, 4),
            }
        )
    )
    def begin(self, policy: dict[str, object]) -> None:
        self.policy = Policy.objects.create(name=uuid4().hex, **policy)
        self.owner, self.at = f"exchange-{next(NUMBER)}", AT
        self.live, self.bound, self.left, self.failures, self.until = "", "", 0, 0, AT
        self.nothing = GONE  # or SPENT: the newest code had all its tries
        self.sent: list[datetime] = []  # of codes that somebody took
        self.last: datetime | None = None
        self.old: list[str] = []
        self.judged: list[tuple[str, str, str]] = []  # try, what was typed, its verdict
        self.issued = 0
        self.send(bound="b", taken=True)

    @rule(seconds=st.sampled_from([1, 29, 30, 59, 299, 600, 3599, 3600]))
    def wait(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @precondition(lambda self: self.live and self.bound)
    @rule(before=st.sampled_from([0, 1]))
    def wait_for_its_end(self, before: int) -> None:
        self.at = max(self.at, self.until - timedelta(seconds=before))

    @rule(bound=st.sampled_from(["b", "b", ""]), taken=st.booleans())
    def send(self, bound: str, taken: bool) -> None:  # noqa: FBT001 - hypothesis names it
        too_many = sum(each > self.at - HOUR for each in self.sent) >= self.policy.sends_per_hour
        cooling = self.last is not None and self.at < self.last + timedelta(seconds=self.policy.cooldown_seconds)
        too_soon = cooling or too_many
        try:
            issued = codes.issue(owner=self.owner, binding=bound, policy=self.policy, at=self.at)
        except codes.Locked:
            assert self.is_locked
        except codes.TooSoon as error:
            assert too_soon
            self._told_until(error.retry_at)
        else:
            assert not self.is_locked
            assert not too_soon
            self._drawn_by_the_policy(issued)
            self.old.append(self.live)
            self.live, self.bound, self.left, self.until = issued.plain, bound, self.policy.tries, issued.valid_until
            self.nothing, self.last = GONE, self.at
            self._handed_over(issued.n, taken=taken)

    def _told_until(self, retry_at: datetime) -> None:
        assert timedelta(0) < retry_at - self.at <= HOUR

    def _drawn_by_the_policy(self, issued: codes.Issued) -> None:
        self.issued += 1
        assert (issued.n, issued.tries) == (self.issued, self.policy.tries)
        assert issued.valid_until == self.at + timedelta(seconds=self.policy.validity_seconds)
        assert len(issued.plain) == self.policy.length
        assert set(issued.plain) <= set(characters.ALPHABETS[Policy.Alphabet(self.policy.alphabet)])

    def _handed_over(self, n: int, *, taken: bool) -> None:
        row = messages.begin(owner=self.owner, kind="code", channel=Channel.EMAIL, by="w", at=self.at, n=n)
        assert row
        outcome = messages.Outcome(Message.Outcome.SENT if taken else Message.Outcome.WAITING, "a@exemple.fr")
        assert messages.record(row, messages.final(outcome), at=self.at)
        if taken:
            self.sent.append(self.at)

    @rule(binding=st.sampled_from(["b", "b", "c"]))
    def tie(self, binding: str) -> None:
        """Documents are added: what was sent before them is tied once, what was tied to others is void."""
        tied = codes.tie(owner=self.owner, binding=binding)
        assert (tied is not None) == bool(self.live and not self.bound)
        if self.live and not self.bound:
            self.bound = binding
        elif self.bound != binding:
            self._void()

    @precondition(lambda self: self.issued % 2)
    @rule()
    def change_the_contact(self) -> None:
        codes.withdraw(owner=self.owner)
        self._void()

    def _void(self) -> None:
        self.old.append(self.live)
        self.live = ""

    @rule()
    def type_wrong(self) -> None:
        self._typed("#", right=False)

    @rule(form=st.sampled_from(["as sent", "small", "spaced", "wide"]), waits=st.sampled_from([0, 0, 59, 60]))
    def type_right(self, form: str, waits: int) -> None:
        """What was sent, or a new code where that is void."""
        if not (self.live and self.bound) and not self.is_locked:
            self.wait(3600)
            self.send(bound="b", taken=True)
        self.at += timedelta(seconds=waits)
        typed = self.live or "000000"
        typed = {"small": typed.lower(), "spaced": f" {typed[:3]}\u00a0{typed[3:]} "}.get(form, typed)
        typed = "".join(chr(ord(each) + 0xFEE0) for each in typed) if form == "wide" else typed
        is_right = not (form == "small" and self.policy.upper_case and self.live != self.live.lower())
        self._typed(typed, right=is_right)

    @precondition(lambda self: any(self.old))
    @rule(data=st.data())
    def type_one_that_is_void(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from([each for each in self.old if each]))
        self._typed(old, right=old == self.live)

    @rule()
    def type_for_something_else(self) -> None:
        assert self._judge(self.live or "000000", binding="d") == (LOCKED if self.is_locked else self._dead())

    @precondition(lambda self: self.judged)
    @rule(data=st.data())
    def judge_the_same_try_again(self, data: st.DataObject) -> None:
        """Its worker died before it could say so: the same verdict, neither counted nor recorded."""
        try_id, typed, verdict = data.draw(st.sampled_from(self.judged))
        assert self._judge(typed, try_id=try_id, binding="b") == ""
        assert verdict

    def _typed(self, typed: str, *, right: bool) -> None:
        verdict = self._judge(typed, binding=self.bound or "b")
        if self.is_locked:
            assert verdict == LOCKED
        elif not self.live or not self.bound or self.at >= self.until:
            assert verdict == self._dead()
        elif right:
            assert verdict == ACCEPTED
            if self.policy.single_use:
                self._void()
        else:
            self.failures, self.left = self.failures + 1, self.left - 1
            if not self.left:
                self._void()
                self.nothing = SPENT
            assert verdict == (LOCKED if self.is_locked else WRONG)

    def _dead(self) -> str:
        """What is said where no code can be judged: that it had all its tries, while it is the newest."""
        return GONE if self.live else self.nothing

    def _judge(self, typed: str, *, binding: str, try_id: str = "") -> str:
        """The verdict that is recorded; empty where none is, for it was recorded before."""
        seen: list[Judgement] = []
        asked = try_id or uuid4().hex
        with contextlib.suppress(codes.Gone, codes.Locked, codes.NoTriesLeft, codes.Wrong):
            codes.judge(
                owner=self.owner,
                binding=binding,
                typed=typed,
                try_id=asked,
                policy=self.policy,
                at=self.at,
                record=seen.append,
            )
        if not try_id:
            self.judged.append((asked, typed, str(seen[0].verdict)))
        return str(seen[0].verdict) if seen else ""

    @invariant()
    def the_rows_agree(self) -> None:
        if not hasattr(self, "owner"):
            return
        guard = Guard.objects.filter(owner=self.owner).first()
        assert (guard.failures if guard else 0) == self.failures
        assert bool(guard and guard.locked_at) == self.is_locked
        (*live,) = Code.objects.filter(owner=self.owner, state=Code.State.LIVE)
        assert [each.tries_left for each in live] == ([self.left] if self.live else [])
        kept = str(list(Code.objects.filter(owner=self.owner).values("binding", "state", "number", "block")))
        assert not self.live or self.live not in kept

    @property
    def is_locked(self) -> bool:
        return self.failures >= self.policy.failures_to_lock


@pytest.mark.django_db
def test_any_exchange() -> None:
    run_state_machine_as_test(
        Exchange,
        settings=settings(
            max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
