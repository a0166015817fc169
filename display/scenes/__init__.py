"""Layouts as scene classes, chosen by name."""

from __future__ import annotations

from collections.abc import Callable

from display.scenes.call import CallScene
from display.scenes.list import ListScene
from display.scenes.scene import Scene

SCENES: dict[str, Callable[[], Scene]] = {"call": CallScene, "list": ListScene}
DEFAULT = "list"


def scene(layout: str) -> Scene:
    """The scene of that name; the default one for a name that this version does not have."""
    return SCENES.get(layout, SCENES[DEFAULT])()
