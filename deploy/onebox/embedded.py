"""The broker inside the package (rumqttd in iotcore), in a process of its own: it cannot be stopped otherwise."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from deploy.onebox.ports import Address

MAX_PAYLOAD_BYTES = 4_194_304


def config_text(address: Address, accounts: Mapping[str, str]) -> str:
    """Its settings: an MQTT 5 listener with passwords. It knows no rules per topic.

    Segments are what it remembers of each subscription's messages: two of 10 MB bound its memory.
    """
    users = "".join(f"{json.dumps(user)} = {json.dumps(password)}\n" for user, password in accounts.items())
    return f"""\
id = 0
[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 10485760
max_segment_count = 2
[v5.1]
name = "v5"
listen = {json.dumps(str(address))}
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {MAX_PAYLOAD_BYTES}
max_inflight_count = 200
dynamic_filters = true
[v5.1.connections.auth]
{users}"""


def main(argv: list[str]) -> int:
    """Run the broker with the settings in the file `argv[0]` until the process is ended."""
    from iotcore.iotcore import IotCoreBroker

    logging.basicConfig(level=logging.WARNING)
    # it logs each packet as an error (spans of its tracing): only what is fatal says anything
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    IotCoreBroker(config_path=argv[0]).run_forever()
    return 0
