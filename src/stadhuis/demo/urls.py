"""Addresses of the demo room; not there in production."""

from __future__ import annotations

from django.urls import URLPattern, path

from stadhuis.demo import pages

app_name = "demo"
urlpatterns: list[URLPattern] = [path("", pages.who_is_who, name="wie_is_wie")]
