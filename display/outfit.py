"""The look of a screen from its settings: colours, face, rows for the distance; and what cannot be shown with them."""

from __future__ import annotations

import math

from dispatcher.wire import looks
from dispatcher.wire.messages import DisplayConfig
from display import texts
from display.draw import pictures
from display.draw.geometry import Screen
from display.draw.pen import Pen
from display.draw.theme import Theme
from display.texts.signage import words
from display.view import BoardView, PlainView, View

LABEL_CAPITAL = 0.714
ROW_LETTERS = 88.0
"""Units of a capital in a row of the list where nothing else is asked for."""
ROW_SCALES = (0.86, 1.5)
DENSITIES = {"airy": 1.14, "normal": 1.0, "dense": 0.86}


def dress(pen: Pen, config: DisplayConfig | None) -> Pen:
    """The pen with the colours, the face and the sizes that the settings ask for."""
    if config is None:
        return pen
    pen.theme, pen.face, pen.logo = theme_of(config), config.theme.font, config.theme.logo
    size = pen.surface.get_size()
    if config.diagonal_mm:
        pen.screen = Screen(*size, height_mm=config.diagonal_mm * size[1] / math.hypot(*size))
        if config.distance_m:
            pen.needed = math.ceil(looks.text_height_mm(config.distance_m) * math.hypot(*size) / config.diagonal_mm)
    pen.rows = rows(config, size)
    pen.readable = _readable(config, size)
    return pen


def theme_of(config: DisplayConfig) -> Theme:
    """The theme of the settings; the usual one when its colours cannot be read."""
    try:
        return looks.theme_of(config.theme.colours)
    except (ValueError, TypeError):
        return Theme()


def rows(config: DisplayConfig, size: tuple[int, int]) -> float:
    """How much taller the rows of the list are: as dense as the theme wants, and readable from the distance."""
    scale = DENSITIES[config.theme.density]
    if config.diagonal_mm and config.distance_m:
        unit_mm = looks.unit_of(*size) * config.diagonal_mm / math.hypot(*size)
        scale = max(scale, looks.text_height_mm(config.distance_m) / (ROW_LETTERS * unit_mm))
    return min(max(scale, ROW_SCALES[0]), ROW_SCALES[1])


def _readable(config: DisplayConfig, size: tuple[int, int]) -> int:
    """Pixels to the em that letters need for the distance, as far as a row can give them; 0 when it is not known."""
    if not config.diagonal_mm or not config.distance_m:
        return 0
    wanted = looks.text_height_mm(config.distance_m) * math.hypot(*size) / config.diagonal_mm / LABEL_CAPITAL
    return math.floor(min(wanted, ROW_LETTERS * ROW_SCALES[1] * looks.unit_of(*size) / LABEL_CAPITAL))


def faults(config: DisplayConfig | None, size: tuple[int, int]) -> dict[str, str]:
    """What is to be said to the office, by code."""
    if config is None:
        return {}
    found: dict[str, str] = {}
    if reason := too_small(config, size):
        found["text_too_small"] = f"No calls are shown: {reason}."
    if reason := looks.not_upright(config.layout, size):
        found["not_upright"] = f"It is not shown as meant: {reason}."
    if weak := [sentence for _name, sentence in looks.too_weak(theme_of(config))]:
        found["contrast_low"] = f"The theme cannot be read from afar: {weak[0]}."
    bad = [slide.id for slide in config.slides if slide.picture and pictures.fault(slide.picture)]
    if bad:
        found["slide_unreadable"] = f"Pictures that cannot be read are left out: {', '.join(bad)}."
    return found


def too_small(config: DisplayConfig, size: tuple[int, int]) -> str:
    """Why a call on this surface cannot be read from the distance in the settings; empty when it can."""
    if not config.diagonal_mm or not config.distance_m:
        return ""
    return looks.too_small(config.layout, size, config.diagonal_mm, config.distance_m)


def admitted(picture: View, config: DisplayConfig | None, size: tuple[int, int]) -> View:
    """The picture; or, where its calls would be too small to be read, one that says so to everybody."""
    if config is None or not isinstance(picture, BoardView):
        return picture
    reason = too_small(config, size)
    if not reason:
        return picture
    languages = [found for each in config.languages if (found := texts.spoken(each))] or [texts.FALLBACK]
    return PlainView(tuple(dict.fromkeys(words(each).too_small for each in languages)), reason)
