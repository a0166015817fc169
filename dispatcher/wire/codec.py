"""Bytes to messages and back: JSON in UTF-8. Dictionaries stop here."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
MAX_BYTES = 256 * 1024
SETTINGS_BYTES = 4_000_000
"""What the settings of a screen may have: its pictures travel with them."""


class WireError(ValueError):
    """A payload that is no valid message. `field` names the part at fault, when there is one."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


def encode(message: BaseModel) -> bytes:
    """The message as JSON bytes, by the names of the contract."""
    return message.model_dump_json(by_alias=True).encode()


def encode_plain(value: Any) -> bytes:
    """A plain JSON value as bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def decode(kind: type[M], payload: bytes, most_bytes: int = MAX_BYTES) -> M:
    """The message in `payload`; raises WireError with a sentence that says what is wrong."""
    if len(payload) > most_bytes:
        raise WireError(f"the message is larger than {most_bytes} bytes")
    try:
        return kind.model_validate_json(payload)
    except ValidationError as error:
        raise explain(error) from None


def decode_object(payload: bytes) -> dict[str, Any]:
    """A JSON object; raises WireError for anything else, broken UTF-8 included."""
    if len(payload) > MAX_BYTES:
        raise WireError(f"the message is larger than {MAX_BYTES} bytes")
    try:
        value = json.loads(payload.decode("utf-8"))
        encode_plain(value)  # refuses an escaped half of a surrogate pair: it could be neither stored nor sent on
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise WireError("the message is no JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise WireError("the message is no JSON object")
    return value


def explain(error: ValidationError) -> WireError:
    """A validation error in one sentence, with the first field at fault."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    return WireError(f"{field or 'message'}: {first['msg']}", field)
