"""The raw limits: the least that each leg can cost here, with the same libraries and nothing of ours in between."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import paho.mqtt.client as paho
import pygame
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from dispatcher.wire.client import Broker

PATIENCE_S = 10.0
SCREEN = (1920, 1080)


class BareDisk:
    """A durable commit of one row (SQLite, WAL, synchronous=FULL), and a bare fsync, on the disk of `folder`."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        self._file = (folder / "bare.log").open("ab", buffering=0)
        self._lock = threading.Lock()

    def commit(self) -> float:
        """Seconds of one transaction."""
        begun = perf_counter()
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO line (text) VALUES (?)", ("x" * 300,))
            self._db.execute("COMMIT")
        return perf_counter() - begun

    def fsync(self) -> float:
        """Seconds to force 300 bytes to disk."""
        begun = perf_counter()
        self._file.write(b"x" * 300)
        os.fsync(self._file.fileno())
        return perf_counter() - begun

    def close(self) -> None:
        self._db.close()
        self._file.close()


class BareHop:
    """One message of QoS 1 from one bare client over the broker to another."""

    def __init__(self, broker: Broker, topic: str) -> None:
        self._topic = topic
        self._came = threading.Event()
        self._came_at = 0.0
        self._sender, self._receiver = _connected(broker), _connected(broker)
        subscribed = threading.Event()
        self._receiver.on_subscribe = lambda *_: subscribed.set()
        self._receiver.on_message = self._message
        self._receiver.subscribe(topic, qos=1)
        if not subscribed.wait(PATIENCE_S):
            raise TimeoutError("the broker does not take a subscription")

    def _message(self, _client: Any, _data: Any, _message: Any) -> None:
        self._came_at = perf_counter()
        self._came.set()

    def hop(self) -> float:
        """Seconds from publishing to the receiver's handler."""
        self._came.clear()
        begun = perf_counter()
        self._sender.publish(self._topic, b"x" * 500, qos=1)
        if not self._came.wait(PATIENCE_S):
            raise TimeoutError("a message did not arrive")
        return self._came_at - begun

    def close(self) -> None:
        for client in (self._sender, self._receiver):
            client.disconnect()
            client.loop_stop()


def _connected(broker: Broker) -> paho.Client:
    up = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    client.on_connect = lambda *_: up.set()
    client.connect(broker.host, broker.port)
    client.loop_start()
    if not up.wait(PATIENCE_S):
        raise TimeoutError("the broker does not answer")
    return client


class BareScreen:
    """A pygame surface in memory of the size of a screen, and one line of text on it."""

    def __init__(self) -> None:
        pygame.display.init()
        pygame.font.init()
        self._window = pygame.display.set_mode(SCREEN)
        self._font = pygame.font.Font(None, 300)
        self._count = 0

    def draw(self) -> float:
        """Seconds to clear the surface, draw a number that was not drawn before, and show it."""
        self._count += 1
        begun = perf_counter()
        self._window.fill((250, 250, 245))
        self._window.blit(self._font.render(f"A{self._count:03}  1", True, (20, 60, 70)), (200, 300))
        pygame.display.flip()
        return perf_counter() - begun

    def close(self) -> None:
        pygame.display.quit()


class BareWeb:
    """A POST to a bare Flask application under gunicorn gthread, on a connection that stays open."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)

    def round_trip(self) -> float:
        begun = perf_counter()
        self._connection.request("POST", "/", b"{}", {"Content-Type": "application/json"})
        self._connection.getresponse().read()
        return perf_counter() - begun

    def close(self) -> None:
        self._connection.close()


class BareStatus:
    """DLE EOT 1 asked and answered over TCP."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def round_trip(self) -> float:
        begun = perf_counter()
        self._socket.sendall(b"\x10\x04\x01")
        if not self._socket.recv(1):
            raise ConnectionError("the printer hung up")
        return perf_counter() - begun

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def bare_disk(folder: Path) -> Iterator[BareDisk]:
    """Its files are made in `folder` and removed after it."""
    disk = BareDisk(folder)
    try:
        yield disk
    finally:
        disk.close()
        for path in folder.glob("bare.*"):
            path.unlink()
