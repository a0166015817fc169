"""The life of a screen: wait for something to happen, draw if the picture is another one, say so."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import CallEvent, DeviceDo
from dispatcher.wire.version import VERSION
from display import board, burnin, outfit, view
from display.announce import HOLD_S, next_due
from display.draw.fonts import shaping
from display.inbox import BadConfig, ClipsReady, Exposed, For, Inbox, Item, Keep, SpeakerGone, Stop
from display.mouth import CounterSaid, Mouth, PeerSaid
from display.pictures import Photographer
from display.report import Facts, Reporter
from display.scenes import SCENES, scene
from display.scenes.plain import draw_identity, draw_plain
from display.screen import Screen
from display.sound import Player
from display.steady import Tidying
from display.voice import Voice

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
        keeper: Photographer | None = None,
        voice: Voice | None = None,
    ) -> None:
        self._name = name
        self._clock = clock
        self._screen = screen
        self._player = player
        self._mouth = Mouth(player, voice, name.device)
        self._inbox = inbox
        self._reporter = reporter
        self._photographer = photographer
        self._keeper = keeper
        self._ready: Callable[[], None] | None = ready
        self._state = board.State(started=clock.monotonic())
        self._shown: tuple[view.View, bool, tuple[int, int]] | None = None
        self._shown_revision: int | None = None
        self._last_frame_at: datetime | None = None
        self._identify_until = -math.inf
        self._keep_wanted = False
        self._photos: dict[int | None, str | None] = {}
        self._bad_config = ""
        self._draw_fault = ""
        self._stopping = False
        self._tidying = Tidying()

    @property
    def state(self) -> board.State:
        return self._state

    @property
    def stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stopping

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
        self._player.turn(monotonic)
        self._speak(monotonic)
        self._take_pictures()
        facts = self._facts(monotonic)
        if self._state.linked:
            self._reporter.report(facts, monotonic, self._office(), self._last_frame_at)
        self._tidying.turn(monotonic)
        return self._next(picture, facts) - self._clock.monotonic()

    def take(self, item: Item) -> None:
        """Let one thing that came change what is known; `turn` shows it."""
        match item:
            case Stop():
                self._stopping = True
            case Exposed():
                self._shown = None
            case SpeakerGone():
                self._player.lose()
            case For(item=own):
                self.take(own)
            case Keep():
                self._keep_wanted = True
            case BadConfig(reason):
                self._bad_config = reason
            case DeviceDo():
                self._do(item)
            case ClipsReady():
                pass
            case PeerSaid():
                self._mouth.peer(item)
            case CounterSaid():
                self._mouth.counter(item)
            case _:
                self._receive(item)

    def _receive(self, message: board.Message) -> None:
        if isinstance(message, board.LinkUp):
            self._reporter.forget()
        moment = board.Moment(self._clock.monotonic(), self._clock.now(), self._clock.pace)
        before = self._state
        self._state = board.receive(before, message, moment)
        if before.config is not self._state.config and self._state.config is not None:
            self._bad_config = ""
            self._mouth.use(self._state.config)
        if isinstance(message, CallEvent) and before.calls is not self._state.calls:
            self._mouth.heard(board.announcement(before, message, moment))
        self._mouth.follow(self._state)
        if before.queue.current is not None and self._state.queue.current is None:
            log.info("event=call_withdrawn label=%s", before.queue.current.call.label)

    def _do(self, order: DeviceDo) -> None:
        log.info("event=order action=%s request=%s", order.action, order.request_id)
        if order.action == "frame":
            self._photos[order.width] = order.request_id
        elif order.action == "identify":
            self._identify_until = self._clock.monotonic() + IDENTIFY_S
        elif order.action == "reload":
            self._screen.lettering.clear()
            self._player.open()
            self._shown = None

    def _take_pictures(self) -> None:
        if self._photos or self._keep_wanted:
            pixels, size = self._screen.snapshot()
            if self._keep_wanted and self._keeper is not None:
                self._keeper.take(pixels, size)
            self._keep_wanted = False
            for width, request in self._photos.items():
                self._photographer.take(pixels, size, width=width, request=request)
            self._photos = {}

    def _announce(self, monotonic: float) -> None:
        self._state, begun = board.step(self._state, monotonic, self._hold())
        if begun is not None:
            log.info(
                "event=call_shown label=%s counter=%s call=%s recall=%s sounds=%s",
                begun.call.label,
                begun.call.counter,
                begun.call.call_id,
                begun.recall,
                begun.sounds(monotonic),
            )

    def _speak(self, monotonic: float) -> None:
        in_touch = self._state.linked and not board.is_stale(self._state, monotonic)
        self._mouth.turn(self._state.queue.waiting, monotonic, self._local().time(), in_touch=in_touch)

    def _hold(self) -> float:
        """How long the call that has the screen keeps it if nobody hurries: while it is being said."""
        queue = self._state.queue
        return max(HOLD_S, self._mouth.busy_until(queue.current) - queue.since)

    def _local(self) -> datetime:
        config = self._state.config
        return self._office().astimezone(view.zone_of(config) if config else None)

    def _show(self, picture: view.View, identify: bool) -> None:
        self._wander()
        wanted = (picture, identify, self._screen.shift)
        if self._shown != wanted:
            self._shown = wanted
            self._draw(picture, identify)
        # Boards of several revisions may look alike: what is seen is then the newest of them.
        true_board = isinstance(picture, view.BoardView) and not self._draw_fault
        self._shown_revision = self._state.board.revision if true_board and self._state.board else None
        if self._ready and not self._draw_fault and self._state.board and self._state.config:
            self._ready()
            self._ready = None

    def _wander(self) -> None:
        """Move the picture against burning in, unless people look at a new call."""
        queue, monotonic = self._state.queue, self._clock.monotonic()
        if not queue.waiting and (queue.current is None or monotonic - queue.since >= view.FRESH_S):
            age_s = monotonic - self._state.started
            self._screen.shift = burnin.place(age_s, self._screen.size[1])

    def _draw(self, picture: view.View, identify: bool) -> None:
        try:
            self._paint(picture, identify)
            self._draw_fault = ""
        except Exception as error:
            # An old picture that looks alive would be a lie: say that something is wrong, and try again with the next.
            log.exception("event=draw_failed")
            self._draw_fault = f"{type(error).__name__}: {error}"
            told = self._state.linked and not board.is_stale(self._state, self._clock.monotonic())
            draw_plain(self._screen.pen(), view.trouble(self._name.line, told=told))
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
        if self._mouth.fault:
            faults["no_voice"] = f"Calls are chimed but not spoken: {self._mouth.fault}"
        if not shaping():
            faults["no_shaping"] = "Arabic and Indian texts are drawn wrong: install libfribidi0."
        if layout is not None and layout not in SCENES:
            faults["layout_unknown"] = f"There is no layout '{layout}': write one of {', '.join(sorted(SCENES))}."
        faults |= outfit.faults(self._state.config, self._screen.size)
        if self._bad_config:
            faults["config_invalid"] = f"The settings cannot be read: {self._bad_config}"
        if self._draw_fault:
            faults["draw_failed"] = f"The picture cannot be drawn: {self._draw_fault}"
        return Facts(
            self._shown_revision,
            f"{width}x{height}",
            self._player.name,
            layout,
            tuple(faults.items()),
            self._screen.driver,
            self._mouth.grade,
            self._mouth.last,
        )

    def _next(self, picture: view.View, facts: Facts) -> float:
        """When something is due, in wall seconds, if nothing comes."""
        monotonic = self._clock.monotonic()
        times = [monotonic + LONGEST_WAIT_S, view.next_change(self._state, picture, monotonic), self._player.due]
        if isinstance(picture, view.BoardView):
            office = self._office()
            to_minute_s = (60 - office.second - office.microsecond / 1e6) / self._clock.pace
            times.append(monotonic + max(to_minute_s, SHORTEST_MINUTE_S))
            due = next_due(self._state.queue, monotonic, self._hold())
            times += [due] if due is not None else []
            times.append(self._mouth.due(monotonic))
        if self._state.linked:
            times.append(self._reporter.due(facts))
        times += [each for each in (board.stale_at(self._state), self._identify_until) if each > monotonic]
        return max(min(times), monotonic)
