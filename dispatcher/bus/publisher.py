"""Sends what the outbox holds, in order, and the heartbeat after it. One thread; the broker may come and go."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any

from dispatcher.store import messages
from dispatcher.store.session import Unavailable, epoch_of
from dispatcher.usecases.desk import Desk
from dispatcher.wire import codec, topics
from dispatcher.wire.client import Link
from dispatcher.wire.messages import Heartbeat

log = logging.getLogger(__name__)
HEARTBEAT_S = 2.0
BATCH = 200
ACKNOWLEDGED_WITHIN_S = 5.0
FORGET_AFTER = 500
"""Sent rows are deleted with the heartbeat, or when so many: a crash repeats them, which receivers ignore."""


class Publisher:
    """`devices` gives the retained settings of each device, by id."""

    def __init__(self, desk: Desk, link: Link, devices: dict[str, bytes]) -> None:
        self._desk = desk
        self._link = link
        self._devices = devices
        self._root = topics.root(desk.office.id)
        self._sent = 0
        self._forgotten = 0
        self._renew = True
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        link.on_connect(self._connected)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._desk.changes.announce()
        if self._thread.is_alive():
            self._thread.join(timeout=3)

    def _connected(self) -> None:
        self._renew = True
        self._desk.changes.announce()

    def _run(self) -> None:
        clock = self._desk.clock
        seen, beat_at = -1, clock.monotonic()
        while not self._stopping:
            seen = self._desk.changes.wait(seen, max(0.0, beat_at - clock.monotonic()))
            try:
                self.drain()
                if clock.monotonic() >= beat_at:
                    beat_at = clock.monotonic() + HEARTBEAT_S
                    self.heartbeat()
            except Unavailable:
                log.warning("event=publisher_waits reason=database")
                beat_at = max(beat_at, clock.monotonic() + HEARTBEAT_S)
            except Exception:
                log.exception("event=publisher_failed")
                beat_at = max(beat_at, clock.monotonic() + HEARTBEAT_S)

    def drain(self) -> None:
        """Send all that waits. Stops where the broker no longer acknowledges; nothing is lost."""
        if not self._link.connected:
            return
        if self._renew:
            self._renew = not self._send_retained()
        while rows := self._pending():
            if not self._send(rows):
                return
            self._sent = rows[-1].id
            if self._sent - self._forgotten >= FORGET_AFTER:
                self._forget()

    def heartbeat(self) -> None:
        """Tell that the dispatcher lives, with the revision of the stored board."""
        self._forget()
        office, clock = self._desk.office, self._desk.clock
        with self._desk.store.reading(office.id, clock.now(), clock.wall()) as tx:
            epoch = epoch_of(tx.conn, office.id)
            revision = messages.revision_of(tx.conn, office.id, "board")
        if epoch is not None and self._link.connected:
            beat = Heartbeat(epoch=epoch, revision=revision, at=clock.now())
            self._link.publish(topics.heartbeat(office.id), codec.encode(beat))

    def _pending(self) -> Sequence[Any]:
        office, clock = self._desk.office, self._desk.clock
        with self._desk.store.reading(office.id, clock.now(), clock.wall()) as tx:
            return messages.pending(tx.conn, office.id, BATCH, after=self._sent)

    def _send(self, rows: Sequence[Any]) -> bool:
        newest = {row.topic: row.id for row in rows if row.retain}
        due = [row for row in rows if not row.retain or newest[row.topic] == row.id]
        for row in due[:-1]:
            if not self._link.publish(f"{self._root}/{row.topic}", row.payload, retain=row.retain):
                return False
        last = due[-1]
        # The broker acknowledges in order: when the last one has arrived, all have.
        return self._link.publish(
            f"{self._root}/{last.topic}", last.payload, retain=last.retain, wait_s=ACKNOWLEDGED_WITHIN_S
        )

    def _send_retained(self) -> bool:
        """After each connect: a broker may have lost everything that it kept for us."""
        office, clock = self._desk.office, self._desk.clock
        with self._desk.store.reading(office.id, clock.now(), clock.wall()) as tx:
            stored = messages.all_retained(tx.conn, office.id)
        good = all(self._link.publish(f"{self._root}/{topic}", payload, retain=True) for topic, payload in stored)
        return good and all(
            self._link.publish(topics.device(office.id, device, "config"), payload, retain=True)
            for device, payload in self._devices.items()
        )

    def _forget(self) -> None:
        if self._sent <= self._forgotten:
            return
        office, clock = self._desk.office, self._desk.clock
        with self._desk.store.command(office.id, clock.now(), clock.wall()) as tx:
            messages.sent(tx.conn, office.id, self._sent)
        self._forgotten = self._sent
