"""What all programs have in common at their start: where a password is, and how others learn that they are up."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def password_variable(device_id: str) -> str:
    """The environment variable of a device's password unless another is named, e.g. `NUMERETTO_DEVICE_KEYPAD_1`."""
    return "NUMERETTO_DEVICE_" + re.sub(r"[^A-Z0-9]", "_", device_id.upper())


def write_ready(path: Path | None, content: dict[str, Any] | None = None) -> None:
    """Replace the ready file as a whole, so that whoever reads it reads all of it; None: nobody asked for one."""
    log.info("event=ready")
    if path is None:
        return
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(content or {"ready": True}), encoding="utf-8")
    part.replace(path)
