"""The typeface that keeps 0 and O, 1 and l apart, from its own package; without it browsers take the system's."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from flask import Response, abort, send_file

FILES = {"regular": "AtkinsonHyperlegible-Regular.ttf", "bold": "AtkinsonHyperlegible-Bold.ttf"}
MAX_AGE_S = 30 * 24 * 3600


def font(weight: str) -> Response:
    """`/fonts/regular.ttf`, `/fonts/bold.ttf`."""
    spec = find_spec("fontpkg_atkinson_hyperlegible")
    if weight not in FILES or spec is None or spec.origin is None:
        abort(404)
    return send_file(Path(spec.origin).parent / "files" / FILES[weight], mimetype="font/ttf", max_age=MAX_AGE_S)
