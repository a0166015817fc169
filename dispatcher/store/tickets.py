"""Tickets: compare-and-set on the version, counts beside, history behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select, type_coerce, update

from dispatcher.engine.model import Kind, Lane, Paper, State, Ticket
from dispatcher.store.columns import EPOCH
from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import LIVING, UNREADY, service, ticket, ticket_event

COLUMNS = tuple(one.name for one in fields(Ticket))
SELECTED = tuple(ticket.c[name] for name in COLUMNS)


class Changed(Exception):
    """Somebody else has changed the row since it was read."""


def of_row(row: Sequence[Any]) -> Ticket:
    """The engine's ticket from a row of SELECTED."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    values["paper"] = Paper(values["paper"])
    values["lane"] = Lane(values["lane"]) if values["lane"] else None
    return Ticket(**values)


def get(tx: Tx | Read, ticket_id: str) -> Ticket | None:
    """A ticket by its id."""
    row = tx.conn.execute(_GET, {"ticket": ticket_id, "of_site": tx.site}).first()
    return of_row(row) if row else None


_GET = select(*SELECTED).where(ticket.c.id == bindparam("ticket"), ticket.c.site == bindparam("of_site"))


def details(tx: Tx | Read, ticket_id: str) -> Any:
    """What the store knows beyond the rules: token, kiosk, issued_at, auto_called."""
    return tx.conn.execute(_DETAILS, {"ticket": ticket_id}).first()


_DETAILS = select(ticket.c.token, ticket.c.kiosk, ticket.c.issued_at, ticket.c.auto_called).where(
    ticket.c.id == bindparam("ticket")
)


def by_token(tx: Tx | Read, token: str) -> Ticket | None:
    row = tx.conn.execute(select(*SELECTED).where(ticket.c.token == token, ticket.c.site == tx.site)).first()
    return of_row(row) if row else None


def by_label(tx: Tx | Read, label: str, day: date) -> Ticket | None:
    """The living ticket of that label, else this business day's."""
    living = tx.conn.execute(
        select(*SELECTED).where(
            ticket.c.site == tx.site,
            ticket.c.label == label,
            LIVING,
        )
    ).first()
    row = (
        living
        or tx.conn.execute(
            select(*SELECTED).where(ticket.c.site == tx.site, ticket.c.day == day, ticket.c.label == label)
        ).first()
    )
    return of_row(row) if row else None


def by_number(tx: Tx | Read, day: date, series: str, number: int) -> Ticket | None:
    """The ticket of that number of a business day, whatever has become of it."""
    row = tx.conn.execute(
        select(*SELECTED).where(
            ticket.c.site == tx.site, ticket.c.day == day, ticket.c.series == series, ticket.c.number == number
        )
    ).first()
    return of_row(row) if row else None


# ---- writing


def derived(one: Ticket, now: datetime, closed_counters: frozenset[str]) -> dict[str, Any]:
    """The columns that the heads are found by."""
    in_queue = one.state is State.waiting
    held = one.target is not None and one.target not in closed_counters
    queue = (f"c:{one.target}" if held else f"s:{one.service}") if in_queue else None
    if one.lane is Lane.priority and not one.has_priority(now):
        lane_class = "F"
    elif one.lane is Lane.priority:
        lane_class = "A" if one.kind is Kind.appointment else "P"
    else:
        lane_class = "L" if one.lane is Lane.long_wait else "N"
    return {
        "label": one.label,
        "ready": in_queue and one.is_callable(now),
        "queue": queue,
        "lane_class": lane_class,
        "order_at": one.priority_from if one.lane and one.priority_from else one.queued_at,
        "walk_in": one.kind is Kind.walk_in,
    }


def _values(one: Ticket) -> dict[str, Any]:
    return {name: getattr(one, name) for name in COLUMNS}


def insert(tx: Tx, one: Ticket, *, token: str, kiosk: str | None, closed: frozenset[str]) -> Ticket:
    """A new ticket, counted if it waits."""
    values = _values(one) | derived(one, tx.now, closed)
    values |= {"issued_at": tx.now, "issued_wall": tx.wall, "token": token, "kiosk": kiosk, "auto_called": False}
    tx.conn.execute(_INSERT, values)
    _count(tx, None, one)
    return one


_INSERT = ticket.insert()


def save(tx: Tx, old: Ticket, new: Ticket, *, closed: frozenset[str], auto_called: bool | None = None) -> Ticket:
    """Compare-and-set on the version of `old`; keeps the counts. Raises Changed. Returns the ticket as stored."""
    stored = replace(new, version=old.version + 1)
    values = _values(stored) | derived(stored, tx.now, closed)
    values |= {"of_ticket": values.pop("id"), "of_version": old.version}
    statement = _SAVE
    if auto_called is not None:
        values["auto_called"] = auto_called
        statement = _SAVE_AUTO
    if tx.conn.execute(statement, values).rowcount != 1:
        raise Changed(old.id)
    _count(tx, old, stored)
    return stored


_DERIVED = ("label", "ready", "queue", "lane_class", "order_at", "walk_in")
_SAVED: dict[str, Any] = {name: bindparam(name) for name in (*COLUMNS, *_DERIVED) if name != "id"}
_SAVE = (
    update(ticket)
    .where(ticket.c.id == bindparam("of_ticket"), ticket.c.version == bindparam("of_version"))
    .values(_SAVED)
)
_SAVE_AUTO = _SAVE.values(auto_called=bindparam("auto_called"))


def _weights(one: Ticket | None, now: datetime) -> tuple[str | None, int, int]:
    if one is None or one.state is not State.waiting:
        return None, 0, 0
    return one.service, 1, int(one.target is None and one.is_callable(now))


def _count(tx: Tx, old: Ticket | None, new: Ticket) -> None:
    """Keep `waiting` and `ready` of the services. Whoever saves has promoted first: what is due is counted as ready."""
    changes: dict[str, list[int]] = {}
    for one, sign in ((old, -1), (new, 1)):
        of_service, waiting, ready = _weights(one, tx.now)
        if of_service is not None:
            change = changes.setdefault(of_service, [0, 0])
            change[0] += sign * waiting
            change[1] += sign * ready
    for of_service, (waiting, ready) in changes.items():
        if waiting or ready:
            tx.conn.execute(
                _ADD_COUNTS,
                {"of_site": tx.site, "of_service": of_service, "more_waiting": waiting, "more_ready": ready},
            )


_ADD_COUNTS = (
    update(service)
    .where(service.c.site == bindparam("of_site"), service.c.id == bindparam("of_service"))
    .values(
        waiting=service.c.waiting + bindparam("more_waiting", type_=service.c.waiting.type),
        ready=service.c.ready + bindparam("more_ready", type_=service.c.ready.type),
    )
)


def requeue(tx: Tx, counter: str, closed: frozenset[str]) -> None:
    """A counter was opened or closed: tickets sent to it are held for it, or pass to the others."""
    rows = tx.conn.execute(
        select(*SELECTED).where(ticket.c.site == tx.site, ticket.c.target == counter, ticket.c.state == "waiting")
    ).all()
    for row in rows:
        one = of_row(row)
        tx.conn.execute(update(ticket).where(ticket.c.id == one.id).values(queue=derived(one, tx.now, closed)["queue"]))


def record(
    tx: Tx, ticket_id: str, event: str, *, counter: str | None = None, presumed: bool = False, actor: str | None = None
) -> None:
    """Append a fact to the ticket's history."""
    tx.conn.execute(
        _RECORD,
        {
            "site": tx.site,
            "ticket": ticket_id,
            "at": tx.now,
            "event": event,
            "counter": counter,
            "presumed": presumed,
            "actor": actor,
        },
    )


_RECORD = ticket_event.insert()


def history(tx: Tx | Read, ticket_id: str) -> Sequence[Any]:
    """`at, event, counter, presumed, actor`, oldest first."""
    columns = ticket_event.c
    return tx.conn.execute(
        select(columns.at, columns.event, columns.counter, columns.presumed, columns.actor)
        .where(columns.ticket == ticket_id)
        .order_by(columns.id)
    ).all()


# ---- finding


def unready(tx: Tx, limit: int = 500) -> list[Ticket]:
    """Tickets whose `callable_from` has come and that do not yet stand among the ready."""
    rows = tx.conn.execute(_UNREADY, {"site": tx.site, "now": tx.now, "most": limit}).all()
    return [of_row(row) for row in rows]


_UNREADY = (
    select(*SELECTED)
    .where(
        ticket.c.site == bindparam("site"),
        ticket.c.callable_from <= bindparam("now", type_=ticket.c.callable_from.type),
        UNREADY,
    )
    .order_by(ticket.c.callable_from)
    .limit(bindparam("most"))
)


def mark_ready(tx: Tx, one: Ticket, promoted: Ticket, closed: frozenset[str]) -> Ticket:
    """A ticket whose time has come joins the ready, with the counts; its version moves only with its state."""
    changed = promoted.state is not one.state
    stored = replace(promoted, version=one.version + changed)
    tx.conn.execute(
        update(ticket)
        .where(ticket.c.id == one.id)
        .values(state=stored.state, version=stored.version, **derived(stored, tx.now, closed))
    )
    tx.conn.execute(
        _ADD_COUNTS,
        {
            "of_site": tx.site,
            "of_service": stored.service,
            "more_waiting": int(changed),
            "more_ready": int(stored.target is None),
        },
    )
    return stored


def next_callable_from(tx: Tx | Read) -> datetime | None:
    """When the next ticket becomes callable by time alone."""
    return tx.conn.execute(
        select(func.min(ticket.c.callable_from)).where(
            ticket.c.site == tx.site,
            UNREADY,
        )
    ).scalar()


def printing_since(tx: Tx | Read, wall: datetime) -> list[Ticket]:
    """Tickets whose paper has been unknown since before `wall`."""
    rows = tx.conn.execute(
        select(*SELECTED).where(ticket.c.site == tx.site, ticket.c.state == "printing", ticket.c.issued_wall <= wall)
    )
    return [of_row(row) for row in rows]


def missed_since(tx: Tx | Read, since: datetime, most: int) -> list[Ticket]:
    rows = tx.conn.execute(_MISSED, {"of_site": tx.site, "since": since, "most": most})
    return [of_row(row) for row in rows]


_MISSED = (
    select(*SELECTED)
    .where(
        ticket.c.site == bindparam("of_site"),
        ticket.c.state == "missed",
        ticket.c.missed_at > bindparam("since", type_=ticket.c.missed_at.type),
    )
    .order_by(ticket.c.missed_at.desc(), ticket.c.id)
    .limit(bindparam("most"))
)


def uncalled(tx: Tx | Read, most: int) -> list[tuple[Ticket, str | None, datetime]]:
    """The walk-ins that wait and were never called, the last issued first, with their dispenser and when."""
    rows = tx.conn.execute(
        select(*SELECTED, ticket.c.kiosk, ticket.c.issued_at)
        .where(ticket.c.site == tx.site, LIVING, ticket.c.state == "waiting", ticket.c.walk_in)
        .where(ticket.c.calls_made == 0)
        .order_by(ticket.c.issued_at.desc(), ticket.c.number.desc())
        .limit(most)
    )
    return [(of_row(row[: len(SELECTED)]), row.kiosk, row.issued_at) for row in rows]


def in_states(tx: Tx | Read, of_service: str, states: Iterable[str]) -> list[Ticket]:
    """All tickets of a service in some states: for closing and for the counter's lists."""
    rows = tx.conn.execute(
        select(*SELECTED)
        .where(ticket.c.site == tx.site, ticket.c.service == of_service, ticket.c.state.in_(list(states)))
        .order_by(ticket.c.queued_at)
    )
    return [of_row(row) for row in rows]


def taken_places(
    tx: Tx | Read, services: Iterable[str], first: datetime, last: datetime
) -> dict[str, dict[datetime, int]]:
    """By service, how many places are taken at each start: a cancelled or missed slot is free for others (E7)."""
    rows = tx.conn.execute(
        select(ticket.c.service, type_coerce(ticket.c.scheduled_at, BigInteger), func.count())
        .where(
            ticket.c.site == tx.site,
            ticket.c.service.in_(sorted(services)),
            ticket.c.scheduled_at >= first,
            ticket.c.scheduled_at <= last,
            ticket.c.scheduled_at.is_not(None),
            ticket.c.state.not_in(("cancelled", "missed", "left", "void")),
        )
        .group_by(ticket.c.service, ticket.c.scheduled_at)
    ).all()
    # Services have their appointments at the same times: each instant is made once, which is most of the work here.
    instants: dict[int, datetime] = {}
    taken: dict[str, dict[datetime, int]] = {}
    for of_service, at, number in rows:
        start = instants.get(at)
        if start is None:
            start = instants[at] = EPOCH + timedelta(microseconds=at)
        taken.setdefault(of_service, {})[start] = number
    return taken


def counts_by_state(tx: Tx | Read) -> dict[str, int]:
    rows = tx.conn.execute(
        select(ticket.c.state, func.count()).where(ticket.c.site == tx.site).group_by(ticket.c.state)
    )
    return {row[0]: row[1] for row in rows}


hot(_GET, _DETAILS, _INSERT, _SAVE, _SAVE_AUTO, _ADD_COUNTS, _RECORD, _UNREADY, _MISSED)
