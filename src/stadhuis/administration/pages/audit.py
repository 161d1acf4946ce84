"""Looking back: who did what, and whether the trail itself still holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.pages import flash
from stadhuis.people import public as people
from stadhuis.zaken import public as zaken

MOST: Final = 100
OPEN_KINDS: Final = frozenset({"medewerker", "unit", "toegang", "applicatie", "persoon"})
"""Kinds of which the trail holds nothing that stands behind the access rule of a zaak."""


@access.administrator_required("beheer.naspeuren")
@require_http_methods(["GET", "POST"])
def trail(request: HttpRequest) -> HttpResponseBase:
    """Search the trail by number of the object, by who did it and by day. What was typed is only ever in the body.

    Shows that something changed and which fields, not what they held: that stands in the trail of the object itself, for
    whoever may read it. Of accounts, units, roles and applications, which have no page with a trail of their own and hold
    nothing of residents, it shows the values too. The look itself goes to the processing log.
    """
    typed = {
        name: request.POST.get(name, "").replace("\x00", "").strip()[:120] for name in ("nummer", "wie", "van", "tot")
    }
    errors: dict[str, str] = {}
    lines: list[audit.TrailRecord] = []
    if request.method == "POST":
        days: dict[str, date | None] = {name: _day(typed[name]) for name in ("van", "tot")}
        for name, day in days.items():
            if typed[name] and day is None:
                errors[name] = _("Vul de dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026.")
        wanted = audit.TrailFilter(typed["nummer"], typed["wie"], days["van"], days["tot"])
        if wanted.is_empty and not errors:
            errors["nummer"] = _("Vul een nummer, een naam of een dag in.")
        if not errors:
            lines = audit.search_trail(wanted, limit=MOST + 1)
    shown = lines[:MOST]
    by = people.actor_of(request)
    if shown and by is not None:
        zaken.log_use("toezicht.naspeuren", sorted({line.about for line in shown if line.about is not None}), by=by)
    context = {
        "typed": typed,
        "fout": errors,
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "gezocht": request.method == "POST" and not errors,
        "regels": [_row(line) for line in shown],
        "is_more": len(lines) > MOST,
        "most": MOST,
    }
    return render(request, "administration/trail.html", context, status=422 if errors else 200)


def _day(text: str) -> date | None:
    """Return the day that was typed as dd-mm-jjjj, or None."""
    try:
        day = datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007  (a day, not a moment)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def _row(line: audit.TrailRecord) -> dict[str, Any]:
    before, after = line.oud or {}, line.nieuw or {}
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    behind = line.acting_for_key and _("namens %(who)s") % {"who": line.acting_for_key}
    return {
        "at": line.at,
        "what": line.actie_weergave or audit.in_words(line.actie, line.resource),
        "number": line.resource_weergave,
        "who": line.gebruikers_weergave or line.gebruikers_id or line.applicatie_weergave,
        "for_whom": behind,
        "through": line.applicatie_weergave,
        "why": line.toelichting,
        "changed": "" if line.kind in OPEN_KINDS else ", ".join(changed[:12]) + (" …" if len(changed) > 12 else ""),
        "values": _values(before, after) if line.kind in OPEN_KINDS else [],
        "is_refused": line.resultaat >= 400,
    }


def _values(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return each field with what it holds, and what it held when that was something else."""
    lines = []
    for name in dict.fromkeys([*before, *after]):
        was, becomes = _said(before.get(name)), _said(after.get(name))
        is_changed = name in before and name in after and was != becomes
        lines.append(f"{name}: {was} → {becomes}" if is_changed else f"{name}: {becomes if name in after else was}")
    return lines


def _said(value: object) -> str:
    """Return a value of a line in words."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return "; ".join(_said(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(one)}" for name, one in value.items())
    return str(value)


@access.administrator_required("beheer.naspeuren")
@require_GET
def chain(request: HttpRequest) -> HttpResponse:
    """Show how the chain stands: whole up to which line, when that was checked, and the newest seals."""
    state = audit.chain_state()
    return render(
        request,
        "administration/chain.html",
        {
            "state": state,
            "seals": [
                {
                    "at": one.sealed_at,
                    "first": one.first_number,
                    "last": one.last_number,
                    "link": one.link.hex(),
                }
                for one in state.seals
            ],
        },
    )


@access.administrator_required("beheer.naspeuren")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Let a worker walk the whole chain now."""
    audit.check_now()
    flash.ok(request, _("De controle is aangevraagd. Ververs deze pagina over een paar minuten."))
    return HttpResponseRedirect(reverse("administration:chain"))
