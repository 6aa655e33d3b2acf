"""Who goes first where there are fewer processors than work."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import os
from celery.signals import worker_init
from config.celery import app
before = os.nice(0)
worker_init.send(sender=None)
print(os.nice(0) - before)
"""


LOADED = """
import sys
from config import wsgi
print(f"signing.backend.api.{sys.argv[1]}" in sys.modules)
"""


def test_a_listener_has_loaded_its_views_before_the_first_call() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "signatures"],
        env=os.environ | {"LISTENER": "service"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "True\n", done.stderr


def test_only_a_worker_loads_what_draws_dossiers() -> None:
    """And before it forks; a listener or a command would wait for it most of a second."""
    script = (
        "import sys, django; django.setup(); from celery.signals import worker_init; from config.celery import app; "
        "print('weasyprint' in sys.modules); worker_init.send(sender=None); print('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "False\nTrue\n", done.stderr


@pytest.mark.parametrize(("given", "behind"), [({}, 5), ({"WORKER_NICENESS": "0"}, 0)])
def test_a_worker_lets_the_listeners_go_first(given: dict[str, str], behind: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "WORKER_NICENESS"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment | given, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == f"{behind}\n", done.stderr
