"""The verbs of `command/{device}/{verb}`: what each takes, and the use case that it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Paper
from dispatcher.usecases import counters, leases, tickets
from dispatcher.usecases.durations import parse_duration
from dispatcher.wire.codec import explain

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""PostgreSQL stores no NUL, and no identifier has control characters."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]


class Command(BaseModel):
    """What every command carries. Unknown fields are ignored; types are not guessed."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)
    request_id: Key
    seq: int | None = Field(default=None, ge=0, le=2**53)


class Issue(Command):
    service: Word
    language: Word | None = None
    assisted: bool = False
    touched_at: Annotated[AwareDatetime, Field(strict=False)] | None = None


class Printed(Command):
    id: Word
    result: Literal["confirmed", "unconfirmed", "failed"]


class CheckIn(Command):
    code: Word


class Rejoin(Command):
    label: Word | None = None
    code: Word | None = None


class LeaseNumbers(Command):
    """`series` is a walk-ins' letter."""

    series: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    count: int = Field(ge=1, le=1000)


class OfflineTicket(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)
    label: Word
    service: Word
    touched_at: Annotated[AwareDatetime, Field(strict=False)]
    language: Word | None = None
    assisted: bool = False
    paper: Literal["confirmed", "unconfirmed"] = "confirmed"


class OfflineIssued(Command):
    tickets: Annotated[list[OfflineTicket], Field(max_length=500)]


class CounterAction(Command):
    """`action` and what it takes, as over HTTP."""

    action: Word
    holding: Word | None = None
    outcome: Word | None = None
    until: Annotated[AwareDatetime, Field(strict=False)] | None = None
    span: str | None = Field(default=None, alias="for")
    service: Word | None = None
    counter: Word | None = None
    priority: bool = False
    label: Word | None = None
    id: Word | None = None
    reason: Annotated[str, StringConstraints(max_length=200)] | None = None

    @field_validator("span")
    @classmethod
    def _duration(cls, value: str | None) -> str | None:
        if value is not None:
            parse_duration(value)
        return value


@dataclass(frozen=True)
class Prepared:
    """A command ready to be carried out."""

    request_id: str
    seq: int | None
    use_case: Callable[..., dict[str, Any] | None]
    arguments: dict[str, Any]


def prepare(verb: str, body: dict[str, Any], *, device: str, counter: str | None) -> Prepared:
    """Check a command's body. Raises RuleError invalid with the field at fault."""
    kind = KINDS.get(verb)
    if kind is None:
        raise RuleError("invalid", f"There is no command '{verb}'.", field="verb")
    try:
        command = kind.model_validate(body)
    except ValidationError as error:
        problem = explain(error)
        raise RuleError("invalid", str(problem), field=problem.field) from None
    return Prepared(command.request_id, command.seq, *_call(command, device, counter))


KINDS: dict[str, type[Command]] = {
    "issue": Issue,
    "printed": Printed,
    "check_in": CheckIn,
    "rejoin": Rejoin,
    "lease": LeaseNumbers,
    "offline_issued": OfflineIssued,
    "counter": CounterAction,
}


def _call(command: Command, device: str, counter: str | None) -> tuple[Callable[..., Any], dict[str, Any]]:
    match command:
        case Issue():
            touched: datetime | None = command.touched_at
            return tickets.issue, {
                "service": command.service,
                "language": command.language,
                "assisted": command.assisted,
                "touched_at": touched,
                "kiosk": device,
            }
        case Printed():
            return tickets.printed, {"ticket_id": command.id, "result": command.result}
        case CheckIn():
            return tickets.check_in, {"code": command.code}
        case Rejoin():
            if (command.label is None) == (command.code is None):
                raise RuleError("invalid", "Say either label or code.", field="label")
            return tickets.rejoin, {"label": command.label, "code": command.code}
        case LeaseNumbers():
            return leases.lease, {"series": command.series, "count": command.count, "kiosk": device}
        case OfflineIssued():
            told = [leases.OffLine(**dict(one) | {"paper": Paper(one.paper)}) for one in command.tickets]
            return leases.offline_issued, {"tickets": told, "kiosk": device}
        case CounterAction():
            return counters.act, _action(command, counter or "")
        case _:
            raise RuleError("invalid", "There is no such command.", field="verb")


def _action(command: CounterAction, counter: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "counter": counter,
        "action": command.action,
        "outcome": command.outcome,
        "until": command.until,
        "for_": parse_duration(command.span) if command.span is not None else None,
        "service": command.service,
        "to_counter": command.counter,
        "priority": command.priority,
        "label": command.label,
        "ticket_id": command.id,
    }
    if "holding" in command.model_fields_set:
        arguments["holding"] = command.holding
    return arguments
