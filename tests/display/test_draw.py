"""C1: sizes for the reader at the back of the room, fonts for each script, colours with contrast."""

from __future__ import annotations

import pytest
from PIL import ImageFont

from display.draw import fonts
from display.draw.geometry import READING_DISTANCE_M, Screen, text_height_mm
from display.draw.lettering import Lettering, fit, ink, wrap
from display.draw.theme import Theme, contrast
from display.screen import Screen as Surface


@pytest.mark.parametrize(
    ("distance_m", "height_mm"), [(2, 51), (4.57, 51), (5, 56), (8, 87), (READING_DISTANCE_M, 108)]
)
def test_text_height_is_the_standards(distance_m: float, height_mm: float) -> None:
    assert text_height_mm(distance_m) == pytest.approx(height_mm, abs=0.6)


def test_screen_turns_pixels_into_millimetres() -> None:
    screen = Screen(1920, 1080)
    assert screen.mm(1080) == 685
    assert screen.pixels(screen.mm(170)) == pytest.approx(170)
    assert [Screen(*size).unit for size in ((1920, 1080), (3840, 2160), (1280, 1024), (1080, 1920))] == [1, 2, 2 / 3, 1]


def test_every_call_has_a_contrast_of_seven_to_one() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    low = {name: value for name, value in Theme().contrasts().items() if value < 7}
    assert low == {}


def _missing(face: ImageFont.FreeTypeFont, text: str) -> str:
    absent = bytes(face.getmask("\U0010fffd"))
    return "".join(sign for sign in text if not sign.isspace() and bytes(face.getmask(sign)) == absent)


LATIN = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 àèéìòùÀÈÉ äöüßÄÖÜ çâêîôûëïœ €£ «»“”‘’–—…·:;.?()%"
)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (LATIN, "latin"),
        ("".join(sorted(fonts.EXTENDED | fonts.SIGNS)), "latin"),
        ("Паспорта Διαβατήρια ŵ", "other"),
        ("A045 تصاريح الإقامة 12", "arabic"),
        ("A045 निवास परमिट", "devanagari"),
        ("A045 רישיונות שהייה 12", "hebrew"),
        ("A045 居留许可，「签证」。繁體 ひらがな 한국어", "cjk"),
    ],
)
def test_the_font_of_a_script_has_all_its_letters(text: str, script: str) -> None:
    assert fonts.script_of(text) == script
    assert _missing(fonts.font(script, "bold", 40), text) == ""


def test_letters_that_are_mistaken_for_each_other_differ() -> None:
    face = fonts.font("latin", "bold", 60)
    for pair in ("0O", "1I", "Il", "1l", "8B", "5S", "2Z"):
        first, second = (bytes(face.getmask(sign)) for sign in pair)
        assert first != second, pair


def test_right_to_left_text_keeps_the_order_of_a_label() -> None:
    """Shaped together, "A045" must not become "540A": the label's ink is found again at the left end."""
    assert fonts.shaping()
    face = fonts.font("arabic", "bold", 80)
    alone, within = face.getmask("A045", mode="L"), face.getmask("A045 جواز", direction="ltr", mode="L")
    width, height = alone.size
    top = within.size[1] - height
    rows = range(0, height, 7)
    alone_rows = [[alone.getpixel((x, y)) > 128 for x in range(width - 4)] for y in rows]
    matched = any(
        alone_rows == [[within.getpixel((x, y + shift)) > 128 for x in range(width - 4)] for y in rows]
        for shift in range(top + 1)
    )
    assert matched


def test_text_is_made_smaller_then_cut_to_keep_its_width() -> None:
    assert fit("A045", 300, "bold", 2000, 20) == ("A045", 300)
    text, size = fit("A1000", 300, "bold", 500, 20)
    assert text == "A1000"
    assert ink(text, size, "bold").width <= 500
    text, size = fit("Camera di commercio, industria e artigianato", 60, "regular", 300, 40)
    assert text.endswith("…")
    assert size == 40
    assert ink(text, size, "regular").width <= 300


def test_wrapped_text_loses_no_word() -> None:
    text = "Gli appuntamenti sono chiamati al loro orario"
    rows = wrap(text, 40, "regular", 400)
    assert len(rows) > 1
    assert " ".join(rows) == text


def test_ink_of_nothing_is_empty() -> None:
    assert ink("  ", 50, "bold").width == 0


def test_kept_lettering_is_bounded_and_used_again(screen: Surface) -> None:
    assert screen.size == (1920, 1080)
    lettering = Lettering(budget_bytes=300_000)
    first = lettering.surface("A045", 60, (0, 0, 0), "bold")
    assert lettering.surface("A045", 60, (0, 0, 0), "bold") is first
    for number in range(200):
        lettering.surface(f"A{number:03d}", 60, (0, 0, 0), "bold")
        assert lettering.kept_bytes <= 300_000
    assert lettering.surface("A045", 60, (0, 0, 0), "bold") is not first


def test_letters_of_the_largest_numbers_are_all_kept(screen: Surface) -> None:
    """C1: over a counter a number fills the screen. Were one digit too many for the room, each would be drawn anew."""
    signs = "ABC0123456789"
    first = [screen.lettering.surface(sign, 720, (0, 0, 0), "label") for sign in signs]
    again = [screen.lettering.surface(sign, 720, (0, 0, 0), "label") for sign in signs]
    assert [one is other for one, other in zip(first, again, strict=True)] == [True] * len(signs)
