"""`numeretto device`: the buttons of one counter. Puts the parts together; nothing else does."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence

from dispatcher.wire import clock as clocks
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.device import will_of
from dispatcher.wire.program import add_arguments, password_variable, write_ready
from kiosk.counter.program import Program

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a counter's device until SIGTERM or Ctrl-C. 0 well, 1 failed, 2 wrong usage."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        broker = Broker.parse(options.broker)
        clock = clocks.inherited()
    except ValueError as error:
        return _complain(str(error))
    password = os.environ.get(options.password_env or password_variable(options.id))
    if options.password_env and password is None:
        return _complain(f"the environment has no {options.password_env}: set it to the device's password")
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    client = Client(
        broker,
        client_id=f"numeretto-{options.site}-{options.id}",
        username=broker.username or options.id,
        password=broker.password or password,
        will=will_of(options.site, options.id),
    )
    program = Program(client, options.site, options.id, clock, lambda: write_ready(options.ready_file))
    program.start()
    signal.sigwait(signals)
    program.stop()
    return 0


def _complain(text: str) -> int:
    sys.stderr.write(f"device: {text}\n")
    return 2


def _parser() -> Parser:
    parser = Parser(prog="numeretto device", description="The buttons of one counter: keypad, MQTT button, serial box.")
    add_arguments(parser, "device", ready_when="once the settings are followed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
