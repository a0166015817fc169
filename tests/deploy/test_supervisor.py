"""The parts of a onebox are kept running, are started again when they die, and none outlives it (F4)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.onebox.parts import python_path
from deploy.onebox.supervisor import StartFailed, children_of
from tests.deploy.helpers import alive, fake, supervised, until

SERVES = "ready(); signal.pause()"
IGNORES_THE_STOP = "signal.signal(signal.SIGTERM, signal.SIG_IGN); ready()\nwhile True: signal.pause()"


def test_a_child_that_is_killed_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    with supervised([fake("one", SERVES, tmp_path), fake("two", SERVES, tmp_path)], tmp_path) as running:
        until(lambda: running.announced)
        first = running.announced[0]
        os.kill(first["one"], signal.SIGKILL)
        until(lambda: len(running.announced) == 2)
        second = running.announced[1]
    assert set(first) == set(second) == {"one", "two"}
    assert second["one"] != first["one"]
    assert second["two"] == first["two"]
    assert running.said == ["one ended (killed by SIGKILL) and is started again"]
    assert not any(alive(pid) for pid in (*first.values(), *second.values()))


def test_what_others_need_is_started_first_and_ended_last(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "def stop(*_):\n open({order!r}, 'a').write('{name} ends\\n'); os._exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "open({order!r}, 'a').write('{name} starts\\n'); ready()\n"
        "while True: signal.pause()"
    )
    parts = [
        fake("screen", code.format(order=str(order), name="screen"), tmp_path),
        fake("broker", code.format(order=str(order), name="broker"), tmp_path, rank=0),
    ]
    with supervised(parts, tmp_path) as running:
        until(lambda: running.announced)
    assert order.read_text().splitlines() == ["broker starts", "screen starts", "screen ends", "broker ends"]


def test_all_end_within_five_seconds_also_those_that_do_not_listen(tmp_path: Path) -> None:
    names = ("one", "two", "three")
    parts = [fake(name, IGNORES_THE_STOP, tmp_path) for name in names] + [fake("broker", IGNORES_THE_STOP, tmp_path, 0)]
    with supervised(parts, tmp_path) as running:
        until(lambda: running.announced)
        assert running.stop() < 5
    assert not any(alive(pid) for pid in running.announced[0].values())


def test_a_child_that_dies_again_and_again_is_given_more_and_more_time(tmp_path: Path) -> None:
    counter = tmp_path / "starts"
    code = f"open({str(counter)!r}, 'a').write('x')\nready(); time.sleep(0.05)\n"
    code += f"if len(open({str(counter)!r}).read()) < 4: sys.exit(7)\nsignal.pause()"
    with supervised([fake("one", code, tmp_path)], tmp_path) as running:
        until(lambda: len(counter.read_text()) == 4 if counter.exists() else False)
    assert running.said == [
        "one ended (exit code 7) and is started again",
        "one ended (exit code 7) and is started again in 0.5 s",
        "one ended (exit code 7) and is started again in 1 s",
    ]


def test_a_part_that_cannot_start_ends_the_onebox_with_its_last_words(tmp_path: Path) -> None:
    parts = [fake("good", SERVES, tmp_path), fake("bad", "sys.exit('the database is locked')", tmp_path)]
    with supervised(parts, tmp_path) as running:
        until(lambda: running.failed)
    assert isinstance(running.failed[0], StartFailed)
    assert "bad does not start (exit code 1): the database is locked" in str(running.failed[0])
    assert not running.announced


def test_what_a_dead_child_leaves_behind_is_ended(tmp_path: Path) -> None:
    worker = tmp_path / "worker"
    code = (
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        f"open({str(worker)!r}, 'a').write(str(child.pid) + ' ')\n" + SERVES
    )
    script = f"""
import signal, sys
from pathlib import Path
from deploy.onebox.leash import adopt_orphans
from deploy.onebox.supervisor import Supervisor
from tests.deploy.helpers import fake
folder = Path({str(tmp_path)!r})
adopt_orphans()
on_ready = lambda pids: print(pids["one"], flush=True)
supervisor = Supervisor([fake("one", {code!r}, folder)], folder, all_ready=lambda: True, on_ready=on_ready, say=str)
signal.signal(signal.SIGTERM, lambda *_: supervisor.request_stop())
supervisor.run()
"""
    with _process(script) as box:
        first = int(_line(box))
        os.kill(first, signal.SIGKILL)
        _line(box)
        old, new = map(int, worker.read_text().split())
        until(lambda: not alive(old))
        assert alive(new)
        box.terminate()
        assert box.wait(10) == 0
        until(lambda: not alive(new))


def test_no_child_outlives_a_onebox_that_is_killed(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from deploy.onebox.supervisor import Supervisor
from tests.deploy.helpers import fake
folder = Path({str(tmp_path)!r})
parts = [fake(name, {IGNORES_THE_STOP!r}, folder, rank) for rank, name in enumerate(("broker", "one", "two"))]
on_ready = lambda pids: print(*pids.values(), flush=True)
Supervisor(parts, folder, all_ready=lambda: True, on_ready=on_ready, say=str).run()
"""
    with _process(script) as box:
        pids = [int(text) for text in _line(box).split()]
        assert len(pids) == 3
        assert set(pids) <= children_of(box.pid)
        box.kill()
        until(lambda: not any(alive(pid) for pid in pids), within_s=5)


def test_an_idle_supervisor_uses_no_time(tmp_path: Path) -> None:
    with supervised([fake("one", SERVES, tmp_path)], tmp_path) as running:
        until(lambda: running.announced)
        pause = running.supervisor._pause(time.monotonic())
    assert pause is None


def _process(script: str) -> subprocess.Popen[str]:
    environ = {**os.environ, **python_path(os.environ)}
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environ)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()
