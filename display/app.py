"""`numeretto display`: one waiting-room screen. Puts the parts together; nothing else does."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.wire import clock, speech
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import DeviceStatus
from dispatcher.wire.program import add_arguments, password_variable, write_ready
from display import video
from display.steady import keep_memory_steady

if TYPE_CHECKING:
    from display.inbox import Inbox, Putting
    from display.loop import Display
    from display.screen import Screen
    from display.sound import Player
    from display.voice import Voice

log = logging.getLogger(__name__)

_GOODBYE_S = 0.3


def main(argv: Sequence[str] | None = None) -> int:
    """Run a screen until it is told to stop. Returns 0, 1 when there is nothing to draw on, 2 for wrong usage."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        broker = Broker.parse(arguments.broker or "")
        own_clock = clock.inherited()
    except ValueError as error:
        return _fail(2, str(error))
    keep_memory_steady()
    _prepare_sdl(headless=arguments.headless, driver=arguments.video)
    # pygame reads the environment when it is loaded, so it and all that draws is loaded from here on.
    from display.screen import NoScreen, Screen, SideScreen, apart

    names = [arguments.id, *arguments.also]
    if len(set(names)) < len(names):
        return _fail(2, "--also names a screen twice: each has an id of its own")
    screens: list[Screen] = []
    try:
        for number in range(len(names)):
            kind = SideScreen if screens else Screen
            monitor = 0 if arguments.headless else arguments.monitor - 1 + number
            screens.append(
                kind(arguments.size, fullscreen=arguments.fullscreen, headless=arguments.headless, monitor=monitor)
            )
        if arguments.fullscreen and not arguments.headless:
            apart(screens)
    except NoScreen as error:
        return _fail(1, str(error))
    _live(arguments, broker, own_clock, dict(zip(names, screens, strict=True)))
    return 0


def _live(arguments: argparse.Namespace, broker: Broker, own_clock: clock.Clock, screens: Mapping[str, Screen]) -> None:
    """Run the screens, by device, until a Stop comes."""
    import pygame

    from display.inbox import ClipsReady, Inbox, WindowInbox
    from display.several import Part, Several
    from display.sound import Player
    from display.voice import Voice

    shared = Inbox() if arguments.headless else WindowInbox()
    _stop_on_signals(shared)
    player = Player()
    clips = speech.Clips(arguments.clips or speech.cache_folder(), manner="hall", finish=speech.for_a_hall)
    voice = Voice(clips, lambda: shared.put(ClipsReady()))
    ready = _Ready(len(screens), arguments.ready_file)
    hung = [
        _hang(arguments, broker, own_clock, device_id, screen, player, voice, Part(shared, number), shared, ready)
        for number, (device_id, screen) in enumerate(screens.items())
    ]
    room = Several([each.display for each in hung], shared)
    room.turn()
    for each in hung:
        each.link.start()
    player.open()
    voice.start()
    try:
        room.run()
    finally:
        voice.stop(0.0)
        for each in hung:
            _leave(each, own_clock)
        pygame.quit()


class _Ready:
    """Writes the ready file when all of `count` screens have drawn a board."""

    def __init__(self, count: int, path: Path | None) -> None:
        self._left = count
        self._path = path

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            write_ready(self._path)


@dataclass(frozen=True)
class _Hung:
    """A screen with its connection."""

    device_id: str
    display: Display
    link: Client
    device: DeviceLink


def _hang(
    arguments: argparse.Namespace,
    broker: Broker,
    own_clock: clock.Clock,
    device_id: str,
    screen: Screen,
    player: Player,
    voice: Voice,
    part: Putting,
    shared: Inbox,
    ready: Callable[[], None],
) -> _Hung:
    from display.inbox import subscribe
    from display.loop import Display, Name
    from display.pictures import Photographer, keep
    from display.report import Reporter

    site, first = arguments.site, device_id == arguments.id
    variable = (arguments.password_env if first else None) or password_variable(device_id)
    link = Client(
        # The user and password of an address are those of one device.
        broker if first else replace(broker, username=None, password=None),
        client_id=f"numeretto-{site}-{device_id}",
        username=(broker.username if first else None) or device_id,
        password=(broker.password if first else None) or os.environ.get(variable),
        will=will_of(site, device_id),
    )
    device = DeviceLink(link, site, device_id)
    subscribe(link, device, site, part)
    display = Display(
        Name(site, device_id, f"{broker.host}:{broker.port}"),
        own_clock,
        screen,
        player,
        shared,
        Reporter(device.status),
        Photographer(device.frame),
        ready,
        Photographer(lambda picture, _request: keep(arguments.data, device_id, own_clock.now(), picture)),
        voice=voice,
    )
    return _Hung(device_id, display, link, device)


def _leave(hung: _Hung, own_clock: clock.Clock) -> None:
    hung.device.status(DeviceStatus(online=False, at=own_clock.now()), wait_s=_GOODBYE_S)
    # A connection attempt that hangs must not keep the program from ending.
    leaving = threading.Thread(target=hung.link.stop, daemon=True)
    leaving.start()
    leaving.join(_GOODBYE_S)
    log.info("event=display_stopped device=%s", hung.device_id)


def _parser() -> Parser:
    parser = Parser(prog="numeretto display", description="A waiting-room screen.")
    add_arguments(parser, "screen", ready_when="when a board has been drawn")
    parser.add_argument("--headless", action="store_true", help="draw without a window; the picture goes out on demand")
    parser.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH", help="in pixels (1920x1080)")
    parser.add_argument("--video", choices=video.DRIVERS, help="the way to the monitor (found by itself)")
    further = "a further screen, on the next monitor (may be repeated)"
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="ID",
        help=further,
    )
    kept = "where SIGUSR1 keeps a picture of the screen (data)"
    parser.add_argument("--monitor", type=_monitor, default=1, metavar="N", help="which monitor, from 1 (1)")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        metavar="DIR",
        help=kept,
    )
    parser.add_argument("--fullscreen", action="store_true", help="take the whole screen, in its own size")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="where spoken words are kept (~/.cache/numeretto)")
    return parser


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write width x height in pixels, like 1920x1080")
    return int(found[1]), int(found[2])


def _monitor(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 99:
        raise argparse.ArgumentTypeError(f"'{text}' is no monitor: they count from 1")
    return int(text)


def _prepare_sdl(*, headless: bool, driver: str | None) -> None:
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    # Of several full screens one has the keyboard at most; the others stay where they are.
    os.environ.setdefault("SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS", "0")
    chosen = "dummy" if headless else driver or video.choose(os.environ)
    if chosen:
        os.environ["SDL_VIDEODRIVER"] = chosen


def _stop_on_signals(inbox: Inbox) -> None:
    """The signals: the three that end a program, and SIGUSR1 for a picture."""
    from display.inbox import Keep, Stop

    signal.signal(signal.SIGUSR1, lambda _number, _frame: inbox.put(Keep()))

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: inbox.put(Stop()))


def _fail(code: int, text: str) -> int:
    sys.stderr.write(f"numeretto display: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
