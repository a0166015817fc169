"""`lease` and `offline_issued` as a dispenser sends them (B5)."""

from __future__ import annotations

import pytest

WHEN = "2026-11-23T08:00:00Z"
TICKET = {"label": "A501", "service": "passport", "touched_at": WHEN, "language": "it", "assisted": False}


def test_numbers_are_leased_and_their_tickets_handed_over(room):
    bus = room()
    assert bus.send("lease", {"series": "A", "count": 50}) == {
        "ok": True,
        "from": 501,
        "to": 550,
        "day": "2026-11-23",
        "expires": "2026-11-24T03:00:00.000Z",
    }
    bus.house.clock.advance(minutes=30)
    bus.status()  # it is back, and says so first
    body = {
        "tickets": [
            TICKET,
            {**TICKET, "label": "A551"},
            {**TICKET, "label": "A502", "touched_at": "2026-11-23T09:00:00Z"},
        ]
    }
    answer = bus.send("offline_issued", body)
    assert answer == {
        "ok": True,
        "accepted": ["A501", "A502"],
        "clamped": ["A502"],
        "refused": [{"label": "A551", "reason": "not_leased"}],
    }
    assert bus.send("offline_issued", {**body, "request_id": "r2"}) == answer, "the same request, the same answer"
    bus.publisher.drain()
    assert dict(bus.sent())["board"]["queues"][0]["waiting"] == 2
    assert [bus.press("next")["ticket"]["label"] for _ in range(2)] == ["A501", "A502"]


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("lease", {"series": "A", "count": 0}, "count"),
        ("lease", {"series": "A", "count": 1001}, "count"),
        ("lease", {"series": "AA", "count": 5}, "series"),
        ("lease", {"series": "Z", "count": 5}, "series"),
        ("lease", {"count": 5}, "series"),
        ("offline_issued", {}, "tickets"),
        ("offline_issued", {"tickets": [{**TICKET, "touched_at": "yesterday"}]}, "tickets.0.touched_at"),
        ("offline_issued", {"tickets": [{**TICKET, "label": 501}]}, "tickets.0.label"),
        ("offline_issued", {"tickets": [{**TICKET, "paper": "failed"}]}, "tickets.0.paper"),
        ("offline_issued", {"tickets": [TICKET] * 501}, "tickets"),
    ],
)
def test_what_cannot_be_meant_is_invalid_and_changes_nothing(room, verb, body, field):
    bus = room()
    answer = bus.send(verb, body)
    assert (answer["error"]["code"], answer["error"].get("field")) == ("invalid", field), answer
    assert bus.house.board()["queues"][0]["waiting"] == 0


@pytest.mark.parametrize("verb", ["lease", "offline_issued"])
def test_a_button_holds_no_numbers(room, verb):
    assert (
        room().send(verb, {"series": "A", "count": 5, "tickets": []}, device="button")["error"]["code"] == "forbidden"
    )
