"""The broker of a onebox: a private mosquitto where there is one, else the embedded one; accounts and rules."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from deploy.onebox import embedded, passwords
from deploy.onebox.parts import Part, accepts, program_part, python_part
from deploy.onebox.ports import Address
from dispatcher.engine.model import Office
from dispatcher.wire import topics
from kiosk.counter import buttons

PROGRAM_VARIABLE = "NUMERETTO_MOSQUITTO"
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")  # not on an ordinary user's PATH


@dataclass(frozen=True)
class Accounts:
    """Passwords by MQTT user. The devices' names are their ids."""

    dispatcher: str
    observer: str
    room: str
    devices: Mapping[str, str]

    def by_user(self) -> dict[str, str]:
        return {"dispatcher": self.dispatcher, "observer": self.observer, "room": self.room, **self.devices}


def device_ids(office: Office) -> list[str]:
    return [*office.kiosks, *office.displays, *office.devices]


def find_mosquitto(environ: Mapping[str, str]) -> str | None:
    """The program's path; None: there is none, or the environment says `none`; the embedded one serves."""
    chosen = environ.get(PROGRAM_VARIABLE)
    if chosen:
        return None if chosen == "none" else chosen
    places = [*environ.get("PATH", "").split(os.pathsep), *_SYSTEM_FOLDERS]
    return shutil.which("mosquitto", path=os.pathsep.join(filter(None, places)))


def part(
    office: Office, accounts: Accounts, address: Address, folder: Path, program: str | None, env: Mapping[str, str]
) -> Part:
    """The broker as a child; its files are written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if program:
        command = program_part(program, "-c", str(_mosquitto_files(office, accounts, address, folder)))
    else:
        settings = folder / "embedded.toml"
        _write_private(settings, embedded.config_text(address, accounts.by_user()))
        command = python_part("deploy.onebox.embedded:main", str(settings))
    return Part("broker", command, env, rank=0, is_ready=lambda: accepts(address.reachable_host, address.port))


def _mosquitto_files(office: Office, accounts: Accounts, address: Address, folder: Path) -> Path:
    password_file, acl_file, settings = folder / "passwords", folder / "acl", folder / "mosquitto.conf"
    _write_private(password_file, passwords.file_text(accounts.by_user()))
    _write_private(acl_file, acl_text(office.id, device_ids(office), button_topics(office), room_topics(office)))
    _write_private(settings, mosquitto_text(address, password_file, acl_file, folder, as_root=os.geteuid() == 0))
    return settings


def mosquitto_text(address: Address, password_file: Path, acl_file: Path, store: Path, *, as_root: bool) -> str:
    """mosquitto.conf(5) of a onebox.

    Started by root it stays root, as all parts do: a change of user would cut the tie to the parent, and the
    files need not be readable by another user.
    """
    return f"""\
{"user root" if as_root else "# the user is the one who started it"}
listener {address.port} {address.host}
allow_anonymous false
password_file {password_file}
acl_file {acl_file}
persistence true
persistence_location {store}/
autosave_interval 60
max_queued_messages 10000
max_inflight_messages 200
message_size_limit {embedded.MAX_PAYLOAD_BYTES}
set_tcp_nodelay true
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages false
"""


def button_topics(office: Office) -> dict[str, tuple[str, ...]]:
    """By device the topics that a button speaks in its maker's manner; it uses the account of its device."""
    found: dict[str, tuple[str, ...]] = {}
    for device in office.devices.values():
        if device.kind in buttons.KINDS and device.port:
            with contextlib.suppress(ValueError):  # its program says what is wrong
                found[device.id] = buttons.own_topics(device.kind, device.port)
    return found


def room_topics(office: Office) -> dict[str, tuple[str, ...]]:
    """By display the statuses of the screens in its room, by which they tell who of them speaks."""
    rooms: dict[str, list[str]] = {}
    for display in office.displays.values():
        if display.room is not None:
            rooms.setdefault(display.room, []).append(display.id)
    return {
        one: tuple(topics.device(office.id, other, "status") for other in screens if other != one)
        for screens in rooms.values()
        for one in screens
    }


def acl_text(
    site: str,
    devices: list[str],
    own: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    heard: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> str:
    """Who may write and read which topics: the contract's MQTT table, what buttons have of their `own`, and what is
    `heard` besides."""
    root = topics.root(site)
    lines = ["user dispatcher", f"topic readwrite {topics.PREFIX}/#", ""]
    lines += ["user observer", f"topic read {root}/#", ""]
    lines += ["user room", f"topic read {root}/#", f"topic write {topics.device(site, '+', 'do')}", ""]
    for device in devices:
        lines += [f"user {device}", *_device_rules(site, device)]
        lines += [f"topic read {topic}" for topic in heard.get(device, ())]
        lines += [*(f"topic readwrite {topic}" for topic in own.get(device, ())), ""]
    return "\n".join(lines)


def _device_rules(site: str, device: str) -> list[str]:
    write = [topics.command(site, device, "#")]
    write += [topics.device(site, device, part) for part in ("status", "frame")]
    read = [topics.board(site), topics.call(site), topics.heartbeat(site), topics.menu(site), topics.counter(site, "+")]
    read += [topics.device(site, device, part) for part in ("config", "do", "reply")]
    return [f"topic write {topic}" for topic in write] + [f"topic read {topic}" for topic in read]


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
