"""What is stored goes out: in order, the last of each retained topic, again after each connect (C1, C4, C6)."""

from __future__ import annotations

import pytest

from dispatcher.bus.settings import device_settings
from dispatcher.store import messages
from dispatcher.wire import codec
from dispatcher.wire.messages import DeviceConfig, KioskConfig
from tests.servers import until
from tests.usecases.house import SITE

ROOT = f"numeretto/v1/{SITE}/"


def waiting(bus) -> int:
    return len(bus.publisher._pending())


def test_calls_leave_in_order_before_their_board(room):
    bus = room()
    for _ in range(3):
        bus.house.issue()
        bus.house.call()
    bus.publisher.drain()
    sent = bus.sent()
    assert [body["label"] for topic, body in sent if topic == "call"] == ["A001", "A002", "A003"]
    assert codec.decode_object(bus.broker.retained[ROOT + "board"]) == bus.house.board()
    assert waiting(bus) == 0


def test_of_a_retained_topic_only_the_newest_is_worth_sending(room):
    bus = room()
    bus.publisher.drain()
    before = len(bus.sent())
    for _ in range(10):
        bus.house.issue()
    bus.publisher.drain()
    boards = [body["revision"] for topic, body in bus.sent()[before:] if topic == "board"]
    assert boards == [bus.house.board()["revision"]]


def test_nothing_is_lost_while_the_link_is_down(room):
    bus = room(connected=False)
    bus.house.issue()
    bus.house.call()
    bus.publisher.drain()
    assert bus.sent() == []
    bus.link.start()
    bus.publisher.drain()
    assert [body["label"] for topic, body in bus.sent() if topic == "call"] == ["A001"]
    bus.link.lose()
    bus.house.press("recall")
    bus.publisher.drain()
    bus.link.start()
    bus.publisher.drain()
    assert [body["label"] for topic, body in bus.sent() if topic == "call"] == ["A001", "A001"]
    assert codec.decode_object(bus.broker.retained[ROOT + "board"]) == bus.house.board()


def test_a_broker_that_forgot_everything_is_told_again(room):
    bus = room()
    bus.house.issue()
    bus.house.call()
    bus.publisher.drain()
    before = dict(bus.broker.retained)
    assert set(before) == {
        ROOT + name for name in ("board", "menu", "counter/1", "counter/2", "device/entrance/config")
    }
    bus.link.lose()
    bus.broker.retained.clear()
    bus.link.start()
    bus.publisher.drain()
    assert bus.broker.retained == before


def test_a_crash_repeats_a_message_at_most_and_loses_none(room):
    bus = room()
    bus.house.issue()
    bus.house.call()
    bus.publisher.drain()
    from dispatcher.bus.publisher import Publisher

    bus.house.press("recall")
    again = Publisher(bus.house.desk, bus.link, {})
    again.drain()
    ids = [body["call_id"] for topic, body in bus.sent() if topic == "call"]
    assert len(set(ids)) == 2
    assert ids[-1] not in ids[:-1]


def test_the_heartbeat_has_the_revision_of_the_stored_board(room):
    bus = room()
    bus.house.issue()
    bus.publisher.drain()
    bus.publisher.heartbeat()
    topic, beat = bus.sent()[-1]
    board = bus.house.board()
    assert topic == "heartbeat"
    assert beat == {"epoch": board["epoch"], "revision": board["revision"], "at": "2026-11-23T08:00:00.000Z"}
    assert ROOT + "heartbeat" not in bus.broker.retained


def test_what_was_sent_is_forgotten_with_the_heartbeat(room):
    bus = room()
    bus.house.issue()
    bus.publisher.drain()
    bus.publisher.heartbeat()
    with bus.house.store.reading(SITE, bus.house.clock.now(), bus.house.clock.wall()) as tx:
        assert messages.backlog(tx) == 0


def test_the_running_publisher_sends_at_once(room):
    bus = room()
    bus.publisher.start()
    bus.house.issue()
    bus.house.call()
    until(lambda: [body for topic, body in bus.sent() if topic == "call"], "the call")
    until(lambda: [body for topic, body in bus.sent() if topic == "heartbeat"], "the heartbeat")


@pytest.mark.parametrize("room_open", [True, False])
def test_each_device_is_told_its_settings(room, room_open):
    bus = room()
    made = device_settings(
        bus.house.desk.office, printers={"entrance": "tcp://127.0.0.1:9100"}, room=room_open, simulated_clock=False
    )
    kiosk = codec.decode(KioskConfig, made["entrance"])
    assert (kiosk.printer, kiosk.zone, kiosk.room) == ("tcp://127.0.0.1:9100", "Europe/Rome", room_open)
    assert kiosk.offline == 50, "a dispenser goes on alone unless its table says offline = 0"
    assert (kiosk.screen, kiosk.contrast, kiosk.interval, kiosk.per_minute) == (21.5, False, 2.0, 20)
    assert (kiosk.scanner, kiosk.letters[:1]) == ("none", ("A",))
    assert (kiosk.spare, kiosk.logo) == (None, None)
    button = codec.decode(DeviceConfig, made["button"])
    assert (button.kind, button.counter, button.letters[:1]) == ("tasmota", "1", ("A",))
    assert set(made) == {"entrance", "button"}
