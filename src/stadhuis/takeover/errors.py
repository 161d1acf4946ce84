"""What can go wrong while another provider is read. The texts name addresses (uuids), never what was fetched."""

from __future__ import annotations


class TakeoverError(Exception):
    """The run cannot go on now. What was done stays done; the same command goes on from there."""


class SettingsUnusable(TakeoverError):
    """The file that describes the source is missing or wrong."""


class SourceDown(TakeoverError):
    """The source did not answer usably for longer than the patience that was asked."""


class SourceRefuses(TakeoverError):
    """The source does not accept our token."""


class AlreadyRunning(TakeoverError):
    """Another process is taking over from this source now."""


class NotAllowed(Exception):
    """We may not see this at the source (403)."""


class NotThere(Exception):
    """The source does not have this (404), or not this part of the API."""

    def __init__(self, reason: str, status: int = 404) -> None:
        super().__init__(reason)
        self.status = status


class ContentDiffers(Exception):
    """What came in is not what the source says of it: another size or checksum."""
