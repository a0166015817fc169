"""Messages to use cases: parse, carry out one, answer to the device's own reply topic."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from dispatcher.bus import commands
from dispatcher.bus.pace import Pace
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Office
from dispatcher.usecases import presence
from dispatcher.usecases.desk import SYSTEM, Actor, Contact, Desk, Unavailable
from dispatcher.wire import codec, topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.messages import DeviceStatus
from dispatcher.wire.screens import Screens

log = logging.getLogger(__name__)
KIOSK_VERBS = frozenset({"issue", "printed", "check_in", "rejoin", "lease", "offline_issued"})
WORKERS = 8
"""So many devices are served at once: under load a button has the same share of the database as a page."""
_STOP = None


class Inbound:
    """Takes commands and presence of the site's devices; carries out each device's in order, on a few threads."""

    def __init__(self, desk: Desk, link: Link, screens: Screens | None = None) -> None:
        self._desk = desk
        self._eye = screens
        self._link = link
        self._site = desk.office.id
        self._queues: list[queue.SimpleQueue[Incoming | None]] = [queue.SimpleQueue() for _ in range(WORKERS)]
        limits = {one.id: one.per_minute for one in desk.office.kiosks.values() if one.per_minute is not None}
        self._pace = Pace(limits)
        self._screens: dict[str, tuple[bool, tuple[str, ...]]] = {}
        self._threads = [
            threading.Thread(target=self._run, args=(one,), name=f"inbound-{at}", daemon=True)
            for at, one in enumerate(self._queues)
        ]
        link.subscribe(f"$share/dispatcher/{topics.root(self._site)}/command/#", self._sort)
        link.subscribe(topics.device(self._site, "+", "status"), self._sort)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what has been taken, then end."""
        for one in self._queues:
            one.put(_STOP)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=3)

    def _sort(self, message: Incoming) -> None:
        device = message.topic.split("/")[4]
        self._queues[hash(device) % WORKERS].put(message)

    def _run(self, messages: queue.SimpleQueue[Incoming | None]) -> None:
        while (message := messages.get()) is not _STOP:
            try:
                self.handle(message)
            except Exception:
                log.exception("event=command_failed topic=%s", message.topic)

    def handle(self, message: Incoming) -> None:
        """Carry out one message. Errors of the sender are answered, never raised."""
        found = topics.parse_command(message.topic)
        if found is None:
            self._status(message)
            return
        if message.retain:
            log.warning("event=command_retained device=%s", found.device)
            return
        if message.response_topic not in (None, topics.device(self._site, found.device, "reply")):
            log.warning("event=foreign_response_topic device=%s topic=%r", found.device, message.response_topic)
            return
        reply = self._carry_out(found, message)
        if message.response_topic is not None:
            self._link.publish(message.response_topic, codec.encode_plain(reply), correlation=message.correlation)

    def _carry_out(self, found: topics.CommandTopic, message: Incoming) -> dict[str, Any]:
        if len(message.payload) > codec.MAX_BYTES:
            return _error("too_large", f"A command has at most {codec.MAX_BYTES} bytes.")
        try:
            body = codec.decode_object(message.payload)
            actor = actor_of(self._desk.office, found)
            prepared = commands.prepare(found.verb, body, device=found.device, counter=found.counter)
            if found.verb == "issue" and not self._pace.admit(
                found.device, prepared.request_id, self._desk.clock.monotonic()
            ):
                raise RuleError("too_many", "This dispenser has given as many tickets as it may in a minute.")
            answer = self._desk.execute(
                actor,
                prepared.use_case,
                request_id=prepared.request_id,
                body=body,
                contact=Contact(found.device, prepared.seq),
                **prepared.arguments,
            )
        except codec.WireError as error:
            return _error("invalid", str(error), field=error.field)
        except RuleError as error:
            return _error(error.code, error.message, field=error.field)
        except Unavailable:
            log.exception("event=unavailable device=%s", found.device)
            return _error("unavailable", "The office's memory cannot be written now: try again.")
        log.info(
            "event=command device=%s verb=%s request_id=%s status=%d",
            found.device,
            found.verb,
            prepared.request_id,
            answer.status,
        )
        content = answer.body or {}
        if answer.ok:
            return {"ok": True, **content}
        problem = {name: content[name] for name in ("code", "message", "field") if name in content}
        return {
            "ok": False,
            "error": problem,
            **{name: content[name] for name in ("counter", "ticket") if name in content},
        }

    def _status(self, message: Incoming) -> None:
        found = topics.parse_device(message.topic)
        if found is None:
            return
        try:
            status = codec.decode(DeviceStatus, message.payload)
            raw = codec.decode_object(message.payload)
        except codec.WireError as error:
            log.warning("event=status_unreadable device=%s error=%r", found[1], str(error))
            return
        device, office = found[1], self._desk.office
        if device in office.displays:
            if self._eye is not None:
                self._eye.note(device, status)
            # A screen says at each board what it shows: only its presence and its troubles are worth a commit.
            known = (status.online, tuple(problem.code for problem in status.problems))
            if self._screens.get(device) == known:
                return
            self._screens[device] = known
        if device in known_devices(office):
            self._desk.execute(SYSTEM, presence.note, device_id=device, online=status.online, status=raw)


def known_devices(office: Office) -> set[str]:
    """The ids of all that has an account at the broker."""
    return {*office.kiosks, *office.displays, *office.devices}


def actor_of(office: Office, found: topics.CommandTopic) -> Actor:
    """The account of a command's device. Raises RuleError forbidden when it may not do this."""
    account = f"device:{found.device}"
    if found.device in office.kiosks and found.verb in KIOSK_VERBS:
        return Actor(account, "kiosk", counters=frozenset(), kiosks=frozenset({found.device}))
    device = office.devices.get(found.device)
    if device is not None and found.verb == "counter":
        if device.counter != found.counter:
            raise RuleError("forbidden", f"Device {found.device} does not belong to counter {found.counter}.")
        return Actor(account, "counter", counters=frozenset({device.counter or ""}), kiosks=frozenset())
    raise RuleError("forbidden", f"Device {found.device} may not do this.")


def _error(code: str, text: str, *, field: str | None = None) -> dict[str, Any]:
    error = {"code": code, "message": text}
    if field is not None:
        error["field"] = field
    return {"ok": False, "error": error}
