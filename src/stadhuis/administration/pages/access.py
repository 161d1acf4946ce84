"""Area access: who may do what, giving and ending it with four eyes, and why somebody sees something."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.casework import public as casework
from stadhuis.catalogi import public as catalogi
from stadhuis.kit.pages import flash
from stadhuis.kit.time import AMSTERDAM, now, today
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.personen import public as personen
from stadhuis.zaken import public as zaken

ACTION_NAMES: dict[str, Callable[[], str]] = {
    "zaak.lezen": lambda: _("Zaken lezen"),
    "zaak.aanmaken": lambda: _("Zaken aanmaken"),
    "zaak.behandelen": lambda: _("Zaken behandelen"),
    "zaak.besluiten": lambda: _("Besluiten goedkeuren"),
    "zaak.verdelen": lambda: _("Zaken verdelen"),
    "zaak.noodtoegang": lambda: _("Noodtoegang gebruiken"),
    "document.lezen": lambda: _("Documenten lezen"),
    "besluit.lezen": lambda: _("Besluiten lezen"),
    "audittrail.lezen": lambda: _("Zien wie wat deed"),
    "adres.geheim": lambda: _("Geheime adressen zien"),
    "persoon.afgeschermd": lambda: _("Zaken van afgeschermde personen zien"),
    "beheer.mensen": lambda: _("Mensen beheren"),
    "beheer.toegang": lambda: _("Toegang beheren"),
    "beheer.naspeuren": lambda: _("Naspeuren"),
    "beheer.draaien": lambda: _("Het draaien beheren"),
    "beheer.catalogus": lambda: _("De catalogus beheren"),
}
ROLE_FIELDS = ("medewerker", "eenheid", "van", "tot", "reden", "handeling", "type", "niveau", "onderdeel")
ROLE_ERRORS = {
    "reason": "reden",
    "valid_to": "tot",
    "days": "van",
    "action": "handeling",
    "max_level": "niveau",
    "type_ref": "type",
    "unit": "onderdeel",
}
"""The field of the form for what a right lacks."""
EXPLAINED = tuple(action for action in access.ACTIONS if action not in access.ADMINISTRATION)
guard = access.administrator_required("beheer.toegang")


def _by(request: HttpRequest) -> Actor:
    found = people.actor_of(request)
    assert found is not None
    return found


def _written(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", text.strip())
    if not found or not text.isascii():
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _name(action: str) -> str:
    return ACTION_NAMES[action]()


def _levels() -> list[tuple[str, str]]:
    return [(str(number), access.level_name(number)) for number in range(1, len(access.ORDER) + 1)]


def _types() -> list[tuple[str, str]]:
    return [("*", _("Elk zaaktype")), *((one.ref, one.omschrijving) for one in catalogi.zaaktypen())]


def _said(error: access.AccessError) -> str:
    """Return the sentence for an error."""
    if isinstance(error, access.OwnRequest):
        return _("U mag niet beslissen over uw eigen verzoek of over een recht voor uzelf.")
    if isinstance(error, access.RequestDecided):
        return _("Een collega was u voor.")
    if isinstance(error, access.MembershipConflict):
        return _("Dit is in (een deel van) die tijd al gegeven.")
    if isinstance(error, access.TakesSecondPerson):
        return _("Langer maken van deze rol vraagt een tweede beheerder. Vraag de rol opnieuw aan.")
    if isinstance(error, access.RightIncomplete):
        return {
            "reason": _("Schrijf waarom dit nodig is."),
            "valid_to": _("De laatste dag ligt voor de eerste."),
            "days": _("Vul een dag in als dd-mm-jjjj."),
            "unit": _("Kies een team dat er nu is. Een recht om te beheren geldt nooit voor één team."),
        }.get(error.field, _("Vul alles in."))
    return _("Dit bestaat niet (meer).")


def _deed(request: HttpRequest, deed: Callable[[], str], to: str) -> HttpResponseBase:
    """Do one thing in one transaction and say how it went."""
    try:
        with transaction.atomic():
            done = deed()
    except access.AccessError as error:
        flash.error(request, _said(error))
    else:
        flash.ok(request, done)
    return HttpResponseRedirect(to)


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    first = [(_("Beheer"), reverse("administration:home")), (_("Toegang"), reverse("administration:roles"))]
    return [{"text": text, "url": url} for text, url in (*first, *more)]


# -- Roles ------------------------------------------------------------------------------------------------------------
@guard
@require_GET
def roles(request: HttpRequest) -> HttpResponseBase:
    """Show all roles and what waits for a second administrator."""
    waiting = [one for one in access.requests() if one.state == "awaiting"]
    glasses = access.glasses(days=30)
    answer = render(request, "administration/access_roles.html", {
        "kruimels": _crumbs()[:1] + [{"text": _("Toegang"), "url": ""}], "rollen": access.roles(), "wachtend": len(waiting),
        "cijfers": [
            {"value": len(waiting), "text": _("verzoeken wachten"), "url": reverse("administration:requests")},
            {"value": len(glasses), "text": _("keer noodtoegang in 30 dagen"), "tone": "warning" if glasses else "ok"},
        ],
        "mensen": people.medewerkers(), "glazen": glasses,
    })  # fmt: skip
    return zaken.masked(answer, [one.zaak_uuid for one in glasses], by=_by(request))


@guard
@require_http_methods(["GET", "POST"])
def role_new(request: HttpRequest) -> HttpResponseBase:
    """Make a role; it is empty until rights are added."""
    code, naam = _written(request, "code").lower(), _written(request, "naam")
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,49}", code):
            errors["code"] = _("Gebruik kleine letters, cijfers en streepjes, hoogstens 50.")
        elif any(one.code == code for one in access.roles()):
            errors["code"] = _("Er is al een rol met deze code.")
        if not 0 < len(naam) <= 200:
            errors["naam"] = _("Vul een naam in van hoogstens 200 tekens.")
        if not errors:
            access.create_role(code, naam, is_privileged=request.POST.get("bijzonder") == "ja", by=_by(request))
            flash.ok(request, _("De rol is gemaakt. Voeg nu rechten toe."))
            return HttpResponseRedirect(reverse("administration:role", args=[code]))
    return render(request, "administration/access_form.html", {
        "kruimels": _crumbs((_("Nieuwe rol"), "")), "titel": _("Nieuwe rol"), "knop": _("Rol maken"),
        "terug_url": reverse("administration:roles"),
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "velden": [
            {"kind": "text", "name": "naam", "label": _("Naam"), "value": naam, "error": errors.get("naam", ""), "required": True},
            {"kind": "text", "name": "code", "label": _("Code"), "value": code, "error": errors.get("code", ""),
             "hint": _("Bijvoorbeeld: behandelaar-inkomen. Dit verandert later niet."), "required": True},
            {"kind": "radio", "name": "bijzonder", "label": _("Moet een tweede beheerder meekijken als iemand deze rol krijgt?"),
             "options": [("ja", _("Ja")), ("nee", _("Nee"))], "value": "nee", "required": True, "inline": True},
        ],
    }, status=422 if errors else 200)  # fmt: skip


@guard
@require_GET
def role(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show a role: what it gives, who has it, and the forms to change that."""
    return _role_page(request, code)


def _role_page(
    request: HttpRequest, code: str, form: str = "", faults: dict[str, str] | None = None
) -> HttpResponseBase:
    """Show the page of a role; with ``faults`` the form they are in stands open, with what was typed."""
    found = next((one for one in access.roles() if one.code == code), None)
    if found is None:
        raise Http404
    wrong = faults or {}
    typed = {name: _written(request, name) for name in ROLE_FIELDS} if wrong else {}
    names = {one.ref: one.omschrijving for one in catalogi.zaaktypen()}
    return render(request, "administration/access_role.html", {
        "kruimels": _crumbs((found.naam, "")), "rol": found, "vandaag": today(),
        "rechten": [
            {"id": one.id, "naam": _name(one.action), "type": _("Elk zaaktype") if one.type_ref == "*" else names.get(one.type_ref, one.type_ref),
             "niveau": access.level_name(one.max_level), "onderdeel": one.unit, "bijzonder": one.is_privileged}
            for one in access.rights_of(role=code) if one.action in ACTION_NAMES
        ],
        "leden": access.memberships(role=code),
        "handelingen": [(action, _name(action)) for action in access.ACTIONS], "types": _types(), "niveaus": _levels(),
        "mensen": [(str(one.id), f"{one.naam} – {one.unit_naam}") for one in people.medewerkers()],
        "eenheden": (units := [(str(one.id), one.naam) for one in people.units()]),
        "onderdelen": [("", _("Elk team")), *units],
        "is_recht_open": form == "recht", "is_rol_open": form == "rol", "getypt": typed, "fout": wrong,
        "fouten": [{"field": f"{name}-{form}" if name == "reden" else name, "text": text} for name, text in wrong.items()],
    }, status=422 if wrong else 200)  # fmt: skip


def _missing(request: HttpRequest, **texts: str) -> dict[str, str]:
    """Return what is wrong with a form of the page of a role: what was not chosen, days that are none, no reason."""
    wrong = {name: text for name, text in texts.items() if not _written(request, name)}
    wrong |= {
        name: _("Vul een dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026.")
        for name in ("van", "tot")
        if _written(request, name) and _day(_written(request, name)) is None
    }
    if not _written(request, "reden"):
        wrong["reden"] = _("Schrijf waarom dit nodig is.")
    return wrong


def _deed_on_role(request: HttpRequest, code: str, form: str, deed: Callable[[], str]) -> HttpResponseBase:
    """Do one thing with a role; what is wrong with the form stands at its fields."""
    try:
        with transaction.atomic():
            done = deed()
    except access.RightIncomplete as error:
        field = ROLE_ERRORS.get(error.field, error.field)
        return _role_page(request, code, form, {field if field in ROLE_FIELDS else "reden": _said(error)})
    except access.AccessError as error:
        flash.error(request, _said(error))
    else:
        flash.ok(request, done)
    return HttpResponseRedirect(reverse("administration:role", args=[code]))


def _number(request: HttpRequest, name: str, *, field: str = "") -> int:
    text = _written(request, name)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise access.RightIncomplete(field or name)
    return int(text)


def _period(request: HttpRequest) -> tuple[date, date | None]:
    first, last = _written(request, "van"), _written(request, "tot")
    valid_from, valid_to = (_day(first) if first else today()), _day(last)
    if valid_from is None or (last and valid_to is None):
        raise access.RightIncomplete("days")
    return valid_from, valid_to


@guard
@require_POST
def role_give(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give a role, or ask a second administrator to."""
    by = _by(request)
    wrong = _missing(request, medewerker=_("Kies aan wie u de rol geeft."), eenheid=_("Kies een team."))
    if wrong:
        return _role_page(request, code, "rol", wrong)

    def deed() -> str:
        medewerker_id, unit_id = _number(request, "medewerker"), _number(request, "eenheid")
        valid_from, valid_to = _period(request)
        reason = _written(request, "reden")
        asked = access.ask_role(medewerker_id, code, unit_id, valid_from, valid_to, reason=reason, by=by)
        return _("Een tweede beheerder moet dit goedkeuren.") if asked else _("De rol is gegeven.")

    return _deed_on_role(request, code, "rol", deed)


@guard
@require_POST
def grant_add(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add a right to a role, or ask a second administrator to."""
    by = _by(request)
    wrong = _missing(
        request,
        handeling=_("Kies een recht."),
        type=_("Kies een zaaktype."),
        niveau=_("Kies tot en met welke vertrouwelijkheid."),
    )
    if wrong:
        return _role_page(request, code, "recht", wrong)

    def deed() -> str:
        action, ref, level = _written(request, "handeling"), _written(request, "type"), _number(request, "niveau")
        if ref not in dict(_types()):
            raise access.RightIncomplete("type_ref")
        unit_id = _number(request, "onderdeel", field="unit") if _written(request, "onderdeel") else None
        reason = _written(request, "reden")
        asked = access.ask_grant(code, action, ref, level, unit_id=unit_id, reason=reason, by=by)
        return _("Een tweede beheerder moet dit goedkeuren.") if asked else _("Het recht is toegevoegd.")

    return _deed_on_role(request, code, "recht", deed)


@guard
@require_POST
def grant_end(request: HttpRequest, grant: int) -> HttpResponseBase:
    """Take a right from a role, from today."""
    by, to = _by(request), reverse("administration:roles")
    found = next((one for one in access.rights_of() if one.id == grant), None)
    if found is not None:
        to = reverse("administration:role", args=[found.role])

    def deed() -> str:
        access.end_grant(grant, by=by)
        return _("Het recht is vanaf vandaag weg.")

    return _deed(request, deed, to)


@guard
@require_http_methods(["GET", "POST"])
def membership(request: HttpRequest, membership: int) -> HttpResponseBase:
    """Correct or end that somebody has a role."""
    found = next(iter(access.memberships(membership_id=membership)), None)
    if found is None:
        raise Http404
    by, to = _by(request), reverse("administration:role", args=[found.role])
    typed = {"van": f"{found.valid_from:%d-%m-%Y}", "tot": f"{found.valid_to:%d-%m-%Y}" if found.valid_to else ""}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: _written(request, name) for name in ("van", "tot")}
        wrong = {
            name: _("Vul een dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026.")
            for name, text in typed.items()
            if text and _day(text) is None
        }
        try:
            if not wrong:
                with transaction.atomic():
                    valid_from, valid_to = _period(request)
                    access.correct_role(found.id, valid_from, valid_to, by=by)
                flash.ok(request, _("De rol is gewijzigd. Wat wij eerst dachten, blijft bewaard."))
                return HttpResponseRedirect(to)
        except access.RightIncomplete as error:
            wrong["tot"] = _said(error)
        except access.AccessError as error:
            flash.error(request, _said(error))
            return HttpResponseRedirect(to)
    return render(request, "administration/access_form.html", {
        "kruimels": _crumbs((found.role_naam, to), (found.naam, "")), "titel": _("Rol wijzigen of beëindigen"),
        "fouten": [{"field": name, "text": text} for name, text in wrong.items()],
        "onderschrift": f"{found.naam} – {found.role_naam}", "knop": _("Opslaan"), "terug_url": to,
        "velden": [
            {"kind": "datetext", "name": "van", "label": _("Eerste dag"), "value": typed["van"], "error": wrong.get("van", ""), "required": True},
            {"kind": "datetext", "name": "tot", "label": _("Eerste dag waarop de rol niet meer geldt"),
             "value": typed["tot"], "error": wrong.get("tot", ""), "hint": _("Leeg: geen einde.")},
        ],
    }, status=422 if wrong else 200)  # fmt: skip


# -- Four eyes --------------------------------------------------------------------------------------------------------
@guard
@require_GET
def requests(request: HttpRequest) -> HttpResponseBase:
    """Show what waits for a second administrator and what was decided."""
    me = _by(request).pk
    types = {one.ref: one.omschrijving for one in catalogi.zaaktypen()}
    return render(request, "administration/access_requests.html", {
        "kruimels": _crumbs((_("Verzoeken"), "")),
        "verzoeken": [
            {"verzoek": one, "wat": _name(one.action) if one.action in ACTION_NAMES else one.role_naam,
             "type": _("Elk zaaktype") if one.type_ref == "*" else types.get(one.type_ref, one.type_ref),
             "niveau": access.level_name(one.max_level) if one.max_level else "",
             "wacht": one.state == "awaiting", "mag": one.state == "awaiting" and me not in {one.requested_by, one.medewerker_id},
             "eigen": one.state == "awaiting" and one.requested_by == me,
             "stand": {"awaiting": _("wacht"), "approved": _("goedgekeurd"), "refused": _("afgewezen"), "withdrawn": _("ingetrokken")}[one.state]}
            for one in access.requests()
        ],
    })  # fmt: skip


@guard
@require_POST
def request_decide(request: HttpRequest, uuid: UUID, deed: str) -> HttpResponseBase:
    """Approve or refuse what another administrator asked."""
    by = _by(request)
    if deed not in {"goedkeuren", "afwijzen"}:
        raise Http404

    def act() -> str:
        access.decide_request(uuid, approve=deed == "goedkeuren", by=by)
        return _("Het verzoek is goedgekeurd.") if deed == "goedkeuren" else _("Het verzoek gaat niet door.")

    return _deed(request, act, reverse("administration:requests"))


# -- People -----------------------------------------------------------------------------------------------------------
def _medewerker(medewerker: int) -> people.MedewerkerRecord:
    try:
        return people.medewerker(medewerker)
    except people.NotKnown:
        raise Http404 from None


@guard
@require_GET
def person(request: HttpRequest, medewerker: int) -> HttpResponseBase:
    """Show what one person may, had before, and what is shut to them."""
    found = _medewerker(medewerker)
    glasses = access.glasses(medewerker_id=found.id)
    conflicts = access.conflicts_of(found.id)
    answer = render(request, "administration/access_person.html", {
        "kruimels": _crumbs((found.naam, "")), "wie": found, "rollen": access.memberships(medewerker_id=found.id, history=True),
        "familie": access.family_count(found.id), "belangen": conflicts,
        "glazen": glasses, "vandaag": today(),
    })  # fmt: skip
    opened = [one.zaak_uuid for one in glasses] + [one.zaak_uuid for one in conflicts]
    return zaken.masked(answer, opened, by=_by(request))


@guard
@require_POST
def family(request: HttpRequest, medewerker: int) -> HttpResponseBase:
    """Ask the BRP who the family of a member of staff is, so that their cases stay shut."""
    found, by = _medewerker(medewerker), _by(request)
    try:
        personen.keep_family_shut(found.id, by=by)
    except personen.SourceUnavailable:
        flash.error(request, _("De BRP geeft nu geen antwoord. Probeer het later opnieuw."))
    else:
        flash.ok(request, _("De zaken van familieleden zijn nu dicht voor deze collega."))
    return HttpResponseRedirect(reverse("administration:access_person", args=[found.id]))


@guard
@require_POST
def conflict_end(request: HttpRequest, medewerker: int, conflict: int) -> HttpResponseBase:
    """Open a case again to somebody who had declared an interest."""
    found, by = _medewerker(medewerker), _by(request)

    def deed() -> str:
        if conflict not in {one.id for one in access.conflicts_of(found.id)}:
            raise access.NotFound(str(conflict))
        access.end_conflict(conflict, by=by)
        return _("De zaak is weer open voor deze collega.")

    return _deed(request, deed, reverse("administration:access_person", args=[found.id]))


@guard
@require_GET
def view_as(request: HttpRequest, medewerker: int) -> HttpResponseBase:
    """Show what somebody's worklist holds, as counts and per zaaktype; nobody acts as somebody else. Kept in the trail."""
    found, by = _medewerker(medewerker), _by(request)
    counts = casework.worklist("all", seen_by=found.actor()).counts
    rows = [
        {"naam": name, "rechten": ", ".join(_name(action) for action in actions)}
        for name, actions in _per_type(access.rights_of(medewerker_id=found.id)).items()
    ]
    audit.record(
        "meegekeken als", about=None, kind="toegang", resource="toegang", resource_id=None, by=by,
        after={"medewerker": found.id}, bron="stadhuis",
    )  # fmt: skip
    return render(request, "administration/access_view_as.html", {
        "kruimels": _crumbs((found.naam, reverse("administration:access_person", args=[found.id])), (_("Bekijken als"), "")),
        "wie": found, "rijen": rows,
        "cijfers": [
            {"value": counts.all, "text": _("open zaken te zien")}, {"value": counts.mine, "text": _("zelf in behandeling")},
            {"value": counts.unit, "text": _("van het eigen team")}, {"value": counts.approve, "text": _("wachten op akkoord")},
        ],
    })  # fmt: skip


def _per_type(grants: list[access.GrantRecord]) -> dict[str, list[str]]:
    names = {"*": _("Elk zaaktype"), **{one.ref: one.omschrijving for one in catalogi.zaaktypen()}}
    found: dict[str, list[str]] = {}
    for one in grants:
        label = f"{names.get(one.type_ref, one.type_ref)}, {_('tot en met')} {access.level_name(one.max_level)}"
        if one.unit:
            label = f"{label}, {_only_at(one.unit)}"
        if one.action in ACTION_NAMES and one.action not in found.setdefault(label, []):
            found[label].append(one.action)
    return found


# -- Matrix -----------------------------------------------------------------------------------------------------------
@guard
@require_GET
def matrix(request: HttpRequest) -> HttpResponseBase:
    """Show roles (or people) against actions, with the highest level, for one zaaktype or for every one."""
    chosen = request.GET.get("type", "*")
    types = _types()
    chosen = chosen if chosen in dict(types) else "*"
    per_person = request.GET.get("per") == "persoon"
    lines = []
    if per_person:
        for one in people.medewerkers():
            url = reverse("administration:access_person", args=[one.id])
            lines.append(_line(one.naam, url, access.rights_of(medewerker_id=one.id), chosen))
    else:
        everything = access.rights_of()
        for role_ in access.roles():
            url = reverse("administration:role", args=[role_.code])
            lines.append(_line(role_.naam, url, [one for one in everything if one.role == role_.code], chosen))
    base = reverse("administration:matrix")
    return render(request, "administration/access_matrix.html", {
        "kruimels": _crumbs((_("Wie mag wat"), "")), "kolommen": [_name(action) for action in access.ACTIONS], "regels": lines,
        "types": types, "gekozen": chosen, "per": "persoon" if per_person else "rol",
        "tabs": [{"text": _("Per rol"), "url": f"{base}?per=rol&type={chosen}", "current": not per_person},
                 {"text": _("Per persoon"), "url": f"{base}?per=persoon&type={chosen}", "current": per_person}],
    })  # fmt: skip


def _line(naam: str, url: str, grants: list[access.GrantRecord], type_ref: str) -> dict[str, Any]:
    cells = _cells(grants, type_ref)
    return {"naam": naam, "url": url, "cellen": cells, "iets": any(one["niveau"] for one in cells)}


def _only_at(unit: str) -> str:
    return _("alleen bij %(unit)s") % {"unit": unit}


def _cells(grants: list[access.GrantRecord], type_ref: str) -> list[dict[str, str]]:
    """Return per action its name and the highest level that holds for a zaaktype; "" for none. ``*`` asks for what holds everywhere.

    What is granted for one unit is told with the unit, where it reaches further than what holds for all.
    """
    highest: dict[str, dict[str, int]] = {}
    for one in grants:
        if one.type_ref in {"*", type_ref}:
            per_unit = highest.setdefault(one.action, {})
            per_unit[one.unit] = max(one.max_level, per_unit.get(one.unit, 0))
    return [{"recht": _name(action), "niveau": _levels_per_unit(highest.get(action, {}))} for action in access.ACTIONS]


def _levels_per_unit(per_unit: dict[str, int]) -> str:
    of_all = per_unit.get("", 0)
    said = [access.level_name(of_all)] if of_all else []
    further = sorted((unit, level) for unit, level in per_unit.items() if unit and level > of_all)
    return ", ".join([*said, *(f"{access.level_name(level)} {_only_at(unit)}" for unit, level in further)])


def _readable(text: str, action: str) -> str:
    """Return a step of an explanation with names in place of codes."""
    names = {one.ref: f"'{one.omschrijving}'" for one in catalogi.zaaktypen()} | {action: f"'{_name(action)}'"}
    codes = "|".join(re.escape(code) for code in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<![\w.:-])({codes})(?![\w:-])", lambda found: names[found[1]], text)


# -- Why --------------------------------------------------------------------------------------------------------------
@guard
@require_GET
def explain(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say why somebody may do something with a zaak or one of its documents, on a day and as we knew it then."""
    kind = "document" if request.GET.get("soort") == "document" else "zaak"
    action = request.GET.get("handeling", "zaak.lezen")
    action = action if action in EXPLAINED else "zaak.lezen"
    colleagues = people.medewerkers()
    chosen = request.GET.get("medewerker", "")
    who = next((one for one in colleagues if str(one.id) == chosen), None)
    typed_day, typed_known = request.GET.get("dag", "")[:20], request.GET.get("bekend", "")[:20]
    on, known_day = _day(typed_day), _day(typed_known)
    errors = {name: _("Vul een dag in als dd-mm-jjjj.") for name, typed, found in
              (("dag", typed_day, on), ("bekend", typed_known, known_day)) if typed and found is None}  # fmt: skip
    known = min(datetime.combine(known_day, time.max, tzinfo=AMSTERDAM), now()) if known_day else None
    asked = who or (colleagues[0] if colleagues else None)
    try:
        found = access.explain(asked.id, action, kind=kind, uuid=uuid, on=on, known_at=known) if asked else None
    except access.NotFound:
        raise Http404 from None
    words = {"opens": (_("opent"), "ok"), "shuts": (_("sluit"), "late"), "nothing": (_("telt niet"), "neutral")}
    return render(request, "administration/access_explain.html", {
        "kruimels": _crumbs((_("Waarom mag iemand dit"), "")), "wie": who, "uitkomst": found if who and not errors else None,
        "stappen": [{"tekst": _readable(step.text, action), "woord": words[step.effect][0], "toon": words[step.effect][1]} for step in (found.steps if found else ())],
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "velden": [
            {"kind": "select", "name": "medewerker", "label": _("Wie"), "value": chosen, "required": True,
             "options": [("", _("Kies een collega")), *((str(one.id), one.naam) for one in colleagues)]},
            {"kind": "select", "name": "handeling", "label": _("Wil dit doen"), "value": action, "required": True,
             "options": [(one, _name(one)) for one in EXPLAINED]},
            {"kind": "datetext", "name": "dag", "label": _("Op welke dag"), "value": typed_day, "error": errors.get("dag", ""), "hint": _("Leeg: vandaag.")},
            {"kind": "datetext", "name": "bekend", "label": _("Zoals wij het wisten op"), "value": typed_known, "error": errors.get("bekend", ""),
             "hint": _("Leeg: zoals wij het nu weten.")},
        ],
    }, status=422 if errors else 200)  # fmt: skip
