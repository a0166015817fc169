"""A walk-in from the finger on the dispenser to the pixels on the wall, over a real broker (A1, B1, B2, C1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import pictures, printers, sites
from tests.journeys.office import Office, running
from tests.journeys.printers import Panel
from tests.journeys.waiting import wait_until
from tests.journeys.web import ask

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, Panel]]]:
    """One dispenser prints over TCP, the other over a serial line; one counter and service for each."""
    folder = tmp_path_factory.mktemp("walk-in")
    with printers.serial_printer(folder / "serial") as serial:
        text = sites.site() + sites.service("passport", "A") + sites.service("residence", "B")
        text += sites.counter("1", "passport") + sites.counter("2", "residence")
        text += sites.table("kiosk", id="tcp") + sites.table("kiosk", id="pty", printer=serial.url)
        text += sites.table("display", id="hall")
        with running(folder, text) as office:
            yield office, {"tcp": printers.of_kiosk(folder / "data", "tcp"), "pty": serial.panel}


@pytest.mark.parametrize(
    ("kiosk", "service", "counter", "label"), [("tcp", "passport", "1", "A001"), ("pty", "residence", "2", "B001")]
)
def test_walk_in_gets_a_number_on_paper_and_is_called_on_the_screen(
    hall: tuple[Office, dict[str, Panel]], tmp_path: Path, kiosk: str, service: str, counter: str, label: str
) -> None:
    """A1 B1 B2 B4 C1: press → paper → waiting → next → call → pixels that can be read from 10 m."""
    office, panels = hall
    assert office.press(kiosk, service).status == 200
    paper = wait_until(panels[kiosk].tickets, 20, "paper")
    assert len(paper) == 1
    assert label in paper[0]["text"]
    assert f"Servizio {service}" in paper[0]["text"]
    assert paper[0]["cut"]
    png = panels[kiosk].png(1)
    (tmp_path / "ticket.png").write_bytes(png)
    assert pictures.printed_label(pictures.picture(png)) == label
    _status_page_of(paper[0]["codes"], label)

    wait_until(lambda: _queue(office, service)["waiting"] == 1, 10, lambda: office.get("/queues"))
    assert _queue(office, service)["next_label"] == label
    office.acted(counter, "open")
    called = office.acted(counter, "next")["ticket"]
    assert (called["label"], called["state"], called["paper"]) == (label, "called", "confirmed")
    message = office.observer.call_of(label)
    assert (message["counter"], message["service"], message["attempt"]) == (counter, service, 1)
    screen = office.screen_shows("hall", label)
    screen.save(tmp_path / "screen.png")
    high_mm = pictures.glyph_height(pictures.huge_call(screen)) * pictures.SCREEN_WIDTH_MM / screen.width
    assert high_mm >= pictures.wall_text_mm(pictures.METRES), f"{high_mm:.0f} mm"

    board = office.retained(["board"])["board"]
    assert [(one["label"], one["counter"]) for one in board["calls"] if one["service"] == service] == [(label, counter)]
    history = [one["event"] for one in office.ticket(called["id"])["history"]]
    assert history == ["issued", "printed", "called"]


def _queue(office: Office, service: str) -> dict[str, object]:
    return next(one for one in office.get("/queues") if one["service"] == service)


def _status_page_of(codes: list[str], label: str) -> None:
    """The QR on the paper leads to a page that knows the ticket."""
    links = [str(code) for code in codes if "/t/" in str(code)]
    assert len(links) == 1, codes
    page = ask(links[0])
    assert page.status == 200
    assert label in bytes(page.body).decode()
