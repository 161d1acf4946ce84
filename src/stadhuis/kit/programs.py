"""Requests of programs: they have no session, no language and no forms, so what those cost is left out of their way.

Middleware that serves people only is wrapped with ``for_people``; it passes the requests of programs on untouched. A cookie
means nothing to the APIs: who calls is told by the token alone.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from stadhuis.kit.sessions import FaceSessionMiddleware

Middleware = TypeVar("Middleware", bound=type[Any])
_ROOT: Final = re.compile(r"/[a-z]+/api/v\d+/")


def is_for_programs(path: str) -> bool:
    """Return whether an address lies under the root of an API."""
    return _ROOT.match(path) is not None


def for_people(middleware: Middleware) -> Middleware:
    """Return middleware that leaves the requests of programs alone."""

    def call(self: Any, request: HttpRequest) -> HttpResponseBase:
        if is_for_programs(request.path_info):
            answer: HttpResponseBase = self.get_response(request)
            return answer
        return middleware.__call__(self, request)  # type: ignore[no-any-return]

    made: Any = type(middleware.__name__, (middleware,), {"__call__": call, "__doc__": middleware.__doc__})
    return made  # type: ignore[no-any-return]


Sessions = for_people(FaceSessionMiddleware)
Forms = for_people(CsrfViewMiddleware)
"""What is not under the root of an API is judged as ever; the views of the APIs read no cookie and are exempt by themselves."""
Messages = for_people(MessageMiddleware)


class Language(LocaleMiddleware):
    """The language of a visitor; programs are answered in that of the town hall, whoever asked last in this thread."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Choose the language and answer."""
        if not is_for_programs(request.path_info):
            return cast("HttpResponseBase", super().__call__(request))
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        return cast("HttpResponseBase", self.get_response(request))
