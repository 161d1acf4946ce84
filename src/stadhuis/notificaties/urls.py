"""Addresses under /notificaties/api/v1/."""

from __future__ import annotations

from stadhuis.notificaties.api import API

urlpatterns = API.urls()
