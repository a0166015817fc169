"""The bodies and queries that the API takes. Strict: 1 is no boolean, "1" no number. Unknown fields are ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from dispatcher.web.values import (
    CounterId,
    Day,
    Duration,
    Instant,
    Label,
    LanguageId,
    Line,
    Notes,
    PlatformId,
    ServiceId,
    Word,
    clean_line,
)


class Body(BaseModel):
    """Base of all bodies and queries."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def wrong(field: str, message: str) -> PydanticCustomError:
    """A fault of the body as a whole that is nevertheless one field's."""
    return PydanticCustomError("fields", "{message}", {"message": message, "field": field})


class Nothing(Body):
    """No fields."""


class IssueBody(Body):
    service: ServiceId
    language: LanguageId | None = None
    assisted: bool = False


class PrintedBody(Body):
    result: Literal["confirmed", "unconfirmed", "failed"]


class NextBody(Body):
    """`holding`: the id of the ticket that the sender saw at the counter, or null; absent: not said."""

    holding: Word | None = None


class FinishBody(Body):
    outcome: Literal["served", "absent"] | None = None


class PauseBody(Body):
    reason: Line | None = None


class ParkBody(Body):
    """Until an instant, or for a duration, or (neither) until the customer comes back."""

    until: Instant | None = None
    for_: Duration | None = Field(default=None, alias="for")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.until is not None and self.for_ is not None:
            raise wrong("for", "give until or for, not both")
        return self


class TransferBody(Body):
    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        frozen=True,
        json_schema_extra={"oneOf": [{"required": ["service"]}, {"required": ["counter"]}]},
    )
    service: ServiceId | None = None
    counter: CounterId | None = None
    priority: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.service is None) == (self.counter is None):
            raise wrong("service", "give a service or a counter")
        return self


class CallBody(Body):
    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        frozen=True,
        json_schema_extra={"oneOf": [{"required": ["label"]}, {"required": ["id"]}]},
    )
    label: Label | None = None
    id: Word | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.label is None) == (self.id is None):
            raise wrong("label", "give a label or an id")
        return self


Email = Annotated[
    str, StringConstraints(max_length=254), AfterValidator(clean_line), Field(json_schema_extra={"format": "email"})
]
Telephone = Annotated[
    str,
    StringConstraints(min_length=3, max_length=40),
    AfterValidator(clean_line),
    Field(json_schema_extra={"examples": ["+39 011 8122345"]}),
]
Altcha = Annotated[str, StringConstraints(max_length=4096), AfterValidator(clean_line)]


class BookBody(Body):
    """An appointment. `email` may be absent only for the office; `altcha` is the public's solved challenge.

    `platform`: one of those that an on-line service offers; absent: its first.
    """

    service: ServiceId
    start: Instant
    name: Line
    email: Email | None = None
    phone: Telephone
    language: LanguageId | None = None
    notes: Notes | None = None
    consent: bool
    altcha: Altcha | None = None
    platform: PlatformId | None = None


class MoveBody(Body):
    start: Instant


class SlotsQuery(Body):
    """Local dates, both inclusive."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.first and self.last:
            if self.last < self.first:
                raise wrong("to", "the last day lies before the first")
            if (self.last - self.first).days > 366:
                raise wrong("to", "a year at the most")
        return self


class HolderQuery(Body):
    """`key` is the signature in the holder's link."""

    key: Word | None = None


JsonObject = dict[str, Any]
