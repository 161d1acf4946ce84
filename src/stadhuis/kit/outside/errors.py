"""What can be wrong with a call to another system. The texts never repeat what was fetched."""

from __future__ import annotations


class OutsideError(Exception):
    """The address gave no usable answer. The text is for a log and a developer."""


class Forbidden(OutsideError):
    """The address lies in a network that we do not call, or is no address at all."""


class Unreachable(OutsideError):
    """No connection, or it broke."""


class TooSlow(OutsideError):
    """The whole answer was not there in time."""


class TooLarge(OutsideError):
    """The answer is larger than we take."""


class Garbled(OutsideError):
    """The answer is packed in a way that we did not ask for."""


class Paused(Unreachable):
    """The other side failed a few times in a row and is left alone for a moment."""


class NotJson(OutsideError):
    """There was an answer, but it is not a JSON object."""
