"""The end of the day: last tickets, limits, and what becomes of those who still wait (B9, RULES: closing)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.times import iso
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey
PACE = 120


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A Monday afternoon, 120 times as fast: 10 seconds are 20 minutes. The office closes at 16:30."""
    hours = {"mon": ["08:30-16:30"]}
    text = sites.site()
    text += sites.service("passport", "A", hours=hours, slot="5m", last_ticket="10m")
    text += sites.service("limited", "B", daily_limit=2)
    text += sites.counter("1", "passport", "limited")
    with running(tmp_path_factory.mktemp("closing"), text, clock=f"2026-03-02T15:55:00+01:00,x{PACE}") as office:
        yield office


def test_daily_limit_ends_the_issuing_and_the_menu_says_so(office: Office) -> None:
    """B9: walk-ins of a day; the limit is the reason on the dispenser's button."""
    for _ in range(2):
        office.issue("limited")
    third = office.api("POST", "/tickets", {"service": "limited"})
    assert (third.status, third.code) == (409, "limit_reached")
    menu = office.observer.wait("menu", lambda body: _reason(body, "limited") == "limit")
    assert not _service(menu, "limited")["open"]


def test_closing_ends_what_waits_and_says_whose_fault_it_was(office: Office) -> None:
    """B9, RULES closing: ten minutes before closing the last ticket; then walk-ins left, a due appointment unserved."""
    waiting = office.issue("passport")
    booked = office.book("passport", iso(datetime.fromisoformat("2026-03-02T16:25:00+01:00")))
    office.observer.wait("menu", lambda body: _reason(body, "passport") == "last_ticket", 25)
    refused = office.api("POST", "/tickets", {"service": "passport"})
    assert (refused.status, refused.code) == (409, "service_closed")
    assert office.ticket(waiting["id"])["state"] == "waiting"
    assert office.in_state(waiting["id"], "left", timeout_s=25)["history"][-1]["event"] == "left"
    assert office.in_state(booked["id"], "unserved", timeout_s=10)["history"][-1]["event"] == "unserved"
    office.observer.wait("menu", lambda body: _reason(body, "passport") in ("hours", "closed"), 10)
    wait_until(lambda: _waiting(office, "passport") == 0, 5, lambda: office.get("/queues"))


def _service(menu: dict[str, object], service: str) -> dict[str, object]:
    groups = menu["groups"]
    assert isinstance(groups, list)
    return next(one for group in groups for one in group["services"] if one["id"] == service)


def _reason(menu: dict[str, object], service: str) -> object:
    return _service(menu, service)["reason"]


def _waiting(office: Office, service: str) -> int:
    return next(int(one["waiting"]) for one in office.get("/queues") if one["service"] == service)
