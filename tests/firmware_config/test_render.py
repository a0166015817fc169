"""The paper as a picture: what a customer would read and scan. [A2, D6]"""

import io
import shutil

import pytesseract
import pytest
import segno
from PIL import Image, ImageChops

from firmware_config.virtual.printer.elements import Bars, Element, Line, Piece, Qr, from_json, to_json
from firmware_config.virtual.printer.models import MODELS
from firmware_config.virtual.printer.render import INK, PAPER, picture, png
from tests.firmware_config.helpers import STATUS_URL, golden, machine, pieces, ticket

MODEL = MODELS["TM-T20II"]


def _paper(job: bytes = b"") -> Piece:
    return pieces(machine().receive(job or ticket()))[0]


def _top(piece: Piece, wanted: type[Element]) -> tuple[int, Element]:
    top = 0
    for element in piece.elements:
        if isinstance(element, wanted):
            return top, element
        top += element.dots
    raise AssertionError(f"no {wanted.__name__} on this paper")


def test_picture_is_as_wide_as_the_head_and_as_long_as_the_paper() -> None:
    piece = _paper()
    image = Image.open(io.BytesIO(png(piece, MODEL)))
    assert image.size == (576, sum(element.dots for element in piece.elements))
    assert {color for _, color in image.getcolors() or []} == {PAPER, INK}


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Debian's tesseract-ocr is not installed")
@pytest.mark.parametrize("label", ["A045", "B128", "DD07"])
def test_label_can_be_read_back_from_the_picture(label: str) -> None:
    image = picture(_paper(ticket(label)), MODEL)
    text = pytesseract.image_to_string(image)
    assert label.replace("0", "O") in text.replace("0", "O"), "tesseract does not keep 0 and O apart beside letters"


def test_label_is_as_high_as_its_size_says() -> None:
    piece = _paper()
    top = sum(e.dots for e in piece.elements[:2])
    line = piece.elements[2]
    assert isinstance(line, Line)
    assert line.text == "A045"
    box = picture(piece, MODEL).crop((0, top, 576, top + line.dots)).convert("L").point(lambda v: 255 if v < 128 else 0)
    left, upper, right, lower = box.getbbox() or (0, 0, 0, 0)
    capital_mm = (lower - upper) / MODEL.dots_per_mm
    assert 10 < capital_mm < 18
    assert abs((left + right) / 2 - 288) < 8, "centred"


def test_qr_code_on_paper_is_the_one_that_was_asked_for() -> None:
    """Compared module by module with a code made from the same address by segno."""
    piece = _paper()
    top, qr = _top(piece, Qr)
    assert isinstance(qr, Qr)
    expected = segno.make_qr(STATUS_URL.encode(), error="M", boost_error=False).matrix
    assert (len(expected), qr.module) == (qr.side, 6)
    image = picture(piece, MODEL)
    left = (576 - qr.dots) // 2
    seen = tuple(
        bytes(
            image.getpixel((left + column * qr.module + 3, top + row * qr.module + 3)) == INK
            for column in range(qr.side)
        )
        for row in range(qr.side)
    )
    assert seen == tuple(bytes(row) for row in expected)


def test_raster_prints_its_dots() -> None:
    piece = _paper(golden("raster") + golden("feed_and_cut_full"))
    image = picture(piece, MODEL)
    assert [image.getpixel((x, 120)) == INK for x in range(16)] == [True] * 8 + [False] * 8
    assert [image.getpixel((x, 121)) == INK for x in range(8)] == [True] + [False] * 6 + [True]


def test_code128_is_drawn_with_its_text() -> None:
    piece = _paper(golden("code128_text_below") + golden("code128_print") + golden("feed_and_cut_full"))
    _, bars = _top(piece, Bars)
    assert isinstance(bars, Bars)
    assert bars.text == "A045"
    # start B, A 0 4 5, check character, stop; as python-barcode draws it
    assert bars.modules == "1101001000010100011000100111011001100100111011011100100100100011001100011101011"


def test_reverse_underline_and_bold_change_the_picture() -> None:
    plain = picture(_paper(b"A045\n" + golden("feed_and_cut_full")), MODEL)
    for mode in ("reverse_on", "underline_on", "bold_on"):
        other = picture(_paper(golden(mode) + b"A045\n" + golden("feed_and_cut_full")), MODEL)
        assert ImageChops.difference(plain, other).getbbox(), mode


def test_unknown_bytes_leave_a_black_bar() -> None:
    piece = _paper(b"\x1b\x99\n" + golden("feed_and_cut_full"))
    image = picture(piece, MODEL)
    assert image.getpixel((570, 135)) == INK


def test_every_element_survives_json() -> None:
    job = (
        ticket(confirm=False)[:-4]
        + golden("raster")
        + golden("code128_print")
        + b"\x1b\x99"
        + golden("feed_and_cut_full")
    )
    elements = _paper(job).elements
    assert len({type(element) for element in elements}) == 6
    assert tuple(from_json(to_json(element)) for element in elements) == elements
