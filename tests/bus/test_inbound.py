"""Commands over MQTT: each verb, good and bad; whatever comes, the dispatcher lives and nothing else changes (C1)."""

from __future__ import annotations

import pytest

from dispatcher.usecases import views
from dispatcher.wire import topics
from dispatcher.wire.client import Incoming
from tests.usecases.house import SITE, counter, service


def error(answer) -> tuple[str, str | None]:
    assert answer is not None
    assert answer["ok"] is False
    assert set(answer["error"]) <= {"code", "message", "field"}
    assert answer["error"]["message"]
    return answer["error"]["code"], answer["error"].get("field")


def test_a_dispenser_issues_and_reports_the_paper(room):
    bus = room()
    touched = "2026-11-23T08:00:00.000Z"
    one = bus.send("issue", {"service": "passport", "language": "en", "touched_at": touched, "extra": [1]})
    assert one["ok"] is True
    assert (one["label"], one["state"], one["ahead"], one["queued_at"]) == ("A001", "printing", 0, touched)
    assert one["status_url"].startswith("http://127.0.0.1:8000/t/")
    assert bus.send("printed", {"id": one["id"], "result": "confirmed"})["ok"] is True
    assert bus.house.state("A001") == "waiting"


def test_a_dispenser_gets_so_many_tickets_a_minute_as_the_office_allows(room):
    bus = room(per_minute=2)
    sent = [bus.send("issue", {"service": "passport"}) for _ in range(3)]
    assert [answer["ok"] for answer in sent] == [True, True, False]
    assert error(sent[2]) == ("too_many", None)
    bus.house.clock.advance(seconds=60)
    assert bus.send("issue", {"service": "passport"})["label"] == "A003"


def test_a_customer_checks_in_and_comes_back_at_the_dispenser(room):
    bus = room(service(walk_in_recalls=0))
    booked = bus.house.book("10:00")
    assert bus.send("check_in", {"code": booked["code"]})["result"] == "early"
    bus.house.issue()
    bus.house.call()
    bus.house.press("absent")
    assert bus.send("rejoin", {"label": "A001"}) == {"ok": True, "label": "A001", "ahead": 0}
    assert error(bus.send("rejoin", {"code": booked["code"]})) == ("not_callable", None)
    assert error(bus.send("rejoin", {})) == ("invalid", "label")
    assert error(bus.send("rejoin", {"label": "A001", "code": "X"})) == ("invalid", "label")


def test_a_button_does_all_that_a_counter_can(room):
    bus = room()
    for _ in range(3):
        bus.house.issue()
    answer = bus.press("next")
    assert (answer["ok"], answer["ticket"]["label"], answer["why"]["code"]) == (True, "A001", "first_come")
    assert bus.press("recall")["ok"]
    assert bus.press("serve")["ticket"]["state"] == "serving"
    assert bus.press("park", **{"for": "10m"})["ticket"] is None
    assert bus.press("undo")["ticket"]["label"] == "A001"
    assert bus.press("transfer", counter="2", priority=True)["ticket"] is None
    assert bus.press("call", label="A003")["ticket"]["label"] == "A003"
    assert bus.press("finish", outcome="served")["ok"]
    assert bus.press("next", holding=None)["ticket"]["label"] == "A002"
    answer = bus.press("next", holding=None)
    assert error({name: answer[name] for name in ("ok", "error")}) == ("stale", None)
    assert answer["counter"]["ticket"]["label"] == "A002"
    assert bus.press("park", until="2026-11-23T10:00:00Z")["ok"]
    assert [bus.press(action)["counter"]["state"] for action in ("pause", "open", "close")] == [
        "paused",
        "open",
        "closed",
    ]
    assert error(bus.press("next"))[0] == "counter_closed"


@pytest.mark.parametrize(
    ("verb", "device", "code"),
    [
        ("counter/2", "button", "forbidden"),
        ("counter/1", "entrance", "forbidden"),
        ("issue", "button", "forbidden"),
        ("issue", "nobody", "forbidden"),
        ("dance", "entrance", "forbidden"),
        ("counter/99", "button", "forbidden"),
    ],
)
def test_a_device_may_do_only_what_is_its_own(room, verb, device, code):
    bus = room()
    bus.house.issue()
    body = {"action": "next", "service": "passport", "device": "entrance"}
    assert error(bus.send(verb, body, device=device))[0] == code
    assert bus.house.state("A001") == "waiting"
    assert bus.house.desk.read(views.figures)["tickets"] == {"waiting": 1}


HUGE = b'{"request_id":"' + b"x" * 2**20 + b'"}'


NO_MESSAGES = (b"", b"\xff\xfe{", b"null", b"[]", b'"x"', b"{", b"[" * 100_000, b'{"request_id":NaN}', b"7")


def test_what_is_no_message_is_invalid(room):
    bus = room()
    for payload in (*NO_MESSAGES, b'{"request_id":"x","service":"pass\\ud800port"}'):
        for verb, device in (("issue", "entrance"), ("counter/1", "button")):
            assert error(bus.send(verb, payload, device=device))[0] == "invalid", payload[:20]
    assert bus.house.desk.read(views.figures)["tickets"] == {}


def test_a_megabyte_is_too_large(room):
    bus = room()
    assert error(bus.send("issue", HUGE)) == ("too_large", None)


WRONG_VALUES = [
    ("issue", {}, "service"),
    ("issue", {"service": 7}, "service"),
    ("issue", {"service": ""}, "service"),
    ("issue", {"service": "none"}, "service"),
    ("issue", {"service": "x" * 65}, "service"),
    ("issue", {"service": "passport", "assisted": "yes"}, "assisted"),
    ("issue", {"service": "passport", "assisted": 1}, "assisted"),
    ("issue", {"service": "passport", "language": "xx"}, "language"),
    ("issue", {"service": "passport", "language": ["it"]}, "language"),
    ("issue", {"service": "passport", "touched_at": "soon"}, "touched_at"),
    ("issue", {"service": "passport", "touched_at": "2026-11-23T09:00:00"}, "touched_at"),
    ("issue", {"service": "passport", "request_id": 5}, "request_id"),
    ("issue", {"service": "passport", "request_id": ""}, "request_id"),
    ("issue", {"service": "passport", "request_id": "x" * 201}, "request_id"),
    ("issue", {"service": "passport", "request_id": "a\x00b"}, "request_id"),
    ("issue", {"service": "passport", "seq": "1"}, "seq"),
    ("issue", {"service": "passport", "seq": -1}, "seq"),
    ("issue", {"service": "passport", "seq": 2**70}, "seq"),
    ("printed", {"id": "x", "result": "maybe"}, "result"),
    ("printed", {"result": "failed"}, "id"),
    ("printed", {"id": "a\x00b", "result": "failed"}, "id"),
    ("check_in", {"code": None}, "code"),
    ("check_in", {"code": "\x00"}, "code"),
    ("rejoin", {"label": "??"}, "label"),
    ("rejoin", {"label": 1}, "label"),
    ("counter/1", {}, "action"),
    ("counter/1", {"action": "park", "for": "soon"}, "for"),
    ("counter/1", {"action": "park", "for": 600}, "for"),
    ("counter/1", {"action": "park", "for": "999999d"}, "for"),
    ("counter/1", {"action": "park", "until": "tomorrow"}, "until"),
    ("counter/1", {"action": "park", "until": "9999-12-31T23:59:59-12:00"}, "until"),
    ("counter/1", {"action": "finish", "outcome": "perhaps"}, "outcome"),
    ("counter/1", {"action": "transfer", "service": "none"}, "service"),
    ("counter/1", {"action": "transfer", "priority": "high", "service": "passport"}, "priority"),
    ("counter/1", {"action": "call"}, "label"),
    ("counter/1", {"action": "call", "label": "x" * 65}, "label"),
    ("counter/1", {"action": "pause", "reason": "x" * 201}, "reason"),
]


def test_a_wrong_value_is_invalid_and_named(room):
    bus = room()
    bus.house.issue()
    bus.house.call()
    before = bus.house.ticket("A001")
    for verb, body, field in WRONG_VALUES:
        answer = bus.send(verb, body, device="button" if verb.startswith("counter") else "entrance")
        assert error({name: answer[name] for name in ("ok", "error")}) == ("invalid", field), body
    assert bus.house.ticket("A001") == before
    assert bus.house.desk.read(views.figures)["tickets"] == {"called": 1}


@pytest.mark.parametrize("touched", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-01-01T00:00:00Z"])
def test_a_dispenser_whose_clock_is_mad_is_put_right(room, touched):
    bus = room()
    answer = bus.send("issue", {"service": "passport", "touched_at": touched})
    assert answer["queued_at"] == "2026-11-23T08:00:00.000Z"


@pytest.mark.parametrize(
    "reply_to", ["numeretto/v1/torino/board", "numeretto/v1/torino/device/button/reply", "", "other/topic"]
)
def test_a_foreign_response_topic_is_refused(room, reply_to):
    bus = room()
    assert bus.send("issue", {"service": "passport"}, reply_to=reply_to) is None
    assert bus.house.desk.read(views.figures)["tickets"] == {}
    assert not [one for one in bus.broker.log if one.topic == reply_to]


def test_without_a_response_topic_the_command_counts_and_nothing_is_answered(room):
    bus = room()
    assert bus.send("issue", {"service": "passport"}, reply_to=None) is None
    assert bus.house.state("A001") == "printing"


def test_a_retained_command_is_from_yesterday_and_ignored(room):
    bus = room()
    assert bus.send("issue", {"service": "passport"}, retain=True) is None
    assert bus.house.desk.read(views.figures)["tickets"] == {}


def test_a_repeat_gets_the_same_answer(room):
    bus = room()
    answers = [bus.send("issue", {"service": "passport", "request_id": "same"}) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    other = bus.send("issue", {"service": "passport", "request_id": "same", "assisted": True})
    assert error(other)[0] == "key_reused"
    assert bus.house.desk.read(views.figures)["tickets"] == {"printing": 1}


def test_commands_out_of_order_are_refused_until_the_device_begins_anew(room):
    bus = room()
    bus.status()

    def issue(seq, request_id):
        return bus.send("issue", {"service": "passport", "seq": seq, "request_id": request_id})

    five = issue(5, "a")
    assert five["label"] == "A001"
    assert error(issue(4, "b"))[0] == "out_of_order"
    assert issue(5, "a") == five, "a stored answer is given first"
    bus.status(online=False)
    assert error(issue(5, "c"))[0] == "out_of_order", "off line does not begin anew"
    bus.status(online=True)
    assert issue(1, "d")["label"] == "A002"


def test_presence_is_kept_and_a_broken_status_is_not(room):
    bus = room()
    bus.status(version="1.0", problems=[{"code": "near_end", "text": "x", "since": "2026-11-23T08:00:00Z"}])
    bus.status("stranger")
    for payload in (b"", b"\xff", b"{}", b'{"online":"perhaps"}', b"[]"):
        bus.inbound.handle(Incoming(topics.device(SITE, "entrance", "status"), payload, retain=True))
    told = bus.house.desk.read(views.presence)
    assert set(told) == {"entrance"}
    assert (told["entrance"]["online"], told["entrance"]["version"]) == (True, "1.0")
    bus.inbound.handle(Incoming(topics.device(SITE, "entrance", "status"), b'{"online":false}', retain=True))
    assert bus.house.desk.read(views.presence)["entrance"]["online"] is False


@pytest.mark.parametrize("topic", ["a/b", "numeretto/v1/torino/command", "numeretto/v1/torino/command/x/y/z/w", ""])
def test_any_other_topic_is_nothing(room, topic):
    bus = room()
    bus.inbound.handle(Incoming(topic, b"{}"))
    assert bus.replies == []


def test_what_comes_over_the_broker_is_carried_out_in_order(room):
    """The running parts: the inbound's own thread, and the shared subscription."""
    from dispatcher.wire.device import DeviceLink
    from dispatcher.wire.memory import Client

    bus = room(service(), counter("1"))
    client = Client(bus.broker)
    device = DeviceLink(client, SITE, "entrance")
    client.start()
    bus.inbound.start()
    labels = [device.command("issue", {"request_id": f"q{at}", "service": "passport"})["label"] for at in range(5)]
    assert labels == ["A001", "A002", "A003", "A004", "A005"]
    client.stop()
