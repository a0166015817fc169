"""What a mail says, in the customer's language: the same parts for its text and its HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from textwrap import indent
from urllib.parse import urlencode

from jinja2 import Environment, StrictUndefined, Template

from dispatcher.engine.model import Office, Service
from dispatcher.mail.texts import Words
from dispatcher.usecases.holder import holder_key
from dispatcher.usecases.mails import Draft

QR_ID = "qr@numeretto"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What composing needs besides the mail itself. `simulated`: the office's clock is not the real one."""

    office: Office
    base_url: str
    signing_key: bytes
    address: str
    reply_to: str | None = None
    simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail's parts in words. `facts` are (name, value); a value may have several lines. Empty parts are left out."""

    language: str
    office: str
    subject: str
    title: str
    greeting: str
    colon: str
    notes: tuple[str, ...]
    small: tuple[str, ...]
    changes: tuple[tuple[str, str], ...] = ()
    change_note: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    number_name: str = ""
    label: str = ""
    when: str = ""
    zone: str = ""
    status: tuple[str, str] | None = None
    qr_note: str = ""
    qr_alt: str = ""
    place: str = ""
    bring: str = ""
    service: str = ""
    meeting: str | None = None

    @property
    def is_over(self) -> bool:
        """Nothing is to be kept: the number is not called any more."""
        return self.status is None


def write(draft: Draft, sender: Sender) -> Letter:
    """The letter of a mail."""
    office = sender.office
    words = Words(draft.language, office.language)
    service = office.services.get(draft.service)
    local = draft.start.astimezone(office.zone)
    at = {"day": words.day(local), "time": f"{local:%H:%M}"}
    before = draft.before.astimezone(office.zone) if draft.before is not None else None
    online = service is not None and service.online
    place = _held_at(draft, office, words) if online else words.own(office.place)
    letter = Letter(
        language=words.language,
        office=office.name,
        subject=words(f"{draft.kind}.subject", label=draft.label, **at),
        title=words(f"{draft.kind}.title"),
        greeting=words("greeting", name=draft.name),
        number_name=words("label.number"),
        label=draft.label,
        when=words("when", **at),
        zone=words.zone(local),
        facts=(),
        notes=_notes(draft, words, service),
        status=(words("status"), f"{sender.base_url}/t/{draft.token}"),
        qr_note=words("qr_note"),
        qr_alt=words("qr"),
        change_note=words("change_note"),
        changes=_changes(draft, sender, words),
        small=_small(draft, sender, words),
        place=place,
        bring=words.own(service.bring) if service is not None else "",
        service=words.own(service.name) if service is not None else draft.service,
        meeting=draft.meeting if online else None,
        colon=words("colon"),
    )
    contact = words.own((service.contact if service is not None else {}) or office.contact)
    facts = [
        ("service", letter.service),
        ("when", f"{letter.when}\n{letter.zone}"),
        ("before", words("when", day=words.day(before), time=f"{before:%H:%M}") if before is not None else ""),
        ("where", "\n".join(filter(None, [office.name, place]))),
        ("link", draft.meeting or "" if online else ""),
        ("bring", letter.bring),
        ("code", draft.code),
        ("contact", contact),
    ]
    if draft.kind == "cancelled":
        again = (words("cancelled.again"), f"{sender.base_url}/?{urlencode({'service': draft.service})}")
        letter = replace(letter, status=None, change_note="", changes=(again,), bring="")
        facts = [(name, value) for name, value in facts if name in ("service", "when", "where", "contact")]
    return replace(letter, facts=tuple((words(f"label.{name}"), value) for name, value in facts if value))


def _held_at(draft: Draft, office: Office, words: Words) -> str:
    """`on line: Jitsi Meet`."""
    platform = office.platforms.get(draft.platform or "")
    return f"{words('online')}{words('colon')} {words.own(platform.name)}" if platform is not None else words("online")


def _notes(draft: Draft, words: Words, service: Service | None) -> tuple[str, ...]:
    if draft.kind == "cancelled":
        return (words("cancelled.note", label=draft.label),)
    if service is not None and service.online:
        return (words("online_link_note" if draft.meeting else "online_note"),)
    return (words("check_in_note" if service is not None and service.check_in == "required" else "arrive_note"),)


def _changes(draft: Draft, sender: Sender, words: Words) -> tuple[tuple[str, str], ...]:
    """The holder's signed links: whoever has the mail may move and cancel, as with the paper in one's hand."""
    query = urlencode({"key": holder_key(sender.signing_key, draft.code), "lang": words.language})
    page = f"{sender.base_url}/appointment/{draft.code}"
    return ((words("move"), f"{page}/move?{query}"), (words("cancel"), f"{page}?{query}"))


def _small(draft: Draft, sender: Sender, words: Words) -> tuple[str, ...]:
    update = draft.kind in ("moved", "cancelled")
    calendar = words("calendar_update_note" if update else "calendar_note")
    return (calendar, words("automatic", office=sender.office.name), *trial(sender, words))


def trial(sender: Sender, words: Words) -> tuple[str, ...]:
    """That the office's clock is not the real one."""
    return (words("simulated"),) if sender.simulated else ()


def as_text(letter: Letter) -> str:
    """The plain text."""
    blocks = [letter.greeting, letter.title + "."]
    if letter.label:
        blocks.append(f"    {letter.number_name}{letter.colon} {letter.label}")
    blocks += [f"{name}{letter.colon}\n{indent(value, '    ')}" for name, value in letter.facts]
    blocks += letter.notes
    if letter.status is not None:
        blocks.append(f"{letter.status[0]}{letter.colon}\n{letter.status[1]}")
    if letter.change_note:
        blocks.append(letter.change_note)
    blocks += [f"{name}{letter.colon}\n{address}" for name, address in letter.changes]
    blocks += ["-- \n" + "\n".join((letter.office, *letter.small))]
    return "\n\n".join(blocks) + "\n"


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("dispatcher.mail").joinpath("letter.html").read_text(encoding="utf-8"))


def as_html(letter: Letter) -> str:
    """The HTML; its picture is the part with the id QR_ID."""
    return _template().render(letter=letter, qr_id=QR_ID) + "\n"
