"""Pages for what shuts a case to oneself (a personal interest) and what opens one for a while (break-glass)."""

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
from stadhuis.casework import public as casework
from stadhuis.kit.pages import flash
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.workplace.pages import actor, written, zaak_or_404
from stadhuis.zaken import public as zaken

NO_REASON = 422


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def conflict(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Declare a personal interest: the case is shut to oneself from now on. Source: Awb art. 2:4."""
    record, by = zaak_or_404(uuid, request), actor(request)
    reason, error = written(request, "reden"), ""
    if request.method == "POST":
        if reason.strip():
            with transaction.atomic():
                access.declare_conflict(uuid, reason=reason, by=by)
                work = casework.work_of(record.id)
                if work is not None and work.handler_id == by.pk and work.is_open:
                    casework.hand_back(uuid, by=by)
            flash.ok(request, _("Dank u. Deze zaak is nu dicht voor u."))
            return HttpResponseRedirect(reverse("workplace:worklist"))
        error = _("Schrijf kort waarom. Alleen beheerders van toegang lezen dit.")
    context = {
        "titel": _("Persoonlijk belang melden"), "zaak": record, "knop": _("Sluit deze zaak voor mij"),
        "inleiding": _("Kent u iemand in deze zaak, of hebt u er zelf iets aan? Dan behandelt en leest een collega de zaak."),
        "terug_url": reverse("workplace:zaak", args=[uuid]),
        "kruimels": [{"text": record.identificatie, "url": reverse("workplace:zaak", args=[uuid])}, {"text": _("Persoonlijk belang"), "url": ""}],
        "fouten": [{"field": "reden", "text": error}] if error else [],
        "velden": [{"kind": "textarea", "name": "reden", "label": _("Waarom"), "value": reason, "error": error, "required": True, "rows": 3}],
    }  # fmt: skip
    return render(request, "workplace/form_page.html", context, status=NO_REASON if error else 200)


def _owners(record: zaken.ZaakRecord, by: Actor) -> list[people.MedewerkerRecord]:
    """Return who divides the work of the unit a case lies with; of the whole house when nobody of that unit does."""
    work = casework.work_of(record.id)
    others = [one for one in people.medewerkers() if one.id != by.pk and not one.is_guest]
    able = casework.who_may([one.id for one in others], "zaak.verdelen", record)
    dividers = [one for one in others if one.id in able]
    return [one for one in dividers if work and one.unit_naam == work.unit] or dividers


@people.staff_required
@require_http_methods(["GET", "POST"])
def glass(request: HttpRequest) -> HttpResponseBase:
    """Open one case in an emergency, and see who opened a case of one's unit."""
    by = actor(request)
    number, reason = written(request, "nummer").strip()[:40], written(request, "reden")
    errors: dict[str, str] = {}
    if request.method == "POST":
        found = zaken.find(number=number, seen_by=SYSTEM) if number else []
        record = (
            zaken.zaak_by_id(found[0].id)
            if len(found) == 1 and found[0].identificatie.lower() == number.lower()
            else None
        )
        if record is None or not casework.may(by, "zaak.noodtoegang", record):
            errors["nummer"] = _("Voor dit zaaknummer kunt u geen noodtoegang krijgen. Controleer het nummer.")
        if not reason.strip():
            errors["reden"] = _("Schrijf waarom u deze zaak nu moet zien. De eigenaar leest dit.")
        if not errors and record is not None:
            with transaction.atomic():
                access.break_glass(record.uuid, reason=reason, by=by)
                for owner in _owners(record, by):
                    messages.tell_staff(owner.email, "glass", about=record.uuid, language="nl")
            flash.warning(request, _("U kunt deze zaak vier uur lezen. De eigenaar heeft bericht gekregen."))
            return HttpResponseRedirect(reverse("workplace:zaak", args=[record.uuid]))
    context = _context(by, number, reason, errors)
    answer = render(request, "workplace/glass.html", context, status=422 if errors else 200)
    return zaken.masked(answer, [row["glas"].zaak_uuid for row in context["regels"]], by=by)


def _context(by: Actor, number: str, reason: str, errors: dict[str, str]) -> dict[str, Any]:
    every = access.glasses()
    records = zaken.zaken_by_uuid([one.zaak_uuid for one in every], seen_by=SYSTEM)
    mine = [
        one
        for one in every
        if one.zaak_uuid in records
        and (one.medewerker_id == by.pk or casework.may(by, "zaak.verdelen", records[one.zaak_uuid]))
    ]
    zaken.log_use("toezicht.naspeuren", [one.zaak_uuid for one in mine], by=by)
    rows = [
        {"glas": one, "nummer": records[one.zaak_uuid].identificatie, "eigen": one.medewerker_id == by.pk,
         "sluiten": one.medewerker_id == by.pk and one.is_open,
         "kijken": one.medewerker_id != by.pk and one.seen_at is None}
        for one in mine
    ]  # fmt: skip
    return {
        "regels": rows, "nummer": number, "reden": reason, "fout": errors,
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "cijfers": [
            {"value": len(rows), "text": _("keer in 90 dagen")},
            {"value": sum(1 for row in rows if row["kijken"]), "text": _("nog niet bekeken")},
            {"value": sum(one.is_open for one in mine), "text": _("nu open")},
        ],
    }  # fmt: skip


@people.staff_required
@require_POST
def glass_deed(request: HttpRequest, uuid: UUID, deed: str) -> HttpResponseBase:
    """End one's own break-glass, or keep that one looked at that of a colleague."""
    by = actor(request)
    found = next((one for one in access.glasses() if one.uuid == uuid), None)
    if found is None or deed not in {"sluiten", "gezien"}:
        raise Http404
    record = zaken.zaken_by_uuid([found.zaak_uuid], seen_by=SYSTEM).get(found.zaak_uuid)
    is_own = found.medewerker_id == by.pk
    allowed = (
        is_own if deed == "sluiten" else not is_own and record is not None and casework.may(by, "zaak.verdelen", record)
    )
    if not allowed:
        raise Http404
    try:
        if deed == "sluiten":
            access.end_glass(uuid, by=by)
        else:
            access.look_at_glass(uuid, by=by)
    except access.AccessError:
        flash.error(request, _("Deze noodtoegang is al voorbij."))
    else:
        flash.ok(
            request, _("De noodtoegang is gesloten.") if deed == "sluiten" else _("Bewaard dat u dit hebt gezien.")
        )
    return HttpResponseRedirect(reverse("workplace:glass"))
