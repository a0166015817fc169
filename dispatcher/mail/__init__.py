"""The ticket by e-mail: composing it, and getting it to a mail server or into a folder (E2)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dispatcher.mail.carriers import Carrier, Folder, Server
from dispatcher.mail.letter import Sender
from dispatcher.mail.postman import Postman
from dispatcher.usecases.desk import Desk
from dispatcher.usecases.holder import signing_key

__all__ = ["Postman", "postman"]


def postman(desk: Desk, *, secret_key: str, secrets: Mapping[str, str], folder: Path | None) -> Postman | None:
    """Who carries an office's mails; without a mail server into `folder`, and nobody without either.

    `secrets` holds the variable that the office file names for the server's password.
    """
    settings = desk.office.mail
    carrier: Carrier
    if settings is not None:
        carrier = Server(settings, secrets.get(settings.password_env or ""))
    elif folder is not None:
        carrier = Folder(folder)
    else:
        return None
    sender = Sender(
        office=desk.office,
        base_url=desk.base_url,
        signing_key=signing_key(secret_key),
        address=settings.sender if settings is not None else _address(desk.base_url),
        reply_to=settings.reply_to if settings is not None else None,
        simulated=desk.clock.simulated,
    )
    return Postman(desk, carrier, sender)


def _address(base_url: str) -> str:
    """A sender for mails that nobody sends."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"numeretto@{host if host.replace('.', '').replace('-', '').isalpha() else 'localhost'}"
