"""Office files for the stories, put together from tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ALWAYS = "always"


def site(**fields: Any) -> str:
    """The first table, with the users and the program that all stories use."""
    values = {"id": "torino", "name": "Camera di commercio", "zone": "Europe/Rome", "languages": ["it", "en"], **fields}
    people = table(
        "user", name="anna", email="anna@example.org", role="operator", password_env="NUMERETTO_PASSWORD_ANNA"
    )
    program = table("token", name="desk", role="office", secret_env="NUMERETTO_TOKEN_OFFICE")
    return _lines("[site]", values) + people + program


def table(kind: str, /, **fields: Any) -> str:
    """One `[[kind]]`."""
    return _lines(f"[[{kind}]]", fields)


def service(service_id: str, letter: str, /, **fields: Any) -> str:
    """A service that is always open, without the surprises of closing time."""
    name = {"it": f"Servizio {service_id}", "en": f"Service {service_id}"}
    return table("service", **{"id": service_id, "letter": letter, "name": name, "hours": ALWAYS, **fields})


def counter(counter_id: str, *services: str, **fields: Any) -> str:
    return table("counter", **{"id": counter_id, "name": counter_id, "services": list(services), **fields})


def _lines(head: str, fields: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{name} = {_value(value)}" for name, value in fields.items())]) + "\n\n"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list():
            return f"[{', '.join(_value(one) for one in value)}]"
        case dict():
            return f"{{ {', '.join(f'{name} = {_value(one)}' for name, one in value.items())} }}"
        case _:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
