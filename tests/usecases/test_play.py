"""Play at the dispenser: staff take the tickets out of the queue again; days that are full (B9)."""

from __future__ import annotations

from datetime import timedelta

from dispatcher.usecases import play, tickets, views
from tests.usecases.house import service, weekdays


def test_staff_void_what_was_taken_in_play(house):
    office = house(service(daily_limit=3))
    first, second, third = (office.print() for _ in range(3))
    for one in (first, second, third):
        office.printed(one)
    assert [line["label"] for line in office.desk.read(play.newest)] == ["A003", "A002", "A001"]
    assert office.desk.read(play.newest)[0]["kiosk"] == "entrance"
    assert office.call() == "A001"
    ids = [third["id"], first["id"], "gone", third["id"]]
    assert office.do(play.void, ticket_ids=ids) == {"labels": ["A003"]}
    assert (office.state("A001"), office.state("A002"), office.state("A003")) == ("called", "waiting", "void")
    assert office.do(play.void, ticket_ids=ids) == {"labels": []}
    assert office.issue()["label"] == "A004", "a void ticket takes nothing from the day's limit"
    [queue] = office.desk.read(views.queues)
    assert queue["waiting"] == 2


def _button(office):
    [button] = [one for group in office.desk.read(views.menu)["groups"] for one in group["services"]]
    return button["reason"], button["opens_at"]


def test_a_full_day_says_when_the_next_one_begins(house):
    office = house(service(daily_limit=1, hours=weekdays(("08:30", "12:30"), ("14:00", "16:00"))))
    office.issue()
    office.sweep()
    assert _button(office) == ("limit", "2026-11-24T07:30:00.000Z")
    office.until("12:45")
    assert _button(office) == ("limit", "2026-11-24T07:30:00.000Z"), "not this afternoon"
    office.until("16:30")
    assert _button(office) == ("hours", "2026-11-24T07:30:00.000Z")


def test_after_the_last_ticket_it_says_when_the_next_day_begins(house):
    office = house(service(hours=weekdays(("08:30", "12:30")), last_ticket=timedelta(minutes=15)), starts="12:10")
    office.until("12:20")
    assert _button(office) == ("last_ticket", "2026-11-24T07:30:00.000Z")


def test_the_link_of_a_ticket_checks_in_and_comes_back(house):
    """What a scanner reads: the QR of the mail and of the paper hold the page's token, not the booking code."""
    office = house(service(check_in="required", walk_in_recalls=0))
    booked = office.book("10:00")
    token = booked["status_url"].rpartition("/")[2]
    answer = office.do(tickets.check_in, code=token)
    assert (answer["result"], answer["label"], answer["priority_from"]) == ("early", "AA01", "2026-11-23T09:00:00.000Z")
    walk_in = office.issue()
    paper = walk_in["status_url"].rpartition("/")[2]
    assert office.do(tickets.check_in, code=paper) == {"result": "unknown"}
    assert office.call() == "A001"
    office.press("absent")
    assert office.do(tickets.rejoin, code=paper)["label"] == "A001"
    assert office.call() == "A001"
    office.press("absent")
    assert office.refusal(tickets.rejoin, code=paper) == "limit_reached"
    assert office.refused_bodies[-1]["field"] == "rejoin_times"


def test_who_comes_back_too_late_is_told_so(house):
    office = house(service(walk_in_recalls=0, rejoin_within=timedelta(minutes=30)))
    office.issue()
    office.call()
    office.press("absent")
    office.later(minutes=31)
    assert office.refusal(tickets.rejoin, label="A001") == "limit_reached"
    assert office.refused_bodies[-1]["field"] == "rejoin_within"
