"""The retained settings of each device, made from the office file."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.engine.model import Office
from dispatcher.wire import codec
from dispatcher.wire.messages import DisplayConfig, KioskConfig


def device_settings(
    office: Office, *, printers: Mapping[str, str], room: bool, simulated_clock: bool
) -> dict[str, bytes]:
    """Payloads of `device/{id}/config` by id. `printers` gives the addresses of virtual printers by kiosk."""
    settings: dict[str, bytes] = {}
    for kiosk in office.kiosks.values():
        settings[kiosk.id] = codec.encode(
            KioskConfig(
                site_name=office.name,
                zone=office.zone.key,
                languages=office.languages,
                printer=printers.get(kiosk.id, kiosk.printer),
                profile=kiosk.profile,
                simulated_clock=simulated_clock,
                room=room,
            )
        )
    for display in office.displays.values():
        settings[display.id] = codec.encode(
            DisplayConfig(
                site_name=office.name,
                zone=office.zone.key,
                languages=office.languages,
                layout=display.layout,
                counters=display.counters,
                services={service.id: dict(service.name) for service in office.services.values()},
                simulated_clock=simulated_clock,
                room=room,
            )
        )
    return settings
