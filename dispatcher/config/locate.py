"""Where in a TOML text a key stands. A reader of lines, not of TOML: the text has been parsed by `tomllib` before."""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)(.+)\]")
_KEY_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")


class Locator:
    """Lines (from 1) of tables and keys by their path, as `("service", 0, "hours", "mon")`."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        for number, line in _statements(text):
            if header := _HEADER.match(line):
                table = self._enter(_dotted(header[2]), number, is_array=header[1] == "[[")
                continue
            path = table
            for part in _dotted(line):
                path = (*path, part)
                self._lines.setdefault(path, number)

    def line(self, path: Path) -> int:
        """The line of the key, or of the nearest thing around it that the file names; 1 when there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def _enter(self, parts: list[str], number: int, *, is_array: bool) -> Path:
        path: Path = ()
        for at, part in enumerate(parts):
            path = (*path, part)
            self._lines.setdefault(path, number)
            last = at == len(parts) - 1
            if last and is_array:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
                self._lines.setdefault(path, number)
        return path


def _dotted(text: str) -> list[str]:
    """The parts of a dotted key at the start of `text`."""
    parts, at = [], 0
    while found := _KEY_PART.match(text, at):
        parts.append(next(group for group in found.groups() if group is not None))
        at = found.end()
        if at >= len(text) or text[at] != ".":
            break
        at += 1
    return parts


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """First lines of headers and key/value pairs with their numbers; the further lines of a value are passed over."""
    depth, quote = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        inside = bool(depth or quote)
        is_header = not inside and line.lstrip().startswith("[")
        if not inside and line.strip() and not line.lstrip().startswith("#"):
            yield number, line
        if not is_header:
            depth, quote = _scan(line, depth, quote)


_SIGN = re.compile(r'"""|\'\'\'|\\.|["\'#\[\]{}]')


def _scan(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Bracket depth and open multi-line quote after the line."""
    for sign in _SIGN.findall(line):
        if quote:
            if sign == quote:
                quote = ""
        elif sign == "#":
            break
        elif sign in ('"', "'", '"""', "'''"):
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
    return depth, quote if len(quote) == 3 else ""
