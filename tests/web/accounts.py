"""An office with accounts, its mails over a real mail server on loopback, and short ways to act in its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatcher.mail import Postman, postman
from tests.mail.post import Inbox, inbox
from tests.web.bookings import answer_of, hidden
from tests.web.office import House, house, make_office

PASSWORD = "mela cavallo finestra"
EMAIL = "ada@example.org"


class Post:
    """The mails of a house, taken to a mail server on loopback."""

    def __init__(self, home: House, box: Inbox) -> None:
        self.box = box
        self.seen = 0
        made = postman(home.desk, secret_key="a key for tests", secrets={}, folder=None)
        assert isinstance(made, Postman)
        self.postman = made

    def new(self) -> list[EmailMessage]:
        """What has come since the last time."""
        self.postman.round()
        found = [message for _to, message in self.box.got[self.seen :]]
        self.seen = len(self.box.got)
        return found

    def newest(self) -> EmailMessage:
        """The one mail that has come since the last time."""
        (found,) = self.new()
        return found

    def link(self) -> str:
        """The path of the first link in the one new mail."""
        return links(self.newest())[0]


def links(message: EmailMessage) -> list[str]:
    """Paths of the addresses in the plain text."""
    body = message.get_body(("plain",))
    assert body is not None
    return [re.sub(r"^https?://[^/]+", "", found) for found in re.findall(r"https?://\S+", body.get_content())]


@contextmanager
def house_with_accounts(folder: Path, accounts: str = "optional", **more: Any) -> Iterator[tuple[House, Post]]:
    """A house whose mails arrive, with the settings `more` of its office."""
    web = {name: more.pop(name) for name in ("clock", "limits", "secrets") if name in more}
    with inbox() as box:
        languages = ("en", "it", "de", "fr")
        office = make_office(accounts=accounts, mail=box.settings, languages=languages, **more)
        with house(folder, office=office, **web) as home:
            yield home, Post(home, box)


def token(client: FlaskClient, path: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None, path
    return found[1]


def post(client: FlaskClient, path: str, *, form: str | None = None, **values: str) -> TestResponse:
    """Fill in a form and send it; `form` is the page on which it stands."""
    return client.post(path, data={"csrf_token": token(client, form or path), **values})


def register(client: FlaskClient, email: str = EMAIL, **changes: str) -> TestResponse:
    page = client.get("/account/register").text
    values = {"name": "Ada Neri", "email": email, "password": PASSWORD, **changes}
    if 'id="robot"' in page:
        values = {"answer": answer_of(page)} | values
    return client.post("/account/register", data=hidden(page) | values)


def log_in(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, **more: str) -> TestResponse:
    return post(client, "/account/login", email=email, password=password, **more)


def ada(client: FlaskClient, mails: Post) -> None:
    """Registered, confirmed, and logged in in this browser."""
    assert register(client).status_code == 303
    path = mails.link()
    assert post(client, path.split("?")[0]).headers["Location"].endswith("/account/")
