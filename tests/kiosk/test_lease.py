"""The numbers that a dispenser holds, its clock, and what it remembers: after a power cut at any instant (B5)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.wire.clock import ManualClock
from dispatcher.wire.messages import Leased
from kiosk.journal import JournalInUse
from kiosk.lease import Leases
from kiosk.remembered import Remembered
from kiosk.timekeeper import Timekeeper, synchronised
from tests.kiosk.peer import MENU, NOW, config

EXPIRES = NOW + timedelta(hours=18)


def leased(first: int, last: int, day: str = "2026-11-23", expires: datetime = EXPIRES) -> Leased:
    return Leased.model_validate({"from": first, "to": last, "day": day, "expires": expires.isoformat()})


def test_numbers_are_given_in_their_order_until_they_are_used_up(tmp_path: Path) -> None:
    leases = Leases(tmp_path / "lease")
    assert (leases.take("A", NOW), leases.had(NOW)) == (None, False)
    leases.grant("A", leased(501, 502), now=NOW, epoch="e")
    leases.grant("B", leased(501, 501), now=NOW, epoch="e")
    leases.grant("A", leased(551, 551), now=NOW, epoch="e")
    assert [leases.left(series, NOW) for series in "ABC"] == [3, 1, 0]
    assert [leases.take("A", NOW) for _ in range(4)] == ["A501", "A502", "A551", None]
    assert (leases.take("B", NOW), leases.left("B", NOW), leases.had(NOW)) == ("B501", 0, True)
    leases.close()


def test_a_restart_gives_no_number_twice(tmp_path: Path) -> None:
    leases = Leases(tmp_path / "lease")
    leases.grant("A", leased(501, 510), now=NOW, epoch="e")
    for expected in ("A501", "A502", "A503"):
        assert leases.take("A", NOW) == expected
        leases.close()
        leases = Leases(tmp_path / "lease")
    leases.used("A507")
    assert leases.take("A", NOW) == "A508", "a ticket in the spool says that 507 is used"
    leases.close()


def test_a_file_cut_at_any_byte_gives_no_number_that_may_be_on_paper(tmp_path: Path) -> None:
    """What `take` has answered is on disk: only the bytes of a number that nobody has yet can be torn."""
    path = tmp_path / "lease"
    leases = Leases(path)
    sizes = []
    leases.grant("A", leased(501, 504), now=NOW, epoch="e")
    for _ in range(3):
        taken = leases.take("A", NOW)
        sizes.append((path.stat().st_size, taken))
    leases.grant("A", leased(601, 601), now=NOW, epoch="e")
    leases.close()
    data = path.read_bytes()
    torn = data.index(b'{"is":"used"') + 60  # the whole of one line, each byte; of the others some
    for length in (*range(0, len(data), 17), *range(torn - 80, torn + 80), len(data)):
        path.write_bytes(data[:length])
        again = Leases(path)
        answered = [label for size, label in sizes if size <= length]
        given_now = list(iter(lambda leases=again: leases.take("A", NOW), None))
        assert not set(answered) & set(given_now), length
        assert len(given_now) == len(set(given_now))
        again.close()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["take", "take", "grant", "restart"]), st.sampled_from("AB")), max_size=25))
def test_whatever_happens_no_number_is_given_twice(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("lease") / "lease"
    leases, ranges = Leases(path), itertools.count(501, 3)
    labels = []
    for what, series in steps:
        match what:
            case "take":
                labels += [label] if (label := leases.take(series, NOW)) else []
            case "grant":
                first = next(ranges)
                leases.grant(series, leased(first, first + 2), now=NOW, epoch="e")
            case _:
                leases.close()
                leases = Leases(path)
    leases.close()
    assert len(labels) == len(set(labels))


def test_numbers_are_good_for_their_business_day_and_epoch_alone(tmp_path: Path) -> None:
    leases = Leases(tmp_path / "lease")
    leases.grant("A", leased(501, 510), now=NOW, epoch="e")
    assert leases.take("A", EXPIRES) is None, "the day has turned"
    assert leases.take("A", NOW - timedelta(days=1)) is None, "a clock that was set back"
    assert leases.take("A", EXPIRES - timedelta(seconds=1)) == "A501"
    tomorrow = leased(501, 502, "2026-11-24", EXPIRES + timedelta(days=1))
    leases.grant("A", tomorrow, now=EXPIRES, epoch="e")
    assert leases.take("A", EXPIRES) == "A501", "numbers begin anew"
    leases.forget_other_epochs("e")
    assert leases.left("A", EXPIRES) == 1
    leases.forget_other_epochs("restored")
    assert leases.left("A", EXPIRES) == 0, "another database knows nothing of them"
    leases.close()


def test_two_processes_never_share_it(tmp_path: Path) -> None:
    first = Leases(tmp_path / "lease")
    with pytest.raises(JournalInUse, match="another kiosk"):
        Leases(tmp_path / "lease")
    first.close()
    Leases(tmp_path / "lease").close()


# ---- the clock


@dataclass
class Notes:
    """On disk, as far as a test goes."""

    note: dict[str, Any] | None = None
    taken: list[dict[str, Any]] = field(default_factory=list)

    def take_note(self, note: dict[str, Any]) -> None:
        self.note = note
        self.taken.append(note)


def keeper(
    clock: ManualClock, notes: Notes, boot: str = "boot-1", ntp: Callable[[], bool] = lambda: False
) -> Timekeeper:
    return Timekeeper(clock, notes, boot=lambda: boot, synchronised=ntp)


def test_a_clock_that_was_never_compared_is_not_believed() -> None:
    clock = ManualClock(datetime(1970, 1, 1, tzinfo=UTC))
    assert not keeper(clock, Notes()).is_right
    assert keeper(clock, Notes(), ntp=lambda: True).is_right, "the system keeps it"


def test_a_clock_that_agreed_with_the_dispatchers_is_believed_until_the_next_boot() -> None:
    clock, notes = ManualClock(NOW), Notes()
    first = keeper(clock, notes)
    first.heard(NOW + timedelta(seconds=3))
    clock.advance(hours=5)
    first.heard(NOW + timedelta(hours=5))
    assert (first.is_right, len(notes.taken)) == (True, 1), "one note, not one a heartbeat"
    assert keeper(clock, notes).is_right, "the program was restarted"
    assert not keeper(clock, notes, "boot-2").is_right, "the machine was"
    assert not keeper(clock, notes, "").is_right, "nobody knows"


def test_a_clock_that_was_moved_or_disagrees_is_not_believed() -> None:
    clock, notes = ManualClock(NOW), Notes()
    mine = keeper(clock, notes)
    mine.heard(NOW)
    clock.set(NOW - timedelta(hours=1))
    assert not mine.is_right
    mine.heard(NOW)
    assert not mine.is_right
    assert not keeper(clock, notes).is_right
    clock.set(NOW)
    mine.heard(NOW)
    assert mine.is_right
    wrong = keeper(ManualClock(NOW), Notes(), ntp=lambda: True)
    wrong.heard(NOW + timedelta(hours=1))
    assert not wrong.is_right, "who is right is not ours to say: the tickets stand in the dispatcher's time"


def test_the_system_can_be_asked() -> None:
    assert synchronised() in (True, False)


# ---- what is remembered


def test_settings_and_menu_are_there_after_a_power_cut_without_what_passes(tmp_path: Path) -> None:
    path = tmp_path / "remembered"
    first = Remembered(path)
    assert (first.settings(), first.menu()) == (None, None)
    first.keep_settings(config("tcp://127.0.0.1:9100", offline=50))
    first.keep_menu(MENU)
    again = Remembered(path)
    assert again.settings() == config("tcp://127.0.0.1:9100", offline=50)
    menu = again.menu()
    assert menu is not None
    [passport, *_] = menu.groups[0].services
    assert (passport.id, passport.letter, passport.waiting, passport.wait_low_s) == ("passport", "A", 0, None)
    written = path.stat().st_mtime_ns
    busy = MENU.model_copy(update={"revision": 9})
    again.keep_menu(busy)
    assert path.stat().st_mtime_ns == written, "not once a ticket"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"settings": {"site_name": 1}, "menu": 3}', b"\xff\x00"])
def test_a_damaged_memory_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "remembered").write_bytes(content)
    found = Remembered(tmp_path / "remembered")
    assert (found.settings(), found.menu()) == (None, None)
    found.keep_menu(MENU)
    assert Remembered(tmp_path / "remembered").menu() is not None
