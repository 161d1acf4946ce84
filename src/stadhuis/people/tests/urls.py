"""Addresses for these tests: log-in, and pages that stand for what other rooms guard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from stadhuis.people.guards import actor_of, resident_required, staff_required
from stadhuis.people.rules import Level


def level_of(service: str) -> Level:
    return "substantial" if service == "uitkering" else "low"


def who(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(actor.key if actor else "nobody")


@resident_required()
def own(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor is not None
    return HttpResponse(f"{actor.key} {actor.level}")


@resident_required(level_of)
def service(request: HttpRequest, service: str) -> HttpResponse:
    return HttpResponse("service")


@resident_required(service=lambda service: service)
def bounded(request: HttpRequest, service: str) -> HttpResponse:
    return HttpResponse("own service")


@staff_required
def work(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor is not None
    return HttpResponse(actor.key)


urlpatterns = [
    path("", include("stadhuis.kit.urls")),
    path("", include("stadhuis.people.urls")),
    path("", who),
    path("mijn/", own),
    path("dienst/<slug:service>/", service),
    path("alleen/<slug:service>/", bounded),
    path("werkplek/", work),
    path("werkplek/zaak/", work),
]
