"""Addresses of log-in and log-out."""

from __future__ import annotations

from django.urls import URLPattern, path

from stadhuis.people import pages

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("inloggen/", pages.choose, name="inloggen"),
    path("inloggen/ophogen/", pages.step_up, name="ophogen"),
    # Registered at the providers as they are, without a slash at the end; an address per provider, against mix-up.
    path("inloggen/<slug:means>/terug", pages.back, name="terug"),
    path("inloggen/<slug:means>/afmelden", pages.provider_logs_out, name="afmelden"),
    path(".well-known/jwks.json", pages.jwks, name="jwks"),
    path("inloggen/<slug:means>/", pages.start, name="start"),
    path("uitloggen/", pages.log_out, name="uitloggen"),
    path("uitgelogd", pages.logged_out, name="uitgelogd"),
    path("sessie/verlengen/", pages.stay, name="verlengen"),
    path("werkplek/inloggen/", pages.staff_log_in, name="werkplek_inloggen"),
    path("werkplek/inloggen/code/", pages.staff_code, name="werkplek_code"),
    path("werkplek/uitloggen/", pages.log_out, name="werkplek_uitloggen"),
    path("werkplek/uitgelogd/", pages.logged_out, name="werkplek_uitgelogd"),
    path("werkplek/sessie/verlengen/", pages.stay, name="werkplek_verlengen"),
]
