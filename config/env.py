"""What the environment and the state folder say before Django is there."""

import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent


class Given(Mapping[str, str]):
    """The environment, where any variable may stand in a file that NAME_FILE names (secrets of containers)."""

    def __getitem__(self, key: str) -> str:
        """The value; of a file without the line break at its end. Raises KeyError, or OSError for an absent file."""
        file = os.environ.get(f"{key}_FILE")
        return Path(file).read_text(encoding="utf-8").strip() if file else os.environ[key]

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


env = environ.Env()
env.ENVIRON = Given()


def state_dir() -> Path:
    """The folder of everything that is not code (STATE_DIR, default `var` beside manage.py)."""
    return Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()


def secret(name: str, *, folder: Path) -> str:
    """A secret of the installation: from the environment (NAME, NAME_FILE), else from a file made on first use.

    That file is `folder/NAME` (mode 0600), 64 random URL-safe characters. It is created with O_EXCL, so that two
    processes that start together end with the same value.
    """
    given = str(env.str(name.upper(), default=""))
    if given:
        return given
    path = folder / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path.read_text().strip()
