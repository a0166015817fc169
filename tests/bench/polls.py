"""A telephone that asks whether anything has changed: the processor time of the answer "no", beside bare Flask's."""

from __future__ import annotations

import http.client

from deploy.onebox.ports import Address
from tests.bench.figures import Figure, Round, small
from tests.bench.processes import Child
from tests.bench.rest import TICKS, family, ticks
from tests.bench.rig import Rig
from tests.bench.waiting import SERVICES

AT_MOST = 2.0


def measure(rig: Rig, polls: int, rounds: int) -> Figure:
    """Milliseconds of processor time for each poll; what the dispatcher does besides is counted with it."""
    api = rig.client()
    page = api.post("/tickets", {"service": SERVICES[0]})["status_url"].partition("/t/")[2]
    api.close()
    return Figure(
        "status page not changed, CPU",
        "ms",
        "bare Flask 304",
        tuple(_round(rig, f"/t/{page}/live", polls) for _ in range(rounds)),
        AT_MOST,
    )


def _round(rig: Rig, path: str, polls: int) -> Round:
    bare = _spent(rig.bare_web, rig.bare, "/unchanged", polls)
    return small(_spent(rig.dispatcher, rig.http, path, polls), bare)


def _spent(child: Child, address: Address, path: str, polls: int) -> float:
    """Milliseconds of processor time of a child's processes for each of so many answers 304 on one connection."""
    connection = http.client.HTTPConnection(address.host, address.port, timeout=30)
    pids = family(child.process.pid)
    etag = _ask(connection, path, "")
    _ask(connection, path, etag)
    before, changed = ticks(pids), 0
    for _ in range(polls):
        now = _ask(connection, path, etag)
        changed += now != etag
        etag = now
    used = ticks(pids) - before
    connection.close()
    if changed > polls // 10:
        raise RuntimeError(f"{path} changed in {changed} of {polls} polls: nothing is measured")
    return 1e3 * used / TICKS / polls


def _ask(connection: http.client.HTTPConnection, path: str, etag: str) -> str:
    """The page's ETag, asked for with the one that is known."""
    connection.request("GET", path, headers={"If-None-Match": etag, "Accept-Language": "it", "Cookie": "lang=it"})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 304):
        raise RuntimeError(f"GET {path}: {answer.status}")
    return answer.getheader("ETag") or ""
