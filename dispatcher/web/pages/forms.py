"""Forms: the CSRF check that every POST of a page passes, and limits by address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from dispatcher.web.context import context


def guard(limit: str | None = None) -> None:
    """Refuse a form that is not ours, or the one too many of this address."""
    context().csrf.protect()
    if limit is not None:
        guard_limit(limit)


def guard_limit(limit: str) -> None:
    """Refuse the one too many of this address."""
    ctx = context()
    with ctx.limiter.limit(getattr(ctx.limits, limit), scope=limit):
        pass


def typed(*names: str) -> Mapping[str, str]:
    """What was typed into these fields, without blanks around it."""
    return {name: request.form.get(name, "").strip() for name in names}


def limit_email(address: str, limit: str = "booking_email", scope: str = "booking") -> None:
    """Count one attempt for this e-mail address."""
    ctx = context()
    with ctx.limiter.limit(
        getattr(ctx.limits, limit), key_func=lambda: f"email:{address.strip().casefold()}", scope=scope
    ):
        pass
