"""Numbers that dispensers hold, and the tickets that they hand over after having been off line (B5, A11)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.engine.model import Paper
from dispatcher.store import numbers
from dispatcher.store import tickets as stored
from dispatcher.usecases import leases, publishing, tickets
from dispatcher.usecases.desk import Contact
from dispatcher.usecases.leases import OffLine
from tests.engine.make import at
from tests.usecases.house import KIOSK, SITE, counter, minutes, service, weekdays

_ids = itertools.count(1)


def lease(office, kiosk="entrance", *, series="A", count=50, **arguments):
    return office.do(
        leases.lease, actor=KIOSK, series=series, count=count, kiosk=kiosk, contact=Contact(kiosk), **arguments
    )


def hand_over(office, *tickets, kiosk="entrance", **arguments):
    return office.do(
        leases.offline_issued, actor=KIOSK, tickets=list(tickets), kiosk=kiosk, contact=Contact(kiosk), **arguments
    )


def paper(label, touched, service="passport", **fields):
    return OffLine(
        label=label, service=service, touched_at=at(touched) if isinstance(touched, str) else touched, **fields
    )


def drained(office):
    """Labels in the order in which a counter calls them."""
    return list(iter(office.call, None))


def test_leased_numbers_are_their_dispensers_and_nobody_else_gives_them(house):
    office = house()
    assert lease(office) == {"from": 501, "to": 550, "day": "2026-11-23", "expires": "2026-11-24T03:00:00.000Z"}
    assert lease(office, "side")["from"] == 551, "another dispenser's begin after them"
    assert lease(office, series="A", count=5)["from"] == 601
    assert office.refusal(leases.lease, series="B", count=5, kiosk="entrance") == "invalid"
    assert [office.issue()["label"] for _ in range(2)] == ["A001", "A002"], "on line the day's numbers go on"


def test_the_days_numbers_pass_over_what_is_leased(house):
    office = house()
    lease(office, count=3)
    with office.store.command(SITE, office.clock.now(), office.clock.wall()) as tx:
        numbers.set_last_number(tx, office.clock.now().date(), "A", 499)
    assert [office.issue()["label"] for _ in range(2)] == ["A500", "A504"]
    assert lease(office, count=3)["from"] == 1001, "a range ahead of the day's numbers, not in their way"


def test_a_repeat_of_the_same_request_gets_the_same_numbers(house):
    """A kiosk whose answer was lost asks again; another request gets others."""
    office = house()
    first = lease(office, request_id="one", body={"count": 50})
    assert lease(office, request_id="one", body={"count": 50}) == first
    assert lease(office, request_id="two", body={"count": 50})["from"] == 551


def test_numbers_whose_labels_are_alive_are_not_leased(house):
    """A11: a ticket that waits over the turn of the day keeps its label."""
    office = house()
    lease(office, count=10)
    office.clock.advance(minutes=1)
    hand_over(office, paper("A503", "09:00:30"))
    office.until("2026-11-24T09:00")
    assert office.state("A503") == "waiting", "the service is always open"
    assert lease(office, count=10)["from"] == 504


def test_tickets_come_into_the_queue_at_their_touch(house):
    """B5: between those who were there before and those who came later, in the true order of time."""
    office = house()
    lease(office), lease(office, "side")
    office.issue()  # 09:00
    office.until("09:10")
    office.issue()
    office.until("09:20")
    told = hand_over(office, paper("A502", "09:08"), paper("A501", "09:03"))
    assert told == {"accepted": ["A501", "A502"], "clamped": [], "refused": []}
    hand_over(office, paper("A551", "09:05"), kiosk="side")
    assert drained(office) == ["A001", "A501", "A551", "A502", "A002"]
    assert office.events("A501") == ["issued", "printed", "called", "served*"]


def test_a_ticket_is_taken_once_however_often_and_however_split_it_is_handed_over(house):
    office = house()
    lease(office)
    office.until("09:10")
    papers = [paper(f"A{number}", f"09:0{number - 500}") for number in (501, 502, 503, 504)]
    once = hand_over(office, *papers[:3], request_id="one", body=1)
    assert hand_over(office, *papers[:3], request_id="one", body=1) == once
    assert hand_over(office, *papers[1:])["accepted"] == ["A502", "A503", "A504"]
    assert hand_over(office, *papers, *papers)["accepted"] == sorted(2 * ["A501", "A502", "A503", "A504"])
    assert drained(office) == ["A501", "A502", "A503", "A504"]
    assert hand_over(office, papers[0])["accepted"] == ["A501"], "also when it has been served"
    assert drained(office) == []


def test_what_the_dispenser_does_not_hold_is_refused_and_says_so(house):
    office = house()
    lease(office, count=2)
    lease(office, "side", count=2)
    wrong = [paper("A503", "09:00"), paper("A001", "09:00"), paper("AA01", "09:00"), paper("nonsense", "09:00")]
    told = hand_over(office, paper("A501", "09:00"), *wrong, paper("A502", "09:00", service="gone"))
    assert told["accepted"] == ["A501"]
    assert {one["label"]: one["reason"] for one in told["refused"]} == {
        "A503": "not_leased", "A001": "not_leased", "AA01": "not_leased", "nonsense": "not_leased",
        "A502": "unknown_service",
    }  # fmt: skip
    assert drained(office) == ["A501"]


def test_the_touch_is_limited_to_the_last_contact_and_now(house):
    """RULES, Numbers and days: a wrong clock puts nobody before those who were there."""
    office = house()
    office.until("09:10")
    lease(office)
    office.until("09:20")
    office.issue()
    told = hand_over(office, paper("A501", "08:00"), paper("A502", "09:15"), paper("A503", "12:00"))
    assert (told["accepted"], told["clamped"]) == (["A501", "A502", "A503"], ["A501", "A503"])
    assert [office.ticket(label)["queued_at"][11:16] for label in told["accepted"]] == ["08:10", "08:15", "08:20"]
    assert office.board()["queues"][0]["waiting"] == 4


def test_the_last_contact_is_the_one_before_it_went_off_line(house):
    """What a kiosk says when it is back is younger than all its tickets; its last ticket on line is not."""
    office = house()
    lease(office)
    office.until("09:10")
    office.printed(office.print())
    office.until("09:40")
    office.desk.execute(KIOSK, tickets.check_in, code="nothing", contact=Contact("entrance"))
    lease(office)
    told = hand_over(office, paper("A501", "09:05"), paper("A502", "09:15"))
    assert told["clamped"] == ["A501"]
    assert hand_over(office, paper("A503", "09:20"))["clamped"] == [], "in several messages as well"
    assert office.ticket("A501")["queued_at"] == "2026-11-23T08:10:00.000Z"
    assert office.ticket("A502")["queued_at"] == "2026-11-23T08:15:00.000Z"


def test_a_number_asked_for_in_vain_does_not_count_as_a_contact(house):
    """The request was abandoned, the customer has an off-line ticket, and the late number is void or will be."""
    office = house()
    lease(office)
    office.until("09:30")
    late = office.print(touched_at=at("09:05"))
    office.print(touched_at=at("09:06"))
    office.printed(late, "failed")
    assert hand_over(office, paper("A501", "09:05"))["clamped"] == []


def test_hours_and_limits_do_not_bind_a_paper_that_is_out(house):
    office = house(service(hours=weekdays(("08:30", "12:30")), daily_limit=1), counter("1"))
    lease(office, count=3)
    office.issue()
    office.until("12:40")
    assert hand_over(office, paper("A501", "12:20"))["accepted"] == ["A501"]
    assert office.state("A501") == "waiting", "counter 1 is still open"
    office.press("close")
    office.sweep()
    assert hand_over(office, paper("A502", "12:29"))["accepted"] == ["A502"]
    assert (office.state("A501"), office.state("A502")) == ("left", "left"), "as at closing"
    assert office.events("A502") == ["issued", "printed", "left"]


def test_the_menu_says_what_a_dispenser_must_know_when_it_is_alone(house):
    office = house(service(hours=weekdays(("08:30", "12:30"), ("14:00", "16:00"))), service("always", "B"))

    def told():
        menu = office.desk.read(publishing.menu_content)
        return [(one["letter"], one["opens_at"], one["closes_at"]) for one in menu["groups"][0]["services"]]

    assert told() == [("A", None, "2026-11-23T11:30:00.000Z"), ("B", None, None)]
    office.until("13:00")
    assert told() == [("A", "2026-11-23T13:00:00.000Z", None), ("B", None, None)]


def test_what_is_handed_over_after_the_turn_of_the_day_belongs_to_its_own_day(house):
    office = house(service(hours=weekdays(("08:30", "16:00"))), service("always", "B"))
    lease(office), lease(office, series="B")
    office.until("2026-11-24T08:45")
    late = [paper("A501", "15:00"), paper("B501", "15:00", service="always")]
    assert hand_over(office, *late)["accepted"] == ["A501", "B501"]
    new = lease(office)
    assert (new["from"], new["day"]) == (501, "2026-11-24"), "numbers begin anew, the old one has left"
    assert lease(office, series="B")["from"] == 502, "B501 is alive"
    assert office.state("B501") == "waiting"
    office.until("2026-11-24T09:00")
    today = datetime(2026, 11, 24, 7, 50, tzinfo=UTC)
    assert hand_over(office, paper("A501", today))["accepted"] == ["A501"]
    assert office.state("A501") == "waiting"


@pytest.mark.parametrize(("fields", "said"), [({"paper": Paper.unconfirmed}, "unconfirmed"), ({}, "confirmed")])
def test_what_a_ticket_carries(house, fields, said):
    office = house(service(), languages=("it", "de"))
    lease(office)
    office.until("09:10")
    plain, assisted = paper("A501", "09:01", language="xx", **fields), paper("A502", "09:05", assisted=True)
    hand_over(office, plain, assisted)
    assert (office.ticket("A501")["paper"], office.ticket("A502")["assisted"]) == (said, True)
    assert drained(office) == ["A502", "A501"], "who needs help goes first"


def test_an_old_missed_ticket_does_not_take_a_label_that_a_dispenser_may_give(house):
    """A11: its number of yesterday may be printed by the kiosk today."""
    office = house(service(walk_in_recalls=0, rejoin_within=timedelta(days=2)))
    lease(office, count=1)
    office.clock.advance(minutes=1)
    hand_over(office, paper("A501", "09:00:10"))
    assert office.call() == "A501"
    office.press("absent")
    assert office.state("A501") == "missed"
    office.until("2026-11-24T09:00")
    missed = "A501"
    lease(office, count=1)
    assert office.refusal(tickets.rejoin, ticket_id=yesterdays(office, missed)) == "not_callable"


def yesterdays(office, label):
    day = (office.clock.now() - timedelta(days=1)).date()
    return office.desk.read(lambda reading: stored.by_label(reading.tx, label, day)).id


def test_200_tickets_of_two_dispensers_after_30_minutes(house):
    """The dispatcher was away for 30 minutes: merged in the order of issue, none lost, none doubled (B5)."""
    office = house()
    for kiosk in ("entrance", "side"):
        lease(office, kiosk, count=100)
    first = office.clock.now() + minutes(1)
    touched = [(first + timedelta(seconds=9 * n), "entrance" if n % 3 else "side") for n in range(200)]
    counts = {"entrance": itertools.count(501), "side": itertools.count(601)}
    issued = []
    for when, kiosk in touched:
        number = next(counts[kiosk])
        if kiosk == "entrance" and number > 600:  # used up: a further range, as it would have been held
            number += 100
        issued.append((kiosk, paper(f"A{number}", when)))
    lease(office, "entrance", count=50)
    office.clock.advance(minutes=31)
    for kiosk in ("side", "entrance"):
        mine = [one for name, one in issued if name == kiosk]
        for start in range(0, len(mine), 30):  # each batch overlaps the one before it
            hand_over(office, *mine[max(0, start - 5) : start + 30], kiosk=kiosk)
    labels = [one.label for _, one in issued]
    assert len(set(labels)) == 200
    assert office.board()["queues"][0]["waiting"] == 200
    assert drained(office) == labels
