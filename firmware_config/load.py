"""The office's wish for one printer, from its file. All that is wrong with it is told with file, line and key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from firmware_config import logo
from firmware_config.errors import BadFile
from firmware_config.model import Desired, Picture
from firmware_config.profile import Profile, profiles

_TABLES = {"line": "line", "print": "print", "memory": "memory", "switches": "switch"}
_KEYS = {"printer", "logo", *_TABLES}
_LOGO_KEYS = {"key", "file", "width", "dither"}
MOST_LOGOS = 20


def desired(file: Path) -> tuple[Desired, Profile]:
    """Raises BadFile."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError as error:
        raise BadFile(file, None, "", "there is no such file: write the wishes for this device there") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(file, None, "", f"cannot be read: {error}") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        raise BadFile(file, int(at[1]) if at else None, "", f"is no TOML: {error}") from error
    return _Reader(file, text).read(table)


class _Reader:
    def __init__(self, file: Path, text: str) -> None:
        self._file, self._lines = file, text.splitlines()

    def read(self, table: dict[str, Any]) -> tuple[Desired, Profile]:
        name = table.get("printer")
        if not isinstance(name, str) or name not in profiles():
            raise self._bad("", "printer", f"is one of {', '.join(profiles())}: only these are written")
        profile = profiles()[name]
        for key in table:
            if key not in _KEYS:
                raise self._bad("", key, f"is no key; there are {', '.join(sorted(_KEYS))}")
        values = {}
        for section, prefix in _TABLES.items():
            content = table.get(section, {})
            if not isinstance(content, dict):
                raise self._bad("", section, f"is a table: write [{section}]")
            for key, value in content.items():
                refusal = profile.refusal(f"{prefix}.{key}", value)
                if refusal:
                    raise self._bad(section, key, refusal)
                values[f"{prefix}.{key}"] = value
        return Desired(name, values, self._logos(profile, table.get("logo", []))), profile

    def _logos(self, profile: Profile, tables: Any) -> dict[str, Picture]:
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            raise self._bad("", "logo", "is a list of tables: write [[logo]]")
        if tables and not profile.logos:
            raise self._bad("", "logo", f"a {profile.model} keeps no logos")
        if len(tables) > MOST_LOGOS:
            raise self._bad("", "logo", f"at most {MOST_LOGOS}")
        found: dict[str, Picture] = {}
        for at, table in enumerate(tables):
            for key in table:
                if key not in _LOGO_KEYS:
                    raise self._bad("logo", key, f"is no key; there are {', '.join(sorted(_LOGO_KEYS))}", at)
            key = table.get("key")
            if not isinstance(key, str) or not re.fullmatch(r"[\x20-\x7e]{2}", key) or key in found:
                raise self._bad("logo", "key", "is two characters of its own, like 'L1'", at)
            found[key] = self._picture(profile, table, at)
        return found

    def _picture(self, profile: Profile, table: dict[str, Any], at: int) -> Picture:
        name, width = table.get("file"), table.get("width", profile.dots)
        dither = table.get("dither", logo.DITHERS[0])
        if not isinstance(name, str):
            raise self._bad("logo", "file", "is the name of a picture, beside this file", at)
        if isinstance(width, bool) or not isinstance(width, int) or not 8 <= width <= profile.dots:
            raise self._bad("logo", "width", f"is 8 to {profile.dots} dots", at)
        if dither not in logo.DITHERS:
            raise self._bad("logo", "dither", f"is one of {', '.join(logo.DITHERS)}", at)
        try:
            return logo.picture(self._file.parent / name, width=width // 8 * 8, dither=dither)
        except (OSError, ValueError) as error:
            raise self._bad("logo", "file", str(error), at) from error

    def _bad(self, section: str, key: str, text: str, at: int = 0) -> BadFile:
        return BadFile(self._file, self._line(section, key, at), f"{section}.{key}" if section else key, text)

    def _line(self, section: str, key: str, at: int) -> int | None:
        """The line of `key` in `[section]`, or in the `at`-th `[[section]]`; else that of the section."""
        inside, seen, where = section == "", -1, None
        for number, line in enumerate(self._lines, 1):
            header = re.match(r"\s*\[\[?\s*([\w.\"-]+)", line)
            if header:
                named = header[1] == section
                seen += named
                inside = named and seen == at
                if inside or (section == "" and header[1] == key):
                    where = where or number
            elif inside and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
                return number
        return where
