"""Who is asking: sets ``request.actor`` from the session of the face the request is on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stadhuis.kit.programs import is_for_programs
from stadhuis.people.sessions import read_login


class ActorMiddleware:
    """Set ``request.actor`` (an ``Actor`` or None) and ``request.login_ended`` (why a session is over, or "")."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look up the session, end it when its time is over, answer the request. Programs have none."""
        if not is_for_programs(request.path_info):
            read_login(request)
        return self.get_response(request)
