"""The office's appointments by day and by week, what needs attention, finding a person, who looked at what."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import User
from dispatcher.usecases import secretary
from dispatcher.web.context import context
from dispatcher.web.pages.forms import guard
from dispatcher.web.pages.staff import for_chiefs, for_office, long_day, told, words_for_templates
from dispatcher.web.shell import texts
from dispatcher.web.values import day as day_of

LONGEST_SEARCH = 120
ACCESS_SHOWN = 200


@for_office
def agenda(user: User) -> ResponseReturnValue:
    """`?day=YYYY-MM-DD&view=day|week&service=`."""
    zone = context().office.zone
    today = context().desk.clock.now().astimezone(zone).date()
    chosen = today
    with suppress(ValueError):
        chosen = day_of(request.args.get("day"))
    view = "week" if request.args.get("view") == "week" else "day"
    service = request.args.get("service")
    service = service if service in context().office.services else None
    step = timedelta(days=7 if view == "week" else 1)
    first = chosen - timedelta(days=chosen.weekday()) if view == "week" else chosen
    found = told(
        user,
        secretary.agenda,
        first=first,
        last=first + step - timedelta(days=1),
        services=[service] if service else None,
    )
    return render_template(
        "desk_agenda.html",
        days=[_shown(one, view) for one in found["days"]],
        view=view,
        title=_title(first, view),
        chosen=chosen.isoformat(),
        today=today,
        is_now=first <= today < first + step,
        before=(chosen - step).isoformat(),
        after=(chosen + step).isoformat(),
        kept={"view": view, **({"service": service} if service else {})},
        service=service,
        services=[one for one in context().office.services.values() if one.appointments],
        waiting=context().attention.count(context().desk),
        form=uuid.uuid4().hex,
        **words_for_templates(),
    )


def _title(first: date, view: str) -> str:
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=context().office.zone)
    return texts()("desk.week_of", day=long_day(noon)) if view == "week" else long_day(noon)


def _shown(one: dict[str, Any], view: str) -> dict[str, Any]:
    at = date.fromisoformat(one["day"])
    services = []
    for line in one["services"]:
        shown = {**line, "entries": list(_entries(line["rows"]))}
        if view == "week":
            shown["entries"] = [entry for entry in shown["entries"] if "bookings" in entry]
        services.append(shown)
    return {"day": one["day"], "name": texts().day(at), "services": services}


def _entries(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they are read: each time with appointments, and between them one row for all that is free."""
    entries: list[dict[str, Any]] = []
    free: list[dict[str, Any]] = []

    def end_of_free() -> None:
        if free:
            entries.append({"first": free[0]["start"], "last": free[-1]["start"], "free": list(free)})
            free.clear()

    for row in rows:
        if row["bookings"]:
            end_of_free()
            entries.append({"start": row["start"], "bookings": row["bookings"], "fits": row["fits"]})
        if row["free"]:
            free.append(row)
    end_of_free()
    return entries


@for_office
def attention(user: User) -> ResponseReturnValue:
    """Appointments without a slot, and mails that cannot arrive."""
    found = told(user, secretary.attention)
    starts = {one["id"]: datetime.fromisoformat(one["start"]) for one in found["displaced"]}
    context().attention.remember(starts)
    return render_template("desk_attention.html", **found, **words_for_templates())


@for_office
def find(user: User) -> ResponseReturnValue:
    """Whose appointments these are. The text comes by POST alone: nothing personal stands in an address."""
    text, found = "", None
    if request.method == "POST":
        guard()
        text = " ".join(request.form.get("text", "").split())[:LONGEST_SEARCH]
        if text:
            found = told(user, secretary.find, text=text)
    people = [list(lines) for _person, lines in groupby((found or {}).get("found", []), key=lambda one: one["person"])]
    now = context().desk.clock.now()
    return render_template(
        "desk_find.html",
        text=text,
        people=people,
        searched=found is not None,
        more=bool(found and found["more"]),
        is_past=lambda start: datetime.fromisoformat(start) < now,
        guess=guess(text),
        form=uuid.uuid4().hex,
        **words_for_templates(),
    )


def guess(text: str) -> dict[str, str]:
    """What was looked for, as a field of a new booking."""
    if "@" in text:
        return {"email": text}
    letters = sum(one.isalpha() for one in text)
    digits = sum(one.isdecimal() for one in text)
    if digits > letters:
        return {"phone": text}
    return {"name": text} if letters and not digits else {}


@for_chiefs
def access(user: User) -> ResponseReturnValue:  # noqa: ARG001  # whoever gets here may look
    """Who of the staff looked at or changed whose data, the latest first."""
    found = context().desk.read(secretary.access_log, most=ACCESS_SHOWN)
    lines = [{**one, "words": _what(one["what"]), "day": long_day(datetime.fromisoformat(one["at"]))} for one in found]
    days = [(name, list(group)) for name, group in groupby(lines, key=lambda one: one["day"])]
    return render_template("desk_access.html", days=days, most=ACCESS_SHOWN, **words_for_templates())


def _what(what: str) -> str:
    kind, _, rest = what.partition(":")
    words = texts()
    if kind == "agenda" and rest:
        first, _, number = rest.partition(":")
        at = date.fromisoformat(first)
        noon = datetime(at.year, at.month, at.day, 12, tzinfo=context().office.zone)
        return words("desk.access.agenda_week" if number != "1" else "desk.access.agenda_day", day=long_day(noon))
    return words.get(f"desk.access.{kind}", kind)
