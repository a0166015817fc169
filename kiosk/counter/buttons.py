"""Buttons that speak MQTT in their makers' topics: Tasmota, ESPHome, Zigbee2MQTT, Shelly.

`port` in the office file names the topic's own part: Tasmota's `%topic%`, ESPHome's `prefix/id` (or the prefix alone:
then all its binary sensors are buttons, one named `recall`, `absent`, `open` … means that), Zigbee2MQTT's friendly
name, Shelly's device id.
"""

from __future__ import annotations

import json
import re
from typing import Any

from dispatcher.wire import topics
from dispatcher.wire.client import Incoming
from kiosk.counter.actions import Debounce, Press, meaning

KINDS = ("tasmota", "esphome", "zigbee2mqtt", "shelly")
NO_LED = {
    "zigbee2mqtt": "its buttons run on a battery and expose no light in Zigbee2MQTT",
    "shelly": "no published topic of Button1 or i3 sets its light",
    "evdev": "a keypad's lights are those of the keyboard (NumLock), which would be wrong then",
}
"""Why the other kinds acknowledge a press by the number over the counter alone. A serial box has its `ack` line."""
_PORT = re.compile(r"(?!numeretto/)[^/+#$\x00-\x1f\x7f][^+#\x00-\x1f\x7f]{0,199}")
_ABSENT = {"offline", "false"}


def patterns(kind: str, port: str) -> tuple[str, str]:
    """The filters of a button's presses and of its presence. Raises ValueError for what can be no topic."""
    if not _PORT.fullmatch(port):
        raise ValueError(f"'{port}' is no part of a topic")
    match kind:
        case "tasmota":
            return f"stat/{port}/RESULT", f"tele/{port}/LWT"
        case "esphome":
            prefix, _, name = port.rpartition("/")
            return f"{prefix or name}/binary_sensor/{name if prefix else '+'}/state", f"{prefix or name}/status"
        case "zigbee2mqtt":
            return f"zigbee2mqtt/{port}", f"zigbee2mqtt/{port}/availability"
        case "shelly":
            return f"shellies/{port}/input_event/0", f"shellies/{port}/online"
        case _:
            raise ValueError(f"'{kind}' is no button on the broker")


def acknowledgement(kind: str, port: str, *, good: bool = True) -> tuple[str, bytes] | None:
    """The topic and payload by which a button's LED says that a press counted, or was refused (not `good`); None where
    there is no LED (NO_LED).

    Tasmota: `LedPower`, and `Backlog` with its `Delay` in tenths of a second: one light of half a second, or three
    short ones (2.5 a second: three are the most that nobody is harmed by). ESPHome: a light named `ack`, whose `flash`
    (whole seconds) returns to what it was: 1 s, or 3 s.
    """
    match kind:
        case "tasmota":
            short = "LedPower 1; Delay 2; LedPower 0"
            once = "LedPower 1; Delay 5; LedPower 0"
            return f"cmnd/{port}/Backlog", (once if good else "; Delay 2; ".join([short] * 3)).encode()
        case "esphome":
            prefix, _, name = port.rpartition("/")
            seconds = 1 if good else 3
            return f"{prefix or name}/light/ack/command", b'{"state":"ON","flash":%d}' % seconds
        case _:
            return None


def own_topics(kind: str, port: str) -> tuple[str, ...]:
    """All topics that a button's account needs. Raises ValueError as `patterns` does."""
    led = acknowledgement(kind, port)
    return (*patterns(kind, port), *([led[0]] if led else []))


class Button:
    """Messages to presses. What the broker kept (retained) never is one. `online` None: not said yet."""

    def __init__(self, kind: str, port: str) -> None:
        self.patterns = patterns(kind, port)
        self.online: bool | None = None
        self._kind = kind
        self._down: dict[str, bool] = {}
        self._count: object = None
        self._counted = False
        self._debounce = Debounce()

    def feed(self, message: Incoming, now: float) -> Press | None:
        """The press that a message is; `now` in monotonic seconds."""
        if message.topic == self.patterns[1]:
            self._presence(message)
            return None
        if not topics.matches(self.patterns[0], message.topic):
            return None
        word = self._esphome(message) if self._kind == "esphome" else self._word(message)
        action = meaning(word)
        # the same message may come twice with QoS 1
        if action is None or not self._debounce.passes((message.topic, action), now):
            return None
        return Press(action)

    def _presence(self, message: Incoming) -> None:
        said = _json(message.payload)
        text = said.get("state") if isinstance(said, dict) else message.payload.decode("utf-8", "replace")
        before, self.online = self.online, str(text).lower() not in _ABSENT
        if not self.online:
            self._down.clear()
        elif before is False and not message.retain:
            # it was off and has begun to count anew: whatever it says now was pressed after that
            self._count, self._counted = None, True

    def _esphome(self, message: Incoming) -> str | None:
        """Its states are kept by the broker: one that was kept only tells from where the next edge starts."""
        down = message.payload.strip().upper() == b"ON"
        before = self._down.get(message.topic)
        self._down[message.topic] = down
        if message.retain or not down or before is not False:
            return None
        name = message.topic.split("/")[-2]
        return name if meaning(name) else "on"

    def _word(self, message: Incoming) -> object:
        said = _json(message.payload)
        if not isinstance(said, dict):
            return None
        if self._kind == "shelly":
            return self._shelly(said, message)
        if message.retain:
            return None
        if self._kind == "zigbee2mqtt":
            return said.get("action")
        pressed = (one for name, one in said.items() if name.startswith("Button") and isinstance(one, dict))
        return next((one.get("Action") for one in pressed), None)

    def _shelly(self, said: dict[str, Any], message: Incoming) -> object:
        """It says its last event again every 30 s (`mqtt_update_period`), with the same `event_cnt`. So the first one
        that is heard only tells where the count stands: taken for a press it would call somebody at each start of this
        program. The price is that the first press of all may have to be made twice."""
        before, self._count = self._count, said.get("event_cnt")
        known, self._counted = self._counted, True
        return said.get("event") if known and not message.retain and self._count != before else None


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None
