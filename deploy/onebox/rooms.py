"""The room as a part of the onebox's own process: its link to the broker and its web server."""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING

from deploy.onebox import vault
from deploy.onebox.plan import Plan
from dispatcher.wire.client import Broker, Client
from dispatcher.wire.clock import Clock

if TYPE_CHECKING:
    from deploy.onebox.room.server import Server

log = logging.getLogger(__name__)

_END_S = 0.5


class RoomThread:
    """Serves the room of a plan on the listening socket `door`; built in a thread, beside the start of the children."""

    def __init__(self, plan: Plan, clock: Clock, door: socket.socket) -> None:
        self._plan, self._clock, self._door = plan, clock, door
        broker = Broker.parse(plan.broker_url)
        self._client = Client(
            broker,
            client_id=f"numeretto-{plan.office.id}-room",
            username=broker.username or "room",
            password=broker.password or plan.secrets.values[vault.ROOM_PASSWORD],
        )
        self._server: Server | None = None
        self._builder = threading.Thread(target=self._build, daemon=True)
        self._stopper = threading.Thread(target=self._stop, daemon=True)

    @property
    def is_up(self) -> bool:
        return self._server is not None and self._client.connected

    def start(self) -> None:
        self._builder.start()

    def begin_stop(self) -> None:
        """Leave the broker while it is there; `end` waits for it."""
        self._stopper.start()

    def end(self) -> None:
        """Wait until nobody is served any more, or a moment has passed: the process is about to end."""
        if self._stopper.ident is not None:
            self._stopper.join(_END_S)

    def _stop(self) -> None:
        self._builder.join()
        if self._server:
            self._client.stop()
            self._server.stop()

    def _build(self) -> None:
        # a third of a second of imports, which nothing else in the onebox needs
        from deploy.onebox.room.app import Room
        from deploy.onebox.room.link import RoomLink
        from deploy.onebox.room.panel import Panel
        from deploy.onebox.room.server import Server

        plan, office = self._plan, self._plan.office
        room = Room(
            office=office,
            link=RoomLink(self._client, office.id, [*office.kiosks, *office.displays]),
            panels={name: Panel(address.host, address.port) for name, address in plan.panels.items()},
            clock=self._clock,
            http=plan.http_url,
            hint=_hint(plan),
        )
        server = Server(room, self._door)
        self._client.start()
        server.start()
        self._server = server
        log.info("event=room_open url=%s", plan.room_url)


def _hint(plan: Plan) -> str:
    users = [user for user in plan.office.users.values() if user.password_env]
    if not users:
        return ""
    user = users[0]
    if plan.environ.get(user.password_env or ""):
        return f"Log in as {user.name} with the password in {user.password_env}."
    return f"Log in as {user.name}; the password is {user.password_env} in {plan.data / vault.FILE}."
