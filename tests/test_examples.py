"""The office files that ship are good ones: people copy from them (F1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import site
from dispatcher import config
from dispatcher.wire.looks import LETTER_UNITS

FOLDER = Path(__file__).parent.parent / "deploy" / "demo"


@pytest.mark.parametrize("example", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_every_example_is_good(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the command that the manual names."""
    assert site.main(["check", str(example)]) == 0
    assert "good." in capsys.readouterr().out


def test_office_of_all_screens_has_each_layout_and_what_they_show() -> None:
    """C1, C4, C5: each layout there is, two looks, slides, messages, a voice by the hour."""
    office, warnings = config.load_with_warnings(FOLDER / "screens.toml")
    assert warnings == ()
    screens = office.displays.values()
    assert {one.layout for one in screens} == set(LETTER_UNITS)
    assert (len([one.id for one in screens if one.room == "hall"]), len(office.slides)) == (3, 2)
    assert len({str(one.look.colours) for one in screens}) == 2
    assert [bool(notice.until) for notice in office.notices] == [True, False]
