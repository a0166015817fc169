"""The client over a real broker."""

from __future__ import annotations

import pytest

from dispatcher.wire.client import Broker, Client, Trouble, Will
from tests import servers


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://broker", Broker("broker", 1883)),
        ("mqtt://127.0.0.1:2883", Broker("127.0.0.1", 2883)),
        ("mqtts://broker", Broker("broker", 8883, tls=True)),
        ("mqtt://hall:p%40ss@broker:1", Broker("broker", 1, False, "hall", "p@ss")),
    ],
)
def test_broker_as_a_user_writes_it(url, expected):
    assert Broker.parse(url) == expected


@pytest.mark.parametrize("url", ["", "broker:1883", "http://broker", "mqtt://", "mqtt://broker:99999", "mqtt://b:x"])
def test_what_is_no_broker_is_said_in_a_sentence(url):
    with pytest.raises(ValueError, match="is no broker"):
        Broker.parse(url)


def test_messages_arrive_with_their_properties(connect, collected):
    got = collected()
    receiver, sender = connect(), connect()
    receiver.subscribe("a/+", got)
    ready = collected()
    receiver.subscribe("ready", ready)
    receiver.publish("ready", b"")
    ready.wait()
    assert sender.publish("a/1", b"x", response_topic="a/reply", correlation=b"c", wait_s=5)
    [message] = got.wait()
    assert (message.topic, message.payload, message.retain) == ("a/1", b"x", False)
    assert (message.response_topic, message.correlation) == ("a/reply", b"c")


def test_retained_message_is_there_for_who_comes_later(connect, collected):
    got = collected()
    assert connect().publish("board", b"1", retain=True, wait_s=5)
    connect(lambda client: client.subscribe("board", got))
    [message] = got.wait()
    assert (message.payload, message.retain) == (b"1", True)


@pytest.mark.parametrize("as_published", [True, False])
def test_message_that_is_sent_now_can_be_told_from_one_that_was_kept(connect, collected, as_published):
    """ESPHome keeps all its states: a press that comes now must not look like one from before."""
    got, ready = collected(), collected()
    receiver = connect(lambda client: client.subscribe("a/+", got, as_published=as_published))
    receiver.subscribe("ready", ready)
    receiver.publish("ready", b"")
    ready.wait()
    assert connect().publish("a/1", b"x", retain=True, wait_s=5)
    [message] = got.wait()
    assert message.retain is as_published


def test_handler_that_fails_does_not_stop_the_next_message(connect, collected):
    got = collected()

    def fail(_message):
        raise RuntimeError("a handler failed on purpose")

    client = connect(lambda client: (client.subscribe("x", fail), client.subscribe("x", got)))
    client.publish("x", b"1")
    client.publish("x", b"2")
    assert [one.payload for one in got.wait(2)] == [b"1", b"2"]


def test_client_comes_back_with_its_subscriptions_after_the_broker_died(mosquitto, connect, collected):
    got, up, down = collected(), collected(), collected()
    client = connect(lambda client: (client.subscribe("x", got), client.on_connect(up), client.on_disconnect(down)))
    up.wait(1)
    mosquitto.kill()
    down.wait(1)
    assert not client.publish("x", b"lost")
    mosquitto.start()
    up.wait(2)
    assert client.publish("x", b"kept", wait_s=5)
    assert [one.payload for one in got.wait(1)] == [b"kept"]


def test_client_waits_for_a_broker_that_is_not_yet_there(mosquitto, collected):
    mosquitto.kill()
    client, up = Client(Broker("127.0.0.1", mosquitto.port)), collected()
    client.on_connect(up)
    client.start()
    try:
        assert not client.connected
        mosquitto.start()
        up.wait(1)
    finally:
        client.stop()
    assert not client.connected


def test_last_will_is_said_for_who_vanishes_and_not_for_who_leaves(connect, collected):
    got = collected()
    connect(lambda client: client.subscribe("status/+", got))
    leaving = connect(will=Will("status/leaving", b"off"), client_id="leaving")
    leaving.stop()
    vanishing = connect(will=Will("status/vanishing", b"off"), client_id="vanishing")
    connect(client_id="vanishing")  # a second client of that name: the broker cuts the first off (MQTT 5, 3.1.4)
    [message] = got.wait(1)
    assert (message.topic, message.payload) == ("status/vanishing", b"off")
    vanishing.stop()
    assert len(got.items) == 1


def test_shared_subscription_reaches_one_dispatcher(connect, collected):
    got, all_of_them = collected(), collected()
    for _number in range(2):
        connect(lambda client: client.subscribe("$share/dispatcher/c/#", got))
    sender = connect(lambda client: client.subscribe("c/#", all_of_them))
    for number in range(10):
        assert sender.publish(f"c/{number}", b"", wait_s=5)
    all_of_them.wait(10)
    assert sorted(one.topic for one in got.wait(10)) == [f"c/{number}" for number in range(10)]


def test_why_a_broker_is_not_reached_is_told(collected, tmp_path):
    """Nobody listens; then one that takes no strangers."""
    strict = servers.Mosquitto(tmp_path, "allow_anonymous false\n")
    strict.start()
    try:
        for port, trouble in ((servers.free_port(), Trouble.nobody), (strict.port, Trouble.refused)):
            troubles = collected()
            client = Client(Broker("127.0.0.1", port))
            client.on_trouble(troubles)
            client.start()
            assert troubles.wait()[0] is trouble
            client.stop()
    finally:
        strict.kill()
