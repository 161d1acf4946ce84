"""Addresses under /besluiten/api/v1/."""

from __future__ import annotations

from stadhuis.besluiten.api import API

urlpatterns = API.urls()
