"""Who asks: a program by its token, a person by a log-in, or nobody. Secrets are compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass
from typing import Literal

from flask import request
from flask_login import UserMixin, current_user

from dispatcher.engine.model import Token, User
from dispatcher.usecases.desk import Actor
from dispatcher.web import passwords
from dispatcher.web.context import Context, context
from dispatcher.web.problems import Refusal

log = logging.getLogger(__name__)
Access = Literal["public", "all"] | frozenset[str]

RIGHTS: dict[str, frozenset[str]] = {
    "kiosk": frozenset({"kiosk"}),
    "counter": frozenset({"counter"}),
    "office": frozenset({"office"}),
    "operator": frozenset({"counter"}),
    "secretary": frozenset({"counter", "office"}),
    "manager": frozenset({"counter", "office"}),
    "administrator": frozenset({"counter", "office"}),
}
"""What a role may do, in the words of the contract's table of routes."""


class Person(UserMixin):  # type: ignore[misc]
    """A user of the office file who is logged in."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return self.user.name


def person(name: str) -> Person | None:
    """The user behind a session, as long as the office file names them."""
    user = context().office.users.get(name)
    return Person(user) if user else None


def logged_in() -> User | None:
    """The person of this session."""
    return current_user.user if isinstance(current_user._get_current_object(), Person) else None


def sees_bookings(user: User | None) -> bool:
    """Whether the appointments of the office are this person's work."""
    return user is not None and "office" in RIGHTS[user.role]


def check_password(name: str, password: str) -> User | None:
    """The user with this name and password, or None; a wrong name takes as long as a wrong password."""
    ctx = context()
    user = ctx.office.users.get(name)
    stored = user.password_hash if user else None
    plain = ctx.secrets.get(user.password_env) if user and user.password_env else None
    if stored is None:
        matches_plain = plain is not None and _same(plain, password)
        passwords.verify(None, password)
        return user if matches_plain else None
    return user if passwords.verify(stored, password) else None


def _same(one: str, other: str) -> bool:
    """Equality in constant time, whatever the lengths."""

    def digest(text: str) -> bytes:
        return hashlib.sha256(text.encode("utf-8", "replace")).digest()

    return hmac.compare_digest(digest(one), digest(other))


def find_token(ctx: Context, secret: str) -> Token | None:
    """The token with this secret; every token is compared, whichever matches."""
    found = None
    for token in ctx.office.tokens.values():
        known = ctx.secrets.get(token.secret_env)
        if known and _same(known, secret):
            found = token
    return found


@dataclass(frozen=True)
class Caller:
    """The one who asks. `by` says how that is known."""

    actor: Actor
    by: Literal["token", "log-in", "nobody"]

    @property
    def rights(self) -> frozenset[str]:
        return RIGHTS.get(self.actor.role, frozenset())

    @property
    def is_office(self) -> bool:
        return "office" in self.rights


def of_token(token: Token) -> Caller:
    return Caller(
        Actor(
            account=f"token:{token.name}",
            role=token.role,
            counters=None if token.counters is None else frozenset(token.counters),
            kiosks=None if token.kiosks is None else frozenset(token.kiosks),
        ),
        "token",
    )


def of_user(user: User) -> Caller:
    return Caller(Actor(account=f"user:{user.name}", role=user.role), "log-in")


def of_nobody() -> Caller:
    """The public, told apart by a keyed digest of the address: the address itself is stored nowhere."""
    return Caller(Actor(account=f"public:{address_digest()}", role="public"), "nobody")


def address_digest() -> str:
    """A name for the asking address that says nothing about it."""
    address = (request.remote_addr or "").encode()
    return hmac.new(context().signing_key, b"address:" + address, hashlib.sha256).hexdigest()[:16]


def identify() -> Caller:
    """Who asks. Raises Refusal `unauthenticated` for a bearer token that is not ours, a few times for each address.

    Only what is refused is counted: whoever has a good token is never held up by others behind the same address.
    """
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        token = find_token(context(), secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            with context().limiter.limit(context().limits.refusals, scope="refusals"):
                raise Refusal("unauthenticated", "this bearer token is not known here")
        return of_token(token)
    user = logged_in()
    return of_user(user) if user else of_nobody()


def authorize(access: Access) -> Caller:
    """Who asks, if they may. A browser's log-in must send the CSRF token with everything that changes something."""
    caller = identify()
    if access != "public" and caller.by == "nobody":
        raise Refusal("unauthenticated", "a bearer token or a log-in is needed")
    if isinstance(access, frozenset) and not (access & caller.rights):
        raise Refusal("forbidden", f"the role {caller.actor.role} may not do this")
    if caller.by == "log-in":
        context().csrf.protect()
    return caller
