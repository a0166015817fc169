"""Lines that a run prints even where pytest holds back what tests write."""

from __future__ import annotations

import sys

import pytest


def tell(config: pytest.Config, line: str) -> None:
    """To stderr, which reaches the terminal also from the processes of xdist."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        sys.stderr.write(f"\n{line}\n")
        return
    with capture.global_and_fixture_disabled():
        sys.stderr.write(f"\n{line}\n")
        sys.stderr.flush()
