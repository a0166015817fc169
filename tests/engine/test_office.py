"""A small office against the naive order, by chance (A1-A9, A11; RULES, all of it)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine.office import COUNTERS, SERVICES
from tests.engine.pair import Pair
from tests.engine.promises import check_calls, drain
from tests.engine.walks import BEGINNINGS, STEPS_S, walk

desks = st.sampled_from(list(COUNTERS))
services = st.sampled_from(list(SERVICES))
picks = st.integers(0, 11)


class OfficeMachine(RuleBasedStateMachine):
    """Each rule is one person's action, done in the engine's office and in the oracle's, and compared."""

    @initialize(now=st.sampled_from(BEGINNINGS))
    def begin(self, now):
        self.pair = Pair(now)

    def ticket(self, pick):
        return list(self.pair.office.tickets)[-1 - pick % len(self.pair.office.tickets)]

    def has_tickets(self):
        return bool(self.pair.office.tickets)

    @rule(seconds=st.sampled_from(STEPS_S))
    def time_passes(self, seconds):
        self.pair.pass_time(seconds)

    @rule(service=services, assisted=st.booleans(), paper=st.booleans())
    def walk_in(self, service, assisted, paper):
        self.pair.walk_in(service, assisted=assisted, paper=paper)

    @rule(service=services, after_s=st.sampled_from((0, 300, 600, 1800)))
    def book(self, service, after_s):
        self.pair.book(service, after_s)

    @rule(first=desks, second=desks, absent=st.booleans())
    def press(self, first, second, absent):
        self.pair.press(*dict.fromkeys((first, second)), absent=absent)

    @rule(desk=desks)
    def absent(self, desk):
        self.pair.absent(desk)

    @rule(desk=desks)
    def serve(self, desk):
        self.pair.serve(desk)

    @rule(desk=desks, minutes=st.sampled_from((None, 0, 5, 20)))
    def park(self, desk, minutes):
        self.pair.park(desk, minutes)

    @rule(desk=desks, service=services, priority=st.booleans())
    def transfer(self, desk, service, priority):
        self.pair.transfer(desk, service=service, counter=None, priority=priority)

    @rule(desk=desks, counter=desks, priority=st.booleans())
    def send_to(self, desk, counter, priority):
        self.pair.transfer(desk, service=None, counter=counter, priority=priority)

    @rule(desk=desks, state=st.sampled_from(("open", "paused", "closed")))
    def set_desk(self, desk, state):
        self.pair.set_desk(desk, state)

    @rule(service=services)
    def close(self, service):
        self.pair.close_service(service)

    @precondition(has_tickets)
    @rule(pick=picks, failed=st.booleans())
    def paper(self, pick, failed):
        self.pair.paper(self.ticket(pick), failed=failed)

    @precondition(has_tickets)
    @rule(desk=desks, pick=picks)
    def call_number(self, desk, pick):
        self.pair.call_number(desk, self.ticket(pick))

    @precondition(has_tickets)
    @rule(pick=picks, what=st.sampled_from(("ten_more", "check_in", "rejoin", "give_up")))
    def customer(self, pick, what):
        getattr(self.pair, what)(self.ticket(pick))

    @invariant()
    def promises_hold(self):
        if hasattr(self, "pair"):
            check_calls(self.pair.office)

    def teardown(self):
        if hasattr(self, "pair"):
            drain(self.pair)


TestOffice = OfficeMachine.TestCase
TestOffice.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("beginning", range(len(BEGINNINGS)))
def test_whole_days_agree_with_the_naive_order_and_lose_nobody(beginning):
    for seed in range(beginning, 100, len(BEGINNINGS)):
        pair = walk(seed, 150)
        check_calls(pair.office)
        drain(pair)
        check_calls(pair.office)


def test_days_by_chance_contain_what_the_promises_are_about():
    """Else the comparison would prove little."""
    calls = [call for seed in range(60) for call in walk(seed, 150).office.calls]
    early = [call for call in calls if call.ticket.callable_from and call.ticket.callable_from > call.at]
    both = [call for call in calls if call.turn_before is not None]
    recalls = [call for call in calls if call.ticket.absences]
    assert min(len(early), len(both), len(recalls)) > 20
    assert {call.how for call in calls} == {"press", "automatic", "number"}
