"""The answer of every `may_<verb>` policy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the sentence shown to the user when not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refused(reason: str) -> Decision:
    """A refusal always carries the reason the user reads."""
    if not reason:
        raise ValueError("a refusal needs a reason")
    return Decision(False, reason)


class NotVisible(Exception):
    """The record is not there, or not for this actor: which of the two is never said.

    Raised by `get_x(actor, id)` of the policies; @requires and @public answer it with 404.
    """
