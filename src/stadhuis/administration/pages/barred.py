"""Barred persons: whose cases only who has ``persoon.afgeschermd`` sees. Set by one administrator, taken off by two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.administration.pages.access import _by, _crumbs, _day, _deed, _said, _written, guard
from stadhuis.audit import public as audit
from stadhuis.kit.pages import flash
from stadhuis.people import public as people

LAST_DIGITS = 3
"""So many digits of a BSN are shown: enough to tell two lines apart, too few to know somebody by."""


@guard
@require_http_methods(["GET", "POST"])
def barred(request: HttpRequest) -> HttpResponseBase:
    """Show who is barred and bar somebody, by BSN (in the body of a POST)."""
    by = _by(request)
    typed = {name: _written(request, name) for name in ("bsn", "reden", "tot")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        until = _day(typed["tot"]) if typed["tot"] else None
        if not people.is_bsn(typed["bsn"]):
            errors["bsn"] = _("Dit is geen burgerservicenummer. Controleer de negen cijfers.")
        if not typed["reden"]:
            errors["reden"] = _("Schrijf waarom dit nodig is.")
        if typed["tot"] and until is None:
            errors["tot"] = _("Vul een dag in als dd-mm-jjjj.")
        if not errors:
            try:
                with transaction.atomic():
                    person = people.person_for_bsn(typed["bsn"])
                    access.bar_person(person, reason=typed["reden"], ends_on=until, by=by)
            except access.RightIncomplete as error:
                errors["tot"] = _said(error) if error.field != "valid_to" else _("Kies een dag na vandaag.")
            else:
                flash.ok(request, _("Deze persoon is vanaf nu afgeschermd."))
                return HttpResponseRedirect(reverse("administration:barred"))
    return render(
        request, "administration/barred.html", _context(request, typed, errors), status=422 if errors else 200
    )


def _context(request: HttpRequest, typed: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    by, every = _by(request), access.bars()
    persons = [one.person_id for one in every]
    numbers = people.bsns_of(persons)
    audit.record_processing("toezicht.naspeuren", persons, by=by)
    return {
        "kruimels": _crumbs((_("Afgeschermde personen"), "")),
        "regels": [
            {
                "bar": one,
                "wie": _("BSN eindigt op %(digits)s") % {"digits": numbers.get(one.person_id, "–")[-LAST_DIGITS:]},
                "vraagt": one.is_in_force and not one.lift_asked_by,
                "beslist": one.is_in_force and bool(one.lift_asked_by) and one.lift_asked_by != by.key,
                "eigen": one.is_in_force and one.lift_asked_by == by.key,
            }
            for one in every
        ],
        "typed": typed,
        "fout": errors,
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
    }


@guard
@require_POST
def barred_deed(request: HttpRequest, uuid: UUID, deed: str) -> HttpResponseBase:
    """Ask to take a bar off, agree to that, or leave it on."""
    by = _by(request)
    if deed not in {"vragen", "opheffen", "laten"}:
        raise Http404

    def act() -> str:
        if deed == "vragen":
            access.ask_to_lift(uuid, reason=_written(request, "reden"), by=by)
            return _("Een tweede beheerder beslist of de afscherming weg mag.")
        access.decide_lift(uuid, approve=deed == "opheffen", by=by)
        return _("De afscherming is opgeheven.") if deed == "opheffen" else _("De afscherming blijft.")

    return _deed(request, act, reverse("administration:barred"))
