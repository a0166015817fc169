"""`numeretto kiosk`: one dispenser. Puts the parts together, owns the clock and the main loop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from dispatcher.wire import clock as clocks
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.program import add_arguments, password_variable, write_ready
from kiosk.aid import aids
from kiosk.controller import Controller
from kiosk.devices.paper import Papers
from kiosk.lettering import NoShaping, check_shaping
from kiosk.offline import open_offline
from kiosk.spool import Spool, SpoolInUse
from kiosk.ui.window import NoScreen, Window

log = logging.getLogger(__name__)

STOP_S = 0.4
"""How long each thread gets to end; together with the rest less than a second."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a kiosk until SIGTERM, Ctrl-C or its window is closed. 0 well, 1 failed, 2 wrong usage."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        broker = Broker.parse(options.broker)
    except ValueError as error:
        return _complain(str(error), 2)
    password = os.environ.get(options.password_env or password_variable(options.id))
    if options.password_env and password is None:
        return _complain(f"the environment has no {options.password_env}: set it to the kiosk's password", 2)
    stop = _catch_signals()
    try:
        check_shaping()
    except NoShaping as error:
        # Latin texts come out right without it: a machine that lacks one library goes on issuing tickets
        log.warning("event=text_not_shaped reason=%r", str(error))
    try:
        spool = Spool(options.data / f"kiosk-{options.id}.spool")
        offline = open_offline(options.data, options.id, clocks.inherited())
        window = Window(options.size, headless=options.headless, fullscreen=options.fullscreen)
    except (SpoolInUse, NoScreen, OSError) as error:
        return _complain(str(error), 1)
    client = Client(
        broker,
        client_id=f"numeretto-{options.site}-{options.id}",
        username=options.id,
        password=password,
        will=will_of(options.site, options.id),
    )
    clock = clocks.inherited()
    controller = Controller(
        client,
        DeviceLink(client, options.site, options.id),
        options.site,
        options.id,
        spool,
        window,
        clock,
        aids=lambda put: aids(options.data, options.id, clock, put, spool.lost),
        ready=lambda: write_ready(options.ready_file),
        offline=offline,
        papers=Papers(options.data / f"kiosk-{options.id}.paper"),
    )
    stop.append(controller.stop)
    try:
        client.start()
        return controller.run()
    finally:
        controller.end(STOP_S)
        client.stop()
        spool.close()
        offline.close()
        window.close()


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"kiosk: {text}\n")
    return code


def _catch_signals() -> list[Callable[[], None]]:
    """Call what is put into the list at SIGTERM or SIGINT.

    A thread waits for them: SDL holds the main thread in C, where no handler of Python's runs.
    """
    wanted = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    called: list[Callable[[], None]] = []

    def wait() -> None:
        while True:
            number = signal.sigwait(wanted)
            log.info("event=stop_asked signal=%s", signal.Signals(number).name)
            if not called:
                os._exit(0)
            for call in called:
                call()

    threading.Thread(target=wait, name="signals", daemon=True).start()
    return called


def _parser() -> Parser:
    parser = Parser(prog="numeretto kiosk", description="A ticket dispenser: touch screen and printer.")
    add_arguments(parser, "kiosk", ready_when="once tickets can be issued, or why not is known")
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="folder for the spool")
    parser.add_argument("--headless", action="store_true", help="without a screen; draws for /room only")
    parser.add_argument("--size", type=_size, default=(1080, 1920), metavar="1080x1920", help="of the window in pixels")
    parser.add_argument("--fullscreen", action="store_true", help="take the whole screen")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        size = 0, 0
    if not (min(size) >= 200 and max(size) <= 10_000):
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write 1080x1920")
    return size


if __name__ == "__main__":
    sys.exit(main())
