"""The links in a mail lead to pages that do what they say, for their holder and for nobody else (E2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dispatcher.mail import Postman, postman
from tests.web.office import API, OFFICE, House, booking, house, slot


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


class Post:
    """The mails of a house, as the files of an office without a mail server."""

    def __init__(self, home: House, folder: Path) -> None:
        self.folder = folder
        made = postman(home.desk, secret_key="a key for tests", secrets={}, folder=folder)
        assert isinstance(made, Postman)
        self.postman = made
        self.seen: set[str] = set()

    def newest(self) -> EmailMessage:
        """The one mail that has come since the last time."""
        self.postman.round()
        (name,) = {file.name for file in self.folder.iterdir()} - self.seen
        self.seen.add(name)
        message = message_from_bytes((self.folder / name).read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        return message


def links(message: EmailMessage) -> list[str]:
    """Paths of the addresses in the plain text."""
    body = message.get_body(("plain",))
    assert body is not None
    return [address.removeprefix("http://localhost") for address in re.findall(r"http://\S+", body.get_content())]


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_a_holder_looks_moves_and_cancels_by_the_links_of_the_mail(home: House, tmp_path: Path) -> None:
    client, post = home.client(), Post(home, tmp_path / "mail")
    assert client.post(f"{API}/appointments", json=booking(language="en"), headers=OFFICE).status_code == 201
    status, move, cancel = links(post.newest())
    assert "AA01" in client.get(status).text
    page = client.get(cancel)
    assert "Tuesday 24 November" in page.text
    assert "Anna" not in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")

    times = client.get(move).text
    target = next(one for one in re.findall(r'name="start" value="([^"]+)"', times) if one > slot())
    moved = client.post(move.split("?")[0], data={**hidden(times), "start": target})
    assert moved.status_code == 303
    assert "moved" in client.get(moved.headers["Location"]).text
    message = post.newest()
    assert str(message["Subject"]).startswith("Appointment moved")

    form = client.get(links(message)[2]).text
    done = client.post(cancel.split("?")[0] + "/cancel", data=hidden(form))
    assert "cancelled" in client.get(done.headers["Location"]).text
    assert str(post.newest()["Subject"]).startswith("Appointment AA01 cancelled")
    over = client.get(move)
    assert over.status_code == 303, "what is cancelled cannot be moved"


def refused(client: FlaskClient, path: str) -> tuple[int, bool]:
    answer = client.get(path)
    return answer.status_code, "AA01" in answer.text


def test_a_link_that_was_altered_leads_nowhere_and_says_the_same(home: House, tmp_path: Path) -> None:
    client, post = home.client(), Post(home, tmp_path / "mail")
    booked = client.post(f"{API}/appointments", json=booking(language="en"), headers=OFFICE).get_json()
    _status, move, cancel = links(post.newest())
    key = re.search(r"key=(\w+)", cancel)
    assert key is not None
    other = "0" * 32
    for path in (
        cancel.replace(key[1], other),
        cancel.replace(key[1], key[1][:-1]),
        cancel.replace(booked["code"], "00000000"),
        cancel.split("?")[0],
        move.replace(key[1], other),
        f"/appointment/%E2%82%AC?key={other}",
    ):
        assert refused(client, path) == (404, False), path
    token = hidden(client.get(cancel).text)["csrf_token"]
    path = cancel.split("?")[0] + "/cancel"
    assert client.post(path, data={"csrf_token": token, "key": other}).status_code == 404
    assert client.post(path, data={"key": key[1]}).status_code == 400, "a form that is not ours"
    assert client.get(path + f"?key={key[1]}").status_code == 405
    assert client.get(f"{API}/appointments/{booked['code']}", headers=OFFICE).get_json()["state"] == "booked"
