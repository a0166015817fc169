"""From the finger on the dispenser to the pixels on the wall, over a real broker (A1, B1, B2, B6, B7, C1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pygame
import pytesseract
import pytest

from kiosk import flow, moves
from kiosk.ui import screens
from kiosk.ui.canvas import Canvas
from tests.journeys import pictures, printers, sites
from tests.journeys.office import Office, running
from tests.journeys.printers import Panel
from tests.journeys.times import instant, iso, slot_in
from tests.journeys.waiting import wait_until
from tests.journeys.web import ask
from tests.kiosk.gallery import MENUS

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Scanner:
    """A QR scanner on a serial line: what it reads comes out of `path`."""

    path: Path
    line: int

    @classmethod
    def at(cls, path: Path) -> Scanner:
        line, end = os.openpty()
        path.symlink_to(os.ttyname(end))
        return cls(path, line)

    def reads(self, text: str) -> None:
        os.write(self.line, text.encode() + b"\r\n")


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    return Scanner.at(tmp_path_factory.mktemp("scanner") / "line")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, scanner: Scanner) -> Iterator[tuple[Office, dict[str, Panel]]]:
    """One dispenser prints over TCP, the other over a serial line; one counter and service for each."""
    folder = tmp_path_factory.mktemp("walk-in")
    with printers.serial_printer(folder / "serial") as serial:
        text = sites.site() + sites.service("passport", "A") + sites.service("residence", "B")
        text += sites.service("deed", "C", check_in="required", walk_in_recalls=0, slot="1m") + sites.counter(
            "3", "deed"
        )
        text += sites.counter("1", "passport") + sites.counter("2", "residence")
        text += sites.table("kiosk", id="tcp", scanner=f"serial://{scanner.path}") + sites.table(
            "kiosk", id="pty", printer=serial.url
        )
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


def test_an_appointment_is_checked_in_by_the_qr_of_its_mail(
    hall: tuple[Office, dict[str, Panel]], scanner: Scanner
) -> None:
    """B6: the scanner works at once on the first screen; the answer says from when there is priority."""
    office, _panels = hall
    start = slot_in(office, 90)
    booked = office.book("deed", iso(start))
    scanner.reads(booked["status_url"])
    wait_until(lambda: "checked_in" in _events(office, booked["id"]), 15, lambda: office.ticket(booked["id"]))
    _says(office, "anticipo")
    assert instant(office.ticket(booked["id"])["priority_from"]) == start
    _touch(office, moves.Arrived("early", booked["label"]), flow.Dismiss())


def test_a_missed_call_is_taken_up_again_by_touch(hall: tuple[Office, dict[str, Panel]]) -> None:
    """B7: the number on the keypad; the second time is one too many."""
    office, _panels = hall
    missed = office.issue("deed")
    office.acted("3", "open")
    for again in (False, True):
        wait_until(lambda: office.act("3", "next").body["ticket"], 10, "a call")
        office.acted("3", "absent")
        assert office.ticket(missed["id"])["state"] == "missed"
        _touch(office, flow.Choose(), moves.OpenEntry("rejoin"))
        for letter in missed["label"]:
            _touch(office, moves.Enter("rejoin"), moves.Key(letter))
        _touch(office, moves.Enter("rejoin", missed["label"]), moves.Submit())
        _says(office, "possibile" if again else "di nuovo in fila")
        assert office.ticket(missed["id"])["state"] == ("missed" if again else "waiting")
        _touch(office, moves.Arrived("back", missed["label"]), flow.Dismiss())


def _events(office: Office, ticket_id: str) -> list[str]:
    return [line["event"] for line in office.ticket(ticket_id)["history"]]


def _touch(office: Office, screen: flow.Screen, action: object) -> None:
    """A finger on the button with that meaning, where this screen has it."""
    house = moves.House(letters=("A", "B", "C"))
    # the buttons below the services stand where they stand, whatever the services
    state = flow.State(screen=screen, languages=("it", "en"), language="it", house=house, menu=MENUS["four"])
    view = screens.View("Camera di commercio", "tcp", office.now())
    canvas = Canvas(pygame.Surface((1080, 1920)))
    screens.paint(canvas, state, view)
    x, y = next(target.rect.center for target in canvas.targets if target.action == action)
    answer = office.room("/kiosk/tcp/touch", "POST", {"x": x, "y": y})
    assert answer.status == 200, answer


def _says(office: Office, text: str) -> None:
    """Wait until this can be read on the dispenser."""

    def read() -> str:
        frame = office.frame("kiosk", "tcp").reduce(2)
        return " ".join(pytesseract.image_to_string(frame, config="--psm 11").split())

    wait_until(lambda: text in read(), 15, read)
