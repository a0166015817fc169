"""The same office where no mosquitto is installed: the embedded broker carries it (A1, B2, C1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import pictures, sites
from tests.journeys.office import running
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey


def test_walk_in_over_the_embedded_broker_from_request_to_pixels(tmp_path: Path) -> None:
    """A1 B1 B2 C1: press, paper, call, label on the screen, with `numeretto[all]` alone."""
    text = sites.site() + sites.service("passport", "A") + sites.counter("1", "passport")
    text += sites.table("kiosk", id="entrance") + sites.table("display", id="hall")
    with running(tmp_path, text, environ={"NUMERETTO_MOSQUITTO": "none"}) as office:
        command = Path(f"/proc/{office.pid('broker')}/cmdline").read_bytes()
        assert b"mosquitto" not in command, command
        office.acted("1", "open")
        assert office.press("entrance", "passport").status == 200
        paper = wait_until(lambda: office.papers("entrance"), 15, "paper")
        assert "A001" in paper[0]["text"]
        assert pictures.printed_label(pictures.picture(office.room("/kiosk/entrance/tickets/1.png").body)) == "A001"
        wait_until(lambda: office.get("/queues")[0]["waiting"] == 1, 10, lambda: office.get("/queues"))
        assert office.acted("1", "next")["ticket"]["label"] == "A001"
        assert office.observer.call_of("A001")["counter"] == "1"
        office.screen_shows("hall", "A001")
        retained = office.retained(["board", "menu", "counter/1", "device/hall/config"])
        assert [one["label"] for one in retained["board"]["calls"]] == ["A001"]
