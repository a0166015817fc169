"""Forms: the CSRF check that every POST of a page passes, and limits by address."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import request

from dispatcher.web.context import context


def guard(limit: str | None = None) -> None:
    """Refuse a form that is not ours, or the one too many of this address."""
    context().csrf.protect()
    if limit is not None:
        count(limit)


def count(limit: str) -> None:
    """Count one attempt of the asking address, and of its network where that has a limit too.

    Raises RateLimitExceeded.
    """
    ctx = context()
    with ctx.limiter.limit(getattr(ctx.limits, limit), scope=limit):
        pass
    of_network = getattr(ctx.limits, f"{limit}_network", None)
    if of_network is not None:
        with ctx.limiter.limit(of_network, key_func=_network, scope=f"{limit}_network"):
            pass


def _network() -> str:
    return f"network:{network_of(request.remote_addr)}"


def network_of(address: str | None) -> str:
    """The network that an address belongs to: /24 of IPv4, /48 of IPv6; what is no address stands for itself."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, 24 if isinstance(found, IPv4Address) else 48), strict=False))


def typed(*names: str) -> Mapping[str, str]:
    """What was typed into these fields, without blanks around it."""
    return {name: request.form.get(name, "").strip() for name in names}


def limit_email(address: str, limit: str = "booking_email") -> None:
    """Count one attempt to book for this e-mail address. Raises RateLimitExceeded."""
    ctx = context()
    with ctx.limiter.limit(
        getattr(ctx.limits, limit), key_func=lambda: f"email:{address.strip().casefold()}", scope=limit
    ):
        pass
