"""The guard of administration: who administers what."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.access.reads import administration_of
from stadhuis.people.public import actor_of, staff_required

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def rights_to_administer(request: HttpRequest) -> frozenset[str]:
    """Return which ``beheer.*`` actions whoever is logged in has; asked of the database once per request."""
    found = getattr(request, "administers", None)
    if found is None:
        actor = actor_of(request)
        found = administration_of(actor) if actor else frozenset()
        request.administers = found  # type: ignore[attr-defined]
    return cast("frozenset[str]", found)


def administrator_required(action: str = "") -> Callable[[View], View]:
    """Guard a page of administration with an action (by default: any). For others the page is not there (404)."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            rights = rights_to_administer(request)
            if not rights or (action and action not in rights):
                raise Http404
            return view(request, *args, **kwargs)

        marked = staff_required(guarded)
        marked.guarded_by = f"administrator {action}".strip()  # type: ignore[attr-defined]
        return cast(View, marked)

    return guard
