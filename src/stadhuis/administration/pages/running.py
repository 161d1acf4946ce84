"""How the house runs: alarms and who sees to them, outages on record, and work that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.catalogi import public as catalogi
from stadhuis.kit import alarms, jobs, outages, watch
from stadhuis.kit.pages import flash
from stadhuis.kit.time import AMSTERDAM, local, now
from stadhuis.notificaties import public as notificaties
from stadhuis.people.public import SYSTEM, Actor, actor_of

guard = access.administrator_required("beheer.draaien")
LONGEST_REASON = 400


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request) or SYSTEM


def _note(what: str, resource: str, by: Actor, *, uuid: UUID | None = None, **more: Any) -> None:
    audit.record(what, about=uuid, kind="beheer", resource=resource, resource_id=uuid, by=by, **more)


def _to(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"administration:{name}"))


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"text": _("Beheer"), "url": reverse("administration:home")}, {"text": here, "url": ""}]


# -- Alarms -----------------------------------------------------------------------------------------------------------
@guard
@require_GET
def alarms_page(request: HttpRequest) -> HttpResponseBase:
    """Show what is wrong, since when, what to do, and who is on it; and how each channel is."""
    by = _actor(request)
    words = _channel_words()
    lasting = {one.channel for one in outages.current()}
    return render(
        request,
        "administration/running.html",
        {
            "kruimels": _crumbs(_("Hoe draait het")),
            "alarms": [_alarm(one, by) for one in alarms.standing()],
            "ended": [
                {"title": one.title, "when": one.ended_at, "text": one.text, "by": one.taken_by_name}
                for one in alarms.ended(limit=10)
            ],
            "channels": [
                {
                    "name": words[row.channel],
                    "is_down": row.channel in lasting or not row.is_well,
                    "checked_at": row.checked_at,
                }
                for row in watch.channels()
            ],
        },
    )


def _alarm(one: alarms.AlarmRecord, by: Actor) -> dict[str, Any]:
    try:
        url = reverse(one.route) if one.route else ""
    except NoReverseMatch:
        url = ""
    return {
        "uuid": one.uuid,
        "title": one.title,
        "text": one.text,
        "advice": one.advice,
        "url": url,
        "raised_at": one.raised_at,
        "taken_by": one.taken_by_name,
        "taken_at": one.taken_at,
        "is_mine": bool(one.taken_by) and one.taken_by == by.key,
    }


@guard
@require_POST
def take_alarm(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say 'I am on it'."""
    by = _actor(request)
    try:
        with transaction.atomic():
            name = alarms.take(uuid, by=by.key, name=by.label)
            _note("alarm opgepakt", "alarm", by, uuid=uuid, after={"alarm": name})
    except alarms.AlarmGone:
        flash.warning(request, _("Dit alarm is voorbij, of een collega was u voor."))
    else:
        flash.ok(request, _("U bent ermee bezig. Uw collega's zien dat."))
    return _to("running")


@guard
@require_POST
def let_go_alarm(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say 'I am no longer on it'."""
    by = _actor(request)
    try:
        with transaction.atomic():
            name = alarms.let_go(uuid, by=by.key)
            _note("alarm losgelaten", "alarm", by, uuid=uuid, after={"alarm": name})
    except alarms.AlarmGone:
        flash.warning(request, _("Dit alarm is voorbij, of het is niet bij u."))
    else:
        flash.ok(request, _("Het alarm wacht weer op iemand."))
    return _to("running")


# -- Outages ----------------------------------------------------------------------------------------------------------
def _channel_words() -> dict[str, str]:
    return {
        outages.PORTAL: _("Portaal voor inwoners"),
        outages.LOGIN: _("Inloggen met DigiD of eHerkenning"),
        outages.MAIL: _("Mail"),
        outages.API: _("API voor andere systemen"),
    }


def _source_words() -> dict[str, str]:
    return {"check": _("Zelf gemerkt"), "gap": _("Het systeem stond stil"), "person": _("Vastgelegd door een collega")}


@guard
@require_http_methods(["GET", "POST"])
def outages_page(request: HttpRequest) -> HttpResponseBase:
    """Show the outages on record; record one that nobody noticed, or one that lasts."""
    if request.method == "GET":
        return _outages(request)
    typed = {name: request.POST.get(name, "").strip()[:LONGEST_REASON] for name in OUTAGE_FIELDS}
    errors: dict[str, str] = {}
    start = _moment(typed["begin_dag"], typed["begin_tijd"])
    end = _moment(typed["einde_dag"], typed["einde_tijd"])
    if typed["kanaal"] not in outages.CHANNELS:
        errors["kanaal"] = _("Kies wat niet werkte.")
    if start is None:
        errors["begin_dag"] = _("Vul in wanneer het begon, bijvoorbeeld 26-11-2026 en 09:30.")
    if end is None and (typed["einde_dag"] or typed["einde_tijd"]):
        errors["einde_dag"] = _("Vul een dag en een tijd in, of laat beide leeg als het nog duurt.")
    if not typed["reden"]:
        errors["reden"] = _("Vul in wat er aan de hand was.")
    if errors or start is None:
        return _outages(request, typed=typed, errors=errors)
    by = _actor(request)
    try:
        with transaction.atomic():
            uuid = outages.record(typed["kanaal"], start, end, reason=typed["reden"], by=by.key)
            _note("storing vastgelegd", "storing", by, uuid=uuid, after=_said(typed), reason=typed["reden"])
    except outages.OutageError as error:
        return _outages(request, typed=typed, errors=_fault(error))
    flash.ok(request, _("De storing is vastgelegd. Termijnen houden er rekening mee."))
    return _to("outages")


OUTAGE_FIELDS = ("kanaal", "begin_dag", "begin_tijd", "einde_dag", "einde_tijd", "reden")


def _said(typed: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if name != "reden" and value}


def _moment(day: str, time: str) -> datetime | None:
    """Return a moment on the clock of the wall, or None when it is none, or one that the clock skips."""
    try:
        found = datetime.strptime(f"{day} {time}", "%d-%m-%Y %H:%M").replace(tzinfo=AMSTERDAM)
        if found.year < 2000:
            return None
        # An hour that does not exist (the night the clock goes forward) comes back as another one.
        there_and_back = datetime.fromtimestamp(found.timestamp(), AMSTERDAM)
    except (ValueError, OverflowError):
        return None
    return found if there_and_back.replace(tzinfo=None) == found.replace(tzinfo=None) else None


def _fault(error: outages.OutageError) -> dict[str, str]:
    faults = {
        "future": {"begin_dag": _("Een storing kan niet in de toekomst liggen.")},
        "order": {"einde_dag": _("Het einde moet na het begin liggen.")},
        "long": {"begin_dag": _("Een storing duurt niet langer dan zestig dagen.")},
        "open": {"kanaal": _("Voor dit kanaal loopt al een storing. Beëindig die eerst.")},
    }
    return faults.get(error.code, {"kanaal": _("Kies wat niet werkte.")})


def _outages(
    request: HttpRequest, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> HttpResponse:
    errors = errors or {}
    channels, sources = _channel_words(), _source_words()
    rows = [
        {
            "uuid": one.uuid,
            "id_text": str(one.uuid),
            "channel": channels.get(one.channel, one.channel),
            "started_at": one.started_at,
            "ended_at": one.ended_at,
            "is_open": one.is_open,
            "is_withdrawn": one.withdrawn_at is not None,
            "source": sources[one.source],
            "reason": one.withdrawn_reason or one.reason,
            "label": f"{channels.get(one.channel, one.channel)}, {local(one.started_at):%d-%m-%Y %H:%M}",
        }
        for one in outages.latest()
    ]
    context = {
        "kruimels": _crumbs(_("Storingen")),
        "outages": rows,
        "typed": typed or {},
        "fout": errors,
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "channels": list(channels.items()),
    }
    return render(request, "administration/outages.html", context, status=422 if errors else 200)


@guard
@require_POST
def end_outage(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say that an outage is over."""
    by = _actor(request)
    try:
        with transaction.atomic():
            outages.end(uuid)
            _note("storing beëindigd", "storing", by, uuid=uuid)
    except outages.OutageError:
        flash.warning(request, _("Deze storing was al voorbij."))
    else:
        flash.ok(request, _("De storing is voorbij."))
    return _to("outages")


@guard
@require_POST
def withdraw_outage(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Say that there was no outage, and why."""
    by = _actor(request)
    reason = request.POST.get("reden", "").strip()[:LONGEST_REASON]
    if not reason:
        return _outages(request, errors={f"reden-{uuid}": _("Vul in waarom dit geen storing was.")})
    try:
        with transaction.atomic():
            outages.withdraw(uuid, reason=reason, by=by.key)
            _note("storing ingetrokken", "storing", by, uuid=uuid, reason=reason)
    except outages.OutageError:
        flash.warning(request, _("Deze storing was al ingetrokken."))
    else:
        flash.ok(request, _("De storing is ingetrokken. Termijnen houden er geen rekening meer mee."))
    return _to("outages")


# -- Work that failed ---------------------------------------------------------------------------------------------------
@guard
@require_GET
def failed_page(request: HttpRequest) -> HttpResponseBase:
    """Show the jobs that failed for good and the messages that were given up."""
    return render(
        request,
        "administration/failed.html",
        {"kruimels": _crumbs(_("Mislukt werk")), "jobs": jobs.failed_jobs(), "letters": notificaties.dead_letters()},
    )


@guard
@require_POST
def settle_job(request: HttpRequest, job: int) -> HttpResponseBase:
    """Start a failed job again, or put it aside."""
    by, again = _actor(request), request.POST.get("deed") == "again"
    try:
        with transaction.atomic():
            name = jobs.again(job) if again else jobs.put_aside(job)
            _note(
                "taak opnieuw gestart" if again else "taak opgegeven", "taak", by, after={"taak": name, "nummer": job}
            )
    except jobs.JobGone:
        flash.warning(request, _("Een collega was u voor."))
    except jobs.NextOneWaits:
        flash.info(request, _("De volgende keer staat al klaar. U kunt deze taak opgeven."))
    else:
        flash.ok(request, _("De taak start opnieuw.") if again else _("De taak is opgegeven."))
    return _to("failed")


@guard
@require_POST
def send_again(request: HttpRequest, delivery: int) -> HttpResponseBase:
    """Send a message that was given up once more."""
    by = _actor(request)
    try:
        with transaction.atomic():
            notificaties.send_again(delivery)
            _note("bericht opnieuw gestuurd", "notificatie", by, after={"nummer": delivery})
    except notificaties.DeliveryNotFound:
        flash.warning(request, _("Een collega was u voor."))
    else:
        flash.ok(request, _("Het bericht gaat opnieuw weg."))
    return _to("failed")


def _say_sent_again(request: HttpRequest, number: int) -> None:
    flash.ok(
        request,
        ngettext("%(n)d bericht gaat opnieuw weg.", "%(n)d berichten gaan opnieuw weg.", number) % {"n": number},
    )


@guard
@require_POST
def send_all_again(request: HttpRequest) -> HttpResponseBase:
    """Send everything that was given up once more."""
    by = _actor(request)
    with transaction.atomic():
        number = notificaties.send_all_again()
        if number:
            _note("berichten opnieuw gestuurd", "notificatie", by, after={"aantal": number})
    _say_sent_again(request, number)
    return _to("failed")


# -- Who is told --------------------------------------------------------------------------------------------------------
@guard
@require_GET
def subscribers_page(request: HttpRequest) -> HttpResponseBase:
    """Show which systems are told of changes, of which, and how delivery to each goes."""
    moment = now()
    return render(request, "administration/subscribers.html", {
        "kruimels": _crumbs(_("Abonnementen")),
        "subscribers": [
            {
                "uuid": one.uuid, "url": one.callback_url, "waiting": one.waiting, "oldest": one.oldest_waiting,
                "dead": one.dead, "failures": one.failures,
                "paused_until": one.paused_until if one.paused_until and one.paused_until > moment else None,
                "kanalen": [
                    {"naam": naam, "filters": ", ".join(f"{key}: {value}" for key, value in filters.items())}
                    for naam, filters in one.kanalen
                ],
            }
            for one in notificaties.subscribers()
        ],
    })  # fmt: skip


@guard
@require_POST
def subscriber_again(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send everything that was given up for one subscription once more."""
    by = _actor(request)
    with transaction.atomic():
        number = notificaties.send_all_again(uuid)
        if number:
            _note("berichten opnieuw gestuurd", "abonnement", by, uuid=uuid, after={"aantal": number})
    _say_sent_again(request, number)
    return _to("subscribers")


@guard
@require_http_methods(["GET", "POST"])
def subscriber_end(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """End a subscription after one more question; what waits for it is dropped."""
    by = _actor(request)
    found = next((one for one in notificaties.subscribers() if one.uuid == uuid), None)
    if found is None:
        raise Http404
    back = reverse("administration:subscribers")
    if request.method == "GET":
        return render(request, "administration/application_sure.html", {
            "kruimels": [*_crumbs("")[:1], {"text": _("Abonnementen"), "url": back}, {"text": _("Abonnement beëindigen"), "url": ""}],
            "titel": _("Abonnement beëindigen"), "onderschrift": found.callback_url, "knop": _("Beëindigen"), "terug_url": back,
            "tekst": _("Dit systeem krijgt dan geen berichten meer, ook niet die nog wachten. Het kan zich zelf opnieuw abonneren."),
        })  # fmt: skip
    with transaction.atomic():
        if notificaties.delete_abonnement(uuid):
            before = {"callbackUrl": found.callback_url, "kanalen": [naam for naam, _filters in found.kanalen]}
            _note("abonnement beëindigd", "abonnement", by, uuid=uuid, before=before)
    flash.ok(request, _("Het abonnement is beëindigd."))
    return _to("subscribers")


# -- The catalogue ------------------------------------------------------------------------------------------------------
@guard
@require_GET
def incomplete_types(request: HttpRequest) -> HttpResponseBase:
    """Show published zaaktypen that lack parts without which a zaak of them cannot be handled."""
    words = {"statustypen": _("statustypen"), "resultaattypen": _("resultaattypen"), "roltypen": _("roltypen")}
    return render(request, "administration/incomplete_types.html", {
        "kruimels": _crumbs(_("Onvolledige zaaktypen")),
        "zaaktypen": [
            {"naam": one.omschrijving, "ref": one.ref, "catalogus": one.catalogus, "begin": one.begin_geldigheid,
             "url": one.url, "mist": [words[name] for name in one.missing]}
            for one in catalogi.incomplete_zaaktypen()
        ],
    })  # fmt: skip
