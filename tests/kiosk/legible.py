"""What makes a screen fit for everybody, looked at from what stands on it: sizes in millimetres, reach, nothing over
another (HARDWARE 7; EN 301 549, WCAG)."""

from __future__ import annotations

import pygame

from kiosk.lettering import mask
from kiosk.ui.canvas import Canvas
from tests.kiosk.gallery import Glass, Sketch

TARGET_MM = 20.0
"""HARDWARE: a touch target of a kiosk."""
CAPITAL_MM = 6.1
"""EN 301 549 5.1.4: 0.7 degrees of view at half a metre."""
REACH_MM = 295.0


def capital() -> float:
    """The height of a capital letter as a part of the size of its type."""
    box = mask("H", 1000).getbbox()
    assert box is not None
    return (box[3] - box[1]) / 1000


def too_small(canvas: Canvas, px_per_mm: float) -> list[object]:
    """Targets and texts below their least size in millimetres."""
    letter = capital()
    found: list[object] = [t for t in canvas.targets if min(t.rect.size) / px_per_mm < TARGET_MM]
    return found + [(text, size) for text, size in canvas.texts if canvas.px(size) * letter / px_per_mm < CAPITAL_MM]


def misplaced(canvas: Sketch, whole: pygame.Rect) -> list[object]:
    rects = [target.rect for target in canvas.targets]
    boxes = [(text, box.inflate(-2, -box.height // 4)) for text, box in canvas.text_boxes]
    wrong: list[object] = [("target outside", rect) for rect in rects if not whole.contains(rect)]
    wrong += [("targets", a, b) for at, a in enumerate(rects) for b in rects[at + 1 :] if a.colliderect(b)]
    wrong += [("text outside", text) for text, box in boxes if not whole.contains(box)]
    for at, (text, box) in enumerate(boxes):
        wrong += [("texts", text, other) for other, b in boxes[at + 1 :] if box.colliderect(b)]
        over = [r for r in (*rects, *canvas.slips) if r.colliderect(box) and not r.contains(box)]
        wrong += [("over an edge", text) for _rect in over]
    return wrong


def out_of_reach(canvas: Canvas, glass: Glass) -> list[object]:
    """EN 301 549 8.3: mounted with its lower edge at 825 mm nothing to touch is above 1120 mm."""
    return [t for t in canvas.targets if (glass.pixels[1] - t.rect.top) / glass.px_per_mm > REACH_MM + 1]
