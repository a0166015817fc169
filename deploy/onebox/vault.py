"""Secrets that the office file names and the environment lacks: made once, kept in `secrets.json`, mode 0600."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher.engine.model import Office
from dispatcher.wire.program import password_variable

FILE = "secrets.json"
BROKER_PASSWORD = "NUMERETTO_BROKER_PASSWORD"  # noqa: S105  # a variable's name
OBSERVER_PASSWORD = password_variable("observer")
ROOM_PASSWORD = password_variable("room")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without l, i, o, 0, 1: people type these


class VaultError(Exception):
    """The file of secrets cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Secrets:
    """Values by variable; `fresh` are those made just now, in the order of the office file."""

    values: Mapping[str, str]
    fresh: Mapping[str, str] = field(default_factory=dict)


def variables(office: Office) -> list[str]:
    """The variables of all secrets that a onebox of this office needs: people and programs first, then devices."""
    named = [user.password_env for user in office.users.values() if user.password_env]
    named += [token.secret_env for token in office.tokens.values()]
    for devices in (office.kiosks, office.displays, office.devices):
        named += [device.secret_env for device in devices.values()]
    return list(dict.fromkeys([*named, OBSERVER_PASSWORD, ROOM_PASSWORD, BROKER_PASSWORD]))


def fill(folder: Path, names: Iterable[str], environ: Mapping[str, str]) -> Secrets:
    """The secrets from the environment, else from the file, else new ones, which are added to the file (mode 0600)."""
    path = folder / FILE
    stored = _read(path)
    values: dict[str, str] = {}
    fresh: dict[str, str] = {}
    for name in names:
        value = environ.get(name) or stored.get(name)
        if not value:
            value = fresh[name] = _new()
        values[name] = value
    if fresh:
        _write(path, {**stored, **fresh})
    return Secrets(values, fresh)


def _new() -> str:
    """About 79 bits, in groups that can be read aloud."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def _read(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise VaultError(
            f"{path} cannot be read ({error}); mend it, or move it away to have new secrets made"
        ) from None
    if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
        raise VaultError(f"{path} holds no table of names and texts; mend it, or move it away to have new secrets made")
    return content


def _write(path: Path, values: Mapping[str, str]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(values), file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
