"""What every page has around it: language, office name, links, the strip that says a clock is simulated."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request, url_for

from dispatcher.web.auth import logged_in, sees_bookings
from dispatcher.web.citizens import citizen, is_known
from dispatcher.web.context import context
from dispatcher.web.texts import COOKIE, LANGUAGES, Texts, choose, languages_of

BELOW = "site"
STATIC = Path(__file__).parent / "static"
YEAR_S = 365 * 24 * 3600


def texts() -> Texts:
    """The texts in the language of this request."""
    if "texts" not in g:
        g.texts = Texts(choose(context().office))
    found: Texts = g.texts
    return found


def link(endpoint: str, **values: Any) -> str:
    """The path of a page, below the site's name when the present page is."""
    below = request.blueprint is not None and request.blueprint.startswith(f"{BELOW}.")
    return url_for(f"{BELOW}.{endpoint}" if below else endpoint, **values)


@lru_cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The path of a static file; it changes with the file, so that browsers may keep it."""
    return url_for("static", filename=name, v=_fingerprint(name))


def switches() -> list[tuple[str, str, str]]:
    """The language links of this page: `(code, its own name, address)`."""
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    return [
        (code, LANGUAGES[code], f"{request.path}?{urlencode({**kept, 'lang': code})}")
        for code in languages_of(context().office)
        if code in LANGUAGES
    ]


def install(app: Flask) -> None:
    """Make the shell available to all templates, and remember a chosen language."""

    @app.context_processor
    def around() -> dict[str, Any]:
        ctx = context()
        clock = ctx.desk.clock
        words = texts()
        simulated = None
        if clock.simulated:
            now = clock.now()
            local = now.astimezone(ctx.office.zone)
            simulated = words(
                "shell.simulated",
                day=words.day(local.date()),
                time=words.time(now, ctx.office.zone),
                pace=f"{clock.pace:g}",
            )
        user = logged_in()
        return {
            "t": words,
            "lang": words.language,
            "office": ctx.office,
            "link": link,
            "asset": asset,
            "switches": switches,
            "simulated": simulated,
            "user": user,
            "sees_bookings": sees_bookings(user),
            "citizen": citizen,
            "citizen_known": is_known,
        }

    @app.after_request
    def remember(response: Response) -> Response:
        wanted = request.args.get("lang")
        if wanted in LANGUAGES and request.method == "GET" and not request.path.startswith("/api/"):
            response.set_cookie(COOKIE, wanted, max_age=YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure)
        return response
