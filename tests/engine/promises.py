"""What customers are promised, read off the record of calls without asking the order again."""

from __future__ import annotations

from dispatcher.engine.model import Kind, Lane, State, Ticket
from tests.engine.office import COUNTERS, Call, SmallOffice
from tests.engine.pair import Pair


def check_calls(office: SmallOffice) -> None:
    """All promises about the calls made so far (by number they are the operator's own)."""
    for call in office.calls:
        assert call.ticket.state in (State.waiting, State.booked, State.parked, State.missed), "called twice"
        if call.how != "number":
            _not_before_its_time(call)
            _first_come_first_served(call)
            _lanes_in_turn(call)
    for counter in COUNTERS:
        _nobody_starves([call for call in office.calls if call.counter == counter and _by_whole_order(call)])


def _by_whole_order(call: Call) -> bool:
    """Calls of mode `appointments` are made as if no others waited."""
    return call.how == "press" or (call.how == "automatic" and COUNTERS[call.counter].mode == "auto")


def _not_before_its_time(call: Call) -> None:
    """A2: only when pressed, and when nobody else can be called."""
    if call.ticket.callable_from is None or call.ticket.callable_from > call.at:
        assert call.how == "press"
        assert not call.could, f"{call.ticket.label} before its time while others could be called"
        assert call.ticket.checked_in_at is not None


def _first_come_first_served(call: Call) -> None:
    """A5: nobody of the same lane, or without priority, stood there earlier."""
    one, rivals = call.ticket, call.could
    if not _by_whole_order(call):
        rivals = tuple(other for other in rivals if other.kind is Kind.appointment)
    if one.has_priority(call.at):
        same = [other.priority_from for other in rivals if other.lane is one.lane and other.has_priority(call.at)]
        assert one.priority_from == min(at for at in same if at is not None), f"{one.label} jumped its lane"
    elif rivals and _by_whole_order(call):
        assert not any(other.has_priority(call.at) for other in rivals), f"{one.label} before somebody with priority"
        if not COUNTERS[call.counter].ranked:
            assert one.queued_at == min(other.queued_at for other in rivals), f"{one.label} jumped the queue"


def _lanes_in_turn(call: Call) -> None:
    if _by_whole_order(call) and {Lane.priority, Lane.long_wait} <= _lanes(call.could, call):
        wanted = Lane.long_wait if call.turn_before is Lane.priority else Lane.priority
        assert call.ticket.lane is wanted, f"{call.ticket.label} out of turn"


def _nobody_starves(calls: list[Call]) -> None:
    """A6: while somebody waits beyond the longest wait, no two calls in succession pass that lane by."""
    passed_by = 0
    for call in calls:
        waited_too_long = Lane.long_wait in _lanes(call.could, call)
        passed_by = passed_by + 1 if waited_too_long and call.ticket.lane is not Lane.long_wait else 0
        assert passed_by <= 1, f"lane L was passed by twice at counter {call.counter}"


def _lanes(tickets: tuple[Ticket, ...], call: Call) -> set[Lane]:
    return {one.lane for one in tickets if one.lane is not None and one.has_priority(call.at)}


def drain(pair: Pair) -> None:
    """Everybody who can be called is called in the end: nobody is lost (all counters open, the day goes on)."""
    for name in COUNTERS:
        pair.set_desk(name, "open")
    for ticket_id in list(pair.office.tickets):
        pair.paper(ticket_id)
    calls = -1
    while calls != len(pair.office.calls):
        calls = len(pair.office.calls)
        pair.pass_time(3600)
        pair.press(*COUNTERS)
    for one in pair.office.tickets.values():
        never_back = one.state is State.parked and one.callable_from is None
        never_came = one.state is State.booked and one.callable_from is None
        over = one.state in (State.served, State.missed, State.void, State.left, State.cancelled, State.unserved)
        assert over or never_back or never_came, f"{one.label} is lost: {one.state}"
