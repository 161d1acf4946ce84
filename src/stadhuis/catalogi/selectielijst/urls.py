"""Addresses under /selectielijst/api/v1/."""

from __future__ import annotations

from django.urls import path

from stadhuis.catalogi.selectielijst import api

app_name = "selectielijst"
urlpatterns = [
    path("<slug:path>", api.listed, name="list"),
    path("<slug:path>/<uuid:uuid>", api.one, name="one"),
]
