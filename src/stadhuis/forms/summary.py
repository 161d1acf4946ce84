"""All answers as people read them: on the summary page, in the PDF, and for staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.documenten.public import NewDocument
from stadhuis.forms.models import Submission
from stadhuis.forms.reads import SubmissionRecord, submission_record
from stadhuis.forms.represented import acted_for
from stadhuis.forms.rules import fields
from stadhuis.forms.rules.definition import Component, Definition, Step
from stadhuis.forms.rules.engine import Evaluation
from stadhuis.kit import files, pdf
from stadhuis.kit.time import local, today
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken


@dataclass(frozen=True)
class AnswerLine:
    """One question with its answer as lines of text, and where the answer comes from ('' for what was typed)."""

    key: str
    label: str
    lines: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    slug: str
    name: str
    lines: tuple[AnswerLine, ...]


def source_names() -> dict[str, str]:
    """Return the base registrations by name."""
    return {
        "brp": _("Basisregistratie Personen"),
        "kvk": _("Handelsregister (KVK)"),
        "eidas": _("inlogmiddel uit een ander land (eIDAS)"),
    }


def source_of(key: str, answers: Mapping[str, Any], prefilled: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the base registration an answer still comes from, or ''."""
    fact = prefilled.get(key)
    if fact is None or (not fact.get("readonly") and fact.get("value") != answers.get(key)):
        return ""
    return source_names().get(str(fact.get("source")), "")


def sections(evaluation: Evaluation, prefilled: Mapping[str, Mapping[str, Any]], language: str) -> list[Section]:
    """Return the visible questions with their answers, step by step."""
    return [
        Section(step.slug, step.name.said_in(language), tuple(_lines(step, evaluation, prefilled, language)))
        for step in evaluation.steps()
    ]


def _lines(
    step: Step, evaluation: Evaluation, prefilled: Mapping[str, Mapping[str, Any]], language: str
) -> Iterator[AnswerLine]:
    names = source_names()
    for component in step.inputs():
        if not component.in_summary or not evaluation.is_visible(component.key):
            continue
        value = evaluation.answers.get(component.key)
        if component.type == "editgrid":
            yield from _rows(component, value, evaluation, language)
            continue
        source = source_of(component.key, evaluation.answers, prefilled)
        if not source and component.prefill and not fields.is_empty(value):
            source = _("Zelf opgegeven (niet uit: %(source)s)") % {"source": names[component.prefill.plugin]}
        yield AnswerLine(component.key, component.label.said_in(language), _shown(component, value, language), source)


def _shown(component: Component, value: Any, language: str) -> tuple[str, ...]:
    if component.type == "file":
        return tuple(f"{file['naam']} ({filesizeformat(file['size'])})" for file in value or [])
    return tuple(line for line in fields.shown(component, value, language).split("\n") if line)


def _rows(grid: Component, value: Any, evaluation: Evaluation, language: str) -> Iterator[AnswerLine]:
    rows = [row for row in value or [] if isinstance(row, Mapping)]
    if not rows:
        yield AnswerLine(grid.key, grid.label.said_in(language), ())
    for number, row in enumerate(rows, start=1):
        lines = [
            f"{child.label.said_in(language)}: {fields.shown(child, row.get(child.key), language)}"
            for child in evaluation.visible_in_row(grid, row)
        ]
        yield AnswerLine(grid.key, f"{grid.label.said_in(language)} {number}", tuple(lines))


def of_submission(record: SubmissionRecord, language: str) -> list[Section]:
    """Return the answers of something handed in, as they were then."""
    by_component: dict[str, list[Mapping[str, Any]]] = {}
    for file in record.files:
        by_component.setdefault(str(file["component"]), []).append(file)
    evaluation = Evaluation(
        record.definition,
        {**record.answers, **by_component},
        today=local(record.submitted_at).date(),
        trusted=frozenset(key for key, fact in record.prefilled.items() if fact.get("readonly")),
    )
    return sections(evaluation, record.prefilled, language)


def make(submission_id: int) -> None:
    """Make the PDF of a submission, register it and link it to the zaak. Does nothing when that has been done."""
    row = Submission.objects.select_related("version").get(pk=submission_id)
    if row.summary_document is not None:
        return
    record = submission_record(row)
    with translation.override(record.language):
        content = render(record)
    stored = files.receive([content], max_bytes=len(content), media_type="application/pdf")
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission_id)
        if row.summary_document is not None:
            files.discard(stored.uuid)
            return
        zaak = zaken.zaak_by_uuid(record.zaak_uuid, seen_by=SYSTEM)
        kind = document_type(catalogi.zaaktype_by_id(zaak.zaaktype_id), record.definition.summary_document_type)
        document = documenten.create_document(
            NewDocument(
                informatieobjecttype_id=kind,
                titel=_title(record.definition, record.language)[:200],
                auteur=settings.TOWN_NAME,
                bestandsnaam=f"aanvraag-{record.zaak_identificatie}.pdf",
                formaat="application/pdf",
                file=stored.uuid,
                ontvangstdatum=local(record.submitted_at).date(),
                creatiedatum=today(),
                tonen_aan_initiator=True,
                taal="eng" if record.language == "en" else "dut",
            ),
            by=SYSTEM,
        )
        zaken.link_document(zaak.id, document.id, titel=document.titel, by=SYSTEM)
        row.summary_document = document.uuid
        row.save(update_fields=["summary_document"])


def document_type(zaaktype: catalogi.ZaaktypeRecord, wanted: str) -> int:
    """Return the id of the informatieobjecttype with this omschrijving within the zaaktype, or of its first incoming one."""
    named = [kind for kind in zaaktype.informatieobjecttypen if kind.omschrijving.casefold() == wanted.casefold()]
    incoming = [kind for kind in zaaktype.informatieobjecttypen if kind.richting == "inkomend"]
    found = named or incoming or list(zaaktype.informatieobjecttypen)
    if not found:
        raise LookupError(f"zaaktype {zaaktype.identificatie} has no informatieobjecttype")
    return found[0].id


def _title(definition: Definition, language: str) -> str:
    return definition.name.said_in(language)


def render(record: SubmissionRecord, *, hidden: str = "") -> bytes:
    """Return the PDF of what was handed in, in the language in which it was filled in.

    With ``hidden`` (a pattern of ``access.masks``) without the address, for who may not see it.
    """
    if hidden:
        record = replace(record, answers=access.masks.answers(record.answers))
    moment = local(record.submitted_at)
    title = _title(record.definition, record.language)
    acted = acted_for(zaken.dossier(record.zaak_uuid, seen_by=SYSTEM))
    data: dict[str, Any] = {
        "town": settings.TOWN_NAME,
        "address": settings.TOWN_ADDRESS,
        "phone": settings.TOWN_PHONE,
        "intro": _("Zaaknummer %(number)s. Ontvangen op %(day)s om %(time)s uur.")
        % {"number": record.zaak_identificatie, "day": fields.shown_date(moment.date()), "time": f"{moment:%H.%M}"},
        "sections": [
            *([{"heading": _("Wie de aanvraag deed"), "rows": acted}] if acted else []),
            *(
                {"heading": section.name, "rows": _pdf_rows(section.lines)}
                for section in of_submission(record, record.language)
            ),
        ],
        "files": [[str(file["naam"]), filesizeformat(int(file["size"])), str(file["sha256"])] for file in record.files],
        "files_heading": _("Bestanden"),
        "head": [_("Vraag"), _("Antwoord")],
        "files_head": [_("Naam"), _("Grootte"), "SHA-256"],
    }
    return pdf.render("summary", access.masks.everywhere(data, hidden), title=title, lang=record.language)


def _pdf_rows(lines: Sequence[AnswerLine]) -> list[list[str]]:
    return [
        [
            line.label,
            "\n".join((*(line.lines or (_("Niet ingevuld"),)), *([f"({line.source})"] if line.source else []))),
        ]
        for line in lines
    ]
