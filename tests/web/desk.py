"""An office with an on-line service, a secretary and a manager; short ways through its pages without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from dispatcher.engine.model import Office, Platform, Service, User
from tests.web.office import WEEK, make_office

BOOKINGS = "/office/bookings"
PLATFORMS = {
    "video": Platform(
        id="video",
        name={"it": "Videochiamata", "en": "Video call", "de": "Videoanruf", "fr": "Appel vidéo"},
        link="https://meet.example.org/{room}",
    ),
    "telephone": Platform(id="telephone", name={"it": "Telefono", "en": "Telephone"}),
}
ADVICE = Service(
    id="advice",
    letter="E",
    name={"it": "Consulenza", "en": "Advice", "de": "Beratung", "fr": "Conseil"},
    hours=WEEK,
    online=True,
    walk_in=False,
    platforms=("video", "telephone"),
    last_ticket="never",
)


def desk_office(**changes: Any) -> Office:
    """The web tests' office with more people and a service that is held on line, at counter 3."""
    base = make_office()
    more = {
        "services": {**base.services, "advice": ADVICE},
        "counters": {**base.counters, "3": replace(base.counters["3"], services=("residence", "desk", "advice"))},
        "users": {
            **base.users,
            "ada": User(name="ada", role="administrator", password_env="NUMERETTO_PASSWORD_SARA"),
        },
        "platforms": PLATFORMS,
    }
    return replace(base, **(more | changes))


def token_in(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"')[0]


def log_in(client: FlaskClient, name: str = "sara") -> FlaskClient:
    password = "correct horse" if name == "anna" else "battery staple"
    page = client.get("/login").text
    answer = client.post("/login", data={"csrf_token": token_in(page), "name": name, "password": password})
    assert answer.status_code == 303
    return client


def submit(client: FlaskClient, path: str, source: str | None = None, **values: str) -> Any:
    """A form sent from the page `source`, with its token."""
    html = client.get(source or BOOKINGS).text
    return client.post(path, data={"csrf_token": token_in(html), **values})


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def text_of(html: str) -> str:
    """What is read on a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
