"""Addresses of the area audit."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import audit, records

urlpatterns: list[URLPattern] = [
    path("", audit.trail, name="trail"),
    path("zegels/", audit.chain, name="chain"),
    path("zegels/controleren/", audit.check, name="check"),
    path("dossiers/", records.overview, name="records"),
    path("dossiers/<slug:kind>/<uuid:uuid>/", records.record, name="record"),
    path("dossiers/<slug:kind>/<uuid:uuid>/vastzetten/", records.hold, name="record_hold"),
    path("dossiers/<slug:kind>/<uuid:uuid>/klasse/", records.reclassify, name="record_class"),
    path("vastgezet/<uuid:hold>/opheffen/", records.lift, name="record_lift"),
    path("vernietigen/", records.destruction, name="destruction"),
    path("vernietigen/<uuid:uuid>/", records.destruction_list, name="destruction_list"),
    path("vernietigen/<uuid:uuid>/uitzonderen/<int:item>/", records.exclude, name="destruction_exclude"),
    path("vernietigen/<uuid:uuid>/<slug:deed>/", records.destruction_deed, name="destruction_deed"),
    path("bewaartermijnen/", records.classes, name="classes"),
    path("eigenaren/", records.owners, name="owners"),
]
