"""`numeretto doctor`: look whether this machine has what an office needs, and say what to do about what it lacks."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from deploy import glyphs, site
from deploy.onebox import broker, ports
from deploy.onebox.app import DEFAULT_HTTP, DEFAULT_MQTT, DEMO
from dispatcher.wire import speech
from dispatcher.wire.arguments import Parser
from display import video

FSYNCS = 5
SLOW_FSYNC_MS = 30.0
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 512  # more than struct timex needs on any machine


class Mark(StrEnum):
    """How a thing stands. Only `bad` keeps an office from working."""

    good = "good"
    note = "note"
    bad = "BAD"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    mark: Mark
    subject: str
    text: str


@dataclass(frozen=True)
class Machine:
    """What is looked at."""

    site: Path
    data: Path
    environ: Mapping[str, str]

    @property
    def database(self) -> str:
        return self.environ.get("NUMERETTO_DATABASE") or f"sqlite:///{self.data / 'numeretto.db'}"


def main(argv: list[str]) -> int:
    """0 an office can work here (notes are said) · 1 something is broken · 2 wrong usage."""
    parser = Parser(prog="numeretto doctor", description=__doc__)
    parser.add_argument("--site", type=Path, default=DEMO, metavar="FILE", help="the office file (the demo office)")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the data folder (data)")
    options = parser.parse_args(argv)
    found = examine(Machine(options.site, options.data, os.environ))
    sys.stdout.write(table(found))
    return 1 if any(finding.mark is Mark.bad for finding in found) else 0


def examine(machine: Machine) -> list[Finding]:
    """All findings, in the order of the report. Changes nothing but a file that it makes and takes away again."""
    return [finding for look in LOOKS for finding in look(machine)]


def table(findings: list[Finding]) -> str:
    """The report for people, and a last line that sums it up."""
    width = max(len(finding.subject) for finding in findings)
    lines = [f"{finding.mark:<5} {finding.subject:<{width}}  {finding.text}" for finding in findings]
    broken = sum(finding.mark is Mark.bad for finding in findings)
    notes = sum(finding.mark is Mark.note for finding in findings)
    said = f", {notes} to know of" if notes else ""
    lines.append(f"{broken} broken{said}" if broken else f"An office can work here{said}.")
    return "\n".join(lines) + "\n"


def _python(_machine: Machine) -> Iterator[Finding]:
    version = sys.version.split()[0]
    good = sys.version_info >= (3, 11)
    yield Finding(Mark.good if good else Mark.bad, "Python", version if good else f"{version}; 3.11 or later is needed")
    parts = {
        "dispatcher": ("flask", "sqlalchemy", "gunicorn"),
        "kiosk": ("pygame", "escpos", "PIL"),
        "display": ("pygame",),
    }
    for part, packages in parts.items():
        missing = [package for package in packages if find_spec(package) is None]
        if missing:
            advice = f"without {', '.join(missing)}; pip install 'numeretto[{part}]' if this machine is to run one"
            yield Finding(Mark.note, part, advice)


def _site(machine: Machine) -> Iterator[Finding]:
    reading = site.read(machine.site)
    for warning in reading.warnings:
        yield Finding(Mark.note, "office file", str(warning))
    for error in reading.errors:
        yield Finding(Mark.bad, "office file", str(error))
    if reading.office:
        yield Finding(Mark.good, "office file", f"{machine.site}: {reading.office.name}")


def _glyphs(machine: Machine) -> Iterator[Finding]:
    """Texts of the office that a screen here would draw with boxes in place of letters."""
    office = site.read(machine.site).office
    if office is None or find_spec("PIL") is None or find_spec("fontpkg_noto_sans") is None:
        return
    found = list(glyphs.problems(office))
    for problem in found:
        yield Finding(Mark.note, "letters", problem)
    if not found:
        yield Finding(Mark.good, "letters", "all texts of the office can be drawn")


def _broker(machine: Machine) -> Iterator[Finding]:
    outside = machine.environ.get("NUMERETTO_BROKER")
    if outside:
        yield _outside_broker(outside)
        return
    program = broker.find_mosquitto(machine.environ)
    if program and os.access(program, os.X_OK):
        yield Finding(Mark.good, "broker", f"{program}; accounts and rules for each topic hold")
    elif program:
        yield Finding(Mark.bad, "broker", f"{program} is no program; mend {broker.PROGRAM_VARIABLE}")
    elif find_spec("iotcore"):
        text = "no mosquitto: the embedded broker serves; it checks passwords, but has no rules for topics (no ACL)"
        yield Finding(Mark.note, "broker", f"{text}; Debian package: mosquitto")
    else:
        yield Finding(
            Mark.bad, "broker", "neither mosquitto nor the package iotcore; install the Debian package mosquitto"
        )


def _outside_broker(url: str) -> Finding:
    from dispatcher.wire.client import Broker, Client

    try:
        place = Broker.parse(url)
    except ValueError as error:
        return Finding(Mark.bad, "broker", f"NUMERETTO_BROKER: {error}")
    client = Client(
        place, username=place.username or "dispatcher", password=os.environ.get("NUMERETTO_BROKER_PASSWORD")
    )
    client.start()
    try:
        if client.wait_connected(5):
            return Finding(Mark.good, "broker", f"{place.host}:{place.port} takes us")
    finally:
        client.stop()
    return Finding(
        Mark.bad, "broker", f"{place.host}:{place.port} does not take us; is it running, is the password right?"
    )


def _text(_machine: Machine) -> Iterator[Finding]:
    try:
        features = import_module("PIL.features")
    except ModuleNotFoundError:
        return
    if features.check("raqm") and features.check("fribidi"):
        yield Finding(Mark.good, "text", "all scripts are shaped (Raqm, FriBidi)")
    else:
        yield Finding(Mark.note, "text", "only Latin, Greek and Cyrillic come out right; Debian package: libfribidi0")
    fonts = ("atkinson_hyperlegible", "noto_sans", "noto_sans_arabic", "noto_sans_devanagari", "heebo")
    missing = [font for font in fonts if find_spec(f"fontpkg_{font}") is None]
    if missing:
        yield Finding(Mark.bad, "fonts", f"without {', '.join(missing)}; pip install 'numeretto[display]'")
    else:
        yield Finding(Mark.good, "fonts", "Atkinson Hyperlegible and Noto")


def _ports(_machine: Machine) -> Iterator[Finding]:
    for subject, address in (("pages", DEFAULT_HTTP), ("broker's port", DEFAULT_MQTT)):
        problem = ports.problem(address)
        if problem:
            yield Finding(Mark.note, subject, f"{address}: {problem}; a onebox takes a free one and says which")
        else:
            yield Finding(Mark.good, subject, f"{address} is free")


def _data(machine: Machine) -> Iterator[Finding]:
    folder = machine.data
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    probe = folder / f".doctor-{os.getpid()}"
    try:
        took_ms = _fsync_ms(probe)
    except OSError as error:
        yield Finding(Mark.bad, "data folder", f"{machine.data}: {error.strerror}; choose another with --data")
        return
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    text = f"{machine.data} can be written; a safe write takes {took_ms:.1f} ms"
    if took_ms > SLOW_FSYNC_MS:
        yield Finding(Mark.note, "data folder", f"{text}: slow, every call waits for it; use a better disk")
    else:
        yield Finding(Mark.good, "data folder", text)


def _fsync_ms(probe: Path) -> float:
    """The median time of a write that survives a power cut."""
    times = []
    with probe.open("wb") as file:
        for _ in range(FSYNCS):
            file.write(bytes(4096))
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[FSYNCS // 2]


def _database(machine: Machine) -> Iterator[Finding]:
    try:
        admin, session = import_module("dispatcher.store.admin"), import_module("dispatcher.store.session")
    except ModuleNotFoundError:
        return
    shown = machine.database.rpartition("@")[2]
    if not machine.environ.get("NUMERETTO_DATABASE") and not (machine.data / "numeretto.db").exists():
        yield Finding(Mark.good, "database", "none yet; the first start makes one")
        return
    store = session.Store(machine.database)
    try:
        current = admin.is_current(store)
    except session.Unavailable as error:
        yield Finding(Mark.bad, "database", f"{shown}: {str(error).splitlines()[0]}")
    else:
        old = "is of another version; the dispatcher brings it up at its start (numeretto database upgrade)"
        yield Finding(Mark.good if current else Mark.note, "database", f"{shown} {'is up to date' if current else old}")
    finally:
        store.close()


def _screen(machine: Machine) -> Iterator[Finding]:
    way = video.choose(machine.environ)
    if way is None or way in video.BLIND:
        yield Finding(Mark.note, "screen", "none (no DISPLAY): a onebox draws in memory; see /room")
    elif way == "kmsdrm":
        yield from _monitor()
    else:
        yield Finding(Mark.good, "screen", f"by {way.replace(',', ' or ')}; it is kept from blanking")
        yield from _libraries(way.partition(",")[0])
    if any(Path("/dev/snd").glob("pcm*p")):
        yield Finding(Mark.good, "sound", "there is an output")
    else:
        who = ", ".join(_calling(machine))
        on = f"; {who} would say them: check the sound card, if one of these is here" if who else ""
        yield Finding(Mark.note, "sound", f"no output found: calls are seen, not heard{on}")


def _voice(machine: Machine) -> Iterator[Finding]:
    """The generator of speech: needed where a dispenser speaks or a screen says its calls."""
    office = site.read(machine.site).office
    speaking = [kiosk.id for kiosk in office.kiosks.values() if kiosk.voice] if office else []
    calling = _calling(machine)
    if program := shutil.which("espeak-ng", path=machine.environ.get("PATH")):
        yield Finding(Mark.good, "voice", program)
        return
    silent = []
    if speaking:
        silent.append(f"the spoken guide of {', '.join(speaking)} is silent")
    if calling:
        clips = any(speech.cache_folder().glob("*.wav"))
        silent.append(
            f"{', '.join(calling)} {'can say only what was said before' if clips else 'chime, and say nothing'}"
        )
    without = "; ".join(silent) or "a dispenser or a screen with voice = true needs it"
    yield Finding(Mark.note, "voice", f"no espeak-ng: {without}; Debian package: espeak-ng")


def _calling(machine: Machine) -> list[str]:
    """The screens that are to say their calls."""
    office = site.read(machine.site).office
    return [each.id for each in office.displays.values() if each.voice and each.volume != 0] if office else []


def _monitor() -> Iterator[Finding]:
    """A monitor without a desktop."""
    cards = sorted(video.CARDS.glob("card*"))
    if any(os.access(card, os.R_OK | os.W_OK) for card in cards):
        yield Finding(Mark.good, "screen", f"the monitor itself (KMS, {cards[0]})")
    else:
        what = f"{cards[0]} may not be used" if cards else f"no graphics card in {video.CARDS}"
        yield Finding(Mark.note, "screen", f"{what}: {video.REMEDIES['kmsdrm']}")
    yield from _libraries("kmsdrm")
    blanks_s = video.console_blanks_s()
    if blanks_s:
        yield Finding(Mark.note, "screen", f"the console blanks after {blanks_s} s: boot with consoleblank=0")


def _libraries(way: str) -> Iterator[Finding]:
    if lost := video.missing(video.NEEDED.get(way, ())):
        yield Finding(Mark.note, "screen", f"{way} needs {', '.join(lost)}: {video.REMEDIES[way]}")


def _clock(_machine: Machine) -> Iterator[Finding]:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "adjtimex") and libc.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) == _TIME_ERROR:
        yield Finding(Mark.note, "clock", "not synchronised; appointments are called by it: set up a time service")
    else:
        yield Finding(Mark.good, "clock", "synchronised")


LOOKS: tuple[Callable[[Machine], Iterator[Finding]], ...] = (
    _python,
    _site,
    _broker,
    _text,
    _glyphs,
    _ports,
    _data,
    _database,
    _screen,
    _voice,
    _clock,
)
