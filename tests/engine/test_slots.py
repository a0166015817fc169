"""Which times can be booked (E10)."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

from dispatcher.engine.model import Hours
from dispatcher.engine.slots import is_slot, slots
from tests.engine.make import minutes, service
from tests.engine.office import ROME, utc

MONDAY = date(2026, 11, 23)
LONG_AGO = utc("2026-01-01T00:00")
OFFICE = service(hours=Hours(spans={0: ((time(9, 0), time(9, 50)),)}), places=2, lead=minutes(30))


def starts(what, first, last=None, *, now=LONG_AGO, taken=None, bound=False):
    found = slots(what, first, last or first, zone=ROME, now=now, taken=taken or {}, bound=bound)
    return [(one.start.isoformat(timespec="minutes")[11:], one.free) for one in found]


def test_slots_fill_a_span_and_none_ends_after_it():
    assert starts(OFFICE, MONDAY) == [("09:00+01:00", 2), ("09:15+01:00", 2), ("09:30+01:00", 2)]


def test_taken_places_are_not_free():
    taken = {utc("2026-11-23T09:00"): 1, utc("2026-11-23T09:15"): 3}
    assert starts(OFFICE, MONDAY, taken=taken) == [("09:00+01:00", 1), ("09:15+01:00", 0), ("09:30+01:00", 2)]


def test_past_slots_are_never_given():
    assert starts(OFFICE, MONDAY, now=utc("2026-11-23T09:15")) == [("09:15+01:00", 2), ("09:30+01:00", 2)]


def test_lead_binds_only_the_public():
    now = utc("2026-11-23T08:45")
    assert starts(OFFICE, MONDAY, now=now, bound=True) == [("09:15+01:00", 2), ("09:30+01:00", 2)]
    assert len(starts(OFFICE, MONDAY, now=now, bound=False)) == 3


def test_horizon_binds_only_the_public_and_to_the_end_of_its_day():
    far = service(hours=OFFICE.hours, horizon=timedelta(days=7))
    now, last = utc("2026-11-16T08:00"), date(2026, 12, 31)
    assert len(starts(far, MONDAY, last, now=now, bound=True)) == 3
    assert len(starts(far, MONDAY, last, now=now)) == 6 * 3


def test_no_slots_without_appointments_or_on_closures():
    assert starts(service(hours=OFFICE.hours, appointments=False), MONDAY) == []
    assert starts(service(hours=OFFICE.hours, closures=((MONDAY, MONDAY),)), MONDAY) == []


NIGHT = service(hours=Hours(spans={6: ((time(1, 0), time(4, 0)),)}), slot=minutes(30))


def test_no_slot_begins_in_the_skipped_hour():
    assert [start for start, _free in starts(NIGHT, date(2026, 3, 29))] == [
        "01:00+01:00",
        "01:30+01:00",
        "03:00+02:00",
        "03:30+02:00",
    ]


def test_repeated_hour_has_its_slots_twice():
    all_of_them = slots(NIGHT, date(2026, 10, 25), date(2026, 10, 25), zone=ROME, now=LONG_AGO, taken={}, bound=False)
    assert [one.start.isoformat(timespec="minutes")[11:] for one in all_of_them][2:6] == [
        "02:00+02:00",
        "02:30+02:00",
        "02:00+01:00",
        "02:30+01:00",
    ]
    assert all(after.start.timestamp() - before.start.timestamp() == 1800 for before, after in pairwise(all_of_them))


def test_slots_of_a_span_over_midnight_belong_to_their_local_day():
    night = service(hours=Hours(spans={0: ((time(23, 30), time(0, 30)),)}))
    assert [start for start, _free in starts(night, MONDAY)] == ["23:30+01:00", "23:45+01:00"]
    assert [start for start, _free in starts(night, date(2026, 11, 24))] == ["00:00+01:00", "00:15+01:00"]


def test_is_slot():
    assert is_slot(OFFICE, utc("2026-11-23T09:15"), ROME)
    assert is_slot(OFFICE, utc("2026-11-23T09:15").astimezone(ROME), ROME)
    for wrong in ("2026-11-23T09:10", "2026-11-23T09:45", "2026-11-24T09:00"):
        assert not is_slot(OFFICE, utc(wrong), ROME), wrong
