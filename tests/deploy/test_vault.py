"""Secrets of a onebox: made once, kept for the owner only, the environment goes before (contract: Commands)."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from deploy.onebox import vault
from dispatcher import config
from tests.deploy.brokers import DEMO


def test_all_secrets_of_an_office_are_named() -> None:
    assert vault.variables(config.load(DEMO)) == [
        "NUMERETTO_PASSWORD_ANNA",
        "NUMERETTO_PASSWORD_BRUNO",
        "NUMERETTO_PASSWORD_SARA",
        "NUMERETTO_PASSWORD_CARLA",
        "NUMERETTO_TOKEN_OFFICE",
        "NUMERETTO_DEVICE_ENTRANCE",
        "NUMERETTO_DEVICE_HALL",
        "NUMERETTO_DEVICE_OBSERVER",
        "NUMERETTO_DEVICE_ROOM",
        "NUMERETTO_BROKER_PASSWORD",
    ]


def test_new_secrets_are_kept_for_the_owner_only_and_are_new_only_once(tmp_path: Path) -> None:
    first = vault.fill(tmp_path, ["A", "B"], {"B": "given"})
    path = tmp_path / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.values["B"] == "given"
    assert json.loads(path.read_text()) == dict(first.fresh) == {"A": first.values["A"]}
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", first.values["A"])
    second = vault.fill(tmp_path, ["A", "B", "C"], {"B": ""})
    assert second.values["A"] == first.values["A"]
    assert set(second.fresh) == {"B", "C"}, "a variable that is empty is no secret"
    assert json.loads(path.read_text()) == dict(second.values)
    assert vault.fill(tmp_path, ["A"], {"A": "mine"}).values == {"A": "mine"}, "the environment goes before the file"


def test_a_file_that_others_may_read_is_closed(tmp_path: Path) -> None:
    vault.fill(tmp_path, ["A"], {})
    path = tmp_path / "secrets.json"
    path.chmod(0o644)
    vault.fill(tmp_path, ["A"], {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "[]", '{"A": 1}', b"\xff\xfe"])
def test_a_broken_file_is_said_and_not_written_over(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    with pytest.raises(vault.VaultError, match="move it away"):
        vault.fill(tmp_path, ["A"], {})
    assert path.read_bytes() == before
