"""The size of what comes in, judged before a byte of it is read.

Without this the CSRF check parses a whole ``multipart/form-data`` body first, and Django writes every file in it to disk: anyone
could fill the disk through any form. Bodies without a length (chunked) are not read at all: Django takes them for empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.kit.pages import errors

JUDGES_OWN_BODY = "judges_own_body"
"""Attribute of a view that takes files or answers programs: it refuses what is too large itself, in its own words."""


def length_of(request: HttpRequest) -> int:
    """Return how many bytes a request says it brings; 0 when it does not say."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


class BodySizeMiddleware:
    """Answer 413 to a form that is larger than a form without files can be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leave the request to the next one; the view must be known first."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse before the CSRF check, which stands after this one, reads the body."""
        if getattr(view, JUDGES_OWN_BODY, False) or length_of(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        return errors.page(request, 413)
