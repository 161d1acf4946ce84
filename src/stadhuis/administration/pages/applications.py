"""Area applications: connecting one, its rights and secrets, how its calls go, and disconnecting it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.access.public import ApplicatieRecord, ClientOfApplication, SecretRecord
from stadhuis.administration import connection, examples, rights
from stadhuis.administration.rights import Typed
from stadhuis.audit import public as audit
from stadhuis.kit.pages import flash
from stadhuis.kit.templatetags.kit import moment
from stadhuis.people import public as people
from stadhuis.people.public import Actor

guard = access.administrator_required("beheer.toegang")
CLIENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
SECRET_BYTES: Final = 32
FILL_IN: Final = "***"


def _by(request: HttpRequest) -> Actor:
    found = people.actor_of(request)
    assert found is not None
    return found


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    first = [(_("Beheer"), reverse("administration:home")), (_("Applicaties"), reverse("administration:applications"))]
    return [{"text": text, "url": url if at < len(more) + 1 else ""} for at, (text, url) in enumerate([*first, *more])]


def _application_or_404(uuid: UUID) -> ApplicatieRecord:
    try:
        return access.applicatie_by_uuid(uuid)
    except access.NotFound:
        raise Http404 from None


def _to(name: str, *args: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"administration:{name}", args=args))


# -- The list -----------------------------------------------------------------------------------------------------------
@guard
@require_GET
def applications(request: HttpRequest) -> HttpResponseBase:
    """Show the applications, found by name or client id, and tokens that were refused because nobody knows them."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = request.GET.get("blad", "1")
    found = access.applications(words=words, page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1)  # fmt: skip
    base = reverse("administration:applications")

    def address(number: int) -> str:
        return f"{base}?{_query(q=words, blad=str(number))}"

    return render(request, "administration/applications.html", {
        "kruimels": _crumbs(), "q": words, "found": found,
        "strangers": [
            {"client_id": one.client_id, "at": one.refused_at, "why": connection.refusal_in_words(one.refused_code, one.refused_age)}
            for one in access.refused_strangers()
        ],
        "bladen": {
            "number": found.page, "count": found.pages, "first": (found.page - 1) * 50 + 1,
            "last": (found.page - 1) * 50 + len(found.lines), "total": found.total,
            "previous_url": address(found.page - 1) if found.page > 1 else "",
            "next_url": address(found.page + 1) if found.page < found.pages else "",
        },
    })  # fmt: skip


def _query(**values: str) -> str:
    return urlencode({name: value for name, value in values.items() if value})


# -- Connecting one -----------------------------------------------------------------------------------------------------
@guard
@never_cache
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest) -> HttpResponseBase:
    """Connect an application in three steps: what it is and may, read it over, and its secret, which is shown once."""
    if request.method == "GET":
        return _connect_form(request, Typed(), {})
    typed = rights.from_post(request.POST)
    if request.POST.get("stap") == "terug":
        return _connect_form(request, typed, {})
    wrong = _faults_of_who(typed) | rights.faults(typed)
    if not wrong and not typed.client_id:
        typed = replace(typed, client_id=_free_client_id(typed.label))
    if wrong:
        return _connect_form(request, typed, wrong)
    if request.POST.get("stap") != "aansluiten":
        return _review(request, typed, _("Controleren"), reverse("administration:connect"), _("Aansluiten"))
    secret = _new_secret()
    try:
        with transaction.atomic():
            pk = access.create_applicatie(
                typed.label, [typed.client_id], secret, typed.may_all, rights.build(typed), by=_by(request)
            )
    except access.ClientIdTaken:
        return _connect_form(request, typed, {"client_id": _taken()})
    record = access.applicatie_by_id(pk)
    assert record is not None
    return _secret_page(request, record, typed.client_id, secret, is_first=True)


def _taken() -> str:
    return _("Deze client-id is of was van een applicatie. Kies een andere: een client-id wordt nooit hergebruikt.")


def _faults_of_who(typed: Typed) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not 0 < len(typed.label) <= rights.LONGEST_LABEL:
        wrong["naam"] = _("Vul een naam in van hoogstens 100 tekens.")
    if typed.client_id and not CLIENT_ID.fullmatch(typed.client_id):
        wrong["client_id"] = _("Gebruik letters, cijfers, punt, streepje of laag streepje, hoogstens 50.")
    elif typed.client_id and access.taken_client_ids([typed.client_id]):
        wrong["client_id"] = _taken()
    return wrong


def _free_client_id(label: str) -> str:
    """Return a client id made of a name, with an end that makes it one of a kind."""
    return f"{slugify(label)[:40].strip('-') or 'applicatie'}-{secrets.token_hex(3)}"


def _new_secret() -> str:
    # Hexadecimal: one double click selects all of it, and no shell or file reads anything into it.
    return secrets.token_hex(SECRET_BYTES)


def _steps(current: int) -> list[dict[str, str]]:
    words = [_("Naam en rechten"), _("Controleren"), _("Geheim en proef")]
    return [
        {"text": text, "url": "", "state": "done" if at < current else "current" if at == current else "todo"}
        for at, text in enumerate(words, start=1)
    ]


def _connect_form(request: HttpRequest, typed: Typed, wrong: dict[str, str]) -> HttpResponseBase:
    return render(request, "administration/application_form.html", {
        "kruimels": _crumbs((_("Applicatie aansluiten"), "")), "titel": _("Applicatie aansluiten"), "stappen": _steps(1),
        "terug_url": reverse("administration:applications"),
        "wie": [
            {"kind": "text", "name": "naam", "label": _("Naam"), "value": typed.label, "error": wrong.get("naam", ""), "required": True,
             "hint": _("Zoals uw collega's de applicatie noemen. Deze naam staat later in het logboek."), "maxlength": 100},
            {"kind": "text", "name": "client_id", "label": _("Client-id"), "value": typed.client_id, "error": wrong.get("client_id", ""),
             "hint": _("Hiermee meldt de applicatie zich. Leeg: wij maken er een van de naam."), "maxlength": 50, "spellcheck": False, "autocomplete": "off"},
        ],
        **_rights_fields(typed, wrong),
    }, status=422 if wrong else 200)  # fmt: skip


def _rights_fields(typed: Typed, wrong: dict[str, str]) -> dict[str, Any]:
    return {
        "omvang": {
            "kind": "radio", "name": "omvang", "label": _("Wat mag de applicatie?"), "required": True, "error": wrong.get("omvang", ""),
            "value": rights.EVERYTHING if typed.may_all else "kies",
            "options": [
                ("kies", _("Wat ik hieronder kies")),
                (rights.EVERYTHING, _("Alles, in elke API"), _("Ook verwijderen, zaken van afgeschermde personen en rechten van andere applicaties.")),
            ],
        },
        "apis": [rights.fields_of(component, typed, wrong) for component in rights.COMPONENTS],
        "fouten": [{"field": name, "text": text} for name, text in wrong.items()],
    }  # fmt: skip


def _review(
    request: HttpRequest, typed: Typed, title: str, action: str, button: str, was: str = ""
) -> HttpResponseBase:
    return render(request, "administration/application_review.html", {
        "kruimels": _crumbs((title, "")), "titel": title, "stappen": [] if was else _steps(2), "typed": typed, "actie": action,
        "knop": button, "verborgen": [*rights.hidden(typed), *([("was", was)] if was else [])],
        "rechten": rights.in_words(rights.build(typed)),
    })  # fmt: skip


def _secret_page(
    request: HttpRequest, record: ApplicatieRecord, client_id: str, secret: str, *, is_first: bool
) -> HttpResponseBase:
    """Show a secret, which is kept nowhere in the clear and so can be shown only now, and try the connection with it."""
    return render(request, "administration/application_secret.html", {
        "kruimels": _crumbs((record.label, reverse("administration:application", args=[record.uuid])), (_("Geheim"), "")),
        "stappen": _steps(3) if is_first else [], "applicatie": record, "client_id": client_id, "geheim": secret,
        "proef": connection.try_connection(record, client_id), "adres": settings.PUBLIC_URL,
        **_examples(record, client_id, secret),
    })  # fmt: skip


def _examples(record: ApplicatieRecord, client_id: str, secret: str) -> dict[str, str]:
    given = {"client_id": client_id, "secret": secret, "url": connection.address_for(record)}
    return {"curl": examples.curl(**given), "python": examples.python(**given)}


# -- One application ----------------------------------------------------------------------------------------------------
@guard
@never_cache
@require_GET
def application(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Show an application: how its last call went, its secrets, its rights, and what can be done."""
    record = _application_or_404(uuid)
    clients = access.clients_of(record.id)
    first = clients[0].client_id if clients else ""
    return render(request, "administration/application.html", {
        "kruimels": _crumbs((record.label, "")), "applicatie": record, "calls": _calls(clients),
        "clients": [
            {"client_id": one.client_id, "free_slot": one.free_slot, "secrets": one.secrets} for one in clients
        ],
        "rechten": rights.in_words(record.autorisaties), "adres": settings.PUBLIC_URL,
        "stand_url": reverse("administration:application_calls", args=[uuid]),
        **_examples(record, first, FILL_IN),
    })  # fmt: skip


@guard
@never_cache
@require_GET
def application_calls(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Answer the part of the page that looks whether the application has called by now."""
    record = _application_or_404(uuid)
    answer = render(request, "administration/application_calls.html", {"calls": _calls(access.clients_of(record.id))})
    tag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer.status_code, answer.content = 304, b""
    answer["ETag"] = tag
    return answer


def _calls(clients: Sequence[ClientOfApplication]) -> list[dict[str, Any]]:
    return [{"client_id": one.client_id, **_call(one)} for one in clients]


def _call(client: ClientOfApplication) -> dict[str, Any]:
    """Return how the calls of a client id go, as lines to show: the latest success, error and refusal."""
    call = client.call
    if call is None or (call.answered_at is None and call.failed_at is None and call.refused_at is None):
        used = max((one.last_used_at for one in client.secrets if one.last_used_at), default=None)
        return {"is_waiting": used is None, "used": used}
    lines = []
    if call.answered_at is not None:
        lines.append({"at": call.answered_at, "tone": "ok", "badge": _("gelukt"), "operation": call.operation,
                      "text": _("Beantwoord met status %(status)s.") % {"status": call.status}})  # fmt: skip
    if call.failed_at is not None and call.failed_status is not None:
        text = _("Beantwoord met status %(status)s.") % {"status": call.failed_status}
        lines.append({"at": call.failed_at, "tone": "warning", "badge": _("niet gelukt"), "operation": call.failed_operation,
                      "text": f"{text} {_status_in_words(call.failed_status, call.failed_code)}".strip()})  # fmt: skip
    if call.refused_at is not None:
        lines.append({"at": call.refused_at, "tone": "late", "badge": _("token geweigerd"), "operation": "",
                      "text": connection.refusal_in_words(call.refused_code, call.refused_age)})  # fmt: skip
    return {"is_waiting": False, "lines": sorted(lines, key=lambda line: line["at"], reverse=True)}


def _status_in_words(status: int, code: str) -> str:
    if status == 403:
        return _("Het token is goed, maar de applicatie heeft dit recht niet.")
    if status == 429:
        return _("De applicatie vraagt te veel in één minuut.")
    if status >= 500:
        return _("Dat ligt aan ons. Zoek de aanvraag op in de logs.")
    return _("Foutcode: %(code)s.") % {"code": code} if code else ""


# -- Rights -------------------------------------------------------------------------------------------------------------
@guard
@never_cache
@require_http_methods(["GET", "POST"])
def application_rights(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Change the name and the rights of an application: fill in, read over, keep."""
    record = _application_or_404(uuid)
    if request.method == "GET":
        return _rights_form(request, record, rights.from_record(record), {}, rights.seal(record))
    typed, was = rights.from_post(request.POST, kept=record.autorisaties), request.POST.get("was", "")
    if request.POST.get("stap") == "terug":
        return _rights_form(request, record, typed, {}, was)
    wrong = rights.faults(typed)
    if not 0 < len(typed.label) <= rights.LONGEST_LABEL:
        wrong = {"naam": _("Vul een naam in van hoogstens 100 tekens.")} | wrong
    if wrong:
        return _rights_form(request, record, typed, wrong, was)
    if request.POST.get("stap") != "opslaan":
        here = reverse("administration:application_rights", args=[uuid])
        return _review(request, typed, _("Rechten controleren"), here, _("Opslaan"), was)
    if was != rights.seal(record):
        flash.warning(
            request, _("Een collega veranderde deze applicatie intussen. Kijk hoe het nu is en begin opnieuw.")
        )
        return _to("application_rights", uuid)
    try:
        with transaction.atomic():
            access.change_applicatie(
                record.id, label=typed.label, client_ids=record.client_ids, heeft_alle_autorisaties=typed.may_all,
                autorisaties=rights.build(typed), by=_by(request),
                alleen_is_gereed_voor_publicatie=record.alleen_is_gereed_voor_publicatie,
            )  # fmt: skip
    except access.NotFound:
        raise Http404 from None
    flash.ok(request, _("De rechten zijn gewijzigd. Ze gelden meteen."))
    return _to("application", uuid)


def _rights_form(
    request: HttpRequest, record: ApplicatieRecord, typed: Typed, wrong: dict[str, str], was: str
) -> HttpResponseBase:
    here = reverse("administration:application", args=[record.uuid])
    return render(request, "administration/application_form.html", {
        "kruimels": _crumbs((record.label, here), (_("Rechten wijzigen"), "")), "titel": _("Rechten wijzigen"), "stappen": [],
        "onderschrift": record.label, "terug_url": here, "was": was,
        "wie": [{"kind": "text", "name": "naam", "label": _("Naam"), "value": typed.label, "error": wrong.get("naam", ""), "required": True, "maxlength": 100}],
        "nu": rights.in_words(record.autorisaties),
        **_rights_fields(typed, wrong),
    }, status=422 if wrong else 200)  # fmt: skip


# -- Secrets ------------------------------------------------------------------------------------------------------------
@guard
@never_cache
@require_POST
def secret_new(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Make a secret in the free place of a client id and show it once; the other one keeps working."""
    record = _application_or_404(uuid)
    client = _client_or_404(record, request)
    secret = _new_secret()
    with transaction.atomic():
        if client.free_slot is None:
            flash.warning(request, _("Er zijn al twee geheimen. Trek er eerst een in."))
            return _to("application", uuid)
        access.set_secret(client.client_id, secret, slot=client.free_slot, by=_by(request))
    return _secret_page(request, record, client.client_id, secret, is_first=False)


@guard
@require_POST
def secret_drop(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Withdraw a secret; one that seems to be in use only when the administrator is sure."""
    record = _application_or_404(uuid)
    client = _client_or_404(record, request)
    found = next((one for one in client.secrets if str(one.slot) == request.POST.get("plaats")), None)
    if found is None:
        flash.warning(request, _("Dit geheim was al ingetrokken."))
        return _to("application", uuid)
    why = access.why_keep(found, client.secrets)
    if why and request.POST.get("zeker") != "ja":
        return render(request, "administration/application_sure.html", {
            "kruimels": _crumbs((record.label, reverse("administration:application", args=[uuid])), (_("Geheim intrekken"), "")),
            "titel": _("Geheim intrekken"), "tekst": _why_in_words(why, found), "knop": _("Toch intrekken"),
            "terug_url": reverse("administration:application", args=[uuid]),
            "verborgen": [("client_id", client.client_id), ("plaats", found.slot), ("zeker", "ja")],
        })  # fmt: skip
    with transaction.atomic():
        access.drop_secret(client.client_id, slot=found.slot, by=_by(request))
    flash.ok(request, _("Het geheim is ingetrokken. Tokens die ermee gemaakt zijn, werken niet meer."))
    return _to("application", uuid)


def _why_in_words(why: str, secret: SecretRecord) -> str:
    return {
        "last": _("Dit is het enige geheim. Zonder geheim kan de applicatie niet meer inloggen."),
        "recent": _("Dit geheim is nog gebruikt op %(moment)s. De applicatie heeft het dus nog nodig.") % {"moment": moment(secret.last_used_at)},
        "unproved": _("Het andere geheim is nog nooit gebruikt. Geef dat eerst aan de applicatie, en kijk of het werkt."),
    }[why]  # fmt: skip


def _client_or_404(record: ApplicatieRecord, request: HttpRequest) -> ClientOfApplication:
    for one in access.clients_of(record.id):
        if one.client_id == request.POST.get("client_id"):
            return one
    raise Http404


@guard
@require_POST
def try_connection(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Call our own API as this application and say how that went."""
    record = _application_or_404(uuid)
    client_id = _client_or_404(record, request).client_id
    trial = connection.try_connection(record, client_id)
    audit.record(
        "verbinding geprobeerd", about=uuid, kind="applicatie", resource="applicatie", resource_id=uuid,
        by=_by(request), after={"clientId": client_id, "gelukt": trial.is_well},
    )  # fmt: skip
    (flash.ok if trial.is_well else flash.error)(request, f"{trial.text} ({trial.address})")
    return _to("application", uuid)


# -- Disconnecting ------------------------------------------------------------------------------------------------------
@guard
@require_http_methods(["GET", "POST"])
def disconnect(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Remove an application with its secrets and rights, after one more question; its client ids stay taken."""
    record = _application_or_404(uuid)
    if request.method == "GET":
        used = [
            one.last_used_at for client in access.clients_of(record.id) for one in client.secrets if one.last_used_at
        ]
        text = _("De applicatie kan daarna niets meer opvragen of wijzigen. De client-id wordt nooit aan een andere applicatie gegeven.")  # fmt: skip
        if used:
            text += " " + _("De applicatie logde voor het laatst in op %(moment)s.") % {"moment": moment(max(used))}
        here = reverse("administration:application", args=[uuid])
        return render(request, "administration/application_sure.html", {
            "kruimels": _crumbs((record.label, here), (_("Applicatie afsluiten"), "")), "titel": _("Applicatie afsluiten"),
            "onderschrift": record.label, "tekst": text, "knop": _("Afsluiten"), "terug_url": here, "verborgen": [],
        })  # fmt: skip
    try:
        with transaction.atomic():
            access.delete_applicatie(record.id, by=_by(request))
    except access.NotFound:
        raise Http404 from None
    flash.ok(request, _("%(name)s is afgesloten.") % {"name": record.label})
    return _to("applications")
