"""The difference between what a printer holds and what it should hold, and what it costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from firmware_config import logo
from firmware_config.model import Change, Desired, Found, LineSettings, Plan, Value, said
from firmware_config.profile import LINE, Profile

_SWITCH, _CUSTOM, _LINE = "GS ( E 3", "GS ( E 5", "GS ( E 11"
LOGO = "GS ( L 67, GS ( C"
NOTE = "GS ( C 49"


def plan(profile: Profile, found: Found, desired: Desired) -> Plan:
    """All differences, in the order in which they will be written."""
    values = {name: want for name, want in desired.values.items() if found.values.get(name) != want}
    changes = [_change(profile, name, found.values.get(name), want) for name, want in values.items()]
    changes.sort(key=lambda change: (_SWITCH, _CUSTOM, _LINE).index(change.command))
    wiping = any(change.wipes for change in changes)
    writes = len({change.command for change in changes if change.command != _LINE})
    writes += sum(change.command == _LINE for change in changes)
    for key, want in desired.logos.items():
        stored = None if wiping else found.logos.get(key)
        if stored is not None and stored.note == logo.note(want):
            continue
        now = "none" if key not in found.logos else logo.about(found.logos[key].note)
        changes.append(Change(f"logo.{key}", "wiped" if wiping else now, str(want), LOGO))
        writes += 2 if stored is None or stored.note is None else 3
    return Plan(tuple(changes), writes)


def _change(profile: Profile, name: str, now: Value | None, want: Value) -> Change:
    wipes = name in profile.customs and profile.customs[name].wipes
    command = _SWITCH if name in profile.switches else _LINE if name in LINE else _CUSTOM
    return Change(name, said(now), said(want), command, wipes)


def line_after(found: Mapping[str, Value], desired: Mapping[str, Value]) -> LineSettings:
    """The serial line once the wishes are in force."""
    both = {name: {**found, **desired}.get(name) for name in LINE}
    usual = LineSettings()
    return LineSettings(
        baud=int(both["line.baud"] or usual.baud),
        parity=str(both["line.parity"] or usual.parity),
        flow=str(both["line.flow"] or usual.flow),
        bits=int(both["line.bits"] or usual.bits),
    )
