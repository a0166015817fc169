"""What wakes a screen with a window, and one without."""

from __future__ import annotations

import threading

import pygame
import pytest

from display.board import LinkUp
from display.inbox import Exposed, Inbox, SpeakerGone, Stop, WindowInbox
from tests.display.office import CLOCK

pytestmark = pytest.mark.usefixtures("screen")


@pytest.mark.parametrize("kind", [Inbox, WindowInbox])
def test_message_from_another_thread_wakes_at_once(kind: type[Inbox]) -> None:
    inbox = kind()
    while inbox.take(0.01):
        pass
    threading.Timer(0.1, inbox.put, [LinkUp()]).start()
    began = CLOCK.monotonic()
    items: list[object] = []
    while not items and CLOCK.monotonic() < began + 5:
        items = [*inbox.take(5.0)]
    assert items == [LinkUp()]
    assert CLOCK.monotonic() - began < 0.4


@pytest.mark.parametrize("kind", [Inbox, WindowInbox])
def test_all_that_came_is_taken_in_order(kind: type[Inbox]) -> None:
    inbox = kind()
    inbox.put(LinkUp())
    inbox.put(Stop())
    taken = [each for each in inbox.take(1.0) if not isinstance(each, Exposed)]
    assert taken == [LinkUp(), Stop()]


def test_window_that_is_closed_stops_and_one_uncovered_is_drawn_again() -> None:
    inbox = WindowInbox()
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert inbox.take(1.0) == [Exposed(), Stop()]


def test_loudspeaker_that_is_pulled_out_is_told_and_other_devices_are_not() -> None:
    """SDL's number 0 is a device that nobody has opened; one that records is none of ours."""
    inbox = WindowInbox()
    pygame.event.clear()
    for which, records in ((0, 0), (3, 1), (2, 0)):
        gone = {"which": which, "iscapture": records}
        pygame.event.post(pygame.event.Event(pygame.AUDIODEVICEREMOVED, gone))
    assert inbox.take(1.0) == [SpeakerGone()]


def test_nothing_comes_within_the_time() -> None:
    assert Inbox().take(0.01) == []
