"""How a waiting-room screen looks: its colours with their contrast, and how tall a call stands on the wall.

The office file is checked by this, and the screens draw by it. A call is read from afar by old eyes: its contrast is
at least 7:1, new, at rest and stale (WCAG 1.4.6).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

Colour = tuple[int, int, int]
Density = Literal["airy", "normal", "dense"]
Face = Literal["hyperlegible", "noto"]

CALL_CONTRAST = 7.0
TEXT_CONTRAST = 4.5

LETTER_UNITS = {
    "call": (260, 136),
    "list": (110, 132),
    "split": (108, 116),
    "zone": (130, 136),
    "counter": (300, 160),
    "totem": (110, 136),
}
"""By layout the least height of a capital or digit of the newest call, label and counter alike, wide and upright.

In `list` that of every call: whoever was called before the newest reads it from the same seat. A totem that lies is
drawn as a list.

In units of which a screen is 1920 by 1080 (upright 1080 by 1920), for labels of six signs and counters of three; a
test measures it in drawn pictures of all sizes.
"""
UPRIGHT = ("totem",)


@dataclass(frozen=True)
class Theme:
    """The colours of a screen; `card` is where the huge call stands."""

    background: Colour = (12, 24, 36)
    panel: Colour = (22, 40, 58)
    line: Colour = (46, 70, 94)
    text: Colour = (246, 249, 252)
    soft: Colour = (178, 195, 211)
    counter: Colour = (255, 205, 84)
    card: Colour = (247, 249, 251)
    card_new: Colour = (255, 200, 61)
    card_glow: Colour = (255, 236, 178)
    card_stale: Colour = (176, 187, 197)
    card_text: Colour = (12, 24, 36)
    card_soft: Colour = (40, 56, 72)
    alarm: Colour = (146, 26, 29)
    alarm_text: Colour = (255, 255, 255)

    def contrasts(self) -> dict[str, float]:
        """The contrast of each pair of colours in which a call is written."""
        return {name: contrast(getattr(self, ink), getattr(self, ground)) for name, (ink, ground) in CALLS.items()}


CALLS = {
    "label, at rest": ("card_text", "card"),
    "label, new": ("card_text", "card_new"),
    "label, glowing": ("card_text", "card_glow"),
    "label, stale": ("card_text", "card_stale"),
    "label in the list": ("text", "background"),
    "counter in the list": ("counter", "background"),
    "stale line": ("alarm_text", "alarm"),
}
"""The colours of letter and ground in which calls are written."""
TEXTS = {
    "message": ("text", "panel"),
    "small text": ("soft", "background"),
    "small text on a panel": ("soft", "panel"),
    "service of the call": ("card_soft", "card"),
}
COLOURS = tuple(field.name for field in fields(Theme))
LIGHT = {
    "background": "#f2f5f8",
    "panel": "#e2e9f0",
    "line": "#b4c2d0",
    "text": "#0c1824",
    "soft": "#3c4f62",
    "counter": "#0b3f75",
    "card": "#ffffff",
    "card_new": "#ffc83d",
    "card_glow": "#ffecb2",
    "card_stale": "#c3ccd4",
    "card_text": "#0c1824",
    "card_soft": "#28384a",
}
"""The colours of the theme `light`, for bright rooms; `dark` is what a screen has by default."""
NAMED: dict[str, Mapping[str, str]] = {"dark": {}, "light": LIGHT}


def theme_of(colours: Mapping[str, str]) -> Theme:
    """The theme with these colours changed (`#rrggbb` by name). Raises ValueError."""
    return Theme(**{name: parse_colour(text) for name, text in colours.items()})


def parse_colour(text: str) -> Colour:
    """`#rrggbb` as red, green, blue. Raises ValueError."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError('write a colour like "#0c1824"')
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def too_weak(theme: Theme) -> list[tuple[str, str]]:
    """Each pair of colours that cannot be read: the name of the letters' colour, and a sentence."""
    found = []
    for pairs, least in ((CALLS, CALL_CONTRAST), (TEXTS, TEXT_CONTRAST)):
        for what, (ink, ground) in pairs.items():
            value = contrast(getattr(theme, ink), getattr(theme, ground))
            if value < least:
                found.append((ink, f"{what}: {ink} on {ground} has a contrast of {value:.1f}:1; it needs {least:g}:1"))
    return found


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 … 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def text_height_mm(distance_m: float) -> float:
    """The least capital height for a reader at `distance_m`: 51 mm to 4.57 m, then 3.2 mm per 305 mm (ADA 703.5.5)."""
    return 51.0 + max(0.0, distance_m - 4.57) / 0.305 * 3.2


def unit_of(width: int, height: int) -> float:
    """Pixels in one unit of the layouts, which are drawn for 1920 by 1080 (upright: 1080 by 1920)."""
    if width >= height:
        return min(width / 1920, height / 1080)
    return min(width / 1080, height / 1920)


def usual_size(layout: str) -> tuple[int, int]:
    """The surface that a layout is made for, where the real one is not known."""
    return (1080, 1920) if layout in UPRIGHT else (1920, 1080)


def not_upright(layout: str, size: tuple[int, int]) -> str:
    """Why a layout cannot be drawn as it is meant on a surface of `size` pixels; empty when it can."""
    if layout not in UPRIGHT or size[0] < size[1]:
        return ""
    return (
        f'layout = "{layout}" is for an upright screen, and this one lies ({size[0]}x{size[1]}): turn the screen, '
        f'or write layout = "list", as which it is shown'
    )


def letters_mm(layout: str, size: tuple[int, int], diagonal_mm: float) -> float:
    """How tall the letters of a call are at the least, on a surface of `size` pixels and this diagonal."""
    wide, upright = LETTER_UNITS.get(layout, LETTER_UNITS["list"])
    units = wide if size[0] >= size[1] else upright
    return units * unit_of(*size) * diagonal_mm / math.hypot(*size)


def too_small(layout: str, size: tuple[int, int], diagonal_mm: float, distance_m: float) -> str:
    """Why a call could not be read from `distance_m`, and what would do; empty when it can."""
    tall, wanted = letters_mm(layout, size, diagonal_mm), text_height_mm(distance_m)
    if tall >= wanted:
        return ""
    inches = math.ceil(diagonal_mm * wanted / tall / 25.4)
    fit = [other for other in LETTER_UNITS if letters_mm(other, size, diagonal_mm) >= wanted]
    instead = f', or layout = "{fit[0]}"' if fit else ""
    return (
        f"the letters of a call would be {tall:.0f} mm tall, and {distance_m:g} m need {wanted:.0f} mm: "
        f"take a screen of {inches}in{instead}, or a smaller distance"
    )
