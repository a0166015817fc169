"""Tickets from the dispenser and from the desk: numbers, paper, limits (A1, A2, A11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher.usecases import tickets
from dispatcher.usecases.desk import Contact
from tests.engine.make import at
from tests.usecases.house import KIOSK, counter, minutes, service, weekdays


def test_a_ticket_without_paper_waits_at_once(house):
    office = house()
    one = office.issue(language="de", assisted=True)
    assert office.ticket(one) == {
        "id": one["id"],
        "label": "A001",
        "service": "passport",
        "kind": "walk_in",
        "assisted": True,
        "state": "waiting",
        "paper": "none",
        "queued_at": "2026-11-23T08:00:00.000Z",
        "priority_from": "2026-11-23T08:00:00.000Z",
        "scheduled_at": None,
        "calls_made": 0,
        "counter": None,
        "counter_name": None,
        "ahead": 0,
        "wait_low_s": None,
        "wait_high_s": None,
        "history": [{"at": "2026-11-23T08:00:00.000Z", "event": "issued", "counter": None}],
    }
    assert one["status_url"].startswith("http://127.0.0.1:8000/t/")
    assert [office.issue()["label"] for _ in range(2)] == ["A002", "A003"]


@pytest.mark.parametrize(
    ("result", "state", "paper", "events"),
    [
        ("confirmed", "waiting", "confirmed", ["issued", "printed"]),
        ("unconfirmed", "waiting", "unconfirmed", ["issued"]),
        ("failed", "void", "failed", ["issued", "void"]),
    ],
)
def test_the_paper_decides_what_becomes_of_a_number(house, result, state, paper, events):
    """A2: it has its number, but is not called before its paper is out."""
    office = house()
    one = office.print()
    assert (one["label"], one["state"], one["paper"]) == ("A001", "printing", "printing")
    assert office.call() is None
    office.printed(one, result)
    now = office.ticket(one)
    assert (now["state"], now["paper"], office.events(one)) == (state, paper, events)
    again = office.printed(one, "failed" if result == "confirmed" else "confirmed")
    settled = {"confirmed": "confirmed", "unconfirmed": "confirmed", "failed": "failed"}[result]
    assert (again["state"], again["paper"]) == (state, settled), "a kiosk that comes back settles only the unconfirmed"
    assert office.issue()["label"] == "A002", "a void number is not given again"


def test_without_news_of_the_paper_the_ticket_waits_after_30_seconds(house):
    office = house()
    one = office.print()
    office.later(seconds=29.9)
    assert office.state(one) == "printing"
    office.later(seconds=0.1)
    assert (office.state(one), office.ticket(one)["paper"]) == ("waiting", "unconfirmed")
    assert office.call() == "A001"
    assert office.printed(one, "failed")["paper"] == "failed"
    assert office.state(one) == "called", "once called it stays"


def test_unconfirmed_and_failed_before_a_call_is_void(house):
    office = house()
    one = office.print()
    office.later(seconds=30)
    assert office.printed(one, "failed")["state"] == "void"
    assert office.call() is None


def test_the_touch_orders_the_queue_within_what_the_dispenser_can_know(house):
    """`queued_at` is the touch, limited to [last contact with that dispenser, now]."""
    office = house()
    first = office.print(touched_at=at("08:00"))
    assert first["queued_at"] == "2026-11-23T08:00:00.000Z", "no contact before: the touch counts from now"
    office.clock.advance(seconds=60)
    second = office.print(touched_at=at("09:00:40"))
    office.clock.advance(seconds=60)
    third = office.print(touched_at=at("08:30"))
    fourth = office.print(touched_at=at("09:30"))
    given = [one["queued_at"][11:19] for one in (second, third, fourth)]
    assert given == ["08:00:40", "08:01:00", "08:02:00"]


def test_a_refused_command_is_a_contact_too(house):
    office = house(service(daily_limit=1))
    office.print()
    office.clock.advance(seconds=60)
    arguments = {"service": "passport", "kiosk": "entrance", "contact": Contact("entrance", 7)}
    assert office.refusal(tickets.issue, actor=KIOSK, **arguments) == "limit_reached"
    arguments["contact"] = Contact("entrance", 7)
    assert office.refusal(tickets.issue, actor=KIOSK, **arguments) == "out_of_order"


def test_an_earlier_touch_stands_before_those_already_there(house):
    office = house()
    first = office.print()
    office.printed(first)
    office.clock.advance(seconds=20)
    office.issue()
    late = office.print(touched_at=at("09:00:10"))
    assert late["ahead"] == 1
    office.printed(late)
    assert [office.call() for _ in range(3)] == ["A001", "A003", "A002"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"service": "none"}, "service"),
        ({"service": "notary"}, "service"),
        ({"service": "passport", "language": "xx"}, "language"),
    ],
)
def test_what_cannot_be_issued_is_invalid(house, arguments, field):
    office = house(service(), service("notary", "N", walk_in=False))
    assert office.refusal(tickets.issue, **arguments) == "invalid"
    assert office.refused_bodies[-1]["field"] == field


def test_daily_limit_counts_what_was_issued_less_voids(house):
    office = house(service(daily_limit=2))
    first = office.print()
    office.issue()
    assert office.refusal(tickets.issue, service="passport") == "limit_reached"
    office.sweep()
    [button] = _menu(office)
    assert (button["open"], button["reason"]) == (False, "limit")
    office.printed(first, "failed")
    assert office.issue()["label"] == "A003"
    office.until("2026-11-24T09:00")
    assert office.issue()["label"] == "A001", "a new day, a new count"


def _menu(office):
    from dispatcher.usecases import views

    return [one for group in office.desk.read(views.menu)["groups"] for one in group["services"]]


def test_a_closed_service_issues_nothing_and_says_when_it_opens(house):
    office = house(service(hours=weekdays(("08:30", "12:30"), ("14:00", "16:00"))), starts="12:29")
    office.issue()
    office.until("12:30")
    assert office.refusal(tickets.issue, service="passport") == "service_closed"
    [button] = _menu(office)
    assert (button["open"], button["reason"], button["opens_at"]) == (False, "hours", "2026-11-23T13:00:00.000Z")
    assert office.state("A001") == "waiting", "a break closes nothing"
    office.until("14:00")
    assert office.issue()["label"] == "A002"
    assert _menu(office)[0]["reason"] is None


def test_last_ticket_by_a_set_span(house):
    office = house(service(hours=weekdays(("08:30", "12:30")), last_ticket=timedelta(minutes=15)), starts="12:15")
    office.issue()
    office.later(seconds=1)
    assert office.refusal(tickets.issue, service="passport") == "service_closed"
    office.sweep()
    assert _menu(office)[0]["reason"] == "last_ticket"


def test_last_ticket_by_itself_when_those_who_wait_fill_the_time(house):
    office = house(service(hours=weekdays(("08:30", "12:30"))), counter(), starts="11:00")
    for _ in range(4):
        office.issue()
        office.call()
        office.clock.advance(minutes=10)
    office.press("finish")
    for _ in range(3):
        office.issue()
    low, high = office.ticket("A007")["wait_low_s"], office.ticket("A007")["wait_high_s"]
    assert low <= 25 * 60 <= high, "two before, ten minutes each, and half of one's own"
    office.until("12:10")
    assert office.refusal(tickets.issue, service="passport") == "service_closed"


def test_a_number_whose_label_is_alive_is_skipped(house):
    """A11: the ticket that is still called when the day turns keeps its number for itself."""
    office = house(starts="23:50")
    for _ in range(2):
        office.issue()
    assert office.call() == "A001"
    office.until("2026-11-24T04:30")
    assert [office.state("A001"), office.state("A002")] == ["called", "waiting"], (
        "always open: the turn changes nothing"
    )
    assert office.issue()["label"] == "A003"
    office.press("finish")
    office.until("2026-11-25T04:30")
    assert office.issue()["label"] == "A001"


def test_two_services_may_share_a_letter(house):
    office = house(service("passport", "A"), service("identity", "A"))
    assert [office.issue(one)["label"] for one in ("passport", "identity", "passport")] == ["A001", "A002", "A003"]


def test_ten_more_minutes_once_and_without_priority_gained(house):
    office = house(service(longest_wait=minutes(30)))
    one = office.issue()
    two = office.issue()
    assert office.do(tickets.ten_more_minutes, ticket_id=one["id"])["state"] == "waiting"
    assert office.refusal(tickets.ten_more_minutes, ticket_id=one["id"]) == "limit_reached"
    assert office.call() == two["label"]
    assert office.call() is None
    office.later(minutes=10)
    assert office.call() == one["label"]
    assert office.refusal(tickets.ten_more_minutes, ticket_id=one["id"]) == "not_callable"


def test_ten_more_minutes_move_an_appointment_but_not_its_priority(house):
    office = house()
    one = office.book("10:00")
    office.do(tickets.ten_more_minutes, ticket_id=one["id"])
    office.until("10:09:59")
    office.issue()
    assert office.state(one) == "booked"
    office.until("10:10")
    assert office.ticket(one)["priority_from"] == "2026-11-23T09:00:00.000Z"
    assert office.call() == one["label"]


def test_leaving_the_queue(house):
    office = house()
    waits, parked, booked, called = office.issue(), office.issue(), office.book(), office.issue()
    for one in (parked, called):
        office.press("call", label=one["label"])
        if one is parked:
            office.press("park")
    answers = [
        office.desk.execute(KIOSK, tickets.give_up, ticket_id=one["id"]).status for one in (waits, parked, booked) * 2
    ]
    assert answers == [204] * 6, "the second time, too"
    assert [office.state(one) for one in (waits, parked, booked)] == ["left", "left", "cancelled"]
    assert office.events(waits) == ["issued", "left"]
    assert office.refusal(tickets.give_up, ticket_id=called["id"]) == "not_callable"
    assert office.refused_bodies[-1]["ticket"]["state"] == "called"
    assert office.refusal(tickets.give_up, ticket_id="none") == "not_found"
