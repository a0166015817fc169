"""The way to the monitor is found by itself, and said plainly when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from display import video


@pytest.mark.parametrize(
    ("environ", "card", "way"),
    [
        ({}, False, None),
        ({}, True, "kmsdrm"),
        ({"DISPLAY": ":0"}, True, "x11"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, False, "wayland,x11"),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "kmsdrm"}, False, "kmsdrm"),
    ],
)
def test_desktop_first_and_without_one_the_monitor_itself(
    environ: dict[str, str], card: bool, way: str | None, tmp_path: Path
) -> None:
    if card:
        (tmp_path / "card0").touch()
    assert video.choose(environ, tmp_path) == way


@pytest.mark.parametrize("driver", video.DRIVERS)
def test_what_to_do_is_said_for_each_way(driver: str) -> None:
    text = video.refusal(driver, f"{driver} not available")
    assert video.REMEDIES[driver] in text
    assert "--headless" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("driver", "value"), [("x11", "0"), ("dummy", "0"), ("offscreen", "0"), ("wayland", "1"), ("kmsdrm", "1")]
)
def test_drivers_that_cannot_take_a_picture_from_memory_get_it_as_a_texture(driver: str, value: str) -> None:
    assert video.acceleration(driver) == value


def test_libraries_that_the_machine_lacks_are_known() -> None:
    assert video.missing(("libc.so.6", "libnever.so.9")) == ["libnever.so.9"]


@pytest.mark.parametrize(("text", "seconds"), [("0\n", 0), ("600\n", 600), ("-1", 0), ("no", 0)])
def test_console_that_blanks_is_known(text: str, seconds: int, tmp_path: Path) -> None:
    path = tmp_path / "consoleblank"
    path.write_text(text, encoding="ascii")
    assert video.console_blanks_s(path) == seconds
    assert video.console_blanks_s(tmp_path / "none") == 0
