"""`numeretto device`: what stands at a counter. Its buttons, or with `--led` the number over it."""

from __future__ import annotations

LED = "--led"


def main(argv: list[str]) -> int:
    """As the program of that kind: 0 well, 1 failed, 2 wrong usage."""
    if LED in argv:
        from display.led.app import main as led

        return led([one for one in argv if one != LED])
    from kiosk.counter.app import main as buttons

    return buttons(argv)
