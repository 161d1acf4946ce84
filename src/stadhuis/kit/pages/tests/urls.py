"""The addresses of the kit, and a few that go wrong."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from stadhuis.kit import urls as kit_urls
from stadhuis.kit.pages import errors


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def _crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def _too_large(request: HttpRequest) -> HttpResponse:
    return errors.page(request, 413)


def _wait(request: HttpRequest) -> HttpResponse:
    return errors.page(request, 429, retry_after=60)


def _flash(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Bewaard <b>")
    return render(request, "kit/layout_portal.html")


urlpatterns = [
    *kit_urls.urlpatterns,
    path("geheim/", _forbidden),
    path("verdacht/", _suspicious),
    path("stuk/", _crash),
    path("groot/", _too_large),
    path("vaak/", _wait),
    path("melding/", _flash),
]
handler400 = "stadhuis.kit.pages.errors.bad_request"
handler403 = "stadhuis.kit.pages.errors.forbidden"
handler404 = "stadhuis.kit.pages.errors.not_found"
handler500 = "stadhuis.kit.pages.errors.server_error"
