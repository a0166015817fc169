"""Midnight and the turn of the day, with people still there (A11; RULES, Numbers and days)."""

from __future__ import annotations

from datetime import date

import pytest

from dispatcher.engine.model import State
from tests.engine.office import utc
from tests.engine.pair import Pair


def pair_at(local: str) -> Pair:
    pair = Pair(utc(local))
    for name in ("3", "4"):
        pair.set_desk(name, "closed")
    return pair


def labels(pair: Pair) -> list[str]:
    return [f"{one.day:%d} {one.label} {one.state}" for one in pair.office.tickets.values()]


def test_midnight_changes_nothing():
    pair = pair_at("2026-11-23T23:59")
    pair.walk_in("passport")
    pair.pass_time(120)
    pair.walk_in("passport")
    assert labels(pair) == ["23 A001 waiting", "23 A002 waiting"]


@pytest.mark.parametrize("before", ["2026-11-24T03:59", "2026-03-29T03:59", "2026-10-25T03:59"])
def test_ticket_called_at_the_turn_keeps_its_day_and_its_number(before):
    pair = pair_at(before)
    ticket = pair.walk_in("passport")
    pair.walk_in("passport")
    pair.press("1")
    yesterday = pair.office.tickets[ticket].day
    pair.pass_time(120)
    pair.walk_in("passport")
    pair.walk_in("passport")
    assert pair.office.tickets[ticket].state is State.called
    today = date.fromordinal(yesterday.toordinal() + 1)
    assert labels(pair) == [
        f"{yesterday:%d} A001 called",
        f"{yesterday:%d} A002 waiting",
        f"{today:%d} A003 waiting",
        f"{today:%d} A004 waiting",
    ]
    pair.press("1")
    assert pair.office.desks["1"].holds == "t2"


def test_numbers_begin_again_when_nobody_of_yesterday_is_left():
    pair = pair_at("2026-11-24T03:59")
    pair.walk_in("passport")
    pair.press("1")
    pair.press("1")
    pair.pass_time(120)
    pair.walk_in("passport")
    assert labels(pair) == ["23 A001 served", "24 A001 waiting"]


def test_services_of_one_letter_share_their_numbers():
    pair = pair_at("2026-11-23T09:00")
    pair.walk_in("passport")
    pair.walk_in("payments")
    assert [one.label for one in pair.office.tickets.values()] == ["A001", "A002"]
