"""What is personal goes after its time, and nothing else does (F6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, select, text

from dispatcher.engine.model import Privacy
from dispatcher.store import privacy as rows
from dispatcher.store.columns import metadata
from dispatcher.store.people import access, account, account_link, account_mail, booking, mail
from dispatcher.store.tables import ticket, ticket_event
from dispatcher.usecases import bookings, mails, privacy, status, views
from dispatcher.usecases.desk import SYSTEM, Actor
from dispatcher.usecases.holder import holder_name
from tests.engine.make import at
from tests.usecases.conftest import House
from tests.usecases.house import PUBLIC

MakeHouse = Callable[..., House]
STRANGER = Actor("public:0123456789abcdef", "public")


def count(home: House, table: Any) -> int:
    with home.store.engine.connect() as conn:
        return len(conn.execute(select(table)).all())


def tidied(home: House, **delta: float) -> None:
    home.later(**delta)
    home.jobs().tidy()


def code_state(home: House, booked: dict[str, Any]) -> str | None:
    found = home.desk.read(views.appointment, code=booked["code"])
    return found["state"] if found else None


# ---- when


def test_a_booking_goes_when_its_day_and_the_period_are_over_and_not_before(house: MakeHouse) -> None:
    home = house(privacy=Privacy(bookings=timedelta(days=10)))
    booked = home.book("10:00")
    home.until("2026-12-04T03:50")  # ten days after the turn of the day that follows the appointment, less ten minutes
    home.jobs().tidy()
    assert code_state(home, booked) is not None
    tidied(home, minutes=20)
    assert code_state(home, booked) is None
    assert (count(home, booking), count(home, mail)) == (0, 0)


def test_without_a_period_a_booking_goes_with_its_day_but_not_while_somebody_is_served(house: MakeHouse) -> None:
    home = house(privacy=Privacy(bookings=timedelta(0)))
    over, still = home.book("10:00"), home.book("10:05")
    home.until("10:10")
    home.press("call", label=over["label"])
    home.press("finish")
    home.press("call", label=still["label"])
    home.press("serve")
    home.until("2026-11-24T04:10")
    home.jobs().tidy()
    assert code_state(home, over) is None
    assert code_state(home, still) == "serving"
    home.press("finish")
    home.jobs().tidy()
    assert code_state(home, still) is None


def test_a_cancelled_booking_goes_at_its_time_and_a_moved_one_at_its_new_time(house: MakeHouse) -> None:
    home = house(privacy=Privacy(bookings=timedelta(days=1)))
    cancelled, moved = home.book("10:00"), home.book("11:00")
    home.do(bookings.cancel, code=cancelled["code"])
    home.do(bookings.move, code=moved["code"], start=at("10:00") + timedelta(days=5))
    tidied(home, days=3)
    assert code_state(home, cancelled) is None
    assert code_state(home, moved) == "booked"
    tidied(home, days=5)
    assert code_state(home, moved) is None


def test_accounts_unused_links_and_the_log_of_access_go_each_at_their_time(house: MakeHouse) -> None:
    home = house(privacy=Privacy(accounts=timedelta(days=100), access=timedelta(days=50)))
    now = home.clock.now()
    booked = home.book("10:00")

    def person(name: str, seen_days_ago: int) -> dict[str, Any]:
        seen = now - timedelta(days=seen_days_ago)
        at_ = {"created_at": seen, "seen_at": seen, "sessions_from": seen, "confirmed_at": seen}
        return {"id": name, "site": "torino", "email": f"{name}@example.org", "name": name, **at_, **FIELDS}

    with home.store.engine.begin() as conn:
        conn.execute(insert(account), [person("old", 101), person("busy", 101), person("young", 99)])
        conn.execute(booking.update().values(account="busy"))
        link = {"site": "torino", "account": "old", "kind": "confirm"}
        times = {"gone": now - timedelta(hours=1), "good": now + timedelta(hours=1)}
        conn.execute(insert(account_link), [{"id": key, "expires": until, **link} for key, until in times.items()])
        conn.execute(insert(account_mail), {"id": "m", "site": "torino", "account": "old", "attempts": 0, **MAIL(now)})
        seen = [now - timedelta(days=51), now - timedelta(days=49)]
        conn.execute(insert(access), [{"site": "torino", "at": one, "actor": "user:anna", "what": "x"} for one in seen])
    home.jobs().tidy()
    with home.store.engine.connect() as conn:
        assert sorted(conn.execute(select(account.c.id)).scalars()) == ["busy", "young"]
        assert conn.execute(select(account_link.c.id)).all() == []
        assert conn.execute(select(account_mail.c.id)).all() == []
        assert [row.at for row in conn.execute(select(access))] == [seen[1]]
    assert code_state(home, booked) == "booked"


FIELDS = {"phone": "", "language": "it", "password": None, "subject": None}


def MAIL(now: Any) -> dict[str, Any]:
    return {"kind": "confirm", "language": "it", "written_at": now}


# ---- what stays


def figures(home: House) -> dict[str, Any]:
    """All that is counted: tickets by state, every ticket and every event without who it was."""
    with home.store.engine.connect() as conn:
        events = conn.execute(
            select(ticket_event.c.ticket, ticket_event.c.at, ticket_event.c.event, ticket_event.c.counter).order_by(
                ticket_event.c.id
            )
        ).all()
        tickets = conn.execute(
            text(
                "SELECT id, service, label, day, kind, state, scheduled_at, called_at, calls_made, version FROM ticket"
            )
        ).all()
    return {"figures": home.desk.read(views.figures), "events": events, "tickets": sorted(map(tuple, tickets))}


def test_what_is_counted_is_the_same_before_and_after(house: MakeHouse) -> None:
    home = house()
    came, missed, gone = home.book("09:30"), home.book("09:35"), home.book("09:40")
    walk_in = home.issue()
    home.do(bookings.cancel, actor=Actor(holder_name(b"key", gone["code"]), "holder"), code=gone["code"])
    home.until("09:45")
    home.press("call", label=came["label"])
    home.press("finish")
    home.press("call", label=missed["label"])
    home.press("absent")
    home.call()
    home.press("close")
    home.press("close", counter="2")
    home.until("2026-11-24T09:00")
    home.later(days=40)
    before = figures(home)
    assert count(home, booking) == 3
    home.jobs().tidy()
    assert count(home, booking) == 0
    assert figures(home) == before
    assert home.events(came)[0] == "booked"
    assert "issued" in home.events(walk_in)


def test_nothing_leads_from_what_stays_to_the_person(house: MakeHouse) -> None:
    home = house()
    booked = home.book("10:00", actor=STRANGER)
    token = booked["status_url"].rsplit("/", 1)[-1]
    home.do(bookings.cancel, actor=Actor(holder_name(b"key", booked["code"]), "holder"), code=booked["code"])
    assert home.desk.read(status.of_token, token=token) is not None
    tidied(home, days=40)
    assert home.desk.read(status.of_token, token=token) is None, "the link of an old mail"
    with home.store.engine.connect() as conn:
        actors = conn.execute(select(ticket_event.c.actor).where(ticket_event.c.ticket == booked["id"])).scalars().all()
    assert actors == ["public", "holder"]
    with home.store.engine.connect() as conn:
        for table in metadata.sorted_tables:
            assert booked["code"] not in repr(conn.execute(select(table)).all()), table.name


def test_the_next_booking_of_the_same_person_is_the_first_one(house: MakeHouse) -> None:
    home = house()
    person = {"name": "Ada Byron", "email": "ada@example.org"}
    home.book("10:00", **person)
    assert home.refusal(bookings.book, **asked("11:00", **person)) == "already_booked"
    home.until("10:10")
    home.press("next")
    home.press("finish")
    tidied(home, days=40)
    assert home.do(bookings.book, **asked("11:00", days=41, **person))["label"]


def asked(start: str, days: int = 0, **person: str) -> dict[str, Any]:
    when = at(start) + timedelta(days=days)
    return {"service": "passport", "start": when, "phone": "+39 011 5617000", "consent": True, **person}


def test_a_mail_that_waits_for_somebody_forgotten_is_not_sent(house: MakeHouse) -> None:
    home = house(privacy=Privacy(bookings=timedelta(0)))
    home.book("10:00")
    assert home.desk.read(mails.is_due)
    tidied(home, days=2)
    assert not home.desk.read(mails.is_due)


# ---- how


def test_many_go_in_batches_with_the_commands_of_others_in_between(house: MakeHouse) -> None:
    home = house()
    booked = home.book("10:00")
    extra = privacy.BATCH + 7
    with home.store.engine.begin() as conn:
        one = conn.execute(select(booking)).mappings().one()
        paper = conn.execute(select(ticket)).mappings().one()
        copies = [{**paper, "id": f"t{n}", "token": f"t{n}", "number": n + 100} for n in range(extra)]
        conn.execute(insert(ticket), copies)
        conn.execute(insert(booking), [{**one, "ticket": f"t{n}", "code": f"C{n}"} for n in range(extra)])
    home.later(days=40)
    first = home.do(privacy.forget, actor=SYSTEM)
    assert (first, count(home, booking)) == ({"forgotten": privacy.BATCH, "more": True}, extra + 1 - privacy.BATCH)
    home.jobs().tidy()
    assert count(home, booking) == 0
    assert code_state(home, booked) is None


def test_what_is_to_be_forgotten_is_found_by_its_index(house: MakeHouse) -> None:
    home = house()
    if home.store.engine.dialect.name != "sqlite":
        return  # there a few rows are read faster without one
    home.book("10:00")
    told: list[str] = []

    def before(_conn: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> Any:
        if statement.lstrip().split()[0] in ("SELECT", "DELETE", "UPDATE"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            told.extend(row[3] for row in cursor.fetchall())
        return statement, parameters

    with home.store.command("torino", home.clock.now(), home.clock.wall()) as tx:
        event.listen(home.store.engine, "before_cursor_execute", before, retval=True)
        now = home.clock.now()
        rows.past_bookings(tx, now.date(), now.date(), 5)
        rows.unused_accounts(tx, now, 5)
        rows.forget_access(tx, now, 5)
        rows.forget_accounts(tx, ["x"])
        rows.forget_bookings(tx, ["x"])
        event.remove(home.store.engine, "before_cursor_execute", before)
    assert {"booking_day", "account_seen", "access_at", "ticket_event_ticket"} <= {
        word for line in told for word in line.replace("(", " ").split()
    }
    assert not [line for line in told if line.startswith("SCAN")], told


# ---- what was agreed to


def test_the_notice_that_was_agreed_to_is_kept_as_it_stood(house: MakeHouse) -> None:
    home = house(languages=("it", "en"))
    home.book("10:00", actor=PUBLIC)
    home.book("10:05")
    with home.store.engine.connect() as conn:
        digests = set(conn.execute(select(booking.c.consent_notice)).scalars())
    assert digests == {privacy.digest(privacy.texts(home.desk.office))}
    kept = home.desk.read(privacy.notice, digest=digests.pop())
    assert kept is not None
    assert sorted(kept["text"]) == ["en", "it"]
    assert "Camera di commercio" in kept["text"]["en"]
    assert kept["since"] == at("09:00")
    later = house(languages=("it", "en"), privacy=Privacy(bookings=timedelta(days=3)))
    assert privacy.digest(privacy.texts(later.desk.office)) != kept["digest"], "another period is another notice"
    assert home.desk.read(privacy.notice, digest="unknown") is None
