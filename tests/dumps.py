"""Whether a process leaves a core dump, asked of Linux."""

import ctypes
import resource

PR_GET_DUMPABLE = 3
_libc = ctypes.CDLL(None)


def is_private() -> bool:
    """Whether this process leaves none, and lets nobody of its user look into it."""
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    return limits == (0, 0) and _libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
