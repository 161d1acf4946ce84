"""Addresses under /zaken/api/v1/."""

from __future__ import annotations

from stadhuis.zaken.api import API

urlpatterns = API.urls()
