"""The dispatcher is away and both dispensers go on; back again, everybody stands where they came (B5)."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.telling import tell
from tests.journeys import sites
from tests.journeys.office import Office, running
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey
KIOSKS = ("entrance", "side")
PACE = 30
MARK = "Emesso senza collegamento"
LABEL = re.compile(r"A[0-9]{3,4}")
OPENS = "2026-11-23T09:00:00+01:00"


@contextlib.contextmanager
def _opened(folder: Path, held: int) -> Iterator[Office]:
    text = sites.site() + sites.service("passport", "A", last_ticket="never") + sites.counter("1", "passport")
    for kiosk in KIOSKS:
        text += sites.table("kiosk", id=kiosk, offline=held)
    text += sites.table("display", id="hall")
    with running(folder, text, clock=f"{OPENS},x{PACE}") as office:
        office.acted("1", "open")
        for kiosk in KIOSKS:
            office.observer.wait(f"device/{kiosk}/status", lambda body: body.get("numbers") == {"A": held}, 20)
        yield office


@contextlib.contextmanager
def _dispatcher_away(office: Office) -> Iterator[None]:
    """Its processes stand still: what is sent to it is lost or comes late."""
    office.reread()
    stopped = _tree(office.pid("dispatcher"))
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def _tree(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123 (of the kernel)
        return [pid, *(int(one) for one in file.read().split())]


def _take(office: Office, kiosk: str, timeout_s: float = 20.0) -> dict[str, Any]:
    """A finger and the paper that follows."""
    before = len(office.papers(kiosk))
    wait_until(lambda: office.press(kiosk, "passport").status == 200, timeout_s, lambda: office.log(f"kiosk-{kiosk}"))
    wait_until(lambda: len(office.papers(kiosk)) > before, timeout_s, lambda: office.log(f"kiosk-{kiosk}"))
    paper = office.papers(kiosk)[-1]
    return {"label": _label(paper), "text": paper["text"]}


def _label(paper: dict[str, Any]) -> str:
    return next(line.strip() for line in paper["text"].splitlines() if LABEL.fullmatch(line.strip()))


def _merged(office: Office, papers: list[str]) -> list[dict[str, Any]]:
    """Call everybody; the tickets in the order of the calls."""
    wait_until(
        lambda: office.get("/queues")[0]["waiting"] == len(papers), 60, lambda: (office.get("/queues"), len(papers))
    )
    called = [office.acted("1", "next")["ticket"]]
    office.screen_shows("hall", called[0]["label"])
    while ticket := office.acted("1", "next")["ticket"]:
        called.append(ticket)
    return called


def test_who_came_while_the_dispatcher_was_away_stands_where_they_came(tmp_path: Path) -> None:
    """B5: off-line tickets of two dispensers between those from before and after, on paper, in the queue, on screen."""
    with _opened(tmp_path, 10) as office:
        papers = [_take(office, kiosk) for kiosk in KIOSKS]
        with _dispatcher_away(office):
            # the first still asks, and prints a number of its own when nobody answers
            papers += [_take(office, kiosk) for kiosk in (*KIOSKS, *KIOSKS)]
            office.frame("kiosk", "side").save(office.folder / "side.png")
        wait_until(lambda: office.api("GET", "/board").status == 200, 20)
        labels = [paper["label"] for paper in papers]
        assert {label[:3] for label in labels[2:]} == {"A50", "A51"}, labels
        assert len(set(labels)) == len(labels)
        assert [MARK in paper["text"] for paper in papers] == [False, False, True, True, True, True]
        called = _merged(office, labels)
        assert [ticket["label"] for ticket in called] == labels
        assert {ticket["paper"] for ticket in called} == {"confirmed"}
        later = _take(office, "entrance")
        assert (later["label"][:3], MARK in later["text"]) == ("A00", False), "on line again"


@pytest.mark.full
@pytest.mark.timeout(600)
def test_200_tickets_while_the_dispatcher_is_away_for_30_minutes(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """B5: 200 on two dispensers, one of them killed in between; merged in the order of the touch, none lost, none
    doubled, the screen right."""
    with _opened(tmp_path, 150) as office:
        begun = office.now()
        with _dispatcher_away(office):
            fingers = [threading.Thread(target=_crowd, args=(office, kiosk, 100)) for kiosk in KIOSKS]
            for finger in fingers:
                finger.start()
            for finger in fingers:
                finger.join(300)
            wait_until(lambda: (office.now() - begun).total_seconds() >= 1800, 120)
        papers = {kiosk: [_label(paper) for paper in office.papers(kiosk)] for kiosk in KIOSKS}
        printed = [label for kiosk in KIOSKS for label in papers[kiosk]]
        assert (len(printed), len(set(printed))) == (200, 200)
        called = _merged(office, printed)
        assert sorted(ticket["label"] for ticket in called) == sorted(printed)
        touched = [datetime.fromisoformat(ticket["queued_at"]) for ticket in called]
        assert touched == sorted(touched)
        for kiosk in KIOSKS:
            mine = [ticket["label"] for ticket in called if ticket["label"] in papers[kiosk]]
            assert mine == papers[kiosk], "in the order in which the paper came out"
        board = office.get("/board")
        assert board["queues"][0]["waiting"] == 0
        away = (office.now() - begun).total_seconds() / 60
        tell(pytestconfig, f"away {away:.0f} min of office time, {len(printed)} off-line tickets merged")


def _crowd(office: Office, kiosk: str, count: int) -> None:
    for number in range(count):
        if number == count // 2 and kiosk == KIOSKS[1]:
            office.kill(f"kiosk-{kiosk}")  # what it has issued is on its disk
        _take(office, kiosk)
