"""What the doctor says of the way to a monitor (F4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.doctor import Machine, Mark, examine
from deploy.onebox.app import DEMO
from display import video


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"DISPLAY": ":0"}, "by x11; it is kept from blanking"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "by wayland or x11; it is kept from blanking"),
        ({"SDL_VIDEODRIVER": "dummy"}, "none (no DISPLAY): a onebox draws in memory; see /room"),
    ],
)
def test_the_way_to_the_monitor_is_said(environ: dict[str, str], text: str, tmp_path: Path) -> None:
    found = {each.subject: each for each in examine(Machine(DEMO, tmp_path, environ))}
    assert found["screen"].text == text


def test_monitor_without_a_desktop_is_looked_at_itself(tmp_path: Path) -> None:
    found = [
        each for each in examine(Machine(DEMO, tmp_path, {"SDL_VIDEODRIVER": "kmsdrm"})) if each.subject == "screen"
    ]
    cards = sorted(video.CARDS.glob("card*"))
    assert found[0].mark is (Mark.good if cards else Mark.note)
    if not cards:
        assert video.REMEDIES["kmsdrm"] in found[0].text


def test_screens_that_are_to_speak_are_named_where_nothing_can_be_said_or_heard(tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    told = DEMO.read_text(encoding="utf-8")
    office.write_text(told + '\n[[display]]\nid = "mute"\nvoice = false\n', encoding="utf-8")
    found = {each.subject: each for each in examine(Machine(office, tmp_path, {"PATH": str(tmp_path)}))}
    assert found["voice"].mark is Mark.note
    assert "hall" in found["voice"].text
    assert "mute" not in found["voice"].text + found["sound"].text
    assert found["voice"].text.endswith("Debian package: espeak-ng")
    if found["sound"].mark is Mark.note:
        assert "hall" in found["sound"].text
