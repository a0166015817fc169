"""The life of a screen: wait for something to happen, draw if the picture is another one, say so."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import DeviceDo
from dispatcher.wire.version import VERSION
from display import board, outfit, view
from display.announce import next_due
from display.draw.fonts import shaping
from display.inbox import BadConfig, Exposed, Inbox, Item, Stop
from display.report import Facts, Reporter
from display.scenes import SCENES, scene
from display.scenes.plain import draw_identity, draw_plain
from display.screen import Photographer, Screen
from display.sound import Player

log = logging.getLogger(__name__)

IDENTIFY_S = 8.0
LONGEST_WAIT_S = 30.0
SHORTEST_MINUTE_S = 0.25
"""How often a clock that runs fast may turn its minutes on the screen."""


@dataclass(frozen=True)
class Name:
    """Who the screen is, for those who look after it."""

    site: str
    device: str
    broker: str

    @property
    def line(self) -> str:
        return f"{self.device} · {self.site} · {self.broker}"


class Display:
    """Owns the state; all of it happens on the thread that calls `run`."""

    def __init__(
        self,
        name: Name,
        clock: Clock,
        screen: Screen,
        player: Player,
        inbox: Inbox,
        reporter: Reporter,
        photographer: Photographer,
        ready: Callable[[], None],
    ) -> None:
        self._name = name
        self._clock = clock
        self._screen = screen
        self._player = player
        self._inbox = inbox
        self._reporter = reporter
        self._photographer = photographer
        self._ready: Callable[[], None] | None = ready
        self._state = board.State(started=clock.monotonic())
        self._shown: tuple[view.View, bool] | None = None
        self._shown_revision: int | None = None
        self._last_frame_at: datetime | None = None
        self._identify_until = -math.inf
        self._photo_wanted = False
        self._bad_config = ""
        self._draw_fault = ""
        self._stopping = False

    @property
    def state(self) -> board.State:
        return self._state

    def run(self) -> None:
        """Until a Stop comes."""
        timeout_s = 0.0
        while not self._stopping:
            for item in self._inbox.take(timeout_s):
                self.take(item)
            timeout_s = self.turn()

    def turn(self) -> float:
        """Do what is due now; returns how many seconds nothing will be due if nothing comes."""
        monotonic = self._clock.monotonic()
        self._announce(monotonic)
        picture = view.compose(self._state, monotonic, self._clock.now(), self._name.line)
        picture = outfit.admitted(picture, self._state.config, self._screen.size)
        self._show(picture, monotonic < self._identify_until)
        if self._photo_wanted:
            self._photo_wanted = False
            self._photographer.take(*self._screen.snapshot())
        facts = self._facts(monotonic)
        if self._state.linked:
            self._reporter.report(facts, monotonic, self._office(), self._last_frame_at)
        return self._next(picture, facts) - self._clock.monotonic()

    def take(self, item: Item) -> None:
        """Let one thing that came change what is known; `turn` shows it."""
        match item:
            case Stop():
                self._stopping = True
            case Exposed():
                self._shown = None
            case BadConfig(reason):
                self._bad_config = reason
            case DeviceDo():
                self._do(item)
            case _:
                self._receive(item)

    def _receive(self, message: board.Message) -> None:
        if isinstance(message, board.LinkUp):
            self._reporter.forget()
        moment = board.Moment(self._clock.monotonic(), self._clock.now(), self._clock.pace)
        before = self._state
        self._state = board.receive(before, message, moment)
        if before.config is not self._state.config:
            self._bad_config = ""
        if before.queue.current is not None and self._state.queue.current is None:
            self._player.stop()
            log.info("event=call_withdrawn label=%s", before.queue.current.call.label)

    def _do(self, order: DeviceDo) -> None:
        log.info("event=order action=%s request=%s", order.action, order.request_id)
        if order.action == "frame":
            self._photo_wanted = True
        elif order.action == "identify":
            self._identify_until = self._clock.monotonic() + IDENTIFY_S
        elif order.action == "reload":
            self._screen.lettering.clear()
            self._player.open()
            self._shown = None

    def _announce(self, monotonic: float) -> None:
        self._state, begun = board.step(self._state, monotonic)
        if begun is None:
            return
        sounds = begun.sounds(monotonic)
        log.info(
            "event=call_shown label=%s counter=%s call=%s recall=%s sounds=%s",
            begun.call.label,
            begun.call.counter,
            begun.call.call_id,
            begun.recall,
            sounds,
        )
        if sounds:
            self._player.announce(begun)

    def _show(self, picture: view.View, identify: bool) -> None:
        if self._shown != (picture, identify):
            self._shown = (picture, identify)
            self._draw(picture, identify)
        # Boards of several revisions may look alike: what is seen is then the newest of them.
        true_board = isinstance(picture, view.BoardView) and not self._draw_fault
        self._shown_revision = self._state.board.revision if true_board and self._state.board else None
        if self._ready and not self._draw_fault and self._state.board and self._state.config:
            self._ready()
            self._ready = None

    def _draw(self, picture: view.View, identify: bool) -> None:
        try:
            self._paint(picture, identify)
            self._draw_fault = ""
        except Exception as error:
            # An old picture that looks alive would be a lie: say that something is wrong, and try again with the next.
            log.exception("event=draw_failed")
            self._draw_fault = f"{type(error).__name__}: {error}"
            draw_plain(self._screen.pen(), view.trouble(self._name.line))
        self._screen.commit()
        self._last_frame_at = self._office()

    def _paint(self, picture: view.View, identify: bool) -> None:
        pen = outfit.dress(self._screen.pen(), self._state.config)
        if isinstance(picture, view.BoardView):
            scene(picture.layout).draw(pen, picture)
        else:
            draw_plain(pen, picture)
        if identify:
            width, height = self._screen.size
            draw_identity(pen, self._name.device, f"{self._name.site} · {width}×{height} · {VERSION}")

    def _office(self) -> datetime:
        return board.office_now(self._state, self._clock.now())

    def _facts(self, monotonic: float) -> Facts:
        width, height = self._screen.size
        layout = self._state.config.layout if self._state.config else None
        faults: dict[str, str] = {}
        if board.is_stale(self._state, monotonic):
            faults["stale"] = "The dispatcher is not heard, or its board has not come."
        if self._player.fault:
            faults["no_audio"] = f"Calls are not sounded: {self._player.fault}"
        if not shaping():
            faults["no_shaping"] = "Arabic and Indian texts are drawn wrong: install libfribidi0."
        if layout is not None and layout not in SCENES:
            faults["layout_unknown"] = f"There is no layout '{layout}': write one of {', '.join(sorted(SCENES))}."
        faults |= outfit.faults(self._state.config, self._screen.size)
        if self._bad_config:
            faults["config_invalid"] = f"The settings cannot be read: {self._bad_config}"
        if self._draw_fault:
            faults["draw_failed"] = f"The picture cannot be drawn: {self._draw_fault}"
        return Facts(self._shown_revision, f"{width}x{height}", self._player.name, layout, tuple(faults.items()))

    def _next(self, picture: view.View, facts: Facts) -> float:
        """When something is due, in wall seconds, if nothing comes."""
        monotonic = self._clock.monotonic()
        times = [monotonic + LONGEST_WAIT_S, view.next_change(self._state, picture, monotonic)]
        if isinstance(picture, view.BoardView):
            office = self._office()
            to_minute_s = (60 - office.second - office.microsecond / 1e6) / self._clock.pace
            times.append(monotonic + max(to_minute_s, SHORTEST_MINUTE_S))
            due = next_due(self._state.queue, monotonic)
            times += [due] if due is not None else []
        if self._state.linked:
            times.append(self._reporter.due(facts))
        times += [each for each in (board.stale_at(self._state), self._identify_until) if each > monotonic]
        return max(min(times), monotonic)
