"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from stadhuis.portal import pages, uses

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("producten/", pages.products, name="products"),
    path("producten/<slug:slug>/", pages.product, name="product"),
    path("mijn/", pages.mine, name="mine"),
    path("mijn/zaken/<uuid:uuid>/", pages.case, name="case"),
    path("mijn/zaken/<uuid:uuid>/documenten/<uuid:document>/", pages.document, name="document"),
    path("mijn/zaken/<uuid:uuid>/ontvangst/<uuid:receipt>/", pages.receipt, name="receipt"),
    path("mijn/zaken/<uuid:uuid>/ingebrekestelling/", pages.default_notice, name="default_notice"),
    path("mijn/berichten/<uuid:uuid>/", pages.letter, name="letter"),
    path("mijn/berichten/<uuid:uuid>/pdf/", pages.letter_pdf, name="letter_pdf"),
    path("mijn/gegevens/", pages.facts, name="facts"),
    path("mijn/gegevens/gebruik/", uses.uses, name="uses"),
    path("mijn/gegevens/gebruik/bestand/", uses.uses_file, name="uses_file"),
    path("verwerkingen/", uses.activities, name="activities"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("contact/", pages.contact, name="contact"),
]
