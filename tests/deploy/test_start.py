"""A dispatcher that cannot serve says so in its last line, and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatcher.store import admin
from dispatcher.store.session import Store
from tests.servers import PATIENCE_S, free_port

SITE = Path("deploy/demo/site.toml").resolve()
LATER = datetime(2031, 5, 6, 8, 0, tzinfo=UTC)


def ended(data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dispatcher", "--site", str(SITE), "--data", str(data)]
    return subprocess.run(
        [*command, "--http", f"127.0.0.1:{free_port()}"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def seen_later(tmp_path):
    """The data of an office that has lived through a later day."""
    store = Store(f"sqlite:///{tmp_path / 'numeretto.db'}")
    admin.upgrade(store)
    with store.command("torino", LATER, LATER):
        pass
    store.close()
    return tmp_path


def test_data_that_have_seen_a_later_time_are_refused_and_kept(seen_later):
    result = ended(seen_later)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("numeretto dispatcher: these data have seen 2031-05-06 08:00 UTC")
    assert last.endswith("take another data folder for a simulated day, or set the clock right")


def test_a_setting_that_cannot_be_meant_is_said(tmp_path):
    result = ended(tmp_path, NUMERETTO_PROXIES="one")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].startswith("numeretto dispatcher: NUMERETTO_PROXIES is 'one': write how many")


def test_a_database_that_cannot_be_reached_is_named(tmp_path):
    result = ended(tmp_path, NUMERETTO_DATABASE=f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("numeretto dispatcher: the database cannot be used")
    assert "Traceback" not in result.stderr
