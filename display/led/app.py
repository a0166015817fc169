"""An LED display over a counter, as a program of its own. Puts the parts together; nothing else does."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence

from dispatcher.wire import clock
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import DeviceStatus
from dispatcher.wire.program import add_arguments, password_variable, write_ready
from display.led.loop import Inbox, Led, Stop, subscribe
from display.report import Reporter

log = logging.getLogger(__name__)

_GOODBYE_S = 0.3


def main(argv: Sequence[str] | None = None) -> int:
    """Run a display until it is told to stop. Returns 0, or 2 for wrong usage."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        broker = Broker.parse(arguments.broker or "")
        own_clock = clock.inherited()
    except ValueError as error:
        sys.stderr.write(f"numeretto device: {error}\n")
        return 2
    _live(arguments, broker, own_clock)
    return 0


def _live(arguments: argparse.Namespace, broker: Broker, own_clock: clock.Clock) -> None:
    site, device_id = arguments.site, arguments.id
    link = Client(
        broker,
        client_id=f"numeretto-{site}-{device_id}",
        username=broker.username or device_id,
        password=broker.password or os.environ.get(arguments.password_env or password_variable(device_id)),
        will=will_of(site, device_id),
    )
    device = DeviceLink(link, site, device_id)
    inbox = Inbox()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: inbox.put(Stop()))
    subscribe(link, device, site, inbox)
    led = Led(own_clock, inbox, Reporter(device.status), lambda: write_ready(arguments.ready_file))
    link.start()
    try:
        led.run()
    finally:
        led.close()
        device.status(DeviceStatus(online=False, at=own_clock.now()), wait_s=_GOODBYE_S)
        # A connection attempt that hangs must not keep the program from ending.
        leaving = threading.Thread(target=link.stop, daemon=True)
        leaving.start()
        leaving.join(_GOODBYE_S)
        log.info("event=led_stopped device=%s", device_id)


def _parser() -> Parser:
    parser = Parser(prog="numeretto device", description="An LED number display over a counter.")
    add_arguments(parser, "display", ready_when="when the settings came and were tried")
    return parser


if __name__ == "__main__":
    sys.exit(main())
