"""One counter device at work: its settings, its source of presses, what it says of itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.clock import Clock
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import CounterState, DeviceConfig, DeviceStatus, Problem
from dispatcher.wire.version import VERSION
from kiosk.counter import box, buttons
from kiosk.counter.actions import Press
from kiosk.counter.box import Box
from kiosk.counter.buttons import Button
from kiosk.counter.caller import BUSY, OK, Caller
from kiosk.counter.keypad import Keypad
from kiosk.devices import port as ports
from kiosk.devices.port import Port
from kiosk.texts import Words

log = logging.getLogger(__name__)

GOODBYE_S = 0.3
ANSWERS_KEPT = 8


def check_port(kind: str, port: str) -> None:
    """Raises ValueError when a device of this kind can have no such port."""
    if kind in buttons.KINDS:
        buttons.patterns(kind, port)
    else:
        ports.parse(port)


class Decoder(Protocol):
    """Bytes of a port to presses."""

    def feed(self, data: bytes, now: float) -> list[Press]: ...


class Program:
    """`ready` is called once, when the settings have come and been followed."""

    def __init__(self, link: Link, site: str, device_id: str, clock: Clock, ready: Callable[[], None]) -> None:
        self._link, self._site, self._clock, self._ready = link, site, clock, ready
        self._device = DeviceLink(link, site, device_id)
        self._caller = Caller(self._device, self._settled)
        self._answers: dict[int, str | None] = {}
        """Of a box: seq to why nothing came of it, None when it counted. The last ANSWERS_KEPT."""
        self._under_way: int | None = None
        self._next_labels: dict[str, str] = {}
        self._config: DeviceConfig | None = None
        self._port: Port | None = None
        self._box: Box | None = None
        self._decoder: Decoder | None = None
        self._button: Button | None = None
        self._subscribed: set[str] = set()
        self._problems: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.RLock()
        self._device.on_config(self._configure)
        link.subscribe(topics.counter(site, "+"), self._counter)
        link.on_connect(self._tell)

    def start(self) -> None:
        self._caller.start()
        self._link.start()

    def stop(self) -> None:
        """Say goodbye and end."""
        if self._port:
            self._port.stop()
        self._device.status(DeviceStatus(online=False, at=self._clock.now()), wait_s=GOODBYE_S)
        self._caller.stop(GOODBYE_S)
        # A connection attempt that hangs must not keep the program from ending.
        leaving = threading.Thread(target=self._link.stop, daemon=True)
        leaving.start()
        leaving.join(GOODBYE_S)

    # -- settings

    def _configure(self, payload: bytes) -> None:
        try:
            config = codec.decode(DeviceConfig, payload)
        except codec.WireError as error:
            log.warning("event=config_unreadable error=%r", str(error))
            return
        if config == self._config:
            return
        first, self._config = self._config is None, config
        if self._port:
            self._port.stop()
        self._port = self._box = self._decoder = self._button = None
        self._answers.clear()
        with self._lock:
            self._problems.clear()
        self._caller.counter, self._caller.letters = config.counter or "", config.letters
        self._caller.next_label = self._next_labels.get(topics.counter(self._site, self._caller.counter))
        try:
            self._follow(config)
        except ValueError as error:
            log.warning("event=misconfigured reason=%r", str(error))
            self._say("misconfigured", detail=str(error))
        self._tell()
        log.info("event=configured kind=%s counter=%s port=%s", config.kind, config.counter, config.port)
        if first:
            self._ready()

    def _follow(self, config: DeviceConfig) -> None:
        """Raises ValueError when the settings cannot be followed."""
        if not config.counter or not config.port:
            raise ValueError(f"{'port' if config.counter else 'counter'} is missing")
        if config.kind in buttons.KINDS:
            self._button = Button(config.kind, config.port)
            for pattern in self._button.patterns:
                if pattern not in self._subscribed:
                    self._subscribed.add(pattern)
                    self._link.subscribe(pattern, self._message, as_published=False)
        elif config.kind in ("evdev", "serial_box"):
            serial = config.kind == "serial_box"
            self._box = Box() if serial else None
            self._port = Port(config.port, serial=serial, listener=self)
            self._port.start()
        else:
            raise ValueError(f"'{config.kind}' has no buttons")

    # -- presses

    def opened(self) -> None:
        self._decoder = self._box or Keypad()  # what was half typed before is forgotten
        self._clear("port_gone")

    def gone(self, reason: str) -> None:
        path = self._port.path if self._port else ""
        log.warning("event=port_gone port=%s reason=%r", path, reason)
        self._say("port_gone", port=path)

    def data(self, data: bytes) -> None:
        if self._decoder is None:
            return
        for press in self._decoder.feed(data, self._clock.monotonic()):
            self._press(press)
        if self._box:
            for seq in self._box.repeated:
                if seq in self._answers:
                    self._answer(seq, self._answers[seq])

    def _press(self, press: Press) -> None:
        """Carry it out; a box that must not wait for it hears so at once."""
        seq = press.seq
        if seq is None:
            self._caller.press(press)
            return
        with self._lock:
            if seq == self._under_way:
                return  # said again after another one: its answer comes
            taken = self._caller.press(press)
            if taken:
                self._under_way = seq
                self._answers.pop(seq, None)
        if not taken:
            self._answer(seq, BUSY)

    def _message(self, message: Incoming) -> None:
        button = self._button
        if button is None or self._config is None:
            return
        press = button.feed(message, self._clock.monotonic())
        if press:
            self._press(press)
        if button.online is False:
            self._say("button_offline", port=self._config.port)
        else:
            self._clear("button_offline")

    def _settled(self, press: Press, code: str | None) -> None:
        """Who pressed sees whether it counted, was refused, or (nothing) that nobody knows."""
        with self._lock:
            if press.seq == self._under_way:
                self._under_way = None
        if code is None:
            self._say("unanswered")
            return
        self._clear("unanswered")
        refused = None if code == OK else code
        if press.seq is not None:
            self._answer(press.seq, refused)
        elif (config := self._config) and config.port:
            led = buttons.acknowledgement(config.kind, config.port, good=refused is None)
            if led is not None:
                self._link.publish(*led)

    def _answer(self, seq: int, refused: str | None) -> None:
        with self._lock:
            self._answers.pop(seq, None)
            self._answers[seq] = refused
            while len(self._answers) > ANSWERS_KEPT:
                del self._answers[next(iter(self._answers))]
        if self._port:
            self._port.write(box.ack(seq, refused))

    def _counter(self, message: Incoming) -> None:
        label = codec.decode(CounterState, message.payload).next_label
        if label:
            self._next_labels[message.topic] = label
        if message.topic == topics.counter(self._site, self._caller.counter):
            self._caller.next_label = self._next_labels.get(message.topic)

    # -- what it says of itself

    def _say(self, code: str, **values: object) -> None:
        languages = self._config.languages if self._config else ()
        text = Words(languages[0] if languages else "en").say(f"counter_device.{code}", **values)
        with self._lock:
            if code in self._problems:
                return
            self._problems[code] = text, self._clock.now()
        self._tell()

    def _clear(self, code: str) -> None:
        with self._lock:
            if self._problems.pop(code, None) is None:
                return
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            problems = tuple(
                Problem(code=code, text=text, since=since) for code, (text, since) in self._problems.items()
            )
            self._device.status(DeviceStatus(online=True, version=VERSION, at=self._clock.now(), problems=problems))
