"""The retained settings of each device, made from the office file."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.bus.signs import signs
from dispatcher.engine.model import Display, Office
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
                spare=kiosk.spare,
                spare_profile=kiosk.spare_profile,
                logo=kiosk.logo,
                simulated_clock=simulated_clock,
                room=room,
                offline=kiosk.offline,
                voice=kiosk.voice,
                keys=kiosk.keys,
                board=kiosk.board,
                buttons=dict(kiosk.buttons),
                screen=kiosk.screen,
                contrast=kiosk.contrast,
                interval=kiosk.interval.total_seconds(),
                scanner=kiosk.scanner,
                letters=_letters(office),
                **({"per_minute": kiosk.per_minute} if kiosk.per_minute is not None else {}),
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
                voice=display.voice,
                volume=_volume(office, display),
                speakers=_speakers(office, display),
                room_counters=_room_counters(office, display),
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


def _letters(office: Office) -> tuple[str, ...]:
    """The letters of all tickets, in alphabetical order."""
    return tuple(sorted({service.letter for service in office.services.values()}))


def _speakers(office: Office, display: Display) -> tuple[str, ...]:
    """The screens within earshot of this one, in the order of the file."""
    same = [each.id for each in office.displays.values() if each.room == display.room]
    return tuple(same) if display.room is not None else ()


def _room_counters(office: Office, display: Display) -> tuple[str, ...] | None:
    """The counters whose calls any of them shows; None: all."""
    shown = [office.displays[name].counters for name in _speakers(office, display)]
    return None if None in shown else tuple(dict.fromkeys(one for each in shown for one in each or ()))


def _volume(office: Office, display: Display) -> int | dict[str, int]:
    volume = office.voice.volume if display.volume is None else display.volume
    return volume if isinstance(volume, int) else dict(volume)
