"""Pages that show someone's own data write their line before the answer leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.audit.actions import record_processing
from stadhuis.people import public as people

View = Callable[..., HttpResponseBase]
SHOWN: Final = frozenset({200, 409, 422})
"""Answers that show a page: the page itself, or the page with what must be mended. Any other shows nobody's data."""


def logs_own_use(activity: str) -> Callable[[View], View]:
    """Let a page of a resident write that his own data (or those of whom he acts for) were used. Goes below the guard."""

    def decorate(view: View) -> View:
        @wraps(view)
        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = view(request, *args, **kwargs)
            by = people.actor_of(request)
            if answer.status_code in SHOWN and by is not None and by.person_id is not None:
                record_processing(activity, [by.person_id], by=by)
            return answer

        return logged

    return decorate
