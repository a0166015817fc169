"""C1, F1: office texts in all scripts come out right, and what cannot be drawn is told before anybody sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from deploy import doctor, glyphs
from dispatcher import config as office_file
from display.draw import fonts
from display.draw.coverage import Gap, gaps
from display.draw.lettering import RIGHT_TO_LEFT, ink, wrap
from tests.test_config import SMALL, write

ARABIC = "يرجى من حامل التذكرة A045 التوجه إلى الشباك 12 في الساعة 10:30"
HEBREW = "בעל הכרטיס A045 מתבקש לגשת לדלפק 12 בשעה 10:30"


def _line(text: str, script: str) -> Image.Image:
    face = fonts.font(script, "bold", 60)
    box = face.getbbox(text, anchor="ls")
    picture = Image.new("L", (int(box[2] - box[0]) + 8, 110))
    ImageDraw.Draw(picture).text((4 - box[0], 80), text, font=face, fill=255, anchor="ls")
    return picture


def _place(piece: str, line: Image.Image, script: str) -> tuple[float, int]:
    """How much `piece`, drawn alone, differs from the line where it fits best (0 … 255), and where that is."""
    alone = _line(piece, script)
    ink_box = alone.getbbox()
    assert ink_box is not None
    left, _top, right, _bottom = ink_box
    alone = alone.crop((left, 20, right, 84))
    found = []
    for x in range(line.width - alone.width):
        part = line.crop((x, 20, x + alone.width, 84))
        found.append((ImageStat.Stat(ImageChops.difference(part, alone)).mean[0], x))
    return min(found)


@pytest.mark.parametrize(("text", "script"), [(ARABIC, "arabic"), (HEBREW, "hebrew")])
def test_digits_of_labels_stay_in_order_in_lines_from_the_right(text: str, script: str) -> None:
    line = _line(RIGHT_TO_LEFT + text, script)
    places = {}
    for piece in ("A045", "12", "10:30"):
        differs, places[piece] = _place(piece, line, script)
        assert differs < 12, piece
        assert _place(piece[::-1], line, script)[0] > 2 * differs + 8 or piece[::-1] == piece
    assert places["A045"] > places["12"] > places["10:30"], "what is read first stands further right"


def test_a_text_begins_at_the_side_of_its_first_letter() -> None:
    assert fonts.is_rtl(ARABIC)
    assert fonts.is_rtl("12 " + HEBREW)
    assert not fonts.is_rtl("A045 " + ARABIC)
    assert not fonts.is_rtl("护照 12")
    assert not fonts.is_rtl("10:30")


def test_lines_of_a_text_from_the_right_keep_their_direction_whatever_they_begin_with() -> None:
    rows = wrap(ARABIC, 40, "regular", 300)
    assert len(rows) > 2
    assert all(row.startswith(RIGHT_TO_LEFT) for row in rows)
    assert " ".join(row.removeprefix(RIGHT_TO_LEFT) for row in rows) == ARABIC


def test_chinese_is_broken_between_signs_but_not_before_a_stop() -> None:
    text = "没有证件无法受理，A045号业务。请带好税号。"
    rows = wrap(text, 40, "regular", 180)
    assert len(rows) > 3
    assert "".join(rows) == text
    assert not any(row[0] in "，。" for row in rows)
    assert all(ink(row, 40, "regular").width <= 180 for row in rows)
    assert any("A045" in row for row in rows)


def test_text_of_several_scripts_is_drawn_each_in_its_own_font() -> None:
    text = "Passaporti · جوازات السفر · 护照 · पासपोर्ट"
    pieces = fonts.runs(text)
    assert "".join(pieces) == text
    assert [fonts.script_of(piece) for piece in pieces] == ["arabic", "cjk", "devanagari"]
    assert fonts.missing(text) == ""
    widths = [ink(piece, 50, "regular").width for piece in pieces]
    assert abs(ink(text, 50, "regular").width - sum(widths)) < 60
    assert fonts.runs("שלום 护照") == ("护照", "שלום ")


def test_signs_that_no_font_draws_are_found() -> None:
    drawn = ("a", "Città 10–18 €, Паспорта, جواز, 护照, דרכון, पासपोर्ट")
    assert gaps([drawn, ("b", "✓ A045 ☎✓")]) == [Gap("b", "✓☎", "")]
    assert set("หนง✓") <= set(fonts.missing("หนังสือ ✓"))


THAI = SMALL.replace('{ it = "Passaporti" }', '{ it = "Passaporti", en = "หนังสือ" }')
CHINESE = SMALL + '[[message]]\ntext = { it = "护照" }\n'


def test_doctor_names_the_text_that_cannot_be_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor.main(["--site", str(write(tmp_path, THAI)), "--data", str(tmp_path / "data")])
    said = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("note  letters"))
    assert "service[passport].name.en: no font here draws ห (U+0E2B)" in said
    assert said.endswith("write it with other signs")
    doctor.main(["--site", str(write(tmp_path, CHINESE)), "--data", str(tmp_path / "data")])
    assert "all texts of the office can be drawn" in capsys.readouterr().out


def test_doctor_says_what_to_install_for_chinese(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['noto_cjk_sans_otc'] = None\n"
        "from pathlib import Path; from deploy import glyphs; from dispatcher import config\n"
        "print(*glyphs.problems(config.load(Path(sys.argv[1]))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(write(tmp_path, CHINESE))], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip().endswith(
        "message[message-1].text.it: no font here draws 护 (U+62A4) 照 (U+7167); pip install 'numeretto[chinese]'"
    )


def test_every_text_that_screens_show_is_looked_at(tmp_path: Path) -> None:
    text = CHINESE + '[[slide]]\nid = "s"\ntext = { it = "# Uno" }\n[[notice]]\nid = "n"\ntext = { it = "Due" }\n'
    assert dict(glyphs.texts(office_file.load(write(tmp_path, text)))) == {
        "site.name": "Camera di commercio",
        "service[passport].name.it": "Passaporti",
        "counter[1].name": "Sportello 1",
        "message[n].text.it": "Due",
        "message[message-1].text.it": "护照",
        "slide[s].text.it": "# Uno",
    }
