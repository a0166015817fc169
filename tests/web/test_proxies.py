"""Behind a reverse proxy the limits are those of each customer's own address (E3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.office import API, ROOMY, house


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_who_the_proxy_speaks_for_is_believed_only_where_there_is_one(
    tmp_path: Path, proxies: int, statuses: list[int]
) -> None:
    with house(tmp_path, limits=replace(ROOMY, challenge="1 per hour"), proxies=proxies) as home:
        client = home.client()
        asked = [
            client.get(f"{API}/challenge", headers={"X-Forwarded-For": address})
            for address in ("192.0.2.1", "198.51.100.2")
        ]
        assert [one.status_code for one in asked] == statuses
