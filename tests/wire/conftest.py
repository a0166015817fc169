"""A private mosquitto on a free port; ended with the test."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dispatcher.wire.client import Broker, Client


@dataclass
class Mosquitto:
    """A broker process that can be ended and started again on the same port."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        config = self.folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n", "utf-8")
        program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed")
        self.process = subprocess.Popen([program, "-c", str(config)], stderr=subprocess.DEVNULL)
        for _attempt in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            threading.Event().wait(0.02)
        pytest.fail("mosquitto does not listen")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(5)
            self.process = None


@dataclass
class Collected:
    """What a handler got; `wait` lets a test wait for it."""

    items: list[Any] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, item: Any = None) -> None:
        with self._arrived:
            self.items.append(item)
            self._arrived.notify_all()

    def wait(self, count: int = 1, timeout_s: float = 10) -> list[Any]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.items) >= count, timeout_s), f"only {self.items}"
            return list(self.items)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broker = Mosquitto(tmp_path, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


@pytest.fixture
def connect(mosquitto: Mosquitto) -> Iterator[Callable[..., Client]]:
    """Makes clients that are connected, and stops them in the end."""
    clients: list[Client] = []

    def make(prepare: Callable[[Client], None] | None = None, **settings: Any) -> Client:
        client = Client(Broker("127.0.0.1", mosquitto.port), **settings)
        clients.append(client)
        if prepare:
            prepare(client)
        client.start()
        assert client.wait_connected(10)
        return client

    yield make
    for client in clients:
        client.stop()


@pytest.fixture
def collected() -> type[Collected]:
    return Collected
