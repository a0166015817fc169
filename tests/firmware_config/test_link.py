"""The printer at the end of a network and of a serial line. [A2, B3]"""

import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, process_time

import pytest
import serial

from firmware_config.virtual.printer.link import Port, PtyPort
from firmware_config.virtual.printer.nv import LineSettings, Memory
from firmware_config.virtual.printer.printer import Printer
from tests.firmware_config.helpers import NOTICE, TICKET_TEXT, golden, process_reply, ticket
from tests.servers import listens, until

Start = Callable[..., tuple[Printer, Port]]


def _connect(port: Port) -> socket.socket:
    host, _, number = port.url.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host, int(number)), timeout=10)


def _read(host: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = host.recv(count - len(data))
        if not more:
            break
        data += more
    return data


@contextmanager
def _host(port: Port) -> Iterator[socket.socket]:
    with _connect(port) as host:
        assert _read(host, 3) == NOTICE
        yield host


def test_tcp_round_trip(start: Start) -> None:
    printer, port = start()
    with _host(port) as host:
        host.sendall(golden("eot_1"))
        assert _read(host, 1) == golden("eot_1_fine")
        host.sendall(ticket())
        assert _read(host, 7) == process_reply("A045")
        assert [t.piece.text for t in printer.roll.after(0)] == [TICKET_TEXT]


def test_serial_round_trip_through_a_link(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "printer"
    printer, port = start("pty", link=path)
    assert port.url == f"serial://{path}"
    with serial.Serial(str(path), 9600, timeout=10, write_timeout=2, exclusive=True) as host:
        host.write(golden("eot_4"))
        assert host.read(1) == golden("eot_4_fine")
        host.write(ticket())
        assert host.read(7) == process_reply("A045")
        printer.fault("power_cycle")
        assert host.read(3) == NOTICE
    with serial.Serial(str(path), timeout=10) as host:
        host.write(golden("cutter_counter"))
        assert host.read(3) == b"\x5f1\x00"


def test_a_pulled_cable_leaves_no_path_to_the_next_terminal_of_its_number(tmp_path: Path) -> None:
    """B3: who hears the terminal hang up and opens the path again finds nothing, until it is plugged in."""
    port = PtyPort(tmp_path / "printer")
    try:
        for _ in range(20):
            host = os.open(tmp_path / "printer", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            poll = select.poll()
            poll.register(host, 0)
            pull = threading.Thread(target=port.unplug)
            pull.start()
            assert poll.poll(10_000)
            found = (tmp_path / "printer").is_symlink()
            pull.join()
            os.close(host)
            assert not found
            port.plug()
    finally:
        port.close()


def test_second_host_waits_for_the_first_to_go(start: Start) -> None:
    _, port = start()
    with _host(port) as first, _connect(port) as second:
        second.sendall(golden("eot_1"))
        first.sendall(golden("eot_2"))
        assert _read(first, 1) == golden("eot_2_fine")
        assert select.select([second], [], [], 0)[0] == []
        first.close()
        assert _read(second, 1) == golden("eot_1_fine")


def test_power_cycle_breaks_the_connection_and_greets_the_next(start: Start) -> None:
    printer, port = start()
    with _host(port) as host:
        printer.fault("power_cycle")
        assert _read(host, 1) == b""
    with _host(port) as host:
        host.sendall(golden("eot_1"))
        assert _read(host, 1) == golden("eot_1_fine")


def test_asb_comes_when_a_hand_opens_the_cover(start: Start) -> None:
    printer, port = start()
    with _host(port) as host:
        host.sendall(golden("asb_on"))
        assert _read(host, 4) == golden("asb_fine")
        printer.fault("cover")
        assert _read(host, 4) == golden("asb_cover")


def test_silence_keeps_the_link_and_answers_later(start: Start) -> None:
    printer, port = start()
    with _host(port) as host:
        printer.fault("silence")
        host.sendall(golden("eot_1") + ticket())
        host.settimeout(0.3)
        with pytest.raises(TimeoutError):
            host.recv(1)
        host.settimeout(10)
        printer.fault("none")
        assert _read(host, 8) == golden("eot_1_fine") + process_reply("A045")


def test_job_of_a_host_that_left_during_silence_still_prints(start: Start) -> None:
    """The trap of the blind resend: closing the socket does not take the job back. [B4]"""
    printer, port = start()
    with _host(port) as host:
        printer.fault("silence")
        host.sendall(ticket())
    printer.fault("none")
    assert [t.piece.text for t in printer.roll.after(0, 10)] == [TICKET_TEXT]
    with _connect(port) as host:
        host.sendall(golden("eot_1"))
        assert _read(host, 1)[-1:] in (golden("eot_1_fine"), process_reply("A045")[:1])


def test_full_buffer_holds_the_host_back_and_lets_it_go(start: Start) -> None:
    printer, port = start(receive_buffer=64)
    with _host(port) as host:
        printer.fault("paper_out")
        host.sendall(b"x" * 200)
        host.sendall(b"\n" + golden("feed_and_cut_full") + golden("paper_query"))
        printer.fault("none")
        assert _read(host, 1) == golden("paper_query_fine")
    with _connect(port) as host:
        printer.fault("paper_out")
        host.sendall(b"x" * 200)
    with _connect(port) as host:  # the first one has gone though its bytes were never read
        printer.fault("none")
        host.sendall(golden("eot_1"))
        assert _read(host, 1) == golden("eot_1_fine")


def test_slow_line_is_slow_and_cheap(start: Start) -> None:
    printer, port = start(baud=9600)
    with _host(port) as host:
        began_s, used_s = monotonic(), process_time()
        host.sendall(b"\x1bE\x00" * 64 + golden("paper_query"))
        assert _read(host, 1) == golden("paper_query_fine")
        took_s = monotonic() - began_s
        assert took_s >= 0.18, "195 bytes take 0.2 s, less one chunk"
        assert process_time() - used_s < 0.5 * max(took_s, 0.2)
        printer.fault("slow", baud=115200)
        assert printer.rate.baud == 115200
        printer.fault("none")
        assert printer.rate.baud == 9600


def test_fault_in_the_midst_of_a_ticket(start: Start) -> None:
    printer, port = start()
    job = ticket()
    with _host(port) as host:
        printer.fault("paper_out", after_bytes=job.index(b"Persone"))
        host.sendall(job)
        host.sendall(golden("eot_2"))
        assert _read(host, 1) == golden("eot_2_paper_out")
        assert printer.roll.count == 0
        printer.fault("none")
        assert _read(host, 7) == process_reply("A045")
        assert printer.roll.count == 1


def test_idle_printer_uses_no_time(start: Start) -> None:
    _, port = start()
    with _host(port) as host:
        used_s = process_time()
        host.settimeout(0.5)
        with pytest.raises(TimeoutError):
            host.recv(1)
        assert process_time() - used_s < 0.05


def test_a_pulled_cable_leaves_the_power_on(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "printer"
    printer, _ = start("pty", link=path)
    with serial.Serial(str(path), timeout=10) as host:
        host.write(ticket())
        assert host.read(7) == process_reply("A045")
        printer.fault("unplug")
        with pytest.raises((serial.SerialException, OSError)):
            host.read(1)
    assert not path.exists()
    printer.fault("plug")
    until(path.exists, "the cable")
    with serial.Serial(str(path), timeout=10) as host:
        host.write(golden("cutter_counter"))
        assert host.read(3) == b"\x5f1\x00"
    assert printer.state()["power_cycles"] == 0


def test_a_pulled_network_cable_refuses_hosts_until_it_is_back(start: Start) -> None:
    printer, port = start()
    with _host(port) as host:
        printer.fault("unplug")
        assert _read(host, 1) == b""
    number = int(port.url.rpartition(":")[2])
    until(lambda: not listens(number), "nobody there")
    printer.fault("plug")
    until(lambda: listens(number), "the cable")


@pytest.mark.parametrize(("switches", "tickets"), [("00000111", 1), ("00000101", 14)], ids=["45 bytes", "4 KB"])
def test_a_full_buffer_holds_the_host_back_by_xoff(start: Start, tmp_path: Path, switches: str, tickets: int) -> None:
    """B3: as the line's own setting says, that `numeretto firmware` writes; the buffer is that of memory switch 1-2."""
    path = tmp_path / "printer"
    memory = Memory("TM-T20II", line=LineSettings(115200, flow=1))
    memory.switches[1] = switches
    printer, _ = start("pty", link=path, memory=memory, serial_line=True)
    with serial.Serial(str(path), 115200, timeout=10) as host:
        printer.fault("paper_out")
        host.write(ticket() * tickets)
        assert host.read(1) == b"\x13"
        assert printer.state()["bytes_waiting"] <= memory.receive_buffer
        printer.fault("none")
        assert sorted(host.read(8)) == sorted(b"\x11" + process_reply("A045"))
        until(lambda: printer.roll.count == tickets, "the tickets")
