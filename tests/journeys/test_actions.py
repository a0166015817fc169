"""What an operator can do with a ticket, and who comes first (A5-A7, A9, A10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.times import instant, iso
from tests.journeys.waiting import stays, wait_until

pytestmark = pytest.mark.journey
STORIES = ("park", "move", "undo", "help", "wait", "rank", "press")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The machine's own clock; each story has a service and a counter of its own name. The screen shows `undo`."""
    text = sites.site()
    letters = dict(zip(STORIES, "ABCDEFG", strict=True))
    for story, letter in letters.items():
        more = {"longest_wait": "1s"} if story == "wait" else {}
        text += sites.service(story, letter, **more)
    text += sites.service("archive", "H", walk_in=True)
    for story in STORIES:
        text += sites.counter(story, story, *(["archive"] if story == "rank" else []), ranked=story == "rank")
    text += sites.counter("archive", "archive")
    text += sites.table("display", id="hall", counters=["undo"])
    with running(tmp_path_factory.mktemp("actions"), text) as office:
        for counter in (*STORIES, "archive"):
            office.acted(counter, "open")
        yield office


def test_parked_ticket_comes_back_by_itself_with_priority(office: Office) -> None:
    """A9: parked for a while, it returns before those who came after it, keeping its number."""
    parked, other, last = (office.issue("park") for _ in range(3))
    assert office.acted("park", "next")["ticket"]["label"] == parked["label"]
    office.acted("park", "serve")
    office.acted("park", "park", for_="2s")
    assert office.ticket(parked["id"])["state"] == "parked"
    assert office.acted("park", "next")["ticket"]["label"] == other["label"]
    wait_until(lambda: office.ticket(parked["id"])["priority_from"] is not None, 5, lambda: office.ticket(parked["id"]))
    wait_until(
        lambda: office.get("/counters/park")["next_label"] == parked["label"], 8, lambda: office.get("/counters/park")
    )
    assert office.acted("park", "next")["ticket"]["label"] == parked["label"]
    assert office.acted("park", "next")["ticket"]["label"] == last["label"]


def test_transferred_ticket_keeps_its_number_and_its_place(office: Office) -> None:
    """A9: sent to another service it stands there by the time at which it was taken."""
    mine = office.issue("move")
    waiting = office.issue("archive")
    assert office.acted("move", "next")["ticket"]["label"] == mine["label"]
    office.acted("move", "transfer", service="archive")
    there = office.ticket(mine["id"])
    assert (there["state"], there["service"], there["label"]) == ("waiting", "archive", mine["label"])
    assert there["queued_at"] == mine["queued_at"]
    assert office.acted("archive", "next")["ticket"]["label"] == mine["label"]
    office.acted("archive", "transfer", counter="move")
    assert office.acted("move", "next")["ticket"]["label"] == mine["label"]
    assert office.acted("archive", "next")["ticket"]["label"] == waiting["label"]


def test_undo_takes_a_call_back_while_it_is_announced(office: Office) -> None:
    """A9: the call is withdrawn on MQTT and gone from the screen; the ticket waits as before."""
    ticket = office.issue("undo")
    office.acted("undo", "next")
    call = office.observer.call_of(ticket["label"])
    office.screen_shows("hall", ticket["label"])
    office.acted("undo", "undo")
    office.observer.wait("call", lambda one: one.get("call_id") == call["call_id"] and one.get("withdrawn") is True)
    back = office.ticket(ticket["id"])
    assert (back["state"], back["calls_made"], back["counter"]) == ("waiting", 0, None)
    office.screen_shows("hall", None)
    assert ticket["label"] not in [one["label"] for one in office.retained(["board"])["board"]["calls"]]
    late = office.act("undo", "undo")
    assert (late.status, late.code) == (409, "undo_too_late")
    assert office.acted("undo", "next")["ticket"]["label"] == ticket["label"]


def test_assisted_ticket_is_called_first(office: Office) -> None:
    """A7 A10: priority from the moment it is issued; the call says why."""
    walk_in = office.issue("help")
    assisted = office.issue("help", assisted=True)
    assert assisted["ahead"] == 0
    called = office.acted("help", "next")
    assert (called["ticket"]["label"], called["why"]["code"]) == (assisted["label"], "assisted")
    assert called["why"]["text"]
    assert office.acted("help", "next")["ticket"]["label"] == walk_in["label"]


def test_long_waiter_takes_turns_with_priority(office: Office) -> None:
    """A6: past its longest wait a walk-in takes turns with those who have priority."""
    walk_ins = [office.issue("wait") for _ in range(2)]
    assisted = [office.issue("wait", assisted=True) for _ in range(2)]
    due = instant(walk_ins[1]["queued_at"]) + timedelta(seconds=1)
    wait_until(lambda: office.now() > due, 5)
    called = [office.acted("wait", "next")["ticket"]["label"] for _ in range(4)]
    pairs = zip(assisted, walk_ins, strict=True)
    assert called == [one["label"] for pair in pairs for one in pair]


def test_ranked_counter_prefers_its_first_service(office: Office) -> None:
    """A5: by the counter's rank of services, whoever came first."""
    elsewhere = office.issue("archive")
    mine = office.issue("rank")
    assert office.acted("rank", "next")["ticket"]["label"] == mine["label"]
    assert office.acted("rank", "next")["ticket"]["label"] == elsewhere["label"]
    office.acted("rank", "finish")


def test_recall_call_by_number_and_give_up(office: Office) -> None:
    """A9: called again with a new call; out of turn by its number; a ticket given up cannot be called."""
    first, second, third = (office.issue("press") for _ in range(3))
    office.acted("press", "next")
    office.acted("press", "recall")
    wait_until(lambda: len(office.observer.calls_of(first["label"])) == 2, 10, lambda: office.observer.all("call"))
    assert [one["attempt"] for one in office.observer.calls_of(first["label"])] == [1, 1]
    assert office.acted("press", "call", label=third["label"])["ticket"]["label"] == third["label"]
    assert office.api("DELETE", f"/tickets/{second['id']}").status == 204
    assert office.api("DELETE", f"/tickets/{second['id']}").status == 204
    gone = office.act("press", "call", label=second["label"])
    assert (gone.status, gone.code) == (409, "not_callable")
    office.acted("press", "finish")
    assert office.acted("press", "next")["ticket"] is None


def test_press_sent_twice_counts_once(office: Office) -> None:
    """A8: the same key gives the same answer; without a key the present ticket ends."""
    tickets = [office.issue("press") for _ in range(2)]
    answers = [office.api("POST", "/counters/press/next", {}, key="press-once") for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert {answer.body["ticket"]["label"] for answer in answers} == {tickets[0]["label"]}
    stays(lambda: office.ticket(tickets[1]["id"])["state"] == "waiting", 0.3)
    other = office.api("POST", "/counters/press/recall", {}, key="press-once")
    assert (other.status, other.code) == (422, "key_reused")


def test_free_slots_are_less_by_what_is_booked(office: Office) -> None:
    """E10 (first form): a slot holds as many as it has places."""
    day = (office.now() + timedelta(days=2)).date().isoformat()
    slots = office.get(f"/services/undo/slots?from={day}&to={day}")
    assert slots
    assert all(one["free"] == 2 for one in slots)
    start = slots[4]["start"]
    for left in (1, 0):
        office.book("undo", iso(instant(start)))
        now = {one["start"]: one["free"] for one in office.get(f"/services/undo/slots?from={day}&to={day}")}
        assert now.get(start, 0) == left
    full = office.api(
        "POST",
        "/appointments",
        {"service": "undo", "start": start, "name": "Ugo Neri", "phone": "+39 011 8122345", "consent": True},
    )
    assert (full.status, full.code) == (409, "slot_gone")
