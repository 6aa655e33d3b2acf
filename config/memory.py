"""What stands in a worker's memory, one-use keys among it, goes into no file: no core dump, no debugger beside it."""

import ctypes
import os
import resource

_PR_SET_DUMPABLE = 4
_libc = ctypes.CDLL(None, use_errno=True)


def keep_private() -> None:
    """Forbid dumps of this process and of those it forks; raises OSError where Linux does not let it.

    Both are needed: the limit does not hold where the kernel pipes dumps to a program (core(5)), and a limit alone
    leaves the memory readable for other processes of the same user (ptrace(2)).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
