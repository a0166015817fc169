"""Raw requests to typed values, in one place. Whatever is wrong becomes a Refusal that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from dispatcher.web.problems import Refusal

M = TypeVar("M", bound=BaseModel)
KEY_HEADER = "Idempotency-Key"
MAX_KEY = 200


def raw_body() -> Any:
    """The JSON value of the request's body, `{}` when there is none. Refusal `invalid` when it is not JSON in UTF-8."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal("unsupported", "send the body without a content encoding")
    raw = request.get_data(cache=True)
    if request.content_length is None and len(raw) >= (request.max_content_length or len(raw) + 1):
        # A stream without a length is cut at the limit, not refused.
        raise Refusal("too_large", "the body is too large")
    if not raw:
        return {}
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise Refusal("invalid", "the body is not JSON in UTF-8") from None


def body_as(model: type[M], value: Any) -> M:
    """The body as `model`. Refusal `invalid` with the first field at fault."""
    if not isinstance(value, dict):
        raise Refusal("invalid", "the body is not a JSON object")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise refusal_of(error) from None


def query_as(model: type[M]) -> M:
    """The query string as `model`; a name given twice is refused."""
    values: dict[str, str] = {}
    for name, given in request.args.lists():
        if len(given) > 1:
            raise Refusal("invalid", f"{name} is given more than once", field=name)
        values[name] = given[0]
    return body_as(model, values)


def refusal_of(error: ValidationError) -> Refusal:
    """A validation error in one sentence, with its field."""
    first = error.errors(include_url=False, include_input=False)[0]
    context: Mapping[str, Any] = first.get("ctx") or {}
    field = str(first["loc"][0]) if first["loc"] else context.get("field")
    message = str(first["msg"]).removeprefix("Value error, ")
    return Refusal("invalid", f"{field}: {message}" if field else message, field=field)


def idempotency_key() -> str | None:
    """The request id that the client chose: printable ASCII, 200 characters at the most."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise Refusal("invalid", f"{KEY_HEADER}: 1 to {MAX_KEY} printable ASCII characters", field=KEY_HEADER)
    return key


def email_address(text: str) -> str:
    """The address in normal form. Only the form is checked: no look-up leaves the machine."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        raise Refusal("invalid", "email: this is no e-mail address", field="email") from None


def telephone(text: str, country: str) -> str:
    """The number in E.164 form; without a country code it is one of the office's country."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Refusal("invalid", "phone: this is no telephone number", field="phone") from None
    if not phonenumbers.is_possible_number(number):
        raise Refusal("invalid", "phone: this is no telephone number", field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
