"""Pages for staff: take in, call one deed or question, give back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import public as casework
from stadhuis.documenten import public as documenten
from stadhuis.forms import public as forms
from stadhuis.kit import pdf
from stadhuis.kit.pages import flash
from stadhuis.kit.time import today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.schemes import public as schemes
from stadhuis.workplace import present, query
from stadhuis.zaken import public as zaken

VIEWS: tuple[casework.View, ...] = ("mine", "replacing", "free", "unit", "approve", "all")


def actor(request: HttpRequest) -> Actor:
    """Return who is logged in; the guard of the page has made sure that somebody is."""
    found = people.actor_of(request)
    assert found is not None
    return found


def zaak_or_404(uuid: UUID, request: HttpRequest) -> zaken.ZaakRecord:
    """Return the zaak, or 404 when it is not there for this member of staff."""
    try:
        return zaken.zaak_by_uuid(uuid, seen_by=actor(request))
    except zaken.ZaakNotFound:
        raise Http404 from None


def hides_address(record: zaken.ZaakRecord, by: Actor, rollen: Sequence[zaken.RolRecord] | None = None) -> bool:
    """Return whether somebody in this zaak has a secret address that ``by`` may not see; ``rollen`` when they are known."""
    parties = [rol.person_id for rol in (zaken.rollen_of(record.id) if rollen is None else rollen)]
    return bool(access.shielded(parties)) and not casework.may(by, "adres.geheim", record)


def seen_letter(record: zaken.ZaakRecord, found: casework.ProposalRecord, by: Actor) -> casework.ProposalRecord:
    """Return a proposal with its letter as ``by`` may read it; what goes out is not touched."""
    if not hides_address(record, by):
        return found
    return replace(found, letter=casework.masked_letter(found.letter, zaken.hidden_in([record.uuid], seen_by=by)))


def written(request: HttpRequest, name: str) -> str:
    """Return what was typed in a field, fit to be kept."""
    return query.plain(request.POST.get(name, ""))


def to_zaak(uuid: UUID, anchor: str = "") -> HttpResponseRedirect:
    """Return to the case page, at a section."""
    return HttpResponseRedirect(reverse("workplace:zaak", args=[uuid]) + (f"#{anchor}" if anchor else ""))


# -- Worklist and search ----------------------------------------------------------------------------------------------


@people.staff_required
@require_GET
def worklist(request: HttpRequest) -> HttpResponseBase:
    """The worklist: late on top, then nearly late. The poll gets the table alone, or 304 when nothing changed."""
    wanted = request.GET.get("lijst", "mine")
    view = next((name for name in VIEWS if name == wanted), VIEWS[0])
    number = request.GET.get("blad", "1")
    page = casework.worklist(
        view, seen_by=actor(request), page=int(number) if number.isdecimal() and len(number) < 7 else 1
    )
    context = present.worklist(view, page)
    shown = [line.zaak_uuid for line in page.lines]
    if request.headers.get("HX-Request") != "true":
        zaken.log_use("zaak.zoeken", shown, by=actor(request))
        return zaken.masked(render(request, "workplace/worklist.html", context), shown, by=actor(request))
    answer = zaken.masked(render(request, "workplace/worklist_table.html", context), shown, by=actor(request))
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    answer["ETag"] = etag
    zaken.log_use("zaak.zoeken", shown, by=actor(request))
    return answer


@people.staff_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponseBase:
    """Find zaken by words, number, name, birth date or BSN. What was typed is only ever in the body of a POST."""
    words = written(request, "q")
    context: dict[str, Any] = {"search_value": words, "fouten": []}
    if request.method == "POST":
        wanted = query.read(words[:200])
        if len(words) < 2 or wanted.is_empty:
            context["fout"] = _("Vul een woord, zaaknummer, naam, geboortedatum of BSN in.")
            context["fouten"] = [{"field": "q", "text": context["fout"]}]
        else:
            context.update(_found(request, words[:200], wanted))
    answer = render(request, "workplace/search.html", context, status=422 if context["fouten"] else 200)
    shown = [line["uuid"] for name in ("gevonden", "treffers") for line in context.get(name, ())]
    return zaken.masked(answer, shown, by=actor(request))


def _found(request: HttpRequest, words: str, wanted: query.Query) -> dict[str, Any]:
    """Return what was found: by number, birth date or BSN in the register, by other words in the search text.

    A birth date and a BSN are never looked for in a text. The register finds a name too, for what has no text yet.
    """
    by = actor(request)
    is_private = wanted.birth_date is not None or bool(wanted.bsn)
    tolerant = written(request, "lijkend") == "ja"
    if is_private or (wanted.number and not tolerant):
        rows = zaken.find(
            number=wanted.number, name=wanted.name, birth_date=wanted.birth_date, bsn=wanted.bsn, seen_by=by
        )
        if rows or is_private:
            zaken.log_use("zaak.zoeken", [row.uuid for row in rows], by=by)
            return present.found(rows)
    typed = written(request, "blad")
    page = int(typed) if typed.isdecimal() and 0 < len(typed) < 4 else 1
    page = max(1, min(page, present.MOST_PAGES))
    hits = records.search(
        words, seen_by=by, limit=present.PER_PAGE, offset=(page - 1) * present.PER_PAGE, tolerant=tolerant
    )
    if not hits.hits and page == 1 and wanted.name and not wanted.number:
        rows = zaken.find(name=wanted.name, seen_by=by)
        zaken.log_use("zaak.zoeken", [row.uuid for row in rows], by=by)
        return present.found(rows)
    cases = zaken.zaken_by_uuid([hit.object_uuid for hit in hits.hits if hit.kind == "zaak"], seen_by=by)
    zaken.log_use("zaak.zoeken", list(cases), by=by)
    return present.found_in_text(hits, cases, page=page, tolerant=tolerant)


# -- The case page ----------------------------------------------------------------------------------------------------


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def zaak(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Everything about one zaak and the one next step."""
    by = actor(request)
    try:
        dossier = zaken.dossier(uuid, seen_by=by)
    except zaken.ZaakNotFound:
        raise Http404 from None
    reads_trail = casework.may(by, "audittrail.lezen", dossier.zaak)
    records.opened("zaak", uuid, by=by, what="zaak")
    clock = casework.clock_of(dossier.zaak.id)
    context = present.zaak(
        present.CaseFacts(
            actor=by,
            dossier=dossier,
            work=casework.work_of(dossier.zaak.id),
            clock=clock,
            penalty=casework.penalty_of(dossier.zaak.id, clock=clock),
            submission=forms.submission(uuid),
            facts=casework.established_facts(dossier.zaak.id),
            assessments=schemes.assessments_of(uuid),
            proposals=casework.proposals_of(dossier.zaak.id),
            receipts=messages.receipts_of(uuid),
            letters=messages.messages_of(uuid),
            mails=messages.mails_about([uuid]),
            trail=audit.trail_of(uuid, latest=present.LATEST_LINES) if reads_trail else [],
            reads_trail=reads_trail,
            hides_address=hides_address(dossier.zaak, by, dossier.rollen),
            administers=access.rights_to_administer(request),
            colleagues=people.colleagues(seen_by=by),
        )
    )
    return render(request, "workplace/zaak.html", context)


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def trail(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Everything that was done in a zaak, newest first."""
    record = zaak_or_404(uuid, request)
    if not casework.may(actor(request), "audittrail.lezen", record):
        raise Http404
    records.opened("zaak", uuid, by=actor(request), what="handelingen")
    return render(request, "workplace/trail.html", present.trail(record, audit.trail_of(uuid)))


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def document(request: HttpRequest, uuid: UUID, document: UUID) -> HttpResponseBase:
    """Send a document of a zaak that the member of staff may see; always as a download, never as a page of ours."""
    content: Any
    try:
        found = zaken.document_of(uuid, document, seen_by=actor(request))
        made = casework.masked_document(uuid, document, seen_by=actor(request))
        content = io.BytesIO(made) if made is not None else zaken.open_document(uuid, document, seen_by=actor(request))
    except (zaken.ZaakNotFound, documenten.DocumentenError, FileNotFoundError):
        raise Http404 from None
    records.opened("zaak", uuid, by=actor(request), what="document")
    return FileResponse(
        content, as_attachment=True, filename=found.bestandsnaam or "document", content_type=found.formaat or None
    )


# -- What belongs to no zaak --------------------------------------------------------------------------------------------


@people.staff_required
@require_GET
def loose_document(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send a document that belongs to no zaak and no besluit; whose data are in it nobody knows, so no line names anybody."""
    try:
        found = documenten.document(uuid, seen_by=actor(request))
        if not documenten.is_loose(uuid):
            raise Http404
        content = documenten.open_document(uuid, seen_by=actor(request))
    except (documenten.DocumentenError, FileNotFoundError):
        raise Http404 from None
    records.opened("document", uuid, by=actor(request), what="document")
    return FileResponse(
        content, as_attachment=True, filename=found.bestandsnaam or "document", content_type=found.formaat or None
    )


@people.staff_required
@require_GET
def loose_besluit(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Show a besluit that was taken in no zaak."""
    try:
        found = besluiten.loose_besluit(uuid, seen_by=actor(request))
    except besluiten.BesluitNotFound:
        raise Http404 from None
    records.opened("besluit", uuid, by=actor(request), what="besluit")
    return render(request, "workplace/loose_besluit.html", present.loose_besluit(found))


# -- Deeds ------------------------------------------------------------------------------------------------------------


def _deed(
    request: HttpRequest, uuid: UUID, deed: Callable[[], object], done: str, anchor: str = ""
) -> HttpResponseBase:
    """Do one thing on behalf of a button and say how it went, on the case page."""
    try:
        deed()
    except zaken.ZaakNotFound:
        raise Http404 from None
    except (casework.CaseworkError, zaken.ZakenError) as error:
        flash.error(request, str(error.text))
    else:
        flash.ok(request, done)
    return to_zaak(uuid, anchor)


@people.staff_required
@require_POST
def take(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Take the zaak in hand."""
    return _deed(request, uuid, lambda: casework.take(uuid, by=actor(request)), _("U behandelt deze zaak."))


@people.staff_required
@require_POST
def release(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Put the zaak back."""
    return _deed(
        request,
        uuid,
        lambda: casework.release(uuid, by=actor(request)),
        _("De zaak ligt weer in de lijst van het team."),
    )


@people.staff_required
@require_POST
def assign(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give the zaak to a colleague."""
    zaak_or_404(uuid, request)
    chosen = written(request, "medewerker")
    if not any(chosen == str(colleague.id) for colleague in people.colleagues(seen_by=actor(request))):
        flash.error(request, _("Kies eerst een collega."))
        return to_zaak(uuid, "behandelaar")
    deed = lambda: casework.assign(uuid, int(chosen), by=actor(request))  # noqa: E731
    return _deed(request, uuid, deed, _("De zaak is toegewezen."))


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def to_unit(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Let the zaak lie with another unit; whoever may not see it there goes back to the worklist."""
    record = zaak_or_404(uuid, request)
    work = casework.work_of(record.id)
    units = {str(unit.id): unit for unit in people.units() if work is None or unit.id != work.unit_id}
    chosen, reason = written(request, "team"), written(request, "reden")
    errors: dict[str, str] = {}
    if request.method == "POST":
        if chosen not in units:
            errors["team"] = _("Kies een ander team uit de lijst.")
        if not reason:
            errors["reden"] = _("Schrijf waarom de zaak naar een ander team gaat.")
        if not errors:
            deed = lambda: casework.hand_to_unit(uuid, units[chosen].id, reason=reason, by=actor(request))  # noqa: E731
            done = _("Zaak %(nummer)s ligt nu bij %(team)s.") % {
                "nummer": record.identificatie,
                "team": units[chosen].naam,
            }
            answer = _deed(request, uuid, deed, done, "behandelaar")
            if _still_sees(request, uuid):
                return answer
            flash.info(request, _("U kunt deze zaak niet meer openen."))
            return HttpResponseRedirect(reverse("workplace:worklist"))
    lies_with = work.unit if work is not None else ""
    context = present.to_unit_form(record, lies_with, [*units.values()], chosen=chosen, reason=reason, errors=errors)
    return render(request, "workplace/form_page.html", context, status=422 if errors else 200)


def _still_sees(request: HttpRequest, uuid: UUID) -> bool:
    try:
        zaken.zaak_by_uuid(uuid, seen_by=actor(request))
    except zaken.ZaakNotFound:
        return False
    return True


@people.staff_required
@require_POST
def note(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Write a note."""
    zaak_or_404(uuid, request)
    text = written(request, "tekst")
    if not text:
        flash.error(request, _("Schrijf eerst een notitie."))
        return to_zaak(uuid, "notities")
    return _deed(
        request, uuid, lambda: casework.add_note(uuid, text, by=actor(request)), _("Notitie opgeslagen."), "notities"
    )


@people.staff_required
@require_POST
def assess(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Ask the rules for advice."""
    try:
        casework.assess(uuid, by=actor(request))
    except zaken.ZaakNotFound:
        raise Http404 from None
    except schemes.UnusableAnswers as error:
        flash.error(request, _("Er ontbreken gegevens: ") + present.missing(error))
    except casework.CaseworkError as error:
        flash.error(request, str(error.text))
    else:
        flash.ok(request, _("De regels zijn toegepast. Het advies staat hieronder."))
    return to_zaak(uuid, "advies")


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Extend the term (Awb 4:14)."""
    record = zaak_or_404(uuid, request)
    weeks, reason = written(request, "weken"), written(request, "reden")
    errors: dict[str, str] = {}
    if request.method == "POST":
        if weeks not in {"1", "2", "3", "4", "6", "8"}:
            errors["weken"] = _("Kies met hoeveel weken u verlengt.")
        if not reason:
            errors["reden"] = _("Schrijf waarom u verlengt. Dat staat ook in de brief aan de aanvrager.")
        if not errors:
            deed = lambda: casework.extend_term(uuid, weeks=int(weeks), reason=reason, by=actor(request))  # noqa: E731
            return _deed(
                request, uuid, deed, _("De termijn is verlengd. Laat dit ook aan de aanvrager weten."), "termijn"
            )
    context = present.extend_form(record, weeks=weeks, reason=reason, errors=errors)
    return render(request, "workplace/form_page.html", context, status=422 if errors else 200)


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Let the clock stand still (Awb 4:15)."""
    record = zaak_or_404(uuid, request)
    kind, reason, typed, first = (written(request, name) for name in ("grond", "reden", "tot", "vanaf"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        until, since = present.day_typed(typed), present.day_typed(first)
        if kind not in {one.value for one in casework.SUSPENSIONS}:
            errors["grond"] = _("Kies waarom de termijn stilstaat.")
        if first and since is None:
            errors["vanaf"] = present.how_to_type_a_day()
        if typed and until is None:
            errors["tot"] = present.how_to_type_a_day()
        if not reason:
            errors["reden"] = _("Schrijf kort wat er aan de hand is.")
        if not errors:
            try:
                casework.suspend_term(
                    uuid, law.EventKind(kind), since=since, until=until, reason=reason, by=actor(request)
                )
            except (casework.CaseworkError, zaken.ZakenError) as error:
                errors["vanaf" if error.field == "op" else "tot"] = str(error.text)
            else:
                flash.ok(request, _("De termijn staat stil. Laat dit ook aan de aanvrager weten."))
                return to_zaak(uuid, "termijn")
    context = present.suspend_form(
        record, kind=kind, since=first, until=typed, reason=reason, errors=errors, term=_term(record)
    )
    return render(request, "workplace/form_page.html", context, status=422 if errors else 200)


def _term(record: zaken.ZaakRecord) -> law.Term:
    clock = casework.clock_of(record.id)
    return clock.term if clock else law.term("awb-4-13")


@people.staff_required
@require_POST
def resume(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Let the clock run again, from today or from the day that was typed."""
    typed = written(request, "op")
    day = present.day_typed(typed)
    if typed and day is None:
        zaak_or_404(uuid, request)
        flash.error(request, present.how_to_type_a_day())
        return to_zaak(uuid, "termijn")
    deed = lambda: casework.resume_term(uuid, on=day, by=actor(request))  # noqa: E731
    return _deed(request, uuid, deed, _("De termijn loopt weer."), "termijn")


# -- The term ---------------------------------------------------------------------------------------------------------


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def term(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Everything about the last day: each step with its article, what happened, earlier answers, the penalty."""
    record = zaak_or_404(uuid, request)
    context = present.term_page(
        present.TermFacts(
            zaak=record,
            clock=casework.clock_of(record.id),
            answers=casework.answers_of_clock(record.id),
            entered=casework.clock_rows(record.id),
            penalty=casework.penalty_of(record.id),
            handles=record.einddatum is None and casework.may(actor(request), "zaak.behandelen", record),
        )
    )
    return render(request, "workplace/term.html", context)


def _clock_form(
    request: HttpRequest,
    uuid: UUID,
    form: Callable[[dict[str, str]], dict[str, Any]],
    deed: Callable[[], object],
    done: str,
) -> HttpResponseBase:
    """Show a form about the clock, or do what it asks; what cannot be is said at the field it belongs to."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: written(request, name) for name in ("op", "tot")}
        errors = {
            name: present.how_to_type_a_day() for name, text in typed.items() if text and not present.day_typed(text)
        }
        if not errors:
            try:
                deed()
            except zaken.ZaakNotFound:
                raise Http404 from None
            except casework.EventNotFound as error:
                flash.error(request, str(error.text))
                return HttpResponseRedirect(reverse("workplace:term", args=[uuid]))
            except (casework.CaseworkError, zaken.ZakenError) as error:
                context = form({})
                names = [field["name"] for field in context["velden"]]
                errors[error.field if error.field in names else names[0]] = str(error.text)
            else:
                flash.ok(request, done)
                return HttpResponseRedirect(reverse("workplace:term", args=[uuid]))
    return render(request, "workplace/form_page.html", form(errors), status=422 if errors else 200)


def _day(request: HttpRequest, name: str) -> date:
    """Return the day that must be typed in a field."""
    found = present.day_typed(written(request, name))
    if found is None:
        raise casework.DayImpossible(present.how_to_type_a_day(), name)
    return found


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: written(request, name) for name in ("op", "tot", "uitzondering", "reden") if name in request.POST}


def _exclusion(request: HttpRequest) -> str:
    chosen = written(request, "uitzondering")
    return "" if chosen == present.NO_EXCLUSION else chosen


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def default_notice(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Write down that a default notice came in (Awb 4:17)."""
    record = zaak_or_404(uuid, request)
    by = actor(request)

    def deed() -> None:
        casework.record_default_notice(
            uuid, received=_day(request, "op"), exclusion=_exclusion(request), reason=written(request, "reden"), by=by
        )

    def form(errors: dict[str, str]) -> dict[str, Any]:
        return present.notice_form(record, typed=_typed(request), errors=errors)

    return _clock_form(request, uuid, form, deed, _("De ingebrekestelling is genoteerd."))


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def objected_decision(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Write down when the decision that a bezwaar is against was made known (Awb 7:10)."""
    record = zaak_or_404(uuid, request)
    by = actor(request)
    return _clock_form(
        request,
        uuid,
        lambda errors: present.objected_form(record, typed=_typed(request), errors=errors),
        lambda: casework.record_objected_decision(uuid, announced=_day(request, "op"), by=by),
        _("De dag is genoteerd. De termijn is opnieuw berekend."),
    )


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def correct_event(request: HttpRequest, uuid: UUID, event: int) -> HttpResponseBase:
    """Enter something about the clock again, with other days."""
    record, found = _event_or_404(request, uuid, event, casework.CORRECTABLE)
    by = actor(request)

    def deed() -> None:
        is_notice = found.kind is law.EventKind.DEFAULT_NOTICE
        casework.correct_event(
            uuid,
            event,
            on=_day(request, "op"),
            until=present.day_typed(written(request, "tot")),
            exclusion=_exclusion(request) if is_notice else None,
            reason=written(request, "reden"),
            by=by,
        )

    def form(errors: dict[str, str]) -> dict[str, Any]:
        return present.correction_form(record, found, typed=_typed(request), errors=errors)

    return _clock_form(request, uuid, form, deed, _("Verbeterd. De termijn is opnieuw berekend."))


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def withdraw_event(request: HttpRequest, uuid: UUID, event: int) -> HttpResponseBase:
    """Take back what was entered about the clock by mistake."""
    record, found = _event_or_404(request, uuid, event, casework.RETRACTABLE)
    by = actor(request)
    return _clock_form(
        request,
        uuid,
        lambda errors: present.withdrawal_form(record, found, typed=_typed(request), errors=errors),
        lambda: casework.withdraw_event(uuid, event, reason=written(request, "reden"), by=by),
        _("Ingetrokken. De termijn is opnieuw berekend."),
    )


def _event_or_404(
    request: HttpRequest, uuid: UUID, event: int, kinds: Collection[law.EventKind]
) -> tuple[zaken.ZaakRecord, casework.ClockEventRecord]:
    record = zaak_or_404(uuid, request)
    found = next((row for row in casework.clock_rows(record.id) if row.id == event and row.kind in kinds), None)
    if found is None:
        raise Http404
    return record, found


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, uuid: UUID, key: str) -> HttpResponseBase:
    """Establish a fact in place of what was stated, with its source."""
    record, submission = zaak_or_404(uuid, request), forms.submission(uuid)
    if key in access.masks.ADDRESS_ANSWERS and hides_address(record, actor(request)):
        raise Http404
    component = submission.definition.component(key) if submission else None
    if submission is None or component is None:
        raise Http404
    values, source = request.POST.getlist(key), written(request, "bron")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            casework.establish_fact(uuid, key, values or [""], source=source, by=actor(request))
        except casework.FactNotKnown as error:
            errors["bron" if not source else key] = str(error.text)
        except casework.CaseworkError as error:
            errors["bron"] = str(error.text)
        else:
            flash.ok(request, _("Het gegeven is vastgesteld. Beoordeel de aanvraag opnieuw."))
            return to_zaak(uuid, "gegevens")
    known = casework.established_facts(record.id).get(key)
    value = known.value if known else submission.answers.get(key)
    context = present.fact_form(record, component, value=value, typed=values, source=source, errors=errors)
    return render(request, "workplace/form_page.html", context, status=422 if errors else 200)


# -- Proposal and decision --------------------------------------------------------------------------------------------


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Write a proposal."""
    record = zaak_or_404(uuid, request)
    outcome, reasons, reasons_en = (written(request, name) for name in ("outcome", "reasons", "reasons_en"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not outcome:
            errors["outcome"] = _("Kies wat u voorstelt.")
        if not reasons.strip():
            errors["reasons"] = str(casework.ReasonsMissing.text)
        if not errors:
            try:
                casework.propose(uuid, outcome=outcome, reasons=reasons, reasons_en=reasons_en, by=actor(request))
            except casework.CaseworkError as error:
                errors[error.field or "outcome"] = str(error.text)
            else:
                flash.ok(request, _("Uw voorstel ligt klaar voor een collega."))
                return to_zaak(uuid)
    latest = next(iter(schemes.assessments_of(uuid)), None)
    context = present.propose_form(
        record, latest, outcome=outcome, reasons=reasons, errors=errors,
        reasons_en=reasons_en if casework.addressee_of(uuid).language == "en" else None,
    )  # fmt: skip
    return render(request, "workplace/propose.html", context, status=422 if errors else 200)


def _proposal(record: zaken.ZaakRecord, proposal: UUID) -> casework.ProposalRecord:
    for found in casework.proposals_of(record.id):
        if found.uuid == proposal:
            return found
    raise Http404


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def proposal(request: HttpRequest, uuid: UUID, proposal: UUID) -> HttpResponseBase:
    """A proposal with its letter, for whoever approves or sends it."""
    record = zaak_or_404(uuid, request)
    found = seen_letter(record, _proposal(record, proposal), actor(request))
    context = present.proposal(record, found, by=actor(request), remark="", errors={})
    records.opened("zaak", uuid, by=actor(request), what="voorstel")
    return render(request, "workplace/proposal.html", context)


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_GET
def proposal_pdf(request: HttpRequest, uuid: UUID, proposal: UUID) -> HttpResponseBase:
    """The letter of a proposal as PDF, as if it were sent today."""
    record = zaak_or_404(uuid, request)
    owed = casework.penalty_of(record.id, announced=today())
    letter = present.letter_today(seen_letter(record, _proposal(record, proposal), actor(request)).letter, owed)
    content = pdf.render("letter", letter, title=str(letter["subject"]))
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="brief.pdf"'}
    )


@people.staff_required
@zaken.logs_use("zaak.behandelen")
@require_POST
def decide(request: HttpRequest, uuid: UUID, proposal: UUID, deed: str) -> HttpResponseBase:
    """Approve, return, withdraw or send a proposal."""
    record, by = zaak_or_404(uuid, request), actor(request)
    found, remark = _proposal(record, proposal), written(request, "remark")
    deeds: dict[str, tuple[Callable[[], None], str]] = {
        "goedkeuren": (
            lambda: casework.approve(proposal, remark=remark, by=by),
            _("Het besluit is goedgekeurd. De brief kan weg."),
        ),
        "teruggeven": (
            lambda: casework.return_proposal(proposal, remark=remark, by=by),
            _("Het voorstel is teruggegeven."),
        ),
        "intrekken": (lambda: casework.withdraw_proposal(proposal, by=by), _("Het voorstel is ingetrokken.")),
        "versturen": (lambda: casework.send(proposal, by=by), _("Het besluit is verzonden en de zaak is afgesloten.")),
    }
    if deed not in deeds:
        raise Http404
    act, done = deeds[deed]
    try:
        act()
    except casework.RemarkMissing as error:
        shown = seen_letter(record, found, by)
        context = present.proposal(record, shown, by=by, remark=remark, errors={"remark": str(error.text)})
        return render(request, "workplace/proposal.html", context, status=422)
    except (casework.CaseworkError, zaken.ZakenError) as error:
        flash.error(request, str(error.text))
    except pdf.PdfError:
        flash.error(
            request,
            _("De brief kon niet worden gemaakt. Er is niets verzonden. Probeer het opnieuw of bel de beheerder."),
        )
    else:
        flash.ok(request, done)
    return to_zaak(uuid)


# -- Mails of unknown fate --------------------------------------------------------------------------------------------


@people.staff_required
@require_GET
def mails(request: HttpRequest) -> HttpResponseBase:
    """Mails that a machine must not touch any more."""
    rows = messages.mails_for_a_person_to_settle()
    visible = zaken.zaken_by_uuid([row.about for row in rows], seen_by=actor(request))
    zaken.log_use("bericht.versturen", list(visible), by=actor(request))
    context = {"mails": [present.mail(row, visible[row.about]) for row in rows if row.about in visible]}
    return zaken.masked(render(request, "workplace/mails.html", context), list(visible), by=actor(request))


@people.staff_required
@require_POST
def settle_mail(request: HttpRequest, mail: int) -> HttpResponseBase:
    """Send once more, or put aside."""
    row = next((row for row in messages.mails_for_a_person_to_settle() if row.id == mail), None)
    if row is None:
        flash.error(request, _("Een collega was u voor."))
        return HttpResponseRedirect(reverse("workplace:mails"))
    if not casework.may(actor(request), "zaak.behandelen", zaak_or_404(row.about, request)):
        flash.error(request, str(casework.NotAllowed.text))
        return HttpResponseRedirect(reverse("workplace:mails"))
    again = request.POST.get("deed") == "again"
    messages.settle_mail(mail, send_again=again, by=actor(request))
    flash.ok(request, _("De mail gaat nog een keer weg.") if again else _("De mail is afgehandeld."))
    return HttpResponseRedirect(reverse("workplace:mails"))
