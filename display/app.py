"""`numeretto display`: one waiting-room screen. Puts the parts together; nothing else does."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.wire import clock, speech
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import DeviceStatus
from dispatcher.wire.program import add_arguments, password_variable, write_ready

if TYPE_CHECKING:
    from display.inbox import Inbox
    from display.screen import Screen

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
    _prepare_sdl(headless=arguments.headless)
    # pygame reads the environment when it is loaded, so it and all that draws is loaded from here on.
    from display.screen import NoScreen, Screen

    try:
        screen = Screen(arguments.size, fullscreen=arguments.fullscreen, headless=arguments.headless)
    except NoScreen as error:
        return _fail(1, str(error))
    _live(arguments, broker, own_clock, screen)
    return 0


def _live(arguments: argparse.Namespace, broker: Broker, own_clock: clock.Clock, screen: Screen) -> None:
    import pygame

    from display.inbox import ClipsReady, Inbox, WindowInbox, subscribe
    from display.loop import Display, Name
    from display.report import Reporter
    from display.screen import Photographer
    from display.sound import Player
    from display.voice import Voice

    site, device_id = arguments.site, arguments.id
    link = Client(
        broker,
        client_id=f"numeretto-{site}-{device_id}",
        username=broker.username or device_id,
        password=broker.password or os.environ.get(arguments.password_env or password_variable(device_id)),
        will=will_of(site, device_id),
    )
    device = DeviceLink(link, site, device_id)
    inbox = Inbox() if arguments.headless else WindowInbox()
    _stop_on_signals(inbox)
    subscribe(link, device, site, inbox)
    player = Player()
    clips = speech.Clips(arguments.clips or speech.cache_folder(), manner="hall", finish=speech.for_a_hall)
    voice = Voice(clips, lambda: inbox.put(ClipsReady()))
    display = Display(
        Name(site, device_id, f"{broker.host}:{broker.port}"),
        own_clock,
        screen,
        player,
        inbox,
        Reporter(device.status),
        Photographer(device.frame),
        lambda: write_ready(arguments.ready_file),
        voice=voice,
    )
    display.turn()
    link.start()
    player.open()
    voice.start()
    try:
        display.run()
    finally:
        voice.stop(0.0)
        device.status(DeviceStatus(online=False, at=own_clock.now()), wait_s=_GOODBYE_S)
        # A connection attempt that hangs must not keep the program from ending.
        leaving = threading.Thread(target=link.stop, daemon=True)
        leaving.start()
        leaving.join(_GOODBYE_S)
        pygame.quit()
        log.info("event=display_stopped device=%s", device_id)


def _parser() -> Parser:
    parser = Parser(prog="numeretto display", description="A waiting-room screen.")
    add_arguments(parser, "screen", ready_when="when a board has been drawn")
    parser.add_argument("--headless", action="store_true", help="draw without a window; the picture goes out on demand")
    parser.add_argument("--size", type=_size, default=(1920, 1080), metavar="WxH", help="in pixels (1920x1080)")
    parser.add_argument("--fullscreen", action="store_true", help="take the whole screen, in its own size")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="where spoken words are kept (~/.cache/numeretto)")
    return parser


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write width x height in pixels, like 1920x1080")
    return int(found[1]), int(found[2])


def _prepare_sdl(*, headless: bool) -> None:
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    # Without a graphics processor SDL's own detour over textures costs ten times the time and four times the memory.
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    if headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"


def _stop_on_signals(inbox: Inbox) -> None:
    from display.inbox import Stop

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: inbox.put(Stop()))


def _fail(code: int, text: str) -> int:
    sys.stderr.write(f"numeretto display: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
