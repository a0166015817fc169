"""The screens in the office file: places, looks, messages, slides; errors with file, line and key (C1, C5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatcher import config
from dispatcher.bus.settings import device_settings
from dispatcher.config.signage import LOGO_BYTES, PICTURE_BYTES, SCREEN_BYTES
from dispatcher.engine.model import Look, Notice
from dispatcher.wire import codec
from dispatcher.wire.messages import DisplayConfig
from tests.test_config import SMALL, fault, write

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
BASE = SMALL.count("\n")


def screen(keys: str) -> str:
    return SMALL.replace('id = "hall"', f'id = "hall"\n{keys}')


def test_screen_knows_its_place_its_size_and_its_motion(tmp_path: Path) -> None:
    keys = 'layout = "zone"\ncounters = ["1"]\narrow = "left"\ndiagonal = "55in"\ndistance = "7m"\nmotion = "reduced"'
    office = config.load(write(tmp_path, screen(keys)))
    hall = office.displays["hall"]
    assert (hall.layout, hall.arrow, hall.diagonal, hall.distance, hall.motion) == (
        "zone",
        "left",
        pytest.approx(1397),
        7000,
        "reduced",
    )
    payload = device_settings(office, printers={}, room=False, simulated_clock=False)["hall"]
    told = codec.decode(DisplayConfig, payload)
    assert (told.arrow, told.distance_m, told.counter_names, told.motion) == (
        "left",
        7,
        {"1": "Sportello 1"},
        "reduced",
    )


@pytest.mark.parametrize(
    ("keys", "key", "sentence"),
    [
        (
            'diagonal = "43in"\ndistance = "10m"',
            "distance",
            "the letters of a call would be 55 mm tall, and 10 m need 108 mm: take a screen of 86in, "
            'or layout = "call", or a smaller distance',
        ),
        ('distance = "8m"', "distance", 'the size of the screen is needed too: diagonal = "43in"'),
        ('diagonal = "big"', "diagonal", 'write a length like "43in" or "110cm"'),
        ('layout = "counter"', "layout", 'a screen over one counter needs that counter: counters = ["1"]'),
        ('layout = "zone"', "layout", 'a screen of a zone needs its counters: counters = ["1", "2"]'),
        ('arrow = "left"', "arrow", 'only layout = "zone" shows where to go; take the line out'),
        ('layout = "cinema"', "layout", 'unknown layout "cinema"; there are call, list, split, zone, counter, totem'),
        ('theme = "blue"', "theme", "write the name of a theme file, or one of dark, light"),
        ('motion = "none"', "motion", "'none' is not possible here; write one of 'full', 'reduced'"),
    ],
)
def test_screen_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, keys: str, key: str, sentence: str
) -> None:
    found = fault(tmp_path, screen(keys))
    text = screen(keys).splitlines()
    line = next(at for at, row in enumerate(text, 1) if row.startswith(f"{key} =") and at > text.index("[[display]]"))
    assert (found.line, found.key, found.message) == (line, f"display[hall].{key}", sentence)


def test_theme_stands_in_the_office_file_or_in_one_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "mark.png").write_bytes(PNG)
    theme = 'logo = "mark.png"\ndensity = "dense"\nfont = "noto"\n[colours]\ncounter = "#F4D35E"\n'
    (tmp_path / "looks" / "green.toml").write_text(theme, encoding="utf-8")
    both = screen('theme = "looks/green.toml"') + '[[display]]\nid = "stairs"\n[theme]\ndensity = "airy"\n'
    office = config.load(write(tmp_path, both))
    green = Look(colours={"counter": "#f4d35e"}, logo=PNG, font="noto", density="dense")
    assert [office.displays[name].look for name in ("hall", "stairs")] == [green, Look(density="airy")]


def test_theme_whose_call_cannot_be_read_is_refused(tmp_path: Path) -> None:
    found = fault(tmp_path, SMALL + '[theme]\ncolours.card_text = "#777777"\n')
    assert (found.line, found.key) == (BASE + 2, "theme.colours.card_text")
    assert found.message == "label, at rest: card_text on card has a contrast of 4.2:1; it needs 7:1"
    (tmp_path / "grey.toml").write_text('density = "dense"\n[colours]\nsoft = "#404040"\n', encoding="utf-8")
    found = fault(tmp_path, screen('theme = "grey.toml"'))
    assert (found.file, found.line, found.key) == (str(tmp_path / "grey.toml"), 3, "colours.soft")
    assert "it needs 4.5:1" in found.message


@pytest.mark.parametrize(
    ("content", "line", "key", "part"),
    [
        ("[colours]\nsky = '#000000'\n", 2, "colours.sky", "unknown colour; there are background"),
        ("[colours]\ncard = 'white'\n", 2, "colours.card", 'write a colour like "#0c1824"'),
        ("logo = 'none.png'\n", 1, "logo", "cannot be read: No such file"),
    ],
)
def test_faults_of_a_theme_file_name_its_line(tmp_path: Path, content: str, line: int, key: str, part: str) -> None:
    (tmp_path / "own.toml").write_text(content, encoding="utf-8")
    found = fault(tmp_path, screen('theme = "own.toml"'))
    assert (found.file, found.line, found.key) == (str(tmp_path / "own.toml"), line, key)
    assert part in found.message


def test_messages_need_no_id_and_are_notices(tmp_path: Path) -> None:
    text = SMALL + '[[message]]\ntext = { it = "Chiuso sabato" }\nuntil = 2026-12-01T12:00:00Z\n'
    office = config.load(write(tmp_path, text))
    until = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert office.notices == (Notice(id="message-1", text={"it": "Chiuso sabato"}, until=until),)


def test_slides_are_read_and_travel_with_the_settings_of_their_screens(tmp_path: Path) -> None:
    (tmp_path / "hill.png").write_bytes(PNG)
    text = SMALL + (
        '[[display]]\nid = "stairs"\n'
        '[[slide]]\nid = "hill"\npicture = "hill.png"\nshow = "20s"\ndisplays = ["stairs"]\n'
        '[[slide]]\nid = "bring"\ntext = { it = """\n# Portare\n- documento\n""" }\nfrom = 2026-12-01T08:00:00Z\n'
    )
    office = config.load(write(tmp_path, text))
    assert [(slide.id, slide.picture, slide.show) for slide in office.slides] == [
        ("hill", PNG, timedelta(seconds=20)),
        ("bring", None, timedelta(seconds=10)),
    ]
    payloads = device_settings(office, printers={}, room=False, simulated_clock=False)
    told = {name: codec.decode(DisplayConfig, payloads[name]).slides for name in ("hall", "stairs")}
    assert [slide.id for slide in told["hall"]] == ["bring"]
    assert [slide.id for slide in told["stairs"]] == ["hill", "bring"]
    assert told["hall"][0].since == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert told["stairs"][0].seconds == 20


@pytest.mark.parametrize(
    ("keys", "key", "part"),
    [
        ('picture = "gone.png"', "slide[s].picture", "cannot be read: No such file"),
        ('picture = "site.toml"', "slide[s].picture", "is no PNG or JPEG picture"),
        ('picture = "big.png"', "slide[s].picture", "has 1000 kB; the most is 1000 kB"),
        ("", "slide[s]", "give either picture or text"),
        ('text = { it = "x" }\nshow = "1s"', "slide[s].show", 'the least is "3s"'),
        ('text = { it = "x" }\ndisplays = ["attic"]', "slide[s].displays", 'unknown display "attic"'),
        ('text = { en = "x" }', "slide[s].text", 'the text in the first language, "it", is missing; add it'),
    ],
)
def test_slide_that_cannot_be_shown_is_refused(tmp_path: Path, keys: str, key: str, part: str) -> None:
    (tmp_path / "big.png").write_bytes(PNG + bytes(1_000_000))
    found = fault(tmp_path, SMALL + f'[[slide]]\nid = "s"\n{keys}\n')
    assert found.key == key
    assert found.line > BASE
    assert part in found.message


def test_as_many_pictures_as_a_screen_takes_reach_it(tmp_path: Path) -> None:
    """Two of the largest, and one that fills the rest: what the file allows is what the screen's program reads."""
    sizes = (PICTURE_BYTES, PICTURE_BYTES, SCREEN_BYTES - 2 * PICTURE_BYTES)
    for at, size in enumerate(sizes):
        (tmp_path / f"p{at}.png").write_bytes(PNG + bytes(size - len(PNG)))
    (tmp_path / "logo.png").write_bytes(PNG + bytes(LOGO_BYTES - len(PNG)))
    slides = "".join(f'[[slide]]\nid = "s{at}"\npicture = "p{at}.png"\n' for at in range(3))
    office = config.load(write(tmp_path, SMALL + slides + '[theme]\nlogo = "logo.png"\n'))
    payload = device_settings(office, printers={}, room=False, simulated_clock=False)["hall"]
    told = codec.decode(DisplayConfig, payload, codec.SETTINGS_BYTES)
    assert [len(slide.picture or "") for slide in told.slides] == [4 * -(-size // 3) for size in sizes]


def test_more_pictures_than_a_message_takes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG + bytes(900_000))
    slides = "".join(f'[[slide]]\nid = "s{at}"\npicture = "p.png"\n' for at in range(3))
    found = fault(tmp_path, SMALL + slides)
    assert (found.key, found.line) == ("slide[s2].picture", BASE + 9)
    assert found.message == "the pictures of hall have 2700 kB; a screen takes 2500 kB"
