"""Pictures of the screen for those who are not in the room, made away from the drawing."""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue

from PIL import Image

log = logging.getLogger(__name__)

KINDS = 4
"""So many pictures of different widths may wait at once."""
LEAST_WIDTH = 64

Pixels = tuple[bytes, tuple[int, int]]
"""Bytes of red, green, blue, and the size."""


class Photographer:
    """Makes PNGs on a thread of its own. `send` gets a picture and the id of the request that it answers."""

    def __init__(self, send: Callable[[bytes, str | None], object]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._waiting: dict[int | None, tuple[Pixels, str | None]] = {}
        self._due: SimpleQueue[int | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(
        self, pixels: bytes, size: tuple[int, int], *, width: int | None = None, request: str | None = None
    ) -> None:
        """Encode and send this picture soon, made `width` pixels wide if it is wider; instead of one that waits."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="photographer", daemon=True)
            self._thread.start()
        with self._lock:
            known = width in self._waiting
            if not known and len(self._waiting) >= KINDS:
                log.info("event=frame_request_refused request=%s", request)
                return
            self._waiting[width] = ((pixels, size), request)
        if not known:
            self._due.put(width)

    def _work(self) -> None:
        while True:
            width = self._due.get()
            try:
                self._answer(width)
            except Exception:
                log.exception("event=frame_failed")

    def _answer(self, width: int | None) -> None:
        with self._lock:
            (pixels, size), request = self._waiting.pop(width)
        picture = png(pixels, size, width)
        del pixels
        self._send(picture, request)


def png(pixels: bytes, size: tuple[int, int], width: int | None = None) -> bytes:
    """The picture as a PNG, made `width` pixels wide (LEAST_WIDTH at least) if it is wider."""
    picture = Image.frombuffer("RGB", size, pixels, "raw", "RGB", 0, 1)
    if width is not None and (width := max(LEAST_WIDTH, width)) < size[0]:
        height = max(1, round(size[1] * width / size[0]))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def keep(folder: Path, device: str, at: datetime, picture: bytes) -> Path:
    """Write a picture to `folder`, as a whole or not at all; its name says the screen and the instant (UTC)."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"screen-{device}-{at:%Y%m%dT%H%M%S}.{at.microsecond // 1000:03d}Z.png"
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(picture)
    part.replace(path)
    log.info("event=picture_kept path=%s", path)
    return path
