"""Instants as they stand in messages and slots."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.journeys.office import Office


def instant(text: Any) -> datetime:
    """An instant of a message or a slot's start."""
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))


def slot_in(office: Office, minutes: int) -> datetime:
    """The first full minute of office time that is at least so many minutes away: a slot where slots are minutes."""
    then = office.now() + timedelta(minutes=minutes + 1)
    return then.replace(second=0, microsecond=0)


def iso(when: datetime) -> str:
    return when.isoformat()
