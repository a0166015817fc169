"""The `numeretto` command: one name for all programs of the product."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from dispatcher.wire.version import VERSION

USAGE = 2


@dataclass(frozen=True)
class Command:
    """A program: where its `main(argv)` is, and what it is for."""

    target: str
    help: str


COMMANDS = {
    "onebox": Command("deploy.onebox.app:main", "a whole office on one machine, from its file"),
    "dispatcher": Command("dispatcher.__main__:main", "the heart: queue, API, pages"),
    "kiosk": Command("kiosk.app:main", "a ticket dispenser"),
    "display": Command("display.app:main", "a waiting-room screen"),
    "device": Command("deploy.device:main", "a counter's buttons, or with --led the number over it"),
    "virtual-printer": Command("firmware_config.virtual.app:main", "a ticket printer made of software"),
    "site": Command("deploy.site:main", "check an office file"),
    "firmware": Command("deploy.firmware:main", "what printers and buttons keep without power: read, plan, apply"),
    "database": Command("dispatcher.store.admin:main", "bring the database to this version, or check it"),
    "doctor": Command("deploy.doctor:main", "look whether this machine has what an office needs"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0 well · 1 failed · 2 wrong usage; errors are one line on stderr."""
    arguments = sys.argv[1:] if argv is None else argv
    match arguments:
        case [] | ["help" | "-h" | "--help", *_]:
            sys.stdout.write(_help())
            return 0 if arguments else USAGE
        case ["-V" | "--version", *_]:
            sys.stdout.write(f"numeretto {VERSION}\n")
            return 0
        case [name, *rest] if name in COMMANDS:
            return _run(name, rest)
        case [name, *_]:
            return _fail(f"there is no command '{name}'; see numeretto --help", USAGE)
    return USAGE


def _run(name: str, rest: list[str]) -> int:
    module, _, function = COMMANDS[name].target.partition(":")
    try:
        run: Callable[[list[str]], int | None] = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        # a part of ours that is missing is a defect; a package that is missing was not installed with this part
        if (error.name or "").partition(".")[0] in ("deploy", "dispatcher", "kiosk", "display", "firmware_config"):
            raise
        return _fail(f"{name} needs the package '{error.name}'; install it with: pip install 'numeretto[all]'", 1)
    try:
        return run(rest) or 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader has gone: nothing more to say
        return 1
    except KeyboardInterrupt:
        return 1


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    listed = "\n".join(lines)
    return f"""\
Numeretto {VERSION}: the open system behind the paper number in a waiting room.

usage: numeretto COMMAND …      (numeretto COMMAND --help tells more)

{listed}

Settings: the command line goes before the environment (NUMERETTO_…), and that before the file.
Exit codes: 0 well, 1 failed, 2 wrong usage.
"""


def _fail(text: str, code: int) -> int:
    sys.stderr.write(f"numeretto: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
