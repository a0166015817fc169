"""The reader of the printer's words against the published bytes: B3. No silence and no split may change what is
heard."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices import status

GOLDEN: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "golden" / "escpos.toml").read_text(encoding="utf-8")
)["bytes"]
TROUBLE = {"fine": None, "near_end": None, "paper_out": "paper_out", "cover": "cover_open", "cutter": "cutter"}


def _bytes(name: str) -> bytes:
    return bytes.fromhex(next(entry["hex"] for entry in GOLDEN if entry["name"] == name))


def _answer(kind: int, state: str) -> bytes:
    fallback = f"eot_{kind}_fine"
    names = {entry["name"] for entry in GOLDEN}
    name = f"eot_{kind}_{state}"
    if name not in names and state == "cover" and kind == 4:
        name = f"eot_{kind}_near_end"
    return _bytes(name if name in names else fallback)


@pytest.mark.parametrize("state", TROUBLE)
def test_real_time_answers_say_the_state(state: str) -> None:
    parser = status.Parser()
    values = []
    for kind in (1, 2, 3, 4):
        parser.expect(kind)
        (reply,) = parser.feed(_answer(kind, state))
        assert isinstance(reply, status.RealTime)
        assert reply.kind == kind
        values.append(reply.value)
    condition = status.from_real_time(*values)
    assert (condition.known, condition.trouble) == (True, TROUBLE[state])
    assert condition.near_end is (state in ("near_end", "paper_out", "cover"))


@pytest.mark.parametrize("state", TROUBLE)
def test_automatic_status_says_the_state(state: str) -> None:
    (reply,) = status.Parser().feed(_bytes(f"asb_{state}"))
    assert isinstance(reply, status.Automatic)
    assert status.from_automatic(reply.values).trouble == TROUBLE[state]


@pytest.mark.parametrize(("name", "near", "out"), [("near_end", True, False), ("paper_out", True, True)])
def test_clones_are_read_by_their_data_bits(name: str, near: bool, out: bool) -> None:
    parser = status.Parser()
    parser.expect(4)
    (reply,) = parser.feed(_bytes(f"eot_4_{name}_pyramid"))
    assert isinstance(reply, status.RealTime)
    condition = status.from_real_time(0x12, 0x12, 0x12, reply.value)
    assert (condition.near_end, condition.paper_out) == (near, out)


def test_blocks_are_told_apart() -> None:
    parser = status.Parser()
    replies = parser.feed(
        _bytes("process_id_reply")
        + _bytes("offline_response")
        + _bytes("clear_buffers_reply")
        + _bytes("power_on_notice")
        + _bytes("cutter_counter_reply")
    )
    assert replies == [
        status.Printed(b"A045"), status.WentOffline(), status.Cleared(), status.PoweredOn(), status.Text(b"1234")
    ]  # fmt: skip


def test_paper_answers_only_when_asked() -> None:
    parser = status.Parser()
    assert parser.feed(b"\x00") == [status.Stray(b"\x00")]
    parser.expect(status.PAPER)
    assert parser.feed(b"\x03") == [status.Paper(3)]


STREAM = [
    ("asb_fine", status.Automatic((0x10, 0, 0, 0))),
    ("process_id_reply", status.Printed(b"A045")),
    ("asb_paper_out", status.Automatic((0x18, 0, 0x0F, 0))),
    ("cutter_counter_reply", status.Text(b"1234")),
    ("clear_buffers_reply", status.Cleared()),
    ("power_on_notice", status.PoweredOn()),
    ("qr_size_reply", status.KeptCode(printable=True)),
    ("qr_size_reply_nothing", status.KeptCode(printable=False)),
]


@given(
    st.lists(st.sampled_from(STREAM), max_size=12),
    st.lists(st.integers(1, 9), max_size=30),
    st.lists(st.tuples(st.integers(0, 80), st.sampled_from([b"\x11", b"\x13"])), max_size=6),
)
def test_any_split_and_any_flow_control_gives_the_same_replies(
    stream: list[tuple[str, status.Reply]], cuts: list[int], signs: list[tuple[int, bytes]]
) -> None:
    data = b"".join(_bytes(name) for name, _reply in stream)
    for at, sign in signs:
        data = data[: at % (len(data) + 1)] + sign + data[at % (len(data) + 1) :]
    parser = status.Parser()
    heard: list[status.Reply] = []
    for size in [*cuts, len(data)]:
        heard += parser.feed(data[:size])
        data = data[size:]
    assert heard == [reply for _name, reply in stream]


@given(st.binary(max_size=400))
def test_noise_never_breaks_the_reader(noise: bytes) -> None:
    parser = status.Parser()
    parser.feed(noise)
    parser.forget()
    assert parser.feed(_bytes("process_id_reply")) == [status.Printed(b"A045")]


def test_silence_is_never_well() -> None:
    assert status.Condition().trouble == "printer_off"
    assert status.SILENT.trouble == "unknown_status"
    assert not status.SILENT.ready
    assert not status.UNREACHABLE.ready
