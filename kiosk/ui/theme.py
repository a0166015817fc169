"""The dispenser's look in one place: colours, sizes, the measures of its screen.

Sizes are design units: a portrait screen of 1080 × 1920 of them, on 21.5 inches 268 mm wide. Capital letters of
MIN_TEXT are 6.2 mm high (EN 301 549 5.1.4 at 0.5 m), and no target is smaller than 20 mm (81 units).
"""

from __future__ import annotations

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1080, 1920
UNITS_PER_MM = WIDTH / 268
MARGIN = 48
GAP = 24
RADIUS = 28
MIN_TEXT = 38
MIN_TARGET = 96

PAPER: Colour = (247, 244, 237)
WHITE: Colour = (255, 255, 255)
INK: Colour = (17, 31, 41)
INK_SOFT: Colour = (55, 68, 78)
PETROL: Colour = (9, 78, 92)
PETROL_PRESSED: Colour = (5, 48, 58)
PETROL_DEEP: Colour = (6, 52, 63)
MIST: Colour = (222, 240, 241)
AMBER: Colour = (255, 190, 77)
AMBER_PRESSED: Colour = (240, 165, 40)
CLOSED: Colour = (230, 226, 216)
CLOSED_TEXT: Colour = (62, 68, 72)
SHADOW: Colour = (226, 221, 209)

# Which colour is written on which: checked against 7:1 (WCAG 1.4.6) by a test.
PAIRS: tuple[tuple[Colour, Colour], ...] = (
    (INK, PAPER),
    (INK, WHITE),
    (INK_SOFT, PAPER),
    (INK_SOFT, WHITE),
    (WHITE, PETROL),
    (WHITE, PETROL_PRESSED),
    (WHITE, PETROL_DEEP),
    (MIST, PETROL),
    (MIST, PETROL_PRESSED),
    (MIST, PETROL_DEEP),
    (PETROL, WHITE),
    (PETROL, PAPER),
    (INK, AMBER),
    (INK, AMBER_PRESSED),
    (CLOSED_TEXT, CLOSED),
)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
