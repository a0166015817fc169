"""The ways to a monitor: which one SDL is to take, and what to do when there is none. Opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DRIVERS = ("x11", "wayland", "kmsdrm")
BLIND = ("dummy", "offscreen", "evdev")
"""SDL's drivers on which nobody sees anything."""
CARDS = Path("/dev/dri")
CONSOLE_BLANK = Path("/sys/module/kernel/parameters/consoleblank")
REMEDIES = {
    "x11": "log in to a desktop, or set DISPLAY and XAUTHORITY to those of its session",
    "wayland": "set WAYLAND_DISPLAY and XDG_RUNTIME_DIR to those of the session, and run as its user",
    "kmsdrm": "the user must be in the groups video, render and input, and no desktop may hold the monitor",
}


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
