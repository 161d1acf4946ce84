"""Addresses under /documenten/api/v1/."""

from __future__ import annotations

from stadhuis.documenten.api import API

urlpatterns = API.urls()
