"""What can go wrong with the catalogue."""

from __future__ import annotations

from datetime import date


class CatalogiError(Exception):
    """Base of the errors of this room. ``code`` and ``field`` are those of the ZGW standard."""

    code = "invalid"
    field = "nonFieldErrors"


class TypeNotFound(CatalogiError, LookupError):
    """No such type, or no version of it that is published and valid on the day."""

    code = "does_not_exist"


class TypeInUse(CatalogiError):
    """A part of the catalogue is not named any more, but zaken, documents or besluiten use it."""


class CatalogusInvalid(CatalogiError):
    """The plain data of a catalogue does not hold together. The text says where."""


class NotInList(CatalogiError, LookupError):
    """An address of the selectielijst or referentielijsten that leads to nothing in the copy we have. The text says why."""

    code = "bad-url"


class ListInvalid(CatalogiError):
    """Files of the selectielijst that are not taken in: ``faults`` says where and why, ``count`` how many there are."""

    def __init__(self, faults: list[str], count: int) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
        self.count = count


class PlacingRefused(CatalogiError):
    """Types that are not placed: ``faults`` says what and why, ``count`` how many faults there are."""

    def __init__(self, faults: list[str], count: int) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
        self.count = count


class ExchangeInvalid(CatalogiError):
    """A file that is no export of a catalogue. The text says why, in one sentence."""


class VersionRefused(CatalogiError):
    """A version that cannot be made or published so. ``code`` says why, ``day`` which day is in the way.

    past: the day lies before today; same-begin: a version begins on it already; later: a published version begins on or
    after it; order: it lies after the last day of the version itself.
    """

    field = "beginGeldigheid"

    def __init__(self, code: str, day: date | None) -> None:
        super().__init__(f"{code} {day}")
        self.code = code
        self.day = day
