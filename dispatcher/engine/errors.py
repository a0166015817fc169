"""What the rules refuse, named after what the caller can do about it."""

from __future__ import annotations


class RuleError(Exception):
    """A refusal with one of the contract's codes; nothing has changed. `field` names the input at fault, if one is."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class IllegalMove(Exception):
    """A change of state that the table of transitions does not hold: a defect of the caller."""
