"""The people's pages for the fault tests (`gunicorn tests.faults.web:application`): the product's, with traps.

`nudge`: the process is killed after the commit, before the broker is told.
"""

import os
import signal
from typing import Any

from config.wsgi import application
from evidence import bell
from tests.faults import traps

__all__ = ["application"]


def _killed(*_arguments: Any, **_keywords: Any) -> None:
    if traps.step("nudge"):
        os.kill(os.getpid(), signal.SIGKILL)


traps.before(bell, "tell", _killed)
