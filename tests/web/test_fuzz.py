"""The OpenAPI document fuzzed by schemathesis: no 5xx, answers as the document says, and a good share of them 2xx."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from dispatcher.usecases import views
from tests.web.office import API, OFFICE, House, booking, house, served, slot

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
WANTED_SHARE = 0.2


def furnish(url: str) -> None:
    """An office in the middle of its morning."""
    for counter in ("1", "2", "3"):
        requests.post(f"{url}{API}/counters/{counter}/open", headers=OFFICE, timeout=10).raise_for_status()
    for service in ("passport", "residence", "desk") * 8:
        requests.post(f"{url}{API}/tickets", json={"service": service}, headers=OFFICE, timeout=10).raise_for_status()
    for hour in (9, 10, 11):
        body = booking(start=slot(hour=hour), name=f"Anna {'ABC'[hour - 9]}")
        requests.post(f"{url}{API}/appointments", json=body, headers=OFFICE, timeout=10).raise_for_status()


def statuses(home: House) -> dict[int, int]:
    """How often the API answered with each status."""
    counts: dict[int, int] = {}
    for sample in home.app.extensions["numeretto"].counts.samples():
        if sample.labels["endpoint"].startswith("/api/v1/sites/"):
            status = int(sample.labels["status"])
            counts[status] = counts.get(status, 0) + int(sample.value)
    return counts


def fuzz(tmp_path: Path, seconds: int) -> tuple[subprocess.CompletedProcess[str], dict[int, int], float]:
    """Run schemathesis for so long; its outcome, the answers by status, the share of 2xx."""
    with house(tmp_path) as home, served(home.app) as url:
        furnish(url)
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{url}/api/v1/openapi.json",
            "--header=Authorization: " + OFFICE["Authorization"],
            f"--checks={CHECKS}",
            f"--max-time={seconds}",
            "--request-timeout=10",
            "--warnings=off",
            "--continue-on-failure",
            "--seed=7",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 90, cwd=tmp_path, check=False)
        counts = statuses(home)
        assert home.desk.read(views.queues)
    good = sum(n for status, n in counts.items() if 200 <= status < 300)
    share = good / max(1, sum(counts.values()))
    print(f"\nschemathesis, {seconds} s: {sum(counts.values())} answers {counts}, share of 2xx {share:.1%}")  # noqa: T201
    return done, counts, share


def judge(done: subprocess.CompletedProcess[str], counts: dict[int, int], share: float) -> None:
    assert not [status for status in counts if status >= 500], counts
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert share > WANTED_SHARE


def test_ten_seconds_of_fuzzing_find_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        judge(*fuzz(tmp_path, 10))


@pytest.mark.full
@pytest.mark.timeout(240)
def test_a_minute_of_fuzzing_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        judge(*fuzz(tmp_path, 60))
