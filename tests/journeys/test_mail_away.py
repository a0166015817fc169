"""A mail server that is away for an hour: every mail comes once afterwards, whatever happened meanwhile (E2, E11)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys import sites
from tests.journeys.office import running
from tests.journeys.times import iso, slot_in
from tests.journeys.waiting import wait_until
from tests.mail.post import Inbox

pytestmark = pytest.mark.journey
PACE = 2400


def test_all_mails_come_once_each_when_the_server_is_back(tmp_path: Path) -> None:
    inbox = Inbox()
    text = sites.site() + f'[mail]\nsmtp = "smtp://127.0.0.1:{inbox.port}"\nfrom = "office@example.org"\n\n'
    text += sites.service("passport", "A", slot="1m", places=20) + sites.counter("1", "passport")
    with running(tmp_path, text, clock=f"2026-03-02T09:00:00+01:00,x{PACE}") as office:
        begun = office.now()
        start = slot_in(office, 3 * 24 * 60)
        booked = [office.book("passport", iso(start), email=f"person{n}@example.org", language="en") for n in range(5)]
        moved = office.api("PATCH", f"/appointments/{booked[0]['code']}", {"start": iso(start + timedelta(hours=1))})
        assert moved.status == 200, moved
        assert office.api("DELETE", f"/appointments/{booked[1]['code']}").status == 204
        wait_until(lambda: office.now() - begun >= timedelta(hours=1), 20, lambda: office.now())
        assert office.api("GET", "/queues").status == 200, "who books or calls notices nothing"
        assert inbox.got == []

        inbox.start()
        try:
            wait_until(lambda: len(inbox.got) >= 7, 30, lambda: (inbox.subjects, office.log("dispatcher")))
            arrived = office.now()
            wait_until(lambda: office.now() - arrived >= timedelta(hours=2), 20, lambda: office.now())
        finally:
            inbox.stop()
        assert Counter(inbox.recipients) == Counter(
            ["person0@example.org"] * 2 + ["person1@example.org"] * 2 + [f"person{n}@example.org" for n in (2, 3, 4)]
        )
        assert len(set(inbox.ids)) == 7, "no message twice"
        for person, last in (("person0", "moved"), ("person1", "cancelled")):
            subjects = [
                subject
                for to, subject in zip(inbox.recipients, inbox.subjects, strict=True)
                if to == f"{person}@example.org"
            ]
            assert [last in one for one in subjects] == [False, True], "in the order in which it happened"
