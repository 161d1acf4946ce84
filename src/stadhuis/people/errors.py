"""What can be wrong with who someone is or says to be."""

from __future__ import annotations


class PeopleError(Exception):
    """Something about persons, companies, staff or log-in."""


class InvalidBsn(PeopleError):
    """Not nine digits that pass the eleven-test. The text never repeats the number."""

    def __init__(self) -> None:
        super().__init__("not a valid BSN")


class InvalidKvk(PeopleError):
    """Not the eight digits of a KVK number."""

    def __init__(self) -> None:
        super().__init__("not a valid KVK number")


class NotKnown(PeopleError):
    """There is no such person, company, unit or member of staff."""


class LoginFailed(PeopleError):
    """A log-in came back, but not with a proof that we accept. ``reason`` is for the log, never for the visitor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LoginCancelled(LoginFailed):
    """The visitor pressed cancel at the provider."""


class AttemptUnknown(LoginFailed):
    """The answer belongs to no log-in that this browser started, or to one that was already used or is too old."""


class ProviderUnavailable(LoginFailed):
    """The provider is down, slow, or answers nonsense."""


class LevelTooLow(LoginFailed):
    """The proof is sound, but weaker than the service asks for."""

    def __init__(self, asked: str, given: str) -> None:
        super().__init__(f"asked {asked}, got {given}")
        self.asked, self.given = asked, given


class MandateUnusable(LoginFailed):
    """Someone acts for someone else, but on no basis that we can go by: unknown, over, or a parent of an adult."""


class LogoutReplayed(LoginFailed):
    """A logout token that was carried out before."""


class LinkNotUsable(PeopleError):
    """A link from a mail that is unknown, used, withdrawn or too old. One error for all: it tells nothing."""


class WrongInput(PeopleError):
    """What was typed cannot be; ``field`` names where and ``code`` why, the page has the words."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code
