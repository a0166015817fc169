"""Puts a dispatcher together: store, desk, bus, jobs, web. The only place that knows all of them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.bus.inbound import Inbound
from dispatcher.bus.publisher import Publisher
from dispatcher.bus.settings import device_settings
from dispatcher.engine.model import Office
from dispatcher.jobs import Jobs
from dispatcher.mail import postman
from dispatcher.store import admin
from dispatcher.store.session import Store, Unavailable
from dispatcher.usecases import views
from dispatcher.usecases.desk import Desk
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import Clock

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)


CLOCK_BEHIND = timedelta(minutes=10)
"""A clock that was set right by so little is waited for; a larger step is an error of whoever started us."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a dispatcher is started with. `secrets` by the names that the office file gives.

    `mail_folder`: where the mails of an office without a mail server are kept.
    """

    office: Office
    database: str
    broker: str
    base_url: str
    broker_password: str | None = None
    room_url: str | None = None
    secret_key: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    printers: Mapping[str, str] = field(default_factory=dict)
    mail_folder: Path | None = None

    @classmethod
    def from_environment(cls, office: Office, *, data: Path, broker: str | None, base_url: str) -> Settings:
        """Command line over environment over file."""
        environment = os.environ
        return cls(
            office=office,
            database=environment.get("NUMERETTO_DATABASE") or f"sqlite:///{data / 'numeretto.db'}",
            broker=broker or environment.get("NUMERETTO_BROKER") or "mqtt://127.0.0.1:1883",
            base_url=office.url or base_url,
            broker_password=environment.get("NUMERETTO_BROKER_PASSWORD"),
            room_url=environment.get("NUMERETTO_ROOM_URL"),
            secret_key=environment.get("NUMERETTO_SECRET_KEY", ""),
            secrets=dict(environment),
            printers=json.loads(environment.get("NUMERETTO_VIRTUAL_PRINTERS", "{}")),
            mail_folder=data / "mail",
        )


class ClockBehind(Exception):
    """The data have seen a later time than the clock shows: time would stand still until it comes."""


def check_clock(settings: Settings, clock: Clock) -> None:
    """Bring the tables to this version and look at the clock. Raises ClockBehind, or Unavailable."""
    store = Store(settings.database)
    try:
        admin.upgrade(store)
        seen = store.last_now(settings.office.id)
    finally:
        store.close()
    if seen is not None and seen - clock.now() > CLOCK_BEHIND:
        raise ClockBehind(
            f"these data have seen {seen:%Y-%m-%d %H:%M} UTC and the clock shows {clock.now():%Y-%m-%d %H:%M}: "
            "take another data folder for a simulated day, or set the clock right"
        )


class Dispatcher:
    """One running dispatcher. `start` after the process that serves has been forked."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.store = Store(settings.database)
        self.desk = Desk(self.store, settings.office, clock, base_url=settings.base_url)
        broker = Broker.parse(settings.broker)
        self.link = Client(broker, username="dispatcher", password=settings.broker_password)
        configs = device_settings(
            settings.office,
            printers=settings.printers,
            room=settings.room_url is not None,
            simulated_clock=clock.simulated,
        )
        self.inbound = Inbound(self.desk, self.link)
        self.publisher = Publisher(self.desk, self.link, configs)
        self.postman = postman(
            self.desk, secret_key=settings.secret_key, secrets=settings.secrets, folder=settings.mail_folder
        )
        self.jobs = Jobs(self.desk, self.postman.round if self.postman else None)

    def web(self) -> Flask:
        """The Flask application over this dispatcher's desk."""
        from dispatcher.web import create_app

        return create_app(
            self.desk,
            secrets=self.settings.secrets,
            secret_key=self.settings.secret_key,
            room_url=self.settings.room_url,
            ready=self.ready,
        )

    def start(self) -> None:
        """Bring the tables to this version, then take commands. Raises Unavailable."""
        admin.upgrade(self.store)
        self.desk.prepare()
        self.inbound.start()
        self.publisher.start()
        self.link.start()
        self.jobs.start()

    def stop(self) -> None:
        """Finish what was taken, send what it said, end."""
        self.jobs.stop()
        if self.postman is not None:
            self.postman.stop()
        self.inbound.stop()
        self.publisher.stop()
        self.link.stop()
        self.store.close()

    def ready(self) -> dict[str, bool]:
        """What must be up for the office to work, part by part."""
        parts = {"broker": self.link.connected}
        try:
            presence = self.desk.read(views.presence)
            parts["dispatcher"] = True
        except Unavailable:
            presence = {}
            parts["dispatcher"] = False
        for kind, ids in (("kiosk", self.settings.office.kiosks), ("display", self.settings.office.displays)):
            for device in ids:
                parts[f"{kind}-{device}"] = bool(presence.get(device, {}).get("online"))
        return parts
