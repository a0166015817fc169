"""A file of wishes is read whole, or its fault told with file, line and key. [F3]"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import firmware_config.devices
from firmware_config import load
from firmware_config.errors import BadFile
from firmware_config.profile import Custom, profiles

GOOD = """\
printer = "TM-T20II"

[print]
density = 110

[switches]
power_on_notice = true

[[logo]]
key = "L1"
file = "a.png"

[[logo]]
key = "L2"
file = "a.png"
dither = "threshold"
"""


def _load(folder: Path, text: str) -> dict[str, object]:
    Image.new("L", (16, 8), 0).save(folder / "a.png")
    (folder / "hall.toml").write_text(text, encoding="utf-8")
    wish, _ = load.desired(folder / "hall.toml")
    return {**wish.values, **wish.logos}


def test_file_is_read_whole(tmp_path: Path) -> None:
    found = _load(tmp_path, GOOD)
    assert list(found) == ["print.density", "switch.power_on_notice", "L1", "L2"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"TM-T20II"', '"TM-L90"', "1: printer: is one of CT-S300, TM-T20II, TM-T90: only these are written"),
        ("density = 110", "density = 111", "4: print.density: is 70 to 140 in steps of 5"),
        ("density = 110", "density = true", "4: print.density: is 70 to 140 in steps of 5"),
        ("density", "darkness", "4: print.darkness: is no setting of a TM-T20II"),
        ("= true", "= 1", "7: switches.power_on_notice: is true or false"),
        ("[print]", "[ink]", "3: ink: is no key; there are line, logo, memory, print, printer, switches"),
        ('key = "L2"', 'key = "L1"', "14: logo.key: is two characters of its own, like 'L1'"),
        ('key = "L2"', 'key = "€€"', "14: logo.key: is two characters of its own, like 'L1'"),
        ('"threshold"', '"magic"', "16: logo.dither: is one of floyd-steinberg, threshold"),
        ('file = "a.png"\n\n', "\n", "9: logo.file: is the name of a picture, beside this file"),
        (
            "[print]\n",
            "[line]\nbaud = 1\n[print]\n",
            "4: line.baud: is one of 2400, 4800, 9600, 19200, 38400, 57600, 115200",
        ),
        ("[print]\n", "[line]\nflow = 'rts'\n[print]\n", "4: line.flow: is one of dtr, xon"),
        ("[print]", "[print", "3: is no TOML: "),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(BadFile) as error:
        _load(tmp_path, GOOD.replace(old, new, 1))
    assert str(error.value).startswith(f"{tmp_path / 'hall.toml'}:{told}")


def test_shipped_wish_is_good() -> None:
    folder = Path(str(firmware_config.devices.__file__)).parent
    wish, profile = load.desired(folder / "entrance.toml")
    assert (wish.printer, profile.model, list(wish.logos)) == ("TM-T20II", "TM-T20II", ["L1"])


@pytest.mark.parametrize(
    ("percent", "number"),
    [(70, 65530), (95, 65535), (100, 0), (105, 1), (140, 8), (145, None), (101, None), (65, None)],
)
def test_density_is_a_published_number(percent: int, number: int | None) -> None:
    density = profiles()["TM-T20II"].customs["print.density"]
    assert density.encode(percent) == number
    if number is not None:
        assert density.decode(number) == percent


def test_table_of_codes_goes_both_ways() -> None:
    paper = Custom(3, codes={58: 2, 80: 6})
    assert [paper.encode(80), paper.encode(57), paper.decode(2), paper.decode(5)] == [6, None, 58, None]
    assert paper.choices == "58, 80"


def test_makers_differ_in_polarity_and_speed() -> None:
    found = {name: profile.switches["switch.power_on_notice"].on for name, profile in profiles().items()}
    assert found == {"TM-T20II": 1, "TM-T90": 1, "CT-S300": 0}
    speeds = {name: one.customs["print.speed"].most for name, one in profiles().items() if "print.speed" in one.customs}
    assert speeds == {"TM-T20II": 13, "TM-T90": 9}
