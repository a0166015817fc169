"""What the programs of devices share at their start: how they are called, how others learn that they are up."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

from dispatcher.wire.arguments import Parser

log = logging.getLogger(__name__)


def add_arguments(parser: Parser, what: str, *, ready_when: str) -> None:
    """Who it is, where the broker is (also NUMERETTO_BROKER), where its password is, and its ready file."""
    broker = os.environ.get("NUMERETTO_BROKER")
    parser.add_argument("--site", required=True, metavar="ID", help="the office, as in its file")
    parser.add_argument("--id", required=True, metavar="ID", help=f"this {what}, as in the office's file")
    parser.add_argument(
        "--broker",
        default=broker,
        required=not broker,
        metavar="URL",
        help="mqtt://host:port or mqtts://host:port; also NUMERETTO_BROKER",
    )
    parser.add_argument("--password-env", metavar="NAME", help="variable with the password (NUMERETTO_DEVICE_<ID>)")
    parser.add_argument("--ready-file", type=Path, metavar="F", help=f"written {ready_when}")


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
