"""Somebody with a number already: an appointment to check in (B6), a call that was missed (B7). Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.moves import (
    Arrived,
    Ask,
    Asking,
    Attract,
    Choose,
    Effect,
    Enter,
    Have,
    Key,
    Languages,
    OpenEntry,
    OutOfService,
    Proof,
    Rejoin,
    Scanned,
    ScannerIs,
    Sorry,
    StillThere,
    Stopped,
    Submit,
    Ticket,
    Told,
    Wait,
)
from kiosk.visits import show

if TYPE_CHECKING:
    from kiosk.flow import State

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which booking codes are made: no I, L, O, U."""
CODE_LENGTH = 8
DIGITS = "0123456789"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Of tickets, as long as the office's own are not known."""
LABEL_LENGTH = 6
_LABEL = re.compile(r"([A-Z])\1?[0-9]{2,5}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
BACK = "back"


def read_scan(text: str) -> Proof | None:
    """What a scanner has read: the QR of a ticket or of a mail (an address ending in `/t/…`), a booking code, or the
    number of a ticket. None: nothing of ours."""
    text = text.strip()
    if "://" in text:
        folder, _, token = urlsplit(text).path.rstrip("/").rpartition("/")
        return Proof(token=token) if folder.endswith("/t") and _TOKEN.fullmatch(token) else None
    plain = re.sub(r"[\s-]", "", text.upper())
    if len(plain) <= LABEL_LENGTH and _LABEL.fullmatch(plain):
        return Proof(label=plain)
    code = plain.translate(str.maketrans("OIL", "011"))
    if len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS):
        return Proof(code=code)
    return None


def keys(state: State, purpose: str) -> str:
    """The characters on the keypad."""
    if purpose == "check_in":
        return CODE_LETTERS
    return "".join(sorted(state.house.letters) or LETTERS) + DIGITS


def complete(enter: Enter) -> Proof | None:
    """What was entered, once it can be asked with."""
    if enter.purpose == "check_in":
        return Proof(code=enter.text) if len(enter.text) == CODE_LENGTH else None
    return Proof(label=enter.text) if _LABEL.fullmatch(enter.text) else None


def may_scan(state: State) -> bool:
    """Whether a scan is for this screen: not while a ticket is on its way. No printer is needed for it."""
    if isinstance(state.screen, OutOfService):
        return bool(state.languages) and not state.misconfigured and state.screen.label is None
    if isinstance(state.screen, Ticket):
        return state.screen.paper == "take"
    return isinstance(
        state.screen, Choose | Attract | Languages | Have | Enter | Arrived | StillThere | Sorry | Stopped | Wait
    )


def on_open_entry(state: State, event: OpenEntry, _effects: list[Effect]) -> State:
    if not isinstance(state.screen, Choose | Have):
        return state
    return show(state, Enter(event.purpose) if state.link else Arrived("away"))


def on_key(state: State, event: Key, _effects: list[Effect]) -> State:
    enter = state.screen
    if not isinstance(enter, Enter):
        return state
    if event.value == BACK:
        return show(state, Enter(enter.purpose, enter.text[:-1]))
    most = CODE_LENGTH if enter.purpose == "check_in" else LABEL_LENGTH
    if event.value not in keys(state, enter.purpose) or len(enter.text) >= most:
        return state
    return show(state, Enter(enter.purpose, enter.text + event.value))


def on_submit(state: State, event: Submit, effects: list[Effect]) -> State:
    enter = state.screen
    proof = complete(enter) if isinstance(enter, Enter) else None
    if not isinstance(enter, Enter) or proof is None:
        return state
    return _ask(state, event.key, enter.purpose, proof, effects)


def on_rejoin(state: State, event: Rejoin, effects: list[Effect]) -> State:
    if not isinstance(state.screen, Arrived) or state.screen.again is None:
        return state
    return _ask(state, event.key, "rejoin", state.screen.again, effects)


def on_scanned(state: State, event: Scanned, effects: list[Effect]) -> State:
    if not may_scan(state):
        return state
    if event.proof is None:
        return show(state, Arrived("unreadable"))
    return _ask(state, event.key, "scan", event.proof, effects)


def on_scanner(state: State, event: ScannerIs, _effects: list[Effect]) -> State:
    """Nobody is told to show a code to what does not read."""
    return replace(state, house=replace(state.house, scanner=event.there))


def on_told(state: State, event: Told, _effects: list[Effect]) -> State:
    mine = isinstance(state.screen, Asking) and state.screen.key == event.key
    return show(state, event.arrived) if mine else state


def _ask(state: State, key: str, purpose: str, proof: Proof, effects: list[Effect]) -> State:
    if not state.link:
        return show(state, Arrived("away"))
    effects.append(Ask(key, purpose, proof))
    return show(state, Asking(key, purpose))
