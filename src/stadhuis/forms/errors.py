"""What can be refused in forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stadhuis.forms.rules.engine import AnswerFault


class FormsError(Exception):
    """Something about a form that cannot be done."""


class FormUnknown(FormsError):
    """There is no published form with this slug."""


class DraftNotFound(FormsError):
    """There is no such draft, or it belongs to someone else."""


class DraftAlreadySubmitted(FormsError):
    """The draft has been handed in; it cannot be changed any more."""


class AnswersWrong(FormsError):
    """The answers cannot be handed in yet; ``faults`` says per step what is wrong."""

    def __init__(self, faults: Mapping[str, Sequence[AnswerFault]]) -> None:
        super().__init__("answers are wrong or missing")
        self.faults = faults


class NotAllowed(FormsError):
    """A rule of the form says that one cannot go on from a step."""


class TooManyFiles(FormsError):
    """The question takes no more files."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"no more than {limit} files")
        self.limit = limit


class LevelTooLow(FormsError):
    """The log-in proves less than the form asks for."""
