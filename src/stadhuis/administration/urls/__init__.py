"""Addresses of administration, all under ``/werkplek/beheer/``; one file per area."""

from django.urls import include, path

from stadhuis.administration.pages import home

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("mensen/", include("stadhuis.administration.urls.people")),
    path("toegang/", include("stadhuis.administration.urls.access")),
    path("applicaties/", include("stadhuis.administration.urls.applications")),
    path("naspeuren/", include("stadhuis.administration.urls.audit")),
    path("catalogus/", include("stadhuis.administration.urls.catalogus")),
    path("draaien/", include("stadhuis.administration.urls.running")),
]
