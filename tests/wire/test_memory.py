"""The broker in memory keeps the promises that programs rely on."""

from __future__ import annotations

from dispatcher.wire.client import Will
from dispatcher.wire.memory import Broker, Client


def started(broker, **settings):
    client = Client(broker, **settings)
    client.start()
    return client


def test_retained_is_given_to_who_comes_later_and_says_so(collected):
    broker, got = Broker(), collected()
    sender = started(broker)
    sender.publish("a/board", b"1", retain=True)
    sender.publish("a/board", b"2", retain=True)
    started(broker).subscribe("a/+", got)
    assert [(one.payload, one.retain) for one in got.items] == [(b"2", True)]
    sender.publish("a/board", b"", retain=True)
    started(broker).subscribe("a/+", got)
    assert len(got.items) == 2
    assert broker.retained == {}


def test_shared_subscription_reaches_one_and_is_not_replayed(collected):
    broker, got = Broker(), collected()
    for _number in range(2):
        started(broker).subscribe("$share/dispatcher/c/#", got)
    started(broker).publish("c/1", b"x")
    assert len(got.items) == 1


def test_messages_sent_by_a_handler_follow_in_order(collected):
    broker, got = Broker(), collected()
    client = started(broker)
    client.subscribe("ask", lambda message: client.publish(message.response_topic, b"a", correlation=b"1"))
    client.subscribe("#", got)
    client.publish("ask", b"q", response_topic="reply")
    assert [(one.topic, one.correlation) for one in got.items] == [("ask", None), ("reply", b"1")]


def test_will_is_said_when_the_link_breaks_and_not_on_leaving(collected):
    broker, down = Broker(), collected()
    for leave in (Client.lose, Client.stop):
        broker.retained.clear()
        client = Client(broker, will=Will("status", b"off"))
        client.on_disconnect(down)
        client.start()
        leave(client)
        assert broker.retained == ({"status": b"off"} if leave is Client.lose else {})
        assert not client.connected
        assert not client.publish("x", b"")
    assert len(down.items) == 1


def test_connect_handlers_run_after_the_subscriptions(collected):
    broker, got, up = Broker(), collected(), collected()
    started(broker).publish("a", b"1", retain=True)
    client = Client(broker)
    client.subscribe("a", got)
    client.on_connect(lambda: up(len(got.items)))
    client.start()
    assert up.items == [1]
