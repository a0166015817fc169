"""What is wrong with the office's devices: since when, whom to tell, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatcher.store import devices, troubles
from dispatcher.usecases import views
from dispatcher.usecases.reading import Reading
from dispatcher.usecases.work import Work

GONE = "gone"
"""The broker has lost a device that did not say good-bye. What was wrong with it before is taken to be so still."""
LONGEST_TEXT = 500


def follow(work: Work, *, device_id: str, online: bool, status: dict[str, Any]) -> None:
    """Begin and end problems as a device's own word goes. One that is switched off in good order has no new one."""
    known = {row.code: row for row in troubles.of_device(work.tx, device_id)}
    if online:
        told = {str(one["code"]): one for one in status.get("problems") or ()}
    else:
        told = {code: {"text": row.text} for code, row in known.items() if code != GONE}
        if "at" not in status:  # a last will says nothing else
            told[GONE] = {"text": ""}
    for code, one in told.items():
        text = str(one["text"])[:LONGEST_TEXT]
        if code not in known:
            troubles.begin(work.tx, device_id, code, text, _since(work, one))
        elif text != known[code].text:
            troubles.say(work.tx, device_id, code, text)
    for code, row in known.items():
        if code not in told:
            if row.mailed_at is not None and _address(work) is not None:
                troubles.mail(work.tx, row, work.office.language, ended=work.tx.now)
            troubles.end(work.tx, device_id, code)


def _since(work: Work, one: dict[str, Any]) -> datetime:
    """When the device says, if that can be: its clock may be wrong."""
    try:
        said = datetime.fromisoformat(str(one["since"]))
        return min(said, work.tx.now) if work.tx.now - said < timedelta(days=7) else work.tx.now
    except (KeyError, ValueError, TypeError):
        return work.tx.now


def _address(source: Work | Reading) -> str | None:
    return source.office.problems.email


def to_tell(source: Reading) -> bool:
    """Whether a mail about a problem is to be written now."""
    return _address(source) is not None and bool(_lasting(source))


def tell(work: Work) -> dict[str, Any]:
    """Write one mail for each problem that has lasted long enough: `{written}`."""
    lasting = _lasting(work) if _address(work) is not None else []
    for row in lasting:
        troubles.mail(work.tx, row, work.office.language)
    return {"written": len(lasting)}


def _lasting(source: Work | Reading) -> list[Any]:
    office = source.office
    known = {*office.kiosks, *office.displays, *office.devices}
    rows = troubles.unmailed(source.tx, source.tx.now - office.problems.after)
    return [row for row in rows if row.device in known]


def overview(source: Reading) -> list[dict[str, Any]]:
    """For the office: each device of its file, `{id, kind, online, contact, problems: [{code, text, since}], printers:
    [{ready, near_end, tickets_left}]}`; those with problems first."""
    office = source.office
    states = devices.everything(source.tx)
    found: dict[str, list[Any]] = {}
    for row in troubles.everything(source.tx):
        found.setdefault(row.device, []).append(row)
    named = [(name, "kiosk") for name in office.kiosks] + [(name, "display") for name in office.displays]
    named += [(one.id, one.kind) for one in office.devices.values()]
    listed = [
        _device(name, kind, states.get(name), sorted(found.get(name, []), key=lambda row: row.code == "on_spare"))
        for name, kind in named
    ]
    return sorted(listed, key=lambda one: not one["problems"])


def how_many(source: Reading) -> int:
    """Problems of the devices in the office's file."""
    return sum(len(one["problems"]) for one in overview(source))


def _device(name: str, kind: str, state: Any, rows: list[Any]) -> dict[str, Any]:
    status = (state.status or {}) if state is not None else {}
    return {
        "id": name,
        "kind": kind,
        "online": bool(state is not None and state.online),
        "contact": views.instant(state.contact) if state is not None else None,
        "problems": [{"code": row.code, "text": row.text, "since": views.instant(row.since)} for row in rows],
        "printers": [status[part] for part in ("printer", "spare") if isinstance(status.get(part), dict)],
    }
