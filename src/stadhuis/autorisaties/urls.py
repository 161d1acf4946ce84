"""Addresses under /autorisaties/api/v1/."""

from __future__ import annotations

from stadhuis.autorisaties.api import API

urlpatterns = API.urls()
