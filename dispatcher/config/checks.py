"""What must hold between the tables of an office file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from dispatcher.config import calendar
from dispatcher.config.locate import Path
from dispatcher.config.tables import OfficeTable
from dispatcher.engine.days import check_day_starts
from dispatcher.engine.errors import RuleError
from dispatcher.wire import looks
from dispatcher.wire.ledport import led_port
from dispatcher.wire.messages import LAYOUTS, LEDS

RESERVED = frozenset({"dispatcher", "observer", "room"})
"""Names of accounts at the broker that no device may take."""
SHORTEST_SLIDE = timedelta(seconds=3)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Finding:
    """Something at `path`; a warning does not keep the office from opening."""

    path: Path
    text: str
    is_warning: bool = False


def findings(office: OfficeTable) -> Iterator[Finding]:
    """All that is wrong or doubtful, errors and warnings mixed."""
    yield from _site(office)
    yield from _ids(office)
    yield from _references(office)
    yield from _kiosks(office)
    yield from _led_ports(office)
    yield from _accounts(office)
    yield from _printers(office)
    yield from _mail(office)
    yield from _identity(office)
    yield from _texts(office)
    yield from _screens(office)
    yield from _doubts(office)


def _site(office: OfficeTable) -> Iterator[Finding]:
    try:
        check_day_starts(office.site.day_starts, office.site.zone)
    except (RuleError, ValueError) as error:
        yield Finding(("site", "day_starts"), str(error))
    yield from _holidays(office)


def _holidays(office: OfficeTable) -> Iterator[Finding]:
    site = office.site
    if site.subdivision is None and not _keeps_holidays(office):
        return
    if not calendar.is_known(site.country):
        text = f"the public holidays of {site.country} are not known; name the days among the closures"
        yield Finding(("site", "country"), text, is_warning=True)
    elif site.subdivision is not None:
        parts = calendar.subdivisions(site.country)
        if calendar.subdivision_code(site.country, site.subdivision) not in parts:
            known = f"there are {', '.join(parts)}" if parts else "it has none; take the line out"
            yield Finding(("site", "subdivision"), f'unknown part of {site.country} "{site.subdivision}"; {known}')


def _keeps_holidays(office: OfficeTable) -> bool:
    by_default = office.site.holidays and any(not row.hours.always for row in office.service)
    return by_default or any(row.holidays for row in office.service)


def _ids(office: OfficeTable) -> Iterator[Finding]:
    for kind in ("group", "service", "platform", "capacity", "counter", "notice", "slide"):
        yield from _twice([((kind, at, "id"), row.id) for at, row in enumerate(getattr(office, kind))])
    for kind in ("user", "token"):
        yield from _twice([((kind, at, "name"), row.name) for at, row in enumerate(getattr(office, kind))])
    devices: list[tuple[Path, str]] = []
    for kind in ("kiosk", "display", "device"):
        devices += [((kind, at, "id"), row.id) for at, row in enumerate(getattr(office, kind))]
    yield from _twice(devices)
    for path, identifier in devices:
        if identifier in RESERVED:
            yield Finding(path, f'"{identifier}" is an account of the system itself; take another id')


def _twice(named: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    seen: dict[str, Path] = {}
    for path, name in named:
        if name in seen:
            yield Finding(path, f'"{name}" is taken by another [[{seen[name][0]}]]; each needs its own')
        seen.setdefault(name, path)


def _references(office: OfficeTable) -> Iterator[Finding]:
    services = [row.id for row in office.service]
    counters = [row.id for row in office.counter]
    kiosks = [row.id for row in office.kiosk]
    platforms = [row.id for row in office.platform]
    for at, service in enumerate(office.service):
        yield from _unknown(("service", at, "platforms"), "platform", service.platforms, platforms)
    for at, counter in enumerate(office.counter):
        yield from _unknown(("counter", at, "services"), "service", counter.services, services)
    for at, capacity in enumerate(office.capacity):
        yield from _unknown(("capacity", at, "services"), "service", capacity.services, services)
    for at, kiosk in enumerate(office.kiosk):
        for button, service_id in kiosk.buttons.items():
            yield from _unknown(("kiosk", at, "buttons", button), "service", [service_id], services)
    for at, display in enumerate(office.display):
        yield from _unknown(("display", at, "counters"), "counter", display.counters or (), counters)
        yield from _unknown(("display", at, "layout"), "layout", [display.layout], list(LAYOUTS))
    for at, device in enumerate(office.device):
        yield from _unknown(("device", at, "counter"), "counter", [device.counter] if device.counter else (), counters)
    for at, token in enumerate(office.token):
        yield from _unknown(("token", at, "counters"), "counter", token.counters or (), counters)
        yield from _unknown(("token", at, "kiosks"), "kiosk", token.kiosks or (), kiosks)


def _unknown(path: Path, kind: str, wanted: Iterable[str], known: list[str]) -> Iterator[Finding]:
    for name in wanted:
        if name not in known:
            there = f"there are {', '.join(known)}" if known else f"the file has no [[{kind}]]"
            yield Finding(path, f'unknown {kind} "{name}"; {there}')


def _kiosks(office: OfficeTable) -> Iterator[Finding]:
    for at, kiosk in enumerate(office.kiosk):
        if kiosk.board and not kiosk.buttons:
            yield Finding(("kiosk", at, "board"), 'say what its buttons stand for: buttons = { "1" = "passport" }')
        if kiosk.buttons and not kiosk.board:
            yield Finding(("kiosk", at, "buttons"), 'say where they are: board = "serial:///dev/ttyUSB0?baud=115200"')
        if kiosk.keys and not kiosk.voice:
            yield Finding(("kiosk", at, "keys"), "nobody hears what they choose; add voice = true", is_warning=True)


def _led_ports(office: OfficeTable) -> Iterator[Finding]:
    """What the ports of LED displays say; those on one line have one speed and each a unit of its own."""
    speeds: dict[str, tuple[int, str]] = {}
    units: dict[tuple[str, int], str] = {}
    for at, device in enumerate(office.device):
        if device.kind not in LEDS or device.port is None:
            continue
        path = ("device", at, "port")
        try:
            port = led_port(device.kind, device.port)
        except ValueError as error:
            yield Finding(path, str(error))
            continue
        baud, first = speeds.setdefault(port.path, (port.baud, device.id))
        if baud != port.baud:
            yield Finding(path, f'"{first}" on the same line runs at {baud} baud; all there need the same')
        owner = units.setdefault((port.path, port.unit), device.id)
        if owner != device.id:
            yield Finding(path, f'"{owner}" on the same line is unit {port.unit} too; give each its own: …&unit=2')


def _accounts(office: OfficeTable) -> Iterator[Finding]:
    for at, user in enumerate(office.user):
        if user.password_env and user.password_hash:
            yield Finding(("user", at, "password_hash"), "give password_env or password_hash, not both")
        if user.password_hash and not user.password_hash.startswith("$argon2"):
            yield Finding(("user", at, "password_hash"), "not an argon2 hash, which begins with $argon2")
    secrets: dict[str, str] = {}
    for at, token in enumerate(office.token):
        for key, role in (("counters", "counter"), ("kiosks", "kiosk")):
            if getattr(token, key) is not None and token.role != role:
                yield Finding(
                    ("token", at, key), f'only a token of role "{role}" is limited by {key}; take the line out'
                )
        variable = token.secret_env or token_variable(token.role)
        if secrets.get(variable, token.name) != token.name:
            yield Finding(
                ("token", at, "secret_env"),
                f'{variable} is already the secret of "{secrets[variable]}"; name another variable',
            )
        secrets.setdefault(variable, token.name)


def _printers(office: OfficeTable) -> Iterator[Finding]:
    for at, kiosk in enumerate(office.kiosk):
        if kiosk.spare_profile is not None and kiosk.spare is None:
            yield Finding(("kiosk", at, "spare_profile"), "there is no spare printer; add spare")
        if kiosk.spare == "virtual":
            yield Finding(("kiosk", at, "spare"), "a virtual printer needs no spare; give the address of a real one")
        elif kiosk.spare is not None and kiosk.spare == kiosk.printer:
            yield Finding(("kiosk", at, "spare"), "this is the same printer; give the address of another one")


def _mail(office: OfficeTable) -> Iterator[Finding]:
    mail = office.mail
    if mail is None:
        return
    if mail.smtp.tls and mail.starttls:
        yield Finding(("mail", "starttls"), "smtps:// is encrypted from the start; take this line out")
    if mail.user and not (mail.smtp.tls or mail.starttls) and mail.smtp.host not in LOOPBACK:
        yield Finding(
            ("mail", "user"), "the password would travel readable by all; write smtps:// or add starttls = true"
        )
    if mail.password_env and not mail.user:
        yield Finding(("mail", "password_env"), "a password needs its user; add user")


def _identity(office: OfficeTable) -> Iterator[Finding]:
    identity = office.identity
    if identity is None:
        return
    issuer = urlsplit(identity.issuer)
    if issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        yield Finding(("identity", "issuer"), "who somebody is would travel readable by all; write https://")
    if "openid" not in identity.scopes:
        yield Finding(("identity", "scopes"), 'add "openid": without it the provider does not say who somebody is')


def _texts(office: OfficeTable) -> Iterator[Finding]:
    for key in ("place", "contact"):
        yield from _text(office, ("site", key), getattr(office.site, key))
    for key in ("notice", "contact"):
        yield from _text(office, ("privacy", key), getattr(office.privacy, key))
    if office.identity is not None:
        yield from _text(office, ("identity", "name"), office.identity.name)
    for kind, key in (
        ("group", "name"),
        ("platform", "name"),
        ("service", "name"),
        ("service", "bring"),
        ("service", "contact"),
        ("notice", "text"),
        ("message", "text"),
        ("slide", "text"),
    ):
        for at, row in enumerate(getattr(office, kind)):
            yield from _text(office, (kind, at, key), getattr(row, key))
    for kind in ("notice", "message", "slide"):
        for at, row in enumerate(getattr(office, kind)):
            if row.since and row.until and row.until <= row.since:
                yield Finding((kind, at, "until"), f"the {kind} ends before it begins")


def _text(office: OfficeTable, path: Path, texts: dict[str, str]) -> Iterator[Finding]:
    """An office's own text, where there is one."""
    first = office.site.languages[0]
    if texts and first not in texts:
        yield Finding(path, f'the text in the first language, "{first}", is missing; add it')
    for language in texts:
        if language not in office.site.languages:
            text = f'"{language}" is not among the languages of the site and is not used'
            yield Finding((*path, language), text, is_warning=True)


def _screens(office: OfficeTable) -> Iterator[Finding]:
    displays = [row.id for row in office.display]
    for at, slide in enumerate(office.slide):
        yield from _unknown(("slide", at, "displays"), "display", slide.displays or (), displays)
        if bool(slide.picture) == bool(slide.text):
            yield Finding(("slide", at), "give either picture or text")
        if slide.show < SHORTEST_SLIDE:
            yield Finding(("slide", at, "show"), 'this is too short to be read; the least is "3s"')
    for at, display in enumerate(office.display):
        if display.layout == "counter" and len(display.counters or ()) != 1:
            yield Finding(("display", at, "layout"), 'a screen over one counter needs that counter: counters = ["1"]')
        if display.layout == "zone" and not display.counters:
            yield Finding(("display", at, "layout"), 'a screen of a zone needs its counters: counters = ["1", "2"]')
        if display.arrow and display.layout != "zone":
            yield Finding(("display", at, "arrow"), 'only layout = "zone" shows where to go; take the line out')
        if display.distance is None or display.layout not in LAYOUTS:
            continue
        if display.diagonal is None:
            yield Finding(("display", at, "distance"), 'the size of the screen is needed too: diagonal = "43in"')
            continue
        size = looks.usual_size(display.layout)
        if reason := looks.too_small(display.layout, size, display.diagonal, display.distance / 1000):
            yield Finding(("display", at, "distance"), reason)


def _doubts(office: OfficeTable) -> Iterator[Finding]:
    def doubt(text: str, *path: Any) -> Finding:
        return Finding(path, text, is_warning=True)

    served = {service for counter in office.counter for service in counter.services}
    groups = {service.group for service in office.service}
    for at, service in enumerate(office.service):
        if service.letter in "IOQ":
            yield doubt(
                f'the letter "{service.letter}" is easily read as a digit or another letter', "service", at, "letter"
            )
        if service.platforms and not service.online:
            yield doubt("the service is not held on line; add online = true", "service", at, "platforms")
        if service.id not in served:
            yield doubt("no counter serves this service", "service", at, "id")
        if not service.hours.always and not any(service.hours.spans.values()) and not service.openings:
            yield doubt("this service never opens", "service", at, "hours")
    booked = {service.id for service in office.service if service.appointments}
    for at, capacity in enumerate(office.capacity):
        for name in capacity.services:
            if name not in booked:
                yield doubt(f'the service "{name}" takes no appointments', "capacity", at, "services")
    for at, group in enumerate(office.group):
        if group.id not in groups:
            yield doubt("no service is in this group", "group", at, "id")
    rooms = [display.room for display in office.display]
    for at, room in enumerate(rooms):
        if room is not None and rooms.count(room) == 1:
            yield doubt(f'no other screen is in the room "{room}"', "display", at, "room")
    for at, device in enumerate(office.device):
        if device.counter is None:
            yield doubt("without a counter it does nothing; add counter", "device", at)
        if device.port is None:
            yield doubt("without a port it does nothing; add port", "device", at)
    if not office.service:
        yield doubt("the office has no [[service]]", "service")


def token_variable(role: str) -> str:
    """The variable of a token that names none."""
    return f"NUMERETTO_TOKEN_{role.upper()}"
