"""Addresses of the area applications."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import applications

urlpatterns: list[URLPattern] = [
    path("", applications.applications, name="applications"),
    path("aansluiten/", applications.connect, name="connect"),
    path("<uuid:uuid>/", applications.application, name="application"),
    path("<uuid:uuid>/aanroepen/", applications.application_calls, name="application_calls"),
    path("<uuid:uuid>/rechten/", applications.application_rights, name="application_rights"),
    path("<uuid:uuid>/geheim/", applications.secret_new, name="secret_new"),
    path("<uuid:uuid>/geheim/intrekken/", applications.secret_drop, name="secret_drop"),
    path("<uuid:uuid>/proberen/", applications.try_connection, name="try_connection"),
    path("<uuid:uuid>/afsluiten/", applications.disconnect, name="disconnect"),
]
