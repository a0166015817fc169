"""`numeretto firmware`: read, compare, write and verify the settings that a device keeps without power."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from deploy import firmware_target as targets
from dispatcher.wire import clock
from dispatcher.wire.arguments import Parser
from firmware_config import apply, load, text
from firmware_config import plan as plans
from firmware_config.errors import BadFile, FirmwareError
from firmware_config.ledger import FileBook, Ledger
from firmware_config.model import Desired, Found, LineSettings, Plan
from firmware_config.plan import line_after
from firmware_config.profile import Profile
from firmware_config.session import Session, connect

DIFFERENT = 3
_WORDS = {
    "read": "say what is in the device",
    "plan": "say what differs from the office's wish; writes nothing",
    "apply": "write what differs, read it back",
    "verify": "read it, and fail when anything differs",
}


def main(argv: list[str]) -> int:
    """0 well · 1 failed, or verify found a difference · 2 wrong usage · 3 plan --exit-code found differences."""
    options = _parser().parse_args(argv)
    try:
        target = targets.find(options)
        return _Run(options, target).run() if isinstance(target, targets.Printer) else _say(target, options)
    except targets.NoSuchDevice as error:
        return _complain(str(error), 2)
    except FirmwareError as error:
        return _complain(str(error), 1)
    except KeyboardInterrupt:
        return _complain(f"interrupted; look with: numeretto firmware plan {options.device}", 1)
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror or error}", 1)


def _parser() -> Parser:
    parser = Parser(prog="numeretto firmware", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(_WORDS))
    for name, words in _WORDS.items():
        one = actions.add_parser(name, help=words, description=words)
        one.add_argument("device", metavar="DEVICE", help="id of a kiosk (its printer) or of a device of the office")
        one.add_argument("--site", type=Path, default=targets.DEMO, metavar="FILE", help="the office file (the demo)")
        one.add_argument(
            "--file", type=Path, metavar="FILE", help="the wish (devices/DEVICE.toml beside the office file)"
        )
        one.add_argument(
            "--port", metavar="URL", help="serial:///dev/ttyS0?baud=19200, tcp://host:port, usb://04b8:0202"
        )
        one.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the data folder (data)")
        one.add_argument("--json", action="store_true", help="plain data instead of words")
        if name == "plan":
            one.add_argument("--exit-code", action="store_true", help="end with 3 when anything differs")
    return parser


def _say(target: targets.Silent, options: argparse.Namespace) -> int:
    """Of a device that keeps nothing that could be set over its wire."""
    if options.json:
        sys.stdout.write(json.dumps({"device": target.id, "kind": target.kind, "settings": None}) + "\n")
    else:
        sys.stdout.write(f"{target.id} ({target.kind}): {target.words}\n")
    return 0


class _Run:
    def __init__(self, options: argparse.Namespace, target: targets.Printer) -> None:
        self._options, self._target = options, target
        today = clock.inherited().wall
        self._ledger = Ledger(FileBook(options.data), lambda: today().date())

    def run(self) -> int:
        wish: tuple[Desired, Profile] | None = None
        try:
            wish = load.desired(self._target.file)
        except BadFile:
            if self._options.action != "read":  # reading goes without a wish
                raise
        session = self._connect(wish)
        try:
            return self._read(session) if self._options.action == "read" else self._compare(session, *_given(wish))
        finally:
            session.close()

    def _connect(self, wish: tuple[Desired, Profile] | None) -> Session:
        place = self._target.place
        expected = wish[1] if wish else None
        interrupted = self._ledger.interrupted(place.url)
        session = connect(
            place,
            expected=expected,
            likely=(line_after({}, wish[0].values),) if wish else (),
            interrupted=interrupted,
            pause=_pause(),
        )
        if interrupted and expected:
            self._ledger.end(place.url)  # it has been brought back
        if session.line is not None and session.line != place.settings:
            self._note(f"the printer is reached at {text.url_hint(place.url, session.line)}, not at {place.url}")
        return session

    def _read(self, session: Session) -> int:
        found = session.read()
        self._print(text.found_json(found), text.found(found))
        return 0

    def _compare(self, session: Session, desired: Desired, profile: Profile) -> int:
        apply.suitable(session, desired, profile)
        found = session.read()
        differences = plans.plan(profile, found, desired)
        if self._options.action == "apply":
            return self._apply(session, found, desired, differences)
        self._print(text.plan_json(differences), text.plan(differences))
        if self._options.action == "verify" and differences:
            names = ", ".join(change.setting for change in differences.changes)
            return _complain(f"{self._target.id} differs: {names}; numeretto firmware apply {self._target.id}", 1)
        return DIFFERENT if self._options.action == "plan" and self._options.exit_code and differences else 0

    def _apply(self, session: Session, found: Found, desired: Desired, differences: Plan) -> int:
        if not self._options.json:
            sys.stdout.write(text.plan(differences) + "\n")
            sys.stdout.flush()
        outcome = apply.apply(session, found, desired, self._ledger)
        self._print(text.outcome_json(outcome), text.outcome(outcome))
        if outcome.error:
            return _complain(f"{outcome.error}; look with: numeretto firmware plan {self._target.id}", 1)
        if outcome.left:
            names = ", ".join(change.setting for change in outcome.left.changes)
            return _complain(f"{self._target.id} still differs: {names}; apply again", 1)
        self._new_address(outcome.line)
        return 0

    def _new_address(self, line: LineSettings | None) -> None:
        if line is not None and line != self._target.place.settings:
            hint = text.url_hint(self._target.place.url, line)
            self._note(f'from now on it is reached at "{hint}": write that into the office file')

    def _print(self, data: object, words: str) -> None:
        if self._options.json:
            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        elif words:
            sys.stdout.write(words + "\n")

    def _note(self, words: str) -> None:
        sys.stderr.write(f"note: {words}\n")


def _given(wish: tuple[Desired, Profile] | None) -> tuple[Desired, Profile]:
    assert wish is not None  # noqa: S101 - only reading goes without
    return wish


def _pause() -> Callable[[float], None]:
    never = threading.Event()

    def pause(seconds: float) -> None:
        never.wait(seconds)

    return pause


def _complain(words: str, code: int) -> int:
    sys.stderr.write(f"firmware: {words}\n")
    return code
