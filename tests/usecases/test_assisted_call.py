"""A7, C2: who may not stand is called first, and nothing that is heard or goes out says why."""

from __future__ import annotations

import re

from dispatcher.wire.messages import CallEvent
from display import spoken
from display.spoken import Part


def _form(event: CallEvent) -> list[str]:
    """What is said, its digits aside."""
    said = spoken.announcement(event, ("it", "en"), "it", recall=False, brief=False)
    texts = [f"{each.language}:{each.text}" if isinstance(each, Part) else f"{each.length_s}" for each in said]
    return [re.sub(r":[0-9]$", ":digit", text) for text in texts]


def test_assisted_ticket_is_called_in_the_same_words_as_the_others(house):
    office = house()
    plain = office.issue(language="it")
    helped = office.issue(language="it", assisted=True)
    assert (helped["assisted"], plain["assisted"]) == (True, False)
    office.said()
    assert [office.call(), office.call()] == [helped["label"], plain["label"]]
    told = [body for topic, body in office.said() if topic == "call"]
    assert [body["label"] for body in told] == [helped["label"], plain["label"]]
    assert told[0].keys() == told[1].keys()
    assert "assisted" not in str(told)
    first, second = map(CallEvent.model_validate, told)
    assert _form(first) == _form(second)
    assert _form(first)[:3] == ["it:Numero", str(spoken.JOINED.length_s), "it:A"]
