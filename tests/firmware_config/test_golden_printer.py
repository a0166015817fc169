"""The virtual printer knows every published byte string, and gives every published answer. [A2, B3]"""

import pytest

from firmware_config.virtual.printer.codepages import character, codec
from firmware_config.virtual.printer.elements import Line
from firmware_config.virtual.printer.events import Beeped, Restarted
from firmware_config.virtual.printer.machine import FAULTS, Machine
from firmware_config.virtual.printer.models import MODELS
from tests.firmware_config.helpers import BYTES, GOLDEN, golden, machine, pieces, said, unknown

PLAYER = {"epson": "TM-T20II", "custom": "KPM180", "pyramid": "Reliance", "star": "TSP600", "clone": "KR-306"}

SENT = [(row, d) for row in BYTES.values() if row["direction"] == "to_printer" for d in row["dialects"]]
ANSWERED = [
    (row, d)
    for row in BYTES.values()
    if "answers" in row and row["state"] in (*FAULTS, "fine")
    for d in row["dialects"]
]


def _name(case: object) -> str | None:
    return case["name"] if isinstance(case, dict) else case if isinstance(case, str) else None


def _is_ready_for(name: str, printer: Machine) -> None:
    """What must have been said before a string makes sense."""
    if name == "qr_print":
        printer.receive(golden("qr_store"))


def _strike(state: str, printer: Machine) -> None:
    if state != "fine":
        printer.fault(state)  # type: ignore[arg-type]


@pytest.mark.parametrize(("row", "dialect"), SENT, ids=_name)
def test_printer_understands_every_string_of_its_dialect(row: dict[str, str], dialect: str) -> None:
    printer = machine(PLAYER[dialect])
    _is_ready_for(row["name"], printer)
    events = printer.receive(bytes.fromhex(row["hex"]))
    assert unknown(events) == []
    assert printer.waiting == 0


@pytest.mark.parametrize(
    "row",
    [row for row in BYTES.values() if row["direction"] == "to_printer" and "epson" not in row["dialects"]],
    ids=_name,
)
def test_printer_complains_of_other_makers_strings(row: dict[str, str]) -> None:
    printer = machine()
    events = printer.receive(bytes.fromhex(row["hex"]))
    same_bytes_mean_something_here = {bytes.fromhex(r["hex"]) for r, d in SENT if d == "epson"}
    assert bytes.fromhex(row["hex"]) not in same_bytes_mean_something_here
    assert unknown(events)


@pytest.mark.parametrize(("row", "dialect"), ANSWERED, ids=_name)
def test_printer_answers_as_published_in_each_state(row: dict[str, str], dialect: str) -> None:
    printer = machine(PLAYER[dialect])
    if row["answers"] == "asb_on":
        printer.receive(golden("asb_on"))
        printer.fault("cover")
        answer = said([*printer.fault("none"), *(printer.fault(row["state"]) if row["state"] != "fine" else [])])  # type: ignore[arg-type]
        assert answer[-4:] == bytes.fromhex(row["hex"])
        return
    _strike(row["state"], printer)
    assert said(printer.receive(golden(row["answers"]))) == bytes.fromhex(row["hex"])


def test_asb_answers_at_once() -> None:
    assert said(machine().receive(golden("asb_on"))) == golden("asb_fine")


def test_cutter_counter_is_answered_in_decimal_digits() -> None:
    assert said(machine(cuts=1234).receive(golden("cutter_counter"))) == golden("cutter_counter_reply")


def test_power_on_notice_comes_with_the_power() -> None:
    printer = machine()
    assert said(printer.switch_on()) == golden("power_on_notice")
    assert printer.fault("power_cycle")[0] == Restarted()


def test_offline_response_comes_when_paper_ends() -> None:
    printer = machine()
    printer.receive(golden("offline_response_on"))
    assert said(printer.fault("paper_out")) == golden("offline_response")
    printer.fault("none")
    printer.receive(golden("offline_response_on_with_cause"))
    with_cause = said(printer.fault("paper_out"))
    assert with_cause[:2] == b"\x37\x23"
    assert with_cause[-1:] == b"\x00"
    assert all(0x40 <= byte <= 0x7F for byte in with_cause[2:-1])
    assert len(with_cause) == 4


@pytest.mark.parametrize("row", GOLDEN["character"], ids=lambda row: row["text"])
def test_characters_of_cp858_print_as_themselves(row: dict[str, str]) -> None:
    printer = machine()
    (piece,) = pieces(
        printer.receive(golden("code_table_cp858") + bytes.fromhex(row["hex"]) + b"\n" + golden("feed_and_cut_full"))
    )
    assert piece.text == row["text"]


@pytest.mark.parametrize("row", GOLDEN["code_table"], ids=lambda row: row["model"])
def test_cp858_stands_where_each_model_keeps_it(row: dict[str, str]) -> None:
    model = MODELS[row["model"]]
    name = codec(model, int(row["n"]))
    assert name is not None
    assert character(name, 0xD5) == "€"


@pytest.mark.parametrize("row", GOLDEN["size"], ids=lambda row: row["hex"])
def test_sizes_multiply_the_cell(row: dict[str, int]) -> None:
    printer = machine()
    (piece,) = pieces(printer.receive(bytes.fromhex(str(row["hex"])) + b"A0\n" + golden("feed_and_cut_full")))
    (line,) = [element for element in piece.elements if isinstance(element, Line)]
    assert (line.runs[0].style.width, line.runs[0].style.height) == (row["width"], row["height"])
    assert line.dots == max(30, 24 * row["height"])


def test_masks_tell_our_own_replies_apart() -> None:
    """The order of the table sorts every reply that stands in the file, but for what makers break. [B3]"""

    def kind(byte: int) -> str:
        if bytes((byte,)).hex() in {row["hex"].lower() for row in GOLDEN["flow_control"]}:
            return "flow"
        masks = [(int(row["mask"], 16), int(row["value"], 16), row["name"]) for row in GOLDEN["mask"]]
        return next((name for mask, value, name in masks if byte & mask == value), "none")

    expected = {"eot": "eot", "asb": "asb", "paper_query": "single", "id_type": "single"}
    for row in BYTES.values():
        if row["direction"] == "from_printer" and "epson" in row["dialects"]:
            raw = bytes.fromhex(row["hex"])
            wanted = next((v for k, v in expected.items() if row.get("answers", "").startswith(k)), "block")
            assert kind(raw[0]) == wanted, row["name"]


def test_buzzer_sounds() -> None:
    assert machine().receive(golden("buzzer_epson")) == [Beeped(3)]
    assert machine("KR-306").receive(golden("buzzer_clone")) == [Beeped(2)]
