"""Guards for pages: who must be logged in, how strongly, and what someone sees who is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from stadhuis.kit.sessions import is_workplace
from stadhuis.people.actor import Actor, Kind
from stadhuis.people.representation import basis_name
from stadhuis.people.rules import Level, is_high_enough, safe_next

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
LevelOf = Callable[..., Level]


class _Guarded(Protocol):
    needed_level: Level | LevelOf
    needed_service: Callable[..., str] | None


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is logged in on this face, or None."""
    return cast("Actor | None", getattr(request, "actor", None))


def acts_for(request: HttpRequest) -> str:
    """Return in a sentence for whom somebody acts and on what basis; "" for who acts for himself."""
    actor = actor_of(request)
    if actor is None or actor.acting_for is None:
        return ""
    said = {"name": actor.acting_for.label or _("iemand anders"), "basis": basis_name(actor.basis)}
    return _("U regelt zaken voor %(name)s, als %(basis)s.") % said


def here(request: HttpRequest) -> str:
    """Return the address of the page someone is on, to lead back to.

    For a GET that is the request; for a POST or a fragment it is the page that sent it, so that a saved step opens again.
    """
    workplace = is_workplace(request.path_info)
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return safe_next(request.get_full_path(), workplace=workplace, default=request.path)
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    parts = urlsplit(came_from)
    if f"{parts.scheme}://{parts.netloc}" in {settings.PUBLIC_URL, f"{request.scheme}://{request.get_host()}"}:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return safe_next(path, workplace=workplace, default=request.path)
    return safe_next(request.path, workplace=workplace, default="/werkplek/" if workplace else "/")


def needed_level(path: str) -> Level:
    """Return the level that the page at ``path`` asks for, as its own guard says; "low" when it says nothing.

    The visitor cannot influence it: the address is resolved on the server to the view that will guard it.
    """
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return "low"
    wanted = getattr(match.func, "needed_level", "low")
    return cast(Level, wanted(*match.args, **match.kwargs) if callable(wanted) else wanted)


def _send(request: HttpRequest, to: str, *, why: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # htmx follows this header before it looks at the status.
        return HttpResponse(status=401, headers={"HX-Redirect": to})
    if "application/json" in request.headers.get("Accept", "") and "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"reason": why, "login": to}, status=401)
    answer = HttpResponseRedirect(to)
    answer["Cache-Control"] = "no-store"
    return answer


def _not_logged_in(request: HttpRequest, *, login: str, over: str) -> HttpResponse:
    query = urlencode({"next": here(request)})
    was_ended = getattr(request, "login_ended", "")
    if was_ended:
        return _send(
            request, f"{reverse(over)}?{urlencode({'reden': was_ended, 'next': here(request)})}", why=was_ended
        )
    return _send(request, f"{reverse(login)}?{query}", why="not-logged-in")


LONGEST_LATE_POST = 512 * 1024


def _is_short_post(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    return request.method == "POST" and length.isdecimal() and int(length) <= LONGEST_LATE_POST


def resident_required(
    level: Level | LevelOf = "low",
    *,
    kinds: Sequence[Kind] = ("resident", "company"),
    service: Callable[..., str] | None = None,
    late: Callable[..., None] | None = None,
) -> Callable[[View], View]:
    """Guard a page for residents and companies at an assurance level.

    ``level`` may be a function of the view's arguments, for services that each have their own. Not logged in: to the
    log-in page. Session over: a page that says so and leads back. Level too low: a page that offers to step up.
    ``service`` says which service (identificatie of the zaaktype) the page belongs to: whoever acts for someone else on a
    mandate that names other services is told so. ``late`` is called with the request, who it was and the arguments of the
    view when a form is sent by the very request that ends an idle session: it may keep what was typed, and shows nothing.
    """

    def is_allowed(actor: Actor, *args: Any, **kwargs: Any) -> bool:
        needed = level(*args, **kwargs) if callable(level) else level
        serves = service is None or not actor.services or service(*args, **kwargs) in actor.services
        return actor.kind in kinds and is_high_enough(actor.level, needed) and serves

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            was = cast("Actor | None", getattr(request, "late_actor", None))
            if late is not None and was is not None and _is_short_post(request) and is_allowed(was, *args, **kwargs):
                late(request, was, *args, **kwargs)
            if actor is None or actor.kind not in kinds:
                return _not_logged_in(request, login="people:inloggen", over="people:uitgelogd")
            needed = level(*args, **kwargs) if callable(level) else level
            if not is_high_enough(actor.level, needed):
                query = urlencode({"next": here(request)})
                return _send(request, f"{reverse('people:ophogen')}?{query}", why="level-too-low")
            if service is not None and actor.services and service(*args, **kwargs) not in actor.services:
                return no_store(render(request, "people/machtiging_elders.html", status=403))
            return no_store(view(request, *args, **kwargs))

        cast(_Guarded, guarded).needed_level = level
        cast(_Guarded, guarded).needed_service = service
        guarded.guarded_by = "resident"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def staff_required(view: View) -> View:
    """Guard a page of the workplace."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None or actor.kind != "staff":
            return _not_logged_in(request, login="people:werkplek_inloggen", over="people:werkplek_uitgelogd")
        return no_store(view(request, *args, **kwargs))

    guarded.guarded_by = "staff"  # type: ignore[attr-defined]
    return cast(View, guarded)


def no_store(response: HttpResponseBase) -> HttpResponseBase:
    """Keep a personal page out of caches, so that the back button after log-out shows nothing."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store, private"
    return response
