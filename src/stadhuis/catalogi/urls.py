"""Addresses under /catalogi/api/v1/."""

from __future__ import annotations

from stadhuis.catalogi.api import API

urlpatterns = API.urls()
