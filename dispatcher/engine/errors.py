"""What the rules refuse, named after what the caller can do about it."""

from __future__ import annotations


class RuleError(Exception):
    """A refusal with one of the contract's codes; nothing has changed.

    `field` names the input at fault, `ticket_id` the ticket that stands in the way, if there is one.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, ticket_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.ticket_id = ticket_id


class IllegalMove(Exception):
    """A change of state that the table of transitions does not hold: a defect of the caller."""
