"""What can go wrong when BRP or KVK is asked. No error text holds a BSN, a name or a key."""

from __future__ import annotations

from typing import Literal

Reason = Literal["unreachable", "slow", "refused", "broken", "nonsense"]


class PersonenError(Exception):
    """Something went wrong at a source of persons or companies."""


class SourceUnavailable(PersonenError):
    """The source gave no usable answer. Show its data as missing, never as empty.

    ``reason``: unreachable (no connection), slow (time-out), refused (our key or our question), broken (an error of the
    source), nonsense (an answer that is not what the standard prescribes).
    """

    def __init__(self, source: str, reason: Reason) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class NotFound(PersonenError):
    """The source answered, and does not know this person or company."""
