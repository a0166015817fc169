"""The office file: `site.toml` in, an `Office` out, or an error with file, line and key. Nothing is half read."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dispatcher.config import calendar, checks, signage, tables, values
from dispatcher.config.locate import Locator
from dispatcher.config.locate import Path as KeyPath
from dispatcher.engine import model
from dispatcher.wire.program import password_variable

__all__ = [
    "ConfigError",
    "Reading",
    "Warning_",
    "load",
    "load_with_warnings",
    "parse_duration",
    "read",
]

parse_duration = values.duration
T = TypeVar("T")
MAIL_PORTS = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class Warning_:
    """Something that may be meant, but probably is not."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}"


class ConfigError(Exception):
    """The file cannot be used. `str()` is one line with file, line (0: no line), key and what to do."""

    def __init__(self, file: str, line: int, key: str, message: str) -> None:
        super().__init__(file, line, key, message)
        self.file, self.line, self.key, self.message = file, line, key, message

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


@dataclass(frozen=True)
class Reading:
    """All that was found in a file. `office` is None when there are errors."""

    office: model.Office | None
    errors: tuple[ConfigError, ...] = ()
    warnings: tuple[Warning_, ...] = ()


def load(path: Path) -> model.Office:
    """The office that the file describes; raises ConfigError, for the first fault."""
    return load_with_warnings(path)[0]


def load_with_warnings(path: Path) -> tuple[model.Office, tuple[Warning_, ...]]:
    """The office and what seems doubtful in its file; raises ConfigError, for the first fault."""
    reading = read(path)
    if reading.office is None:
        raise reading.errors[0]
    return reading.office, reading.warnings


def read(path: Path) -> Reading:
    """The office with all errors and warnings, in the order of lines."""
    file = str(path)
    try:
        text = _text(path)
        data = _parsed(file, text)
    except ConfigError as error:
        return Reading(None, (error,))
    locator = Locator(text)
    try:
        table = tables.OfficeTable.model_validate(data)
    except ValidationError as error:
        faults = [_translated(file, locator, data, detail) for detail in error.errors(include_url=False)]
        return Reading(None, tuple(sorted(faults, key=lambda fault: fault.line)))
    errors, warnings = [], []
    for finding in checks.findings(table):
        line, key = locator.line(finding.path), _key(data, finding.path)
        if finding.is_warning:
            warnings.append(Warning_(file, line, key, finding.text))
        else:
            errors.append(ConfigError(file, line, key, finding.text))
    signs = signage.gather(table, path.parent)
    for fault in signs.faults:
        place = fault.file or file, fault.line or locator.line(fault.path), fault.key or _key(data, fault.path)
        errors.append(ConfigError(*place, fault.text))
    if errors:
        return Reading(None, tuple(sorted(errors, key=lambda fault: fault.line)), tuple(warnings))
    return Reading(_office(table, signs), (), tuple(sorted(warnings, key=lambda warning: warning.line)))


def _as_variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(str(path), 0, "", "no such file; give the path of an office file") from None
    except OSError as error:
        raise ConfigError(str(path), 0, "", f"cannot be read: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(str(path), line, "", "this is not UTF-8; save the file as UTF-8") from None


def _parsed(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        lines = text.splitlines()
        line = int(found[1]) if found else len(lines)
        key = lines[line - 1].partition("=")[0].strip()[:60] if 0 < line <= len(lines) else ""
        reason = re.sub(r"\s*\(at .*\)$", "", message)
        raise ConfigError(file, max(line, 1), key, f"this is not TOML: {reason}") from None


def _translated(file: str, locator: Locator, data: dict[str, Any], detail: ErrorDetails) -> ConfigError:
    """One of pydantic's findings in the words of the office file."""
    path: KeyPath = tuple(detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, values.Wrong):
        path = (*path, *cause.path)
    return ConfigError(file, locator.line(path), _key(data, path), _sentence(detail, path, cause))


def _sentence(detail: ErrorDetails, path: KeyPath, cause: object) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return _unknown_key(path)
        case "missing":
            return "this is required; add it"
        case "value_error":
            return str(cause)
        case "bool_type":
            return "write true or false, without quotes"
        case "int_type" | "int_from_float":
            return "write a whole number, without quotes"
        case "string_type":
            return "write a text in quotes"
        case "literal_error":
            choices = str(context["expected"]).replace(" or ", ", ")
            return f"{detail['input']!r} is not possible here; write one of {choices}"
        case "greater_than_equal":
            return f"{detail['input']} is too low; the least is {context['ge']}"
        case "less_than_equal":
            return f"{detail['input']} is too high; the most is {context['le']}"
        case "list_type":
            return f"write this table with two brackets: [[{path[0]}]]"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"write this as a table: [{path[0]}]" if len(path) == 1 else "write this as a table: { key = value }"
        case _:
            return detail["msg"]


def _unknown_key(path: KeyPath) -> str:
    known = _known_keys(path)
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"
    return f"unknown key; {hint}"


def _known_keys(path: KeyPath) -> list[str]:
    kind: type[BaseModel] = tables.OfficeTable
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        annotation: Any = kind.model_fields[part].annotation
        arguments = getattr(annotation, "__args__", ())
        kind = arguments[0] if arguments else annotation
    return [field.alias or name for name, field in kind.model_fields.items()]


def _key(data: dict[str, Any], path: KeyPath) -> str:
    """`service[passport].hours.mon`: the path with ids in place of places (`service[#2]` where there is no id)."""
    text, value = "", data
    for part in path:
        value = _inside(value, part)
        if isinstance(part, int):
            name = value.get("id", value.get("name")) if isinstance(value, dict) else None
            text += f"[{name}]" if isinstance(name, str) else f"[#{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def _inside(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _built(kind: type[T], table: BaseModel, **changes: Any) -> T:
    """A frozen value of the engine from a table whose keys have the same names."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    taken = {name: getattr(table, name) for name in type(table).model_fields if name in known}
    return kind(**{**taken, **changes})


def _office(table: tables.OfficeTable, signs: signage.Signage) -> model.Office:
    first = table.site.languages[0]
    groups = {row.id: row.name for row in table.group}
    for service in table.service:
        if service.group:
            groups.setdefault(service.group, {first: service.group})
    return _built(
        model.Office,
        table.site,
        services={row.id: _service(table.site, row) for row in table.service},
        capacities=tuple(_built(model.Capacity, row) for row in table.capacity),
        counters={row.id: _counter(row) for row in table.counter},
        kiosks={row.id: _device(model.Kiosk, row) for row in table.kiosk},
        displays={row.id: replace(_device(model.Display, row), look=signs.looks[row.id]) for row in table.display},
        devices={row.id: _device(model.Device, row) for row in table.device},
        users={row.name: _user(row) for row in table.user},
        tokens={row.name: _token(row) for row in table.token},
        groups=groups,
        notices=(
            *(_built(model.Notice, row) for row in table.notice),
            *(_built(model.Notice, row, id=row.id or f"message-{at}") for at, row in enumerate(table.message, 1)),
        ),
        slides=signs.slides,
        mail=_mail(table.mail) if table.mail else None,
        platforms={row.id: _built(model.Platform, row) for row in table.platform},
        identity=_identity(table.identity) if table.identity else None,
        privacy=_built(model.Privacy, table.privacy),
        problems=_built(model.Problems, table.problems),
        voice=_built(model.Voice, table.voice),
    )


def _mail(row: tables.MailTable) -> model.Mail:
    security: Literal["none", "starttls", "tls"] = "tls" if row.smtp.tls else "starttls" if row.starttls else "none"
    variable = row.password_env or ("NUMERETTO_MAIL_PASSWORD" if row.user else None)
    port = row.smtp.port or MAIL_PORTS[security]
    return _built(model.Mail, row, host=row.smtp.host, port=port, security=security, password_env=variable)


def _identity(row: tables.IdentityTable) -> model.Identity:
    return _built(model.Identity, row, secret_env=row.secret_env or "NUMERETTO_IDENTITY_SECRET")


def _service(site: tables.SiteTable, row: tables.ServiceTable) -> model.Service:
    """Who is always open is so on holidays too, unless the file says otherwise."""
    keeps = row.holidays if row.holidays is not None else site.holidays and not row.hours.always
    days: Container[date] = frozenset()
    if keeps and calendar.is_known(site.country):
        part = calendar.subdivision_code(site.country, site.subdivision) if site.subdivision else None
        days = calendar.PublicHolidays(site.country, part)
    return _built(model.Service, row, holidays=days)


def _counter(row: tables.CounterTable) -> model.Counter:
    means = row.next_means
    return _built(model.Counter, row, next_walk_in=means.walk_in, next_appointment=means.appointment)


def _device(kind: type[T], row: tables.KioskTable | tables.DisplayTable | tables.DeviceTable) -> T:
    return _built(kind, row, secret_env=row.secret_env or password_variable(row.id))


def _user(row: tables.UserTable) -> model.User:
    variable = row.password_env
    if variable is None and row.password_hash is None:
        variable = f"NUMERETTO_PASSWORD_{_as_variable(row.name)}"
    return _built(model.User, row, password_env=variable)


def _token(row: tables.TokenTable) -> model.Token:
    return _built(model.Token, row, secret_env=row.secret_env or checks.token_variable(row.role))
