"""The ticket on paper: A1, A7, B2. Bytes against the published ones; all languages; scripts that the printer lacks."""

from __future__ import annotations

import logging
import tomllib
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher import config
from kiosk.devices import bytes as wire
from kiosk.devices import escpos_bytes
from kiosk.devices.profiles import UnknownProfile
from kiosk.receipt import Code, Content, PictureLine, TextLine, layout

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "escpos.toml").read_text(encoding="utf-8"))
DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "site.toml"
BY_NAME = {entry["name"]: bytes.fromhex(entry["hex"]) for entry in GOLDEN["bytes"]}
URL = "http://127.0.0.1:8000/t/Zq3vYb1kXw9TtPq0aL2m_w"
TICKET = Content(
    office="Camera di commercio",
    label="A045",
    service="Passaporti",
    language="it",
    printed_at=datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Rome")),
    ahead=3,
    wait_low_s=600,
    wait_high_s=1200,
    status_url=URL,
)


def _bytes(content: Content, profile: str = "TM-T20II", *, logo: str | None = None, slow: bool = False) -> bytes:
    printer = escpos_bytes.profile(profile)
    encoding = escpos_bytes.encoding_of(printer)
    return escpos_bytes.build(
        layout(content, columns=printer.columns, encoding=encoding, logo=logo), printer, slow=slow
    )


def test_the_ticket_byte_by_byte() -> None:
    store = b"\x1d(k" + (len(URL) + 3).to_bytes(2, "little") + b"1P0" + URL.encode()
    assert (
        _bytes(TICKET)
        == b"".join(
            [
                *(BY_NAME[name] for name in ("init", "kanji_off")),
                store,  # lost with the printer's power, and the head of the ticket with it
                *(BY_NAME[name] for name in ("code_table_cp858", "justify_centre")),
                *(b"Camera di commercio\n", BY_NAME["size_8x8"], b"A045\n", b"\x1d\x21\x11", b"Passaporti\n"),
                *(BY_NAME["size_1x1"], b"23/11/2026 09:41\n3 persone prima di te\nAttesa: da 10 min a 20 min\n"),
                b"\x1bJ\x14",  # the code's quiet zone: four modules of five dots
                *(b"\x1d(k\x03\x001C\x05", BY_NAME["qr_print"]),  # model 2 and level L are its own
                b"\x1bJ\x14",
                *(b"Segui la fila dal telefono\n", BY_NAME["feed_and_cut_partial"][:3], b"\x18"),
            ]
        )
    )


@pytest.mark.parametrize("language", ["it", "en", "de", "fr"])
def test_a_ticket_is_short(language: str) -> None:
    """On the wire: 230 bytes are 120 ms at 19,200 baud. The logo lies in the printer."""
    ticket = replace(TICKET, language=language)
    assert len(_bytes(ticket)) <= 240
    assert len(_bytes(ticket, logo="L1")) <= 230


COMMANDS = 64
LONGEST = 276
"""Bytes, with a host of 30 letters. 230 are kept by the shorter of these tickets at a short host: most of a ticket is
its words and its address, which are not ours to shorten; what we add to them is always COMMANDS."""


def test_what_a_ticket_costs_on_the_wire_at_a_long_address() -> None:
    """B2: every service of the demo office in its four languages, behind a host name of 30 letters, with the longest
    waits, and a logo: the words, the address, and 64 bytes of commands. 276 bytes are 144 ms at 19,200 baud."""
    site = config.load(DEMO)
    url = f"https://{'n' * 30}/t/{URL.rpartition('/')[2]}"
    sizes = {}
    for service, language in product(site.services.values(), site.languages):
        waits = {"ahead": 12, "wait_low_s": 3900, "wait_high_s": 5100}
        ticket = replace(TICKET, service=service.name[language], language=language, status_url=url, **waits)
        words = layout(ticket, columns=48, logo="L1").text + "\n"
        sizes[service.id, language] = len(_bytes(ticket, logo="L1"))
        assert sizes[service.id, language] - len(words.encode("cp858")) - len(url) == COMMANDS
    assert len(sizes) == 16
    assert max(sizes.values()) == LONGEST, sizes


@pytest.mark.parametrize(("language", "date"), [("it", "23/11/2026"), ("de", "23.11.2026")])
def test_a_ticket_issued_off_line_carries_its_date(language: str, date: str) -> None:
    """B5: without a page of its own the paper alone says of which day the number is."""
    alone = replace(TICKET, language=language, off_line=True, status_url="")
    for columns in (48, 42, 32):
        lines = layout(alone, columns=columns).text.splitlines()
        assert f"{date} 09:41" in lines


def test_the_logo_in_the_printer_stands_for_the_name() -> None:
    data = _bytes(TICKET, logo="L1")
    assert data.count(bytes.fromhex("1D 28 4C 06 00 30 45 4C 31 01 01")) == 1
    assert b"Camera di commercio" not in data
    with pytest.raises(ValueError, match="two characters"):
        wire.nv_logo("L")


def test_a_printer_that_may_begin_otherwise_is_told_all_of_a_code() -> None:
    data = _bytes(TICKET, "TH230Plus")
    assert BY_NAME["qr_model_2"] + b"\x1d(k\x03\x001C\x05" + BY_NAME["qr_level_l"] in data


@pytest.mark.parametrize("profile", ["TM-T20II", "TH230", "POS-5890", "TSP600", "KR-306"])
def test_a_slow_line_carries_no_picture_unless_the_script_demands_it(profile: str) -> None:
    assert b"\x1dv0" not in _bytes(TICKET, profile, slow=True)
    assert b"\x1dv0" in _bytes(replace(TICKET, service="جوازات السفر"), profile, slow=True)


def test_a_printer_without_codes_of_its_own_gets_the_address_on_a_slow_line() -> None:
    assert URL.encode() in _bytes(TICKET, "POS-5890", slow=True)
    assert b"\x1dv0" in _bytes(TICKET, "POS-5890")


def test_questions_and_orders_are_the_published_ones() -> None:
    assert BY_NAME["init"] == wire.INIT
    assert wire.process_id(b"A045") == BY_NAME["process_id"]
    assert BY_NAME["paper_query"] == wire.PAPER_QUERY
    assert BY_NAME["cutter_counter"] == wire.CUTTER_COUNTER
    assert BY_NAME["clear_buffers"] == wire.CLEAR_BUFFERS
    assert BY_NAME["qr_size"] == wire.CODE_SIZE
    assert BY_NAME["asb_on"] == wire.ASB_ON
    assert (BY_NAME["retry"], BY_NAME["clear_and_recover"]) == (wire.RETRY, wire.CLEAR_AND_RECOVER)
    assert [wire.status_query(n) for n in wire.STATUS_KINDS] == [BY_NAME[f"eot_{n}"] for n in (1, 2, 3, 4)]
    with pytest.raises(ValueError, match="four bytes"):
        wire.process_id(b"A0\n5")


@pytest.mark.parametrize("entry", GOLDEN["character"], ids=lambda entry: entry["text"])
def test_accents_and_the_euro(entry: dict[str, str]) -> None:
    data = _bytes(replace(TICKET, service=f"x{entry['text']}x"))
    assert b"x" + bytes.fromhex(entry["hex"]) + b"x\n" in data
    assert data.count(b"\x1bt") == 1


@pytest.mark.parametrize("entry", GOLDEN["code_table"], ids=lambda entry: entry["model"])
def test_each_printer_is_told_its_own_code_table(entry: dict[str, object]) -> None:
    assert b"\x1bt" + bytes((int(str(entry["n"])),)) in _bytes(TICKET, str(entry["model"]))


def test_other_scripts_are_drawn_and_only_they() -> None:
    arabic = replace(TICKET, service="جوازات السفر")
    lines = layout(arabic, columns=48).lines
    assert [line.text for line in lines if isinstance(line, PictureLine)] == ["جوازات السفر"]
    data = _bytes(arabic)
    assert data.count(b"\x1dv0") == 1
    assert b"A045\n" in data
    assert len(data) < 4000


def test_typographic_signs_become_plain_ones() -> None:
    assert b"Carte d'identit\x85 - oggi\n" in _bytes(replace(TICKET, service="Carte d’identità – oggi"))


def test_a_printer_without_cp858_gets_ascii() -> None:
    assert b"Citta 5 EUR\n" in _bytes(replace(TICKET, service="Città 5 €"), "TM-U220")


def test_marks_of_assistance_and_of_a_copy() -> None:
    text = layout(replace(TICKET, assisted=True, copy=True), columns=48).text
    assert text.splitlines()[:4] == ["Camera di commercio", "RISTAMPA", "A045", "PRECEDENZA"]


def test_an_unknown_wait_is_said_as_unknown() -> None:
    text = layout(replace(TICKET, wait_low_s=None, wait_high_s=None, ahead=0), columns=48).text
    assert "Nessuno prima di te\nAttesa non prevedibile" in text


@pytest.mark.parametrize(
    ("columns", "label", "scale"), [(48, "A045", 8), (48, "AA1000", 8), (32, "A1000", 6), (42, "AA100", 8)]
)
def test_the_label_is_as_large_as_the_paper_allows(columns: int, label: str, scale: int) -> None:
    lines = layout(replace(TICKET, label=label), columns=columns).lines
    assert [line.scale for line in lines if isinstance(line, TextLine) and line.text == label] == [scale]


def test_without_an_address_there_is_no_code() -> None:
    assert not [line for line in layout(replace(TICKET, status_url=""), columns=48).lines if isinstance(line, Code)]


def test_a_printer_without_cutter_feeds() -> None:
    assert _bytes(TICKET, "POS-5890").endswith(b"\x1bd\x06")


def test_an_unknown_profile_names_those_near_it() -> None:
    with pytest.raises(UnknownProfile, match="TM-T20II"):
        escpos_bytes.profile("TM-T20")


def test_the_builder_leaves_no_log_handler_behind() -> None:
    escpos_bytes.profile("TM-T20II")
    assert not [handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler]
