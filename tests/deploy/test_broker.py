"""The broker of a onebox: accounts, rules per topic, and the embedded fallback (F4, contract: MQTT)."""

from __future__ import annotations

import os
import signal
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.onebox import broker, passwords
from dispatcher import config
from dispatcher.engine.model import Device
from dispatcher.wire.client import Client, Incoming, Will
from tests.deploy.brokers import DEMO, Running_, connected, serving
from tests.deploy.helpers import until

ROOT = "numeretto/v1/torino"
both = pytest.mark.parametrize("embedded", [False, True], ids=["mosquitto", "embedded"])


class Ear:
    """What a client hears, in order."""

    def __init__(self, client: Client, *patterns: str) -> None:
        self.heard: list[Incoming] = []
        for pattern in patterns:
            client.subscribe(pattern, self.heard.append)

    def topics(self) -> list[str]:
        return [message.topic for message in self.heard]


@both
def test_a_wrong_password_and_nobody_are_refused(tmp_path: Path, *, embedded: bool) -> None:
    with serving(tmp_path, embedded=embedded) as box:
        for client in (box.client("entrance", "wrong"), box.client("stranger", "x"), box.client("")):
            client.start()
            try:
                assert not client.wait_connected(0.7)
            finally:
                client.stop()
        with connected(box.client("entrance")):
            pass


@both
def test_requests_wills_retained_and_shared_subscriptions_work(tmp_path: Path, *, embedded: bool) -> None:
    with serving(tmp_path, embedded=embedded) as box:
        _exchange(box)


def _exchange(box: Running_) -> None:
    first, second = box.client("dispatcher"), box.client("dispatcher")
    status = f"{ROOT}/device/entrance/status"
    kiosk, observer = box.client("entrance", will=Will(status, b'{"online":false}')), box.client("observer")
    answered: list[str] = []
    lock = threading.Lock()

    def answer(name: str, client: Client, message: Incoming) -> None:
        with lock:
            answered.append(name)
        assert message.response_topic
        client.publish(message.response_topic, b"answer " + message.payload, correlation=message.correlation)

    shared = f"$share/dispatcher/{ROOT}/command/#"
    first.subscribe(shared, lambda message: answer("first", first, message))
    second.subscribe(shared, lambda message: answer("second", second, message))
    replies = Ear(kiosk, f"{ROOT}/device/entrance/reply")
    everything = Ear(observer, f"{ROOT}/#")
    with connected(first, second, observer):
        with connected(kiosk):
            assert kiosk.publish(status, b'{"online":true}', retain=True, wait_s=5)
            picture = b"\x89PNG" + bytes(2_000_000)
            assert kiosk.publish(f"{ROOT}/device/entrance/frame", picture, wait_s=5)
            reply_topic = f"{ROOT}/device/entrance/reply"
            for number in range(10):
                correlation = f"c{number}".encode()
                sent = str(number).encode()
                topic = f"{ROOT}/command/entrance/issue"
                assert kiosk.publish(topic, sent, response_topic=reply_topic, correlation=correlation, wait_s=5)
            until(lambda: len(replies.heard) == 10, "ten answers")
            found = {message.correlation: message.payload for message in replies.heard}
            assert found == {f"c{n}".encode(): f"answer {n}".encode() for n in range(10)}
            until(lambda: picture in [message.payload for message in everything.heard], "the picture")
            connection: Any = kiosk._paho.socket()
            kiosk._paho.reconnect_delay_set(30, 30)
            connection.shutdown(2)  # the cable is pulled
            until(lambda: b'{"online":false}' in [message.payload for message in everything.heard], "the last will")
        assert sorted(answered).count("first") + answered.count("second") == 10, "each command is taken once"
        late = box.client("observer")
        known = Ear(late, f"{ROOT}/device/+/status")
        with connected(late):
            until(lambda: known.heard, "the retained status")
            assert [(message.payload, message.retain) for message in known.heard] == [(b'{"online":false}', True)]


ALLOWED = [
    ("entrance", f"{ROOT}/command/entrance/issue"),
    ("entrance", f"{ROOT}/command/entrance/counter/1"),
    ("entrance", f"{ROOT}/device/entrance/status"),
    ("entrance", f"{ROOT}/device/entrance/frame"),
    ("hall", f"{ROOT}/command/hall/counter/1"),
    ("room", f"{ROOT}/device/entrance/do"),
    ("dispatcher", f"{ROOT}/board"),
    ("dispatcher", f"{ROOT}/device/hall/reply"),
]
DENIED = [
    ("entrance", f"{ROOT}/command/hall/issue"),
    ("entrance", f"{ROOT}/device/hall/status"),
    ("entrance", f"{ROOT}/device/entrance/reply"),
    ("entrance", f"{ROOT}/device/entrance/do"),
    ("entrance", f"{ROOT}/device/entrance/config"),
    ("entrance", f"{ROOT}/device/hall/reply"),
    ("entrance", f"{ROOT}/board"),
    ("entrance", f"{ROOT}/call"),
    ("entrance", f"{ROOT}/heartbeat"),
    ("entrance", "numeretto/v1/milano/command/entrance/issue"),
    ("observer", f"{ROOT}/board"),
    ("observer", f"{ROOT}/device/entrance/do"),
    ("observer", f"{ROOT}/command/observer/issue"),
    ("room", f"{ROOT}/device/entrance/status"),
    ("room", f"{ROOT}/command/entrance/issue"),
]


def test_each_account_writes_only_its_own_topics(tmp_path: Path) -> None:
    """By delivery: the broker acknowledges what it refuses (DEPENDENCIES, T7)."""
    with serving(tmp_path, embedded=False) as box:
        users = {user: box.client(user) for user in ("entrance", "hall", "room", "observer", "dispatcher")}
        listener = box.client("dispatcher")
        ear = Ear(listener, "numeretto/#")
        with connected(listener, *users.values()):
            for user, topic in [*DENIED, *ALLOWED]:
                users[user].publish(topic, user.encode(), wait_s=5)
            until(lambda: len(ear.heard) >= len(ALLOWED), "what is allowed")
        assert sorted((message.payload.decode(), message.topic) for message in ear.heard) == sorted(ALLOWED)


def test_each_account_reads_only_what_it_needs(tmp_path: Path) -> None:
    own = ["config", "do", "reply"]
    public = ["board", "call", "heartbeat", "menu", "counter/1"]
    others = [f"device/entrance/{part}" for part in [*own, "status", "frame"]] + ["command/hall/issue", "command/x/y"]
    with serving(tmp_path, embedded=False) as box:
        dispatcher, hall, observer, room = (box.client(name) for name in ("dispatcher", "hall", "observer", "room"))
        ears = {"hall": Ear(hall, f"{ROOT}/device/entrance/reply", "#"), "observer": Ear(observer, f"{ROOT}/#")}
        ears["room"] = Ear(room, f"{ROOT}/#")
        with connected(dispatcher):
            assert dispatcher.publish(f"{ROOT}/menu", b"x", retain=True, wait_s=5)
            sent = [*others, *public, *(f"device/hall/{part}" for part in own)]
            with connected(hall, observer, room):
                until(lambda: all(ear.heard for ear in ears.values()), "the subscriptions")
                for topic in [*(topic for topic in sent if topic != "menu"), "menu"]:
                    assert dispatcher.publish(f"{ROOT}/{topic}", b"x", wait_s=5)
                until(lambda: all(ear.topics().count(f"{ROOT}/menu") >= 2 for ear in ears.values()), "the second menu")
    expected = {f"{ROOT}/{topic}" for topic in [*public, *(f"device/hall/{part}" for part in own)]}
    assert set(ears["hall"].topics()) == expected
    assert set(ears["observer"].topics()) == set(ears["room"].topics()) == {f"{ROOT}/{topic}" for topic in sent}


@both
def test_clients_come_back_by_themselves_when_the_broker_was_killed(tmp_path: Path, *, embedded: bool) -> None:
    with serving(tmp_path, embedded=embedded) as box:
        client = box.client("observer")
        with connected(client):
            os.kill(box.process.announced[0]["broker"], signal.SIGKILL)
            until(lambda: not client.connected, "the loss")
            until(lambda: len(box.process.announced) == 2, "the new broker")
            until(lambda: client.connected, "the return")


def test_the_files_of_the_broker_are_for_its_owner_only(tmp_path: Path) -> None:
    with serving(tmp_path, embedded=False):
        folder = tmp_path / "broker"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.suffix != ".db"}
    assert modes == {"passwords": 0o600, "acl": 0o600, "mosquitto.conf": 0o600}
    assert "pw-e" not in (tmp_path / "broker" / "passwords").read_text(), "no password in clear"


def test_a_password_line_is_what_mosquitto_passwd_writes() -> None:
    # made by mosquitto_passwd 2.0.11 for the password "numeretto"
    known = passwords.line("anna", "numeretto", salt=bytes(range(12)))
    user, rest = known.split(":", 1)
    assert (user, rest.split("$")[:4]) == ("anna", ["", "7", "101", "AAECAwQFBgcICQoL"])
    assert len(rest.split("$")[4]) == 88
    assert passwords.line("a", "x") != passwords.line("a", "x"), "each line has its own salt"
    for name in ("", "a:b", "a\nb", "#a"):
        with pytest.raises(ValueError, match="account"):
            passwords.line(name, "x")


def test_mosquitto_is_found_beside_the_path_and_can_be_declined(tmp_path: Path) -> None:
    program = tmp_path / "mosquitto"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert broker.find_mosquitto({"PATH": str(tmp_path)}) == str(program)
    assert broker.find_mosquitto({"PATH": str(tmp_path), "NUMERETTO_MOSQUITTO": "none"}) is None
    assert broker.find_mosquitto({"NUMERETTO_MOSQUITTO": "/opt/mosquitto"}) == "/opt/mosquitto"


def test_a_button_has_its_makers_topics_with_the_account_of_its_device() -> None:
    """D2 F4: its own and nobody else's; a port that is no topic gives no right to anything."""
    office = config.load(DEMO)
    ports = {"b1": ("tasmota", "desk1"), "b2": ("esphome", "c3/#"), "k": ("evdev", "/dev/input/event3")}
    devices = {name: Device(id=name, kind=kind, counter="1", port=port) for name, (kind, port) in ports.items()}
    topics = broker.button_topics(replace(office, devices=devices))
    assert topics == {"b1": ("stat/desk1/RESULT", "tele/desk1/LWT", "cmnd/desk1/Backlog")}
    rules = dict(
        block.strip().split("\n", 1) for block in broker.acl_text("torino", list(devices), topics).split("\n\n")
    )
    having = [user for user, lines in rules.items() if "topic readwrite stat/desk1/RESULT" in lines]
    assert having == ["user b1"]
