"""The tables of the office file that booking on line adds: platforms, identity, privacy (E9, E13, F6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher import config
from dispatcher.engine.model import Identity, Platform, Privacy
from tests.test_config import SMALL, fault, write

MORE = """
[[platform]]
id = "video"
name = { it = "Videochiamata", en = "Video call" }
link = "https://meet.example.org/{room}"

[[platform]]
id = "telephone"
name = { it = "Telefono" }

[identity]
name = { it = "SPID" }
issuer = "https://login.example.org/"
client_id = "numeretto"

[privacy]
bookings = "10d"
notice = { it = "I dati servono solo per l'appuntamento." }
"""


def test_platforms_identity_and_privacy_are_read(tmp_path):
    text = SMALL.replace('hours = "always"', 'hours = "always"\nonline = true\nplatforms = ["video"]') + MORE
    office = config.load(write(tmp_path, text))
    assert office.platforms == {
        "video": Platform(
            id="video",
            name={"it": "Videochiamata", "en": "Video call"},
            link="https://meet.example.org/{room}",
        ),
        "telephone": Platform(id="telephone", name={"it": "Telefono"}),
    }
    assert office.services["passport"].platforms == ("video",)
    assert office.identity == Identity(
        name={"it": "SPID"},
        issuer="https://login.example.org",
        client_id="numeretto",
        secret_env="NUMERETTO_IDENTITY_SECRET",  # a variable's name
    )
    notice = {"it": "I dati servono solo per l'appuntamento."}
    assert office.privacy == Privacy(bookings=timedelta(days=10), notice=notice)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('"https://meet.example.org/{room}"', '"http://meet.example.org/{room}"', "platform[video].link"),
        ('"https://meet.example.org/{room}"', '"https://meet.example.org/{who}"', "platform[video].link"),
        ('id = "telephone"', 'id = "video"', "platform[video].id"),
        ('platforms = ["video"]', 'platforms = ["fax"]', "service[passport].platforms"),
        ('issuer = "https://login.example.org/"', 'issuer = "login"', "identity.issuer"),
        ('issuer = "https://login.example.org/"', 'issuer = "http://login.example.org/"', "identity.issuer"),
        ('client_id = "numeretto"', 'client_id = "numeretto"\nscopes = ["email"]', "identity.scopes"),
        ('bookings = "10d"', "bookings = 10", "privacy.bookings"),
        ("notice = { it =", "notice = { en =", "privacy.notice"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(tmp_path, before, after, key):
    text = SMALL.replace('hours = "always"', 'hours = "always"\nonline = true\nplatforms = ["video"]') + MORE
    assert before in text
    assert fault(tmp_path, text.replace(before, after)).key == key
