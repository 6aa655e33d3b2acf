"""The Celery application: the bell, never the queue of record."""

import os
from importlib import import_module
from typing import Any

from celery import Celery, bootsteps
from celery.signals import worker_init, worker_ready

from config import broker, memory, redis_broker
from config.env import env
from evidence import bell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.register()
redis_broker.register()
app = Celery("paraphe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Clock(bootsteps.StartStopStep):
    """Each worker rings what is periodic, as beat does: where beat has died, paths are still signed.

    Only tells the broker; the tasks let one of many pass (`Heartbeat.turn`), or do no harm twice.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        """Begin to ring, at once and then as often as beat would."""
        entries = worker.app.conf.beat_schedule.values()
        self.timers = [
            worker.timer.call_repeatedly(float(entry["schedule"]), bell.tell, (entry["task"],), entry["options"])
            for entry in entries
        ]

    def stop(self, _worker: Any) -> None:
        """Ring no more."""
        for timer in self.timers:
            timer.cancel()


app.steps["worker"].add(Clock)
NICENESS = 5


@worker_init.connect
def keep_memory_private(**_signal: object) -> None:
    """Before the processes are forked that hold one-use keys."""
    memory.keep_private()


@worker_init.connect
def give_way(**_signal: object) -> None:
    """Let listeners go first: a request takes milliseconds, its caller waits. Before the fork, so it holds for all."""
    os.nice(env.int("WORKER_NICENESS", default=NICENESS))


@worker_init.connect
def load_what_draws(**_signal: object) -> None:
    """Before the fork, so that the processes share it: WeasyPrint takes most of a second, and memory, in each.

    Its folder of fonts is shared with it, and goes with this process: one of its processes would leave it behind.
    """
    import_module("evidence.dossier.printing").fonts()


@worker_ready.connect
def first_heartbeat(**_signal: object) -> None:
    """Ask for a heartbeat at once: beat's first would come ten seconds later, and /health/ready waits for it."""
    app.send_task("signing.backend.tasks.heartbeat")
