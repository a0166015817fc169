"""Pages that are opened by a link in a mail."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue


def useless() -> ResponseReturnValue:
    """Guessed, altered, old and used links: one answer."""
    return private(render_template("citizen_link.html"), 404)


def private(html: str, status: int = 200) -> ResponseReturnValue:
    """A page whose address is a secret: it is told to nobody and kept nowhere."""
    response = make_response(html, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
