"""Devices come and go."""

from __future__ import annotations

from typing import Any

from dispatcher.store import devices
from dispatcher.usecases import problems
from dispatcher.usecases.work import Work


def note(work: Work, *, device_id: str, online: bool, status: dict[str, Any]) -> dict[str, Any]:
    """Remember what a device says of itself."""
    devices.set_status(work.tx, device_id, online=online, status=status)
    problems.follow(work, device_id=device_id, online=online, status=status)
    return {}
