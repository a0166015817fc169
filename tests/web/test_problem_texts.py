"""F2: whatever a device reports is said on the office's pages in the reader's language, not only in its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.web.texts import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
CODE = r'"([a-z_]+(?:\.[a-z_]+)?)"'
WRITTEN = (
    rf"\b(?:faults|found|codes|problems)\[{CODE}\]",
    rf"\b_(?:say|fault)\({CODE}",
    rf"\b(?:faults = .*?|_tell\()\({CODE},\)",
    rf"faults = \(\*faults, {CODE}\)",
    rf"\bproblems = \{{{CODE}:",
)
"""How the sources write the code of a problem."""


def _codes(*paths: str) -> set[str]:
    files = [file for path in paths for file in (sorted((ROOT / path).rglob("*.py")) or [ROOT / path])]
    return set(_found("\n".join(file.read_text(encoding="utf-8") for file in files)))


def _found(text: str) -> Iterator[str]:
    for pattern in WRITTEN:
        yield from re.findall(pattern, text, re.MULTILINE)


def _of_printers() -> set[str]:
    words = tomllib.loads((ROOT / "kiosk/texts/en.toml").read_text(encoding="utf-8"))["problem"]
    offline = {f"offline.{name}" for name, text in words.pop("offline").items() if isinstance(text, str)}
    return (set(words) | offline) - {"spare"}


SOURCES = {
    "screens": ("display/loop.py", "display/outfit.py"),
    "devices": ("display/led", "kiosk/offline.py", "kiosk/speech", "kiosk/board", "kiosk/counter"),
}


@pytest.mark.parametrize("group", SOURCES)
def test_every_problem_of_a_device_has_its_text_in_every_language(group: str) -> None:
    codes = _codes(*SOURCES[group]) | (_of_printers() if group == "devices" else set())
    lost = [
        (code, each) for code in sorted(codes) for each in LANGUAGES if f"{group}.problem.{code}" not in catalogue(each)
    ]
    assert lost == []


def test_codes_are_found_in_the_sources() -> None:
    assert {"stale", "no_voice", "text_too_small", "contrast_low", "slide_unreadable"} <= _codes(*SOURCES["screens"])
    assert {"led_silent", "port_gone", "no_voice", "no_audio", "board_gone", "keys_wrong", "unanswered"} <= _codes(
        *SOURCES["devices"]
    )
    assert {"jam", "offline.clock"} <= _of_printers()
