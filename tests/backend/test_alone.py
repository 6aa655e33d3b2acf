"""Codes alone (issue, part 5): asked for, sent by a worker, judged once, counted by contact."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from otp import codes
from otp.models import Message
from signing.backend import alone, jobs
from signing.backend.alone import Wanted
from signing.backend.challenges import Challenge
from tests.backend.bare_orders import SERVICE
from tests.signing import walks

MAIL = Wanted("email", "camille@exemple.fr", "", None)
SMS = Wanted("sms", "+33611111142", "Espace client", None)


def asked(wanted: Wanted = MAIL, **policy: Any) -> Challenge:
    client = walks.a_client(**{"cooldown_seconds": 0, **policy})
    made = alone.ask(client=client, wanted=wanted, at=now())
    walks.work(kinds=SERVICE)
    made.refresh_from_db()
    return made


def code(folder: Path) -> str:
    newest = max((folder / "mailbox").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    text = newest.read_bytes().decode(errors="replace")
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", text)
    assert found, text
    return found[1] + found[2]


@pytest.mark.parametrize("wanted", [MAIL, SMS], ids=["mail", "SMS"])
def test_a_code_is_sent_and_judged_once(walk: Path, wanted: Wanted) -> None:
    row = asked(wanted)
    assert (row.state, row.n) == (Challenge.State.SENT, 1)
    assert row.valid_until is not None
    right = code(walk)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    with pytest.raises(codes.Wrong) as told:
        alone.judge(challenge=row, typed=wrong, at=now())
    assert told.value.left == 4
    alone.judge(challenge=row, typed=f"{right[:3]} {right[3:]}", at=now())
    assert row.state == Challenge.State.VERIFIED
    assert row.verified_at is not None
    with pytest.raises(codes.Gone):
        alone.judge(challenge=row, typed=right, at=now())


def test_an_sms_names_the_application_and_no_document(walk: Path) -> None:
    asked(SMS)
    (file,) = (walk / "mailbox").iterdir()
    text = file.read_text()
    assert "est votre code (Exemple SA, Espace client)" in text
    assert "Dossier" not in text


def test_a_newer_code_makes_the_older_one_void(walk: Path) -> None:
    first = asked()
    old = code(walk)
    second = alone.ask(client=first.client, wanted=MAIL, at=now())
    walks.work(kinds=SERVICE)
    second.refresh_from_db()
    with pytest.raises(codes.Gone):
        alone.judge(challenge=first, typed=old, at=now())
    alone.judge(challenge=second, typed=code(walk), at=now())


def test_the_same_id_sends_once_and_another_body_clashes(walk: Path) -> None:
    named = Wanted("email", "camille@exemple.fr", "", "LOGIN-1")
    row = asked(named)
    assert alone.ask(client=row.client, wanted=named, at=now()) == row
    walks.work(kinds=SERVICE)
    assert len(list((walk / "mailbox").iterdir())) == 1
    with pytest.raises(alone.Clash):
        alone.ask(client=row.client, wanted=Wanted("email", "autre@exemple.fr", "", "LOGIN-1"), at=now())


def test_sends_and_failures_of_a_contact_are_counted_over_all_its_codes(walk: Path) -> None:
    """reliability.md: a new code does not reset the count; cool-down and five sends an hour."""
    row = asked(sends_per_hour=2, failures_to_lock=6)
    right = code(walk)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(4):
        with pytest.raises(codes.Wrong):
            alone.judge(challenge=row, typed=wrong, at=now())
    with pytest.raises(codes.NoTriesLeft):
        alone.judge(challenge=row, typed=wrong, at=now())
    again = alone.ask(client=row.client, wanted=MAIL, at=now())
    walks.work(kinds=SERVICE)
    again.refresh_from_db()
    with pytest.raises(codes.TooSoon):
        alone.ask(client=row.client, wanted=MAIL, at=now())
    with pytest.raises(codes.Locked):
        alone.judge(challenge=again, typed="not a code", at=now())
    with pytest.raises(codes.Locked):
        alone.ask(client=row.client, wanted=MAIL, at=now())
    other = Wanted("email", "autre@exemple.fr", "", None)
    assert alone.ask(client=row.client, wanted=other, at=now()).state == Challenge.State.WAITING
    tomorrow = now() + timedelta(days=1)
    assert alone.ask(client=row.client, wanted=MAIL, at=tomorrow).state == Challenge.State.WAITING


def test_a_code_that_its_workers_die_of_is_given_up_and_told(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each attempt is counted before it is made; meanwhile it goes alone, so that it takes no other with it."""
    client = walks.a_client(cooldown_seconds=0)
    deadly, other = (
        alone.ask(client=client, wanted=Wanted("email", f"{name}@exemple.fr", "", None), at=now()) for name in "ab"
    )

    def killed(*_arguments: Any) -> Any:
        raise SystemExit

    monkeypatch.setattr("signing.backend.alone.alone_message", killed)
    *tries, last = (now() + timedelta(hours=n) for n in range(settings.MAX_ATTEMPTS + 1))
    key, healthy = str(deadly.pk), str(other.pk)
    for at in tries:
        with pytest.raises(SystemExit):
            alone.send(key, clock=walks.standing(at))
        assert (jobs.alone_beside(key, last), jobs.alone_beside(healthy, last)) == ([], [healthy])
    alone.send(key, clock=walks.standing(last))
    deadly.refresh_from_db()
    assert (deadly.state, deadly.trouble) == (Challenge.State.FAILED, "NOT_SENT")
    assert "code alone given up" in caplog.text


def test_the_cap_of_a_day_is_told_apart_from_a_code_that_has_just_gone_out(walk: Path) -> None:
    row = asked(contact_a_day=1)
    again = alone.ask(client=row.client, wanted=MAIL, at=now())
    walks.work(kinds=SERVICE)
    again.refresh_from_db()
    assert (again.state, again.trouble) == (Challenge.State.FAILED, "CAPPED")


def test_an_expired_code_is_gone(walk: Path) -> None:
    row = asked()
    with pytest.raises(codes.Gone):
        alone.judge(challenge=row, typed=code(walk), at=now() + timedelta(minutes=11))


def test_one_that_nobody_takes_is_told(walk: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    row = asked()
    assert (row.state, row.trouble) == (Challenge.State.FAILED, "NOT_SENT")


@pytest.mark.parametrize("broken", ["otp.messages.send", "signing.backend.alone.alone_message"])
def test_one_that_no_library_sends_ends(
    walk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    def poison(*_arguments: Any, **_keywords: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr(broken, poison)
    row = asked()
    assert (row.state, row.trouble) == (Challenge.State.FAILED, "NOT_SENT")
    assert "ERROR" in [each.levelname for each in caplog.records]


def test_an_sms_left_by_a_dead_worker_is_not_sent_again(walk: Path, settings: Any) -> None:
    """reliability.md: an SMS whose send may have gone out is never resent by itself."""
    client = walks.a_client()
    row = alone.ask(client=client, wanted=SMS, at=now())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("otp.messages.record", lambda *_a, **_k: False)
        walks.work(kinds=SERVICE)
    assert len(list((walk / "mailbox").iterdir())) == 1
    later = now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    assert {each.ids.get("challenge_id") for each in jobs.sweep(later)} == {str(row.pk)}
    alone.send(str(row.pk), clock=lambda: later)
    row.refresh_from_db()
    assert (row.state, row.n) == (Challenge.State.SENT, 1)
    assert len(list((walk / "mailbox").iterdir())) == 1
    assert Message.objects.get().outcome == Message.Outcome.SENT
    alone.judge(challenge=row, typed=code(walk), at=now())
