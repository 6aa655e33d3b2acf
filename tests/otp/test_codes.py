"""The judge of typed codes: what is accepted, once, and counted, also of many tries at once; no code is kept."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from otp import characters, codes
from otp.judging import Judgement, Verdict
from otp.models import Code, Guard
from tests.otp.issued import AT, BINDING, OWNER, a_policy, issue, judge, wrong


@pytest.mark.django_db
def test_the_code_that_was_sent_is_accepted_once() -> None:
    policy = a_policy()
    issued = issue(policy)
    assert len(issued.plain) == 6
    assert judge(policy, issued.plain).verdict == Verdict.ACCEPTED
    with pytest.raises(codes.Gone):
        judge(policy, issued.plain)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}"])
def test_spaces_and_separators_are_accepted(typed: str) -> None:
    """signer-page.md, Code: spaces and paste accepted."""
    policy = a_policy()
    issued = issue(policy)
    assert judge(policy, typed.format(issued.plain[:3], issued.plain[3:])).verdict == Verdict.ACCEPTED


@pytest.mark.django_db
def test_full_width_digits_are_accepted() -> None:
    policy = a_policy()
    issued = issue(policy)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in issued.plain)
    assert judge(policy, wide).verdict == Verdict.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize("zero", ["\u0660", "\u06f0", "\u0966"], ids=["Arabic", "Persian", "Devanagari"])
def test_digits_of_other_scripts_are_accepted(zero: str) -> None:
    """As keyboards of their languages write them."""
    policy = a_policy()
    plain = issue(policy).plain
    assert judge(policy, "".join(chr(ord(zero) + int(each)) for each in plain)).verdict == Verdict.ACCEPTED


@pytest.mark.django_db
def test_a_wrong_code_says_how_many_tries_are_left() -> None:
    policy = a_policy(tries=3)
    issued = issue(policy)
    for left in (2, 1):
        with pytest.raises(codes.Wrong) as error:
            judge(policy, wrong(issued))
        assert error.value.left == left
    for typed in (wrong(issued), issued.plain, wrong(issued)):
        with pytest.raises(codes.NoTriesLeft):
            judge(policy, typed)
    assert Guard.objects.get().failures == 3


@pytest.mark.django_db
def test_a_late_code_is_gone() -> None:
    policy = a_policy(validity_seconds=600)
    issued = issue(policy)
    with pytest.raises(codes.Gone):
        judge(policy, issued.plain, at=AT + timedelta(seconds=600))


@pytest.mark.django_db
def test_a_code_is_worth_nothing_for_another_binding() -> None:
    """evidence.md, Binding: a change of documents, contact or consent texts voids codes."""
    policy = a_policy()
    issued = issue(policy)
    with pytest.raises(codes.Gone):
        judge(policy, issued.plain, binding="cd" * 32)


@pytest.mark.django_db
def test_nothing_stored_holds_the_code() -> None:
    """DESIGN: codes stored as keyed digests."""
    policy = a_policy()
    issued = issue(policy)
    row = Code.objects.get()
    stored = " ".join(
        str(getattr(row, field.attname)) for field in Code._meta.fields if field.attname not in {"id", "binding"}
    )
    assert issued.plain not in stored.replace(row.digest, "")
    assert len(row.digest) == 64


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_wrong_codes_are_counted_exactly() -> None:
    """reliability.md: tries counted in the database (20 parallel wrong codes -> exactly N counted)."""
    policy = a_policy(tries=5, failures_to_lock=10)
    issued = issue(policy)
    ends = parallel(20, lambda: judge(policy, wrong(issued)))
    assert ends.count("Wrong") == 4
    assert ends.count("NoTriesLeft") == 16
    assert Guard.objects.get().failures == 5


@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_right_codes_is_accepted() -> None:
    policy = a_policy()
    issued = issue(policy)
    ends = parallel(8, lambda: judge(policy, issued.plain))
    assert ends.count("") == 1
    assert ends.count("Gone") == 7


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_commits_with_the_count_or_not_at_all() -> None:
    """DESIGN: no journal entry, no state change."""
    policy = a_policy(tries=5)
    issued = issue(policy)

    def fail(_judgement: Judgement) -> None:
        raise OSError("the journal is full")

    with pytest.raises(OSError, match="journal"):
        codes.judge(owner=OWNER, binding=BINDING, typed=wrong(issued), try_id="a", policy=policy, at=AT, record=fail)
    assert Code.objects.get().tries_left == 5


@pytest.mark.django_db
@pytest.mark.parametrize("right", [True, False])
def test_a_try_that_was_judged_has_the_same_verdict_again_and_is_counted_once(right: bool) -> None:  # noqa: FBT001 - parametrized
    """reliability.md, replay: a worker that dies between the verdict and its caller's commit asks again."""
    policy = a_policy(tries=5)
    issued = issue(policy)
    seen: list[Judgement] = []

    def ask(try_id: str) -> str:
        typed = issued.plain if right else wrong(issued)
        try:
            codes.judge(
                owner=OWNER, binding=BINDING, typed=typed, try_id=try_id, policy=policy, at=AT, record=seen.append
            )
        except codes.Wrong as error:
            return f"{error.left} left"
        return "accepted"

    told = "accepted" if right else "4 left"
    assert [ask("a"), ask("a")] == [told, told]
    assert len(seen) == 1
    assert Code.objects.get().tries_left == 4
    assert Guard.objects.get().failures == (0 if right else 1)


def test_a_typed_code_is_sealed_until_it_is_judged() -> None:
    sealed = characters.seal("418205")
    assert "418205" not in sealed
    assert characters.unseal(sealed) == "418205"
    assert characters.unseal("") is None


def parallel(count: int, call: Callable[[], object]) -> list[str]:
    """Run a call in threads at once; gives the class names of what they raised, empty for none."""
    ends: list[str] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        barrier.wait()
        try:
            call()
            ends.append("")
        except Exception as error:  # noqa: BLE001 - its name is what the test looks at
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
