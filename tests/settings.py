"""Settings of the tests: the product's, with a state folder of their own that goes when the process ends."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before the product's settings are read: they make folders. Always a new one, so that workers of xdist never share it.
_state = Path(tempfile.mkdtemp(prefix="paraphe-tests-"))
_owner = os.getpid()
os.environ["STATE_DIR"] = str(_state)
os.environ.setdefault("LEASE_SECONDS", "2")
os.environ.setdefault("SWEEP_SECONDS", "0.2")
os.environ.setdefault("DOSSIER_PATIENCE_SECONDS", "0")
os.environ.setdefault("DOSSIER_NICENESS", "0")  # tests wait for dossiers while others keep the processors busy
(_state / "static").mkdir()


@atexit.register
def _clean() -> None:
    if os.getpid() == _owner:
        shutil.rmtree(_state, ignore_errors=True)


from config.settings import *  # noqa: E402, F403 - a settings module is its names
from config.settings import DATABASES, STORAGES  # noqa: E402

# A file, because threads and child processes of a test must see the same database; power cuts are not what these test.
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(_state / "test.sqlite3")}
    _options = DATABASES["default"]["OPTIONS"]
    DATABASES["default"]["OPTIONS"] = _options | {
        "init_command": _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    }
# Nothing is collected for tests: names without digests, straight from the sources.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
