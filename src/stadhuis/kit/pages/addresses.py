"""Addresses of many rows of one page: looked up once, filled in per row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse

_BLANK: Final = UUID(int=0)
_AS_REVERSE: Final = "~:@!$&'()*+,;="


def per_row(route: str, *args: object) -> Callable[[object], str]:
    """Return what gives the address of a route for each row: ``args`` are the same for all, the row's own comes last.

    ``reverse`` looks through every pattern for each address, and a case has a hundred. For a route whose last argument
    may be a uuid. Raises ``NoReverseMatch``.
    """
    before, _, after = reverse(route, args=[*args, _BLANK]).rpartition(str(_BLANK))
    return lambda own: f"{before}{quote(str(own), safe=_AS_REVERSE)}{after}"
