"""Addresses of the kit: switching language, and the style guide where people build and practise."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path
from django.views.i18n import set_language

from stadhuis.kit.pages import styleguide

urlpatterns: list[URLPattern] = [path("taal/", set_language, name="language")]
if not settings.IS_PRODUCTION:
    urlpatterns += [
        path("stijlgids/", styleguide.show, name="styleguide"),
        path("stijlgids/<slug:name>/", styleguide.example, name="styleguide_example"),
    ]
