"""Addresses of the area access."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import access, barred

urlpatterns: list[URLPattern] = [
    path("", access.roles, name="roles"),
    path("rollen/nieuw/", access.role_new, name="role_new"),
    path("rollen/<slug:code>/", access.role, name="role"),
    path("rollen/<slug:code>/geven/", access.role_give, name="role_give"),
    path("rollen/<slug:code>/recht/", access.grant_add, name="grant_add"),
    path("rechten/<int:grant>/beeindigen/", access.grant_end, name="grant_end"),
    path("lidmaatschappen/<int:membership>/", access.membership, name="membership"),
    path("verzoeken/", access.requests, name="requests"),
    path("verzoeken/<uuid:uuid>/<str:deed>/", access.request_decide, name="request_decide"),
    path("mensen/<int:medewerker>/", access.person, name="access_person"),
    path("mensen/<int:medewerker>/familie/", access.family, name="family"),
    path("mensen/<int:medewerker>/belangen/<int:conflict>/", access.conflict_end, name="conflict_end"),
    path("mensen/<int:medewerker>/bekijken/", access.view_as, name="view_as"),
    path("afgeschermd/", barred.barred, name="barred"),
    path("afgeschermd/<uuid:uuid>/<str:deed>/", barred.barred_deed, name="barred_deed"),
    path("matrix/", access.matrix, name="matrix"),
    path("zaken/<uuid:uuid>/uitleg/", access.explain, name="explain"),
]
