"""What is in a printer: who it is, and for an exactly known one all settings that its profile names."""

from __future__ import annotations

from firmware_config import escpos
from firmware_config.dialog import Dialog
from firmware_config.errors import NoAnswer
from firmware_config.model import Found, Identity, StoredLogo, Value
from firmware_config.profile import LINE, Profile, line_value


def identity(dialog: Dialog) -> Identity | None:
    """GS I; None when the printer does not say who it is."""
    maker = dialog.text(66)
    model = dialog.text(67) if maker else ""
    if not model:
        return None
    kind = dialog.byte(escpos.identity(2))
    return Identity(
        maker=maker,
        model=model,
        firmware=dialog.text(65),
        serial=dialog.text(68),
        has_cutter=None if kind is None else bool(kind & 0x02),
    )


def answers_outside(dialog: Dialog) -> bool:
    """Whether settings are told outside the user setting mode too."""
    return dialog.ask(escpos.read_line(1), escpos.LINE_IS) is not None


def values(dialog: Dialog, profile: Profile) -> dict[str, Value]:
    """Every setting of the profile. Raises NoAnswer if one is not told."""
    found: dict[str, Value] = {}
    for number in sorted({switch.number for switch in profile.switches.values()}):
        bits = switch(dialog, number)
        found |= {
            name: int(bits[8 - one.bit]) == one.on for name, one in profile.switches.items() if one.number == number
        }
    told: dict[str, Value | None] = {name: custom(dialog, profile, name) for name in profile.customs}
    told |= {name: line(dialog, name) for name in LINE}
    return found | {name: value for name, value in told.items() if value is not None}


def switch(dialog: Dialog, number: int) -> str:
    """A memory switch from b8 to b1. Raises NoAnswer."""
    answer = (dialog.ask(escpos.read_switch(number), escpos.SWITCH_IS) or b"").decode("ascii", "replace")
    if len(answer) != 8 or set(answer) - set("01"):
        raise NoAnswer(f"the printer does not tell its memory switch {number}")
    return answer


def custom(dialog: Dialog, profile: Profile, name: str) -> int | None:
    """A custom value for people; None if it stands for none. Raises NoAnswer."""
    spec = profile.customs[name]
    pair = escpos.pair(dialog.ask(escpos.read_custom(spec.number), escpos.CUSTOM_IS))
    if pair is None or pair[0] != str(spec.number) or not pair[1].lstrip("-").isdecimal():
        raise NoAnswer(f"the printer does not tell its {name}")
    return spec.decode(int(pair[1]) % 65536)


def line(dialog: Dialog, name: str) -> Value | None:
    """A setting of its serial line. Raises NoAnswer."""
    pair = escpos.pair(dialog.ask(escpos.read_line(LINE[name]), escpos.LINE_IS))
    if pair is None or pair[0] != str(LINE[name]):
        raise NoAnswer(f"the printer does not tell its {name}")
    return line_value(name, pair[1])


def logos(dialog: Dialog) -> dict[str, StoredLogo]:
    """The logos by key, each with the note that was kept beside it. Raises NoAnswer."""
    keys = dialog.blocks(escpos.KEYS, escpos.KEYS_ARE)
    if keys is None:
        raise NoAnswer("the printer does not tell its logos")
    names = [keys[at : at + 2].decode("ascii", "replace") for at in range(0, len(keys) - 1, 2)]
    return {name: StoredLogo(record(dialog, name) or None) for name in names}


def record(dialog: Dialog, key: str) -> str:
    """A record of the user's memory; empty if there is none. Raises NoAnswer."""
    data = dialog.blocks(escpos.read_record(key), escpos.RECORD_IS)
    if data is None:
        raise NoAnswer("the printer does not tell its user memory")
    return data.decode("ascii", "replace")


def everything(dialog: Dialog, profile: Profile, who: Identity, settings: dict[str, Value]) -> Found:
    """`settings` and what stands outside the setting mode: logos and free space. Raises NoAnswer."""
    stored = logos(dialog) if profile.logos else {}
    free = dialog.ask(escpos.FREE, escpos.FREE_IS) if profile.logos else None
    space = int(free) if free is not None and free.isdigit() else None
    return Found(who, settings, stored, space, settings_read=True)
