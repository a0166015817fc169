"""What all views share, held by the application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect

from dispatcher.engine.model import Office
from dispatcher.usecases.desk import Desk
from dispatcher.web.attention import Attention
from dispatcher.web.metrics import Gauge, RequestCounts
from dispatcher.web.robots import Robots
from dispatcher.web.shown import Shown
from dispatcher.web.streams import Streams
from dispatcher.wire.screens import Screens

KEY = "numeretto"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How often one address may do what, in wall time (Flask-Limiter's words), and how many live streams there may be.

    A reverse proxy or a whole ministry may stand behind one address: the numbers stop machines, not people. Those named
    `…_network` are for a whole network (IPv4 /24, IPv6 /48). `question`: bookings whose check is answered in words.
    """

    hold: str = "100 per minute; 600 per hour"
    hold_network: str = "400 per minute; 2400 per hour"
    details: str = "120 per minute"
    details_network: str = "480 per minute"
    details_email: str = "30 per hour"
    question: str = "12 per minute; 60 per hour"
    question_network: str = "36 per minute; 180 per hour"
    booking: str = "60 per minute"
    booking_network: str = "240 per minute"
    booking_email: str = "10 per hour"
    challenge: str = "120 per minute"
    login: str = "20 per minute"
    login_email: str = "100 per hour"
    account: str = "30 per minute"
    account_network: str = "120 per minute"
    account_email: str = "10 per hour"
    phone: str = "60 per minute"
    again: str = "20 per hour"
    refusals: str = "30 per minute"
    streams: int = 100


@dataclass(frozen=True, kw_only=True)
class Context:
    """The application's parts. `ready` tells of each part whether it is up; `gauges` adds figures to the metrics."""

    desk: Desk
    secrets: Mapping[str, str]
    ready: Callable[[], Mapping[str, bool]]
    gauges: Callable[[], Iterable[Gauge]]
    room_url: str | None
    limits: Limits
    limiter: Limiter
    csrf: CSRFProtect
    robots: Robots
    streams: Streams
    signing_key: bytes
    screens: Screens | None = None
    counts: RequestCounts = field(default_factory=RequestCounts)
    attention: Attention = field(default_factory=Attention)
    shown: Shown = field(default_factory=Shown)

    @property
    def office(self) -> Office:
        return self.desk.office


def context() -> Context:
    """The parts of the application that answers the present request."""
    return cast(Context, current_app.extensions[KEY])
