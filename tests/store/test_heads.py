"""Heads of lanes: the same ticket as from all of them, found by an index probe however many wait (B1)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from dispatcher.engine.model import Counter, Lane
from dispatcher.engine.selection import choose, choose_automatic
from dispatcher.store import lanes, numbers, tickets
from dispatcher.store.session import Store, Tx
from tests.engine.test_heads import NOW, waiting
from tests.store.make import command, insert, ticket

_sites = itertools.count(1)
SERVICES = ("taxes", "passport", "payments")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_heads_choose_as_all_tickets_would(store, data):
    """Every mode, rank and turn; also tickets sent to the counter, and appointments back before their recall."""
    everybody = data.draw(waiting())
    turn = data.draw(st.sampled_from((None, *Lane)))
    site = f"s{next(_sites)}"
    mine = [replace(one, id=f"{site}-{one.id}", site=site) for one in everybody]
    with command(store, site, NOW) as tx:
        for one in mine:
            insert(tx, one)
        heads = lanes.heads(tx, "1", SERVICES)
    for mode, ranked in (("appointments", False), ("auto", True)):
        desk = Counter(id="1", name="1", services=SERVICES, mode=mode, ranked=ranked)
        assert choose(desk, heads, turn=turn, now=NOW) == choose(desk, mine, turn=turn, now=NOW)
        of_all = choose_automatic(desk, mine, turn=turn, now=NOW)
        assert choose_automatic(desk, heads, turn=turn, now=NOW) == of_all
    desk = Counter(id="1", name="1", services=SERVICES)
    only_due = [one for one in heads if one.lane is Lane.priority]
    assert choose_automatic(desk, only_due, turn=turn, now=NOW) == choose_automatic(desk, mine, turn=turn, now=NOW)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(waiting(), st.integers(0, 11))
def test_ahead_is_how_many_would_be_called_before(store, everybody, chosen):
    """`ahead` counts the callable of the same service and target before it: lane P, then L, then the others."""
    site = f"a{next(_sites)}"
    mine = [replace(one, id=f"{site}-{one.id}", site=site) for one in everybody]
    one = mine[chosen % len(mine)]
    with command(store, site, NOW) as tx:
        for other in mine:
            insert(tx, other)
        counted = lanes.ahead(tx, one, NOW)
    same = [other for other in mine if (other.service, other.target) == (one.service, one.target) and other != one]
    desk = Counter(id="1", name="1", services=(one.service,))
    before, line = 0, [other for other in same if other.is_callable(NOW)]
    contender = replace(one, callable_from=min(one.callable_from, NOW))
    while True:
        with_priority = [other for other in [*line, contender] if other.has_priority(NOW)]
        first = [other for other in with_priority if other.lane is Lane.priority] or with_priority or [*line, contender]
        choice = choose(desk, first, turn=None, now=NOW)
        if choice.ticket == contender:
            break
        line.remove(choice.ticket)
        before += 1
    assert counted == before


@pytest.fixture
def sqlite(sqlite_template, tmp_path):
    path = tmp_path / "n.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = Store(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture
def plans(sqlite) -> Iterator[Callable[[Callable[[Tx], object]], list[str]]]:
    """plans(do) → how the database finds what `do` selects, a line for each step of each statement."""

    def explain(do):
        told = []

        def before(conn, cursor, statement, parameters, _context, _many):
            if statement.lstrip().startswith("SELECT"):
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                told.extend(row[3] for row in cursor.fetchall())
            return statement, parameters

        with command(sqlite, now=NOW) as tx:
            event.listen(sqlite.engine, "before_cursor_execute", before, retval=True)
            do(tx)
            event.remove(sqlite.engine, "before_cursor_execute", before)
        return told

    return explain


def test_each_head_is_one_probe_of_an_index(plans):
    told = plans(lambda tx: lanes.heads(tx, "1", SERVICES))
    probes = [line for line in told if "ticket_head" in line]
    whole = "SEARCH ticket USING INDEX ticket_head (site=? AND queue=? AND ready=? AND lane_class=?)"
    assert probes == [whole] * (1 + len(SERVICES)) * len(lanes.LANE_CLASSES)
    assert not [line for line in told if "B-TREE" in line or "SCAN ticket" in line], "the index gives the order"


@pytest.mark.parametrize(
    ("find", "index"),
    [
        (tickets.unready, "ticket_promote"),
        (tickets.next_callable_from, "ticket_promote"),
        (lambda tx: lanes.early(tx, SERVICES), "ticket_early"),
        (lambda tx: tickets.printing_since(tx, NOW), "ticket_printing"),
        (lambda tx: tickets.missed_since(tx, NOW, 5), "ticket_missed"),
        (lambda tx: numbers.is_living(tx, "A001"), "ticket_living"),
        (lambda tx: tickets.by_label(tx, "A001", NOW.date()), "ticket_living"),
        (lambda tx: lanes.after(tx, ticket()), "ticket_head"),
        (lambda tx: tickets.taken_places(tx, ["taxes", "passport"], NOW, NOW), "ticket_slot"),
    ],
)
def test_what_every_command_asks_is_found_by_its_index(plans, find, index):
    told = plans(find)
    assert any(index in line for line in told), told
    assert not [line for line in told if line == "SCAN ticket"], told
