"""Two faces, two sessions: a resident and a member of staff may be logged in side by side in one browser.

The workplace has a cookie of its own, bound to its path; a stolen portal cookie opens nothing there and the reverse.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

WORKPLACE_PREFIX = "/werkplek/"


def is_workplace(path: str) -> bool:
    """Return whether a path belongs to the workplace."""
    return path == WORKPLACE_PREFIX.rstrip("/") or path.startswith(WORKPLACE_PREFIX)


class FaceSessionMiddleware(SessionMiddleware):
    """Django's session middleware, once per face, each with its own cookie name and path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> None:
        """Load the session that belongs to the face this path is on."""
        name = settings.STAFF_SESSION_COOKIE_NAME if is_workplace(request.path_info) else settings.SESSION_COOKIE_NAME
        request.session = self.SessionStore(request.COOKIES.get(name))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session and set its cookie under the name and path of the face."""
        answer = super().process_response(request, response)
        if is_workplace(request.path_info) and settings.SESSION_COOKIE_NAME in answer.cookies:
            morsel = answer.cookies.pop(settings.SESSION_COOKIE_NAME)
            answer.cookies[settings.STAFF_SESSION_COOKIE_NAME] = morsel.value
            moved = answer.cookies[settings.STAFF_SESSION_COOKIE_NAME]
            for key, value in morsel.items():
                moved[key] = value
            moved["path"] = "/werkplek"
        return answer
