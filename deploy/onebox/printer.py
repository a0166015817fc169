"""A virtual printer as a part of a onebox: it stamps its tickets with the onebox's clock."""

from __future__ import annotations

from dispatcher.wire import clock
from firmware_config.virtual import app


def main(argv: list[str]) -> int:
    """As `numeretto virtual-printer`, by the clock that the onebox handed down."""
    return app.main(argv, now=clock.inherited().now)
