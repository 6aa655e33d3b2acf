"""The processes of Paraphe, each by its name: `python -m config.parts NAME` becomes that process.

`make run` starts them on one machine, compose in containers: the same command lines, with the environment deciding what
differs (BEHIND_PROXY, BIND, DATABASE_URL, CELERY_BROKER_URL, *_FILE).
"""

import os
import sys
from pathlib import Path

from config.env import env, state_dir

LISTENERS = ("people", "service", "pki")
# Celery warns root of messages that run code; ours are JSON (CELERY_ACCEPT_CONTENT).
AS_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


def command(name: str) -> tuple[list[str], dict[str, str]]:
    """The command line of a process and what its environment has besides.

    `people`, `service`, `pki`: the listeners. `worker`: jobs, any number of them. `beat`: the clock, once in an
    installation. `worker-beat`: both in one, for a single machine. Raises KeyError for another name.
    """
    if name in LISTENERS:
        gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
        return [*gunicorn, "--config", f"python:config.gunicorn_{name}"], {"LISTENER": name}
    return {
        "worker": ([*_celery("worker"), *_work()], AS_ROOT),
        "beat": ([*_celery("beat"), *_clock()], {}),
        "worker-beat": ([*_celery("worker"), "-B", *_clock(), *_work()], AS_ROOT),
    }[name]


def _celery(part: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", "--quiet", part, "--loglevel", "INFO"]


def _work() -> list[str]:
    return ["--concurrency", str(env.int("WORKER_PROCESSES", default=3)), "--without-mingle", "--without-gossip"]


def _clock() -> list[str]:
    return ["--schedule", str(_beat_dir() / "schedule"), "--pidfile", ""]


def _beat_dir() -> Path:
    return Path(env.str("BEAT_DIR", default=str(state_dir() / "beat")))


def main(arguments: list[str]) -> None:
    """Become the process; a name that is none ends with status 2."""
    try:
        line, besides = command(*arguments)
    except (KeyError, TypeError):
        sys.stderr.write("usage: python -m config.parts people|service|pki|worker|beat|worker-beat\n")
        raise SystemExit(2) from None
    if "--schedule" in line:  # beat does not make its folder
        _beat_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    os.execve(line[0], line, os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | besides)  # noqa: S606 - a line of this module


if __name__ == "__main__":
    main(sys.argv[1:])
