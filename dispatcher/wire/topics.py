"""MQTT topics below `numeretto/v1/{site}/`, built and read in one place."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "numeretto/v1"


def root(site: str) -> str:
    return f"{PREFIX}/{site}"


def board(site: str) -> str:
    return f"{root(site)}/board"


def call(site: str) -> str:
    return f"{root(site)}/call"


def heartbeat(site: str) -> str:
    return f"{root(site)}/heartbeat"


def menu(site: str) -> str:
    return f"{root(site)}/menu"


def counter(site: str, counter_id: str) -> str:
    return f"{root(site)}/counter/{counter_id}"


def device(site: str, device_id: str, part: str) -> str:
    """A device's own topic; `part` is `config`, `do`, `frame`, `status` or `reply`."""
    return f"{root(site)}/device/{device_id}/{part}"


def command(site: str, device_id: str, verb: str) -> str:
    """Where a device sends a command; `verb` is `issue`, `printed`, …, or `counter/{counter}`."""
    return f"{root(site)}/command/{device_id}/{verb}"


@dataclass(frozen=True)
class CommandTopic:
    """A command's topic, taken apart."""

    site: str
    device: str
    verb: str
    counter: str | None = None


def parse_command(topic: str) -> CommandTopic | None:
    """The parts of a command topic, or None when it is not one."""
    match topic.split("/"):
        case ["numeretto", "v1", site, "command", device_id, "counter", counter_id] if site and device_id:
            return CommandTopic(site, device_id, "counter", counter_id)
        case ["numeretto", "v1", site, "command", device_id, verb] if site and device_id:
            return CommandTopic(site, device_id, verb)
        case _:
            return None


def parse_device(topic: str) -> tuple[str, str, str] | None:
    """`(site, device, part)` of a device topic, or None when it is not one."""
    match topic.split("/"):
        case ["numeretto", "v1", site, "device", device_id, part] if site and device_id:
            return site, device_id, part
        case _:
            return None


def matches(pattern: str, topic: str) -> bool:
    """Whether an MQTT filter (`+`, `#`, `$share/…/`) takes a topic (MQTT 5, section 4.7)."""
    if pattern.startswith("$share/"):
        pattern = pattern.split("/", 2)[2]
    wanted, parts = pattern.split("/"), topic.split("/")
    for at, piece in enumerate(wanted):
        if piece == "#":
            return True
        if at >= len(parts) or piece not in ("+", parts[at]):
            return False
    return len(wanted) == len(parts)
