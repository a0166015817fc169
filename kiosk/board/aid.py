"""The button board at work: presses become tickets, each once; the lamps show what can be had."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import KioskConfig
from kiosk import flow, visits
from kiosk.aid import Brought, Put, Scene
from kiosk.board.lamps import Lamps, under_way, wanted
from kiosk.board.presses import Press, Presses
from kiosk.devices import button_lines
from kiosk.devices.button_lines import Acked, Began, Lines, Pressed, Said
from kiosk.devices.port import Port
from kiosk.texts import Words

log = logging.getLogger(__name__)

_ORDER = "board:"


@dataclass(frozen=True)
class _Heard(Brought):
    """What the board said."""

    said: tuple[Said, ...]


@dataclass(frozen=True)
class _Opened(Brought):
    """The line was opened."""


class BoardAid:
    """`aid.Aid`. Its file holds the presses that were taken: one of which nothing came is brought to a ticket after a
    restart of this program, one that is repeated after it is answered, and none makes a second ticket. `lost` is asked
    of their request ids."""

    def __init__(self, folder: Path, kiosk: str, clock: Clock, put: Put, lost: Callable[[str], bool]) -> None:
        self._presses = Presses(folder / f"board-{kiosk}.json", clock, lost=lost)
        self._owed = list(self._presses.owed)
        self._clock = clock
        self._put = put
        self._url: str | None = None
        self._buttons: Mapping[str, str] = {}
        self._port: Port | None = None
        self._lines = Lines()
        self._lamps = Lamps()
        self._answers: dict[int, bytes | None] = {press.seq: None for press in self._owed}
        self._under_wish: dict[int, Press] = {}
        self._under_way: str | None = None
        self._gone = False
        self._wrong: str | None = None

    @property
    def focus(self) -> object:
        return None

    def use(self, config: KioskConfig) -> None:
        self._buttons = dict(config.buttons)
        self._lamps.forget()
        if config.board == self._url:
            return
        self._url = config.board
        if self._port:
            self._port.stop()
        self._port, self._gone, self._wrong = None, False, None
        if self._url is None:
            return
        last = self._presses.last
        self._lines, self._lamps = Lines((last.boot, last.seq) if last else None, last.at if last else None), Lamps()
        try:
            self._port = Port(self._url, serial=True, listener=self)
            self._port.start()
        except ValueError as error:
            self._wrong = str(error)

    def take(self, item: object, state: flow.State, scene: Scene) -> Sequence[object]:
        del state, scene
        match item:
            case _Opened():
                self._lamps.forget()
            case _Heard(said):
                wishes = (self._heard(one) for one in said)
                return [wish for wish in wishes if wish is not None]
        return ()

    def follow(self, state: flow.State, scene: Scene) -> Sequence[object]:
        del scene
        owed = self._next_owed(state)
        self._under_way = under_way(state, self._under_way)
        if self._port is not None and not self._gone:
            for line in self._lamps.due(wanted(state, self._buttons, self._under_way), self._clock.monotonic()):
                self._port.write(line)
        return owed

    def _next_owed(self, state: flow.State) -> list[flow.Wish]:
        """The wish of a press that the last run still owes, once its ticket can be had: its person stands there."""
        for press in [one for one in self._owed if self._presses.is_over(one)]:
            log.info("event=board_press_too_old seq=%d", press.seq)
            self._owed.remove(press)
            self._under_wish[press.seq] = press
            self._answer(press.seq, "too_late")
        free = not state.orders and not flow.busy(state) and visits.next_in_s(state) <= 0
        if not self._owed or flow.hindrance(state) is not None or not free:
            return []
        log.info("event=board_press_owed seq=%d", self._owed[0].seq)
        return [self._wish(self._owed.pop(0))]

    def answered(self, order: str, code: str | None) -> bool:
        if not order.startswith(_ORDER):
            return False
        self._answer(int(order.rpartition(":")[2]), code)
        return True

    def problems(self, words: Words) -> dict[str, str]:
        found = {}
        if self._wrong is not None:
            found["board_wrong"] = words.say("board.wrong", detail=self._wrong)
        if self._gone:
            found["board_gone"] = words.say("board.port_gone", port=self._path)
        elif self._port is not None and self._lamps.silent:
            found["board_silent"] = words.say("board.silent", port=self._path)
        return found

    def stop(self, timeout_s: float) -> None:
        if self._port:
            self._port.stop(timeout_s)

    @property
    def _path(self) -> str:
        return self._port.path if self._port else ""

    def _heard(self, said: Said) -> flow.Wish | None:
        match said:
            case Acked(seq):
                self._lamps.acked(seq)
            case Began(boot):
                log.info("event=board_began boot=%s", boot)
                self._lamps.forget()
            case Pressed(_, seq, _, True):
                # while the first one waits for its outcome there is nothing to say
                answer = self._answers.get(seq, button_lines.ack(seq))
                if answer and self._port:
                    self._port.write(answer)
            case Pressed(button, seq, boot):
                return self._pressed(button, seq, boot)
        return None

    def _pressed(self, button: object, seq: int, boot: str | None) -> flow.Wish | None:
        service = self._buttons.get(button) if isinstance(button, str) else None
        log.info("event=board_press button=%s seq=%d service=%s", button, seq, service)
        self._answers = {seq: None}
        if service is None:
            self._answer(seq, "not_found")
            return None
        return self._wish(self._presses.take(boot, seq, service))

    def _wish(self, press: Press) -> flow.Wish:
        self._under_wish[press.seq] = press
        return flow.Wish(press.key, press.service, press.touched_at, f"{_ORDER}{press.seq}", None, False, paced=True)

    def _answer(self, seq: int, code: str | None) -> None:
        line = button_lines.ack(seq, code)
        if seq in self._answers:
            self._answers[seq] = line
        press = self._under_wish.pop(seq, None)
        if press is not None and code is not None:
            self._presses.drop(press)
        if self._port:
            self._port.write(line)

    # -- the port's own thread

    def opened(self) -> None:
        self._gone = False
        self._put(_Opened())

    def gone(self, reason: str) -> None:
        if not self._gone:
            log.warning("event=board_gone port=%s reason=%r", self._path, reason)
        self._gone = True
        self._put(Brought())

    def data(self, data: bytes) -> None:
        said = self._lines.feed(data, self._clock.monotonic())
        if said:
            self._put(_Heard(tuple(said)))
