"""The AsyncAPI 3.0 document: every topic of one office, who sends what there, made of the messages themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from dispatcher.bus.commands import KINDS
from dispatcher.engine.model import Office
from dispatcher.wire import messages, topics
from dispatcher.wire.version import VERSION

Schema = dict[str, Any]
By = Literal["dispatcher", "device"]


@dataclass(frozen=True)
class Channel:
    """A topic below the site, in the words of the contract. `payloads` empty: a picture, not JSON."""

    name: str
    topic: str
    by: By
    summary: str
    payloads: tuple[type[BaseModel], ...] = ()
    retained: bool = False
    reply: bool = False


COMMANDS = {
    "issue": "A ticket is wanted; the answer has its label.",
    "printed": "What became of a ticket's paper.",
    "check_in": "Somebody with an appointment is here.",
    "rejoin": "Somebody missed their call and is here.",
    "lease": "A dispenser wants numbers to issue while nobody can be reached; they are its own for the business day.",
    "offline_issued": "Tickets that a dispenser has issued from its own numbers; the answer has the labels.",
    "counter": "A counter acts: next, recall, absent and the others.",
}


SITE, DEVICE, COUNTER = "{site}", "{device}", "{counter}"
FIXED = (
    Channel(
        "board",
        topics.board(SITE),
        "dispatcher",
        "All that a screen shows, calls newest first.",
        (messages.Board,),
        True,
    ),
    Channel(
        "call",
        topics.call(SITE),
        "dispatcher",
        "A call to be seen and heard now, or one that was taken back.",
        (messages.CallEvent, messages.Withdrawn),
    ),
    Channel(
        "heartbeat",
        topics.heartbeat(SITE),
        "dispatcher",
        "Every 2 s, with the revision of the stored board.",
        (messages.Heartbeat,),
    ),
    Channel("menu", topics.menu(SITE), "dispatcher", "What a dispenser offers.", (messages.Menu,), True),
    Channel(
        "counter",
        topics.counter(SITE, COUNTER),
        "dispatcher",
        "Who is at a counter, and who is next.",
        (messages.CounterState,),
        True,
    ),
    Channel(
        "device_config",
        topics.device(SITE, DEVICE, "config"),
        "dispatcher",
        "A device's settings.",
        (messages.KioskConfig, messages.DisplayConfig, messages.DeviceConfig),
        True,
    ),
    Channel(
        "device_do", topics.device(SITE, DEVICE, "do"), "dispatcher", "An order to a device.", (messages.DeviceDo,)
    ),
    Channel(
        "device_reply",
        topics.device(SITE, DEVICE, "reply"),
        "dispatcher",
        "The answers to a device's commands, by correlation data.",
        (messages.Reply,),
    ),
    Channel("device_frame", topics.device(SITE, DEVICE, "frame"), "device", "PNG of its surface as it is now."),
    Channel(
        "device_status",
        topics.device(SITE, DEVICE, "status"),
        "device",
        "What a device says of itself; its last will is `online: false`.",
        (messages.DeviceStatus,),
        True,
    ),
)


def _channels() -> tuple[Channel, ...]:
    commands = tuple(
        Channel(
            f"command_{verb}",
            topics.command(SITE, DEVICE, f"counter/{COUNTER}" if verb == "counter" else verb),
            "device",
            COMMANDS[verb],
            (kind,),
            reply=True,
        )
        for verb, kind in KINDS.items()
    )
    return (*FIXED, *commands)


def document(office: Office) -> Schema:
    """The whole document for one office."""
    channels = _channels()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Numeretto",
            "version": VERSION,
            "description": "MQTT 5, JSON in UTF-8, QoS 1. A device writes only below its own `command/` topic and its "
            "own `status` and `frame`. Unknown fields are ignored. Instants are ISO 8601 in UTC and end in `Z`.",
        },
        "defaultContentType": "application/json",
        "channels": {one.name: _channel(one, office) for one in channels},
        "operations": dict(_operation(one) for one in channels),
        "components": {"messages": _messages(channels), "schemas": _schemas(channels)},
    }


def _channel(one: Channel, office: Office) -> Schema:
    known = {
        "site": [office.id],
        "device": [*office.kiosks, *office.displays, *office.devices],
        "counter": list(office.counters),
    }
    names = [name for name in known if f"{{{name}}}" in one.topic]
    return {
        "address": one.topic,
        "summary": one.summary,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(one)},
        "parameters": {name: {"enum": known[name]} if known[name] else {} for name in names},
        "bindings": {"mqtt": {"bindingVersion": "0.2.0"}},
    }


def _operation(one: Channel) -> tuple[str, Schema]:
    """As seen from the dispatcher: it sends what it says, and receives what devices say."""
    action = "send" if one.by == "dispatcher" else "receive"
    described: Schema = {
        "action": action,
        "channel": {"$ref": f"#/channels/{one.name}"},
        "bindings": {"mqtt": {"qos": 1, "retain": one.retained, "bindingVersion": "0.2.0"}},
    }
    if one.reply:
        described["reply"] = {"channel": {"$ref": "#/channels/device_reply"}}
    return f"{action}_{one.name}", described


def _names(one: Channel) -> list[str]:
    return [kind.__name__ for kind in one.payloads] or ["Picture"]


def _messages(channels: tuple[Channel, ...]) -> Schema:
    made: Schema = {"Picture": {"name": "Picture", "contentType": "image/png"}}
    for kind in (kind for one in channels for kind in one.payloads):
        made[kind.__name__] = {
            "name": kind.__name__,
            "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
        }
    return made


def _schemas(channels: tuple[Channel, ...]) -> Schema:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (kind, "validation") for one in channels for kind in one.payloads
    ]
    _, schema = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    definitions: Schema = schema["$defs"]
    return definitions
