"""The kiosk's main loop: messages, fingers and tickets in; the flow in the middle; pictures, wishes and status out.

Everything that other threads bring goes through one inbox and is handled here, on the main thread, which sleeps in
between.
"""

from __future__ import annotations

import logging
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.clock import Clock
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import KioskConfig, Menu
from kiosk import flow, moves
from kiosk.aid import Aids, Brought, Pick, Put, Scene
from kiosk.alone import Alone
from kiosk.desk import Desk
from kiosk.devices.paper import Papers
from kiosk.devices.status import Condition
from kiosk.offline import OffLine
from kiosk.orders import Orders
from kiosk.presence import Presence
from kiosk.reception import KEYBOARD, NO_SCANNER, Reception, keyed
from kiosk.reporter import Reporter
from kiosk.setup import prepare
from kiosk.spool import Spool
from kiosk.ui import layout, screens, theme
from kiosk.ui.glass import Glass
from kiosk.ui.service_cards import Choice
from kiosk.ui.window import Finger, Quit, Stroke, Typed, Window

log = logging.getLogger(__name__)

STALE_S = 5.0
"""No heartbeat for so long: the dispatcher is not there."""
TURN_S = 1.0
BEAT_S = 0.125
COUNT_S = 0.2
IDENTIFY_S = 5.0


@dataclass(frozen=True)
class _Came:
    what: str
    payload: bytes


@dataclass(frozen=True)
class _PrinterSaid:
    condition: Condition
    spare: bool = False


class Controller:
    """`run` returns when `stop` was called, from any thread, or the window was closed."""

    def __init__(
        self,
        link: Link,
        device: DeviceLink,
        site: str,
        kiosk_id: str,
        spool: Spool,
        window: Window,
        clock: Clock,
        *,
        ready: Callable[[], None],
        offline: OffLine | None = None,
        aids: Callable[[Put], Aids] = lambda _put: Aids(),
        papers: Papers | None = None,
    ) -> None:
        self._papers = papers or Papers(None)
        self._device = device
        self._id = kiosk_id
        self._window = window
        self._clock = clock
        self._ready: Callable[[], None] | None = ready
        self._inbox: deque[object] = deque()
        self._state = flow.State(now=clock.monotonic(), since=clock.monotonic())
        self._config: KioskConfig | None = None
        self._zone: ZoneInfo | None = None
        self._heard_at = float("-inf")
        self._identify_until = float("-inf")
        self._glass = Glass(window)
        self._stopping = False
        self._failed = False
        self._reception = Reception(device, notify=self._put)
        self._presence = Presence(device.status, clock.now, lambda: self._reception.gone)
        self._offline = offline or OffLine(clock)
        self._alone = Alone(self._offline, clock)
        self._reporter = Reporter(device, spool, self._offline)
        self._desk = Desk(
            device,
            spool,
            clock,
            notify=self._put,
            reported=self._reporter.wake,
            failed=self._fail,
            offline=self._offline,
        )
        self._aids = aids(self._put)
        self._presence.aids = self._aids
        self._orders = Orders(
            device,
            self._presence,
            picture=self._picture,
            reload=self._reload,
            identify=self._identify,
            touch=self._ordered_touch,
            wish=self._wish,
        )
        device.on_config(lambda payload: self._put(_Came("config", payload)))
        device.on_do(lambda payload: self._put(_Came("do", payload)))
        link.subscribe(topics.menu(site), lambda message: self._put(_Came("menu", message.payload)))
        link.subscribe(topics.heartbeat(site), self._heartbeat)
        link.on_connect(self._connected)
        link.on_disconnect(self._window.wake)

    def stop(self) -> None:
        """Let `run` return; from any thread."""
        self._stopping = True
        self._window.wake()

    def run(self) -> int:
        """The main loop; the exit code."""
        self._desk.start()
        self._reporter.start()
        self._reception.start()
        while not self._stopping:
            self._turn()
        return 1 if self._failed else 0

    def end(self, timeout_s: float) -> None:
        """Say good-bye and end the threads."""
        self._device.status(self._presence.status(online=False), wait_s=timeout_s)
        self._desk.stop(timeout_s)
        self._reporter.stop(timeout_s / 4)
        self._aids.stop(timeout_s / 4)
        self._reception.stop(timeout_s / 8)

    # -- from other threads

    def _put(self, item: object) -> None:
        self._inbox.append(item)
        self._window.wake()

    def _fail(self) -> None:
        self._failed = True
        self.stop()

    def _connected(self) -> None:
        self._heard_at = self._clock.monotonic()
        self._presence.repeat()
        self._reporter.wake()
        self._window.wake()

    def _heartbeat(self, message: Incoming) -> None:
        self._heard_at = self._clock.monotonic()
        self._offline.heard(message.payload)
        if not self._state.link:
            self._window.wake()

    # -- the loop

    def _turn(self) -> None:
        counting = isinstance(self._state.screen, moves.StillThere | moves.Wait)
        for came in self._window.wait(BEAT_S if self._animated() else COUNT_S if counting else TURN_S):
            match came:
                case Quit():
                    self._stopping = True
                case Finger():
                    self._finger(came)
                case Stroke():
                    self._by_aids(came)
                case Typed(character):
                    self._reception.typed(character, self._clock.monotonic())
        self._step(flow.Tick(self._clock.monotonic()))
        link = self._device.connected and self._clock.monotonic() - self._heard_at < STALE_S
        if link != self._state.link:
            self._step(flow.LinkIs(link))
        self._mind_offline()
        self._take_inbox()
        self._by_aids(None)
        self._desk.give_way()
        self._take_inbox()
        self._draw()
        self._presence.tell()
        self._tell_ready()

    def _mind_offline(self) -> None:
        """What can be had without the dispatcher, known while it is there and offered when it is not."""
        known = self._alone.recalled() if self._config is None else None
        if known is not None:
            self._use(known)
        for event in self._alone.events(self._state):
            self._step(event)
        self._presence.offline, self._presence.numbers = self._alone.problems, self._offline.figures()
        if self._state.link and self._alone.wants_numbers():
            self._reporter.wake()

    def _take_inbox(self) -> None:
        while self._inbox:
            self._handle(self._inbox.popleft())

    def _step(self, event: flow.Event) -> None:
        self._state, effects = flow.step(self._state, event)
        for effect in effects:
            match effect:
                case flow.Issue():
                    self._desk.issue(effect)
                case flow.Answer():
                    if not self._aids.answered(effect.order, effect.code):
                        self._orders.done(effect.order, effect.code)
                case moves.Ask():
                    self._reception.ask(effect)

    def _handle(self, item: object) -> None:
        match item:
            case _Came("config", payload):
                self._configure(payload)
            case _Came("menu", payload):
                self._menu(payload)
            case _Came("do", payload):
                self._orders.take(payload, room=self._config is not None and self._config.room)
            case _PrinterSaid(condition, spare):
                self._presence.saw(condition, spare=spare)
                log.info("event=printer_is spare=%s problems=%s", spare, ",".join(condition.problems) or "none")
                self._step(flow.PrinterIs(self._presence.trouble))
            case flow.Held() | flow.Paper():
                self._presence.heard(item)
                self._step(flow.PrinterIs(self._presence.trouble))
                self._step(item)
            case Brought():
                self._by_aids(item)
            case flow.Taken() | flow.NotTaken() | flow.NoTicket() | flow.Numbered():
                self._step(item)
            case moves.Scanned() | moves.ScannerIs() | moves.Told():
                self._step(item)

    def _tell_ready(self) -> None:
        state = self._state
        settled = state.misconfigured or (state.languages and state.menu and state.trouble != "starting")
        if self._ready and self._device.connected and settled:
            self._ready()
            self._ready = None

    # -- messages

    def _configure(self, payload: bytes) -> None:
        try:
            config = codec.decode(KioskConfig, payload)
        except ValueError as error:
            self._unusable(error)
        else:
            self._use(config)

    def _unusable(self, error: Exception) -> None:
        log.error("event=config_unusable reason=%r", str(error))
        self._presence.misconfigured = str(error)
        self._step(flow.Misconfigured())

    def _use(self, config: KioskConfig) -> None:
        before = self._config
        try:
            zone = ZoneInfo(config.zone)
            if not config.languages:
                raise ValueError("no languages")
            setup = prepare(
                config,
                self._clock,
                self._papers,
                lambda condition, spare: self._put(_PrinterSaid(condition, spare)),
            )
            layout.measure(self._window.surface.get_size(), config.screen)
            scanner = self._reception.scanner_at(config.scanner)
        except (ValueError, ZoneInfoNotFoundError) as error:
            self._unusable(error)
            return
        if config == before and self._presence.misconfigured is None:
            return
        self._config, self._zone = config, zone
        self._offline.configured(config)
        self._presence.misconfigured = None
        self._presence.language = config.languages[0]
        self._presence.use(setup, config.printer, config.spare)
        self._desk.use(setup)
        self._reception.use(scanner, types=config.scanner == KEYBOARD)
        house = moves.House(
            config.contrast, config.interval, config.per_minute, config.letters, config.scanner != NO_SCANNER
        )
        self._step(flow.Configured(config.languages, house))
        self._aids.use(config)
        screens.warm(self._window.surface, self._state, self._view())
        self._glass.forget()

    def _menu(self, payload: bytes) -> None:
        try:
            self._offline.offers(codec.decode(Menu, payload))
            self._mind_offline()
        except codec.WireError as error:
            log.error("event=menu_unreadable reason=%r", str(error))  # noqa: TRY400 (the reason says all)

    # -- orders

    def _picture(self) -> bytes:
        self._draw()
        return self._glass.png()

    def _reload(self) -> None:
        self._desk.reconnect()
        self._glass.forget()

    def _identify(self) -> None:
        self._identify_until = self._clock.monotonic() + IDENTIFY_S

    # -- fingers

    def _finger(self, finger: Finger) -> None:
        """A target counts when the finger is lifted from it (WCAG 2.5.2), and shows while it is down."""
        self._step(flow.Tick(self._clock.monotonic()))
        action, pressed = self._glass.hit(finger.x, finger.y), self._glass.pressed
        self._glass.pressed = action if finger.down else None
        if finger.down:
            return
        if action is not None and action == pressed:
            self._act(action, None)
        elif action is None:
            self._step(moves.MoreTime())

    def _ordered_touch(self, order: str, x: int, y: int) -> None:
        if isinstance(self._state.screen, flow.OutOfService):
            self._orders.done(order, "out_of_service")
            return
        self._draw()
        action = self._glass.hit(x, y)
        self._act(action, order)
        if not isinstance(action, Choice):
            self._orders.done(order)

    def _act(self, action: object, order: str | None) -> None:
        match action:
            case Choice(service):
                choose = self._state.screen
                assisted = isinstance(choose, flow.Choose) and choose.assisted
                self._wish(service, order, language=self._state.language, assisted=assisted)
            case _ if isinstance(action, moves.Touch):
                self._step(keyed(action))
            case _:
                return

    def _wish(self, service: str, order: str | None, *, language: str | None, assisted: bool) -> None:
        self._step(flow.Wish(uuid.uuid4().hex, service, self._clock.now(), order, language, assisted))

    # -- aids

    def _by_aids(self, item: object) -> None:
        """What other ways to a ticket bring: `item`, or with None what they make of the flow as it is now."""
        scene = Scene(self._config.site_name if self._config else "", self._clock.now().astimezone(self._zone))
        for event in self._aids.bring(item, lambda: self._state, scene):
            self._window.wake()
            match event:
                case Pick(service):
                    self._act(Choice(service), None)
                case flow.Wish():
                    self._step(event)
                case _:
                    self._act(event, None)

    # -- the picture

    def _draw(self) -> None:
        focus = self._aids.focus
        focus = Choice(focus.service) if isinstance(focus, Pick) else focus
        while (turn := self._glass.draw(self._state, self._view(), focus)) is not None:
            self._step(turn)

    def _animated(self) -> bool:
        """Whether the arrow sways; for who wants more time nothing moves."""
        screen = self._state.screen
        return isinstance(screen, flow.Ticket) and screen.paper != "printing" and not self._state.slow

    def _view(self) -> screens.View:
        config, now = self._config, self._clock.monotonic()
        return screens.View(
            office=config.site_name if config else "",
            kiosk=self._id,
            local=self._clock.now().astimezone(self._zone).replace(second=0, microsecond=0),
            simulated=self._clock.simulated or bool(config and config.simulated_clock),
            identify=now < self._identify_until,
            beat=int((now - self._state.since) / BEAT_S) if self._animated() else 0,
            diagonal_in=config.screen if config else theme.DIAGONAL_IN,
        )
