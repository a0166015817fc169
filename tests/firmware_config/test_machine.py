"""Faults, late printing, confirmation and recovery of the virtual printer. [A2, B3, B4]"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_config.virtual.printer.events import Ignored, PieceOut, Restarted
from firmware_config.virtual.printer.machine import FAULTS
from tests.firmware_config.helpers import (
    NOTICE,
    STATUS_URL,
    TICKET_TEXT,
    golden,
    machine,
    pieces,
    process_id,
    process_reply,
    said,
    ticket,
    unknown,
)

MESSY = (
    golden("eot_1")
    + ticket("A045")
    + golden("asb_on")
    + golden("raster")
    + b"\x1b\x99oops \x84\n\x1d(Z\x02\x00ab"
    + golden("code128_print")
    + b"\x1dv0\x00\x01\x00\x04\x00\x10\x04\x01\xff"  # real-time status inside a picture fires too
    + ticket("A046")
    + golden("eot_4")
    + golden("clear_buffers")
    + golden("paper_query")
    + ticket("A047")
)


def test_ticket_comes_out_with_its_text_and_code() -> None:
    events = machine().receive(ticket())
    (piece,) = pieces(events)
    assert piece.text == TICKET_TEXT
    assert piece.codes == (STATUS_URL,)
    assert piece.cut == "partial"
    assert said(events) == process_reply("A045")
    assert unknown(events) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_result_does_not_depend_on_the_size_of_writes(size: int) -> None:
    whole = machine().receive(MESSY)
    printer = machine()
    assert [e for i in range(0, len(MESSY), size) for e in printer.receive(MESSY[i : i + size])] == whole
    assert len(unknown(whole)) == 2


def test_every_single_boundary_gives_the_same() -> None:
    job = ticket()
    whole = machine().receive(job)
    for at in range(1, len(job)):
        printer = machine()
        assert printer.receive(job[:at]) + printer.receive(job[at:]) == whole


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(0, len(MESSY)), max_size=6),
    fault=st.sampled_from([f for f in FAULTS if f not in ("silence", "power_cycle")]),
    at=st.integers(1, len(MESSY)),
)
def test_split_and_fault_anywhere_give_the_same(cuts: list[int], fault: str, at: int) -> None:
    first = machine()
    first.arm(fault, at)  # type: ignore[arg-type]
    whole = first.receive(MESSY)
    printer = machine()
    printer.arm(fault, at)  # type: ignore[arg-type]
    edges = [0, *sorted(cuts), len(MESSY)]
    assert [e for a, b in itertools.pairwise(edges) for e in printer.receive(MESSY[a:b])] == whole


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_printer(noise: bytes) -> None:
    printer = machine()
    printer.receive(noise)
    assert said(printer.receive(golden("eot_4")))[-1:] == golden("eot_4_fine")


def test_job_without_paper_prints_when_paper_comes() -> None:
    printer = machine()
    printer.fault("paper_out")
    assert printer.receive(ticket() + golden("paper_query")) == []
    assert said(printer.receive(golden("eot_2"))) == golden("eot_2_paper_out")
    events = printer.fault("none")
    assert [piece.text for piece in pieces(events)] == [TICKET_TEXT]
    assert said(events) == golden("paper_query_fine") + process_reply("A045")


def test_of_several_late_process_ids_only_the_latest_is_sent() -> None:
    printer = machine()
    printer.fault("cover")
    printer.receive(ticket("A045") + ticket("A046"))
    events = printer.fault("none")
    assert len(pieces(events)) == 2
    assert said(events) == process_reply("A046")


def test_the_data_of_a_code_is_kept_until_the_next_init_or_the_end_of_the_power() -> None:
    """The proof that the printer has had power since the head of a ticket (B4)."""
    printer = machine()
    printer.receive(golden("qr_store"))
    assert said(printer.receive(golden("clear_buffers") + golden("qr_size"))).endswith(golden("qr_size_reply"))
    printer.receive(golden("init"))
    assert said(printer.receive(golden("qr_size"))) == golden("qr_size_reply_nothing")
    printer.receive(golden("qr_store"))
    printer.fault("power_cycle")
    assert said(printer.receive(golden("qr_size"))) == golden("qr_size_reply_nothing")


def test_cleared_data_never_answers_and_nothing_is_printed_twice() -> None:
    printer = machine()
    printer.fault("paper_out")
    printer.receive(ticket("A045"))
    assert said(printer.receive(golden("clear_buffers"))) == golden("clear_buffers_reply")
    assert printer.fault("none") == []
    events = printer.receive(ticket("A045"))
    assert len(pieces(events)) == 1
    assert said(events) == process_reply("A045")


def test_near_end_is_told_and_stops_nothing() -> None:
    printer = machine()
    printer.receive(golden("asb_on"))
    assert said(printer.fault("near_end")) == golden("asb_near_end")
    assert len(pieces(printer.receive(ticket()))) == 1


@pytest.mark.parametrize("cure", ["retry", "clear_and_recover", "clear_buffers"])
def test_cutter_error_lasts_until_the_host_recovers(cure: str) -> None:
    printer = machine()
    printer.fault("cutter")
    printer.receive(ticket())
    assert golden("eot_3_cutter") not in said(printer.receive(golden(cure)))
    assert said(printer.receive(golden("eot_3"))) == golden("eot_3_cutter"), "the jam is still there"
    printer.receive(ticket())
    printer.fault("none")
    assert said(printer.receive(golden("eot_1"))) == b"\x3a", "waiting for online recovery"
    events = printer.receive(golden(cure))
    assert said(printer.receive(golden("eot_1"))) == golden("eot_1_fine")
    expected = {"retry": 2, "clear_and_recover": 0, "clear_buffers": 0}[cure]
    assert len(pieces(events)) == expected


def test_retry_without_an_error_does_nothing() -> None:
    printer = machine()
    printer.fault("paper_out")
    printer.receive(ticket())
    assert printer.receive(golden("clear_and_recover")) == []
    assert len(pieces(printer.fault("none"))) == 1


def test_power_cycle_loses_buffer_and_settings_and_says_so() -> None:
    printer = machine(cuts=7)
    printer.receive(golden("asb_on") + ticket("A045"))
    printer.fault("paper_out")
    printer.receive(ticket("A046"))
    events = printer.fault("power_cycle")
    assert events[0] == Restarted()
    assert said(events) == NOTICE
    assert said(printer.fault("none")) == b"", "automatic status is off, the waiting ticket is gone"
    assert said(printer.receive(golden("cutter_counter"))) == b"\x5f8\x00", "the counter tells that A046 was not cut"


def test_power_cycle_in_the_midst_leaves_a_torn_piece() -> None:
    printer = machine()
    job = ticket()
    printer.arm("power_cycle", job.index(b"Persone"))
    events = printer.receive(job[: printer.room])
    (piece,) = pieces(events)
    assert (piece.cut, piece.text) == ("torn", "Camera di commercio\nA045\nPassaporti")
    (again,) = pieces(printer.receive(job))
    assert again.text == TICKET_TEXT


def test_silence_reads_nothing_and_ends_with_what_was_sent() -> None:
    printer = machine()
    printer.fault("silence")
    assert printer.room == 0
    assert printer.receive(golden("eot_1") + ticket()) == []
    events = printer.fault("none")
    assert said(events) == golden("eot_1_fine") + process_reply("A045")
    assert len(pieces(events)) == 1


def test_power_cycle_ends_a_silence() -> None:
    printer = machine()
    printer.fault("silence")
    printer.fault("power_cycle")
    assert said(printer.receive(golden("eot_1"))) == golden("eot_1_fine")


def test_full_buffer_makes_it_busy() -> None:
    printer = machine(receive_buffer=100)
    printer.fault("paper_out")
    printer.receive(b"x" * 90)
    assert printer.room == 10
    printer.receive(b"y" * 10)
    assert printer.room == 0
    printer.fault("none")
    assert printer.room == 100


def test_asb_tells_only_what_was_asked_for() -> None:
    printer = machine()
    printer.receive(b"\x1d\x61\x08")
    assert said(printer.fault("cutter")) == b""
    printer.fault("none")
    printer.receive(golden("retry"))
    assert said(printer.fault("near_end")) == golden("asb_near_end")
    assert said(printer.receive(golden("asb_off"))) == b""
    assert said(printer.fault("none")) == b""


def test_unknown_bytes_are_kept_with_place_and_context() -> None:
    printer = machine()
    events = printer.receive(b"Passaporti\n\x1b\x99A045\n" + golden("feed_and_cut_full"))
    (complaint,) = unknown(events)
    assert (complaint.offset, complaint.raw, complaint.before) == (11, "1B 99", "50 61 73 73 61 70 6F 72 74 69 0A")
    assert "A045" in pieces(events)[0].text


def test_wrong_parameters_are_unknown_too() -> None:
    wrong = [
        b"\x1d\x21\x99",
        b"\x1b\x61\x07",
        b"\x1b\x74\xfe",
        b"x\x1d\x56\x42\x00",
        golden("qr_print"),
        b"\x1d\x6b\x49\x03{CA",
        b"\x1d\x28\x48\x06\x00\x30\x30\x01\x02\x03\x04",
        b"\x10\x04\x09",
        b"\x1dv0\x00\xff\x00\x01\x00" + b"\xff" * 255,
    ]
    for raw in wrong:
        assert len(unknown(machine().receive(raw))) == 1, raw


def test_euro_on_the_page_of_iso_8859_7_is_no_euro() -> None:
    events = machine().receive(bytes.fromhex("1B 74 0F A4 0A"))
    assert [complaint.raw for complaint in unknown(events)] == ["A4"]


def test_printer_without_process_id_leaves_it_unanswered() -> None:
    events = machine("TM-T88III").receive(process_id("A045") + golden("paper_query"))
    assert said(events) == golden("paper_query_fine")
    assert isinstance(events[0], Ignored)


def test_cut_without_feed_goes_through_what_was_printed_last() -> None:
    printer = machine()
    job = b"first\n" * 8 + b"\x1d!\x77A045\n\x1d!\x00" + golden("cut_here_full") + b"next\n"
    events = printer.receive(job + golden("feed_and_cut_full"))
    first, second = pieces(events)
    assert first.through
    assert "A045" not in first.text
    assert second.text == "A045\nnext"


def test_roll_with_an_end_comes_to_it() -> None:
    printer = machine(roll_mm=2200)
    out = 0
    while printer.condition.paper != "out":
        out += len(pieces(printer.receive(ticket())))
    assert said(printer.receive(golden("eot_4"))) == golden("eot_4_paper_out")
    late = pieces(printer.fault("none"))
    assert len(late) <= 1
    assert out + len(late) > 20


def test_kiosk_printer_tells_of_the_ticket_at_its_mouth() -> None:
    printer = machine("KPM180")
    events = printer.receive(golden("ejector_eject") + b"A045\n\n\n\n\n\n" + golden("cut_legacy_full_custom"))
    assert isinstance(events[0], PieceOut)
    assert said(printer.receive(golden("ejector_status"))) == b"\x0c"
    assert said(printer.receive(golden("full_status_custom"))) == bytes.fromhex("10 0F 20 00 00 00")
    assert said(printer.receive(golden("ejector_retract") + golden("ejector_status"))) == golden("ejector_status_fine")


def test_a_paper_jam_is_told_and_ends_when_the_host_says_so() -> None:
    printer = machine()
    printer.fault("jam")
    assert said(printer.receive(golden("eot_1") + golden("eot_2") + golden("eot_3"))) == bytes.fromhex("1A 52 16")
    printer.fault("none")
    assert said(printer.receive(golden("eot_1"))) == bytes.fromhex("3A")
    assert said(printer.receive(golden("retry") + golden("eot_1"))) == golden("eot_1_fine")


def test_a_ticket_that_nobody_takes_goes_back_in() -> None:
    printer = machine("KPM180")
    printer.receive(b"A045\n\n\n\n\n\n" + golden("cut_legacy_full_custom"))
    printer.receive(golden("ejector_retract"))
    assert (printer.retracted, printer.condition.ticket_at_output) == (1, False)
    printer.receive(b"A046\n\n\n\n\n\n" + golden("cut_legacy_full_custom"))
    printer.fault("ticket_taken")
    printer.receive(golden("ejector_retract"))
    assert printer.retracted == 1
