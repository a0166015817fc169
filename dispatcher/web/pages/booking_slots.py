"""Services and times as the booking pages ask for them, and who holds one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from flask import session

from dispatcher.engine.model import Service
from dispatcher.usecases import months
from dispatcher.web.context import context
from dispatcher.web.shell import texts
from dispatcher.web.values import instant

NEAREST = 6
HOLDER = "holder"
"""The session's name of the random value that stands for this browser."""


def bookable(service_id: str | None) -> Service | None:
    """A service that takes appointments."""
    service = context().office.services.get(service_id or "")
    return service if service is not None and service.appointments else None


def start_of(text: str | None) -> datetime | None:
    """The instant that a form or an address gives; None for anything else."""
    try:
        return instant(text)
    except ValueError:
        return None


def known_holder() -> str | None:
    """Who this browser is to the holds; None before its first one."""
    value = session.get(HOLDER)
    return hashlib.sha256(str(value).encode()).hexdigest() if value else None


def holder() -> str:
    """Who this browser is to the holds; from now on the same one."""
    if not session.get(HOLDER):
        session[HOLDER] = secrets.token_urlsafe(24)
    return known_holder() or ""


def nearest(service: Service, start: datetime) -> list[datetime]:
    """The free times nearest to one that is gone, in the office's zone."""
    zone = context().office.zone
    found = context().desk.read(months.nearest, service=service, start=start, many=NEAREST, holder=known_holder())
    return [one.astimezone(zone) for one in found]


def hour(start: datetime) -> str:
    """`10:30`; `02:30 (CEST)` in the night in which an hour comes twice."""
    local = start.astimezone(context().office.zone)
    text = texts().time(start, context().office.zone)
    return f"{text} ({local.tzname()})" if _comes_twice(local) else text


def _comes_twice(local: datetime) -> bool:
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def when(start: datetime) -> str:
    """A time in words: the day and the hour."""
    return texts()("book.when", day=texts().day(start.astimezone(context().office.zone).date()), time=hour(start))
