"""What the mails about accounts say, in four languages; each leads to a page that does it (E4, E5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from dispatcher.engine.model import Identity
from dispatcher.mail.account_letter import write
from dispatcher.mail.compose import compose
from dispatcher.mail.letter import as_text
from dispatcher.mail.texts import LANGUAGES, catalogue
from dispatcher.usecases.holder import link_token
from dispatcher.usecases.mails import AccountDraft
from tests.mail.post import KEY, office, sender

LINK = "0192f0c1-0000-7000-8000-000000000abc"
TOKEN = link_token(KEY, LINK)
KINDS = ("confirm", "exists", "reset", "provider", "changed")

CONFIRM = f"""\
Buongiorno,

Conferma il tuo indirizzo e-mail.

Con questo indirizzo è stato richiesto un account. Conferma: solo dopo l'account esiste.

Il link vale una volta sola, fino a lunedì 23 novembre 2026, ore 11:00.

Con questo clic si completa anche la prenotazione che hai iniziato: il codice arriva in una seconda e-mail.

Conferma:
https://code.example.org/account/confirm/{TOKEN}?lang=it

-- 
Camera di commercio
Se non sei stato tu, non fare nulla: senza conferma la richiesta scompare da sola.
Questo messaggio è stato scritto da un programma di Camera di commercio.
"""  # noqa: W291  # the sign before a signature ends in a blank


def draft(**changes: Any) -> AccountDraft:
    values: dict[str, Any] = {
        "id": "0192f0c1-0000-7000-8000-000000000001",
        "kind": "confirm",
        "language": "it",
        "account": "0192f0c1-0000-7000-8000-00000000000a",
        "link": LINK,
        "expires": datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        "begun": False,
        "written_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "name": "",
        "email": "ada@example.org",
    }
    return AccountDraft(**(values | changes))


def paths(one: AccountDraft) -> list[str]:
    text = as_text(write(one, sender()))
    return [re.sub(r"\?.*", "", found) for found in re.findall(r"https://code\.example\.org(/\S*)", text)]


def test_the_first_mail_asks_for_one_click_and_calls_nobody_by_a_name_that_a_stranger_may_have_typed():
    message = compose(draft(begun=True), sender())
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == CONFIRM
    assert message["Subject"] == "Conferma il tuo account presso Camera di commercio"
    assert message["To"] == "ada@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    page = html.get_content()
    assert f"/account/confirm/{TOKEN}?lang=it" in page
    assert "font-size:72px" not in page, "there is no number"


@pytest.mark.parametrize(
    ("changes", "ways"),
    [
        ({"kind": "confirm"}, [f"/account/confirm/{TOKEN}"]),
        ({"kind": "exists"}, ["/account/login", "/account/forgotten"]),
        ({"kind": "exists", "begun": True}, [f"/account/confirm/{TOKEN}", "/account/login", "/account/forgotten"]),
        ({"kind": "reset"}, [f"/account/reset/{TOKEN}"]),
        ({"kind": "provider"}, ["/account/login"]),
        ({"kind": "changed", "link": None, "expires": None}, ["/account/forgotten"]),
    ],
)
def test_each_mail_leads_where_it_says(changes, ways):
    assert paths(draft(**changes)) == ways


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_whole_in_every_language(language, kind):
    identity = Identity(name={"it": "SPID"}, issuer="https://login.example.org", client_id="n")
    text = as_text(
        write(draft(kind=kind, language=language, name="Ada Neri"), sender(office=office(identity=identity)))
    )
    assert not re.search(r"[{}]", text)
    assert "Ada Neri" in text
    assert catalogue(language)[f"account.{kind}.not_you"] in text
    assert ("SPID" in text) == (kind == "provider")


def test_a_draft_shows_nobody_and_no_link_in_a_log():
    shown = repr(draft(name="Ada Neri"))
    assert not [secret for secret in ("ada@example.org", "Ada Neri", LINK) if secret in shown]
