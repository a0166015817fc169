"""A dispenser after a power cut of the whole office, up before everything else: no broker, no dispatcher (B5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from dispatcher.wire import memory
from dispatcher.wire.clock import SystemClock
from dispatcher.wire.device import DeviceLink, will_of
from dispatcher.wire.messages import Heartbeat, Leased
from kiosk.controller import Controller
from kiosk.offline import OffLine, open_offline
from kiosk.spool import Spool
from kiosk.ui.service_cards import Choice
from tests.bench.finger import TouchedWindow
from tests.kiosk.conftest import Virtual
from tests.kiosk.peer import KIOSK, MENU, SITE, Peer, config
from tests.servers import until

CLOCK = SystemClock()


def _yesterday(folder: Path, printer: str) -> None:
    """What the run before the power cut has left on the disk."""
    now, offline = CLOCK.now(), open_offline(folder, KIOSK, CLOCK)
    offline.configured(config(printer, offline=4))
    offline.offers(MENU)
    offline.heard(Heartbeat(epoch="e", revision=1, at=now).model_dump_json().encode())
    assert offline.leases is not None
    body = {"from": 501, "to": 504, "day": now.date(), "expires": now + timedelta(hours=12)}
    offline.leases.grant("A", Leased.model_validate(body), now=now, epoch="e")
    offline.close()


@dataclass
class Dispenser:
    """The kiosk's own controller at work on a thread, with a link that nobody has started yet."""

    controller: Controller
    window: TouchedWindow
    link: memory.Client
    offline: OffLine

    def touch(self, service: str, timeout_s: float = 15) -> None:
        """A finger on the service's card, as soon as it is there."""
        pause = threading.Event()
        for _ in range(round(timeout_s * 50)):
            for target in list(self.controller._glass.targets):
                if target.action == Choice(service):
                    self.window.touch(*target.rect.center)
                    return
            pause.wait(0.02)
        raise AssertionError(f"no card of {service}: {self.controller._state}")


@pytest.fixture
def dispenser(tmp_path: Path) -> Iterator[Callable[[memory.Broker], Dispenser]]:
    """dispenser(broker) starts one in tmp_path; ended with the test."""
    ends: list[Callable[[], None]] = []

    def begin(broker: memory.Broker) -> Dispenser:
        link = memory.Client(broker, will=will_of(SITE, KIOSK))
        spool, window, offline = Spool(tmp_path / "spool"), TouchedWindow(), open_offline(tmp_path, KIOSK, CLOCK)
        device = DeviceLink(link, SITE, KIOSK)
        controller = Controller(
            link, device, SITE, KIOSK, spool, window, CLOCK, ready=lambda: None, offline=offline
        )  # fmt: skip
        thread = threading.Thread(target=controller.run)

        def end() -> None:
            controller.stop()
            thread.join(10)
            controller.end(5)
            for one in (spool, offline, window):
                one.close()

        thread.start()
        ends.append(end)
        return Dispenser(controller, window, link, offline)

    yield begin
    for end in ends:
        end()


def test_it_starts_alone_from_what_it_remembers_and_hands_over_when_all_is_back(
    dispenser: Callable[[memory.Broker], Dispenser], virtual: Callable[..., Virtual], tmp_path: Path
) -> None:
    """Settings, menu and numbers are on its disk, and its clock agreed since this boot."""
    printer, broker = virtual(), memory.Broker()
    _yesterday(tmp_path, printer.url)
    kiosk = dispenser(broker)
    kiosk.touch("passport")
    until(lambda: printer.labels == ["A501"])
    assert "Emesso senza collegamento" in printer.texts[0]
    assert kiosk.offline.figures() == {"A": 3, "B": 0, "C": 0}
    back = memory.Client(broker)
    peer = Peer(back)
    peer.at = CLOCK.now()
    back.start()
    peer.say(config(printer.url, offline=4))
    kiosk.link.start()
    peer.beat()
    peer.wait(lambda p: [ticket["label"] for ticket in p.handed] == ["A501"])
    peer.wait(lambda p: p.statuses and p.statuses[-1].get("numbers") == {"A": 3, "B": 4, "C": 4})
    assert printer.labels == ["A501"]
