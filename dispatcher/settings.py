"""What a dispatcher is started with; light, for the process that only watches over the one that serves."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher.engine.model import Office


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a dispatcher is started with. `secrets` by the names that the office file gives.

    `mail_folder`: where the mails of an office without a mail server are kept. `proxies`: how many reverse proxies
    stand before the pages.
    """

    office: Office
    database: str
    broker: str
    base_url: str
    broker_password: str | None = None
    room_url: str | None = None
    secret_key: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    printers: Mapping[str, str] = field(default_factory=dict)
    mail_folder: Path | None = None
    proxies: int = 0

    @classmethod
    def from_environment(cls, office: Office, *, data: Path, broker: str | None, base_url: str) -> Settings:
        """Command line over environment over file. Raises ValueError for a setting that cannot be meant."""
        environment = os.environ
        return cls(
            office=office,
            database=environment.get("NUMERETTO_DATABASE") or f"sqlite:///{data / 'numeretto.db'}",
            broker=broker or environment.get("NUMERETTO_BROKER") or "mqtt://127.0.0.1:1883",
            base_url=office.url or base_url,
            broker_password=environment.get("NUMERETTO_BROKER_PASSWORD"),
            room_url=environment.get("NUMERETTO_ROOM_URL"),
            secret_key=environment.get("NUMERETTO_SECRET_KEY", ""),
            secrets=dict(environment),
            printers=json.loads(environment.get("NUMERETTO_VIRTUAL_PRINTERS", "{}")),
            mail_folder=data / "mail",
            proxies=_proxies(environment.get("NUMERETTO_PROXIES") or "0"),
        )


def _proxies(text: str) -> int:
    if not text.isdecimal() or int(text) > 9:
        raise ValueError(
            f"NUMERETTO_PROXIES is {text!r}: write how many reverse proxies stand before the pages, 0 to 9"
        )
    return int(text)
