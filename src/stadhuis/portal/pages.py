"""The pages of the portal: thin; each asks the front doors for what this visitor may see and shows it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.casework import public as casework
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.forms import public as forms
from stadhuis.kit.pages import addresses, flash
from stadhuis.kit.templatetags.kit import day, moment
from stadhuis.kit.time import now, today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.messages.public import MessageRecord, ReceiptRecord
from stadhuis.people import public as people
from stadhuis.people.public import Actor, actor_of, resident_required
from stadhuis.personen import public as personen
from stadhuis.personen.public import Adres, Bedrijf, Persoon
from stadhuis.producten import public as producten
from stadhuis.producten.public import Product
from stadhuis.records import public as records
from stadhuis.zaken import public as zaken
from stadhuis.zaken.public import Dossier, MyCase, MyCases, ZaakdocumentRecord

LONGEST_SEARCH = 100
CASES_ON_A_PAGE = 20
MOST_CASES = 10_000


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


# -- Open to everyone -------------------------------------------------------------------------------------------------


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what one can arrange here, and the way to one's own cases."""
    return render(
        request,
        "portal/home.html",
        {
            "featured": next((_card(item) for item in producten.products() if item.form), None),
            "cards": [_card(item) for item in producten.products() if item.is_featured and not item.form],
            "is_logged_in": actor_of(request) is not None,
        },
    )


@require_GET
def products(request: HttpRequest) -> HttpResponse:
    """List the products, all or those with the words that were searched for."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\x00", "")
    found = [_card(item) for item in producten.search(words)]
    return render(request, "portal/products.html", {"words": words.strip(), "cards": found})


@require_GET
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Explain one product: for whom, what it takes, and every way to ask for it."""
    try:
        found = producten.product(slug)
    except producten.ProductUnknown:
        raise Http404 from None
    language = _language()
    return render(
        request,
        "portal/product.html",
        {
            "product": found,
            "name": found.name.said_in(language),
            "summary": found.summary.said_in(language),
            "conditions": [item.said_in(language) for item in found.conditions],
            "need": [item.said_in(language) for item in found.need],
            "result": found.result.said_in(language),
            "costs": found.costs.said_in(language),
            "start_url": reverse("forms:start", kwargs={"slug": found.form}) if found.form else "",
        },
    )


def _card(item: Product) -> dict[str, str]:
    language = _language()
    return {
        "title": item.name.said_in(language),
        "text": item.summary.said_in(language),
        "href": reverse("portal:product", kwargs={"slug": item.slug}),
        "icon": item.icon,
        "action": _("Online aanvragen") if item.form else "",
    }


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the statement on accessibility. Source: Wet digitale overheid; Tijdelijk besluit digitale toegankelijkheid."""
    return render(request, "portal/accessibility.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what the town does with personal data. Source: AVG art. 13 and 14."""
    return render(request, "portal/privacy.html", {"minutes": settings.SESSION_IDLE_SECONDS // 60})


@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    """Show every way to reach the town without a computer. Source: Awb 2:1."""
    return render(request, "portal/contact.html")


# -- One's own affairs ------------------------------------------------------------------------------------------------


@resident_required("low")
@audit.logs_own_use("mijn-zaken")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is to be read, what is half done, and the cases with their status, a page at a time."""
    actor = _actor(request)
    number = request.GET.get("blad", "1")
    page = int(number) if number.isdecimal() and len(number) < 7 else 1
    if page < 1:
        raise Http404
    own = _own(actor, page=page, size=CASES_ON_A_PAGE)
    if page > 1 and not own.cases:
        raise Http404
    if page > 1:
        return render(request, "portal/mine.html", _cases(own, page))
    letters = _within(actor, messages.messages_for(actor))
    language = _language()
    return render(
        request,
        "portal/mine.html",
        {
            "mail_trouble": messages.address_trouble(actor),
            "unread": [_letter_line(item) for item in letters if item.first_opened_at is None],
            "drafts": [
                {
                    "name": draft.name.said_in(language),
                    "changed_at": draft.changed_at,
                    "expires_at": draft.expires_at,
                    "url": reverse("forms:step", kwargs={"slug": draft.slug, "uuid": draft.uuid, "step": draft.step}),
                    "throw_away_url": reverse("forms:throw_away", kwargs={"slug": draft.slug, "uuid": draft.uuid}),
                }
                for draft in forms.drafts_of(actor)
            ],
            **_cases(own, page),
        },
    )


def _own(actor: Actor, *, page: int = 1, size: int = 100) -> MyCases:
    return zaken.zaken_of(
        actor.person_id,
        company_id=None if actor.person_id else actor.company_id,
        services=actor.services,
        branch=actor.branch,
        page=page,
        size=size,
    )


def _within(actor: Actor, letters: Sequence[MessageRecord]) -> list[MessageRecord]:
    """Return the letters that somebody may see who acts within bounds (some services, one branch); else all."""
    if not (actor.services or actor.branch):
        return list(letters)
    visible = {item.uuid for item in _own(actor, size=MOST_CASES).cases}
    return [item for item in letters if item.zaak_uuid in visible]


def _cases(own: MyCases, page: int) -> dict[str, Any]:
    def address(number: int) -> str:
        return reverse("portal:mine") + (f"?blad={number}" if number > 1 else "")

    days = casework.deadlines_of([item.uuid for item in own.cases if item.einddatum is None])
    first = (page - 1) * CASES_ON_A_PAGE
    return {
        "running": [_case_card(item, days.get(item.uuid)) for item in own.cases if item.einddatum is None],
        "closed": [_case_card(item) for item in own.cases if item.einddatum is not None],
        "pages": {
            "number": page,
            "count": -(-own.total // CASES_ON_A_PAGE),
            "first": first + 1,
            "last": first + len(own.cases),
            "total": own.total,
            "previous_url": address(page - 1) if page > 1 else "",
            "next_url": address(page + 1) if first + len(own.cases) < own.total else "",
        },
    }


def _case_card(item: MyCase, last_day: date | None = None) -> dict[str, Any]:
    is_open = item.einddatum is None
    due = (last_day or item.uiterlijke_einddatum) if is_open else None
    return {
        "title": item.zaaktype,
        "href": reverse("portal:case", kwargs={"uuid": item.uuid}),
        "number": item.identificatie,
        "started": item.startdatum,
        "ended": item.einddatum,
        "due": due,
        "is_late": due is not None and due < today(),
        "status": item.status if is_open else item.resultaat or item.status,
        "tone": "busy" if is_open else "neutral",
        "text": _own_words(item.statustekst, item.status) if is_open else "",
    }


def _letter_line(item: MessageRecord) -> dict[str, Any]:
    return {
        "title": item.subject,
        "url": reverse("portal:letter", kwargs={"uuid": item.uuid}),
        "when": item.accessible_at,
        "is_new": item.first_opened_at is None,
    }


@resident_required("low")
@zaken.logs_use("mijn-zaken")
@require_GET
def case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one case: where it stands, what comes next, letters, documents and receipt."""
    actor = _actor(request)
    dossier = _dossier(uuid, actor)
    records.opened("zaak", uuid, by=actor, what="mijn zaken")
    zaaktype = catalogi.zaaktype_by_id(dossier.zaak.zaaktype_id)
    submission = forms.submission(uuid)
    if submission is not None and zaken.hidden_in([uuid], seen_by=actor):
        submission = replace(submission, answers=access.masks.answers(submission.answers))
    language = _language()
    reached = dossier.statussen[0] if dossier.statussen else None
    address = addresses.per_row("portal:document", uuid)
    return render(
        request,
        "portal/case.html",
        {
            "zaak": dossier.zaak,
            "term": _term_of(dossier),
            "next_text": _own_words(reached.statustekst, reached.omschrijving) if reached else "",
            "stappen": _steps_of(dossier, zaaktype),
            "resultaat": dossier.resultaat,
            "letters": [_letter_line(item) for item in messages.messages_for(actor, zaak_uuid=uuid)],
            "documents": [_document_line(address, item) for item in dossier.documenten if item.uuid is not None],
            "about_rows": [*_about(dossier, messages.receipts_of(uuid)), *forms.handed_in_by(dossier)],
            "answers": [
                {
                    "title": section.name,
                    "rows": [{"key": line.label, "lines": line.lines, "source": line.source} for line in section.lines],
                }
                for section in (forms.answers_of(submission, language) if submission else ())
            ],
        },
    )


TOLD = frozenset({
    "received", "objection-term", "term", "suspended-supplement", "suspended-abroad", "suspended-consent", "suspended-applicant",
    "suspended-force-majeure", "suspended-views", "extended", "notice-4-14-lid-3", "atw-1", "atw-2", "decree-unknown",
    "default-notice", "default-notice-too-early",
})  # fmt: skip
"""The steps of the law that explain the date to a resident; the others changed nothing for him."""


def _term_of(dossier: Dossier) -> dict[str, Any] | None:
    """Return by when the resident hears from us and why, as the workplace shows it; what he saw is noted.

    None for a zaak that is closed, or whose last day nobody counts.
    """
    zaak = dossier.zaak
    answers = casework.answers_of_clock(zaak.id) if zaak.einddatum is None else []
    if not answers:
        return None
    latest, *earlier = answers
    if latest.first_shown_at is None:
        casework.shown_to_applicant(zaak.id)
    steps = [law.Step.from_dict(step) for step in latest.explanation["steps"]]
    standing = casework.open_standstills(casework.clock_rows(zaak.id)) if zaak.opschorting_indicatie else []
    return {
        "day": latest.deadline,
        "before": next(
            (one.deadline for one in earlier if one.first_shown_at and one.deadline != latest.deadline), None
        ),
        "why": [step.text for step in steps if step.code in TOLD],
        "is_late": latest.deadline < today(),
        "has_penalty": bool(latest.explanation["term"].get("has_penalty")),
        "is_noticed": any(step.code == "default-notice" for step in steps),
        "waits_for_you": any(row.kind is law.EventKind.INVITED for row in standing),
        "may_move": any(row.until is None for row in standing),
    }


def _own_words(text: str, name: str) -> str:
    """Return the text of a status, unless it only repeats its name."""
    return "" if text.strip().casefold() == name.strip().casefold() else text


def _about(dossier: Dossier, receipts: Sequence[ReceiptRecord]) -> list[dict[str, Any]]:
    zaak = dossier.zaak
    rows: list[dict[str, Any]] = [
        {"key": _("Zaaknummer"), "value": zaak.identificatie},
        {"key": _("Ontvangen op"), "value": day(zaak.startdatum)},
    ]
    if zaak.status:
        rows.append({"key": _("Status"), "value": zaak.status})
    for item in receipts:
        address = reverse("portal:receipt", kwargs={"uuid": zaak.uuid, "receipt": item.uuid})
        rows.append({"key": _("Ontvangstbewijs"), "value": item.number, "href": address})
    return rows


def _dossier(uuid: UUID, actor: Actor) -> Dossier:
    try:
        return zaken.dossier(uuid, seen_by=actor)
    except zaken.ZaakNotFound:
        raise Http404 from None


def _steps_of(dossier: Dossier, zaaktype: catalogi.ZaaktypeRecord) -> list[dict[str, Any]]:
    """Return the steps of the zaaktype in order, with the moment at which each was reached."""
    reached = {status.statustype_id: status for status in reversed(dossier.statussen)}
    current = dossier.statussen[0].volgnummer if dossier.statussen else 0
    steps = []
    for kind in sorted(zaaktype.statustypen, key=lambda statustype: statustype.volgnummer):
        status = reached.get(kind.id)
        if kind.volgnummer == current:
            state = "done" if kind.is_eindstatus else "current"
        else:
            state = "done" if kind.volgnummer < current else "todo"
        steps.append(
            {
                "title": kind.omschrijving,
                "when": status.datum_status_gezet if status else None,
                "text": (status.toelichting or _own_words(kind.statustekst, kind.omschrijving))
                if status and state != "todo"
                else "",
                "state": state,
            }
        )
    return steps


def _document_line(address: Callable[[object], str], item: ZaakdocumentRecord) -> dict[str, Any]:
    return {
        "name": item.titel or item.bestandsnaam,
        "url": address(item.uuid),
        "size": item.bestandsomvang,
        "kind": item.informatieobjecttype,
        "when": item.ontvangstdatum or item.verzenddatum or item.creatiedatum,
    }


@resident_required("low")
@zaken.logs_use("mijn-zaken")
@require_GET
def document(request: HttpRequest, uuid: UUID, document: UUID) -> HttpResponseBase:
    """Give a document of a case to whoever may see it."""
    actor = _actor(request)
    try:
        about = zaken.document_of(uuid, document, seen_by=actor)
        made = casework.masked_document(uuid, document, seen_by=actor)
        content: Any = io.BytesIO(made) if made is not None else zaken.open_document(uuid, document, seen_by=actor)
    except (zaken.ZaakNotFound, documenten.DocumentNotFound, FileNotFoundError):
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=about.bestandsnaam or "document",
        content_type=about.formaat or "application/octet-stream",
    )


@resident_required("low")
@zaken.logs_use("mijn-zaken")
@require_GET
def receipt(request: HttpRequest, uuid: UUID, receipt: UUID) -> HttpResponse:
    """Show a receipt again."""
    actor = _actor(request)
    found = messages.receipt(receipt, actor=actor)
    if found is None or found.zaak_uuid != uuid:
        raise Http404
    dossier = _dossier(uuid, actor)
    files = [{"name": file.naam, "size": file.size, "sha256": file.sha256} for file in found.files]
    case_url = reverse("portal:case", kwargs={"uuid": uuid})
    rows = [
        {"key": _("Nummer van het ontvangstbewijs"), "value": found.number},
        {"key": _("Zaaknummer"), "value": found.zaak_identificatie},
        {"key": _("Ontvangen op"), "value": moment(found.received_at)},
        {"key": _("Ontvangen door"), "value": f"{settings.TOWN_NAME}, {settings.TOWN_ADDRESS}"},
        *forms.handed_in_by(dossier),
    ]
    context = {"receipt": found, "rows": rows, "files": files, "case_url": case_url}
    return render(request, "portal/receipt.html", context)


@resident_required("low")
@require_http_methods(["GET", "POST"])
def default_notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask whether to put the town in default; a POST does, and shows the receipt. Source: Awb 4:17."""
    actor = _actor(request)
    dossier = _dossier(uuid, actor)
    case_url = reverse("portal:case", kwargs={"uuid": uuid})
    term = _term_of(dossier)
    if request.method == "POST":
        try:
            given = casework.give_default_notice(uuid, by=actor)
        except casework.CaseworkError as error:
            flash.error(request, str(error.text))
            return HttpResponseRedirect(case_url)
        flash.ok(request, _("Wij hebben uw ingebrekestelling. Dit is uw bewijs."))
        return HttpResponseRedirect(reverse("portal:receipt", kwargs={"uuid": uuid, "receipt": given.uuid}))
    if term is None or not term["is_late"] or term["is_noticed"]:
        return HttpResponseRedirect(case_url)
    context = {"zaak": dossier.zaak, "term": term, "back_url": case_url}
    return render(request, "portal/default_notice.html", context)


@resident_required("low")
@require_GET
def letter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open a letter; the first time is kept. Source: Wmebv (burden of proof of opening lies with the authority)."""
    found = _open(uuid, _actor(request))
    return render(
        request,
        "portal/letter.html",
        {
            "letter": found,
            "brief": casework.letter_of(found.document_uuid),
            "pdf_url": reverse("portal:letter_pdf", kwargs={"uuid": uuid}),
            "case_url": reverse("portal:case", kwargs={"uuid": found.zaak_uuid}),
        },
    )


@resident_required("low")
@require_GET
def letter_pdf(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give the letter as PDF to its addressee."""
    found = _open(uuid, _actor(request))
    try:
        about = documenten.document(found.document_uuid)
        content = documenten.open_document(found.document_uuid)
    except (documenten.DocumentNotFound, FileNotFoundError):
        raise Http404 from None
    kind = about.formaat or "application/pdf"
    # Only a PDF is shown in the browser; what else a letter could be is a download that can do nothing.
    return FileResponse(
        content, filename=about.bestandsnaam or "brief.pdf", content_type=kind, as_attachment=kind != "application/pdf"
    )


def _open(uuid: UUID, actor: Actor) -> MessageRecord:
    if actor.services or actor.branch:
        # Before it is opened: that moment counts for the addressee.
        letters = _within(actor, messages.messages_for(actor))
        if uuid not in {item.uuid for item in letters}:
            raise Http404
    try:
        found = messages.open_message(uuid, actor=actor)
    except messages.MessageNotFound:
        raise Http404 from None
    zaken.log_use("mijn-zaken", [found.zaak_uuid], by=actor)
    return found


@resident_required("low", service=lambda: "")
@audit.logs_own_use("mijn-gegevens")
@require_GET
def facts(request: HttpRequest) -> HttpResponse:
    """Show what the base registrations say about whoever asks, with source and moment; a source that is down says so.

    A mandate for some services only does not open everything that is known about somebody.
    """
    actor = _actor(request)
    person: Persoon | None = None
    companies: tuple[Bedrijf, ...] = ()
    down: list[str] = []
    if actor.person_id is not None:
        # Who logs in with eIDAS may have no BSN: the base registrations are then silent, what was stated is shown.
        bsn = people.bsns_of([actor.person_id]).get(actor.person_id)
        if bsn is not None:
            try:
                person = personen.persoon(bsn, purpose="mijn-gegevens", by=actor)
            except personen.SourceUnavailable:
                down.append(_("Basisregistratie Personen (BRP)"))
            try:
                companies = personen.bedrijven_van(bsn, purpose="mijn-gegevens", by=actor)
            except personen.SourceUnavailable:
                down.append(_("Handelsregister (KVK)"))
    elif actor.company_id is not None:
        # A company from another country (eIDAS) has no KVK number; what its country states is shown.
        kvk_nummer = people.kvk_of(actor.company_id)
        try:
            one = personen.bedrijf(kvk_nummer, purpose="mijn-gegevens", by=actor) if kvk_nummer else None
            companies = (one,) if one else ()
        except personen.SourceUnavailable:
            down.append(_("Handelsregister (KVK)"))
    return render(
        request,
        "portal/facts.html",
        {
            "person": _person_rows(person) if person else None,
            "companies": [{"name": item.naam, "rows": _company_rows(item)} for item in companies],
            "down": down,
            "stated": _stated_rows(actor),
            "at": now(),
        },
    )


def _stated_rows(actor: Actor) -> list[Mapping[str, Any]]:
    """Return what another country of the EU states about whoever logged in (eIDAS)."""
    if actor.company_id is not None:
        company = people.company(actor.company_id)
        if company.kvk_nummer:
            return []
        return [
            {"key": _("Naam van de onderneming"), "value": company.naam},
            {"key": _("KVK-nummer"), "value": _("Geen")},
        ]
    said = dict(actor.stated) if actor.acting_for is None else {}
    born = said.get("birthdate", "")
    rows = [
        {"key": _("Voornamen"), "value": said.get("given_name", "")},
        {"key": _("Achternaam"), "value": said.get("family_name", "")},
        {"key": _("Geboortedatum"), "value": day(date.fromisoformat(born)) if born else ""},
    ]
    return [row for row in rows if row["value"]]


def _person_rows(person: Persoon) -> list[Mapping[str, Any]]:
    born = person.geboorte
    return [
        {"key": _("Naam"), "value": person.naam.volledig},
        {"key": _("Geboortedatum"), "value": born.tekst if born else ""},
        {"key": _("Adres"), "lines": _address(person.adres)},
        {"key": _("Partner"), "value": person.partner.naam.volledig if person.partner else _("Geen")},
        {"key": _("Kinderen"), "lines": [child.naam.volledig for child in person.kinderen] or [_("Geen")]},
        {"key": _("Nationaliteit"), "value": ", ".join(person.nationaliteiten)},
        {
            "key": _("Geheimhouding"),
            "value": _("Ja, wij geven uw gegevens niet door") if person.geheimhouding else _("Nee"),
        },
    ]


def _company_rows(company: Bedrijf) -> list[Mapping[str, Any]]:
    return [
        {"key": _("KVK-nummer"), "value": company.kvk_nummer},
        {"key": _("Rechtsvorm"), "value": company.rechtsvorm},
        {"key": _("Begonnen op"), "value": day(company.startdatum)},
        {"key": _("Adres"), "lines": _address(company.adres)},
    ]


def _address(address: Adres | None) -> list[str]:
    if address is None:
        return [_("Niet bekend")]
    return [*address.regels, *([address.land] if address.is_buitenland else [])]
