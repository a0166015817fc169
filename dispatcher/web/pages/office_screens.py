"""The waiting-room screens as they are now, so that nobody has to walk there: their pictures, and what they lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from dispatcher.engine.model import Display
from dispatcher.usecases import views
from dispatcher.web import problems
from dispatcher.web.auth import logged_in
from dispatcher.web.context import context
from dispatcher.web.shell import texts
from dispatcher.wire.messages import DeviceStatus
from dispatcher.wire.screens import Picture

PICTURE_WITHIN_S = 2.5
CALLS_TOLD = 5


@dataclass(frozen=True)
class Shown:
    """A screen on the page. `alt` says in words what its picture shows, or should; `troubles` are sentences.

    `old`: its picture is the last one before it was switched off, cut off, or hung.
    """

    id: str
    online: bool
    old: bool
    picture: Picture | None
    alt: str
    seen: str
    figures: str
    troubles: tuple[str, ...]


def part() -> ResponseReturnValue:
    """The part of the page that changes."""
    if logged_in() is None:
        return problems.problem("unauthenticated", "log in first")
    return make_response(render_template("office_screens_live.html", screens=everything()))


def picture(screen: str) -> Response:
    """The screen's picture, new if it answers in time; 404 when there is none."""
    if logged_in() is None:
        return problems.problem("unauthenticated", "log in first")
    ctx = context()
    if screen not in ctx.office.displays or ctx.screens is None:
        abort(404)
    found = ctx.screens.picture(screen, PICTURE_WITHIN_S)
    if found is None:
        abort(404)
    response = Response(found.png, mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response


def everything() -> list[Shown]:
    """All screens; a new picture is asked for of each that is on line."""
    ctx = context()
    if not ctx.office.displays:
        return []
    board = ctx.desk.read(views.board) or {}
    presence = ctx.desk.read(views.presence)
    return [_shown(display, board, presence.get(display.id, {})) for display in ctx.office.displays.values()]


def _shown(display: Display, board: Mapping[str, Any], stored: Mapping[str, Any]) -> Shown:
    words, screens = texts(), context().screens
    status = screens.status(display.id) if screens else None
    online = status.online if status else bool(stored.get("online"))
    if screens and online:
        screens.ask(display.id)
    last = screens.last(display.id) if screens else None
    silent = online and screens is not None and not screens.answers(display.id)
    calls = _calls(display, board)
    behind = online and (silent or _is_behind(status, board))
    troubles = _troubles(status) if online else [words("screens.off")]
    if silent:
        troubles.append(words("screens.no_answer"))
    if behind:
        troubles.append(words("screens.behind", calls=calls))
    return Shown(
        id=display.id,
        online=online,
        old=silent or not online,
        picture=last,
        alt=words("screens.alt_old" if behind or not online else "screens.alt", name=display.id, calls=calls),
        seen=_second(last) if last else "",
        figures=_figures(status),
        troubles=tuple(troubles),
    )


def _second(last: Picture) -> str:
    return f"{last.at.astimezone(context().office.zone):%H:%M:%S}"


def _calls(display: Display, board: Mapping[str, Any]) -> str:
    """The calls that the screen is to show, newest first."""
    words = texts()
    calls = [
        words("screens.call", label=call["label"], counter=call["counter_name"])
        for call in board.get("calls", ())
        if display.counters is None or call["counter"] in display.counters
    ][:CALLS_TOLD]
    return ", ".join(calls) if calls else words("screens.no_calls")


def _figures(status: DeviceStatus | None) -> str:
    """Size and sound, as the screen says."""
    words, extra = texts(), (status.model_extra or {}) if status else {}
    size = str(extra["resolution"]).replace("x", " × ") if extra.get("resolution") else ""
    sound = words("screens.silent" if extra["audio"] == "none" else "screens.sounds") if extra.get("audio") else ""
    return " · ".join(filter(None, (size, sound)))


def _troubles(status: DeviceStatus | None) -> list[str]:
    words = texts()
    return [words.get(f"screens.problem.{each.code}", each.text) for each in status.problems] if status else []


def _is_behind(status: DeviceStatus | None, board: Mapping[str, Any]) -> bool:
    """Whether the screen says itself that it shows an older board than there is."""
    if status is None:
        return False
    older = status.shown_revision is not None and status.shown_revision < board.get("revision", 0)
    return older or any(each.code == "stale" for each in status.problems)
