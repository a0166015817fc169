"""Each mail goes out once, however long the server is away; nothing is lost and no booking waits for it (E2, E11)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from dispatcher.engine.model import Mail, Office
from dispatcher.mail import Postman, postman
from dispatcher.mail.carriers import Folder, Server
from dispatcher.store.session import Store
from dispatcher.usecases import bookings, mails, tickets, views
from dispatcher.usecases.desk import SYSTEM, Actor, Desk
from dispatcher.wire.clock import ManualClock
from tests.mail.post import KEY, ROME, Inbox, inbox, office, passport, sender

CLERK = Actor("user:sara", "secretary")
PUBLIC = Actor("public", "public")
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)
TOMORROW = datetime(2026, 11, 24, 10, 30, tzinfo=ROME)


class House:
    """An office whose mails go to an inbox; the clock is moved by hand."""

    def __init__(self, store: Store, at: Office, box: Inbox) -> None:
        self.clock = ManualClock(MORNING)
        self.desk = Desk(store, at, self.clock, base_url="https://code.example.org")
        self.desk.prepare()
        self.box = box
        self.postman = self.another()

    def another(self) -> Postman:
        """A further one, as each dispatcher has its own."""
        settings = self.desk.office.mail or self.box.settings
        return Postman(self.desk, Server(settings, None, timeout_s=5), sender(office=self.desk.office))

    def book(self, number: int = 1, start: datetime = TOMORROW, actor: Actor = PUBLIC, **changes: Any) -> Any:
        values = {
            "service": "passport",
            "start": start,
            "name": f"Rita Levi {'abcdefghijklmnopqrstuvwxyz'[number]}",
            "email": f"rita{number}@example.org",
            "phone": "+39 011 5617000",
            "consent": True,
            "language": "it",
        }
        return self.do(bookings.book, actor=actor, **(values | changes))

    def do(self, use_case: Any, actor: Actor = PUBLIC, **arguments: Any) -> Any:
        answer = self.desk.execute(actor, use_case, **arguments)
        assert answer.ok, answer.body
        return answer.body

    def later(self, **delta: float) -> None:
        """Time passes; the postman goes round each half hour."""
        whole, step = timedelta(**delta), timedelta(minutes=30)
        while whole > timedelta(0):
            self.clock.advance(seconds=min(whole, step).total_seconds())
            whole -= step
            self.postman.round()

    def fates(self, booked: Any) -> list[tuple[str, bool, str | None]]:
        """Kind, sent, failed of a booking's mails."""
        found = self.desk.read(mails.of_booking, code=booked["code"])
        assert found is not None
        return [(one["kind"], one["sent_at"] is not None, one["failed"]) for one in found]


@pytest.fixture
def box() -> Iterator[Inbox]:
    with inbox() as made:
        yield made


@pytest.fixture
def house(store: Store, box: Inbox) -> House:
    return House(store, office(passport(places=30), mail=box.settings), box)


def test_booking_move_and_cancel_each_send_their_mail_once(house: House) -> None:
    one = house.book()
    house.postman.round()
    house.do(bookings.move, code=one["code"], start=TOMORROW + timedelta(days=1))
    house.do(bookings.move, code=one["code"], start=TOMORROW + timedelta(days=1))
    house.postman.round()
    house.do(bookings.cancel, code=one["code"])
    house.do(bookings.cancel, code=one["code"])
    for _ in range(3):
        house.postman.round()
    assert house.box.subjects == [
        "Il tuo appuntamento AA01: martedì 24 novembre 2026, ore 10:30",
        "Appuntamento spostato, numero AA01: mercoledì 25 novembre 2026, ore 10:30",
        "Appuntamento AA01 disdetto: mercoledì 25 novembre 2026, ore 10:30",
    ]
    assert house.box.recipients == ["rita1@example.org"] * 3
    body = house.box.got[1][1].get_body(("plain",))
    assert body is not None
    assert "Prima era:\r\n    martedì 24 novembre 2026, ore 10:30" in body.get_content()
    assert house.fates(one) == [("booked", True, None), ("moved", True, None), ("cancelled", True, None)]


def test_a_booking_made_at_the_desk_gets_the_same_mail_and_none_without_an_address(house: House) -> None:
    house.book(1, actor=CLERK)
    without = house.book(2, actor=CLERK, email=None)
    house.postman.round()
    assert house.box.recipients == ["rita1@example.org"]
    house.do(bookings.cancel, code=without["code"], actor=CLERK)
    house.postman.round()
    assert len(house.box.got) == 1
    assert house.fates(without) == []


def test_a_place_given_up_on_the_telephone_is_confirmed_by_mail(house: House) -> None:
    one = house.book()
    house.do(tickets.give_up, ticket_id=one["id"])
    house.postman.round()
    assert [subject.split(":")[0] for subject in house.box.subjects] == [
        "Il tuo appuntamento AA01",
        "Appuntamento AA01 disdetto",
    ]


def test_a_refused_booking_writes_no_mail(house: House) -> None:
    house.book(1)
    again = house.desk.execute(
        PUBLIC,
        bookings.book,
        service="passport",
        start=TOMORROW,
        name="Rita Levi b",
        email="rita1@example.org",
        phone="+39 011 5617000",
        consent=True,
    )
    assert not again.ok
    house.postman.round()
    assert len(house.box.got) == 1


def test_a_server_that_is_away_for_an_hour_loses_nothing_and_doubles_nothing(house: House) -> None:
    house.box.stop()
    booked = []
    for number in range(1, 7):
        booked.append(house.book(number))
        house.later(minutes=10)
    house.do(bookings.move, code=booked[0]["code"], start=TOMORROW + timedelta(hours=1))
    assert house.box.got == []
    house.box.start()
    house.later(hours=2)
    house.later(hours=2)
    assert sorted(house.box.recipients) == sorted([f"rita{n}@example.org" for n in range(1, 7)] + ["rita1@example.org"])
    assert len(set(house.box.ids)) == 7
    of_first = [subject for (to, _), subject in zip(house.box.got, house.box.subjects, strict=True) if "rita1" in to[0]]
    assert [subject.split()[1] for subject in of_first] == ["tuo", "spostato,"], "in the order of what happened"
    assert all(sent for one in booked for _kind, sent, _failed in house.fates(one))
    assert house.desk.read(mails.failures) == []


def test_the_pauses_between_attempts_grow(house: House) -> None:
    house.box.answers["rita1@example.org"] = "450 try later"
    house.book()
    tried = []
    for minute in range(160):
        with house.desk.store.reading("torino", house.clock.now(), house.clock.wall()) as tx:
            before = mails.mails.next_due(tx)
        if before is not None:
            tried.append(minute)
        house.postman.round()
        house.clock.advance(minutes=1)
    assert tried == [0, 1, 6, 21, 81, 141]
    house.box.answers.clear()
    house.clock.advance(hours=1)
    house.postman.round()
    assert len(house.box.got) == 1


def test_a_refusal_for_good_is_told_to_the_office_and_holds_up_nobody(house: House) -> None:
    house.box.answers["rita1@example.org"] = "550 no such mailbox"
    lost, good = house.book(1), house.book(2)
    house.postman.round()
    house.later(hours=5)
    assert house.box.recipients == ["rita2@example.org"]
    assert house.fates(lost) == [("booked", False, "address")]
    told = house.desk.read(mails.failures)
    assert [(one["label"], one["kind"], one["failed"], one["sent_at"]) for one in told] == [
        ("AA01", "booked", "address", None)
    ]
    assert house.fates(good) == [("booked", True, None)]
    house.box.data_answer = "554 looks like spam"
    third = house.book(3)
    house.postman.round()
    assert house.fates(third) == [("booked", False, "refused")]


def test_a_sender_that_dies_with_a_mail_in_its_hands_repeats_the_same_message(house: House) -> None:
    one = house.book()
    claimed = house.do(mails.claim, actor=SYSTEM)["draft"]
    house.postman.round()
    assert house.box.got == [], "it is in another's hands"
    house.clock.advance(minutes=4)
    house.postman.round()
    assert house.box.got == []
    house.clock.advance(minutes=2)
    house.postman.round()
    assert house.box.ids == [f"<{claimed.id}@example.org>"]
    house.do(mails.sent, actor=SYSTEM, mail_id=claimed.id)
    house.later(hours=1)
    assert len(house.box.got) == 1
    assert house.fates(one) == [("booked", True, None)]
    assert "rita" not in repr(claimed)
    assert one["code"] not in repr(claimed)


def test_two_dispatchers_send_each_mail_once(house: House) -> None:
    for number in range(1, 13):
        house.book(number)
    rounds = [threading.Thread(target=one.round) for one in (house.postman, house.another(), house.another())]
    for thread in rounds:
        thread.start()
    for thread in rounds:
        thread.join(30)
    assert sorted(house.box.recipients) == sorted(f"rita{n}@example.org" for n in range(1, 13))


def reminding(store: Store, box: Inbox, ahead_h: float | None = 24) -> House:
    reminder = timedelta(hours=ahead_h) if ahead_h is not None else None
    settings = Mail(host="127.0.0.1", port=box.port, sender="numeretto@example.org", reminder=reminder)
    return House(store, office(passport(places=30), mail=settings), box)


def test_a_reminder_comes_the_day_before_once_and_only_to_those_who_still_come(store: Store, box: Inbox) -> None:
    house = reminding(store, box)
    start = TOMORROW + timedelta(days=3)
    kept, moved, cancelled = (house.book(n, start) for n in (1, 2, 3))
    house.book(4, TOMORROW)
    house.later(hours=20)
    house.do(bookings.move, code=moved["code"], start=start + timedelta(days=2))
    house.do(bookings.cancel, code=cancelled["code"])
    house.later(hours=53)
    before = [subject for subject in box.subjects if subject.startswith("Promemoria")]
    assert before == ["Promemoria: appuntamento AA01, martedì 24 novembre 2026, ore 10:30"]
    house.later(hours=3)
    house.later(hours=60)
    reminded = [
        (to[0], str(message["Subject"])) for to, message in box.got if str(message["Subject"]).startswith("Promemoria")
    ]
    assert reminded == [
        ("rita4@example.org", "Promemoria: appuntamento AA01, martedì 24 novembre 2026, ore 10:30"),
        ("rita1@example.org", "Promemoria: appuntamento AA01, venerdì 27 novembre 2026, ore 10:30"),
        ("rita2@example.org", "Promemoria: appuntamento AA01, domenica 29 novembre 2026, ore 10:30"),
    ]
    assert house.fates(kept) == [("booked", True, None), ("reminder", True, None)]
    assert house.fates(cancelled) == [("booked", True, None), ("cancelled", True, None)]


def test_who_books_within_the_time_of_the_reminder_gets_none_nor_without_the_setting(store: Store, box: Inbox) -> None:
    house = reminding(store, box)
    house.book(1, MORNING + timedelta(hours=5))
    house.later(hours=6)
    assert len(box.got) == 1


def test_no_reminder_without_the_setting(store: Store, box: Inbox) -> None:
    house = reminding(store, box, None)
    house.book(1)
    house.later(hours=26)
    assert len(box.got) == 1


def test_a_reminder_that_comes_too_late_is_not_sent(store: Store, box: Inbox) -> None:
    house = reminding(store, box, 2)
    one = house.book(1, MORNING + timedelta(hours=4))
    house.postman.round()
    box.stop()
    house.later(hours=5)
    box.start()
    house.later(hours=5)
    assert len(box.got) == 1
    assert house.fates(one) == [("booked", True, None), ("reminder", False, "too_late")]


def test_a_mail_is_sent_again_a_few_times_and_not_at_once(house: House) -> None:
    one = house.book()
    house.postman.round()
    refused = house.desk.execute(PUBLIC, mails.send_again, code=one["code"])
    assert refused.body is not None
    assert refused.body["code"] == "limit_reached"
    left = []
    for _ in range(3):
        house.later(minutes=10)
        left.append(house.do(mails.send_again, code=one["code"].lower())["left"])
    house.later(minutes=10)
    refused = house.desk.execute(PUBLIC, mails.send_again, code=one["code"])
    assert (left, len(house.box.got), len(set(house.box.ids)), len(set(house.box.subjects))) == ([2, 1, 0], 4, 4, 1)
    assert refused.body is not None
    assert refused.body["code"] == "limit_reached"
    unknown = house.desk.execute(PUBLIC, mails.send_again, code="00000000")
    assert unknown.status == 404


def test_without_a_mail_table_mails_are_files_that_only_their_owner_reads(store: Store, tmp_path: Path) -> None:
    clock = ManualClock(MORNING)
    desk = Desk(store, office(), clock, base_url="http://127.0.0.1:8000")
    desk.prepare()
    folder = tmp_path / "mail"
    made = postman(desk, secret_key="s", secrets={}, folder=folder)
    assert made is not None
    assert postman(desk, secret_key="s", secrets={}, folder=None) is None
    values = {"service": "passport", "start": TOMORROW, "name": "Ada Rossi", "email": "ada@example.org"}
    body = desk.execute(PUBLIC, bookings.book, phone="+39 011 5617000", consent=True, **values).body
    assert body is not None
    made.round()
    made.round()
    (file,) = folder.iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (".eml", 0o600, 0o700)
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert (message["To"], message["From"]) == (
        "Ada Rossi <ada@example.org>",
        "Camera di commercio <numeretto@localhost>",
    )
    read = desk.read(views.appointment, code=body["code"])
    assert read is not None


def test_a_folder_that_cannot_be_written_is_tried_again(store: Store, tmp_path: Path, box: Inbox) -> None:
    house = House(store, office(), box)
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("a file where the folder should be")
    carrier = Postman(house.desk, Folder(in_the_way), sender(office=house.desk.office))
    house.book()
    carrier.round()
    in_the_way.unlink()
    house.clock.advance(minutes=2)
    carrier.round()
    assert len(list(in_the_way.iterdir())) == 1


def test_nothing_personal_is_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    house.box.answers["rita2@example.org"] = "550 rita2@example.org is unknown"
    booked = [house.book(1), house.book(2)]
    house.postman.round()
    house.box.stop()
    house.book(3)
    house.postman.round()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("dispatcher"))
    assert "event=mail_sent" in ours
    assert "event=mail_refused" in ours
    assert "event=mail_server_away" in ours
    for secret in ("rita", "Rita", "Levi", "5617000", *(one["code"] for one in booked), KEY.decode()):
        assert secret not in ours


def test_a_server_that_wants_a_password_is_given_it(store: Store) -> None:
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
        return AuthResult(success=(data.login, data.password) == (b"numeretto", b"right"), handled=False)

    with inbox(authenticator=check, auth_require_tls=False) as box:
        settings = Mail(
            host="127.0.0.1", port=box.port, sender="numeretto@example.org", user="numeretto", password_env="MAIL_PW"
        )
        house = House(store, office(mail=settings), box)
        house.book()
        for password, arrived in (("wrong", 0), ("right", 1)):
            made = postman(house.desk, secret_key="s", secrets={"MAIL_PW": password}, folder=None)
            assert made is not None
            made.round()
            assert len(box.got) == arrived, "a wrong password loses no mail"
            house.clock.advance(minutes=2)
