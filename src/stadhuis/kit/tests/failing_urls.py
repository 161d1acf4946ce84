"""One address that fails, for the tests of what is logged then."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def fail(request: HttpRequest) -> HttpResponse:
    """Fail, with the query string in the text of the error."""
    raise RuntimeError(f"failed at {request.get_full_path()}")


urlpatterns = [path("kapot/", fail)]
