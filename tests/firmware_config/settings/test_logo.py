"""A picture becomes a logo of black and white dots. [F3]"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from firmware_config import logo
from firmware_config.model import Picture

GOLDEN = Path(__file__).parents[2] / "golden" / "logo.png"
SHIPPED = Path(__file__).parents[3] / "firmware_config" / "devices" / "logo.png"


def _image(one: Picture) -> Image.Image:
    return Image.frombytes("1", (one.width, one.height), bytes(byte ^ 0xFF for byte in one.data))


def test_shipped_logo_is_dithered_as_in_the_golden_picture() -> None:
    """tests/golden/logo.png was looked at: even grey, a clear A1, the name without holes."""
    made = _image(logo.picture(SHIPPED, width=384)).convert("L")
    with Image.open(GOLDEN) as opened:
        golden = opened.convert("L")
    assert made.size == golden.size == (384, 120)
    # other releases of Pillow may scale a dot differently: the grey over 8 × 8 dots is what the eye sees
    boxes = [one.resize((48, 15), Image.Resampling.BOX).tobytes() for one in (made, golden)]
    assert max(abs(a - b) for a, b in zip(*boxes, strict=True)) <= 32


def test_dots_are_packed_from_the_left_black_is_one(tmp_path: Path) -> None:
    image = Image.new("RGBA", (10, 2), (0, 0, 0, 0))
    image.putpixel((0, 0), (0, 0, 0, 255))
    image.putpixel((9, 1), (0, 0, 0, 255))
    image.save(tmp_path / "dots.png")
    made = logo.picture(tmp_path / "dots.png", width=576)
    assert (made.width, made.height, made.data.hex()) == (16, 2, "80000040"), (
        "what is transparent, and the edge, is white"
    )


def test_wide_picture_is_scaled_down_and_a_small_one_left(tmp_path: Path) -> None:
    image = Image.new("L", (1000, 500), 255)
    ImageDraw.Draw(image).rectangle((0, 0, 499, 499), fill=0)
    image.save(tmp_path / "wide.png")
    made = _image(logo.picture(tmp_path / "wide.png", width=200))
    assert made.size == (200, 100)
    assert [made.getpixel((x, 50)) for x in (10, 190)] == [0, 255]
    assert logo.picture(tmp_path / "wide.png", width=1008).height == 500


def test_grey_is_dithered_or_cut(tmp_path: Path) -> None:
    Image.new("L", (64, 64), 160).save(tmp_path / "grey.png")
    black = {
        kind: sum(byte.bit_count() for byte in logo.picture(tmp_path / "grey.png", width=64, dither=kind).data)
        for kind in logo.DITHERS
    }
    assert black["threshold"] == 0
    assert abs(black["floyd-steinberg"] / 4096 - (255 - 160) / 255) < 0.03


def test_what_is_no_picture_or_too_high_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_text("hello", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no\.png is no picture"):
        logo.picture(tmp_path / "no.png", width=576)
    Image.new("L", (576, 911)).save(tmp_path / "high.png")
    with pytest.raises(ValueError, match="at most 910"):
        logo.picture(tmp_path / "high.png", width=576)
