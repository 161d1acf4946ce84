"""People: who works here, guests, units, and which group gives which role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.pages import flash
from stadhuis.kit.templatetags.kit import day as in_words
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import Actor, WrongInput
from stadhuis.personen import public as personen

Row = dict[str, Any]
LINES_OF_TRAIL = 10


def actor(request: HttpRequest) -> Actor:
    """Return who is logged in; the guard of the page has made sure that somebody is."""
    found = people.actor_of(request)
    assert found is not None
    return found


def typed(request: HttpRequest, name: str, limit: int = 500) -> str:
    """Return what was typed in a field, fit to be kept."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:limit]


def day_typed(text: str) -> date | None:
    """Return the day that somebody typed as dd-mm-jjjj, or None."""
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 (a day, not a moment)
    except ValueError:
        return None


def number(text: str) -> int | None:
    """Return a whole number that somebody chose, or None."""
    return int(text) if text.isdecimal() and len(text) < 12 else None


def account_or_404(uuid: UUID) -> people.AccountRecord:
    """Return an account, or 404."""
    try:
        return people.account(uuid=uuid)
    except people.NotKnown:
        raise Http404 from None


def to_person(uuid: UUID) -> HttpResponseRedirect:
    """Return to the page of a person."""
    return HttpResponseRedirect(reverse("administration:person", args=[uuid]))


_WORDS: Mapping[tuple[str, str], Callable[[], str]] = {
    ("username", "shape"): lambda: _("Gebruik kleine letters, cijfers, punt of streepje: bijvoorbeeld jan.jansen."),
    ("username", "taken"): lambda: _("Deze gebruikersnaam bestaat al."),
    ("naam", "missing"): lambda: _("Vul de naam in."),
    ("email", "shape"): lambda: _("Vul een mailadres in, bijvoorbeeld naam@gemeente.nl."),
    ("email", "taken"): lambda: _("Iemand anders heeft dit mailadres al."),
    ("unit", "missing"): lambda: _("Kies een organisatieonderdeel dat er nu is."),
    ("functie", "long"): lambda: _("De functie is te lang."),
    ("sponsor", "missing"): lambda: _("Kies een begeleider die hier werkt en zelf geen gast is."),
    ("purpose", "missing"): lambda: _("Schrijf waarvoor deze gast toegang nodig heeft."),
    ("end", "missing"): lambda: _("Vul de einddatum in als dd-mm-jjjj."),
    ("end", "past"): lambda: _("De einddatum moet na vandaag liggen."),
    ("end", "far"): lambda: _("Een gast heeft ten hoogste een jaar toegang. De begeleider kan later verlengen."),
    ("dag", "shape"): lambda: _("Vul de dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026."),
    ("dag", "own"): lambda: _("Uw eigen toegang beëindigt een andere beheerder."),
    ("dag", "guest"): lambda: _("Een gast heeft altijd een einddatum."),
    ("dag", "far"): lambda: _("Kies een dag binnen tien jaar."),
    ("dag", "later"): lambda: _("Er is al iets veranderd of gepland na deze dag. Kies een latere dag."),
    ("dag", "early"): lambda: _(
        "Het onderdeel bestaat op die dag niet, of is op die dag al veranderd. Kies een latere dag."
    ),
    ("opvolger", "missing"): lambda: _("Kies een collega die hier werkt."),
    ("reden", "missing"): lambda: _("Schrijf waarom u dit doet. Dat komt in het logboek."),
    ("reden", "own"): lambda: _("Uw eigen tweede factor wist een andere beheerder."),
    ("reden", "left"): lambda: _("Deze persoon werkt hier niet meer."),
    ("bsn", "shape"): lambda: _("Vul een burgerservicenummer in: 9 cijfers."),
    ("bsn", "own"): lambda: _("Uw eigen koppeling legt een andere beheerder vast."),
    ("groep", "missing"): lambda: _("Vul de naam van de groep in."),
    ("groep", "taken"): lambda: _("Deze groep geeft deze rol al."),
    ("rol", "missing"): lambda: _("Kies een rol."),
    ("code", "shape"): lambda: _("Gebruik kleine letters, cijfers of streepje."),
    ("code", "taken"): lambda: _("Deze code bestaat al."),
    ("onder", "loop"): lambda: _("Een onderdeel kan niet onder zichzelf hangen."),
    ("onder", "missing"): lambda: _("Kies een onderdeel dat er op die dag is."),
    ("in", "loop"): lambda: _("Kies een ander onderdeel, dat niet hieronder hangt."),
    ("in", "missing"): lambda: _("Kies een onderdeel dat er op die dag is."),
}


def wrong(*faults: WrongInput | tuple[str, str]) -> Row:
    """Return what is wrong, in words, for the summary and for the fields."""
    pairs = [(each.field, each.code) if isinstance(each, WrongInput) else each for each in faults]
    lines = [(name, _WORDS[name, code]()) for name, code in pairs]
    return {
        "fouten": [{"field": name, "text": text} for name, text in lines],
        "fout": dict(reversed(lines)),
    }


def unit_options(*, on: date | None = None, empty: str = "") -> list[tuple[str, str]]:
    """Return the units of a day to choose from, indented as the tree is."""
    lines = people.unit_tree(on=on or today())
    return [("", empty or _("Kies")), *((str(one.id), "\u2003" * one.depth + one.naam) for one in lines)]


def colleague_options(request: HttpRequest, *, but: int | None = None, empty: str = "") -> list[tuple[str, str]]:
    """Return who works here and is no guest, to choose from."""
    found = [one for one in people.colleagues(seen_by=actor(request)) if not one.is_guest and one.id != but]
    return [("", empty or _("Kies")), *((str(one.id), f"{one.naam} ({one.unit_naam})") for one in found)]


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way to a page of this area."""
    way = [(_("Beheer"), reverse("administration:home")), (_("Mensen"), reverse("administration:people")), *more]
    return [{"text": text, "url": url if at < len(way) - 1 else ""} for at, (text, url) in enumerate(way)]


# -- The list -----------------------------------------------------------------------------------------------------------


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def people_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody, guests, or who left; search words are only ever in the body of a POST."""
    kind = request.GET.get("wie", "here")
    kind = kind if kind in {"here", "guests", "left"} else "here"
    words = typed(request, "q", 100)
    given = request.GET.get("blad", "1")
    found = people.people_page(kind=kind, words=words, page=1 if words else number(given[:6]) or 1)
    base = reverse("administration:people")
    names = {"here": _("Werkt hier"), "guests": _("Gasten"), "left": _("Vertrokken")}

    def address(page: int) -> str:
        return f"{base}?wie={kind}&blad={page}"

    context = {
        "kruimels": crumbs()[:-1] + [{"text": _("Mensen"), "url": ""}],
        "q": words,
        "kind": kind,
        "found": found,
        "gevonden": bool(words),
        "lijsten": [
            {"text": text, "url": f"{base}?wie={name}", "current": name == kind} for name, text in names.items()
        ],
        "tabelkop": names[kind],
        "bladen": {
            "number": found.page,
            "count": 1 if words else found.pages,
            "first": (found.page - 1) * 50 + 1,
            "last": (found.page - 1) * 50 + len(found.lines),
            "total": found.total,
            "previous_url": address(found.page - 1) if found.page > 1 else "",
            "next_url": address(found.page + 1) if found.page < found.pages else "",
        },
    }
    return render(request, "administration/people/list.html", context)


# -- One person ---------------------------------------------------------------------------------------------------------


@access.administrator_required("beheer.mensen")
@require_GET
def person(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Everything about one account; roles are shown, and given elsewhere."""
    one = account_or_404(uuid)
    held = access.roles_of(one.id)
    units = {unit.id: unit.naam for unit in people.units()}
    context = {
        "kruimels": crumbs((one.naam, "")),
        "one": one,
        "gegevens": _rows(one),
        "inloggen": _login_rows(one),
        "rollen": [{"role": role, "unit": units.get(role.unit_id, "")} for role in held],
        "wachtend": _waiting_roles(one, {role.code for role in held}),
        "afwezigheden": people.absences_of(one.id),
        "gasten": people.guests_of(one.id),
        "handelingen": [
            {
                "title": line.actie_weergave or audit.in_words(line.actie, line.resource),
                "when": line.at,
                "by": line.gebruikers_weergave or line.actor_key,
                "text": line.toelichting,
            }
            for line in audit.trail_of(one.uuid, latest=LINES_OF_TRAIL)
        ],
        "is_me": one.id == actor(request).pk,
    }
    return render(request, "administration/people/person.html", context)


def _rows(one: people.AccountRecord) -> list[Row]:
    rows: list[Row] = [
        {"key": _("Gebruikersnaam"), "value": one.username},
        {"key": _("Mailadres"), "value": one.email},
        {"key": _("Organisatieonderdeel"), "value": one.unit_naam},
        {"key": _("Functie"), "value": one.functie or "–"},
        {"key": _("Als inwoner"), "value": _("gekoppeld") if one.is_linked else _("niet gekoppeld")},
    ]
    if one.is_guest:
        rows += [{"key": _("Begeleider"), "value": one.sponsor_naam}, {"key": _("Doel"), "value": one.purpose}]
    if one.leaving_date:
        rows.append({"key": _("Eerste dag zonder toegang"), "value": in_words(one.leaving_date)})
        if one.successor_naam:
            rows.append({"key": _("Werk gaat naar"), "value": one.successor_naam})
    return rows


def _login_rows(one: people.AccountRecord) -> list[Row]:
    yes, no = _("ingesteld"), _("niet ingesteld")
    invited = (
        _("uitnodiging verstuurd, geldig tot %(day)s") % {"day": in_words(one.open_invite_until)}
        if one.open_invite_until
        else no
    )
    return [
        {"key": _("Wachtwoord"), "value": yes if one.has_password else invited},
        {"key": _("App voor codes"), "value": yes if one.has_totp else no},
        {"key": _("Passkeys"), "value": str(one.passkeys)},
        {"key": _("Herstelcodes over"), "value": str(one.recovery_codes)},
        {"key": _("Eenmalig inloggen"), "value": _("gekoppeld") if one.is_bound else _("niet gekoppeld")},
        {"key": _("Open sessies"), "value": str(one.open_sessions)},
    ]


def _waiting_roles(one: people.AccountRecord, held: set[str]) -> list[str]:
    """Return the privileged roles that groups would give: those take a second person."""
    if not one.groups or one.is_guest:
        return []
    privileged = {role.code: role.naam for role in access.every_role() if role.is_privileged}
    wanted = {line.role_code for line in people.group_roles(groups=one.groups)}
    return sorted(privileged[code] for code in wanted - held if code in privileged)


def _form(request: HttpRequest, *, is_guest: bool, own: people.AccountRecord | None = None) -> Row:
    posted = request.method == "POST"
    now_there = {
        "username": own.username, "naam": own.naam, "email": own.email, "unit": str(own.unit_id), "functie": own.functie,
        "sponsor": str(own.sponsor_id or ""), "purpose": own.purpose,
        "end": f"{own.leaving_date:%d-%m-%Y}" if own.leaving_date else "",
    } if own else {}  # fmt: skip
    names = ("username", "naam", "email", "unit", "functie", "sponsor", "purpose", "end")
    return {
        "typed": {name: typed(request, name) if posted else now_there.get(name, "") for name in names},
        "is_guest": is_guest,
        "units": unit_options(),
        "sponsors": colleague_options(request) if is_guest else [],
        "fouten": [],
        "fout": {},
        "own": own,
    }


def _new(values: Mapping[str, str], *, is_guest: bool, username: str) -> people.NewMedewerker:
    return people.NewMedewerker(
        username=username,
        naam=values["naam"],
        email=values["email"],
        unit_id=number(values["unit"]),
        functie=values["functie"],
        is_guest=is_guest,
        sponsor_id=number(values["sponsor"]),
        purpose=values["purpose"],
        end=day_typed(values["end"]),
    )


def _add(request: HttpRequest, *, is_guest: bool) -> HttpResponseBase:
    context = _form(request, is_guest=is_guest)
    context["kruimels"] = crumbs((_("Gast toevoegen") if is_guest else _("Medewerker toevoegen"), ""))
    if request.method == "POST":
        values = context["typed"]
        new = _new(values, is_guest=is_guest, username=values["username"].lower())
        faults = people.faults_of(new)
        if not faults:
            try:
                added = people.invite(new, by=actor(request))
            except WrongInput as error:
                faults = [error]
            else:
                flash.ok(request, _("Toegevoegd. Er gaat een mail uit met een link om te beginnen."))
                return to_person(people.account(medewerker_id=added).uuid)
        context |= wrong(*faults)
    return render(request, "administration/people/form.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponseBase:
    """Add a member of staff; a mail goes out with a link for the first use."""
    return _add(request, is_guest=False)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def add_guest(request: HttpRequest) -> HttpResponseBase:
    """Add a guest: with a sponsor, a purpose and an end date."""
    return _add(request, is_guest=True)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def change_person(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Change name, mail address, unit, function; of a guest also sponsor, purpose and end date."""
    one = account_or_404(uuid)
    context = _form(request, is_guest=one.is_guest, own=one)
    context["kruimels"] = crumbs((one.naam, reverse("administration:person", args=[uuid])), (_("Wijzigen"), ""))
    if request.method == "POST":
        wanted = _new(context["typed"], is_guest=one.is_guest, username=one.username)
        faults = people.faults_of(wanted, besides=one.id)
        if not faults:
            try:
                people.change_medewerker(one.id, wanted, by=actor(request))
            except WrongInput as error:
                faults = [error]
            else:
                flash.ok(request, _("Opgeslagen."))
                return to_person(uuid)
        context |= wrong(*faults)
    return render(request, "administration/people/form.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Set the first day without access and who gets the open work, or take it back."""
    one = account_or_404(uuid)
    context: Row = {
        "kruimels": crumbs((one.naam, reverse("administration:person", args=[uuid])), (_("Vertrek"), "")),
        "one": one,
        "typed": {
            "dag": typed(request, "dag", 10) or (f"{one.leaving_date:%d-%m-%Y}" if one.leaving_date else ""),
            "opvolger": typed(request, "opvolger", 12),
        },
        "opvolgers": colleague_options(request, but=one.id, empty=_("Niemand: het werk gaat terug naar het team")),
        "gasten": [guest for guest in people.guests_of(one.id) if guest.works_here],
        **wrong(),
    }
    if request.method == "POST":
        takes_back = request.POST.get("deed") == "intrekken"
        day = None if takes_back else day_typed(context["typed"]["dag"])
        try:
            if day is None and not takes_back:
                raise WrongInput("dag", "shape")
            people.set_leaving_date(
                one.id,
                day,
                by=actor(request),
                successor_id=None if takes_back else number(context["typed"]["opvolger"]),
            )
        except WrongInput as error:
            context |= wrong(error)
        else:
            flash.ok(
                request, _("De vertrekdatum is ingetrokken.") if takes_back else _("De vertrekdatum is vastgelegd.")
            )
            return to_person(uuid)
    return render(request, "administration/people/leave.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def reset_factor(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Take away the second factors of somebody, with a reason; a mail goes out to set up a new one."""
    one = account_or_404(uuid)
    context: Row = {
        "kruimels": crumbs((one.naam, reverse("administration:person", args=[uuid])), (_("Tweede factor wissen"), "")),
        "one": one,
        "reden": typed(request, "reden"),
        **wrong(),
    }
    if request.method == "POST":
        try:
            people.reset_second_factor(one.id, reason=context["reden"], by=actor(request))
        except WrongInput as error:
            context |= wrong(error)
        else:
            flash.ok(request, _("De tweede factor is gewist. Er gaat een mail uit om een nieuwe in te stellen."))
            return to_person(uuid)
    return render(request, "administration/people/reset_factor.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def link_person(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say who somebody is as a resident: from then on their own cases and those of family are shut to them.

    The BSN is only ever in the body, and is not shown again. Source: Awb art. 2:4.
    """
    one, by = account_or_404(uuid), actor(request)
    context: Row = {
        "kruimels": crumbs((one.naam, reverse("administration:person", args=[uuid])), (_("Koppelen als inwoner"), "")),
        "one": one,
        **wrong(),
    }
    if request.method == "POST":
        takes_away = request.POST.get("deed") == "loskoppelen"
        bsn = "".join(typed(request, "bsn", 20).split())
        try:
            if not takes_away and not people.is_bsn(bsn):
                raise WrongInput("bsn", "shape")
            people.link_to_person(one.id, None if takes_away else people.person_for_bsn(bsn), by=by)
        except WrongInput as error:
            context |= wrong(error)
        else:
            try:
                personen.keep_family_shut(one.id, by=by)
            except personen.SourceUnavailable:
                flash.warning(request, _("Gekoppeld. De BRP geeft nu geen antwoord: de familie volgt vannacht."))
            else:
                flash.ok(
                    request,
                    _("Losgekoppeld.") if takes_away else _("Gekoppeld. Eigen zaken en die van familie zijn dicht."),
                )
            return to_person(uuid)
    return render(request, "administration/people/link_person.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_POST
def invite_again(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Mail a fresh link for the first use."""
    try:
        people.invite_again(account_or_404(uuid).id, by=actor(request))
    except WrongInput:
        flash.error(request, _("Deze persoon heeft al een wachtwoord, of werkt hier niet meer."))
    else:
        flash.ok(request, _("Er gaat een nieuwe uitnodiging uit. De vorige link werkt niet meer."))
    return to_person(uuid)


@access.administrator_required("beheer.mensen")
@require_POST
def unbind(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Let the next single sign-on bind anew."""
    try:
        people.forget_single_sign_on(account_or_404(uuid).id, by=actor(request))
    except people.NotKnown:
        flash.error(request, _("Dit account is niet gekoppeld."))
    else:
        flash.ok(request, _("Losgekoppeld."))
    return to_person(uuid)


@access.administrator_required("beheer.mensen")
@require_POST
def end_sessions(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """End all sessions of somebody."""
    one = account_or_404(uuid)
    people.sign_out_everywhere(one.id, by=actor(request))
    flash.ok(request, _("Alle sessies van deze persoon zijn gestopt."))
    return to_person(uuid)


# -- Groups -------------------------------------------------------------------------------------------------------------


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest) -> HttpResponseBase:
    """Which group at the log-in provider gives which role in which unit."""
    roles = {role.code: role for role in access.every_role()}
    values = {name: typed(request, name, 200) for name in ("groep", "rol", "unit")}
    context: Row = {"kruimels": crumbs((_("Groepen en rollen"), "")), "typed": values, **wrong()}
    if request.method == "POST":
        try:
            if values["rol"] not in roles:
                raise WrongInput("rol", "missing")
            people.map_group(values["groep"], values["rol"], number(values["unit"]) or 0, by=actor(request))
        except WrongInput as error:
            context |= wrong(error)
        else:
            flash.ok(request, _("Opgeslagen. Het geldt vanaf de volgende keer dat iemand inlogt."))
            return HttpResponseRedirect(reverse("administration:groups"))
    context |= {
        "regels": [{"line": line, "role": roles.get(line.role_code)} for line in people.group_roles()],
        "rollen": [("", _("Kies")), *((role.code, role.naam) for role in roles.values())],
        "units": unit_options(),
    }
    return render(request, "administration/people/groups.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_POST
def remove_group(request: HttpRequest, line: int) -> HttpResponseBase:
    """Let a group no longer give a role."""
    try:
        people.unmap_group(line, by=actor(request))
    except people.NotKnown:
        raise Http404 from None
    flash.ok(request, _("Verwijderd. Wie de rol zo kreeg, verliest hem bij de volgende keer inloggen."))
    return HttpResponseRedirect(reverse("administration:groups"))


# -- Units --------------------------------------------------------------------------------------------------------------


def _day_asked(request: HttpRequest) -> tuple[date, str]:
    """Return the day that is looked at, and what was typed when it is no day."""
    given = request.GET.get("dag", "")[:10]
    found = day_typed(given)
    return (found or today()), ("" if found or not given else given)


@access.administrator_required("beheer.mensen")
@require_GET
def units(request: HttpRequest) -> HttpResponseBase:
    """The organisation on a day, as a tree."""
    on, odd = _day_asked(request)
    context = {
        "kruimels": crumbs((_("Organisatie"), "")),
        "dag": on,
        "dag_typed": odd or f"{on:%d-%m-%Y}",
        "is_today": on == today(),
        "regels": people.unit_tree(on=on),
        **wrong(*([("dag", "shape")] if odd else [])),
    }
    return render(request, "administration/people/units.html", context)


@access.administrator_required("beheer.mensen")
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponseBase:
    """One unit: who belonged to it on a day, what it was called and where it hung."""
    found = _unit_or_404(code)
    on, odd = _day_asked(request)
    history = people.unit_history(found.id)
    context = {
        "kruimels": crumbs(
            (_("Organisatie"), reverse("administration:units")), (history[0].naam if history else code, "")
        ),
        "unit": found,
        "naam": history[0].naam if history else code,
        "dag": on,
        "dag_typed": odd or f"{on:%d-%m-%Y}",
        "mensen": people.people_in(found.id, on=on),
        "geschiedenis": history,
        "is_open": bool(history) and history[0].valid_to is None,
        **wrong(*([("dag", "shape")] if odd else [])),
    }
    return render(request, "administration/people/unit.html", context)


def _unit_or_404(code: str) -> people.UnitIdentity:
    found = people.unit_of_code(code)
    if found is None:
        raise Http404
    return found


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def add_unit(request: HttpRequest) -> HttpResponseBase:
    """Add a unit from a day on."""
    values = {name: typed(request, name, 200) for name in ("code", "naam", "onder", "dag")}
    if request.method == "GET":
        values["dag"] = f"{today():%d-%m-%Y}"
    context: Row = _unit_form(_("Onderdeel toevoegen"), values, is_new=True)
    if request.method == "POST":
        faults: list[WrongInput | tuple[str, str]] = []
        day = day_typed(values["dag"])
        if values["code"] in {"", "nieuw"} or not all(
            sign.isascii() and (sign.isalnum() or sign == "-") for sign in values["code"]
        ):
            faults.append(("code", "shape"))
        elif people.unit_of_code(values["code"].lower()):
            faults.append(("code", "taken"))
        if not values["naam"]:
            faults.append(("naam", "missing"))
        if day is None:
            faults.append(("dag", "shape"))
        if not faults and day is not None:
            try:
                people.add_unit(
                    values["code"].lower()[:50],
                    values["naam"],
                    number(values["onder"]),
                    valid_from=day,
                    by=actor(request),
                )
            except WrongInput as error:
                faults.append(error)
            else:
                flash.ok(request, _("Het onderdeel is toegevoegd."))
                return HttpResponseRedirect(reverse("administration:units"))
        context |= wrong(*faults)
    return render(request, "administration/people/unit_form.html", context, status=422 if context["fouten"] else 200)


def _unit_form(title: str, values: Mapping[str, str], *, is_new: bool = False) -> Row:
    return {
        "kruimels": crumbs((_("Organisatie"), reverse("administration:units")), (title, "")),
        "titel": title,
        "typed": values,
        "is_new": is_new,
        "units": unit_options(on=day_typed(values["dag"]), empty=_("Helemaal bovenaan")),
        **wrong(),
    }


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def change_unit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Rename or move a unit from a day on."""
    found = _unit_or_404(code)
    current = next((one for one in people.unit_tree(on=today()) if one.id == found.id), None)
    values = {name: typed(request, name, 200) for name in ("naam", "onder", "dag")}
    if request.method == "GET":
        naam, above = (current.naam, str(current.parent_id or "")) if current else ("", "")
        values = {"naam": naam, "onder": above, "dag": f"{today():%d-%m-%Y}"}
    context = _unit_form(_("Naam of plaats wijzigen"), values)
    if request.method == "POST":
        day = day_typed(values["dag"])
        faults = [] if values["naam"] else [("naam", "missing")]
        faults += [] if day else [("dag", "shape")]
        if not faults and day is not None:
            return _unit_deed(
                request, context, "dag", code,
                lambda: people.rename_unit(
                    found.id, naam=values["naam"], parent=number(values["onder"]), valid_from=day, by=actor(request)
                ),
            )  # fmt: skip
        context |= wrong(*faults)
    return render(request, "administration/people/unit_form.html", context, status=422 if context["fouten"] else 200)


@access.administrator_required("beheer.mensen")
@require_http_methods(["GET", "POST"])
def merge_unit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Let a unit go up in another one from a day on, or close it when it is empty."""
    found = _unit_or_404(code)
    values = {name: typed(request, name, 20) for name in ("in", "dag")}
    if request.method == "GET":
        values["dag"] = f"{today():%d-%m-%Y}"
    context = _unit_form(_("Samenvoegen met een ander onderdeel"), values) | {
        "is_merge": True,
        "units": [one for one in unit_options(on=day_typed(values["dag"])) if one[0] != str(found.id)],
    }
    if request.method == "POST":
        day, into = day_typed(values["dag"]), number(values["in"])
        faults = [] if into else [("in", "missing")]
        faults += [] if day else [("dag", "shape")]
        if not faults and day is not None and into is not None:
            return _unit_deed(
                request, context, "dag", code,
                lambda: people.merge_units(found.id, into, on=day, by=actor(request)),
            )  # fmt: skip
        context |= wrong(*faults)
    return render(request, "administration/people/unit_form.html", context, status=422 if context["fouten"] else 200)


def _unit_deed(
    request: HttpRequest, context: Row, field: str, code: str, deed: Callable[[], object]
) -> HttpResponseBase:
    try:
        deed()
    except people.NotKnown:
        context |= wrong((field, "early"))
    except WrongInput as error:
        error.field = "in" if context.get("is_merge") and error.field == "onder" else error.field
        context |= wrong(error)
    else:
        flash.ok(request, _("Vastgelegd. Wat er eerder was, blijft bekend."))
        return HttpResponseRedirect(reverse("administration:unit", args=[code]))
    return render(request, "administration/people/unit_form.html", context, status=422)
