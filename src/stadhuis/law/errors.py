"""What can be wrong with what is asked of the law room."""

from __future__ import annotations


class LawError(ValueError):
    """The question cannot be answered: a term or event is not what the law knows."""

    code = "law"


class UnknownTerm(LawError):
    """No term with this name or notation."""

    code = "unknown-term"


class ImpossibleEvent(LawError):
    """An event that contradicts itself or the rest of the case."""

    code = "impossible-event"
