"""One Paraphe that is made to fail: its own folder, database and broker, real workers, real pages.

The test's own process is pointed at the same database and files while a test runs, so that paths are made ready by the
product's actions and looked at through its models.
"""

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils.timezone import now

from config.stores import broker_options
from evidence.bell import Next
from signing.actions import envelopes, signature
from signing.actions.arming import NewSigner
from signing.actions.operation import resume_path
from signing.clients.models import Client
from signing.engine import intake
from signing.models import Document, Signer
from signing.states import SignerState
from tests.evidence import pki
from tests.faults import traps
from tests.faults.pointed import pointed_at, silent_bell, writable
from tests.faults.processes import Web, until, worker
from tests.pdfs import sound
from tests.servers import Redis
from tests.signing import walks

LEASE_SECONDS = 2.0
LEFTOVER_SECONDS = 3.0
RECOVERY_SECONDS = LEASE_SECONDS + 10
CODE_SECONDS = 20.0


class House:
    """`kind` is `embedded` (SQLite, folder) or `stack` (PostgreSQL, Redis); `redis` is there in a stack only."""

    def __init__(self, kind: str, state: Path, stores: Mapping[str, str], redis: Redis | None = None) -> None:
        self.kind, self.state, self.redis = kind, state, redis
        pki.hold()
        for name in ("KEYS_DIR", "PKI_DIR"):
            shutil.copytree(getattr(settings, name), state / getattr(settings, name).name)
        self._stores = {"DATABASE_URL": f"sqlite:///{state / 'db.sqlite3'}", "CELERY_BROKER_URL": "folder://localhost"}
        self._stores |= stores
        self.environment = {
            **_own_environment(),
            **self._stores,
            "STATE_DIR": str(state),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "SWEEP_SECONDS": "0.2",
            "DOSSIER_PATIENCE_SECONDS": "0",
            "WORKER_NICENESS": "0",
            "DOSSIER_NICENESS": "0",
            "ARCHIVES": "",
            "LEFTOVER_SECONDS": str(LEFTOVER_SECONDS),
        }
        # Celery's messages are renamed out of their folder into the temporary one: on the same disk, as in `make run`.
        self.environment["TMPDIR"] = str(state / "tmp")
        for name in ("static", "tmp"):
            (state / name).mkdir()
        self.workers = [worker(name, state=state, environment=self.environment) for name in ("one", "two")]
        self.web = Web(state=state, environment=self.environment, root=Path(settings.SANDBOX_DIR) / "tls-root.crt")
        self.broker_folder = state / "broker"
        self._bell = Celery(set_as_current=False)
        address = self._stores["CELERY_BROKER_URL"]
        options = broker_options(address, folder=self.broker_folder)
        self._bell.conf.update(broker_url=address, broker_transport_options=options, broker_connection_timeout=1)

    def prepare(self) -> None:
        """Tables, a client and a document that was taken in; `inside` must be entered."""
        call_command("migrate", interactive=False, verbosity=0)
        self.client: Client = walks.a_client("FLT")
        source = self.state / "contrat.pdf"
        source.write_bytes(sound.contract(1))
        document = envelopes.NewDocument(source, "Contrat", source.name, Document.Role.TO_SIGN)
        self._taken = envelopes.take_in([document], limits=intake.DEFAULT)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Point this process at the house's database and files; what is rung meanwhile goes to nobody."""
        folders = {"FILES_DIR": "files", "KEYS_DIR": "keys", "PKI_DIR": "pki", "MAILBOX_DIR": "mailbox"}
        changed: dict[str, Any] = {name: self.state / place for name, place in folders.items()}
        changed["EMAIL_BACKEND"] = "otp.delivery.mailbox.MailboxBackend"
        with override_settings(**changed), pointed_at(self._stores["DATABASE_URL"]), silent_bell():
            yield

    def start(self) -> None:
        """Have both workers running and ready."""
        for each in self.workers:
            each.start()
        for each in self.workers:
            each.wait_until_ready()

    def revive(self) -> None:
        """Start the worker that was just killed again, without waiting for it."""
        until(lambda: not all(each.alive for each in self.workers), seconds=10, what="a worker to die")
        for each in self.workers:
            each.start()

    def serve(self) -> Web:
        """Have the pages served, and both workers."""
        self.web.start()
        self.start()
        self.web.wait_until_ready()
        return self.web

    def close(self) -> None:
        """End every process."""
        for each in [*self.workers, self.web]:
            each.kill()

    def created(self, count: int = 1) -> envelopes.Created:
        """An envelope with one page to sign; `count` signers, side by side."""
        # An address of their own: messages to one contact are counted by the day.
        mark = uuid.uuid4().hex[:8]
        signers = [NewSigner("Camille", f"Martin {n}", f"camille{n}-{mark}@exemple.fr") for n in range(1, count + 1)]
        return envelopes.open_envelope(
            client=self.client, taken=self._taken, signers=signers, actor=walks.CLIENT, at=now()
        )

    def with_code(self, created: envelopes.Created | None = None, n: int = 1) -> tuple[Signer, str]:
        """A path that is read, agreed to and clicked, and its code, sent by whichever worker took it."""
        signer = walks.ready(created or self.created(), n)
        return self.coded(signer)

    def coded(self, signer: Signer) -> tuple[Signer, str]:
        """Click SIGNER; gives the signer once the code is there, and the code."""
        at = now()
        signature.click_sign(signer=signer, actor=walks.actor(), at=at)
        until(
            lambda: walks.fresh(signer).state == SignerState.CODE_SENT, seconds=CODE_SECONDS, what="the code to be sent"
        )
        return walks.fresh(signer), walks.newest_code()

    def submit(self, signer: Signer, code: str, *, ring: bool = True) -> None:
        """Type the code, as the pages do; with `ring` a worker is told."""
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
        if ring:
            self.ring(sign(signer))

    def ring(self, *nexts: Next) -> None:
        """Put messages into the broker, in this order."""
        for each in nexts:
            self._bell.send_task(each.task, kwargs=each.ids, retry=False)

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Workers that do nothing inside the block. None falls asleep with SQLite's write lock in its hand."""
        until(self._put_to_sleep, seconds=10, what="workers to be between two writes")
        try:
            yield
        finally:
            for each in self.workers:
                each.thaw()

    def _put_to_sleep(self) -> bool:
        for each in self.workers:
            each.freeze()
        if self.kind == "embedded" and not writable(self.state / "db.sqlite3"):
            for each in self.workers:
                each.thaw()
            return False
        return True

    def flush(self) -> None:
        """Lose every message the broker holds."""
        if self.redis is not None:
            with self.redis.client() as client:
                client.flushall()
        for message in (self.broker_folder / "in").glob("*.msg"):
            message.unlink(missing_ok=True)

    def trap(self, name: str, content: str = "") -> None:
        """Set a trap for the processes (see traps)."""
        (self.state / traps.FOLDER / f"{name}.sprung").unlink(missing_ok=True)
        traps.set_(self.state, name, content)

    def until_sprung(self, name: str, *, seconds: float = 20.0) -> None:
        until(lambda: traps.sprung(self.state, name), seconds=seconds, what=f"{name} to be reached")

    def resume(self, *signers: Signer) -> None:
        """What the operator does about stopped paths once the poison is out."""
        (self.state / traps.FOLDER / "poison").unlink()
        for signer in signers:
            resume_path(signer=walks.fresh(signer), actor=walks.CLIENT, at=now())

    def until_code_page(self, signer: Signer) -> None:
        """Wait until the path is back at its code page."""
        waiting = Signer.objects.filter(pk=signer.pk, state=SignerState.CODE_SENT, work="")
        until(waiting.exists, seconds=RECOVERY_SECONDS, what="the code page")

    def until_ended(self, *signers: Signer, seconds: float = RECOVERY_SECONDS) -> float:
        """Wait until every path is over; gives how long that took."""
        keys = [signer.pk for signer in signers]
        going = Signer.objects.filter(pk__in=keys).exclude(ended_at__isnull=False, work="")
        what = "paths to end"
        return until(lambda: not going.exists(), seconds=seconds, what=what)


def sign(signer: Signer) -> Next:
    """The message that tells a worker to sign."""
    return Next("signing.tasks.sign", {"signer_id": str(signer.public_id)})


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"PUBLIC_URL", "PYTHONWARNINGS"}}
