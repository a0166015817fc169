"""What the dispatcher said last, on disk: a dispenser that starts while nobody can be reached goes by it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from dispatcher.wire.messages import KioskConfig, Menu, Message
from kiosk.journal import replace_file

log = logging.getLogger(__name__)
PASSING = {"revision": 0, "waiting": 0, "wait_low_s": None, "wait_high_s": None}
"""What changes with every ticket, and is not true any more when it is needed."""


M = TypeVar("M", bound=Message)


class Remembered:
    """The settings and the menu as of the last run. Nothing is written while nothing has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored: dict[str, Any] = {}
        try:
            found = json.loads(path.read_bytes())
            self._stored = found if isinstance(found, dict) else {}
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            log.warning("event=memory_unreadable file=%s reason=%r", path.name, str(error))

    def settings(self) -> KioskConfig | None:
        return self._read(KioskConfig, "settings")

    def menu(self) -> Menu | None:
        return self._read(Menu, "menu")

    def keep_settings(self, settings: KioskConfig) -> None:
        self._keep("settings", settings.model_dump(mode="json"))

    def keep_menu(self, menu: Menu) -> None:
        """What is offered and when; not how many wait."""
        body = menu.model_dump(mode="json") | {"revision": 0}
        for group in body["groups"]:
            group["services"] = [service | _lasting(service) for service in group["services"]]
        self._keep("menu", body)

    def _read(self, kind: type[M], key: str) -> M | None:
        try:
            return kind.model_validate(self._stored[key]) if key in self._stored else None
        except ValidationError:
            log.warning("event=memory_outdated file=%s part=%s", self._path.name, key)
            return None

    def _keep(self, key: str, body: dict[str, Any]) -> None:
        if self._stored.get(key) == body:
            return
        self._stored[key] = body
        try:
            replace_file(self._path, json.dumps(self._stored, ensure_ascii=False).encode())
        except OSError as error:
            # a full disk is no reason to give no tickets while the dispatcher is there
            log.error("event=memory_not_written file=%s reason=%r", self._path.name, str(error))  # noqa: TRY400


def _lasting(service: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in PASSING.items() if name in service}
