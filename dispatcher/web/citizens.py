"""Which citizen asks: their own part of the session, and their own cookie to be remembered by.

Nothing here touches the log-in of the staff, and `auth.logged_in` knows nothing of this: an account gives nobody a
right of the office. Times are wall time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, current_app, g, request, session
from itsdangerous import BadSignature, URLSafeSerializer

from dispatcher.usecases import accounts
from dispatcher.usecases.work import Actor
from dispatcher.web.context import context

SESSION = "citizen"
COOKIE = "remember_citizen"
REMEMBERED = timedelta(days=60)
BEGUN = "begun"
"""In the session: the link of the registration that this browser has begun."""
DRAFT = "draft"
"""In the session: the booking that this browser has begun, where it is kept."""
KEPT = ("holder", DRAFT)
"""What outlives a log-in: the name under which this browser holds a slot, and what it has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """An account in use. `has_password`: not only the identity provider knows who it is."""

    account: str
    name: str
    email: str | None
    phone: str
    language: str
    has_password: bool

    @property
    def actor(self) -> Actor:
        return accounts.actor(self.account)


def citizen() -> Citizen | None:
    """Who is logged in with an account, as long as the session has not been ended from elsewhere."""
    if "citizen" not in g:
        g.citizen = _find()
    found: Citizen | None = g.citizen
    return found


def is_known() -> bool:
    """Whether this browser says that somebody is logged in; enough to word a link, not to show anything."""
    return SESSION in session or COOKIE in request.cookies


def _find() -> Citizen | None:
    if context().office.accounts == "none":
        return None
    seen = session.get(SESSION) or _remembered()
    if not isinstance(seen, dict):
        return None
    at = datetime.fromisoformat(seen["at"])
    row = context().desk.read(accounts.of_session, account=seen["account"], at=at)
    if row is None:
        session.pop(SESSION, None)
        return None
    if SESSION not in session:
        session.permanent = True
        session[SESSION] = seen
    return Citizen(
        account=row["account"],
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        language=row["language"],
        has_password=row["password"],
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        context().signing_key, salt="remember citizen", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _remembered() -> dict[str, str] | None:
    try:
        account, at = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    if context().desk.clock.wall() - datetime.fromisoformat(at) > REMEMBERED:
        return None
    return {"account": account, "at": at}


def begin(seen: Mapping[str, Any], *, remember: bool | None = False) -> None:
    """A new session for the account of a log-in (`{account, at}`), so that one fixed beforehand is worth nothing.

    `remember` None: as it was.
    """
    if remember is None:
        remember = COOKIE in request.cookies
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session[SESSION] = {"account": seen["account"], "at": seen["at"]}
    g.pop("citizen", None)
    value = _signer().dumps([seen["account"], seen["at"]]) if remember else None
    _set_cookie(value)


def end() -> None:
    """Nobody is logged in here any more."""
    session.clear()
    g.pop("citizen", None)
    _set_cookie(None)


def _set_cookie(value: str | None) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def remember(response: Response) -> Response:
        if value is not None:
            response.set_cookie(COOKIE, value, max_age=REMEMBERED, httponly=True, samesite="Lax", secure=secure)
        elif COOKIE in request.cookies:
            response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure)
        return response
