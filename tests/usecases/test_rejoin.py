"""B7: who missed the call, and what is said of the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatcher.usecases import tickets
from tests.usecases.house import counter, service, weekdays


def test_a_missed_appointment_is_told_whether_there_is_a_way_back(house):
    """B7: what the check-in says is what the rejoin then does."""
    hours = weekdays(("08:30", "12:30"))
    office = house(
        service(recall_attempts=0, rejoin_within=timedelta(minutes=30), hours=hours),
        service("taxes", "C", recall_attempts=0, rejoin="never"),
        counter("1", "passport", "taxes"),
        starts="08:40",
    )
    one, taxes = office.book("10:00"), office.book("10:00", service="taxes")
    office.until("10:00")

    def miss(booked):
        office.press("call", label=booked["label"])
        office.press("absent")

    def way_back(booked):
        return office.do(tickets.check_in, code=booked["code"])["rejoin"]

    miss(taxes)
    assert way_back(taxes) == "never"
    assert office.refusal(tickets.rejoin, code=taxes["code"]) == "not_callable"
    miss(one)
    assert way_back(one) == "yes"
    office.do(tickets.rejoin, code=one["code"])
    miss(one)
    assert way_back(one) == "times"
    late = office.book("11:00", email="b@example.org")
    office.until("11:00")
    miss(late)
    office.later(minutes=31)
    assert way_back(late) == "within"
    assert office.refusal(tickets.rejoin, code=late["code"]) == "limit_reached"
    assert office.refused_bodies[-1]["ticket"]["label"] == late["label"]
    office.until("12:31")
    office.press("close")
    office.sweep()
    assert way_back(late) == "closed"


def test_who_is_refused_because_he_is_called_hears_the_counters_name(house):
    office = house(service(), replace(counter("c3"), name="Sala 2"))
    one = office.issue()
    office.call("c3")
    assert office.refusal(tickets.rejoin, label=one["label"]) == "not_callable"
    refused = office.refused_bodies[-1]["ticket"]
    assert (refused["counter"], refused["counter_name"]) == ("c3", "Sala 2")
