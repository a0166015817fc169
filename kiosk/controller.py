"""The kiosk's main loop: messages, fingers and tickets in; the flow in the middle; pictures, wishes and status out.

Everything that other threads bring goes through one inbox and is handled here, on the main thread, which sleeps in
between.
"""

from __future__ import annotations

import logging
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.clock import Clock
from dispatcher.wire.device import DeviceLink
from dispatcher.wire.messages import DeviceDo, KioskConfig, Menu
from kiosk import flow
from kiosk.desk import Desk
from kiosk.devices.paper import Papers
from kiosk.devices.status import Condition
from kiosk.presence import Presence
from kiosk.reporter import Reporter
from kiosk.setup import prepare
from kiosk.spool import Spool
from kiosk.ui import screens
from kiosk.ui.canvas import Target
from kiosk.ui.service_cards import Choice
from kiosk.ui.window import Finger, Quit, Window

log = logging.getLogger(__name__)

STALE_S = 5.0
"""No heartbeat for so long: the dispatcher is not there."""
TURN_S = 1.0
BEAT_S = 0.125
IDENTIFY_S = 5.0


@dataclass(frozen=True)
class _Came:
    """A message of the broker: `what` is `config`, `menu` or `do`."""

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
        self._targets: list[Target] = []
        self._pressed: object = None
        self._drawn: object = None
        self._png: bytes | None = None
        self._stopping = False
        self._failed = False
        self._presence = Presence(device.status, clock.now)
        self._reporter = Reporter(device, spool)
        self._desk = Desk(device, spool, clock, notify=self._put, reported=self._reporter.wake, failed=self._fail)
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
        while not self._stopping:
            self._turn()
        return 1 if self._failed else 0

    def end(self, timeout_s: float) -> None:
        """Say good-bye and end the threads."""
        self._device.status(self._presence.status(online=False), wait_s=timeout_s)
        self._desk.stop(timeout_s)
        self._reporter.stop(timeout_s / 4)

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

    def _heartbeat(self, _message: Incoming) -> None:
        self._heard_at = self._clock.monotonic()
        if not self._state.link:
            self._window.wake()

    # -- the loop

    def _turn(self) -> None:
        animated = isinstance(self._state.screen, flow.Ticket) and self._state.screen.paper != "printing"
        for came in self._window.wait(BEAT_S if animated else TURN_S):
            match came:
                case Quit():
                    self._stopping = True
                case Finger():
                    self._finger(came)
        self._step(flow.Tick(self._clock.monotonic()))
        link = self._device.connected and self._clock.monotonic() - self._heard_at < STALE_S
        if link != self._state.link:
            self._step(flow.LinkIs(link))
        self._take_inbox()
        self._desk.give_way()
        self._take_inbox()
        self._draw()
        self._presence.tell()
        self._tell_ready()

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
                    self._done(effect.order, effect.code)

    def _handle(self, item: object) -> None:
        match item:
            case _Came("config", payload):
                self._configure(payload)
            case _Came("menu", payload):
                self._menu(payload)
            case _Came("do", payload):
                self._do(payload)
            case _PrinterSaid(condition, spare):
                self._presence.saw(condition, spare=spare)
                named = "spare_printer_is" if spare else "printer_is"
                log.info("event=%s problems=%s", named, ",".join(condition.problems) or "none")
                self._step(flow.PrinterIs(self._presence.trouble))
            case flow.Held(_, label):
                self._presence.held = label
                self._step(item)
            case flow.Paper():
                self._presence.held = None
                self._presence.unconfirmed = item.issued.label if item.result == "unconfirmed" else None
                self._step(item)
            case flow.Taken() | flow.NotTaken() | flow.NoTicket() | flow.Numbered():
                self._step(item)

    def _tell_ready(self) -> None:
        state = self._state
        settled = state.misconfigured or (state.languages and state.menu and state.trouble != "starting")
        if self._ready and self._device.connected and settled:
            self._ready()
            self._ready = None

    # -- messages

    def _configure(self, payload: bytes) -> None:
        before = self._config
        try:
            config = codec.decode(KioskConfig, payload)
            zone = ZoneInfo(config.zone)
            if not config.languages:
                raise ValueError("no languages")
            setup = prepare(
                config,
                self._clock,
                self._papers,
                lambda condition, spare: self._put(_PrinterSaid(condition, spare)),
            )
        except (ValueError, ZoneInfoNotFoundError) as error:
            log.error("event=config_unusable reason=%r", str(error))  # noqa: TRY400 (the reason says all)
            self._presence.misconfigured = str(error)
            self._step(flow.Misconfigured())
            return
        if config == before and self._presence.misconfigured is None:
            return
        self._config, self._zone = config, zone
        self._presence.misconfigured = None
        self._presence.language = config.languages[0]
        self._presence.use(setup, config.printer, config.spare)
        self._desk.use(setup)
        self._step(flow.Configured(config.languages))
        screens.warm(self._window.surface, self._state, self._view())
        self._drawn = None

    def _menu(self, payload: bytes) -> None:
        try:
            self._step(flow.MenuCame(codec.decode(Menu, payload)))
        except codec.WireError as error:
            log.error("event=menu_unreadable reason=%r", str(error))  # noqa: TRY400 (the reason says all)

    def _do(self, payload: bytes) -> None:
        try:
            order = codec.decode(DeviceDo, payload)
        except codec.WireError as error:
            log.warning("event=order_unreadable reason=%r", str(error))
            return
        room = self._config is not None and self._config.room
        match order.action:
            case "frame":
                self._draw()
                self._png = self._png or self._window.png()
                self._device.frame(self._png)
            case "reload":
                self._desk.reconnect()
                self._drawn = None
                self._done(order.request_id)
            case "identify":
                self._identify_until = self._clock.monotonic() + IDENTIFY_S
                self._done(order.request_id)
            case _ if not room:
                self._done(order.request_id, "forbidden")
            case "press" if order.service:
                self._wish(order.service, order.request_id, language=order.language, assisted=order.assisted)
            case "touch" if order.x is not None and order.y is not None:
                self._ordered_touch(order.request_id, order.x, order.y)
            case _:
                self._done(order.request_id, "invalid")

    def _done(self, order: str, code: str | None = None) -> None:
        """The outcome of an order, told by the status."""
        self._presence.last_do = {"request_id": order, "ok": True} if code is None else {
            "request_id": order, "ok": False, "code": code,
        }  # fmt: skip
        self._presence.tell()

    # -- fingers

    def _finger(self, finger: Finger) -> None:
        """A target counts when the finger is lifted from it (WCAG 2.5.2), and shows while it is down."""
        action = self._hit(finger.x, finger.y)
        if finger.down:
            self._pressed = action
            return
        pressed, self._pressed = self._pressed, None
        if action is not None and action == pressed:
            self._act(action, None)

    def _ordered_touch(self, order: str, x: int, y: int) -> None:
        if isinstance(self._state.screen, flow.OutOfService):
            self._done(order, "out_of_service")
            return
        self._draw()
        action = self._hit(x, y)
        self._act(action, order)
        if not isinstance(action, Choice):
            self._done(order)

    def _hit(self, x: int, y: int) -> object:
        return next((target.action for target in reversed(self._targets) if target.rect.collidepoint(x, y)), None)

    def _act(self, action: object, order: str | None) -> None:
        match action:
            case Choice(service):
                choose = self._state.screen
                assisted = isinstance(choose, flow.Choose) and choose.assisted
                self._wish(service, order, language=self._state.language, assisted=assisted)
            case flow.ChooseLanguage() | flow.OpenGroup() | flow.TurnPage() | flow.ToggleAssisted() | flow.Dismiss():
                self._step(action)
            case _:
                return

    def _wish(self, service: str, order: str | None, *, language: str | None, assisted: bool) -> None:
        self._step(flow.Wish(uuid.uuid4().hex, service, self._clock.now(), order, language, assisted))

    # -- the picture

    def _draw(self) -> None:
        """Draw the frame if anything on it has changed."""
        view = self._view()
        frame = (replace(self._state, now=0.0, since=0.0, orders=()), view, self._pressed)
        if frame == self._drawn:
            return
        self._targets = screens.draw(self._window.surface, self._state, view, self._pressed)
        self._window.show()
        self._drawn = frame
        self._png = None

    def _view(self) -> screens.View:
        config, now = self._config, self._clock.monotonic()
        animated = isinstance(self._state.screen, flow.Ticket) and self._state.screen.paper != "printing"
        return screens.View(
            office=config.site_name if config else "",
            kiosk=self._id,
            local=self._clock.now().astimezone(self._zone).replace(second=0, microsecond=0),
            simulated=self._clock.simulated or bool(config and config.simulated_clock),
            identify=now < self._identify_until,
            beat=int((now - self._state.since) / BEAT_S) if animated else 0,
        )
