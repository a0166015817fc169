"""The one factory of the web application."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from dispatcher.usecases.desk import Desk
from dispatcher.usecases.holder import signing_key
from dispatcher.web import errors, observe, security, shell
from dispatcher.web.api.blueprint import make_blueprint as make_api
from dispatcher.web.auth import person
from dispatcher.web.context import KEY, Context, Limits
from dispatcher.web.metrics import Gauge
from dispatcher.web.pages import (
    about,
    account,
    appointment,
    booking,
    citizen,
    counter,
    fonts,
    health,
    office,
    queue,
    room,
    ticket,
)
from dispatcher.web.pages import desk as desk_pages
from dispatcher.web.robots import Robots
from dispatcher.web.streams import Streams
from dispatcher.web.unchanged import Unchanged
from dispatcher.wire.screens import Screens

MAX_BODY_BYTES = 256 * 1024
SESSION_LIFETIME = timedelta(hours=12)


def no_gauges() -> Iterable[Gauge]:
    """No figures besides the web's own."""
    return ()


def create_app(
    desk: Desk,
    *,
    secrets: Mapping[str, str],
    secret_key: str,
    ready: Callable[[], Mapping[str, bool]],
    room_url: str | None = None,
    gauges: Callable[[], Iterable[Gauge]] = no_gauges,
    limits: Limits | None = None,
    behind_tls: bool | None = None,
    bus_document: Callable[[], Mapping[str, Any]] | None = None,
    proxies: int = 0,
    screens: Screens | None = None,
) -> Flask:
    """The application for one office.

    `secrets` maps the variables that the office file names (`secret_env`, `password_env`) to their values. `secret_key`
    signs sessions, challenges and holders' links. `room_url`: where a onebox shows its room. `ready` tells of each part
    whether it is up. `gauges` adds figures to the metrics. `behind_tls` None: as the office's url says.
    `bus_document`: what is said over MQTT, for those who write programs. `proxies`: how many of our own stand before us
    and say in `X-Forwarded-For` whom they speak for; with 0 nobody is believed. `screens`: the pictures of the
    waiting-room screens, where there is a broker that they come over.
    """
    app = Flask(__name__)
    tls = behind_tls if behind_tls is not None else (desk.office.url or "").startswith("https://")
    app.config.update(_settings(secret_key, tls))
    limits = limits or Limits()
    csrf = CSRFProtect(app)
    limiter = Limiter(get_remote_address, app=app)
    login = LoginManager(app)
    login.session_protection = "strong"
    login.user_loader(person)
    key = signing_key(secret_key)
    app.extensions[KEY] = Context(
        desk=desk,
        secrets=secrets,
        ready=ready,
        gauges=gauges,
        room_url=room_url.rstrip("/").removesuffix("/room") if room_url else None,
        limits=limits,
        limiter=limiter,
        csrf=csrf,
        robots=Robots(key, desk.clock),
        streams=Streams(limits.streams),
        signing_key=key,
        screens=screens,
    )
    observe.install(app)
    security.install(app, room_url)
    shell.install(app)
    errors.install(app)
    app.register_blueprint(make_api(bus_document))
    app.register_blueprint(health.make_blueprint())
    app.register_blueprint(room.make_blueprint())
    app.add_url_rule("/fonts/<weight>.ttf", "font", fonts.font)
    _register_pages(app, desk.office.id)
    Unchanged(desk, app.extensions[KEY].counts).install(app)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _settings(secret_key: str, tls: bool) -> dict[str, Any]:
    return {
        "SECRET_KEY": secret_key,
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": tls,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": tls,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=30),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # the ticket's page sends no referrer on purpose
        "RATELIMIT_STORAGE_URI": "memory://",
    }


def _register_pages(app: Flask, site: str) -> None:
    """The pages, at the root and below the site's name."""
    pages = (booking, appointment, ticket, counter, account, citizen, office, desk_pages, queue, about)
    for module in pages:
        app.register_blueprint(module.make_blueprint())
    below = Blueprint(shell.BELOW, __name__, url_prefix=f"/{site}")
    for module in pages:
        below.register_blueprint(module.make_blueprint())
    app.register_blueprint(below)
