"""What the sweeper clears, whose turn it is to sweep, and what is left of a signature whose claim was lost."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.utils.timezone import now

from config.celery import Clock, app
from evidence import bell, files, trail
from evidence.models import Heartbeat, Trail
from otp import messages
from otp.models import Channel, Message
from signing import tasks
from signing.actions import signature
from signing.backend import heartbeat, revocation
from signing.backend.models import Certificate, Order
from signing.backend.states import CertificateState
from signing.jobs import paths
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks


def aged(path: Path, seconds: float) -> None:
    then = now().timestamp() - seconds
    os.utime(path, (then, then))


def test_what_killed_processes_left_on_disk_is_cleared_after_a_time(walk: Path, settings: Any) -> None:
    """reliability.md, invariants: no half file, nothing left in work/."""
    settings.FILES_DIR, settings.WORK_DIR, settings.LEFTOVER_SECONDS = walk / "files", walk / "work", 600
    kept = files.put_bytes(b"whole")
    for name in (".new-stale", ".new-fresh"):
        (walk / "files" / name).touch()
    for name in ("sign-stale", "sign-fresh"):
        (walk / "work" / name).mkdir(parents=True)
        (walk / "work" / name / "signed.pdf").touch()
    aged(walk / "files/.new-stale", 601)
    aged(walk / "work/sign-stale", 601)
    sweep(now())
    assert [path.name for path in (walk / "files").glob(".new-*")] == [".new-fresh"]
    assert [path.name for path in (walk / "work").iterdir()] == ["sign-fresh"]
    assert files.read(kept) == b"whole"


def test_nothing_is_cleared_that_a_task_may_be_working_at(settings: Any) -> None:
    """As delivered: a dossier, and an order of a hundred documents, may last longer than other tasks."""
    longest = max(settings.ORDER_LONGEST_SECONDS, settings.DOSSIER_LONGEST_SECONDS)
    assert longest + settings.CELERY_TASK_TIME_LIMIT < settings.LEFTOVER_SECONDS


def test_an_envelope_that_cannot_be_ended_keeps_no_other_from_its_end(
    walk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is changed, it is told as an error at each sweep, and paths are rung for all the same."""
    client = walks.a_client()
    poison, *others = (walks.an_envelope(walk, client=client).envelope for _ in range(3))
    append = trail.append

    def raising(of: Trail, *arguments: Any, **named: Any) -> Any:
        if of == poison.trail:
            raise ValueError
        return append(of, *arguments, **named)

    monkeypatch.setattr("signing.jobs.closing.trail.append", raising)
    Envelope.objects.update(expires_at=now())
    nexts = sweep(now())
    assert {Envelope.objects.get(pk=each.pk).state for each in others} == {EnvelopeState.EXPIRED}
    assert Envelope.objects.get(pk=poison.pk).state == EnvelopeState.OPEN
    assert set(poison.signers.values_list("state", flat=True)) == {SignerState.INVITED}
    assert [each.__dict__["row"] for each in caplog.records if each.levelname == "ERROR"] == [str(poison.pk)]
    assert len([each for each in nexts if each.task == "signing.tasks.send_message"]) >= len(others)


def test_a_part_of_a_sweep_that_fails_keeps_the_others_from_nothing(
    walk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that nobody may read: what is to be cleared stays, who waits for a letter does not."""
    walks.an_envelope(walk)

    def forbidden(**_named: Any) -> None:
        raise PermissionError

    monkeypatch.setattr("signing.jobs.leftovers.files.drop_unfinished", forbidden)
    assert [each.task for each in sweep(now())] == ["signing.tasks.send_message"]
    assert [each.__dict__["job"] for each in caplog.records if each.levelname == "ERROR"] == [
        "signing.jobs.leftovers.clear"
    ]


def test_of_many_workers_one_sweeps_in_a_period(db: None) -> None:
    """reliability.md, Signing job 3: beat and inside each worker, guarded."""
    at, every = now(), timedelta(seconds=2)
    assert [Heartbeat.turn("sweep", every=every, at=at) for _ in range(3)] == [True, False, False]
    assert not Heartbeat.turn("sweep", every=every, at=at + timedelta(seconds=1))
    assert Heartbeat.turn("sweep", every=every, at=at + timedelta(seconds=2))
    assert Heartbeat.turn("sweep", every=every, at=at - timedelta(hours=1)), "a clock that was put back"


def test_a_sweep_out_of_turn_rings_for_nothing(walk: Path, settings: Any) -> None:
    settings.SWEEP_SECONDS = 3600  # the second follows within it, however busy the machine
    walks.an_envelope(walk)
    walks.work(kinds=("nothing.",))
    tasks.sweep()
    rung = len(walks.rung())
    tasks.sweep()
    assert len(walks.rung()) == rung > 1


def test_a_worker_rings_what_beat_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where beat has died, paths are still signed."""
    told: list[str] = []
    monkeypatch.setattr(bell, "tell", lambda task, **_options: told.append(task))
    worker = _Worker()
    clock = Clock(worker)
    clock.start(worker)
    schedule = worker.app.conf.beat_schedule.values()
    assert sorted(told) == sorted(entry["task"] for entry in schedule)
    assert worker.timer.seconds == [entry["schedule"] for entry in schedule]
    clock.stop(worker)
    assert worker.timer.cancelled == len(told)


class _Timer:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cancelled = 0

    def call_repeatedly(self, seconds: float, call: Any, arguments: Any, keywords: Any) -> "_Timer":
        self.seconds.append(seconds)
        call(*arguments, **keywords)
        return self

    def cancel(self) -> None:
        self.cancelled += 1


class _Worker:
    def __init__(self) -> None:
        self.app, self.timer = app, _Timer()


def test_a_signature_whose_claim_was_lost_is_discarded(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, Signing job 2: a lost fence discards; the planned, lost certificate is abandoned and revoked."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    stored: list[str] = []
    take = files.take

    def take_then_lose(path: Path) -> str:
        stored.append(take(path))
        if len(stored) == 1:
            Order.objects.update(owner="another", attempt=9)
        return stored[-1]

    monkeypatch.setattr(files, "take", take_then_lose)
    walks.work()
    with pytest.raises(files.Missing):
        files.path_of(stored[0])
    (lost,) = Certificate.objects.all()
    assert lost.state == CertificateState.ISSUED
    Order.objects.update(lease_until=None)
    moment = now() + timedelta(seconds=200)
    paths.sign(str(signer.public_id), owner="another", clock=lambda: moment)
    assert Revision.objects.get().sha256 == stored[1]
    lost.refresh_from_db()
    assert lost.state == CertificateState.ABANDONED


def test_a_revoked_certificate_is_on_the_published_list_at_the_next_heartbeat(walk: Path, settings: Any) -> None:
    walks.with_code(walks.an_envelope(walk))
    order = Order.objects.get()
    at = now().replace(microsecond=0)
    before = revocation.renew(at)
    row = Certificate.objects.create(order=order, serial="ab12", planned_at=at)
    Certificate.objects.filter(pk=row.pk).update(state=CertificateState.ABANDONED, revoked_at=at)
    heartbeat.beat(at + timedelta(seconds=10))
    heartbeat.beat(at + timedelta(seconds=20))
    listed = x509.load_der_x509_crl((Path(settings.PKI_DIR) / "issuing.crl").read_bytes())
    assert listed.get_revoked_certificate_by_serial_number(0xAB12) is not None
    number = listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    assert number == before.number + 1, "one new list, not one at each heartbeat"


def test_an_unknown_path_is_logged_and_a_held_one_is_not(walk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """reliability.md, Faults: a message for an unknown id."""
    signer = walks.opened(walks.an_envelope(walk))
    paths.sign(str(signer.public_id), owner="w", clock=now)
    assert "no such path" not in caplog.text
    paths.sign("00000000-0000-4000-8000-000000000000", owner="w", clock=now)
    assert "no such path" in caplog.text
    assert Signer.objects.count() == 1


@pytest.mark.django_db
def test_a_sweep_gives_up_codes_whose_sender_died() -> None:
    at = now()
    code = messages.begin(owner="order-1", kind="code", channel=Channel.EMAIL, by="dead", at=at, n=1)
    assert code is not None
    sweep(at + timedelta(days=1))
    code.refresh_from_db()
    assert code.outcome == Message.Outcome.DEAD
