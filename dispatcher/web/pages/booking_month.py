"""The second step: a month with its free days, the hours of one day; choosing an hour holds it."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.days import ONE_DAY
from dispatcher.engine.model import Service
from dispatcher.usecases import holds, months
from dispatcher.usecases.months import Month
from dispatcher.web.auth import of_nobody
from dispatcher.web.context import context
from dispatcher.web.pages.booking_slots import bookable, holder, hour, known_holder, nearest, start_of, when
from dispatcher.web.pages.forms import guard
from dispatcher.web.shell import link, texts
from dispatcher.web.values import day

_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """A day of the calendar; `free` is 0 where nothing can be booked."""

    day: date
    name: str
    free: int
    chosen: bool
    today: bool


def page(service: Service) -> str:
    """The month that the address asks for, and the hours of its day."""
    return _page(service, _month(request.args.get("month")), _day(request.args.get("day")))


def _month(text: str | None) -> date | None:
    with suppress(ValueError):
        if text and _MONTH.fullmatch(text):
            return day(f"{text}-01")
    return None


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return day(text)
    return None


def _page(service: Service, first: date | None, chosen: date | None, *, gone: datetime | None = None) -> str:
    found = context().desk.read(months.month, service=service, first=first, day=chosen, holder=known_holder())
    words = texts()
    last = months.next_month(found.first) - ONE_DAY
    return render_template(
        "booking_month.html",
        service=service,
        caption=words.month(found.first),
        weekdays=words.weekdays(),
        weeks=_weeks(found),
        earlier=_beside(found.first - ONE_DAY) if found.first > found.earliest else None,
        later=_beside(last + ONE_DAY) if last < found.latest else None,
        empty=not found.free,
        name_of_day=words.day(found.day) if found.day else None,
        hours=[(hour(one.start), one.start.isoformat(), one.free) for one in found.hours],
        gone=when(gone) if gone else None,
        others=[(one.isoformat(), when(one)) for one in nearest(service, gone)] if gone else [],
    )


def _beside(at: date) -> tuple[str, str]:
    """A month beside the present one: `2026-12` and its name."""
    return f"{at:%Y-%m}", texts().month(at)


def _weeks(found: Month) -> list[list[Cell | None]]:
    """The weeks of a month from Monday to Sunday; None for the days of others."""
    words, zone = texts(), context().office.zone
    today = context().desk.clock.now().astimezone(zone).date()
    return [
        [
            Cell(at, words.day(at), found.free.get(at, 0), at == found.day, at == today)
            if at.month == found.first.month
            else None
            for at in week
        ]
        for week in calendar.Calendar().monthdatescalendar(found.first.year, found.first.month)
    ]


def hold() -> ResponseReturnValue:
    """Keep an hour for this browser, and go on to the details; or say that it is gone, and what is free nearby."""
    guard("hold")
    service = bookable(request.form.get("service"))
    start = start_of(request.form.get("start"))
    if service is None:
        return redirect(link("booking.form"), 303)
    if start is None:
        return redirect(link("booking.form", service=service.id), 303)
    answer = context().desk.execute(of_nobody().actor, holds.hold, service=service.id, start=start, holder=holder())
    local = start.astimezone(context().office.zone)
    if not answer.ok:
        return _page(service, None, local.date(), gone=start), 409
    return redirect(link("booking.details", service=service.id, start=local.isoformat()), 303)
