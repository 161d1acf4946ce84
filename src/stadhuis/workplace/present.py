"""Finished facts for the templates of the workplace: words, tones and rows; no rules, no queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import public as casework
from stadhuis.forms import public as forms
from stadhuis.kit.pages import addresses
from stadhuis.kit.templatetags.kit import day, euro, moment
from stadhuis.kit.time import today
from stadhuis.law import public as law
from stadhuis.messages import public as messages
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.schemes import public as schemes
from stadhuis.zaken import public as zaken

Row = dict[str, Any]


# -- Worklist and search ----------------------------------------------------------------------------------------------


def worklist(view: casework.View, page: casework.Worklist) -> Row:
    """Return the context of the worklist page and of its table."""
    counts = page.counts
    names = {
        "mine": (_("Mijn zaken"), counts.mine),
        **({"replacing": (_("Als vervanger"), counts.replacing)} if page.stands_in_for or view == "replacing" else {}),
        "free": (_("Nog niet opgepakt"), counts.free),
        "unit": (_("Mijn team"), counts.unit),
        "approve": (_("Wacht op akkoord"), counts.approve),
        "all": (_("Alles"), counts.all),
    }
    base = reverse("workplace:worklist")

    def address(number: int) -> str:
        return f"{base}?lijst={view}&blad={number}"

    first = (page.page - 1) * len(page.lines) + 1 if page.lines else 0
    return {
        "cijfers": [
            *(
                [{"value": _upto(counts.noticed), "text": _("met een ingebrekestelling"), "tone": "late"}]
                if counts.noticed
                else []
            ),
            {"value": _upto(counts.late), "text": _("te laat"), "tone": "late" if counts.late else "ok"},
            {
                "value": _upto(counts.soon),
                "text": _("binnen twee weken"),
                "tone": "warning" if counts.soon else "ok",
            },
            {"value": _upto(counts.free), "text": _("nog niet opgepakt in uw team")},
            {"value": _upto(counts.all), "text": _("open zaken die u mag zien")},
        ],
        "lijsten": [
            {"text": text, "count": _upto(count), "url": f"{base}?lijst={name}", "current": name == view}
            for name, (text, count) in names.items()
        ],
        "tabelkop": names[view][0],
        "vervangt": page.stands_in_for if view == "replacing" else (),
        "regels": page.lines,
        "bladen": {
            "number": page.page,
            "count": page.pages,
            "first": first if page.page == 1 else (page.page - 1) * 50 + 1,
            "last": (page.page - 1) * 50 + len(page.lines),
            "total": _upto(page.total),
            "previous_url": address(page.page - 1) if page.page > 1 else "",
            "next_url": address(page.page + 1) if page.page < page.pages else "",
        },
        "poll_url": address(page.page),
        "leeg": _EMPTY.get(view, _EMPTY["all"])(),
        "vandaag": today(),
    }


def _upto(count: int) -> int | str:
    """Return a count as people read it: nobody counts further than so many."""
    return count if count <= casework.COUNTED_TO else f"{number_format(casework.COUNTED_TO, force_grouping=True)}+"


_EMPTY = {
    "mine": lambda: {
        "titel": _("U hebt geen zaken in behandeling"),
        "tekst": _("Kijk bij 'Nog niet opgepakt' wat u kunt doen."),
    },
    "replacing": lambda: {
        "titel": _("Er is niets om waar te nemen"),
        "tekst": _("Zaken van een collega die u vervangt, staan hier zolang die collega er niet is."),
    },
    "free": lambda: {"titel": _("Alles is opgepakt"), "tekst": _("Er ligt in uw team geen zaak te wachten.")},
    "approve": lambda: {
        "titel": _("Er wacht niets op akkoord"),
        "tekst": _("Nieuwe voorstellen verschijnen hier vanzelf."),
    },
    "all": lambda: {"titel": _("Er zijn geen open zaken"), "tekst": _("Nieuwe zaken verschijnen hier vanzelf.")},
}


def found(rows: Sequence[zaken.FoundZaak]) -> Row:
    """Return the context of the search results."""
    title = ngettext("%(number)s zaak gevonden", "%(number)s zaken gevonden", len(rows)) % {"number": len(rows)}
    lines = [
        {
            "uuid": row.uuid,
            "identificatie": row.identificatie,
            "zaaktype": row.zaaktype,
            "aanvrager": row.naam,
            "startdatum": row.startdatum,
            "einddatum": row.einddatum,
            "status": row.status,
        }
        for row in rows
    ]
    return {"gezocht": True, "gevonden": lines, "kop": title}


PER_PAGE = 20
MOST_PAGES = 50
"""As many hits as are ranked (``records.search``)."""
PARTS: Mapping[str, Any] = {
    "nummer": gettext_lazy("Zaaknummer"),
    "zaaktype": gettext_lazy("Soort zaak"),
    "omschrijving": gettext_lazy("Omschrijving"),
    "toelichting": gettext_lazy("Toelichting"),
    "betrokkene": gettext_lazy("Betrokkene"),
    "document": gettext_lazy("Document"),
    "kenmerk": gettext_lazy("Kenmerk"),
    "brief": gettext_lazy("Brief"),
    "titel": gettext_lazy("Titel"),
    "soort": gettext_lazy("Soort"),
    "bestuursorgaan": gettext_lazy("Genomen door"),
}


LOOSE: Mapping[str, tuple[str, Any]] = {
    "document": ("workplace:loose_document", gettext_lazy("Los document")),
    "besluit": ("workplace:loose_besluit", gettext_lazy("Los besluit")),
}
"""What can be found and belongs to no zaak: its page, and what it is."""


def _where_and_why(hit: records.Hit) -> Row:
    return {
        "fragmenten": [{"wat": PARTS.get(excerpt.label, ""), "stukken": excerpt.pieces} for excerpt in hit.excerpts],
        "waarom": [_why(why) for why in hit.why if why.how != "exact"],
    }


def _loose(hit: records.Hit) -> Row:
    """Return the line of a document or besluit of no zaak: its search text begins with its number and what it is called."""
    page, kind = LOOSE[hit.kind]
    number, name = [*hit.text.split("\n"), "", ""][:2]
    return {
        "uuid": hit.object_uuid,
        "url": reverse(page, args=[hit.object_uuid]),
        "identificatie": number,
        "zaaktype": name or number,
        "startdatum": hit.created,
        "soort": kind,
        **_where_and_why(hit),
    }


def loose_besluit(found: besluiten.BesluitRecord) -> Row:
    """Return the context of the page of a besluit of no zaak."""
    days = (
        (_("Genomen op"), found.datum), (_("Gaat in op"), found.ingangsdatum), (_("Vervalt op"), found.vervaldatum),
        (_("Verzonden op"), found.verzenddatum), (_("Bekendgemaakt op"), found.publicatiedatum),
    )  # fmt: skip
    rows = [{"key": label, "value": day(value) if value else "–"} for label, value in days]
    return {
        "besluit": found,
        "rijen": [
            {"key": _("Genomen door"), "value": found.bestuursorgaan or "–"},
            *rows,
            {"key": _("Toelichting"), "value": found.toelichting or "–"},
        ],
    }


def found_in_text(found: records.Found, cases: Mapping[UUID, zaken.ZaakRecord], *, page: int, tolerant: bool) -> Row:
    """Return the context of what was found by words: where it was found, and why."""
    lines = [
        {
            "uuid": hit.object_uuid,
            "url": reverse("workplace:zaak", args=[hit.object_uuid]),
            "identificatie": record.identificatie,
            "zaaktype": record.zaaktype_omschrijving,
            "startdatum": record.startdatum,
            "einddatum": record.einddatum,
            "status": record.status,
            **_where_and_why(hit),
        }
        if (record := cases.get(hit.object_uuid)) is not None
        else _loose(hit)
        for hit in found.hits
        if hit.kind in LOOSE or hit.object_uuid in cases
    ]
    number = {"number": found.total}
    if found.is_more:
        title = _("Meer dan %(number)s zaken gevonden") % number
    elif any(hit.kind in LOOSE for hit in found.hits):
        title = ngettext("%(number)s resultaat gevonden", "%(number)s resultaten gevonden", found.total) % number
    else:
        title = ngettext("%(number)s zaak gevonden", "%(number)s zaken gevonden", found.total) % number
    pages = min(MOST_PAGES, -(-found.total // PER_PAGE))
    return {
        "gezocht": True,
        "treffers": lines,
        "kop": title,
        "is_lijkend": found.is_near,
        "lijkend": tolerant,
        "meer": found.is_more,
        "blad": page,
        "bladen": pages,
        "vorige": page - 1 if page > 1 else 0,
        "volgende": page + 1 if page < pages else 0,
    }


def _why(why: records.Why) -> str:
    texts = {
        "begin": _("‘%(typed)s’ is het begin van ‘%(form)s’"),
        "stem": _("‘%(typed)s’ en ‘%(form)s’ zijn vormen van hetzelfde woord"),
        "near": _("‘%(typed)s’ lijkt op ‘%(form)s’"),
    }
    return texts[why.how] % {"typed": why.typed, "form": why.form}


# -- The case page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseFacts:
    """Everything the case page tells, as the rooms answered."""

    actor: Actor
    dossier: zaken.Dossier
    work: casework.WorkRecord | None
    clock: casework.Clock | None
    penalty: law.Penalty | None
    submission: forms.SubmissionRecord | None
    facts: Mapping[str, casework.FactRecord]
    assessments: Sequence[schemes.AssessmentRecord]
    proposals: Sequence[casework.ProposalRecord]
    receipts: Sequence[messages.ReceiptRecord]
    letters: Sequence[messages.MessageRecord]
    mails: Sequence[messages.MailRecord]
    trail: Sequence[audit.TrailRecord]
    reads_trail: bool
    hides_address: bool
    administers: frozenset[str]
    colleagues: Sequence[people.MedewerkerRecord]


def zaak(case: CaseFacts) -> Row:
    """Return the context of the case page."""
    record, work = case.dossier.zaak, case.work
    open_ = record.einddatum is None
    handles = open_ and casework.may(case.actor, "zaak.behandelen", record)
    assigns = open_ and casework.may(case.actor, "zaak.verdelen", record)
    mine = work is not None and work.handler_id == case.actor.pk
    active = [one for one in case.colleagues if assigns and one.is_active]
    access.read_ahead([one.id for one in active])
    colleagues = [
        (str(one.id), f"{one.naam} – {one.unit_naam}")
        for one in active
        if casework.may(one.actor(), "zaak.behandelen", record)
    ]
    return {
        "dossier": case.dossier,
        "kruimels": [{"text": _("Werkvoorraad"), "url": reverse("workplace:worklist")}, {"text": record.identificatie}],
        "kern": _core(case),
        "stap": _next_step(case, handles=handles),
        "advies": _advice(case.assessments),
        "groepen": _answers(case, may_correct=handles),
        "documenten": _documents(record.uuid, case.dossier.documenten),
        "voorstellen": [_proposal_line(record.uuid, one) for one in case.proposals],
        "notities": [{"title": one.onderwerp or _("Notitie"), "when": one.aanmaakdatum, "text": one.tekst, "by": one.aangemaakt_door} for one in case.dossier.notities],
        "statussen": [{"title": one.omschrijving, "when": one.datum_status_gezet, "text": one.toelichting, "state": "done"} for one in case.dossier.statussen],
        "betrokkenen": [_party(rol) for rol in case.dossier.rollen],
        "klok": _clock(case),
        "dwangsom": _penalty(case.penalty, record),
        "vandaag": today(),
        "werk": work,
        "mag_behandelen": handles,
        "mag_verdelen": assigns and bool(colleagues),
        "mag_overdragen": assigns,
        "mag_terugleggen": handles and mine,
        "collegas": [("", _("Kies een collega")), *colleagues],
        "berichten": _messages(case),
        "tijdlijn": [_trail_line(line) for line in reversed(case.trail)],
        "leest_handelingen": case.reads_trail,
        "mag_uitleg": "beheer.toegang" in case.administers,
        "beoordelen_url": reverse("workplace:assess", args=[record.uuid]),
        "hervatten_url": reverse("workplace:resume", args=[record.uuid]),
        "terugleggen_url": reverse("workplace:release", args=[record.uuid]),
    }  # fmt: skip


def _core(case: CaseFacts) -> list[Row]:
    record = case.dossier.zaak
    initiator = case.dossier.initiator
    rows: list[Row] = [
        {"key": _("Aanvrager"), "value": initiator.naam if initiator else "–"},
        {"key": _("Status"), "value": record.status or "–"},
        {"key": _("Ontvangen"), "value": date_format(record.startdatum, "j F Y")},
    ]
    if record.einddatum:
        rows.append({"key": _("Afgesloten"), "value": date_format(record.einddatum, "j F Y")})
        rows.append({"key": _("Resultaat"), "value": record.resultaat or "–"})
        if record.archiefactiedatum:
            rows.append({"key": _("Vernietigen op"), "value": date_format(record.archiefactiedatum, "j F Y")})
    return rows


def _next_step(case: CaseFacts, *, handles: bool) -> Row:
    """Return the one thing to do now."""
    record, work = case.dossier.zaak, case.work
    alive = next((one for one in case.proposals if one.state != "returned"), None)
    if record.einddatum is not None:
        return {"toon": "ok", "titel": _("Deze zaak is afgesloten"), "tekst": _("Er hoeft niets meer te gebeuren.")}
    if not handles:
        text = _("U kunt deze zaak lezen. Behandelen doet een collega.")
        if alive is not None and alive.state == "awaiting" and casework.may(case.actor, "zaak.besluiten", record):
            return _look_at(record.uuid, alive, _("Dit voorstel wacht op uw oordeel"), _("Bekijk het voorstel"))
        return {"toon": "info", "titel": _("U leest mee"), "tekst": text}
    if alive is None:
        return _to_propose(case, mine=work is not None and work.handler_id == case.actor.pk)
    if alive.state == "approved":
        return _look_at(
            record.uuid, alive, _("Het besluit is goedgekeurd. De brief kan weg."), _("Bekijk en verstuur"), "ok"
        )
    if casework.may(case.actor, "zaak.besluiten", record) and alive.prepared_by != case.actor.pk:
        return _look_at(record.uuid, alive, _("Dit voorstel wacht op uw oordeel"), _("Bekijk het voorstel"))
    return _look_at(record.uuid, alive, _("Het voorstel wacht op een collega"), _("Bekijk het voorstel"))


def _look_at(zaak_uuid: UUID, proposal: casework.ProposalRecord, title: str, link: str, tone: str = "info") -> Row:
    text = _("%(outcome)s, voorgesteld door %(who)s op %(day)s.") % {
        "outcome": OUTCOMES[proposal.outcome]().capitalize(),
        "who": proposal.prepared_by_label,
        "day": day(proposal.prepared_at),
    }
    address = reverse("workplace:proposal", args=[zaak_uuid, proposal.uuid])
    return {"toon": tone, "titel": title, "tekst": text, "link_url": address, "link_tekst": link}


def _to_propose(case: CaseFacts, *, mine: bool) -> Row:
    uuid = case.dossier.zaak.uuid
    if not mine:
        return {
            "toon": "info",
            "titel": _("Niemand behandelt deze zaak nog") if case.work and not case.work.handler else _("Een collega behandelt deze zaak"),
            "tekst": _("Pak de zaak op om eraan te werken."),
            "post_url": reverse("workplace:take", args=[uuid]),
            "post_tekst": _("Zaak oppakken"),
        }  # fmt: skip
    returned = next((one for one in case.proposals if one.state == "returned"), None)
    remark = _("Uw collega gaf het voorstel terug: ") + returned.remark + " " if returned and returned.remark else ""
    if case.submission is not None and not case.assessments:
        return {
            "toon": "info",
            "titel": _("Controleer de gegevens en laat de regels rekenen"),
            "tekst": _(
                "Kloppen de gegevens met de bewijzen? Verbeter wat niet klopt. Vraag daarna het advies van de regels."
            ),
            "post_url": reverse("workplace:assess", args=[uuid]),
            "post_tekst": _("Aanvraag beoordelen"),
        }
    return {
        "toon": "warning" if remark else "info",
        "titel": _("Stel een besluit voor"),
        "tekst": remark + _("Schrijf wat u voorstelt en waarom. Een collega kijkt mee."),
        "link_url": reverse("workplace:propose", args=[uuid]),
        "link_tekst": _("Besluit voorstellen"),
    }


OUTCOMES = {
    "toekennen": lambda: _("toekennen"),
    "deels toekennen": lambda: _("deels toekennen"),
    "afwijzen": lambda: _("afwijzen"),
    "onvoldoende informatie": lambda: _("onvoldoende informatie"),
}
_TONES = {"toekennen": "ok", "deels toekennen": "warning", "afwijzen": "late", "onvoldoende informatie": "warning"}
LEVELS = {"low": lambda: _("laag"), "substantial": lambda: _("substantieel"), "high": lambda: _("hoog")}
_STATES = {
    "awaiting": lambda: _("wacht op een collega"),
    "returned": lambda: _("teruggegeven"),
    "approved": lambda: _("goedgekeurd"),
    "sent": lambda: _("verzonden"),
}


def _advice(assessments: Sequence[schemes.AssessmentRecord]) -> Row | None:
    if not assessments:
        return None
    latest = assessments[0]
    benefit, loan = latest.outcome.get("levensonderhoud") or {}, latest.outcome.get("bedrijfskapitaal") or {}
    words = {"satisfied": (_("ja"), "ok"), "failed": (_("nee"), "late"), "unknown": (_("onbekend"), "warning")}
    when = moment(latest.assessed_at)
    return {
        "uitkomst": OUTCOMES[latest.advice](),
        "toon": _TONES[latest.advice],
        "bij": _("Regels %(version)s, gerekend op %(when)s. Het advies is bewaard en kan worden nagerekend.") % {"version": latest.rule_version, "when": when},
        "bedragen": [
            {"maand": date_format(date.fromisoformat(f"{line['month']}-01"), "F Y"), "norm": line["norm_cent"], "inkomen": line["inkomen_cent"], "bedrag": line["bedrag_cent"]}
            for line in benefit.get("months", [])
        ],
        "lening": {"bedrag": loan["bedrag_cent"], "gevraagd": loan["gevraagd_cent"]} if loan else None,
        "regels": [
            {
                "tekst": schemes.Finding.from_dict(finding).explanation,
                "artikel": finding["article"],
                "woord": words.get(finding["status"], (finding["status"], "neutral"))[0],
                "toon": words.get(finding["status"], ("", "neutral"))[1],
            }
            for finding in latest.outcome["findings"]
        ],
    }  # fmt: skip


def _answers(case: CaseFacts, *, may_correct: bool) -> list[Row]:
    if case.submission is None:
        return []
    answers = {**case.submission.answers, **{key: fact.value for key, fact in case.facts.items()}}
    if case.hides_address:
        answers = access.masks.answers(answers)
    sections = forms.answers_of(replace(case.submission, answers=answers), get_language() or "nl")
    address = addresses.per_row("workplace:fact", case.dossier.zaak.uuid)
    return [
        {
            "naam": section.name,
            "rijen": [_answer(address, line, case, may_correct=may_correct) for line in section.lines],
        }
        for section in sections
    ]


def _answer(address: Callable[[object], str], line: forms.AnswerLine, case: CaseFacts, *, may_correct: bool) -> Row:
    fact = case.facts.get(line.key)
    if fact is not None:
        source = _("Vastgesteld door %(who)s: %(source)s") % {"who": fact.by_label, "source": fact.source}
    else:
        source = line.source or _("Opgegeven door de aanvrager")
    row: Row = {"key": line.label, "lines": list(line.lines) or ["–"], "source": source}
    component = case.submission.definition.component(line.key) if case.submission else None
    if may_correct and component is not None and component.type not in {"editgrid", "file"}:
        row |= {
            "url": address(line.key),
            "action": _("Vaststellen"),
            "describe": line.label,
        }
    return row


def _documents(uuid: UUID, documents: Sequence[zaken.ZaakdocumentRecord]) -> list[Row]:
    address = addresses.per_row("workplace:document", uuid)
    return [
        {
            "name": one.titel or one.bestandsnaam,
            "url": address(one.uuid) if one.uuid else one.url,
            "size": one.bestandsomvang,
            "kind": one.informatieobjecttype,
            "when": one.registratiedatum,
            "id": str(one.uuid or ""),
        }
        for one in documents
    ]


def _proposal_line(uuid: UUID, one: casework.ProposalRecord) -> Row:
    said = " – ".join(part for part in (one.decided_by_label, one.remark) if part)
    return {
        "title": f"{OUTCOMES[one.outcome]().capitalize()}: {_STATES[one.state]()}",
        "when": one.sent_at or one.decided_at or one.prepared_at,
        "text": said,
        "by": one.prepared_by_label,
        "url": reverse("workplace:proposal", args=[uuid, one.uuid]),
        "link": _("Bekijk"),
    }


def _party(rol: zaken.RolRecord) -> Row:
    lines = [rol.naam or "–"]
    if rol.geboortedatum:
        lines.append(_("geboren op %(day)s") % {"day": date_format(rol.geboortedatum, "j F Y")})
    level = rol.authenticatie_context.get("level") or rol.authenticatie_context.get("levelOfAssurance")
    if level:
        lines.append(_("ingelogd, niveau %(level)s") % {"level": LEVELS[level]() if level in LEVELS else level})
    lines += _representation(rol)
    is_gemachtigde = rol.indicatie_machtiging == "gemachtigde"
    return {"key": _("Gemachtigde") if is_gemachtigde else rol.omschrijving.capitalize(), "lines": lines}


def _representation(rol: zaken.RolRecord) -> list[str]:
    """Return for or by whom a party acts, on what basis and within which bounds. Source: Awb 2:1."""
    said = rol.authenticatie_context.get("mandate")
    mandate = {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
    lines = []
    basis = people.basis_name(mandate.get("basis", "")) or _("grond niet bekend")
    if rol.indicatie_machtiging == "machtiginggever":
        lines.append(_("wordt vertegenwoordigd door een %(basis)s") % {"basis": basis})
    elif rol.indicatie_machtiging == "gemachtigde":
        lines.append(_("handelt namens de aanvrager, als %(basis)s") % {"basis": basis})
    if rol.indicatie_machtiging and mandate.get("services"):
        lines.append(_("alleen voor %(services)s") % {"services": ", ".join(mandate["services"].split())})
    if rol.indicatie_machtiging and mandate.get("until"):
        lines.append(_("geldig tot en met %(day)s") % {"day": _written(mandate["until"])})
    if mandate.get("branch"):
        lines.append(_("alleen voor vestiging %(branch)s") % {"branch": mandate["branch"]})
    return lines


def _written(day_text: str) -> str:
    """Return a day in words; what is no day (another system wrote it) as it is."""
    try:
        return date_format(date.fromisoformat(day_text), "j F Y")
    except ValueError:
        return day_text


def _clock(case: CaseFacts) -> Row | None:
    if case.clock is None:
        return None
    return {
        "datum": case.clock.deadline,
        "dicht": case.dossier.zaak.einddatum is not None,
        "stappen": _step_rows(case.clock.steps),
        "url": reverse("workplace:term", args=[case.dossier.zaak.uuid]),
    }


def _step_rows(steps: Sequence[law.Step]) -> list[Row]:
    return [{"tekst": step.text, "artikel": step.article, "van": step.before, "naar": step.deadline} for step in steps]


def _penalty(owed: law.Penalty | None, record: zaken.ZaakRecord) -> Row | None:
    """Return what a default notice means today: nothing, two weeks, a sum that grows, or a sum to fix."""
    if owed is None:
        return None
    first = date_format(owed.first_day, "j F Y") if owed.first_day else ""
    amount = euro(owed.cents)
    if owed.first_day is None:
        title = _("Er is een ingebrekestelling, zonder dwangsom")
        text, tone = _("Er loopt geen dwangsom (%(article)s).") % {"article": owed.reason}, "info"
    elif owed.reason:
        title, tone = _("Er is een ingebrekestelling, zonder dwangsom"), "ok"
        text = _("Het besluit was binnen twee weken bekendgemaakt.")
    elif owed.days == 0 and owed.fix_by is None:
        title, tone = _("Ingebrekestelling: beslis voor %(day)s") % {"day": first}, "warning"
        text = _("Vanaf %(day)s loopt er een dwangsom van %(amount)s per dag.") % {
            "day": first,
            "amount": euro(owed.first_cents),
        }
    elif owed.is_running:
        title = _("De dwangsom is nu %(amount)s") % {"amount": amount}
        text = _("Hij loopt sinds %(day)s, nu %(number)s dagen. Elke dag komt er bij tot het besluit bekend is.") % {
            "day": first, "number": owed.days,
        }  # fmt: skip
        tone = "error"
    else:
        title, tone = _("De dwangsom is %(amount)s") % {"amount": amount}, "error"
        text = _("Stel hem vast, uiterlijk op %(day)s. Stuurt u het besluit nog? Dan staat de dwangsom in die brief.") % {
            "day": date_format(owed.fix_by, "j F Y") if owed.fix_by else "",
        }  # fmt: skip
        if record.einddatum is not None:
            text = _("Hij is vastgesteld in de brief met het besluit.")
            tone = "info"
    return {"titel": title, "tekst": text, "toon": tone, "url": reverse("workplace:term", args=[record.uuid])}


# -- The page of the term ---------------------------------------------------------------------------------------------
NO_EXCLUSION = "nee"


@dataclass(frozen=True)
class TermFacts:
    """What the page of the term tells."""

    zaak: zaken.ZaakRecord
    clock: casework.Clock | None
    answers: Sequence[casework.Answer]
    entered: Sequence[casework.ClockEventRecord]
    penalty: law.Penalty | None
    handles: bool


def happened(kind: law.EventKind) -> str:
    """Return in words what happened to a clock."""
    words = {
        law.EventKind.INVITED: _("Om een aanvulling gevraagd"),
        law.EventKind.SUPPLEMENTED: _("Aanvulling ontvangen"),
        law.EventKind.CONSENT_TO_DELAY: _("De aanvrager stemde in met uitstel"),
        law.EventKind.FORCE_MAJEURE: _("Overmacht"),
        law.EventKind.THIRD_PARTY_VIEWS: _("Anderen geven hun zienswijze"),
        law.EventKind.RESUMED: _("De termijn liep weer"),
        law.EventKind.EXTENDED: _("Termijn verlengd"),
        law.EventKind.DEFAULT_NOTICE: _("Ingebrekestelling ontvangen"),
        law.EventKind.OBJECTED_TO: _("Het bestreden besluit werd bekendgemaakt"),
        law.EventKind.ANNOUNCED: _("Besluit bekendgemaakt"),
    }
    return words.get(kind, kind.value)


def term_page(facts: TermFacts) -> Row:
    """Return the context of the page that explains the last day."""
    record, clock = facts.zaak, facts.clock
    context = _form(record, _("Termijn"), [], {})
    replaced = {row.replaces for row in facts.entered}
    in_force = [row for row in facts.entered if row.id not in replaced and not row.is_withdrawn]
    is_bezwaar = clock is not None and clock.term.regime == "awb-7-10"
    objected = any(row.kind is law.EventKind.OBJECTED_TO for row in in_force)
    return context | {
        "datum": clock.deadline if clock else None,
        "vandaag": today(),
        "dicht": record.einddatum is not None,
        "stappen": _step_rows(clock.steps) if clock else [],
        "versie": clock.explanation["version"] if clock else "",
        "gebeurd": [_event_row(row, record, facts.handles) for row in sorted(in_force, key=lambda row: (row.on, row.id))],
        "vervallen": [_dropped_row(row, facts.entered) for row in facts.entered if row.id in replaced],
        "antwoorden": [_answer_row(one) for one in facts.answers],
        "dwangsom": _penalty(facts.penalty, record),
        "dwangsom_stappen": [{"tekst": step.text, "artikel": step.article} for step in facts.penalty.steps] if facts.penalty else [],
        "dwangsom_dagen": _penalty_days(facts.penalty),
        "mag_behandelen": facts.handles,
        "staat_stil": record.opschorting_indicatie,
        "op_tijd": _in_time(record, in_force) if is_bezwaar else None,
        "vul_in_url": reverse("workplace:objected_decision", args=[record.uuid]),
        "vraag_besluit": facts.handles and is_bezwaar and not objected,
    }  # fmt: skip


def _in_time(record: zaken.ZaakRecord, in_force: Sequence[casework.ClockEventRecord]) -> Row | None:
    """Return whether a bezwaar came in time, once the day of the decision is known."""
    announced = [row.on for row in in_force if row.kind is law.EventKind.OBJECTED_TO]
    if not announced:
        return None
    found = casework.objection_in_time(max(announced), record.startdatum)
    codes = {step.code for step in found.deadline.steps}
    outage = ""
    if "outage-extended" in codes:
        outage = " " + _("Op de laatste dag was er een storing bij ons: daarom is er langer de tijd (Awb 2:21).")
    elif "outage-near-the-end" in codes:
        outage = " " + _("Kort voor de laatste dag was er een storing bij ons: weeg die mee (Awb 2:21).")
    last = date_format(found.deadline.date, "j F Y")
    if found.is_in_time:
        text = _("Bezwaar kon tot en met %(day)s (%(article)s).") % {"day": last, "article": found.article}
        return {"toon": "ok", "titel": _("Het bezwaar kwam op tijd"), "tekst": text + outage}
    text = _(
        "Bezwaar kon tot en met %(day)s. Ging de brief voor of op die dag op de post en kwam hij binnen een week? Dan is hij toch op tijd (Awb 6:9). Was er een goede reden, of een storing? Weeg die mee (Awb 6:11, 2:21)."
    ) % {"day": last}
    return {"toon": "warning", "titel": _("Het bezwaar kwam na de laatste dag"), "tekst": text + outage}


def _event_row(row: casework.ClockEventRecord, record: zaken.ZaakRecord, handles: bool) -> Row:
    days = date_format(row.on, "j F Y")
    if row.until:
        days = _("%(first)s tot en met %(last)s") % {"first": days, "last": date_format(row.until, "j F Y")}
    elif row.length:
        days = _("%(day)s, met %(number)s weken") % {"day": days, "number": row.length}
    actions = []
    if handles and row.kind in casework.CORRECTABLE:
        actions.append({"text": _("Verbeteren"), "url": reverse("workplace:correct_event", args=[record.uuid, row.id])})
    if handles and row.kind in casework.RETRACTABLE:
        actions.append({"text": _("Intrekken"), "url": reverse("workplace:withdraw_event", args=[record.uuid, row.id])})
    return {
        "wat": happened(row.kind),
        "dagen": days,
        "reden": " ".join(part for part in (row.reason, _exclusion_words(row.exclusion)) if part),
        "door": row.by_label,
        "wanneer": row.recorded_at,
        "acties": actions,
    }


def _exclusion_words(exclusion: str) -> str:
    return _("Geen dwangsom: %(why)s.") % {"why": exclusion} if exclusion else ""


def _dropped_row(row: casework.ClockEventRecord, entered: Sequence[casework.ClockEventRecord]) -> Row:
    successor = next(one for one in entered if one.replaces == row.id)
    days = date_format(row.on, "j F Y") + (f" – {date_format(row.until, 'j F Y')}" if row.until else "")
    text = _("Ingetrokken: %(why)s") if successor.is_withdrawn else _("Verbeterd: %(why)s")
    return {
        "title": f"{happened(row.kind)}, {days}",
        "when": successor.recorded_at,
        "text": text % {"why": successor.reason},
        "by": successor.by_label,
    }


def _answer_row(one: casework.Answer) -> Row:
    told = (
        _("De aanvrager zag deze datum voor het eerst op %(when)s.") % {"when": moment(one.first_shown_at)}
        if one.first_shown_at
        else _("De aanvrager heeft deze datum niet bekeken.")
    )
    why = happened(one.cause) if one.cause else _("Berekend bij de start of door de tijd")
    until = _("Gold tot %(when)s.") % {"when": moment(one.until)} if one.until else _("Geldt nu.")
    return {
        "title": _("Laatste dag: %(day)s") % {"day": date_format(one.deadline, "j F Y")},
        "when": one.given_at,
        "text": f"{why}. {until} {told} " + _("Regels %(version)s.") % {"version": one.version},
        "by": one.by_label,
    }


def _penalty_days(owed: law.Penalty | None) -> list[Row]:
    total, rows = 0, []
    for on, cents in owed.amounts if owed else ():
        total += cents
        rows.append({"dag": on, "bedrag": cents, "samen": total})
    return rows


def _exclusion_field(value: str) -> Row:
    reasons = {
        "onredelijk laat": _("Ja: de aanvrager wachtte onredelijk lang"),
        "geen belanghebbende": _("Ja: de aanvrager is geen belanghebbende"),
        "kennelijk niet-ontvankelijk of ongegrond": _("Ja: de aanvraag is duidelijk niet-ontvankelijk of ongegrond"),
    }
    options = [(NO_EXCLUSION, _("Nee")), *((one, reasons[one]) for one in casework.EXCLUSIONS)]
    return {
        "kind": "radio", "name": "uitzondering", "label": _("Is er een reden dat er geen dwangsom is?"),
        "value": value or NO_EXCLUSION, "options": options, "hint": _("Volgens Awb 4:17 lid 6."),
    }  # fmt: skip


def notice_form(record: zaken.ZaakRecord, *, typed: Mapping[str, str], errors: Mapping[str, str]) -> Row:
    """Return the form for a default notice that came in."""
    fields: list[Row] = [
        {"kind": "datetext", "name": "op", "label": _("Op welke dag kregen wij de ingebrekestelling?"), "value": typed.get("op", ""), "required": True},
        _exclusion_field(typed.get("uitzondering", "")),
        {"kind": "textarea", "name": "reden", "label": _("Opmerking"), "value": typed.get("reden", ""), "rows": 3, "hint": _("Bijvoorbeeld waar de brief staat.")},
    ]  # fmt: skip
    text = _(
        "De aanvrager schrijft dat wij te laat zijn met beslissen. Daarna hebben wij nog twee weken. Dan loopt er een dwangsom."
    )
    return _term_form(record, _("Ingebrekestelling ontvangen"), fields, errors, inleiding=text, knop=_("Noteren"))


def objected_form(record: zaken.ZaakRecord, *, typed: Mapping[str, str], errors: Mapping[str, str]) -> Row:
    """Return the form for the day of the decision that a bezwaar is against."""
    fields: list[Row] = [
        {"kind": "datetext", "name": "op", "label": _("Op welke dag is het besluit bekendgemaakt?"), "value": typed.get("op", ""), "required": True, "hint": _("Meestal de datum op de brief met het besluit.")},
    ]  # fmt: skip
    text = _("De termijn om op een bezwaar te beslissen begint na de zes weken waarin bezwaar kon (Awb 7:10).")
    return _term_form(record, _("Bestreden besluit"), fields, errors, inleiding=text, knop=_("Noteren"))


def correction_form(
    record: zaken.ZaakRecord, event: casework.ClockEventRecord, *, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Row:
    """Return the form to enter something about the clock again."""
    fields: list[Row] = [
        {"kind": "datetext", "name": "op", "label": _("Dag"), "value": typed.get("op", f"{event.on:%d-%m-%Y}"), "required": True},
    ]  # fmt: skip
    if event.kind in casework.SUSPENSIONS:
        last = f"{event.until:%d-%m-%Y}" if event.until else ""
        fields.append({"kind": "datetext", "name": "tot", "label": _("Tot en met welke dag?"), "value": typed.get("tot", last), "hint": _("Alleen bij overmacht mag u dit open laten.")})  # fmt: skip
    if event.kind is law.EventKind.DEFAULT_NOTICE:
        fields.append(_exclusion_field(typed.get("uitzondering", event.exclusion)))
    fields.append(_why_field(typed))
    text = _("Wat er stond, blijft bewaard, met de datum die daaruit volgde. De termijn wordt opnieuw berekend.")
    title = _("Verbeteren: %(what)s") % {"what": happened(event.kind).lower()}
    return _term_form(record, title, fields, errors, inleiding=text, knop=_("Verbeteren"))


def withdrawal_form(
    record: zaken.ZaakRecord, event: casework.ClockEventRecord, *, typed: Mapping[str, str], errors: Mapping[str, str]
) -> Row:
    """Return the form to take something about the clock back."""
    text = _("Dit telt dan niet meer mee. Wat er stond, blijft bewaard. De termijn wordt opnieuw berekend.")
    title = _("Intrekken: %(what)s") % {"what": happened(event.kind).lower()}
    return _term_form(record, title, [_why_field(typed)], errors, inleiding=text, knop=_("Intrekken"))


def _why_field(typed: Mapping[str, str]) -> Row:
    return {"kind": "textarea", "name": "reden", "label": _("Wat klopte er niet?"), "value": typed.get("reden", ""), "required": True, "rows": 3}  # fmt: skip


def _term_form(record: zaken.ZaakRecord, title: str, fields: list[Row], errors: Mapping[str, str], **more: Any) -> Row:
    context = _form(record, title, fields, errors, **more)
    address = reverse("workplace:term", args=[record.uuid])
    *crumbs, here = context["kruimels"]
    return context | {"terug_url": address, "kruimels": [*crumbs, {"text": _("Termijn"), "url": address}, here]}


def how_to_type_a_day() -> str:
    """Return how a day is typed."""
    return _("Vul de dag in als dd-mm-jjjj, bijvoorbeeld 24-12-2026.")


def _messages(case: CaseFacts) -> list[Row]:
    mail_words = {
        "queued": _("Mail staat klaar"),
        "sending": _("Mail gaat nu weg"),
        "sent": _("Mail verstuurd"),
        "unknown": _("Mail: aankomst onbekend"),
        "refused": _("Mail niet aangenomen"),
        "settled": _("Mail nagekeken"),
        "waiting": _("Mail wacht: het mailadres is nog niet bevestigd"),
        "bounced": _("Mail kwam terug: het mailadres werkt niet"),
    }
    rows: list[Row] = [
        {"title": _("Ontvangstbewijs %(number)s") % {"number": one.number}, "when": one.received_at, "text": ""}
        for one in case.receipts
    ]
    for letter in case.letters:
        opened = (
            _("Voor het eerst geopend op %(when)s") % {"when": moment(letter.first_opened_at)}
            if letter.first_opened_at
            else _("Nog niet geopend")
        )
        rows.append({"title": letter.subject, "when": letter.accessible_at, "text": opened})
    rows += [
        {
            "title": mail_words[one.state],
            "when": one.bounced_at or one.sent_at or one.queued_at,
            "text": _("Code om het mailadres te bevestigen") if one.kind == "confirm_address" else "",
        }
        for one in case.mails
    ]
    return sorted(rows, key=lambda row: row["when"], reverse=True)


def _trail_line(line: audit.TrailRecord) -> Row:
    who = line.gebruikers_weergave or line.applicatie_weergave or line.actor_key
    if line.acting_for_key.startswith("staff:"):
        whom = line.acting_for_key.removeprefix("staff:")
        who = _("%(who)s, als vervanger van %(whom)s") % {"who": who, "whom": whom}
    return {
        "title": line.actie_weergave or audit.in_words(line.actie, line.resource),
        "when": line.at,
        "by": who,
        "text": line.toelichting,
    }


LATEST_LINES = 10
"""So many lines of the trail stand on the case page; the rest is a page of its own."""


def trail(record: zaken.ZaakRecord, lines: Sequence[audit.TrailRecord]) -> Row:
    """Return the context of the page with everything that was done in a zaak."""
    context = _form(record, _("Wie deed wat"), [], {})
    return context | {"tijdlijn": [_trail_line(line) for line in reversed(lines)]}


def missing(error: schemes.UnusableAnswers) -> str:
    """Return in one line what the rules could not use."""
    return ", ".join(str(fault) for fault in error.faults)


# -- Forms ------------------------------------------------------------------------------------------------------------


def _form(record: zaken.ZaakRecord, title: str, fields: list[Row], errors: Mapping[str, str], **more: Any) -> Row:
    address = reverse("workplace:zaak", args=[record.uuid])
    return {
        "titel": title,
        "zaak": record,
        "velden": [{**field, "error": errors.get(field["name"], "")} for field in fields],
        "fouten": [
            {"field": field["name"], "kind": field["kind"], "text": errors[field["name"]]}
            for field in fields
            if field["name"] in errors
        ],
        "terug_url": address,
        "kruimels": [
            {"text": _("Werkvoorraad"), "url": reverse("workplace:worklist")},
            {"text": record.identificatie, "url": address},
            {"text": title},
        ],
        **more,
    }


def to_unit_form(
    record: zaken.ZaakRecord,
    units: Sequence[people.UnitRecord],
    *,
    chosen: str,
    reason: str,
    errors: Mapping[str, str],
) -> Row:
    """Return the form to let a zaak lie with another unit."""
    fields: list[Row] = [
        {"kind": "select", "name": "team", "label": _("Naar welk team?"), "value": chosen, "required": True,
         "options": [("", _("Kies een team")), *((str(unit.id), unit.naam) for unit in units)]},
        {"kind": "textarea", "name": "reden", "label": _("Waarom?"), "value": reason, "required": True, "rows": 3},
    ]  # fmt: skip
    text = _(
        "De zaak komt op de lijst van dat team. Wie alleen zaken van het oude team mag zien, ziet deze zaak dan niet meer."
    )
    return _form(record, _("Naar een ander team"), fields, errors, inleiding=text, knop=_("Zaak overdragen"))


def extend_form(record: zaken.ZaakRecord, *, weeks: str, reason: str, errors: Mapping[str, str]) -> Row:
    """Return the form to extend the term."""
    fields: list[Row] = [
        {"kind": "radio", "name": "weken", "label": _("Met hoeveel weken?"), "value": weeks, "required": True, "options": [(number, _("%(number)s weken") % {"number": number}) for number in ("2", "4", "6", "8")]},
        {"kind": "textarea", "name": "reden", "label": _("Waarom?"), "value": reason, "required": True, "rows": 3},
    ]  # fmt: skip
    text = _(
        "U kunt de termijn verlengen als u niet op tijd kunt beslissen. U moet dat aan de aanvrager laten weten (Awb 4:14)."
    )
    return _form(record, _("Termijn verlengen"), fields, errors, inleiding=text, knop=_("Termijn verlengen"))


def suspend_form(
    record: zaken.ZaakRecord,
    *,
    kind: str,
    since: str,
    until: str,
    reason: str,
    errors: Mapping[str, str],
    term: law.Term,
) -> Row:
    """Return the form to let the clock stand still, with the grounds of the law that its term follows."""
    grounds = {
        law.EventKind.INVITED: _(
            "Wij vroegen om een aanvulling (de laatste dag van de hersteltermijn staat in onze brief)"
        ),
        law.EventKind.CONSENT_TO_DELAY: _("De aanvrager stemde schriftelijk in met uitstel"),
        law.EventKind.FORCE_MAJEURE: _("Overmacht"),
        law.EventKind.THIRD_PARTY_VIEWS: _("Anderen mogen hun zienswijze geven"),
    }
    allowed = law.REGIMES[term.regime]
    options = [(one.value, grounds[one]) for one in casework.SUSPENSIONS if one in allowed]
    fields: list[Row] = [
        {"kind": "radio", "name": "grond", "label": _("Waarom staat de termijn stil?"), "value": kind, "required": True, "options": options},
        {"kind": "datetext", "name": "vanaf", "label": _("Vanaf welke dag?"), "value": since, "hint": _("Bij een aanvulling: de dag van onze brief. Vult u niets in? Dan is het vandaag.")},
        {"kind": "datetext", "name": "tot", "label": _("Tot en met welke dag?"), "value": until, "hint": _("Alleen bij overmacht mag u dit open laten.")},
        {"kind": "textarea", "name": "reden", "label": _("Wat is er aan de hand?"), "value": reason, "required": True, "rows": 3},
    ]  # fmt: skip
    text = _(
        "Bij een gevraagde aanvulling staat de termijn stil vanaf de dag na onze brief. Is de aanvulling binnen of is de reden voorbij? Laat de termijn dan weer lopen."
    )
    return _form(record, _("Termijn stilzetten"), fields, errors, inleiding=text, knop=_("Termijn stilzetten"))


def day_typed(text: str) -> date | None:
    """Return the day that was typed as dd-mm-jjjj, or None."""
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007  (a day, not a moment)
    except ValueError:
        return None


_KINDS = {
    "textfield": "text", "textarea": "textarea", "email": "email", "phoneNumber": "tel", "postcode": "postcode", "iban": "iban",
    "bsn": "bsn", "number": "number", "currency": "currency", "radio": "radio", "select": "select", "selectboxes": "checkboxes",
    "checkbox": "checkbox", "date": "datetext",
}  # fmt: skip


def fact_form(
    record: zaken.ZaakRecord,
    component: Any,
    *,
    value: Any,
    typed: Sequence[str],
    source: str,
    errors: Mapping[str, str],
) -> Row:
    """Return the form to establish one fact."""
    language = get_language() or "nl"
    shown = (list(typed) if component.type == "selectboxes" else typed[-1]) if typed else value
    if component.type == "date" and isinstance(shown, str) and len(shown) == 10 and shown[4] == "-":
        shown = date.fromisoformat(shown)
    fields: list[Row] = [
        {
            "kind": _KINDS.get(component.type, "text"),
            "name": component.key,
            "label": component.label.said_in(language),
            "value": shown,
            "required": True,
            "options": [(choice.value, choice.label.said_in(language)) for choice in component.choices],
        },
        {
            "kind": "text",
            "name": "bron",
            "label": _("Waar komt dit gegeven vandaan?"),
            "value": source,
            "required": True,
            "hint": _("Bijvoorbeeld: jaarrekening 2020, blz. 3, of telefonisch gesprek op 3 mei."),
        },
    ]
    text = _("Wat de aanvrager opgaf, blijft leesbaar. De regels rekenen met wat u vaststelt.")
    return _form(record, _("Gegeven vaststellen"), fields, errors, inleiding=text, knop=_("Vaststellen"))


def propose_form(
    record: zaken.ZaakRecord,
    latest: schemes.AssessmentRecord | None,
    *,
    outcome: str,
    reasons: str,
    reasons_en: str | None,
    errors: Mapping[str, str],
) -> Row:
    """Return the form for a proposal; the advice of the rules is shown and pre-chosen, never imposed.

    ``reasons_en`` is None for an applicant who used Dutch: then there is no letter in English.
    """
    chosen = outcome or (
        latest.advice if latest and latest.advice in {"toekennen", "deels toekennen", "afwijzen"} else ""
    )
    fields: list[Row] = [
        {"kind": "radio", "name": "outcome", "label": _("Wat stelt u voor?"), "value": chosen, "required": True, "options": [(name, OUTCOMES[name]().capitalize()) for name in ("toekennen", "deels toekennen", "afwijzen")]},
        {"kind": "textarea", "name": "reasons", "label": _("Waarom?"), "value": reasons, "required": True, "rows": 8, "hint": _("Dit komt in de brief. Schrijf aan de aanvrager: 'U ...'. De bedragen en de regels voegt het systeem toe.")},
    ]  # fmt: skip
    if reasons_en is not None:
        fields.append({"kind": "textarea", "name": "reasons_en", "label": _("Waarom, in het Engels?"), "value": reasons_en, "rows": 6, "hint": _("De aanvrager gebruikte Engels. Onder de brief komt een Engelse vertaling; laat dit leeg als u de motivering niet kunt vertalen. De Nederlandse brief blijft het besluit.")})  # fmt: skip
    advice = None
    if latest is not None:
        advice = {
            "titel": _("Advies van de regels: %(advice)s") % {"advice": OUTCOMES[latest.advice]()},
            "tekst": _("Wijkt u af van het advies? Leg dan uit waarom."),
        }
    return _form(record, _("Besluit voorstellen"), fields, errors, advies=advice)


def proposal(
    record: zaken.ZaakRecord, found: casework.ProposalRecord, *, by: Actor, remark: str, errors: Mapping[str, str]
) -> Row:
    """Return the page of a proposal."""
    open_ = record.einddatum is None
    rows: list[Row] = [
        {"key": _("Voorstel"), "value": OUTCOMES[found.outcome]().capitalize()},
        {"key": _("Stand"), "value": _STATES[found.state]().capitalize()},
        {"key": _("Voorgesteld door"), "lines": [found.prepared_by_label, moment(found.prepared_at)]},
        {"key": _("Motivering"), "lines": found.reasons.split("\n")},
    ]
    if found.decided_by_label and found.decided_at:
        rows.append({"key": _("Beoordeeld door"), "lines": [found.decided_by_label, moment(found.decided_at)]})
    if found.remark:
        rows.append({"key": _("Opmerking"), "value": found.remark})
    handles = open_ and casework.may(by, "zaak.behandelen", record)
    decides = open_ and found.state == "awaiting" and casework.may(by, "zaak.besluiten", record)
    context = _form(record, _("Voorstel"), [], {})
    return context | {
        "voorstel": found,
        "rijen": rows,
        "opmerking": remark,
        "fout": errors,
        "fouten": [{"field": name, "text": text} for name, text in errors.items()],
        "mag_beslissen": decides and found.prepared_by != by.pk,
        "mag_versturen": handles and found.state == "approved",
        "mag_intrekken": handles and found.state == "awaiting" and found.prepared_by == by.pk,
    }


def letter_today(letter: dict[str, Any], owed: law.Penalty | None = None) -> dict[str, Any]:
    """Return a proposed letter as it would look if it were sent today."""
    return casework.dated(
        letter | {"signer": letter.get("signer") or "–"},
        sent_on=today(),
        last_day_for_bezwaar=casework.bezwaar_deadline(today()).date,
        owed=owed,
    )


def mail(row: messages.MailRecord, about: zaken.ZaakRecord) -> Row:
    """Return a line of the list of mails to look at."""
    kinds = {
        "receipt": _("Ontvangstbevestiging"),
        "new_letter": _("Bericht dat er een brief is"),
        "status": _("Bericht over de status"),
        "confirm_address": _("Code om het mailadres te bevestigen"),
    }
    words = {"unknown": _("Aankomst onbekend"), "bounced": _("Kwam terug")}
    return {
        "id": row.id,
        "soort": kinds.get(row.kind, row.kind),
        "zaak_uuid": about.uuid,
        "nummer": about.identificatie,
        "wanneer": row.sending_at or row.queued_at,
        "stand": words.get(row.state, _("Niet aangenomen")),
        "toon": "warning" if row.state == "unknown" else "late",
        "reden": row.reason,
    }
