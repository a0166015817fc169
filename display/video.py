"""The ways to a monitor: which one SDL is to take, and what to do when there is none. Opens nothing."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from pathlib import Path

DRIVERS = ("x11", "wayland", "kmsdrm")
BLIND = ("dummy", "offscreen", "evdev")
"""SDL's drivers on which nobody sees anything."""
ACCELERATION = "SDL_FRAMEBUFFER_ACCELERATION"
DRAWN_BY_PROCESSOR = ("x11", *BLIND)
"""SDL's drivers that take a picture from memory. The others take it as a texture only, over OpenGL."""
FULL_LATER = ("wayland",)
"""SDL's drivers that make a window anew when it gets its surface, and forget that it was to be full screen."""
CARDS = Path("/dev/dri")
CONSOLE_BLANK = Path("/sys/module/kernel/parameters/consoleblank")
REMEDIES = {
    "x11": "log in to a desktop, or set DISPLAY and XAUTHORITY to those of its session",
    "wayland": "set WAYLAND_DISPLAY and XDG_RUNTIME_DIR to those of the session, run as its user, and install libegl1 "
    "and libgl1-mesa-dri",
    "kmsdrm": "the user must be in the groups video, render and input, no desktop may hold the monitor, and libgbm1, "
    "libegl1, libgles2 and libgl1-mesa-dri must be installed",
}
NEEDED = {"wayland": ("libEGL.so.1",), "kmsdrm": ("libgbm.so.1", "libEGL.so.1", "libGLESv2.so.2")}
"""The libraries of the machine over which a driver takes a picture as a texture."""


def choose(environ: Mapping[str, str], cards: Path = CARDS) -> str | None:
    """What SDL is to try, as its SDL_VIDEODRIVER takes it; None: there is no way to a monitor that we know.

    A desktop first; without one the monitor itself (KMS), as on a small computer behind it.
    """
    if environ.get("SDL_VIDEODRIVER"):
        return environ["SDL_VIDEODRIVER"]
    found = [name for name, variable in (("wayland", "WAYLAND_DISPLAY"), ("x11", "DISPLAY")) if environ.get(variable)]
    if found:
        return ",".join(found)
    return "kmsdrm" if any(cards.glob("card*")) else None


def acceleration(driver: str) -> str:
    """The value of SDL_FRAMEBUFFER_ACCELERATION for a driver.

    Where it can be done without, SDL's detour over textures costs ten times the time and four times the memory on a
    machine without a graphics processor.
    """
    return "0" if driver in DRAWN_BY_PROCESSOR else "1"


def missing(libraries: Iterable[str]) -> list[str]:
    """Which of them this machine does not have."""
    found: list[str] = []
    for name in libraries:
        try:
            ctypes.CDLL(name)
        except OSError:
            found.append(name)
    return found


def refusal(tried: str | None, reason: str) -> str:
    """Why nothing can be shown, and what to do."""
    remedies = [REMEDIES[name] for name in (tried or "").split(",") if name in REMEDIES] or [REMEDIES["x11"]]
    return f"no screen to draw on ({reason}): {'; or '.join(remedies)}; or use --headless"


def console_blanks_s(path: Path = CONSOLE_BLANK) -> int:
    """After how many seconds without a key the kernel blanks a console; 0: never, or nobody can say."""
    try:
        return max(0, int(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return 0
