"""Addresses of the area catalogus."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import catalogus

urlpatterns: list[URLPattern] = [
    path("", catalogus.overview, name="catalogi"),
    path("inlezen/", catalogus.take_in, name="catalogus_import"),
    path("<uuid:catalogus>/", catalogus.types, name="catalogus"),
    path("<uuid:catalogus>/export/", catalogus.export, name="catalogus_export"),
    path("<uuid:catalogus>/<slug:kind>/<uuid:version>/", catalogus.versions, name="versions"),
    path("<uuid:catalogus>/<slug:kind>/<uuid:version>/nieuwe-versie/", catalogus.new_version, name="new_version"),
    path("<uuid:catalogus>/<slug:kind>/<uuid:version>/publiceren/", catalogus.publish, name="publish_version"),
]
