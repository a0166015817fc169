"""Brokers of a onebox for tests: a real mosquitto with accounts and rules, and the embedded one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.onebox import broker
from deploy.onebox.ports import Address, settle
from dispatcher import config
from dispatcher.wire.client import Broker, Client, Will
from tests.deploy.helpers import Running, supervised, until

DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "site.toml"
ACCOUNTS = broker.Accounts(
    dispatcher="pw-d", observer="pw-o", room="pw-r", devices={"entrance": "pw-e", "hall": "pw-h"}
)


@dataclass
class Running_:
    """A broker at work."""

    address: Address
    process: Running

    def client(self, user: str, password: str | None = None, *, will: Will | None = None) -> Client:
        """An account's client, not started yet."""
        chosen = ACCOUNTS.by_user().get(user) if password is None else password
        return Client(Broker(self.address.host, self.address.port), username=user, password=chosen, will=will)


@contextlib.contextmanager
def serving(folder: Path, *, embedded: bool) -> Iterator[Running_]:
    """The broker of the demo office."""
    office = config.load(DEMO)
    program = None if embedded else broker.find_mosquitto(os.environ)
    assert embedded or program, "mosquitto is not installed"
    address = settle(Address("127.0.0.1", 0), may_give_way=True)
    part = broker.part(office, ACCOUNTS, address, folder / "broker", program, dict(os.environ))
    with supervised([part], folder) as process:
        until(lambda: process.announced or process.failed, "the broker")
        assert not process.failed, process.failed
        yield Running_(address, process)


@contextlib.contextmanager
def connected(*clients: Client) -> Iterator[None]:
    """Clients that are connected, until the block ends."""
    try:
        for client in clients:
            client.start()
        for client in clients:
            assert client.wait_connected(10)
        yield
    finally:
        for client in clients:
            client.stop()
