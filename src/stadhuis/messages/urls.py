"""Addresses of messages: where residents see to their mail addresses."""

from __future__ import annotations

from django.urls import path

from stadhuis.messages import pages

app_name = "mail"
urlpatterns = [
    path("mijn/mail/", pages.addresses, name="addresses"),
    path("mijn/mail/<uuid:uuid>/bevestigen/", pages.confirm, name="confirm"),
    path("mijn/mail/<uuid:uuid>/code/", pages.again, name="again"),
    path("mijn/mail/<uuid:uuid>/verwijderen/", pages.remove, name="remove"),
]
