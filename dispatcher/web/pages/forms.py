"""Forms: the CSRF check that every POST of a page passes, and limits by address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from dispatcher.web.context import context


def guard(limit: str | None = None) -> None:
    """Refuse a form that is not ours, or the one too many of this address."""
    ctx = context()
    ctx.csrf.protect()
    if limit is not None:
        with ctx.limiter.limit(getattr(ctx.limits, limit), scope=limit):
            pass


def typed(*names: str) -> Mapping[str, str]:
    """What was typed into these fields, without blanks around it."""
    return {name: request.form.get(name, "").strip() for name in names}


def limit_email(address: str) -> None:
    """Count one attempt to book for this e-mail address."""
    ctx = context()
    with ctx.limiter.limit(
        ctx.limits.booking_email, key_func=lambda: f"email:{address.strip().casefold()}", scope="booking"
    ):
        pass
