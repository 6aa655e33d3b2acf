"""Policies in words, and codes typed in the ways that people type. What any order of events does: `test_exchanges`."""

import contextlib
import itertools
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from otp import codes, policies
from otp.judging import Judgement
from otp.models import Policy

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)
STRONG = {"way": "sms"}
NUMBER = itertools.count(1)


def test_the_default_policy_in_words() -> None:
    with translation.override("fr"):
        said = policies.sentence(Policy())
    assert said.startswith("Un code de 6 chiffres, par SMS ou e-mail, valable 10 minutes, qui sert une fois")
    with translation.override("en"):
        assert "6 digits" in policies.sentence(Policy())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"validity_seconds": 90}, "valable 90 s,"),
        ({"validity_seconds": 60}, "valable 1 minute,"),
        ({"tries": 1}, "et qu’un essai faux annule ;"),
        ({"failures_to_lock": 1}, "; 1 échec ferme l’accès ;"),
        ({"sends_per_hour": 1, "cooldown_seconds": 120}, "; 1 envoi par heure au plus, à 2 minutes d’écart."),
        ({"cooldown_seconds": 0}, "5 envois par heure au plus, sans délai entre eux."),
        ({"countries": "FR be,ch"}, "SMS vers : FR, BE, CH."),
    ],
)
def test_a_policy_is_told_as_it_is(changes: dict[str, object], said: str) -> None:
    """No more minutes than there are: a code of 90 seconds was once said to last two minutes."""
    with translation.override("fr"):
        assert said in policies.sentence(Policy(**changes)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({"length": 4}, "3.1.3.2"),
        ({"validity_seconds": 601}, "3.1.3.2"),
        ({"single_use": False}, "3.1.3.2"),
        ({"failures_to_lock": 101, "tries": 5}, "3.2.2"),
        ({"way": "email"}, "3.1.3.1"),
    ],
)
def test_a_weaker_policy_is_told_with_its_clause(changes: dict[str, object], clause: str) -> None:
    """NIST SP 800-63B-4; SMS alone is restricted, which is said of every policy that allows it."""
    with translation.override("fr"):
        restricted = policies.warnings(Policy(**STRONG))
        assert len(restricted) == 1
        assert any(clause in each for each in policies.warnings(Policy(**(STRONG | changes))))


@pytest.mark.parametrize("what", ["tries", "failures_to_lock", "sends_per_hour", "validity_seconds"])
def test_a_policy_under_which_nobody_could_sign_is_refused(what: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Policy(name="x", **{what: 0}).full_clean(validate_unique=False, validate_constraints=False)
    assert list(refused.value.message_dict) == [what]


@pytest.mark.parametrize("written", ["FRANCE", "XX", "FR;BE"])
def test_what_is_no_country_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Policy(name="x", countries=written).full_clean(validate_unique=False, validate_constraints=False)


class TestTyping(TestCase):
    """What a person types, in the ways that people type."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        letters=st.booleans(),
        upper=st.booleans(),
        lower=st.booleans(),
        gap=st.sampled_from(["", " ", "\u00a0", "-", "\t"]),
        wide=st.booleans(),
    )
    def test_spaces_width_and_case(self, letters: bool, upper: bool, lower: bool, gap: str, wide: bool) -> None:  # noqa: FBT001 - hypothesis names them
        policy = a_policy(alphabet="LETTERS" if letters else "DIGITS", upper_case=upper)
        owner = f"typing-{next(NUMBER)}"
        issued = codes.issue(owner=owner, binding="b", policy=policy, at=AT)
        typed = issued.plain.lower() if lower else issued.plain
        typed = "".join(chr(ord(each) + 0xFEE0) for each in typed) if wide else typed
        verdict = judge(policy, owner, gap.join(typed))
        wrong_case = letters and upper and lower and issued.plain != issued.plain.lower()
        assert (verdict == "accepted") == (not wrong_case)


def a_policy(**changes: object) -> Policy:
    return Policy.objects.create(name=uuid4().hex, **changes)


def judge(policy: Policy, owner: str, typed: str, *, at: datetime = AT, binding: str = "b") -> str:
    """The verdict, also where it is raised."""
    seen: list[Judgement] = []
    with contextlib.suppress(codes.Gone, codes.Locked, codes.NoTriesLeft, codes.Wrong):
        codes.judge(
            owner=owner, binding=binding, typed=typed, try_id=uuid4().hex, policy=policy, at=at, record=seen.append
        )
    return str(seen[0].verdict)
