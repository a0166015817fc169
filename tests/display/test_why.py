"""C6: a screen that starts in the morning without network says why, and what to do."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import pytest

from dispatcher.wire.client import Trouble, trouble_of
from display import board as model
from display import texts, why
from display.view import PlainView, compose
from tests.display.samples import NINE, board, config, heartbeat, known


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_cause_is_told_in_every_language(language: str) -> None:
    assert set(why.words(language)) == set(why.CAUSES)
    assert all(each.what and each.remedy for each in why.words(language).values())


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (ConnectionRefusedError(), Trouble.nobody),
        (socket.gaierror(-3, "Temporary failure in name resolution"), Trouble.name),
        (ssl.SSLCertVerificationError("expired"), Trouble.certificate),
        (TimeoutError(), Trouble.network),
        (OSError(101, "Network is unreachable"), Trouble.network),
        (None, Trouble.network),
    ],
)
def test_an_error_is_known_by_what_has_to_be_done(error: BaseException | None, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


def _after(seconds: float, *messages: model.Message) -> model.State:
    """A screen that started at 0 and received these, `seconds` later."""
    state = model.State(started=0.0)
    for message in messages:
        state = model.receive(state, message, model.Moment(seconds, NINE))
    return state


def test_nothing_is_blamed_before_something_was_tried() -> None:
    assert why.cause(_after(0.0), 60.0) is None
    assert why.cause(_after(3.0, model.LinkUp()), 4.0) is None


def test_the_reason_of_the_last_attempt_is_said_until_the_broker_is_reached() -> None:
    state = _after(1.0, model.LinkTrouble(Trouble.name), model.LinkTrouble(Trouble.refused))
    assert why.cause(state, 1.0) == Trouble.refused
    assert why.cause(model.receive(state, model.LinkUp(), model.Moment(2.0, NINE)), 2.0) is None


def test_broker_without_dispatcher_and_office_without_this_screen_are_told_apart() -> None:
    linked = _after(60.0, model.LinkUp())
    assert (why.cause(linked, 64.9), why.cause(linked, 65.0)) == (None, why.SILENT)
    assert why.next_change(linked, 61.0) == 65.0
    heard = replace(linked, heard_at=64.0)
    assert (why.cause(heard, 64.9), why.cause(heard, 65.0)) == (None, why.UNKNOWN)


def test_screen_shows_the_reason_and_the_remedy_in_the_languages_of_the_office() -> None:
    state = replace(known(config(languages=("de", "it"))), linked=False, trouble="nobody")
    made = compose(state, 10.0, NINE, "hall · torino · 127.0.0.1:1883")
    assert isinstance(made, PlainView)
    assert made.headings == (
        "Das System des Amtes ist noch nicht gestartet",
        "Il sistema dell'ufficio non è ancora avviato",
    )
    assert made.remedies[1] == "Il computer risponde, il broker no: avviarlo, o correggere l'indirizzo."
    shown = compose(replace(known(config(), board(1), heartbeat(1)), linked=False, trouble="nobody"), 10.0, NINE, "")
    assert not isinstance(shown, PlainView), "a screen that has a board keeps it and says how old it is"
