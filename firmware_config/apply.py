"""Writing the differences, each read back before the next, and telling where it stands when the line breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_config import escpos, logo, read
from firmware_config.errors import LineGone, NoAnswer, NotTaken, Unsuitable
from firmware_config.ledger import Ledger
from firmware_config.model import Desired, Found, LineSettings, Picture, Plan, Value, said
from firmware_config.plan import line_after, plan
from firmware_config.profile import LINE, Profile, line_code
from firmware_config.session import Session


@dataclass
class Outcome:
    """`confirmed` settings were read back; `unknown` ones were being written when the line broke; `untouched` are as
    they were. `in_setting_mode`: the printer may print nothing until it is reset. `line`: how it is reached now."""

    confirmed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    in_setting_mode: bool = False
    error: str | None = None
    line: LineSettings | None = None
    left: Plan = field(default_factory=Plan)

    @property
    def well(self) -> bool:
        """All that was wanted is in it."""
        return self.error is None and not self.left


def suitable(session: Session, desired: Desired, profile: Profile) -> None:
    """Raises Unsuitable unless the printer names itself exactly as the file's profile."""
    who = session.identity
    if session.profile is None:
        raise Unsuitable(
            f"this is a {who.maker} {who.model}, of which no profile is known: it can be read, and is never written"
        )
    if session.profile is not profile:
        raise Unsuitable(
            f"this is a {who.maker} {who.model}, and the file is for a {desired.printer}: nothing was written"
        )


def apply(session: Session, found: Found, desired: Desired, ledger: Ledger) -> Outcome:
    """Write what differs. Raises Unsuitable and Worn before the first byte; what breaks later is in the outcome."""
    profile = session.profile
    if profile is None:
        raise Unsuitable("a printer without a profile is never written")
    wanted = plan(profile, found, desired)
    if not wanted:
        return Outcome(line=session.line)
    ledger.allow(found.identity.key, wanted.writes, profile.writes_a_day)
    work = _Work(session, profile, found, desired, ledger, wanted)
    ledger.begin(session.place.url)
    try:
        work.run()
    except (LineGone, NoAnswer, NotTaken) as error:
        work.outcome.error = str(error)
        return work.outcome
    ledger.end(session.place.url)
    return work.outcome


class _Work:
    def __init__(
        self, session: Session, profile: Profile, found: Found, desired: Desired, ledger: Ledger, wanted: Plan
    ) -> None:
        self._session, self._profile, self._found, self._ledger = session, profile, found, ledger
        self._desired, self._plan = desired, wanted
        self._names = [change.setting for change in wanted.changes]
        self.outcome = Outcome(untouched=list(self._names), line=session.line)

    def run(self) -> None:
        session = self._session
        if any(not name.startswith("logo.") for name in self._names):
            self.outcome.in_setting_mode = True  # from the first byte on: nobody knows how far it came
            session.enter()
            self._switches()
            self._customs()
            self._line()
            session.dialog.send(escpos.LEAVE)
            self._come_back()
            self.outcome.in_setting_mode = False
        wiped = any(change.wipes for change in self._plan.changes)
        for key, picture in self._desired.logos.items():
            if f"logo.{key}" in self._names:
                self._logo(key, picture, noted=not wiped and self._note_of(key) is not None)
        after = session.read()
        self.outcome.left = plan(self._profile, after, self._desired)

    def _come_back(self) -> None:
        now = self._session.line
        if now is None:
            self._session.back()
            return
        after = line_after(self._found.values, self._desired.values)
        self._session.back(after, now)
        self.outcome.line = self._session.line

    def _write(self, names: list[str], command: bytes, check: Callable[[], dict[str, Value | None]]) -> None:
        """One command that wears the memory; `check` reads back what it should have set."""
        self._begin(names)
        self._worn(command)
        held = check()
        for name in names:
            if held[name] != self._desired.values[name]:
                raise NotTaken(
                    f"{name} was written as {said(self._desired.values[name])}, and the printer says {said(held[name])}"
                )
        self._done(names)

    def _worn(self, command: bytes) -> None:
        self._ledger.count(self._found.identity.key)
        self._session.dialog.send(command)
        self._session.dialog.settle(self._profile.settle_s)

    def _begin(self, names: list[str]) -> None:
        self.outcome.untouched = [name for name in self.outcome.untouched if name not in names]
        self.outcome.unknown = list(names)

    def _done(self, names: list[str]) -> None:
        self.outcome.unknown = []
        self.outcome.confirmed += names

    def _switches(self) -> None:
        names = [name for name in self._names if name in self._profile.switches]
        if not names:
            return
        bits: dict[int, list[str]] = {}
        for name in names:
            one = self._profile.switches[name]
            row = bits.setdefault(one.number, [escpos.KEEP] * 8)
            row[8 - one.bit] = str(one.on if self._desired.values[name] else 1 - one.on)

        def check() -> dict[str, Value | None]:
            held = {number: read.switch(self._session.dialog, number) for number in bits}
            specs = self._profile.switches
            return {name: int(held[specs[name].number][8 - specs[name].bit]) == specs[name].on for name in names}

        self._write(names, escpos.set_switches({number: "".join(row) for number, row in bits.items()}), check)

    def _customs(self) -> None:
        names = [name for name in self._names if name in self._profile.customs]
        if not names:
            return
        numbers: dict[int, int] = {}
        for name in names:
            spec = self._profile.customs[name]
            code = spec.encode(int(self._desired.values[name]))
            if code is None:
                raise NotTaken(f"{name} cannot be {said(self._desired.values[name])}")
            numbers[spec.number] = code

        def check() -> dict[str, Value | None]:
            return {name: read.custom(self._session.dialog, self._profile, name) for name in names}

        self._write(names, escpos.set_customs(numbers), check)

    def _line(self) -> None:
        for name in self._names:
            if name in LINE:
                command = escpos.set_line(LINE[name], line_code(name, self._desired.values[name]))
                self._write([name], command, self._line_check(name))

    def _line_check(self, name: str) -> Callable[[], dict[str, Value | None]]:
        return lambda: {name: read.line(self._session.dialog, name)}

    def _note_of(self, key: str) -> str | None:
        stored = self._found.logos.get(key)
        return stored.note if stored else None

    def _logo(self, key: str, picture: Picture, *, noted: bool) -> None:
        """The note goes first and comes last: a logo without one is known to be unknown, whatever broke between."""
        name, dialog = f"logo.{key}", self._session.dialog
        self._begin([name])
        if noted:
            self._worn(escpos.delete_record(key))
            if read.record(dialog, key):
                raise NotTaken(f"{name}: the printer does not forget its note about the old logo")
        self._worn(escpos.define_logo(key, picture.width, picture.height, picture.data))
        if key not in read.logos(dialog):
            raise NotTaken(f"{name}: the printer has not kept the logo; is there room for {len(picture.data)} bytes?")
        self._worn(escpos.store_record(key, logo.note(picture)))
        if read.record(dialog, key) != logo.note(picture):
            raise NotTaken(f"{name}: the printer has not kept the note about the logo")
        self._done([name])
