"""Certified mailboxes are told from ordinary ones, and slips in common domains are pointed out (E6)."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from dispatcher.usecases import bookings
from dispatcher.usecases.pec import is_certified, suggest_domain
from tests.engine.make import at
from tests.usecases.house import PUBLIC, service

TABLE = {
    kind: [address for group in groups for address in group["addresses"]]
    for kind, groups in tomllib.loads((Path(__file__).parent / "mailboxes.toml").read_text("utf-8")).items()
}
LISTS = tomllib.loads((files("dispatcher.usecases") / "mailboxes.toml").read_text("utf-8"))


def test_two_hundred_addresses_and_none_is_mistaken():
    assert len({*TABLE["certified"], *TABLE["ordinary"]}) >= 200
    assert min(len(addresses) for addresses in TABLE.values()) >= 90
    assert [one for one in TABLE["certified"] if not is_certified(one)] == []
    assert [one for one in TABLE["ordinary"] if is_certified(one)] == []


def test_none_of_them_is_taken_for_a_slip():
    assert {one: found for kind in TABLE.values() for one in kind if (found := suggest_domain(one))} == {}


def test_an_office_adds_to_the_lists_and_takes_from_them():
    assert not is_certified("a@posta.example.it")
    assert is_certified("a@mail.posta.example.it", certified=("posta.example.it",))
    assert is_certified("a@cert.example.it")
    assert not is_certified("a@cert.example.it", ordinary=("cert.example.it",))
    assert not is_certified("a@x.example.it", certified=("example.it",), ordinary=("x.example.it",)), "ordinary first"


def test_the_lists_are_kept_in_order_and_say_nothing_twice():
    for name in ("providers", "labels", "ordinary", "common", "no_mistake", "one_ending"):
        assert LISTS[name] == sorted(set(LISTS[name])), name
    assert set(LISTS["one_ending"]) <= set(LISTS["common"])
    assert not any(is_certified(f"a@{one}") for one in LISTS["common"] + LISTS["no_mistake"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@gmial.com", "gmail.com"),
        ("anna@gmai.com", "gmail.com"),
        ("anna@gmaill.com", "gmail.com"),
        ("anna@gnail.com", "gmail.com"),
        ("anna@GMAIL.CON", "gmail.com"),
        ("anna@gmail.it", "gmail.com"),
        ("anna@gmail", "gmail.com"),
        ("anna@libero.com", "libero.it"),
        ("anna@lbero.it", "libero.it"),
        ("anna@hotmial.con", "hotmail.com"),
        ("anna@hotmal.it", "hotmail.it"),
        ("anna@yaho.it", "yahoo.it"),
        ("anna@outlok.com", "outlook.com"),
        ("anna@tiscalli.it", "tiscali.it"),
        ("anna@virigilio.it", "virgilio.it"),
        ("anna@iclod.com", "icloud.com"),
    ],
)
def test_a_slip_is_pointed_out(typed, meant):
    assert suggest_domain(typed) == meant


@pytest.mark.parametrize(
    "right", ["a@example.org", "a@gmx.fr", "a@hotmail.es", "a@libera.it", "a@mail.gmail.it", "a@", "", "a@tum.it"]
)
def test_what_is_no_slip_is_left_alone(right):
    assert suggest_domain(right) is None


def test_a_booking_says_why_a_certified_mailbox_is_refused_for_the_office_too(house):
    office = house(service(), certified_domains=("posta.example.it",), ordinary_domains=("cert.example.it",))
    values = {"service": "passport", "start": at("10:00"), "name": "Ada", "phone": "011 5617000", "consent": True}
    for email in ("ada@pec.example.org", "ada@posta.example.it"):
        for actor in ({}, {"actor": PUBLIC}):
            assert office.refusal(bookings.book, email=email, **values, **actor) == "invalid"
            body = office.refused_bodies[-1]
            assert (body["field"], "certified mailbox (PEC)" in body["message"]) == ("email", True)
    office.do(bookings.book, email="ada@cert.example.it", **values)
