"""Who stands where: heads of lanes by index probes, and how many are before a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, literal, select, tuple_, union_all

from dispatcher.engine.model import Kind, Lane, Ticket
from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import ticket
from dispatcher.store.tickets import SELECTED, of_row

SENT_MOST = 200
LANE_CLASSES = ("A", "P", "F", "L", "N")
"""Appointments of lane P, others of lane P, lane P of a later time, lane L, no lane.

Each but F has one order, and so one head. F are callable before their priority begins, few and in no single order:
all of them are looked at.
"""

ORDER = (
    ticket.c.order_at,
    ticket.c.calls_made,
    ticket.c.walk_in,
    ticket.c.queued_at,
    ticket.c.number,
    ticket.c.series,
)
"""The order within a lane's class: as the rules compare, and as the index stands."""


@cache
def _heads(queues: int, classes: tuple[str, ...]) -> Any:
    """One statement that probes the index once for each class of each queue."""
    parts = []
    for at in range(queues):
        for lane_class in classes:
            part = (
                select(*SELECTED)
                .where(
                    ticket.c.site == bindparam("of_site"),
                    ticket.c.queue == bindparam(f"queue_{at}"),
                    ticket.c.ready,
                    ticket.c.lane_class == lane_class,
                )
                .order_by(*ORDER)
                .limit(SENT_MOST if lane_class == "F" else bindparam(f"most_{at}"))
                .subquery()
            )
            parts.append(select(part))
    made = union_all(*parts)
    hot(made)
    return made


def heads(
    tx: Tx | Read, counter: str, services: Iterable[str], *, most: int = 1, classes: tuple[str, ...] = LANE_CLASSES
) -> list[Ticket]:
    """The first `most` of each lane of each queue that a counter draws from."""
    # Those sent to one counter are few, of several services, and so in no single order: all of them are looked at.
    limits = {f"c:{counter}": SENT_MOST} | {f"s:{one}": most for one in services}
    values: dict[str, Any] = {"of_site": tx.site}
    for at, (queue, limit) in enumerate(limits.items()):
        values |= {f"queue_{at}": queue, f"most_{at}": limit}
    return [of_row(row) for row in tx.conn.execute(_heads(len(limits), classes), values)]


def early(tx: Tx | Read, services: Iterable[str], most: int = 20) -> list[Ticket]:
    """Appointments checked in and still booked, the earliest first."""
    values = {"of_site": tx.site, "of_services": list(services), "most": most}
    return [of_row(row) for row in tx.conn.execute(_EARLY, values)]


_EARLY = (
    select(*SELECTED)
    .where(
        ticket.c.site == bindparam("of_site"),
        ticket.c.service.in_(bindparam("of_services", expanding=True)),
        ticket.c.state == "booked",
        ticket.c.checked_in_at.is_not(None),
        ~ticket.c.early_called,
    )
    .order_by(ticket.c.scheduled_at)
    .limit(bindparam("most"))
)


def ahead(tx: Tx | Read, one: Ticket, now: datetime) -> int:
    """How many callable tickets of the same service (and target) stand before it: lane P, then L, then the others."""
    same = [
        ticket.c.site == tx.site,
        ticket.c.queue.in_([f"s:{one.service}", f"c:{one.target}"]),
        ticket.c.service == one.service,
        ticket.c.ready,
        ticket.c.id != one.id,
        ticket.c.target == one.target if one.target is not None else ticket.c.target.is_(None),
    ]
    mine = (
        one.priority_from if one.has_priority(now) else one.queued_at,
        one.calls_made,
        one.kind is Kind.walk_in,
        one.queued_at,
        one.number,
        one.series,
    )
    standing = tuple_(*(literal(value, column.type) for value, column in zip(mine, ORDER, strict=True)))
    plain = (ticket.c.queued_at, *ORDER[1:])
    has_priority = ticket.c.lane.is_not(None) & (ticket.c.priority_from <= now)
    if one.lane is Lane.priority and one.has_priority(now):
        before = (ticket.c.lane == "P") & has_priority & (tuple_(*ORDER) < standing)
    elif one.has_priority(now):
        before = has_priority & ((ticket.c.lane == "P") | (tuple_(*ORDER) < standing))
    else:
        before = has_priority | (tuple_(*plain) < standing)
    return tx.conn.execute(select(func.count()).select_from(ticket).where(*same, before)).scalar_one()


def after(tx: Tx | Read, one: Ticket) -> int:
    """How many ready tickets of the service, of the same lane, queued later than this one: few, for a new ticket."""
    long_wait = one.lane is Lane.long_wait
    values = {
        "of_site": tx.site,
        "of_queue": f"s:{one.service}",
        "of_class": "L" if long_wait else "N",
        "since": one.priority_from if long_wait else one.queued_at,
    }
    return int(tx.conn.execute(_AFTER, values).scalar_one())


_AFTER = (
    select(func.count())
    .select_from(ticket)
    .where(
        ticket.c.site == bindparam("of_site"),
        ticket.c.queue == bindparam("of_queue"),
        ticket.c.ready,
        ticket.c.lane_class == bindparam("of_class"),
        ticket.c.order_at > bindparam("since", type_=ticket.c.order_at.type),
    )
)


hot(_AFTER)
