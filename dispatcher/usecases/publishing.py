"""Facts to messages: board, counters, menu and calls, stored in the transaction that they follow from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from dispatcher.store import calls, messages
from dispatcher.store.messages import Retained
from dispatcher.usecases import views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work
from dispatcher.wire import codec
from dispatcher.wire.messages import Board, CallEvent, CounterState, Menu, Withdrawn

BOARD_CALLS = 20
CALL_SHOWN_AFTER_END = timedelta(seconds=60)
BOARD_BY_TIME_AFTER = timedelta(seconds=1)
"""At most one board a second comes from the passing of time alone (wall time)."""


def publish(work: Work) -> None:
    """Store and post all that a command has changed: calls first, so that nothing delays them."""
    stored, board = _next_board(work)
    revision = (stored.revision if stored else 0) + (board is not None)
    for line, language in work.calls:
        if line.call_id not in work.withdrawn:
            event = CallEvent(epoch=work.tx.epoch, revision=revision, language=language, **dict(line))
            messages.post(work.tx, "call", codec.encode(event))
    for call_id in work.withdrawn:
        messages.post(work.tx, "call", codec.encode(Withdrawn(call_id=call_id, withdrawn=True)))
    if board is not None:
        _store(work, "board", board, revision, Board, epoch=work.tx.epoch, at=work.tx.now)
    for counter_id in sorted(work.touched_counters):
        publish_counter(work, counter_id)


def publish_counter(work: Work, counter_id: str) -> None:
    """Store and post a counter's state when it differs from the last one."""
    if counter_id not in work.office.counters:
        return
    state = work.states.get(counter_id) or views.counter_state(work, work.counters[counter_id])
    key = f"counter/{counter_id}"
    stored = messages.retained_of(work.tx, key)
    content = codec.encode_plain(state)
    if stored is None or stored.content != content:
        _store(work, key, state, (stored.revision if stored else 0) + 1, CounterState)


def counter_as_stored(work: Work, counter_id: str) -> dict[str, Any]:
    """A counter as its own GET gives it, after `publish`."""
    revision = messages.revision_of(work.tx.conn, work.tx.site, f"counter/{counter_id}")
    return {"revision": revision, "id": counter_id, **work.states[counter_id]}


def publish_menu(work: Work) -> None:
    """Store and post the menu when it differs from the last one."""
    content = menu_content(work)
    stored = messages.retained_of(work.tx, "menu")
    if stored is None or stored.content != codec.encode_plain(content):
        _store(work, "menu", content, (stored.revision if stored else 0) + 1, Menu)


def stale_by_time(reading: Reading) -> bool:
    """Whether the board, the menu or a counter's state, as last stored, are no longer true: time alone changes them."""
    board = messages.retained_of(reading.tx, "board")
    if board is None or board.content != codec.encode_plain(board_content(reading)):
        return board is None or reading.tx.wall - board.stored_wall >= BOARD_BY_TIME_AFTER
    menu = messages.retained_of(reading.tx, "menu")
    if menu is None or menu.content != codec.encode_plain(menu_content(reading)):
        return True
    return any(
        (stored := messages.retained_of(reading.tx, f"counter/{row.id}")) is None
        or stored.content != codec.encode_plain(views.counter_state(reading, row))
        for row in reading.counters.values()
        if row.id in reading.office.counters
    )


def board_content(source: Reading) -> dict[str, Any]:
    """All of the board but epoch, revision and instant."""
    lines = calls.on_board(source.tx, source.tx.now - CALL_SHOWN_AFTER_END, BOARD_CALLS)
    return {
        "calls": [_call_line(source, row) for row in lines],
        "missed": views.missed(source),
        "queues": [line for line in views.queues(source) if not source.office.services[line["service"]].online],
        "notices": _notices(source),
    }


def menu_content(source: Reading) -> dict[str, Any]:
    """The dispenser's buttons by group; those without a group first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for service in source.office.services.values():
        if service.walk_in:
            groups.setdefault(service.group or "", []).append(views.menu_service(source, service.id))
    return {
        "groups": [
            {"id": group, "name": dict(source.office.groups.get(group, {})), "services": services}
            for group, services in groups.items()
        ]
    }


def _call_line(source: Reading, row: Any) -> dict[str, Any]:
    counter = source.office.counters.get(row.counter)
    return {
        "call_id": row.id,
        "label": row.label,
        "service": row.service,
        "counter": row.counter,
        "counter_name": counter.name if counter else row.counter,
        "zone": counter.zone if counter else None,
        "attempt": row.attempt,
        "called_at": views.instant(row.called_at),
    }


def _notices(source: Reading) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "text": dict(one.text), "from": views.instant(one.since), "until": views.instant(one.until)}
        for one in source.office.notices
        if (one.since is None or one.since <= source.tx.now) and (one.until is None or source.tx.now < one.until)
    ]


def _next_board(work: Work) -> tuple[Retained | None, dict[str, Any] | None]:
    """The board as last stored, and the next one if it differs."""
    content = board_content(work)
    stored = messages.retained_of(work.tx, "board")
    differs = stored is None or stored.content != codec.encode_plain(content)
    return stored, content if differs else None


def _store(work: Work, key: str, content: dict[str, Any], revision: int, kind: type[BaseModel], **more: Any) -> None:
    message = kind.model_validate({"revision": revision, **more, **content})
    payload = codec.encode(message)
    messages.store_retained(work.tx, Retained(key, revision, codec.encode_plain(content), payload, work.tx.wall))
