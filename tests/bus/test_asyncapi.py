"""The document of the bus says what is really sent: each payload of a day keeps its schema."""

from __future__ import annotations

import re

from jsonschema import Draft202012Validator

from dispatcher.bus import asyncapi
from dispatcher.bus.commands import KINDS
from dispatcher.bus.settings import device_settings
from dispatcher.wire import codec, topics
from tests.usecases.house import SITE


def channel_of(document, topic):
    for name, channel in document["channels"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(channel["address"])), topic):
            return name, channel
    raise AssertionError(f"{topic} is not in the document")


def keeps(document, topic, payload):
    _name, channel = channel_of(document, topic)
    kinds = [{"$ref": f"#/components/schemas/{name}"} for name in channel["messages"]]
    return Draft202012Validator({"anyOf": kinds, "components": document["components"]}).is_valid(payload)


def a_day(bus):
    """Everything that the dispatcher says of its own accord, and answers."""
    bus.status()
    made = bus.send("issue", {"service": "passport", "touched_at": "2026-11-23T08:00:00Z"})
    bus.send("printed", {"id": made["id"], "result": "confirmed"})
    bus.send("printed", {"id": "nobody", "result": "confirmed"})
    bus.press("next")
    bus.press("undo")
    bus.house.book("10:00")
    bus.house.until("10:00")
    bus.publisher.drain()
    bus.publisher.heartbeat()


def test_all_that_is_sent_in_a_day_is_in_the_document_and_as_it_says(room):
    bus = room()
    document = asyncapi.document(bus.house.desk.office)
    a_day(bus)
    seen = set()
    for one in bus.broker.log:
        if one.topic.endswith("/config"):  # made up by the room of these tests; below
            continue
        name, _channel = channel_of(document, one.topic)
        seen.add(name)
        assert keeps(document, one.topic, codec.decode_object(one.payload)), (one.topic, one.payload)
    assert {"board", "call", "heartbeat", "menu", "counter", "device_reply"} <= seen


def test_the_settings_of_every_device_are_as_the_document_says(room):
    office = room().house.desk.office
    document = asyncapi.document(office)
    settings = device_settings(office, printers={}, room=False, simulated_clock=False)
    assert settings
    for device, payload in settings.items():
        assert keeps(document, topics.device(SITE, device, "config"), codec.decode_object(payload))


def test_what_breaks_the_contract_is_seen(room):
    document = asyncapi.document(room().house.desk.office)
    board = {"epoch": "e", "revision": 1, "at": "2026-11-23T08:00:00.000Z", "calls": []}
    assert keeps(document, topics.board(SITE), board)
    assert not keeps(document, topics.board(SITE), board | {"revision": "one"})
    assert not keeps(document, topics.command(SITE, "entrance", "issue"), {"service": "passport"}), "no request_id"


def test_every_verb_and_every_reference_is_there(room):
    document = asyncapi.document(room().house.desk.office)
    assert {f"command_{verb}" for verb in KINDS} <= set(document["channels"])

    def references(value):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    for reference in set(references(document)):
        here = document
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]
