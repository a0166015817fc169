"""The bodies that the API gives, as models: the document is made of them, and the tests hold answers against them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatcher.engine.model import Kind, Paper, State

At = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
EventName = Literal[
    "issued", "printed", "void", "booked", "moved", "checked_in", "called", "recalled", "absent", "serving", "served",
    "parked", "returned", "transferred", "missed", "rejoined", "cancelled", "left", "unserved", "undone",
]  # fmt: skip


class Answer(BaseModel):
    """Base: more fields may come."""

    model_config = ConfigDict(extra="allow")


class TicketAnswer(Answer):
    id: str
    label: str
    service: str
    kind: Kind
    assisted: bool
    state: State
    paper: Paper
    queued_at: At
    priority_from: At | None
    scheduled_at: At | None
    calls_made: int
    counter: str | None
    counter_name: str | None
    ahead: int | None
    wait_low_s: int | None
    wait_high_s: int | None


class IssuedTicket(TicketAnswer):
    status_url: str


class HistoryLine(Answer):
    at: At
    event: EventName
    counter: str | None
    presumed: bool = False


class TicketWithHistory(TicketAnswer):
    history: list[HistoryLine]


class Why(Answer):
    """Why this ticket was called: a stable code and a sentence."""

    code: str
    text: str


class CheckedIn(Answer):
    result: Literal["early", "due", "late", "wrong_day", "called", "unknown"]
    label: str | None = None
    priority_from: At | None = None
    counter: str | None = None
    counter_name: str | None = None
    rejoin: Literal["yes", "closed", "never", "times", "within"] | None = None


class Rejoined(Answer):
    label: str
    ahead: int | None


class CounterTicketLine(Answer):
    label: str
    service: str
    state: State
    kind: Kind


class CounterNow(Answer):
    """A counter as an action leaves it."""

    state: Literal["open", "paused", "closed"]
    mode: Literal["manual", "appointments", "auto"]
    ticket: CounterTicketLine | None
    waiting: int
    next_label: str | None


class CounterAnswer(CounterNow):
    """A counter as its own GET gives it; `revision` is its retained message's."""

    revision: int


class ActionAnswer(Answer):
    """What a counter's action did: the ticket that is here now."""

    ticket: TicketAnswer | None
    why: Why | None
    counter: CounterNow | None


class BoardCallLine(Answer):
    call_id: str
    label: str
    service: str
    counter: str
    counter_name: str
    zone: str | None
    attempt: int
    called_at: At


class MissedLine(Answer):
    label: str
    service: str
    missed_at: At


class QueueLine(Answer):
    service: str
    waiting: int
    wait_low_s: int | None
    wait_high_s: int | None


class QueueWithNext(QueueLine):
    next_label: str | None


class BoardAnswer(Answer):
    epoch: str
    revision: int
    at: At
    calls: list[BoardCallLine]
    missed: list[MissedLine]
    queues: list[QueueLine]
    notices: list[dict[str, Any]]


class ServiceLine(Answer):
    id: str
    name: dict[str, str]
    letter: str
    appointments: bool
    walk_in: bool
    open: bool


class SlotLine(Answer):
    start: At
    free: int


class ChallengeAnswer(Answer):
    """An ALTCHA challenge, version 2."""

    parameters: dict[str, Any]
    signature: str


class BookedAnswer(Answer):
    id: str
    label: str
    code: str
    start: At
    status_url: str


class AppointmentAnswer(Answer):
    id: str
    label: str
    code: str
    start: At
    service: str


class ProblemAnswer(Answer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    counter: CounterAnswer | None = None
    ticket: TicketAnswer | None = None
