"""Addresses of forms."""

from __future__ import annotations

from django.urls import path

from stadhuis.forms import pages

app_name = "forms"
_DRAFT = "aanvragen/<slug:slug>/<uuid:uuid>/"
urlpatterns = [
    path("aanvragen/<slug:slug>/", pages.start, name="start"),
    path(f"{_DRAFT}stap/<slug:step>/", pages.step, name="step"),
    path(f"{_DRAFT}bewaren/", pages.autosave, name="autosave"),
    path(f"{_DRAFT}bestanden/", pages.upload, name="upload"),
    path(f"{_DRAFT}bestanden/<uuid:file>/", pages.file, name="file"),
    path(f"{_DRAFT}overzicht/", pages.overview, name="overview"),
    path(f"{_DRAFT}ontvangst/", pages.receipt, name="receipt"),
    path(f"{_DRAFT}weggooien/", pages.throw_away, name="throw_away"),
]
