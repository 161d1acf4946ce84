"""Addresses of the source become ours; those of other hosts stay as they were sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings

_RESOURCE: Final = re.compile(
    r"[a-z_-]+/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"(?:/[a-z_-]+/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})?",
    re.IGNORECASE,
)


class Addresses:
    """How addresses of one source are written here.

    ``adopted``: address there -> uuid here, where they differ. ``foreign``: addresses of objects that cannot come, because an
    object of ours has their uuid; they stay as they are, so that nothing comes to hang on ours.
    """

    def __init__(self, shown: Mapping[str, str], adopted: Mapping[str, UUID], foreign: Iterable[str] = ()) -> None:
        self._roots = [(f"{root}/", f"{settings.PUBLIC_URL}/{api}/api/v1/") for api, root in shown.items()]
        self._adopted = dict(adopted)
        self._foreign = set(foreign)

    def adopt(self, url: str, uuid: UUID) -> None:
        """Remember that an object of the source is one of ours under another uuid."""
        self._adopted[url] = uuid

    def leave(self, url: str) -> None:
        """Remember that an object of the source cannot come."""
        self._foreign.add(url)

    def ours(self, url: str) -> str:
        """Return our address of an object of the source; any other text as it is."""
        if url in self._foreign:
            return url
        for theirs, ours in self._roots:
            if url.startswith(theirs) and _RESOURCE.fullmatch(path := url[len(theirs) :]):
                if url in self._adopted:
                    path = f"{path.rpartition('/')[0]}/{self._adopted[url]}"
                return ours + path
        return url

    def rewritten(self, value: Any) -> Any:
        """Return JSON with every address of the source as ours."""
        if isinstance(value, str):
            return self.ours(value) if value.startswith("http") else value
        if isinstance(value, list):
            return [self.rewritten(item) for item in value]
        if isinstance(value, dict):
            return {key: self.rewritten(item) for key, item in value.items()}
        return value


def uuid_at_end(url: str) -> UUID | None:
    """Return the uuid an address ends with, or None."""
    try:
        return UUID(url.rpartition("/")[2])
    except ValueError:
        return None
