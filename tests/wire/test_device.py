"""A device's side of the contract: commands with answers, presence, settings."""

from __future__ import annotations

import threading

import pytest

from dispatcher.wire import codec, topics
from dispatcher.wire.client import Link
from dispatcher.wire.device import DeviceLink, Refused, Unreachable, will_of
from dispatcher.wire.memory import Broker, Client
from dispatcher.wire.messages import DeviceStatus, PrintedRequest


def dispatcher(link: Link, answers) -> None:
    """Answers each command with what `answers` gives for it; nothing for None."""

    def take(message):
        answer = answers(message)
        if answer is not None:
            link.publish(message.response_topic, codec.encode_plain(answer), correlation=message.correlation)

    link.subscribe("$share/dispatcher/numeretto/v1/torino/command/#", take)


def device(broker: Broker) -> tuple[Client, DeviceLink]:
    client = Client(broker, will=will_of("torino", "entrance"))
    link = DeviceLink(client, "torino", "entrance")
    client.start()
    return client, link


def in_memory(answers) -> DeviceLink:
    broker = Broker()
    server = Client(broker)
    dispatcher(server, answers)
    server.start()
    return device(broker)[1]


def test_command_gives_the_content_of_its_answer():
    seen = []
    link = in_memory(lambda message: seen.append(message) or {"ok": True, "label": "A045"})
    assert link.command("issue", {"request_id": "r1", "service": "passport"}) == {"label": "A045"}
    assert seen[0].topic == "numeretto/v1/torino/command/entrance/issue"
    assert seen[0].response_topic == topics.device("torino", "entrance", "reply")


def test_refusal_carries_the_code():
    error = {"ok": False, "error": {"code": "service_closed", "message": "closed"}, "ticket": None}
    with pytest.raises(Refused, match="closed") as refused:
        in_memory(lambda _message: error).command("issue", {"request_id": "r1"})
    assert (refused.value.code, refused.value.content) == ("service_closed", {"ticket": None})


def test_command_is_repeated_with_the_same_request_until_answered():
    seen = []

    def third_time(message):
        seen.append(codec.decode_object(message.payload)["request_id"])
        return {"ok": True} if len(seen) == 3 else None

    request = PrintedRequest(request_id="r1", id="t1", result="confirmed")
    assert in_memory(third_time).command("printed", request, repeat_after_s=0.02) == {}
    assert seen == ["r1", "r1", "r1"]


def test_no_answer_is_said_after_all_repeats():
    seen = []
    with pytest.raises(Unreachable, match="no answer to issue"):
        in_memory(seen.append).command("issue", {"request_id": "r1"}, repeat_after_s=0.01)
    assert len(seen) == 4


def test_foreign_late_and_broken_answers_are_passed_over():
    broker = Broker()
    server = Client(broker)
    server.start()
    _client, link = device(broker)
    reply = topics.device("torino", "entrance", "reply")

    def confuse(message):
        server.publish(reply, b"\xff", correlation=message.correlation)
        server.publish(reply, b'{"ok":true,"label":"B001"}', correlation=b"other")
        server.publish(reply, b'{"ok":true,"label":"B002"}')
        server.publish(reply, b'{"ok":true,"label":"A001"}', correlation=message.correlation)

    server.subscribe("numeretto/v1/torino/command/#", confuse)
    assert link.command("issue", {"request_id": "r1"}) == {"label": "A001"}


def test_presence_and_settings(collected):
    broker, settings, orders = Broker(), collected(), collected()
    server = Client(broker)
    server.start()
    server.publish(topics.device("torino", "entrance", "config"), b'{"a":1}', retain=True)
    client, link = device(broker)
    link.on_config(settings)
    link.on_do(orders)
    server.publish(topics.device("torino", "entrance", "do"), b"{}")
    assert (settings.items, orders.items) == ([b'{"a":1}'], [b"{}"])
    status = topics.device("torino", "entrance", "status")
    assert link.status(DeviceStatus(online=True, version="1"))
    assert codec.decode(DeviceStatus, broker.retained[status]).online
    assert link.frame(b"png")
    assert topics.device("torino", "entrance", "frame") not in broker.retained
    client.lose()
    assert broker.retained[status] == b'{"online":false}'
    assert not link.connected


def test_commands_over_a_real_broker_from_several_threads(connect):
    connect(lambda client: dispatcher(client, lambda message: {"ok": True, "n": message.correlation.decode()}))
    links = []
    connect(lambda client: links.append(DeviceLink(client, "torino", "entrance")), will=will_of("torino", "entrance"))
    answers = {}

    def ask(number):
        answers[number] = links[0].command("issue", {"request_id": str(number)})

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == {number: {"n": str(number)} for number in range(8)}
