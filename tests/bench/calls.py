"""From a press of next to the picture: by page (HTTP), by button (MQTT), and the screen's part alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import Board, BoardCall, CallEvent, DisplayConfig, Heartbeat, Withdrawn
from tests.bench.figures import ROUNDS, Figure, Round, median, p99, small
from tests.bench.processes import until
from tests.bench.rig import BUTTON, COUNTER, DISPLAY, Api, Rig, Watch

MS = 1000.0
FRAME_MS = MS / 60
ALONE = "bench"
"""The site of the screen that is fed by the bench itself."""


def measure(rig: Rig, samples: int, rounds: int = ROUNDS) -> list[Figure]:
    """The figures of a call, each sample followed by one of its raw limit."""
    watch = Watch(rig, rig.office.id, DISPLAY, DISPLAY)
    api = rig.client()
    button = Client(Broker.parse(rig.url(BUTTON)))
    link = DeviceLink(button, rig.office.id, BUTTON)
    button.start()
    try:
        until(lambda: button.connected, "the button at the broker")
        first = api.post(f"/counters/{COUNTER}/next", {"holding": None})["ticket"]
        watch.shows(first["label"], 0)
        _take_back(api, watch, first["id"], first["label"])
        web = [_pairs(lambda: _by_page(api, watch), _raw_page(rig), samples) for _ in range(rounds)]
        mqtt = [_pairs(lambda: _by_button(api, link, watch), _raw_button(rig), samples // 2) for _ in range(rounds)]
    finally:
        button.stop()
        api.close()
        watch.end()
    legs = "Flask round trip + commit + hop + line drawn"
    return [
        Figure("press next (page) → drawn, median", "ms", legs, _rounds(web, median), 5),
        Figure("press next (page) → drawn, p99", "ms", f"p99 of {legs}", _rounds(web, p99), 8),
        Figure("press next (button) → drawn", "ms", "2 hops + commit + line drawn", _rounds(mqtt, median), 5),
    ]


Pairs = tuple[list[float], list[float]]


def _pairs(sample: Callable[[], float], raw: Callable[[], float], count: int) -> Pairs:
    measured: list[float] = []
    limits: list[float] = []
    for _ in range(count):
        measured.append(sample() * MS)
        limits.append(raw() * MS)
    return measured, limits


def _rounds(pairs: list[Pairs], of: Callable[[list[float]], float]) -> tuple[Round, ...]:
    return tuple(small(of(measured), of(limits)) for measured, limits in pairs)


def _raw_page(rig: Rig) -> Callable[[], float]:
    return lambda: rig.web.round_trip() + rig.disk.commit() + rig.hop.hop() + rig.screen.draw()


def _raw_button(rig: Rig) -> Callable[[], float]:
    return lambda: rig.hop.hop() + rig.hop.hop() + rig.disk.commit() + rig.screen.draw()


def _by_page(api: Api, watch: Watch) -> float:
    seen = watch.seen()
    begun = perf_counter()
    ticket = api.post(f"/counters/{COUNTER}/next", {"holding": None})["ticket"]
    drawn = watch.shows(ticket["label"], seen)
    _take_back(api, watch, ticket["id"], ticket["label"])
    return drawn - begun


def _by_button(api: Api, link: DeviceLink, watch: Watch) -> float:
    seen = watch.seen()
    begun = perf_counter()
    ticket = link.command(f"counter/{COUNTER}", {"request_id": uuid.uuid4().hex, "action": "next"})["ticket"]
    drawn = watch.shows(ticket["label"], seen)
    _take_back(api, watch, ticket["id"], ticket["label"])
    return drawn - begun


def _take_back(api: Api, watch: Watch, ticket_id: str, label: str) -> None:
    """The screen at rest again, and another number next: the call is undone and its ticket given up."""
    shown = watch.seen()
    api.post(f"/counters/{COUNTER}/undo", {})
    watch.without(label, shown)
    api.delete(f"/tickets/{ticket_id}")


class _Alone:
    """A dispatcher of messages only: a call and its board, and both taken back."""

    def __init__(self, rig: Rig) -> None:
        self._link = Client(Broker.parse(rig.url("dispatcher")))
        self._link.start()
        until(lambda: self._link.connected, "the bench at the broker")
        self._revision = 0
        names = {service.id: dict(service.name) for service in rig.office.services.values()}
        office = rig.office
        self._config = DisplayConfig(
            site_name=office.name, zone=office.zone.key, languages=office.languages, services=names
        )

    def open(self) -> None:
        self._link.publish(topics.device(ALONE, DISPLAY, "config"), codec.encode(self._config), retain=True)
        self._board(())

    def call(self, label: str) -> str:
        """Send a call and then its board; the call's id."""
        now, call_id = datetime.now(UTC), uuid.uuid4().hex
        line = BoardCall(call_id=call_id, label=label, service="register", counter="1", counter_name="1", called_at=now)
        event = CallEvent(epoch="bench", revision=self._revision + 1, language="it", **dict(line))
        self._link.publish(topics.call(ALONE), codec.encode(event))
        self._board((line,))
        return call_id

    def withdraw(self, call_id: str) -> None:
        self._link.publish(topics.call(ALONE), codec.encode(Withdrawn(call_id=call_id, withdrawn=True)))
        self._board(())

    def close(self) -> None:
        self._link.stop()

    def _board(self, calls: tuple[BoardCall, ...]) -> None:
        self._revision += 1
        now = datetime.now(UTC)
        board = Board(epoch="bench", revision=self._revision, at=now, calls=calls)
        beat = Heartbeat(epoch="bench", revision=self._revision, at=now)
        self._link.publish(topics.board(ALONE), codec.encode(board), retain=True)
        self._link.publish(topics.heartbeat(ALONE), codec.encode(beat))


def measure_screen(rig: Rig, samples: int, rounds: int = ROUNDS) -> list[Figure]:
    """From a call's message to changed pixels, without a dispatcher; and how much of that is not drawing."""
    alone = _Alone(rig)
    alone.open()
    watch = Watch(rig, ALONE, DISPLAY, "dispatcher")
    number = 0
    beyond: list[float] = []

    def sample() -> float:
        nonlocal number
        number += 1
        label = f"A{number:03}"
        seen = watch.seen()
        begun = perf_counter()
        call_id = alone.call(label)
        drawn = watch.shows(label, seen)
        beyond.append((drawn - begun - watch.drawing_s(label, seen)) * MS)
        seen = watch.seen()
        alone.withdraw(call_id)
        watch.without(label, seen)
        return drawn - begun

    try:
        sample()
        pairs = [_pairs(sample, lambda: rig.hop.hop() + rig.screen.draw(), samples) for _ in range(rounds)]
    finally:
        watch.end()
        alone.close()
    del beyond[0]
    parts = [beyond[at : at + samples] for at in range(0, len(beyond), samples)]
    return [
        Figure("message → changed pixels", "ms", "hop + line drawn", _rounds(pairs, median)),
        Figure(
            "message → changed pixels beyond drawing",
            "ms",
            "a frame at 60 Hz",
            tuple(small(median(each), FRAME_MS) for each in parts),
            1,
        ),
    ]
