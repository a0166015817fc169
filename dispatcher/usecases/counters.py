"""The actions of a counter (CONTRACT: `POST /counters/{counter}/{action}`, and the same over MQTT)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dispatcher.engine import moves, numbering
from dispatcher.engine.errors import RuleError
from dispatcher.engine.model import Counter, Kind, State, Ticket, label_of
from dispatcher.engine.selection import Why
from dispatcher.store import calls, tickets
from dispatcher.store.places import CounterRow
from dispatcher.usecases import calling, undo, views
from dispatcher.usecases.trace import Trace
from dispatcher.usecases.work import Work

AUTOMATIC_WINDOW = timedelta(seconds=3)
"""A press without `holding` this soon (wall time) after an automatic call meant the call that had just been made."""
SECOND_PRESS = timedelta(seconds=5)
"""A second press of a button within this time (wall) after present_or_absent means: was here."""
LONGEST_SERVICE_S = 3 * 3600
LONGEST_PARKING = timedelta(days=366)


Parameters = dict[str, Any]
Action = Callable[[Work, Counter, CounterRow, Parameters], None]


def act(work: Work, *, counter: str, action: str, **parameters: Any) -> dict[str, Any]:
    """Carry out one action; answers `{ticket, why, counter}` as the contract says. Raises RuleError.

    `holding`, if given, is the ticket that the sender saw at the counter: with any other there nothing is done.
    """
    settings, row = work.counter(counter)
    work.actor.check_counter(counter)
    if action == "undo":
        undo.undo(work, settings, row)
        return views.action_answer(work, counter)
    do = ACTIONS.get(action)
    if do is None:
        raise RuleError("not_found", f"There is no action '{action}'.")
    if action in NEED_OPEN and row.state != "open":
        raise RuleError("counter_closed", f"Counter {settings.name} is {row.state}: open it first.")
    if parameters.get("holding", row.ticket) != row.ticket:
        raise RuleError("stale", "The counter has changed meanwhile: look again before you go on.")
    work.trace = Trace(row)
    do(work, settings, row, parameters)
    after = work.counters[counter]
    if after is not row:
        record = work.trace.pack(action, work.tx.wall)
        work.save_counter(after, last=record, hands_off=False, automatic_wall=None)
    elif row.hands_off:
        work.save_counter(row, hands_off=False)
    work.trace = None
    calling.call_for_free_counters(work)
    return views.action_answer(work, counter)


# ---- the present ticket


def _present(work: Work, row: CounterRow) -> Ticket | None:
    return work.ticket(row.ticket) if row.ticket is not None else None


def _must_hold(work: Work, row: CounterRow) -> Ticket:
    present = _present(work, row)
    if present is None:
        raise RuleError("not_callable", "Nobody has been called to this counter.")
    return present


def _leave(work: Work, row: CounterRow, before: Ticket, after: Ticket, event: str, *, presumed: bool = False) -> None:
    """The present ticket leaves the counter."""
    work.save(before, after, event, counter=row.id, presumed=presumed)
    work.end_call(before.id)
    work.save_counter(work.counters[row.id], ticket=None, why=None)


def _finish_present(work: Work, row: CounterRow, present: Ticket, *, presumed: bool) -> None:
    _leave(work, row, present, moves.served(present), "served", presumed=presumed)
    if present.called_at is None:
        return
    seconds = (work.tx.now - present.called_at).total_seconds()
    if 0 < seconds <= LONGEST_SERVICE_S:
        work.add_duration(present.service, seconds)


def _absent_present(work: Work, row: CounterRow, present: Ticket) -> None:
    service = work.office.services[present.service]
    after = moves.absent(present, service, work.tx.now)
    _leave(work, row, present, after, "absent")


def end_present(work: Work, counter: Counter, row: CounterRow, *, asked: bool = False) -> None:
    """End what the counter holds as `next` does: served, absent, or a question back (present_or_absent).

    `asked`: the question was put a moment ago to a button, and this is the second press.
    """
    present = _present(work, row)
    if present is None:
        return
    if present.state is State.serving:
        _finish_present(work, row, present, presumed=False)
        return
    means = counter.next_appointment if present.kind is Kind.appointment else counter.next_walk_in
    if means == "ask" and not asked:
        raise RuleError("present_or_absent", f"Did {present.label} come? Say served or absent before the next action.")
    if means == "absent" and not asked:
        _absent_present(work, row, present)
    else:
        _finish_present(work, row, present, presumed=True)


# ---- the actions


def _next(work: Work, counter: Counter, row: CounterRow, parameters: Parameters) -> None:
    from_button = "holding" not in parameters
    if from_button and row.ticket is not None and _within(row.automatic_wall, work.tx.wall, AUTOMATIC_WINDOW):
        return
    asked = from_button and row.asked_ticket == row.ticket and _within(row.asked_wall, work.tx.wall, SECOND_PRESS)
    try:
        end_present(work, counter, row, asked=asked)
    except RuleError as question:
        if from_button and question.code == "present_or_absent":
            raise Asked(question, counter.id, row.ticket) from question
        raise
    row = work.counters[counter.id]
    choice = calling.choose_next(work, counter, row)
    if choice is not None:
        calling.call(work, counter, row, choice.ticket, choice.why, turn=choice.turn, automatic=False)


class Asked(RuleError):
    """present_or_absent to a button: the question is remembered, so that a second press is its answer."""

    def __init__(self, question: RuleError, counter: str, ticket: str | None) -> None:
        super().__init__(question.code, question.message)
        self._counter = counter
        self._ticket = ticket

    def remember(self, work: Work) -> None:
        """Carried out after everything else was taken back."""
        row = work.counters[self._counter]
        work.save_counter(row, asked_wall=work.tx.wall, asked_ticket=self._ticket)


def _within(earlier: datetime | None, now: datetime, span: timedelta) -> bool:
    return earlier is not None and now - earlier < span


def _recall(work: Work, counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    present = moves.recalled(_must_hold(work, row))
    old = calls.current(work.tx, present.id)
    if old is not None:
        calls.remove(work.tx, old.id)
        if work.trace is not None:
            work.trace.replaced_calls.append(undo.pack_call(old))
    work.record(present.id, "recalled", counter=row.id)
    calling.say(work, present, counter)
    work.save_counter(row)


def _absent(work: Work, _counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    _absent_present(work, row, _must_hold(work, row))


def _serve(work: Work, _counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    present = _must_hold(work, row)
    if present.state is State.serving:
        return
    work.save(present, moves.serving(present), "serving", counter=row.id)
    work.save_counter(row)


def _finish(work: Work, _counter: Counter, row: CounterRow, parameters: Parameters) -> None:
    outcome = parameters.get("outcome") or "served"
    present = _must_hold(work, row)
    if outcome == "served":
        _finish_present(work, row, present, presumed=False)
    elif outcome == "absent":
        _absent_present(work, row, present)
    else:
        raise RuleError("invalid", "outcome is served or absent.", field="outcome")


def _park(work: Work, _counter: Counter, row: CounterRow, parameters: Parameters) -> None:
    present = _must_hold(work, row)
    until = parameters.get("until")
    span = parameters.get("for_")
    if until is not None and span is not None:
        raise RuleError("invalid", "Say either until or for.", field="until")
    if span is not None:
        until = work.tx.now + span
    if until is not None and until < work.tx.now:
        raise RuleError("invalid", "The return time lies in the past.", field="until")
    if until is not None and until - work.tx.now > LONGEST_PARKING:
        raise RuleError("invalid", "The return time lies too far ahead.", field="for" if span is not None else "until")
    _leave(work, row, present, moves.parked(present, until), "parked")


def _transfer(work: Work, _counter: Counter, row: CounterRow, parameters: Parameters) -> None:
    present = _must_hold(work, row)
    to_service, to_counter = parameters.get("service"), parameters.get("to_counter")
    if (to_service is None) == (to_counter is None):
        raise RuleError("invalid", "Say either service or counter.", field="service")
    if to_counter is not None and to_counter not in work.office.counters:
        raise RuleError("invalid", f"There is no counter '{to_counter}'.", field="counter")
    service = work.service(to_service or present.service)
    if work.is_closed(service.id):
        raise RuleError("service_closed", "That service is closed for today.")
    moved = moves.transferred(
        present, service, work.tx.now, target=to_counter, priority=bool(parameters.get("priority"))
    )
    _leave(work, row, present, moved, "transferred")


def _call(work: Work, counter: Counter, row: CounterRow, parameters: Parameters) -> None:
    wanted = _wanted(work, parameters)
    if wanted.id == row.ticket:
        raise moves.not_callable(wanted)
    if wanted.state not in (State.waiting, State.booked, State.parked, State.missed):
        raise moves.not_callable(wanted)
    end_present(work, counter, row)
    row = work.counters[counter.id]
    wanted = work.ticket(wanted.id)
    calling.call(work, counter, row, wanted, Why("by_number"), turn=row.turn, automatic=False)


def _wanted(work: Work, parameters: Parameters) -> Ticket:
    ticket_id, label = parameters.get("ticket_id"), parameters.get("label")
    if ticket_id is not None:
        return work.ticket(ticket_id)
    if label is None:
        raise RuleError("invalid", "Say which number: label or id.", field="label")
    found = find_label(work, label)
    if found is None:
        raise RuleError("not_found", f"There is no ticket {label} today.")
    return found


def find_label(work: Work, label: str) -> Ticket | None:
    """The ticket that a label means now. Raises RuleError invalid for what is no label."""
    parsed = numbering.parse_label(label)
    if parsed is None:
        raise RuleError("invalid", f"'{label}' is no ticket number: write it like A045 or AA07.", field="label")
    return tickets.by_label(work.tx, label_of(*parsed), work.today)


def _open(work: Work, _counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    if row.state != "open":
        work.save_counter(row, state="open")


def _pause(work: Work, counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    if row.state == "closed":
        raise RuleError("counter_closed", f"Counter {counter.name} is closed: open it first.")
    if row.state != "paused":
        end_present(work, counter, row)
        work.save_counter(work.counters[row.id], state="paused")


def _close(work: Work, counter: Counter, row: CounterRow, _parameters: Parameters) -> None:
    if row.state != "closed":
        end_present(work, counter, row)
        work.save_counter(work.counters[row.id], state="closed")


ACTIONS: dict[str, Action] = {
    "next": _next,
    "recall": _recall,
    "absent": _absent,
    "serve": _serve,
    "finish": _finish,
    "park": _park,
    "transfer": _transfer,
    "call": _call,
    "open": _open,
    "pause": _pause,
    "close": _close,
}
NEED_OPEN = frozenset({"next", "call"})
