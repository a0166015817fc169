"""Colours. A call is read from 10 m by old eyes: its contrast is at least 7:1, new, at rest and stale (WCAG 1.4.6)."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


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
        grounds = {"at rest": self.card, "new": self.card_new, "glowing": self.card_glow, "stale": self.card_stale}
        return {
            **{f"label, {name}": contrast(self.card_text, ground) for name, ground in grounds.items()},
            "label in the list": contrast(self.text, self.background),
            "counter in the list": contrast(self.counter, self.background),
            "stale line": contrast(self.alarm_text, self.alarm),
        }


def blend(low: Colour, high: Colour, share: float) -> Colour:
    """`low` at share 0, `high` at 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 … 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
