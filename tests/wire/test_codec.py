"""Messages as bytes: the contract's names, and a sentence for what is none of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from dispatcher.wire import codec
from dispatcher.wire.codec import WireError
from dispatcher.wire.messages import Board, BoardCall, CounterState, DeviceStatus, IssueRequest, Notice, Reply

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


def board() -> Board:
    call = BoardCall(call_id="c1", label="A045", service="passport", counter="1", counter_name="1", called_at=AT)
    notice = Notice(id="n", text={"it": "Però", "en": "But"}, since=AT)
    return Board(epoch="e", revision=7, at=AT, calls=(call,), notices=(notice,))


def test_board_comes_back_as_it_went():
    again = codec.decode(Board, codec.encode(board()))
    assert again.calls[0].label == "A045"
    assert codec.encode(again) == codec.encode(board())


def test_instants_leave_in_utc_with_milliseconds_and_names_of_the_contract():
    sent = json.loads(codec.encode(board()))
    assert sent["at"] == "2026-11-23T09:30:00.123Z"
    assert set(sent["notices"][0]) == {"id", "text", "from", "until"}
    status = DeviceStatus(online=True, at=AT.astimezone(timezone(timedelta(hours=1))))
    assert json.loads(codec.encode(status))["at"] == "2026-11-23T09:30:00.123Z"


def test_unknown_fields_are_ignored_and_a_reply_keeps_its_content():
    state = codec.decode(CounterState, b'{"revision":1,"state":"open","mode":"auto","novelty":1}')
    assert state.ticket is None
    assert codec.decode(Reply, b'{"ok":true,"label":"A045"}').content == {"label": "A045"}


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"", None),
        (b"\xff\xfe", None),
        (b"[]", None),
        (b'{"request_id":"r","touched_at":"2026-11-23T09:30:00Z"}', "service"),
        (b'{"request_id":"r","service":5,"touched_at":"2026-11-23T09:30:00Z"}', "service"),
        (b'{"request_id":"r","service":"s","touched_at":"2026-11-23T09:30:00"}', "touched_at"),
        (b'{"request_id":"","service":"s","touched_at":"2026-11-23T09:30:00Z"}', "request_id"),
    ],
)
def test_what_is_no_message_is_said_with_the_field(payload, field):
    with pytest.raises(WireError) as error:
        codec.decode(IssueRequest, payload)
    assert error.value.field == field
    assert str(error.value)


@pytest.mark.parametrize("read", [codec.decode_object, lambda payload: codec.decode(Reply, payload)])
@pytest.mark.parametrize("payload", [b"x" * (codec.MAX_BYTES + 1), b"[" * 100_000, b"1", b'"a"', b"null", b"\xff"])
def test_hostile_payloads_are_refused(read, payload):
    with pytest.raises(WireError):
        read(payload)


def test_plain_objects_keep_their_letters():
    assert codec.decode_object(codec.encode_plain({"name": "Pässe €"})) == {"name": "Pässe €"}
