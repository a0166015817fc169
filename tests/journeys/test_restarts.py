"""Broker and dispatcher come and go: everything retained is there again, and no screen lies meanwhile (C6, B4)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey
RETAINED = ("board", "menu", "counter/1", "device/entrance/config", "device/hall/config", "device/hall/status")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    text = sites.site() + sites.service("passport", "A") + sites.counter("1", "passport")
    text += sites.table("kiosk", id="entrance") + sites.table("display", id="hall")
    with running(tmp_path_factory.mktemp("restarts"), text) as office:
        office.acted("1", "open")
        yield office


def _lasting(told: dict[str, Any]) -> dict[str, Any]:
    """Without its revision, and without how long people wait: that is reckoned anew all the time."""
    moving = {"wait_low_s", "wait_high_s"}
    groups = [
        {**group, "services": [{key: one[key] for key in one if key not in moving} for one in group["services"]]}
        for group in told.get("groups", [])
    ]
    return {**told, "revision": 0, "groups": groups}


@pytest.mark.parametrize("part", ["broker", "dispatcher"])
def test_after_kill_all_that_is_retained_is_there_again(office: Office, part: str) -> None:
    """C6: board, menu, counters, settings and presence, from the new process alone; and the work goes on."""
    ticket = office.issue("passport")
    assert office.acted("1", "next")["ticket"]["label"] == ticket["label"]
    office.observer.wait("board", lambda body: ticket["label"] in [one["label"] for one in body["calls"]])
    before = office.retained(RETAINED)
    office.back(part, office.kill(part))
    wait_until(lambda: office.api("GET", "/board").status == 200, 15)
    after = office.retained(RETAINED)
    assert after["board"]["calls"] == before["board"]["calls"]
    assert after["board"]["epoch"] == before["board"]["epoch"]
    assert after["counter/1"]["ticket"]["label"] == ticket["label"]
    for topic in ("menu", "device/entrance/config", "device/hall/config"):
        assert _lasting(after[topic]) == _lasting(before[topic])
    wait_until(lambda: (office.observer.last("device/hall/status") or {}).get("online"), 15)
    later = office.issue("passport")
    assert office.acted("1", "next")["ticket"]["label"] == later["label"]
    office.screen_shows("hall", later["label"])
    printed = len(office.papers("entrance"))
    wait_until(lambda: office.press("entrance", "passport").status == 200, 15)
    wait_until(lambda: len(office.papers("entrance")) == printed + 1, 15)
    wait_until(lambda: office.get("/queues")[0]["waiting"] == 1, 10, lambda: office.get("/queues"))
    assert office.acted("1", "next")["ticket"]["paper"] == "confirmed"


def test_screen_says_that_it_has_lost_the_dispatcher_and_comes_back_with_the_true_board(office: Office) -> None:
    """C6: no heartbeat for 5 s: the screen says so to people and to the office, until the truth is back."""
    ticket = office.issue("passport")
    office.acted("1", "next")
    good = office.screen_shows("hall", ticket["label"])
    stopped = _tree(office.pid("dispatcher"))
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        # now, and not in the restarts before, which are slow on a busy machine
        wait_until(lambda: "stale" in _problems(office.observer.last("device/hall/status") or {}), 15)
        stale = office.frame("display", "hall")
        stale.save(office.folder / "stale.png")
        top = (0, 0, stale.width, stale.height // 12)
        assert stale.crop(top).tobytes() != good.crop(top).tobytes(), "the top line says it"
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    wait_until(lambda: not _problems(office.observer.last("device/hall/status") or {}) & {"stale"}, 15)
    later = office.issue("passport")
    office.acted("1", "next")
    office.screen_shows("hall", later["label"])


def _problems(status: dict[str, object]) -> set[str]:
    problems = status.get("problems", [])
    assert isinstance(problems, list)
    return {str(one["code"]) for one in problems}


def _tree(pid: int) -> list[int]:
    """A process and its children."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123 (of the kernel)
        return [pid, *(int(one) for one in file.read().split())]
