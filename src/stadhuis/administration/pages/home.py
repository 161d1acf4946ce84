"""The way in: what this administrator can do, as cards."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stadhuis.access import public as access
from stadhuis.administration import areas
from stadhuis.catalogi import public as catalogi


@access.administrator_required()
@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """Show the pages this administrator may open, per area, and a warning when published zaaktypen are not complete."""
    rights = access.rights_to_administer(request)
    incomplete = len(catalogi.incomplete_zaaktypen()) if "beheer.draaien" in rights else 0
    return render(request, "administration/home.html", {"areas": areas.of(rights), "incomplete": incomplete})
