"""What a screen is told of its place, its look and its slides. Pictures go with the settings: a screen that is linked
has them, and one that is started without a dispatcher finds them at the broker.
"""

from __future__ import annotations

import base64
from typing import Any

from dispatcher.engine.model import Display, Office
from dispatcher.wire.messages import Look, Slide


def signs(office: Office, display: Display) -> dict[str, Any]:
    """The fields of its DisplayConfig that follow from place, look and slides."""
    look = display.look
    shown = [row for row in office.counters.values() if display.counters is None or row.id in display.counters]
    return {
        "counter_names": {row.id: row.name for row in shown},
        "arrow": display.arrow,
        "diagonal_mm": display.diagonal,
        "distance_m": None if display.distance is None else display.distance / 1000,
        "motion": display.motion,
        "theme": Look(colours=dict(look.colours), logo=_text(look.logo), font=look.font, density=look.density),
        "slides": tuple(
            Slide(
                id=slide.id,
                picture=_text(slide.picture),
                text=dict(slide.text),
                seconds=slide.show.total_seconds(),
                **{"from": slide.since},
                until=slide.until,
            )
            for slide in office.slides
            if slide.displays is None or display.id in slide.displays
        ),
    }


def _text(picture: bytes | None) -> str | None:
    return None if picture is None else base64.b64encode(picture).decode("ascii")
