"""Handing in: what was filled in becomes a zaak with documents and a receipt, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.documenten.public import NewDocument
from stadhuis.forms import jobs
from stadhuis.forms.actions.versions import fingerprint
from stadhuis.forms.errors import AnswersWrong, DraftNotFound, LevelTooLow, NotAllowed
from stadhuis.forms.facts import FORM_SUBMITTED, FormSubmitted
from stadhuis.forms.models import Draft, Submission
from stadhuis.forms.reads import DraftRecord, FileRecord, SubmissionRecord, draft_record, owned_by, submission_record
from stadhuis.forms.rules import fields
from stadhuis.forms.rules.definition import Definition
from stadhuis.forms.rules.engine import Evaluation
from stadhuis.forms.summary import document_type
from stadhuis.kit import files as kit_files
from stadhuis.kit.jobs import queue
from stadhuis.kit.time import local, now, today
from stadhuis.kit.together import together
from stadhuis.messages import public as messages
from stadhuis.messages.public import ReceiptFile
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken
from stadhuis.zaken.public import NewLink, NewRol, NewZaak, ZaakRecord


@transaction.atomic
def submit(
    uuid: UUID,
    *,
    by: Actor,
    declared: Mapping[str, Sequence[str]],
    slug: str | None = None,
    language: str = "nl",
    representative: str = "",
) -> SubmissionRecord:
    """Hand a draft in and return the submission; a draft that was handed in before gives the same submission again.

    A draft of another form than ``slug`` is not found. ``representative`` is the name of whoever acts for someone else, when it is known.

    Everything is checked once more, over all steps and the declaration. Raises ``DraftNotFound``, ``LevelTooLow``,
    ``AnswersWrong`` or ``NotAllowed``; then nothing has changed. The PDF and the mails follow as jobs.

    Source: Awb 2:15 ff. as changed by the Wmebv (acknowledgement at the moment of storage).
    """
    rows = Draft.objects.select_for_update(of=("self",)).select_related("version").defer("version__definition")
    row = rows.filter(owned_by(by), uuid=uuid).first()
    if row is None or slug not in (None, row.slug):
        raise DraftNotFound(str(uuid))
    if row.state == Draft.State.SUBMITTED:
        return submission_record(Submission.objects.select_related("version").get(draft=row))
    draft = draft_record(row)
    if not people.is_high_enough(by.level, draft.definition.level):
        raise LevelTooLow(draft.definition.level)
    evaluation = look_over(draft, declared)
    moment = now()
    answers = evaluation.outcome()
    with together():
        zaak = _open_zaak(draft, answers, by=by, moment=moment, representative=representative)
        delivered = _register_files(draft, evaluation, zaak, by=by, moment=moment)
    receipt = messages.give_receipt(
        zaak_uuid=zaak.uuid,
        zaak_identificatie=zaak.identificatie,
        to=_owner(by),
        subject=draft.definition.name.said_in(language),
        files=[ReceiptFile(file["naam"], file["size"], file["sha256"]) for file in delivered],
        received_at=moment,
    )
    kept_facts = {key: fact for key, fact in draft.prefilled.items() if fact["value"] == answers.get(key)}
    submission = Submission.objects.create(
        draft=row,
        version=row.version,
        zaak_uuid=zaak.uuid,
        zaak_identificatie=zaak.identificatie,
        person_id=row.person_id,
        company_id=row.company_id,
        answers=answers,
        prefilled=kept_facts,
        files=delivered,
        sha256=fingerprint({"answers": answers, "files": [file["sha256"] for file in delivered]}),
        language="en" if language.startswith("en") else "nl",
        submitted_at=moment,
        receipt_uuid=receipt.uuid,
    )
    # The submission holds the answers from here on; the draft only leads back to it.
    row.state, row.answers, row.prefilled, row.changes, row.changed_at = Draft.State.SUBMITTED, {}, {}, {}, moment
    row.save(update_fields=["state", "answers", "prefilled", "changes", "changed_at"])
    row.files.all().delete()
    FORM_SUBMITTED.announce(FormSubmitted(zaak.id, zaak.uuid, zaak.zaaktype_id, draft.slug))
    queue(jobs.make_summary, submission_id=submission.pk)
    address = _mail_address(draft.definition, answers)
    if address:
        messages.announce(to=_owner(by), stated=address, kind="receipt", about=zaak.uuid, language=submission.language)
    return submission_record(submission)


def look_over(draft: DraftRecord, declared: Mapping[str, Sequence[str]]) -> Evaluation:
    """Return the answers with the declaration, checked over all steps. Raises ``AnswersWrong`` and ``NotAllowed``."""
    answers = dict(draft.answers)
    for component in draft.definition.declaration:
        answers[component.key] = fields.from_post(component, declared.get(component.key, ()))
    evaluation = Evaluation(draft.definition, answers, today=today(), trusted=draft.locked)
    faults = evaluation.faults()
    if faults:
        raise AnswersWrong(faults)
    for step in evaluation.steps():
        refusal = evaluation.refusal(step)
        if refusal is not None:
            raise NotAllowed(refusal.nl)
    return evaluation


def _owner(by: Actor) -> Actor:
    """Return whose affair it is: the represented person or company, else whoever is logged in."""
    return by.acting_for or by


def _open_zaak(
    draft: DraftRecord, answers: Mapping[str, Any], *, by: Actor, moment: datetime, representative: str
) -> ZaakRecord:
    definition = draft.definition
    zaaktype = catalogi.zaaktype(definition.zaaktype, on=local(moment).date())
    known = {eigenschap.naam for eigenschap in zaaktype.eigenschappen}
    zaak = zaken.create_zaak(
        NewZaak(
            zaaktype_id=zaaktype.id,
            omschrijving=definition.name.nl[:80],
            startdatum=local(moment).date(),
            eigenschappen={
                naam: str(answers[key])
                for naam, key in definition.eigenschappen.items()
                if naam in known and answers.get(key) is not None
            },
        ),
        by=by,
        rollen=[_initiator(by, answers), *_gemachtigde(by, zaaktype, representative)],
    )
    first = min(zaaktype.statustypen, key=lambda statustype: statustype.volgnummer, default=None)
    if first is not None:
        zaken.add_status(zaak.id, first.id, by=by)
    return zaak


def _initiator(by: Actor, answers: Mapping[str, Any]) -> NewRol:
    owner = _owner(by)
    born = answers.get("geboortedatum")
    branch = by.branch if by.acting_for is None else ""
    kind = "natuurlijk_persoon" if owner.kind == "resident" else "niet_natuurlijk_persoon"
    return NewRol(
        omschrijving_generiek="initiator",
        betrokkene_type="vestiging" if branch else kind,
        person_id=by.person_id,
        company_id=by.company_id,
        naam=str(answers.get("naam") or owner.label),
        geboortedatum=fields.read_date(born) if isinstance(born, str) else None,
        identificatie=_branch_body(by, branch) if branch else _stated_body(by),
        authenticatie_context=_authentication(by),
        indicatie_machtiging="machtiginggever" if by.acting_for else "",
    )


def _authentication(by: Actor) -> dict[str, Any]:
    """Return how somebody logged in and, for someone else, on what basis: kept with the zaak, without names or numbers."""
    context: dict[str, Any] = {"source": by.means, "levelOfAssurance": by.level}
    if by.representative:
        context["representative"] = by.representative
    if by.mandate:
        context["mandate"] = dict(by.mandate)
    return context


def _branch_body(by: Actor, branch: str) -> dict[str, Any]:
    company = people.company(by.company_id or 0)
    handelsnaam = [company.naam] if company.naam else []
    return {"vestigingsNummer": branch, "handelsnaam": handelsnaam, "kvkNummer": company.kvk_nummer}


def _stated_body(by: Actor) -> dict[str, Any]:
    """Return the names of someone without a BSN as their country gives them: the family name whole, no prefix apart."""
    said = dict(by.stated) if by.acting_for is None else {}
    if not said:
        return {}
    return {
        "voornamen": said.get("given_name", ""),
        "geslachtsnaam": said.get("family_name", ""),
        "geboortedatum": said.get("birthdate", ""),
    }


def _gemachtigde(by: Actor, zaaktype: catalogi.ZaaktypeRecord, name: str) -> list[NewRol]:
    """Return the rol of whoever acts for someone else. Source: ZGW Zaken, indicatieMachtiging; Awb 2:1.

    A zaaktype without a rol for them keeps who acted in the rol of the initiator alone.
    """
    if by.acting_for is None:
        return []
    known = {roltype.omschrijving_generiek for roltype in zaaktype.roltypen}
    generic = next((kind for kind in ("belanghebbende", "mede_initiator") if kind in known), None)
    if generic is None:
        return []
    basis = people.basis_name(by.basis)
    return [
        NewRol(
            omschrijving_generiek=generic,
            betrokkene_type="natuurlijk_persoon" if by.kind == "resident" else "niet_natuurlijk_persoon",
            person_id=by.pk if by.kind == "resident" else None,
            company_id=by.pk if by.kind == "company" else None,
            naam=name,
            toelichting=f"Handelt namens de aanvrager, als {basis}",
            # ``acting``: what they may see follows from each new log-in, not from this rol (zaken.guards).
            authenticatie_context={**_authentication(by), "acting": True},
            indicatie_machtiging="gemachtigde",
        )
    ]


def _register_files(
    draft: DraftRecord, evaluation: Evaluation, zaak: ZaakRecord, *, by: Actor, moment: datetime
) -> list[dict[str, Any]]:
    """Register the files of visible questions as documents of the zaak; those of hidden ones are let go."""
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id)
    wanted: list[FileRecord] = []
    new: list[NewDocument] = []
    for file in draft.files:
        component = draft.definition.component(file.component)
        if component is None or not evaluation.is_visible(file.component):
            kit_files.discard(file.file)
            continue
        wanted.append(file)
        new.append(
            NewDocument(
                informatieobjecttype_id=document_type(zaaktype, component.document_type),
                titel=f"{component.label.nl}: {file.naam}"[:200],
                auteur=_owner(by).label[:200],
                bestandsnaam=file.naam,
                formaat=file.media_type,
                file=file.file,
                ontvangstdatum=local(moment).date(),
                creatiedatum=local(moment).date(),
                tonen_aan_initiator=True,
            )
        )
    if not new:
        return []
    documents = documenten.create_documents(new, by=by)
    zaken.link_documents(zaak.id, [NewLink(one.id, one.titel) for one in documents], by=by)
    return [
        {
            "component": file.component,
            "naam": file.naam,
            "size": file.size,
            "sha256": file.sha256,
            "media_type": file.media_type,
            "document": str(document.uuid),
        }
        for file, document in zip(wanted, documents, strict=True)
    ]


def _mail_address(definition: Definition, answers: Mapping[str, Any]) -> str:
    for component in definition.inputs():
        if component.type == "email" and component.confirmation and answers.get(component.key):
            return str(answers[component.key])
    return ""
