"""What was found, what differs and how it went, in words and as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from firmware_config import logo
from firmware_config.apply import Outcome
from firmware_config.model import Found, LineSettings, Plan, said

_WIPES = ", WIPES logos and records"


def found(what: Found) -> str:
    """A few lines."""
    who = what.identity
    cutter = "unknown" if who.has_cutter is None else "yes" if who.has_cutter else "no"
    rows = [("maker", who.maker), ("model", who.model), ("firmware", who.firmware), ("serial number", who.serial)]
    lines = [f"{name:<32}{value or 'not told'}" for name, value in (*rows, ("cutter", cutter))]
    if not what.settings_read:
        lines.append("No profile is known for exactly this model: nothing more is asked, and nothing is ever written.")
        return "\n".join(lines)
    lines += [f"{name:<32}{said(value)}" for name, value in sorted(what.values.items())]
    lines += [f"{f'logo.{key}':<32}{logo.about(one.note)}" for key, one in sorted(what.logos.items())]
    if what.free_bytes is not None:
        lines.append(f"{'free for logos':<32}{what.free_bytes} bytes")
    return "\n".join(lines)


def found_json(what: Found) -> dict[str, Any]:
    """The same."""
    return {
        "identity": asdict(what.identity),
        "settings": dict(sorted(what.values.items())) if what.settings_read else None,
        "logos": {key: one.note for key, one in sorted(what.logos.items())},
        "free_bytes": what.free_bytes,
    }


def plan(what: Plan) -> str:
    """One line a difference, then what they cost."""
    if not what:
        return "nothing differs"
    head = ("setting", "now", "wanted", "written by")
    rows = [(c.setting, c.now, c.wanted, c.command + (_WIPES if c.wipes else "")) for c in what.changes]
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(3)]
    lines = [
        "  ".join((*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]))
        for row in (head, *rows)
    ]
    wear = f"{_many(len(rows), 'difference')}, {_many(what.writes, 'write')} to the printer's memory"
    return "\n".join((*lines, wear))


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def plan_json(what: Plan) -> dict[str, Any]:
    """The same."""
    return {"changes": [asdict(change) for change in what.changes], "writes": what.writes}


def outcome(what: Outcome) -> str:
    """What is certain, what is not, and what to do."""
    lines = [f"{name}: written and read back" for name in what.confirmed]
    lines += [f"{name}: UNKNOWN, it was being written" for name in what.unknown]
    lines += [f"{name}: not written" for name in what.untouched]
    if what.error and what.in_setting_mode:
        lines.append("The printer may still be in its setting mode and print nothing, until apply is run again.")
    return "\n".join(lines)


def outcome_json(what: Outcome) -> dict[str, Any]:
    """The same."""
    return {**asdict(what), "left": plan_json(what.left), "well": what.well}


def url_hint(url: str, line: LineSettings) -> str:
    """The URL at which a serial printer is reached from now on, here and in the office file. Which of the cable's wires
    holds the line back is kept as `url` has it: the printer does not know."""
    usual = LineSettings()
    path, _, query = url.partition("?")
    wire = dict(parse_qsl(query)).get("flow")
    flow = "xon" if line.flow == "xon" else wire if wire in ("dtr", "rts") else None
    words = [f"baud={line.baud}", *([f"flow={flow}"] if flow else [])]
    others = ("parity", "bits")
    words += [f"{name}={getattr(line, name)}" for name in others if getattr(line, name) != getattr(usual, name)]
    return f"{path}?{'&'.join(words)}"
