"""Area audit: who opened a record, what is held, how long it is kept, what is destroyed. Never what a record is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.pages import flash
from stadhuis.kit.templatetags.kit import day
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken import public as zaken

PER_PAGE = 50
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
STATES = {
    "draft": (gettext_lazy("Nog goed te keuren"), "warning"),
    "approved": (gettext_lazy("Goedgekeurd"), "busy"),
    "withdrawn": (gettext_lazy("Ingetrokken"), "neutral"),
    "done": (gettext_lazy("Uitgevoerd"), "ok"),
}
OUTCOMES = {
    "waiting": (gettext_lazy("Wacht"), "neutral"),
    "excluded": (gettext_lazy("Uitgezonderd"), "info"),
    "destroyed": (gettext_lazy("Vernietigd"), "ok"),
    "kept": (gettext_lazy("Bewaard"), "info"),
    "failed": (gettext_lazy("Mislukt"), "late"),
}
COUNTED = {
    "waiting": gettext_lazy("Dossiers die wachten"),
    "excluded": gettext_lazy("Van de lijst gehaald"),
    "destroyed": gettext_lazy("Vernietigde dossiers"),
    "kept": gettext_lazy("Toch bewaarde dossiers"),
    "failed": gettext_lazy("Mislukt"),
}
REASONS = {
    "held": gettext_lazy("Het dossier is vastgezet."),
    "not due": gettext_lazy("De bewaartermijn is gewijzigd."),
    "other list": gettext_lazy("Het dossier is met een andere lijst vernietigd."),
}
NOMINATIES = {
    "vernietigen": gettext_lazy("Vernietigen"),
    "blijvend_bewaren": gettext_lazy("Blijvend bewaren"),
}
PARTS = {
    "aanvragen": gettext_lazy("aanvragen"),
    "beoordelingen": gettext_lazy("beoordelingen"),
    "besluiten": gettext_lazy("besluiten"),
    "brieven": gettext_lazy("brieven"),
    "components": gettext_lazy("deelzaken"),
    "documenten": gettext_lazy("documenten"),
    "documenten_elders": gettext_lazy("documenten die ook ergens anders bij horen (bewaard)"),
    "mails": gettext_lazy("mails"),
    "notificaties": gettext_lazy("notificaties"),
    "ontvangstbewijzen": gettext_lazy("ontvangstbewijzen"),
}
WHAT = {
    "zaak": gettext_lazy("De zaak"),
    "handelingen": gettext_lazy("Alle handelingen"),
    "document": gettext_lazy("Een document"),
    "voorstel": gettext_lazy("Een voorstel"),
    "besluit": gettext_lazy("Een besluit"),
    "api": gettext_lazy("Door een ander systeem"),
    "mijn zaken": gettext_lazy("Mijn zaken, door de aanvrager"),
}
guard = access.administrator_required("beheer.naspeuren")


def _actor(request: HttpRequest) -> Actor:
    found = people.actor_of(request)
    assert found is not None
    return found


def _written(request: HttpRequest, name: str) -> str:
    return _UNPRINTABLE.sub("", request.POST.get(name, "")).strip()


def _crumbs(*last: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"text": _("Beheer"), "url": reverse("administration:home")},
        *({"text": text, "url": url} for text, url in last),
    ]


def _fault(error: records.RecordsError, field: str) -> list[dict[str, str]]:
    return [{"field": error.field or field, "text": str(error.text)}]


def _deed(request: HttpRequest, back: str, deed: Callable[[], object], done: str) -> HttpResponseBase:
    """Do one thing on behalf of a button and say how it went, on the page it stands on."""
    try:
        deed()
    except records.NotFound:
        raise Http404 from None
    except records.RecordsError as error:
        flash.error(request, str(error.text))
    else:
        flash.ok(request, done)
    return HttpResponseRedirect(back)


# -- Records ----------------------------------------------------------------------------------------------------------
@guard
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponseBase:
    """Look a record up by its number (in the body of a POST), and see all that is held."""
    number = _written(request, "nummer")
    context: dict[str, Any] = {"kruimels": _crumbs((_("Dossiers"), "")), "nummer": number, "fouten": []}
    if request.method == "POST":
        found = records.record_by_number(number)
        if found is not None:
            return HttpResponseRedirect(reverse("administration:record", args=[found.kind, found.object_uuid]))
        context["fout"] = _("Er is geen dossier met dit nummer.")
        context["fouten"] = [{"field": "nummer", "text": context["fout"]}]
    names, held = _Names(), records.holds()
    _log_use(request, [(one.kind, one.object_uuid) for one in held])
    context["vastgezet"] = [
        {
            "uuid": one.uuid,
            "nummer": one.number,
            "url": reverse("administration:record", args=[one.kind, one.object_uuid]),
            "reden": one.reason,
            "door": names.of(one.placed_by),
            "wanneer": one.placed_at,
        }
        for one in held
    ]
    figures = records.figures()
    context["cijfers"] = [
        {"value": figures["held"], "text": _("vastgezet")},
        {"value": figures["due"], "text": _("bewaartermijn voorbij")},
        {"value": figures["stale"], "text": _("wacht op de zoekindex")},
        {"value": figures["drift"], "text": _("verschilt van de zaak"), "tone": "late" if figures["drift"] else ""},
    ]
    answer = render(request, "administration/records.html", context, status=422 if context["fouten"] else 200)
    return zaken.masked(answer, _zaken_in([(one.kind, one.object_uuid) for one in held]), by=_actor(request))


def _log_use(request: HttpRequest, shown: list[tuple[str, UUID]]) -> None:
    """Write in the processing log whose zaken an archivist saw."""
    zaken.log_use("toezicht.naspeuren", _zaken_in(shown), by=_actor(request))


def _zaken_in(shown: list[tuple[str, UUID]]) -> list[UUID]:
    return [uuid for kind, uuid in shown if kind == "zaak"]


class _Names:
    """How staff are called, by the key of the actor; one statement, whatever the number of keys."""

    def __init__(self) -> None:
        self._known = {f"staff:{one.username}": one.naam for one in people.medewerkers()}

    def of(self, key: str) -> str:
        """Return the name, or what stands behind the kind for whoever left."""
        return self._known.get(key) or key.partition(":")[2] or key


def _term(duration: str) -> str:
    """Return an ISO 8601 duration of years or months in words; anything else as it is."""
    found = re.fullmatch(r"P(\d+)([YM])", duration)
    if not found:
        return duration or "–"
    number = int(found[1])
    if found[2] == "Y":
        return ngettext("%(number)s jaar", "%(number)s jaar", number) % {"number": number}
    return ngettext("%(number)s maand", "%(number)s maanden", number) % {"number": number}


def _kept_or_404(kind: str, uuid: UUID) -> records.KeptRecord:
    found = records.record_of(kind, uuid)
    if found is None:
        raise Http404
    return found


@guard
@require_GET
def record(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponseBase:
    """One record: its class, its holds, and who opened it. That it was looked at is on the trail too."""
    _kept_or_404(kind, uuid)
    audit.record(
        "ledger_read", about=uuid, kind=kind, resource="record", resource_id=uuid, by=_actor(request), bron="stadhuis"
    )
    return _record_page(request, kind, uuid, {})


def _record_page(request: HttpRequest, kind: str, uuid: UUID, wrong: dict[str, Any]) -> HttpResponseBase:
    kept = _kept_or_404(kind, uuid)
    openings, names = records.openings_of(kind, uuid), _Names()
    teams = {unit.code: unit.naam for unit in people.units()}
    _log_use(request, [(kind, uuid)])
    context = {
        "kruimels": _crumbs((_("Dossiers"), reverse("administration:records")), (kept.number, "")),
        "dossier": kept,
        "feiten": [
            {"key": _("Eigenaar"), "value": teams.get(kept.owner, kept.owner) or "–"},
            {"key": _("Klasse"), "value": kept.class_naam or _("Nog niet bepaald")},
            {"key": _("Wat er later mee gebeurt"), "value": NOMINATIES.get(kept.nominatie, _("Nog niet bepaald"))},
            {"key": _("Bewaartermijn"), "value": _term(kept.termijn)},
            {"key": _("Begin van de termijn"), "value": day(kept.brondatum) if kept.brondatum else "–"},
            {"key": _("Mag vernietigd worden vanaf"), "value": day(kept.destroy_on) if kept.destroy_on else "–"},
        ],
        "vastgezet": [
            {"uuid": one.uuid, "reden": one.reason, "door": names.of(one.placed_by), "wanneer": one.placed_at}
            for one in records.holds(kind=kind, object_uuid=uuid)
        ],
        "klassen": [("", _("Kies een klasse")), *((one.code, one.naam) for one in records.classes())],
        "geschiedenis": [
            {
                "title": f"{one.was or '–'} → {one.becomes}",
                "when": one.at,
                "text": one.reason,
                "by": names.of(one.by),
            }
            for one in kept.history
        ],
        "geopend": [
            {
                "wanneer": one.at,
                "wie": one.actor_label or one.actor_key,
                "rollen": one.roles or ("–" if one.actor_kind == "staff" else _("eigen zaak")),
                "wat": WHAT.get(one.what, one.what),
            }
            for one in openings
        ],
        "kop_geopend": ngettext("%(number)s keer geopend", "%(number)s keer geopend", len(openings))
        % {"number": len(openings)},
        "fouten": [],
        **wrong,
    }
    answer = render(request, "administration/record.html", context, status=422 if context["fouten"] else 200)
    return zaken.masked(answer, _zaken_in([(kind, uuid)]), by=_actor(request))


@guard
@require_POST
def hold(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponseBase:
    """Keep a record from destruction."""
    kept, reason = _kept_or_404(kind, uuid), _written(request, "reden")
    try:
        records.hold(kept.kind, uuid, reason=reason, by=_actor(request))
    except records.ReasonMissing as error:
        faults = _fault(error, "reden")
        return _record_page(request, kind, uuid, {"fouten": faults, "fout_reden": faults[0]["text"]})
    flash.ok(request, _("Het dossier is vastgezet. Het wordt niet vernietigd."))
    return HttpResponseRedirect(reverse("administration:record", args=[kind, uuid]))


@guard
@require_POST
def lift(request: HttpRequest, hold: UUID) -> HttpResponseBase:
    """Let a hold go."""
    return _deed(
        request,
        reverse("administration:records"),
        lambda: records.lift_hold(hold, by=_actor(request)),
        _("Het dossier is niet meer vastgezet."),
    )


@guard
@require_POST
def reclassify(request: HttpRequest, kind: str, uuid: UUID) -> HttpResponseBase:
    """Put a record in another class."""
    _kept_or_404(kind, uuid)
    code, reason = _written(request, "klasse"), _written(request, "waarom")
    try:
        records.reclassify(kind, uuid, code, reason=reason, by=_actor(request))
    except (records.ReasonMissing, records.ClassUnknown) as error:
        field = "waarom" if isinstance(error, records.ReasonMissing) else "klasse"
        return _record_page(
            request, kind, uuid,
            {
                "fouten": [{"field": field, "text": str(error.text)}], f"fout_{field}": str(error.text), "klasse": code,
                "waarom": reason,
            },
        )  # fmt: skip
    flash.ok(request, _("Het dossier heeft een andere klasse."))
    return HttpResponseRedirect(reverse("administration:record", args=[kind, uuid]))


# -- Destruction ------------------------------------------------------------------------------------------------------
@guard
@require_http_methods(["GET", "POST"])
def destruction(request: HttpRequest) -> HttpResponseBase:
    """The lists of destruction; a POST makes the one of the coming quarter."""
    if request.method == "POST":
        try:
            made = records.make_list(by=_actor(request))
        except records.ListStandsFast:
            flash.error(request, _("Voor dit kwartaal staat er al een lijst klaar."))
            return HttpResponseRedirect(reverse("administration:destruction"))
        except records.NothingToDestroy as error:
            flash.info(request, str(error.text))
            return HttpResponseRedirect(reverse("administration:destruction"))
        return HttpResponseRedirect(reverse("administration:destruction_list", args=[made]))
    due = records.due_in_coming_quarter()
    context = {
        "kruimels": _crumbs((_("Vernietigen"), "")),
        "aantal": due,
        "aantal_tekst": ngettext(
            "%(number)s dossier mag tot het einde van het komende kwartaal vernietigd worden.",
            "%(number)s dossiers mogen tot het einde van het komende kwartaal vernietigd worden.",
            due,
        )
        % {"number": due},
        "lijsten": [
            {
                "url": reverse("administration:destruction_list", args=[one.uuid]),
                "tot": one.until,
                "stand": STATES[one.state][0],
                "toon": STATES[one.state][1],
                "gemaakt": one.made_at,
                "door": one.made_by_label,
                "goedgekeurd_door": one.approved_by_label,
                "totaal": one.total,
                "vernietigd": one.counts.get("destroyed", 0),
            }
            for one in records.lists()
        ],
    }
    return render(request, "administration/destruction.html", context)


def _list_or_404(uuid: UUID) -> records.ListRecord:
    try:
        return records.one_list(uuid)
    except records.NotFound:
        raise Http404 from None


@guard
@require_GET
def destruction_list(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One list with its items; once carried out, the declaration of destruction."""
    found = _list_or_404(uuid)
    typed = request.GET.get("blad", "1")
    pages = max(1, -(-found.total // PER_PAGE))
    page = min(pages, max(1, int(typed) if typed.isdecimal() and len(typed) < 6 else 1))
    first = (page - 1) * PER_PAGE
    address = reverse("administration:destruction_list", args=[uuid])
    items = records.items_of(uuid, limit=PER_PAGE, offset=first)
    _log_use(request, [(item.kind, item.object_uuid) for item in items if item.object_uuid])
    answer = render(
        request,
        "administration/destruction_list.html",
        {
            "kruimels": _crumbs((_("Vernietigen"), reverse("administration:destruction")), (_("Lijst"), "")),
            "lijst": found,
            "is_concept": found.state == "draft",
            "is_verklaring": found.state == "done",
            "is_eigen": found.made_by == _actor(request).key,
            "feiten": [
                {"key": _("Stand"), "value": STATES[found.state][0]},
                {"key": _("Tot en met"), "value": day(found.until)},
                {"key": _("Gemaakt door"), "value": found.made_by_label},
                {"key": _("Goedgekeurd door"), "value": found.approved_by_label or "–"},
                *(
                    {"key": COUNTED[outcome], "value": found.counts[outcome]}
                    for outcome in OUTCOMES
                    if found.counts.get(outcome)
                ),
            ],
            "regels": [
                {
                    "id": item.id,
                    "veld": str(item.id),
                    "nummer": item.number,
                    "klasse": item.class_naam,
                    "termijn": _term(item.termijn) if item.termijn else "",
                    "vanaf": item.destroy_on,
                    "uitkomst": OUTCOMES[item.outcome][0],
                    "toon": OUTCOMES[item.outcome][1],
                    "reden": REASONS.get(item.reason, item.reason),
                    "wanneer": item.done_at,
                    "wacht": item.outcome == "waiting",
                    "onderdelen": ", ".join(f"{count} {PARTS.get(name, name)}" for name, count in item.parts.items()),
                }
                for item in items
            ],
            "bladen": {
                "number": page,
                "count": pages,
                "first": first + 1,
                "last": min(found.total, first + PER_PAGE),
                "total": found.total,
                "previous_url": f"{address}?blad={page - 1}" if page > 1 else "",
                "next_url": f"{address}?blad={page + 1}" if page < pages else "",
            },
        },
    )
    shown = [(item.kind, item.object_uuid) for item in items if item.object_uuid]
    return zaken.masked(answer, _zaken_in(shown), by=_actor(request))


@guard
@require_POST
def destruction_deed(request: HttpRequest, uuid: UUID, deed: str) -> HttpResponseBase:
    """Approve or withdraw a list."""
    by = _actor(request)
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "goedkeuren": (
            lambda: records.approve(uuid, by=by),
            _("De lijst is goedgekeurd. Het systeem vernietigt nu wat aan de beurt is."),
        ),
        "intrekken": (lambda: records.withdraw(uuid, by=by), _("De lijst is ingetrokken.")),
    }
    if deed not in deeds:
        raise Http404
    act, done = deeds[deed]
    return _deed(request, reverse("administration:destruction_list", args=[uuid]), act, done)


@guard
@require_POST
def exclude(request: HttpRequest, uuid: UUID, item: int) -> HttpResponseBase:
    """Leave one record out of a list."""
    return _deed(
        request,
        reverse("administration:destruction_list", args=[uuid]),
        lambda: records.exclude(uuid, item, reason=_written(request, "reden"), by=_actor(request)),
        _("Dit dossier blijft bewaard."),
    )


# -- Classes and owners -----------------------------------------------------------------------------------------------
@guard
@require_http_methods(["GET", "POST"])
def classes(request: HttpRequest) -> HttpResponseBase:
    """The retention classes; a POST adds or changes one."""
    typed = {name: _written(request, name) for name in ("code", "naam", "nominatie", "termijn")}
    faults: list[dict[str, str]] = []
    if request.method == "POST":
        faults = [
            {"field": name, "text": text}
            for name, text in (
                ("code", _("Vul het nummer of het adres van de klasse in.")),
                ("naam", _("Vul een naam in.")),
            )
            if not typed[name]
        ]
        if typed["nominatie"] not in NOMINATIES:
            faults.append({"field": "nominatie", "text": _("Kies wat er later mee gebeurt.")})
        if not faults:
            try:
                records.define_class(
                    typed["code"][:1000], naam=typed["naam"], nominatie=typed["nominatie"],
                    termijn=typed["termijn"].upper(), by=_actor(request),
                )  # fmt: skip
            except records.RecordsError as error:
                faults = _fault(error, "termijn")
            else:
                flash.ok(request, _("De klasse is opgeslagen."))
                return HttpResponseRedirect(reverse("administration:classes"))
    context = {
        "kruimels": _crumbs((_("Bewaartermijnen"), "")),
        "klassen": [
            {
                "code": one.code,
                "naam": one.naam,
                "nominatie": NOMINATIES[one.nominatie],
                "termijn": _term(one.termijn),
                "is_nummer": not one.code.startswith(("http://", "https://")),
            }
            for one in records.classes()
        ],
        "nominaties": list(NOMINATIES.items()),
        "getypt": typed,
        "fouten": faults,
        "fout": {fault["field"]: fault["text"] for fault in faults},
    }
    return render(request, "administration/classes.html", context, status=422 if faults else 200)


@guard
@require_http_methods(["GET", "POST"])
def owners(request: HttpRequest) -> HttpResponseBase:
    """Who owns how many records; a POST hands all records of one owner over to a unit."""
    was, becomes, reason = (_written(request, name) for name in ("van", "naar", "reden"))
    kept, units = records.owners(), people.units()
    faults: list[dict[str, str]] = []
    if request.method == "POST":
        if was not in {owner for owner, _count in kept}:
            faults.append({"field": "van", "text": _("Kies wie de dossiers nu heeft.")})
        if becomes not in {unit.code for unit in units}:
            faults.append({"field": "naar", "text": _("Kies wie de dossiers krijgt.")})
        if not faults:
            try:
                moved = records.hand_over(was, becomes, reason=reason, by=_actor(request))
            except records.RecordsError as error:
                faults = _fault(error, "naar")
            else:
                flash.ok(
                    request,
                    ngettext("%(number)s dossier is overgedragen.", "%(number)s dossiers zijn overgedragen.", moved)
                    % {"number": moved},
                )
                return HttpResponseRedirect(reverse("administration:owners"))
    names = {unit.code: unit.naam for unit in units}
    context = {
        "kruimels": _crumbs((_("Eigenaren van dossiers"), "")),
        "eigenaren": [
            {"code": owner, "naam": names.get(owner, owner), "aantal": count, "bestaat": owner in names}
            for owner, count in kept
        ],
        "van_opties": [("", _("Kies een eigenaar")), *((owner, names.get(owner, owner)) for owner, _count in kept)],
        "naar_opties": [("", _("Kies een team")), *((unit.code, unit.naam) for unit in units)],
        "van": was,
        "naar": becomes,
        "reden": reason,
        "fouten": faults,
        "fout": {fault["field"]: fault["text"] for fault in faults},
    }
    return render(request, "administration/owners.html", context, status=422 if faults else 200)
