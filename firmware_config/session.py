"""Finding a printer on its line, at whatever speed it listens, and bringing it back from half a command."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from firmware_config import escpos, read
from firmware_config.dialog import Dialog
from firmware_config.errors import LineGone, NoAnswer, Unsuitable
from firmware_config.model import Found, Identity, LineSettings
from firmware_config.port import Place
from firmware_config.profile import Profile, of

BACK_TRIES = 10
FIRST_TRIES = 3
BACK_PAUSE_S = 0.5


@dataclass
class Session:
    """A printer that answered. `line` is how it was reached; None where the line has no settings."""

    place: Place
    dialog: Dialog
    line: LineSettings | None
    identity: Identity
    profile: Profile | None
    pause: Callable[[float], None]

    def close(self) -> None:
        """Give the line back."""
        self.dialog.close()

    def back(self, *lines: LineSettings | None) -> None:
        """After a reset: reach it again, at the first of `lines` at which it answers. Raises NoAnswer.

        The others come into question later: a printer may answer at its old speed until it gets round to the reset.
        """
        self.dialog.close()
        self.pause(self.profile.reset_s if self.profile else 1.0)
        wanted = list(dict.fromkeys(lines or (self.line,)))
        for attempt in range(BACK_TRIES):
            for line in wanted if attempt >= FIRST_TRIES else wanted[:1]:
                with contextlib.suppress(LineGone):  # a network printer is not to be had while it starts
                    dialog = _answering(self.place, line)
                    if dialog is not None:
                        self.dialog, self.line = dialog, line
                        return
            self.pause(BACK_PAUSE_S)
        raise NoAnswer("the printer has not come back after its reset: switch it off and on, and look again")

    def read(self) -> Found:
        """All that it holds; resets one that tells its settings in its setting mode alone. Raises NoAnswer."""
        if self.profile is None:
            return Found(self.identity)
        if read.answers_outside(self.dialog):
            values = read.values(self.dialog, self.profile)
        else:
            self.enter()
            values = read.values(self.dialog, self.profile)
            self.dialog.send(escpos.LEAVE)
            self.back()
        return read.everything(self.dialog, self.profile, self.identity, values)

    def enter(self) -> None:
        """Into the user setting mode. Raises NoAnswer."""
        if self.dialog.ask(escpos.ENTER, escpos.ENTERED) is None:
            raise NoAnswer("the printer does not enter its user setting mode")


def connect(
    place: Place,
    *,
    expected: Profile | None = None,
    likely: Iterable[LineSettings] = (),
    interrupted: bool = False,
    pause: Callable[[float], None],
) -> Session:
    """The printer at `place`: at its URL's settings, else at the `likely` ones, else at any speed.

    `expected` is the printer that should be there; only then is one that is stuck brought back: half a command cleared,
    the setting mode left. `interrupted`: the last work on it was cut, so this is done at once.
    Raises LineGone, NoAnswer, Unsuitable.
    """
    dialog, line = _found(place, likely)
    try:
        who = None
        if not (expected and interrupted):
            _look(dialog)
            who = read.identity(dialog)
        if who is None and expected:
            dialog, line = _rescued(place, dialog, line, likely, pause)
            _look(dialog)
            who = read.identity(dialog)
        if who is None:
            raise NoAnswer(
                f"{place.url}: a printer answers, but not who it is (GS I). If an earlier apply was cut, "
                "switch it off and on"
            )
    except Exception:
        dialog.close()
        raise
    return Session(place, dialog, line, who, of(who), pause)


def _found(place: Place, likely: Iterable[LineSettings]) -> tuple[Dialog, LineSettings | None]:
    for line in _candidates(place, likely):
        dialog = _answering(place, line)
        if dialog is not None:
            return dialog, line
    raise NoAnswer(
        f"{place.url}: nothing answers. Is the printer on, the cable in, and no other program (a kiosk) using it?"
    )


def _candidates(place: Place, likely: Iterable[LineSettings]) -> list[LineSettings | None]:
    if place.settings is None:
        return [None]
    speeds = (19200, 9600, 38400, 115200, 57600, 4800, 2400)
    others = (replace(place.settings, baud=baud) for baud in speeds)
    return list(dict.fromkeys((place.settings, *likely, *others)))


def _answering(place: Place, line: LineSettings | None) -> Dialog | None:
    """None: it opens, and nobody speaks at these settings. Raises LineGone if it does not open."""
    dialog = Dialog(place.open(line))
    try:
        if dialog.status() is not None:
            return dialog
    except LineGone:
        pass
    dialog.close()
    return None


def _look(dialog: Dialog) -> None:
    status = dialog.status()
    if status is not None and status & escpos.OFF_LINE:
        raise Unsuitable("the printer is off line: paper, cover or cutter. Set that right first; nothing was written")


def _rescued(
    place: Place,
    dialog: Dialog,
    line: LineSettings | None,
    likely: Iterable[LineSettings],
    pause: Callable[[float], None],
) -> tuple[Dialog, LineSettings | None]:
    """Half a command is dropped, then the setting mode is left: that is a reset, and its line may be another then."""
    with contextlib.suppress(LineGone):
        dialog.ask(escpos.CLEAR, escpos.CLEARED)
        dialog.send(escpos.LEAVE)
        dialog.settle(0.1)
    dialog.close()
    pause(1.0)
    for _ in range(BACK_TRIES):
        try:
            return _found(place, (*likely, *([line] if line else [])))
        except (LineGone, NoAnswer):
            pause(BACK_PAUSE_S)
    return _found(place, likely)
