"""What the operator's form can ask for, and how its outcome is said."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask import request

from dispatcher.engine.model import Counter, User
from dispatcher.usecases import counters, tickets
from dispatcher.usecases.desk import Answer
from dispatcher.web.auth import of_user
from dispatcher.web.context import context
from dispatcher.web.pages.forms import typed
from dispatcher.web.shell import texts

SHOWN = (
    ("next", "n"),
    ("recall", "r"),
    ("serve", "s"),
    ("absent", "a"),
    ("finish", "f"),
    ("undo", "u"),
    ("open", "o"),
    ("pause", "b"),
    ("close", "x"),
)
"""The buttons without parameters, with their keys."""
ASKING = frozenset({"next", "call", "pause", "close"})
"""What ends the present ticket, and so may be answered with the question: present or absent?"""
OF_PRESENT = frozenset({"recall", "serve", "absent", "finish", "park", "transfer"})
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How an action went. `ask` names the action that waits for the answer: present or absent?"""

    ok: bool
    status: int
    code: str | None
    message: str
    ask: str | None = None
    label: str | None = None

    def packed(self) -> dict[str, Any]:
        return asdict(self)


def perform(settings: Counter, user: User) -> Outcome:
    """Carry out what the form says."""
    action = request.form.get("action", "")
    holding = request.form.get("holding") or None
    if action == "issue":
        return _issue(user)
    if action in ("present", "missing"):
        return _answer(settings, user, action, holding)
    try:
        parameters = _parameters(action)
    except (ValueError, KeyError):
        return Outcome(False, 422, "invalid", texts()("counter.error.invalid"))
    answer = _act(settings, user, action, holding, parameters)
    return _outcome(action, answer, parameters.get("label"))


def _answer(settings: Counter, user: User, choice: str, holding: str | None) -> Outcome:
    """The answer to the question, then what had been asked for."""
    then = request.form.get("then", "next")
    first = _act(settings, user, "serve" if choice == "present" else "absent", holding, {}, part="answer")
    if first.status >= 400 or then not in ASKING:
        return _outcome("serve" if choice == "present" else "absent", first)
    parameters = _parameters(then)
    still = holding if choice == "present" else None
    return _outcome(then, _act(settings, user, then, still, parameters), parameters.get("label"))


def _parameters(action: str) -> Parameters:
    """What the action takes, from the form's fields. Raises ValueError, KeyError."""
    form = typed("for", "to", "label", "pick")
    if action == "park":
        minutes = form["for"]
        return {"for_": timedelta(minutes=min(int(minutes), 24 * 60))} if minutes and minutes.isdecimal() else {}
    if action == "transfer":
        kind, _, target = form["to"].partition(":")
        known = {"service": context().office.services, "counter": context().office.counters}[kind]
        if target not in known:
            raise ValueError(target)
        name = "service" if kind == "service" else "to_counter"
        return {name: target, "priority": request.form.get("priority") == "yes"}
    if action == "call":
        label = (form["pick"] or form["label"]).upper().replace(" ", "")
        if not 0 < len(label) <= 6 or not label.isalnum() or not label.isascii():
            raise ValueError(label)
        return {"label": label}
    if action not in {name for name, _ in SHOWN}:
        raise ValueError(action)
    return {}


def _act(
    settings: Counter, user: User, action: str, holding: str | None, parameters: Parameters, part: str = "act"
) -> Answer:
    request_id = request.form.get("request_id", "")
    usable = 0 < len(request_id) <= 64 and request_id.isascii() and request_id.isprintable()
    values = {"counter": settings.id, "action": action, **parameters}
    if action in OF_PRESENT or action == "next":
        values["holding"] = holding
    return context().desk.execute(
        of_user(user).actor,
        counters.act,
        request_id=f"page:{request_id}:{part}" if usable else None,
        body={name: str(value) for name, value in values.items()},
        **values,
    )


def _issue(user: User) -> Outcome:
    words, office = texts(), context().office
    form = typed("service", "language", "request_id")
    if form["service"] not in office.services:
        return Outcome(False, 422, "invalid", words("counter.error.invalid"))
    answer = context().desk.execute(
        of_user(user).actor,
        tickets.issue,
        request_id=f"page:{form['request_id'][:64]}:issue" if form["request_id"].isalnum() else None,
        body=dict(form),
        service=form["service"],
        language=form["language"] if form["language"] in office.languages else None,
        assisted=request.form.get("assisted") == "yes",
    )
    if answer.status >= 400 or answer.body is None:
        return _refused("issue", answer)
    return Outcome(True, 200, None, words("counter.done.issue", label=answer.body["label"]))


def _outcome(action: str, answer: Answer, label: str | None = None) -> Outcome:
    if answer.status >= 400 or answer.body is None:
        return _refused(action, answer, label)
    words, ticket = texts(), answer.body.get("ticket")
    if action in ("next", "call", "recall"):
        if ticket is None:
            return Outcome(True, 200, None, words("counter.done.nobody"))
        return Outcome(True, 200, None, words("counter.done.called", label=ticket["label"]))
    return Outcome(True, 200, None, words(f"counter.done.{action}"))


def _refused(action: str, answer: Answer, label: str | None = None) -> Outcome:
    code = str((answer.body or {}).get("code", "invalid"))
    message = texts().get(f"counter.error.{code}", texts()("counter.error.invalid"))
    ask = action if code == "present_or_absent" and action in ASKING else None
    return Outcome(False, answer.status, code, message, ask, label if ask else None)
