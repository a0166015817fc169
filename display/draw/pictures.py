"""Pictures of the office as surfaces: decoded once, made as large as their place."""

from __future__ import annotations

import base64
import binascii
import io
from functools import lru_cache

import pygame
from PIL import Image

MOST_PIXELS = 40_000_000
"""A picture of more would take the screen's memory; a camera's best has 25 million."""
_READABLE = (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError)


@lru_cache(maxsize=32)
def fault(data: str) -> str:
    """Why a picture (base64 of a PNG or JPEG) cannot be shown; empty when nothing is seen against it."""
    try:
        _opened(data).verify()
    except _READABLE as error:
        return str(error) or type(error).__name__
    return ""


@lru_cache(maxsize=4)
def fitted(data: str, size: tuple[int, int]) -> pygame.Surface:
    """The picture as large as it goes within `size`. Raises OSError when it cannot be read."""
    try:
        opened = _opened(data)
        scale = min(size[0] / opened.width, size[1] / opened.height)
        wanted = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
        opened.draft("RGB", wanted)
        clear = "A" in opened.getbands() or "transparency" in opened.info
        made = opened.convert("RGBA" if clear else "RGB").resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
    except _READABLE as error:
        raise OSError(f"the picture cannot be read: {error}") from None
    surface = pygame.image.frombytes(made.tobytes(), made.size, "RGBA" if clear else "RGB")
    if pygame.display.get_surface() is None:
        return surface
    return surface.convert_alpha() if clear else surface.convert()


def _opened(data: str) -> Image.Image:
    opened = Image.open(io.BytesIO(base64.b64decode(data, validate=True)), formats=("PNG", "JPEG"))
    if opened.width * opened.height > MOST_PIXELS:
        raise ValueError(
            f"it has {opened.width} x {opened.height} pixels; the most is {MOST_PIXELS // 1_000_000} million"
        )
    return opened
