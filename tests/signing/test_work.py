"""Claims of a signer's row that are lost, waits, and what a worker leaves that dies in the middle."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import trail
from evidence.keys import KeyUnavailable
from evidence.timestamps import TimestampRefused
from otp import codes
from otp.models import Code, Message
from signing.actions import signature
from signing.backend import orders
from signing.backend.models import Certificate, Order
from signing.backend.states import OrderStatus
from signing.gateway.contract import Unavailable
from signing.jobs import paths
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks


def run(job: Any, signer: Signer, **seconds: float) -> None:
    moment = now() + timedelta(**seconds)
    job(str(signer.public_id), owner="worker", clock=lambda: moment)


def submitted(walk: Path, **policy: int) -> tuple[Signer, str]:
    signer, code = walks.with_code(walks.an_envelope(walk, client=walks.a_client("EXS", **policy)))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    return walks.fresh(signer), code


def judged(signer: Signer, typed: str) -> None:
    """What a worker does that then dies: the verdict is committed, the signer's row not told."""
    order = Order.objects.select_related("client__policy", "trail").get()
    orders.judge(order, typed, try_id=signer.code_try, clock=now)


def data_of(signer: Signer, kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in trail.entries(signer.envelope.trail) if entry.kind == kind]


@pytest.mark.parametrize("error", [RuntimeError("anything"), Unavailable("tsa", 5)])
def test_a_claim_lost_meanwhile_is_left_to_whoever_has_it(
    walk: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    signer, _ = submitted(walk)

    def slow(*_arguments: Any) -> None:
        Signer.objects.update(work_owner="another", work_attempt=9)
        raise error

    monkeypatch.setattr(paths, "_sign", slow)
    run(paths.sign, signer)
    signer = walks.fresh(signer)
    assert (signer.work_owner, signer.work, signer.waiting_for) == ("another", Signer.Work.SIGN, "")


def test_waits_grow_up_to_a_minute(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer, _ = submitted(walk)

    def wait(*_arguments: Any) -> None:
        raise Unavailable("tsa", 5)

    monkeypatch.setattr(paths, "_sign", wait)
    at, waits = now(), []
    for _ in range(6):
        paths.sign(str(signer.public_id), owner="w", clock=lambda: at)  # noqa: B023 - called at once
        due = walks.fresh(signer).work_due_at
        assert due
        waits.append((due - at).total_seconds())
        at = due
    assert waits == [5, 10, 20, 40, 60, 60]


def test_a_worker_that_died_after_the_last_try_locks_the_path(walk: Path) -> None:
    """kill -9 between the judgement and the signer's row: locked, not quarantined, and counted once."""
    signer, code = walks.with_code(walks.an_envelope(walk, client=walks.a_client("LCK", failures_to_lock=1)))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    signer = signature.submit_code(signer=signer, code=wrong, actor=walks.actor(), at=now())
    with pytest.raises(codes.Locked):
        judged(signer, wrong)
    walks.work()
    assert walks.fresh(signer).state == SignerState.LOCKED
    assert walks.entries(signer).count("code.locked") == 1


def test_one_typed_code_is_judged_once_by_two_workers(walk: Path) -> None:
    """kill -9 between the judgement and the signer's row: one try counted, one entry, the verdict as it was."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    signer = signature.submit_code(signer=signer, code=wrong, actor=walks.actor(), at=now())
    with pytest.raises(codes.Wrong):
        judged(signer, wrong)
    walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble, signer.code_tries_left) == (SignerState.CODE_SENT, "WRONG", 4)
    assert walks.entries(signer).count("code.refused") == 1
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED


@pytest.mark.parametrize("error", [TimestampRefused("down"), MemoryError()])
def test_the_typed_code_is_forgotten_once_it_is_accepted(
    walk: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """DESIGN, Secrets: a code just typed is stored encrypted until judged, no longer."""
    signer, _ = submitted(walk)

    def refuse(*_arguments: Any, **_keywords: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.signatures.pades.sign_pdf", refuse)
        walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.sealed_code) == (SignerState.SIGNING, "")
    run(paths.sign, signer, seconds=10)
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_a_quarantined_path_keeps_no_code(walk: Path) -> None:
    signer, _ = submitted(walk)
    Signer.objects.update(work_failures=5)
    run(paths.sign, signer)
    signer = walks.fresh(signer)
    assert (signer.state, signer.sealed_code) == (SignerState.QUARANTINED, "")


def test_a_try_without_time_stamp_is_told_and_its_certificate_given_up(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DESIGN: creation, uses and destruction of the key are entries; nothing degrades in silence."""
    signer, _ = submitted(walk)

    def refuse(*_arguments: Any, **_keywords: Any) -> None:
        raise TimestampRefused("down")

    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.signatures.pades.sign_pdf", refuse)
        walks.work()
    kinds = walks.entries(signer)
    assert kinds[-3:] == ["timestamp.failed", "key.destroyed", "certificate.abandoned"]
    assert data_of(signer, "certificate.abandoned")[0]["reason"] == "tsa missing"
    assert Order.objects.get().status == OrderStatus.VALIDATED
    run(paths.sign, signer, seconds=10)
    assert walks.fresh(signer).state == SignerState.SIGNED
    assert data_of(signer, "key.destroyed")[-1]["uses"] == 1


@pytest.mark.parametrize("means", ["timestamps.timestamper", "authority.issuing"])
def test_what_is_seen_to_be_missing_costs_no_certificate(
    walk: Path, monkeypatch: pytest.MonkeyPatch, means: str
) -> None:
    signer, _ = submitted(walk)

    def gone(**_asked: object) -> None:
        raise KeyUnavailable("gone")

    monkeypatch.setattr(f"signing.backend.signatures.{means}", gone)
    walks.work()
    assert walks.fresh(signer).waiting_for == "keys"
    assert not Certificate.objects.exists()


def test_a_wait_is_no_longer_told_once_it_is_over(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk))
    Signer.objects.update(waiting_for="order")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    signature.submit_code(signer=signer, code=wrong, actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).waiting_for == ""


def test_a_code_that_could_not_be_handed_over_is_sent_when_it_can(walk: Path, settings: Any) -> None:
    """DESIGN: losing a try costs seconds; the page says that we try again, and we do."""
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.signing.test_work.Closed"
    walks.work()
    assert walks.fresh(signer).waiting_for == "mail"
    settings.EMAIL_BACKEND = backend
    run(paths.send_code, signer, seconds=6)
    signer = walks.fresh(signer)
    assert (signer.state, signer.work) == (SignerState.OPENED, Signer.Work.SEND_CODE)
    assert signer.work_due_at == signer.code_resend_at
    Code.objects.update(issued_at=now() - timedelta(seconds=31))
    run(paths.send_code, signer, seconds=40)
    assert walks.fresh(signer).state == SignerState.CODE_SENT


def test_a_letter_given_up_is_told(walk: Path, settings: Any) -> None:
    """evidence.md, Dossier 5: failures are told too."""
    created = walks.an_envelope(walk)
    settings.EMAIL_BACKEND = "tests.signing.test_work.Closed"
    Message.objects.update(attempts=9)
    walks.work()
    assert Message.objects.get().outcome == Message.Outcome.DEAD
    assert walks.entries(Signer.objects.get(envelope=created.envelope))[-1] == "link.bounced"


def test_a_letter_that_cannot_be_composed_waits_longer_each_time(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md 4: back-off; a poison message is not tried for ever."""
    walks.an_envelope(walk)

    def crash(*_arguments: Any) -> str:
        raise ValueError

    monkeypatch.setattr("signing.clients.writing.render_to_string", crash)
    walks.work()
    message = Message.objects.get()
    assert (message.outcome, message.attempts, message.lease_until) == (Message.Outcome.WAITING, 1, None)
    assert message.due_at > now()


class Closed:
    """A mail server that is not there."""

    def __init__(self, **_options: Any) -> None:
        pass

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError
