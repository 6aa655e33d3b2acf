"""Codes of one owner for one binding: issued, judged, and mistyped."""

from datetime import UTC, datetime
from uuid import uuid4

from otp import codes
from otp.judging import Judgement
from otp.models import Policy

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)
OWNER, BINDING = "order-1", "ab" * 32


def a_policy(**changes: int) -> Policy:
    return Policy.objects.create(name="test", **changes)


def issue(policy: Policy, at: datetime = AT) -> codes.Issued:
    return codes.issue(owner=OWNER, binding=BINDING, policy=policy, at=at)


def judge(policy: Policy, typed: str, *, at: datetime = AT, binding: str = BINDING) -> Judgement:
    seen: list[Judgement] = []
    codes.judge(owner=OWNER, binding=binding, typed=typed, try_id=uuid4().hex, policy=policy, at=at, record=seen.append)
    return seen[0]


def wrong(issued: codes.Issued) -> str:
    return f"{(int(issued.plain) + 1) % 1_000_000:06d}"
