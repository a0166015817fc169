"""What a supervisor runs: a name, a command, and how to know that it is ready."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Part:
    """One child. It is ready when `ready_file` holds JSON, or, without one, when `is_ready()` says so.

    Rank 0, the broker, is started first and ended last; the others follow together once it is ready. Rank 2, as
    a printer that has still to print what its dispenser has begun, is ended only after rank 1.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    rank: int = 1
    ready_file: Path | None = None
    is_ready: Callable[[], bool] | None = None

    def ready(self) -> bool:
        if self.ready_file is not None:
            return read_ready(self.ready_file) is not None
        return self.is_ready is None or self.is_ready()


def python_part(target: str, *arguments: str) -> tuple[str, ...]:
    """The command of a child that runs `module:function` with `arguments`."""
    return (sys.executable, "-P", "-m", "deploy.onebox.leash", str(os.getpid()), target, *arguments)


def program_part(program: str, *arguments: str) -> tuple[str, ...]:
    """The command of a child that runs another program."""
    leash = str(Path(__file__).with_name("leash.py"))  # needs nothing but the standard library, so the start is quick
    return (sys.executable, "-S", "-E", "-P", leash, str(os.getpid()), "exec", program, *arguments)


def python_path(environ: Mapping[str, str]) -> dict[str, str]:
    """The variable by which children find this same code when it runs from a source folder."""
    if ROOT.name in ("site-packages", "dist-packages"):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), environ.get("PYTHONPATH", "")]))}


def read_ready(path: Path) -> dict[str, Any] | None:
    """The content of a ready file, or None while there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def accepts(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False
