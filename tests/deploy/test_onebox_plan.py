"""What a onebox starts for each screen (contract: Commands)."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.onebox import plan, vault
from deploy.onebox.ports import Address
from dispatcher import config
from tests.test_config import SMALL, write


def _size_of_hall(folder: Path, layout: str, *, headless: bool) -> str | None:
    """The size that the command of the screen `hall` asks for."""
    office = config.load(write(folder, SMALL.replace('id = "hall"', f'id = "hall"\nlayout = "{layout}"')))
    made = plan.Plan(
        office=office,
        site_file=folder / "site.toml",
        data=folder,
        http=Address("127.0.0.1", 8080),
        mqtt=Address("127.0.0.1", 1883),
        room_url="http://127.0.0.1:8081/room",
        secrets=vault.fill(folder, vault.variables(office), {}),
        environ={},
        outside_broker="mqtt://127.0.0.1:1883",
        headless=headless,
    )
    words = [word for part in plan.parts(made) if part.name == "display-hall" for word in part.command]
    return words[words.index("--size") + 1] if "--size" in words else None


@pytest.mark.parametrize(
    ("layout", "headless", "size"),
    [("totem", True, "1080x1920"), ("totem", False, "540x960"), ("list", True, None), ("list", False, None)],
)
def test_totem_stands_upright(tmp_path: Path, layout: str, headless: bool, size: str | None) -> None:
    """C1: on a desk in a window that fits a monitor; other screens are as large as they were."""
    assert _size_of_hall(tmp_path, layout, headless=headless) == size
