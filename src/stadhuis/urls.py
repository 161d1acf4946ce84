"""All addresses: each room brings its own ``urls.py``; the faces and registers have fixed roots."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

_ROOTS = [
    ("stadhuis.zaken.urls", "zaken/api/v1/"),
    ("stadhuis.catalogi.urls", "catalogi/api/v1/"),
    ("stadhuis.catalogi.selectielijst.urls", "selectielijst/api/v1/"),
    ("stadhuis.documenten.urls", "documenten/api/v1/"),
    ("stadhuis.besluiten.urls", "besluiten/api/v1/"),
    ("stadhuis.notificaties.urls", "notificaties/api/v1/"),
    ("stadhuis.autorisaties.urls", "autorisaties/api/v1/"),
    ("stadhuis.autorisaties.webhook_urls", "webhooks/api/v1/"),
    ("stadhuis.kit.urls", ""),
    ("stadhuis.people.urls", ""),
    ("stadhuis.administration.urls", "werkplek/beheer/"),
    ("stadhuis.workplace.urls", "werkplek/"),
    ("stadhuis.casework.urls", "werkplek/"),
    ("stadhuis.forms.urls", ""),
    ("stadhuis.messages.urls", ""),
    ("stadhuis.demo.urls", "demo/"),
    ("stadhuis.portal.urls", ""),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path(root, include(module))
    for module, root in _ROOTS
    if module.split(".")[1] in settings.ROOMS and find_spec(module) is not None
]

handler400 = "stadhuis.kit.pages.errors.bad_request"
handler403 = "stadhuis.kit.pages.errors.forbidden"
handler404 = "stadhuis.kit.pages.errors.not_found"
handler500 = "stadhuis.kit.pages.errors.server_error"
