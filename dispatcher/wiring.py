"""Puts a dispatcher together: store, desk, bus, jobs, web. The only place that knows all of them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatcher.bus.inbound import Inbound
from dispatcher.bus.publisher import Publisher
from dispatcher.bus.settings import device_settings
from dispatcher.jobs import Jobs
from dispatcher.mail import postman
from dispatcher.settings import Settings
from dispatcher.store import admin
from dispatcher.store.session import Store, Unavailable
from dispatcher.usecases import views
from dispatcher.usecases.desk import Desk
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import Clock
from dispatcher.wire.screens import Screens

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)


CLOCK_BEHIND = timedelta(minutes=10)
"""A clock that was set right by so little is waited for; a larger step is an error of whoever started us."""


class ClockBehind(Exception):
    """The data have seen a later time than the clock shows: time would stand still until it comes."""


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
        self.screens = Screens(self.link, settings.office.id, settings.office.displays, clock)
        self.inbound = Inbound(self.desk, self.link, self.screens)
        self.publisher = Publisher(self.desk, self.link, configs)
        self.postman = postman(
            self.desk, secret_key=settings.secret_key, secrets=settings.secrets, folder=settings.mail_folder
        )
        self.jobs = Jobs(self.desk, self.postman.round if self.postman else None)

    def web(self) -> Flask:
        """The Flask application over this dispatcher's desk."""
        from dispatcher.bus import asyncapi
        from dispatcher.web import create_app

        return create_app(
            self.desk,
            secrets=self.settings.secrets,
            secret_key=self.settings.secret_key,
            room_url=self.settings.room_url,
            ready=self.ready,
            proxies=self.settings.proxies,
            screens=self.screens,
            bus_document=lambda: asyncapi.document(self.settings.office),
        )

    def start(self) -> None:
        """Bring the tables to this version, look at the clock, then take commands. Raises Unavailable, ClockBehind."""
        admin.upgrade(self.store)
        self._check_clock()
        self.desk.prepare()
        self.inbound.start()
        self.publisher.start()
        self.link.start()
        self.jobs.start()

    def _check_clock(self) -> None:
        seen, now = self.store.last_now(self.settings.office.id), self.desk.clock.now()
        if seen is not None and seen - now > CLOCK_BEHIND:
            raise ClockBehind(
                f"these data have seen {seen:%Y-%m-%d %H:%M} UTC and the clock shows {now:%Y-%m-%d %H:%M}: "
                "take another data folder for a simulated day, or set the clock right"
            )

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
