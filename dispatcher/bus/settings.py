"""The retained settings of each device, made from the office file."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.bus.signs import signs
from dispatcher.engine.model import Office
from dispatcher.wire import codec
from dispatcher.wire.messages import DeviceConfig, DisplayConfig, KioskConfig


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
                **signs(office, display),
            )
        )
    for device in office.devices.values():
        counter = office.counters.get(device.counter or "")
        called = counter.services if counter else ()
        settings[device.id] = codec.encode(
            DeviceConfig(
                kind=device.kind,
                counter=device.counter,
                port=device.port,
                languages=office.languages,
                letters=tuple(dict.fromkeys(office.services[service].letter for service in called)),
            )
        )
    return settings
