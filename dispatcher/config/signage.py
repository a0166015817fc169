"""The files that an office file names for its screens: themes, logos, pictures; paths are from its own folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from dispatcher.config.locate import Locator
from dispatcher.config.locate import Path as KeyPath
from dispatcher.config.tables import OfficeTable, SlideTable, ThemeTable
from dispatcher.engine.model import Look, Slide
from dispatcher.wire import looks

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
LOGO_BYTES = 200_000
PICTURE_BYTES = 1_000_000
SCREEN_BYTES = 2_500_000
"""All pictures of one screen: with their base64 they fit in one message of the smallest broker (4 MiB)."""


@dataclass(frozen=True)
class Fault:
    """Something wrong at `path` of the office file, or at `line` and `key` of another `file`."""

    path: KeyPath
    text: str
    file: str = ""
    line: int = 0
    key: str = ""


@dataclass
class Signage:
    """Looks by display, the slides with their pictures, and what was wrong with them."""

    looks: dict[str, Look] = field(default_factory=dict)
    slides: tuple[Slide, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def gather(table: OfficeTable, folder: Path) -> Signage:
    """All files that `table` names are read; what cannot be used is a fault."""
    found = Signage()
    common = _look(found, table.theme, folder, ("theme",))
    for at, display in enumerate(table.display):
        path: KeyPath = ("display", at, "theme")
        own = display.theme is not None
        found.looks[display.id] = _named(found, display.theme, folder, path) if own and display.theme else common
    found.slides = tuple(_slide(found, row, folder, at) for at, row in enumerate(table.slide))
    _weigh(found, table)
    return found


def _named(found: Signage, name: str, folder: Path, path: KeyPath) -> Look:
    """A theme by its name or its file."""
    if name in looks.NAMED:
        return Look(colours=looks.NAMED[name])
    file = folder / name
    if not name.endswith(".toml"):
        found.faults.append(Fault(path, f"write the name of a theme file, or one of {', '.join(looks.NAMED)}"))
        return Look()
    try:
        text = file.read_text(encoding="utf-8")
        table = ThemeTable.model_validate(tomllib.loads(text))
    except OSError as error:
        found.faults.append(Fault(path, f"{file} cannot be read: {error.strerror}"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found.faults.append(Fault(path, f"{file} is not TOML: {error}"))
    except ValidationError as error:
        locator = Locator(text)
        for detail in error.errors(include_url=False):
            key = ".".join(map(str, detail["loc"]))
            reason = str(detail.get("ctx", {}).get("error") or detail["msg"])
            found.faults.append(Fault(path, reason, str(file), locator.line(tuple(detail["loc"])), key))
    else:
        before = len(found.faults)
        look = _look(found, table, file.parent, ())
        locator = Locator(text)
        found.faults[before:] = [
            Fault(path, fault.text, str(file), locator.line(fault.path), ".".join(map(str, fault.path)))
            for fault in found.faults[before:]
        ]
        return look
    return Look()


def _look(found: Signage, table: ThemeTable, folder: Path, path: KeyPath) -> Look:
    unknown = [name for name in table.colours if name not in looks.COLOURS]
    for name in unknown:
        text = f"unknown colour; there are {', '.join(looks.COLOURS)}"
        found.faults.append(Fault((*path, "colours", name), text))
    if not unknown:
        for name, sentence in looks.too_weak(looks.theme_of(table.colours)):
            found.faults.append(Fault((*path, "colours", name), sentence))
    logo = _file(found, table.logo, folder, (*path, "logo"), (PNG,), LOGO_BYTES) if table.logo else None
    return Look(colours=table.colours, logo=logo, font=table.font, density=table.density)


def _slide(found: Signage, row: SlideTable, folder: Path, at: int) -> Slide:
    path: KeyPath = ("slide", at, "picture")
    picture = _file(found, row.picture, folder, path, (PNG, JPEG), PICTURE_BYTES) if row.picture else None
    return Slide(
        id=row.id,
        picture=picture,
        text=row.text,
        show=row.show,
        since=row.since,
        until=row.until,
        displays=row.displays,
    )


def _file(found: Signage, name: str, folder: Path, path: KeyPath, kinds: Iterable[bytes], most: int) -> bytes | None:
    """The bytes of a picture of one of the `kinds`."""
    file = folder / name
    try:
        content = file.read_bytes()
    except OSError as error:
        found.faults.append(Fault(path, f"{file} cannot be read: {error.strerror}"))
        return None
    if not content.startswith(tuple(kinds)):
        found.faults.append(Fault(path, f"{file} is no {'PNG or JPEG' if JPEG in kinds else 'PNG'} picture"))
    elif len(content) > most:
        found.faults.append(Fault(path, f"{file} has {len(content) // 1000} kB; the most is {most // 1000} kB"))
    else:
        return content
    return None


def _weigh(found: Signage, table: OfficeTable) -> None:
    for display in table.display:
        mine = [slide for slide in found.slides if slide.displays is None or display.id in slide.displays]
        weight = sum(len(slide.picture or b"") for slide in mine)
        if weight > SCREEN_BYTES:
            last = max(at for at, slide in enumerate(found.slides) if slide in mine)
            text = f"the pictures of {display.id} have {weight // 1000} kB; a screen takes {SCREEN_BYTES // 1000} kB"
            found.faults.append(Fault(("slide", last, "picture"), text))
