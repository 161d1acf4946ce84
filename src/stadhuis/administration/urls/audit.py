"""Addresses of the area audit."""

from django.urls import path

from stadhuis.administration.pages import audit

urlpatterns = [
    path("", audit.trail, name="trail"),
    path("zegels/", audit.chain, name="chain"),
    path("zegels/controleren/", audit.check, name="check"),
]
