"""The printer's front panel over HTTP. [room of onebox]"""

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from firmware_config.virtual.printer.control import Control, NotLoopback
from firmware_config.virtual.printer.link import Port
from firmware_config.virtual.printer.printer import Printer
from tests.firmware_config.helpers import TICKET_TEXT, golden, ticket

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def printer(start: Callable[..., tuple[Printer, Port]]) -> Printer:
    return start()[0]


@pytest.fixture
def ask(printer: Printer) -> Iterator[Ask]:
    control = Control(printer, "127.0.0.1", 0)
    control.start()
    address = control.url.removeprefix("http://")

    def request(method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(address, timeout=10)
        try:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
            connection.request(method, path, raw, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            data = answer.read()
            kind = answer.headers.get_content_type()
            return answer.status, json.loads(data) if data and kind.endswith("json") else data
        finally:
            connection.close()

    yield request
    control.stop()


def test_tickets_are_listed_and_drawn(printer: Printer, ask: Ask) -> None:
    assert ask("GET", "/tickets") == (200, [])
    printer.hear(ticket("A045") + ticket("A046"))
    status, tickets = ask("GET", "/tickets")
    assert (status, [t["n"] for t in tickets]) == (200, [1, 2])
    assert tickets[0]["text"] == TICKET_TEXT
    assert (tickets[0]["cut"], tickets[0]["at"]) == (True, "2026-03-02T07:30:00.250Z")
    assert ask("GET", "/tickets?after=1&wait=5")[1] == tickets[1:]
    status, picture = ask("GET", tickets[1]["png"])
    assert (status, picture[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    assert ask("GET", "/tickets/3.png")[1]["code"] == "not_found"


@pytest.mark.parametrize("fault", ["near_end", "paper_out", "cover", "cutter", "power_cycle", "silence", "none"])
def test_every_fault_of_the_contract_is_taken(ask: Ask, fault: str) -> None:
    assert ask("POST", "/fault", {"fault": fault}) == (204, b"")
    assert ask("GET", "/state")[1]["faults"] == [fault]


def test_state_tells_what_is_wrong(printer: Printer, ask: Ask) -> None:
    printer.hear(b"\x1b\x99" + ticket())
    ask("POST", "/fault", {"fault": "paper_out"})
    ask("POST", "/fault", {"fault": "slow", "baud": 1200})
    state = ask("GET", "/state")[1]
    assert (state["paper"], state["online"], state["baud"]) == ("out", False, 1200)
    assert (state["cutter_counter"], state["tickets"], state["bytes_received"]) == (1, 1, len(ticket()) + 2)
    assert state["unknown"] == [{"offset": 0, "raw": "1B 99", "before": "", "reason": "no such command"}]


def test_fault_can_be_armed(printer: Printer, ask: Ask) -> None:
    assert ask("POST", "/fault", {"fault": "paper_out", "after_bytes": 4})[0] == 204
    printer.hear(golden("eot_1"))
    assert ask("GET", "/state")[1]["paper"] == "enough"
    printer.hear(golden("eot_1"))
    assert ask("GET", "/state")[1]["paper"] == "out"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fault": "fire"}, "fault"),
        ({}, "fault"),
        ({"fault": 7}, "fault"),
        ({"fault": "none", "colour": 1}, "colour"),
        ({"fault": "paper_out", "after_bytes": 0}, "after_bytes"),
        ({"fault": "slow", "baud": 1}, "baud"),
        ({"fault": "cover", "baud": 9600}, "baud"),
        ([], None),
        (b"{", None),
        (b"\xff", None),
    ],
)
def test_bad_fault_is_refused_and_changes_nothing(ask: Ask, body: object, field: str | None) -> None:
    status, problem = ask("POST", "/fault", body)
    assert (status, problem["code"], problem.get("field")) == (422, "invalid", field)
    assert ask("GET", "/state")[1]["faults"] == []


def test_web_pages_and_big_bodies_are_kept_out(ask: Ask) -> None:
    assert ask("POST", "/fault", {"fault": "cover"}, **{"Content-Type": "text/plain"})[0] == 422
    assert ask("POST", "/fault", {"fault": "cover"}, Host="evil.example")[0] == 403
    assert ask("GET", "/state", Host="evil.example:80")[0] == 403
    assert ask("POST", "/fault", b" " * 5000)[0] == 413
    assert ask("POST", "/else", {})[0] == 404
    assert ask("GET", "/tickets?after=x")[0] == 422


def test_control_is_for_the_loopback_address_only(printer: Printer) -> None:
    for host in ("0.0.0.0", "example.org"):  # noqa: S104 - what must be refused
        with pytest.raises(NotLoopback):
            Control(printer, host, 0)
