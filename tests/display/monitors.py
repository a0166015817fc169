"""Monitors for tests: X servers and a Wayland compositor that show their picture to nobody but the test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab

from tests.display.office import until

LEFT, RIGHT = (1280, 720), (1024, 768)
TIMINGS = {
    LEFT: "74.50 1280 1344 1472 1664 720 723 728 748 -hsync +vsync",
    RIGHT: "65.00 1024 1048 1184 1344 768 771 777 806 -hsync -vsync",
}
CARD = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 32000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0 - 1000.0
  VertRefresh 5.0 - 200.0
{modes}
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 2304 768
  EndSubSection
EndSection
"""


@contextmanager
def x_server(folder: Path, *options: str, program: str = "Xvfb") -> Iterator[str]:
    """An X server; its name, as DISPLAY takes it."""
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), *options, "-nolisten", "tcp"]
    with (folder / "x.log").open("wb") as log:
        server = subprocess.Popen(command, pass_fds=[write], stdout=log, stderr=log)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            number = said.readline().strip()
        assert number, (folder / "x.log").read_text(errors="replace")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def two_monitors(folder: Path) -> Iterator[str]:
    """A full X server with two monitors side by side, LEFT and RIGHT; its name, as DISPLAY takes it."""
    modes = "".join(f'  Modeline "{width}x{height}" {TIMINGS[width, height]}\n' for width, height in (LEFT, RIGHT))
    (folder / "xorg.conf").write_text(CARD.format(modes=modes), encoding="ascii")
    options = ["-config", str(folder / "xorg.conf"), "-logfile", str(folder / "xorg.log"), "-noreset"]
    with x_server(folder, *options, "-novtswitch", "-sharevts", "vt9", program="Xorg") as display:
        left, right = (f"{width}x{height}" for width, height in (LEFT, RIGHT))
        for order in (
            ["--output", "DUMMY0", "--mode", left, "--pos", "0x0"],
            ["--addmode", "DUMMY1", right],
            ["--output", "DUMMY1", "--mode", right, "--pos", f"{LEFT[0]}x0"],
            # This driver finds out that its second monitor is there only when it is asked; a desktop asks as it starts.
            ["--query"],
        ):
            subprocess.run(["xrandr", "-display", display, *order], check=True, timeout=20, stdout=subprocess.DEVNULL)
        yield display


def seen_on(display: str) -> Image.Image:
    """All monitors of an X server."""
    return ImageGrab.grab(xdisplay=display).convert("RGB")


@dataclass
class Compositor:
    """A Wayland compositor (weston) with two monitors of LEFT's size side by side."""

    socket: Path

    def seen(self) -> Image.Image:
        """All its monitors."""
        folder = self.socket.parent
        environment = {**os.environ, "WAYLAND_DISPLAY": self.socket.name, "XDG_RUNTIME_DIR": str(folder)}
        subprocess.run(["weston-screenshooter"], cwd=folder, env=environment, check=True, timeout=20)
        (path,) = folder.glob("*.png")
        with Image.open(path) as picture:
            made = picture.convert("RGB")
        path.unlink()
        return made


@contextmanager
def compositor(folder: Path) -> Iterator[Compositor]:
    """A weston within an X server of its own."""
    own = folder / "wayland"
    own.mkdir(mode=0o700)
    (own / "weston.ini").write_text("[shell]\npanel-position=none\nlocking=false\n", encoding="ascii")
    width, height = LEFT
    options = ["--backend=x11-backend.so", "--use-pixman", "--output-count=2", f"--width={width}", f"--height={height}"]
    options += ["--socket=way", f"--config={own / 'weston.ini'}", "--idle-time=0", "--debug"]
    with x_server(folder, "-screen", "0", f"{width}x{height}x24") as display, (folder / "weston.log").open("wb") as log:
        environment = {**os.environ, "DISPLAY": display, "XDG_RUNTIME_DIR": str(own)}
        server = subprocess.Popen(["weston", *options], env=environment, stdout=log, stderr=log)
        try:
            assert until((own / "way").exists), (folder / "weston.log").read_text(errors="replace")
            yield Compositor(own / "way")
        finally:
            server.terminate()
            server.wait(10)
