"""`numeretto dispatcher`: one process that serves the pages, takes commands and lets time pass."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from dispatcher import config
from dispatcher.settings import Settings
from dispatcher.wire.arguments import Parser
from dispatcher.wire.client import Broker
from dispatcher.wire.clock import inherited


def parser() -> Parser:
    made = Parser(
        prog="numeretto dispatcher", description="Run the dispatcher of one office: pages, commands, deadlines."
    )
    made.add_argument("--site", type=Path, required=True, help="the office file (site.toml)")
    made.add_argument("--data", type=Path, default=Path("data"), help="folder of the database and the mails")
    made.add_argument("--http", default="127.0.0.1:8000", metavar="HOST:PORT")
    made.add_argument("--broker", metavar="URL", help="mqtt://host:port; also NUMERETTO_BROKER")
    made.add_argument("--ready-file", type=Path, metavar="F", help="written when everything is up")
    return made


def main(argv: list[str]) -> int:
    """Exit 0 after a stop, 1 when it cannot run, 2 for wrong usage."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    try:
        office = config.load(arguments.site)
        if arguments.broker:
            Broker.parse(arguments.broker)
    except (config.ConfigError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    arguments.data.mkdir(parents=True, exist_ok=True)
    host, _, port = arguments.http.rpartition(":")
    if not host or not port.isdigit():
        sys.stderr.write(f"'{arguments.http}' is no address: write it like 127.0.0.1:8000\n")
        return 2

    from dispatcher.serving import serve

    try:
        settings = Settings.from_environment(
            office, data=arguments.data, broker=arguments.broker, base_url=f"http://{arguments.http}"
        )
    except ValueError as error:
        sys.stderr.write(f"numeretto dispatcher: {error}\n")
        return 2
    return serve(
        settings, arguments.http, inherited(), ready_file=arguments.ready_file, key_file=arguments.data / "web.key"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
