"""Who comes from an identity provider: one account, handed over only where the provider vouches for it (E13)."""

from __future__ import annotations

from typing import Any

from dispatcher.engine.model import Identity
from dispatcher.usecases import accounts
from tests.usecases.accounts import ADA, ada, register, sent
from tests.usecases.house import PUBLIC, House


def identified(office: House, subject: str = "s1", **claims: Any) -> str:
    return str(office.do(accounts.identified, actor=PUBLIC, subject=subject, language="it", **claims)["account"])


def test_who_comes_from_the_provider_has_one_account_without_a_password(house):
    office = house()
    one = identified(office, name="Ada Neri", email="Ada@example.org")
    assert identified(office, name="Ada Maria Neri", email="new@example.org") == one
    shown = office.desk.read(accounts.of_session, account=one, at=office.clock.wall())
    assert shown is not None
    assert (shown["name"], shown["email"], shown["password"]) == ("Ada Neri", "ada@example.org", False)
    assert office.desk.read(accounts.credentials, email="ada@example.org") is None
    office.do(accounts.request_reset, email="ada@example.org", language="it")
    assert [kind for kind, _ in sent(office)] == ["provider"], "there is no password to set"
    assert identified(office, "s2", email="ada@example.org", verified=True) != one, "another person"


def test_an_account_is_handed_over_only_where_the_provider_vouches_for_the_address(house):
    office = house()
    account = ada(office)
    assert identified(office, "s1", email=ADA["email"], verified=False) != account
    assert identified(office, "s2", email=ADA["email"]) != account
    assert identified(office, "s3", email=ADA["email"], verified=True) == account
    assert identified(office, "s3") == account
    pending = register(office, email="eva@example.org", password="$argon2 of a stranger")
    eva = identified(office, "s4", email="eva@example.org", verified=True)
    assert office.refusal(accounts.confirm, link=pending) == "not_found"
    shown = office.desk.read(accounts.of_session, account=eva, at=office.clock.wall())
    assert shown is not None
    assert not shown["password"]


def test_what_a_provider_says_is_taken_only_where_it_can_be_used(house):
    office = house()
    one = identified(office, name="\x00", email="ada@pec.it", verified=True)
    shown = office.desk.read(accounts.of_session, account=one, at=office.clock.wall())
    assert shown is not None
    assert (shown["name"], shown["email"]) == ("", None)
    assert identified(office, name="Ada Neri", email="ada@example.org") == one, "taken over when it comes"


def test_an_identity_knows_whether_passwords_are_kept(house):
    name = {"it": "SPID"}
    office = house(
        accounts="optional", identity=Identity(name=name, issuer="https://x", client_id="n", passwords=False)
    )
    assert not office.desk.office.passwords
    assert not house().desk.office.passwords, "an office without accounts keeps none"
