"""Accounts: begun, confirmed by one click with the booking that was begun, used, deleted (E4, E5, E13)."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatcher.store import accounts as stored
from dispatcher.store import mails as stored_mails
from dispatcher.usecases import accounts, area, bookings, deadlines, holds, mails, views
from dispatcher.usecases.desk import SYSTEM
from dispatcher.usecases.holder import NO_LINK, link_id, link_token
from tests.engine.make import at
from tests.usecases.accounts import ADA, ada, register, sent
from tests.usecases.house import PUBLIC, House, service

KEY = b"a key for tests, 32 bytes long.."


def wanted(time: str = "10:00", **changes: Any) -> dict[str, Any]:
    values = {"service": "passport", "start": at(time), "name": "Bruno Neri", "email": "ada@example.org"}
    return {**values, "phone": "011 5617000", "language": "it", "notes": None, **changes}


def free(office: House, time: str = "10:00") -> int:
    day = at(time).date()
    found = office.desk.read(views.slots, service="passport", first=day, last=day) or []
    return {one["start"][11:16]: one["free"] for one in found}.get(time, 0)


def tables(office: House) -> dict[str, int]:
    """How many rows there are of what registrations leave."""
    with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
        return {
            name: len(tx.conn.exec_driver_sql(f"SELECT 1 FROM {name}").all())  # noqa: S608
            for name in ("account", "account_link", "hold", "booking")
        }


def test_a_click_confirms_the_account_and_books_what_was_begun(house):
    office = house(service(places=1))
    office.do(holds.hold, service="passport", start=at("10:00"), holder="browser", actor=PUBLIC)
    link = register(office, booking=wanted(), holder="browser")
    assert free(office) == 0, "the slot waits for the click"
    assert office.desk.read(accounts.credentials, email="ada@example.org") is None, "there is no account yet"
    assert tables(office)["booking"] == 0
    begun = office.desk.read(accounts.begun, link=link)
    assert begun == {"kind": "confirm", "service": "passport", "start": at("10:00").isoformat()}
    office.clock.advance(minutes=59)
    body = office.do(accounts.confirm, actor=PUBLIC, link=link)
    assert (body["new"], body["booked"]["label"], body["refused"]) == (True, "AA01", None)
    assert sent(office) == [("booked", None)], "the second e-mail brings the code"
    assert tables(office) == {"account": 1, "account_link": 1, "hold": 0, "booking": 1}
    shown = office.desk.read(area.overview, account=body["account"])
    assert [(one["code"], one["name"]) for one in shown["coming"]] == [(body["booked"]["code"], "Bruno Neri")]
    found = office.desk.read(accounts.credentials, email="ADA@Example.org ")
    assert found == {"account": body["account"], "password": "$argon2 of Ada"}


def test_a_registration_that_nobody_confirms_frees_its_slot_and_disappears(house):
    office = house(service(places=1))
    link = register(office, booking=wanted("12:00"))
    office.clock.advance(minutes=59, seconds=59)
    office.do(deadlines.tidy)
    assert free(office, "12:00") == 0
    office.clock.advance(seconds=1)
    assert free(office, "12:00") == 1
    assert office.refusal(accounts.confirm, link=link) == "not_found"
    office.do(deadlines.tidy)
    assert tables(office) == {"account": 0, "account_link": 0, "hold": 0, "booking": 0}
    office.book("12:00")


def test_a_link_never_outlives_the_time_that_it_would_book(house):
    office = house(service(places=1, lead=timedelta(0)))
    link = register(office, booking=wanted("09:30"))
    office.until("09:29:59")
    assert office.desk.read(accounts.begun, link=link) is not None
    office.until("09:30")
    assert office.refusal(accounts.confirm, link=link) == "not_found"


@pytest.mark.parametrize("late_ms", [-1, 0])
def test_a_click_that_races_with_the_end_of_the_hold_gets_the_place_or_is_told(house, late_ms):
    office = house(service(places=1))
    link = register(office, booking=wanted("11:00"))
    office.clock.advance(seconds=3600 + late_ms / 1000)
    answers: list[tuple[str, bool]] = []
    start = threading.Barrier(2)

    def click() -> None:
        start.wait(10)
        answers.append(("click", office.desk.execute(PUBLIC, accounts.confirm, link=link).ok))

    def other() -> None:
        start.wait(10)
        values = wanted("11:00", name="Carla Verdi", email="carla@example.org", consent=True)
        answers.append(("other", office.desk.execute(PUBLIC, bookings.book, **values).ok))

    threads = [threading.Thread(target=one) for one in (click, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert dict(answers) == {"click": late_ms < 0, "other": late_ms >= 0}
    assert tables(office)["booking"] == 1


def test_a_mail_server_that_is_away_for_hours_voids_no_registration(house):
    office = house(service(places=1))
    office.do(accounts.register, actor=PUBLIC, **ADA, booking=wanted("15:00"))
    office.do(accounts.request_reset, email="nobody@example.org", language="it")
    for _ in range(3):
        draft = office.do(mails.claim, actor=SYSTEM)["draft"]
        office.do(mails.deferred, actor=SYSTEM, mail_id=draft.id)
        office.clock.advance(hours=1, minutes=1)
        office.do(deadlines.tidy)
    assert tables(office)["account_link"] == 1, "what leads nowhere is gone"
    ((kind, link),) = sent(office)
    assert kind == "confirm"
    office.clock.advance(minutes=59)
    assert free(office, "15:00") == 0, "the hour counts from the mail on"
    assert office.do(accounts.confirm, link=link)["booked"]["label"] == "AA01"


def test_a_place_that_was_lost_while_the_mail_server_was_away_is_told(house):
    office = house(service(places=1))
    office.do(accounts.register, actor=PUBLIC, **ADA, booking=wanted("15:00"))
    office.clock.advance(hours=2)
    office.book("15:00")
    link = next(link for kind, link in sent(office) if kind == "confirm")
    body = office.do(accounts.confirm, link=link)
    assert (body["booked"], body["refused"]) == (None, "slot_gone")
    assert tables(office)["hold"] == 0


def test_a_place_that_the_office_took_away_meanwhile_is_told_and_the_account_stands(house):
    office = house(service(places=1), service("other", "B"))
    link = register(office, booking=wanted())
    office.desk.office.services["passport"] = service(places=1, appointments=False)
    body = office.do(accounts.confirm, link=link)
    assert (body["booked"], body["refused"]) == (None, "invalid")
    assert office.desk.read(accounts.credentials, email=ADA["email"]) is not None
    assert tables(office)["hold"] == 0


def test_one_person_books_once_whichever_address_they_give(house):
    office = house(service(places=9))
    account = ada(office, booking=wanted(name="Ada Neri"))
    again = wanted("11:00", name="neri ADA", email="other@example.org", consent=True)
    assert office.refusal(bookings.book, actor=PUBLIC, **again, account=account) == "already_booked"
    family = wanted("11:00", name="Bruno Neri", consent=True)
    assert office.do(bookings.book, actor=PUBLIC, **family, account=account)["label"] == "AA02"
    assert office.refusal(accounts.register, **ADA, booking=wanted("12:00", name="Ada Neri")) == "already_booked"


def test_an_address_that_has_an_account_is_answered_alike_and_told_by_mail_alone(house):
    office = house(service(places=2))
    account = ada(office)
    stranger = {**ADA, "name": "Somebody Else", "password": "$argon2 of a stranger"}
    body = office.do(accounts.register, actor=PUBLIC, **stranger, booking=wanted())
    assert set(body) == {"link"}, "as for a new address"
    ((kind, link),) = sent(office)
    assert (kind, link) == ("exists", body["link"])
    with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
        row = stored.any_link(tx, link)
        assert row is not None
        assert set(row.begun) == {"booking"}, "no password of a stranger is kept"
    before = office.desk.read(accounts.credentials, email=ADA["email"])
    assert before == {"account": account, "password": ADA["password"]}
    done = office.do(accounts.confirm, link=link)
    assert (done["new"], done["booked"]["label"]) == (False, "AA01"), "the owner's click books for the owner"
    assert office.desk.read(accounts.credentials, email=ADA["email"]) == before, "a stranger changes nothing"


def test_who_registers_an_address_first_does_not_choose_its_owners_password(house):
    office = house(service(places=3))
    strangers = register(office, password="$argon2 of a stranger", booking=wanted())
    own = register(office, password="$argon2 of the owner")
    office.do(accounts.confirm, link=own)
    assert office.refusal(accounts.confirm, link=strangers) == "not_found"
    found = office.desk.read(accounts.credentials, email=ADA["email"])
    assert found is not None
    assert found["password"] == "$argon2 of the owner"
    assert tables(office)["hold"] == 0


def test_a_browser_that_registers_again_holds_one_slot(house):
    office = house(service(places=1))
    first = register(office, booking=wanted())
    second = register(office, email="ada.neri@example.org", booking=wanted(), earlier=first)
    assert office.refusal(accounts.confirm, link=first) == "not_found"
    assert office.do(accounts.confirm, link=second)["booked"]["label"] == "AA01"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "ada@pec.it"}, "invalid"),
        ({"email": "nobody"}, "invalid"),
        ({"name": "12"}, "invalid"),
        ({"booking": wanted("10:01")}, "invalid"),
        ({"booking": wanted(phone="x")}, "invalid"),
    ],
)
def test_what_cannot_be_meant_begins_nothing(house, changes, code):
    office = house(service())
    assert office.refusal(accounts.register, actor=PUBLIC, **{**ADA, **changes}) == code
    assert tables(office) == {"account": 0, "account_link": 0, "hold": 0, "booking": 0}


def test_a_forgotten_password_is_set_anew_once(house):
    office = house()
    account = ada(office)
    now = office.clock.wall()
    assert office.desk.read(accounts.of_session, account=account, at=now) is not None
    office.clock.advance(minutes=1)
    office.do(accounts.request_reset, email="Ada@example.org", language="it")
    office.do(accounts.request_reset, email="ada@example.org", language="it")
    (_, link), (_, other) = sent(office)
    body = office.do(accounts.reset, link=link, password="$argon2 new")
    assert body["account"] == account
    assert sent(office) == [("changed", None)]
    for used in (link, other):
        assert office.refusal(accounts.reset, link=used, password="$argon2 more") == "not_found"
    assert office.refusal(accounts.confirm, link=link) == "not_found", "a link does what it is for"
    found = office.desk.read(accounts.credentials, email=ADA["email"])
    assert found is not None
    assert found["password"] == "$argon2 new"
    assert office.desk.read(accounts.of_session, account=account, at=now) is None, "older sessions are over"
    assert office.desk.read(accounts.of_session, account=account, at=office.clock.wall()) is not None


def rows_after(office: House, email: str) -> tuple[int, int]:
    """Links and mails that one request for a new password writes."""

    def count() -> tuple[int, int]:
        with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
            tables = ("account_link", "account_mail")
            links, written = (len(tx.conn.exec_driver_sql(f"SELECT 1 FROM {name}").all()) for name in tables)  # noqa: S608
        return links, written

    before = count()
    assert office.do(accounts.request_reset, email=email, language="it") == {}
    after = count()
    return after[0] - before[0], after[1] - before[1]


def test_an_unknown_address_gets_the_same_answer_after_the_same_work_and_no_mail(house):
    office = house()
    ada(office)
    assert rows_after(office, "nobody@example.org") == rows_after(office, "ada@example.org") == (1, 1)
    assert [kind for kind, _ in sent(office)] == ["reset"]
    office.clock.advance(hours=2)
    office.do(deadlines.tidy)
    assert tables(office)["account_link"] == 0
    assert office.desk.read(mails.failures) == []


def test_tokens_that_are_guessed_altered_old_or_used_are_one_and_the_same(house):
    office = house()
    link = register(office)
    good = link_token(KEY, link)
    assert link_id(KEY, good) == link
    for bad in (good[:-1], good[:-1] + ("0" if good[-1] != "0" else "1"), "x", "", good.upper(), link, f"{link}."):
        assert link_id(KEY, bad) == NO_LINK, bad
    assert link_id(b"another key", good) == NO_LINK
    old = register(office, email="old@example.org")
    office.do(accounts.confirm, link=link)
    office.clock.advance(hours=1)
    said = set()
    for wrong in (NO_LINK, link, old):
        office.refusal(accounts.confirm, link=wrong)
        said.add(json.dumps(office.refused_bodies[-1]))
        assert office.desk.read(accounts.begun, link=wrong) is None
    assert len(said) == 1, "the same words"


def test_a_changed_password_ends_all_sessions_and_a_race_changes_it_once(house):
    office = house()
    account = ada(office)
    seen = office.do(accounts.log_in, account=account)
    office.clock.advance(seconds=1)
    values = {"account": account, "was": ADA["password"]}
    office.do(accounts.change_password, **values, password="$argon2 new")
    assert office.refusal(accounts.change_password, **values, password="$argon2 newer") == "stale"
    assert office.desk.read(accounts.of_session, account=account, at=datetime.fromisoformat(seen["at"])) is None


def test_sign_out_everywhere_ends_this_session_too(house):
    office = house()
    account = ada(office)
    office.do(accounts.sign_out_everywhere, account=account)
    assert office.desk.read(accounts.of_session, account=account, at=office.clock.wall()) is None
    office.clock.advance(seconds=1)
    assert office.desk.read(accounts.of_session, account=account, at=office.clock.wall()) is not None


def test_deleting_an_account_cancels_what_is_to_come_and_leaves_nobodys_name(house):
    office = house(service(places=5))
    account = ada(office, booking=wanted("12:00"))
    past = office.do(bookings.book, actor=PUBLIC, **wanted("10:30", name="Ada Neri", consent=True), account=account)
    others = office.book("12:00")
    office.until("10:40")
    office.press("call", label=past["label"])
    office.press("finish")
    sent(office)
    assert office.do(area.delete, account=account) == {"cancelled": 1}
    assert free(office, "12:00") == 4, "the place is free for others"
    assert sent(office) == [("cancelled", None)], "the calendar is told"
    office.do(deadlines.tidy)
    assert tables(office) == {"account": 0, "account_link": 0, "hold": 0, "booking": 1}
    with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
        for table in ("ticket_event", "mail", "account_mail", "booking"):
            text = str(tx.conn.exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608
            assert account not in text, table
            assert "ada@example.org" not in text, table
    assert office.state(others) == "booked"
    assert office.state(past) == "served", "the statistics stay"
    assert office.refusal(area.delete, account=account) == "not_found"


def test_ones_data_are_all_there_and_nobody_elses(house):
    office = house(service(places=5))
    account = ada(office, booking=wanted(notes="brings a dog"))
    office.book("10:00")
    sent(office)
    found = office.desk.read(area.data, account=account)
    assert found is not None
    assert json.loads(json.dumps(found)) == found
    assert found["account"]["email"] == "ada@example.org"
    assert [(one["name"], one["notes"]) for one in found["bookings"]] == [("Bruno Neri", "brings a dog")]
    assert [one["kind"] for one in found["mails"]] == ["confirm", "booked"]
    assert "argon2" not in json.dumps(found)
    assert office.desk.read(area.data, account=NO_LINK) is None


def test_mails_of_both_kinds_wait_in_one_queue(house):
    office = house(service(places=5))
    register_first = office.do(accounts.register, actor=PUBLIC, **ADA)
    office.clock.advance(seconds=1)
    office.book("10:00")
    with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
        assert stored_mails.waiting(tx) == 2
    assert sent(office) == [("confirm", register_first["link"]), ("booked", None)]
    office.clock.advance(days=31)
    office.do(deadlines.tidy)
    with office.store.reading("torino", office.clock.now(), office.clock.wall()) as tx:
        assert stored_mails.waiting(tx) == 0
        assert stored.by_email(tx, ADA["email"]) is None
        assert tx.conn.exec_driver_sql("SELECT 1 FROM account_mail").all() == []
