"""Addresses under /webhooks/api/v1/."""

from __future__ import annotations

from stadhuis.autorisaties.webhook import API

urlpatterns = API.urls()
