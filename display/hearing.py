"""What the voice needs to hear besides the calls: who is at each counter now, and the other screens of its room."""

from __future__ import annotations

from collections.abc import Callable

from dispatcher.wire import topics
from dispatcher.wire.client import Incoming, Link
from dispatcher.wire.messages import CounterState, DeviceStatus
from display.feed import decoded
from display.mouth import GRADES, CounterSaid, PeerSaid

Put = Callable[[CounterSaid | PeerSaid], None]


def follow(link: Link, site: str, put: Put) -> None:
    """Hand it to `put` when it changes: counters and statuses are told anew for other reasons as well."""
    last: dict[str, object] = {}

    def changed(topic: str, told: object) -> bool:
        before, last[topic] = last.get(topic), told
        return before != told

    def counter(message: Incoming) -> None:
        state = decoded(CounterState, message.payload) if message.payload else None
        name = message.topic.rsplit("/", 1)[-1]
        if state is not None and changed(
            message.topic, (state.ticket.label, state.ticket.state) if state.ticket else ()
        ):
            put(CounterSaid(name, state))

    def status(message: Incoming) -> None:
        parsed = topics.parse_device(message.topic)
        found = decoded(DeviceStatus, message.payload) if message.payload else None
        if parsed is None or found is None:
            return
        said = _of_status(parsed[1], found)
        if said is not None and changed(message.topic, said):
            put(said)

    link.on_disconnect(last.clear)
    link.subscribe(topics.counter(site, "+"), counter)
    link.subscribe(topics.device(site, "+", "status"), status)


def _of_status(device: str, status: DeviceStatus) -> PeerSaid | None:
    """What a screen says; None: it is no screen, as far as one can see."""
    extra = status.model_extra or {}
    grade, said = extra.get("voice"), extra.get("sounded")
    if status.online and grade not in GRADES:
        return None
    return PeerSaid(device, str(grade) if status.online else "none", said if isinstance(said, str) else None)
