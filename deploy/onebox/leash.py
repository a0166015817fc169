"""First code of every child of a onebox: tie its life to the parent's, then become the part.

`python -m deploy.onebox.leash PARENT module:function ARG…` runs Python; `… PARENT exec PROGRAM ARG…` becomes a program.
Only the kernel can tell a child that its parent was killed: PR_SET_PDEATHSIG, which survives an exec.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from importlib import import_module

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent` dies; ends at once if it is dead already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def adopt_orphans() -> None:
    """Let grandchildren whose parent dies become our children, so that they can be ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def main(argv: list[str]) -> int:
    parent, target, *arguments = argv
    die_with_parent(int(parent))
    if target == "exec":
        os.execv(arguments[0], arguments)  # noqa: S606  # a fixed program, without a shell
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)(arguments) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
