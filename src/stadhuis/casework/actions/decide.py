"""From proposal to a decision that was sent. The proposer and the one who approves are two people, by constraint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import letters
from stadhuis.casework.actions.clock import bezwaar_deadline, decision_announced
from stadhuis.casework.actions.work import advance
from stadhuis.casework.errors import (
    CaseworkError,
    FactsAreNewer,
    NotAllowed,
    OwnProposal,
    ProposalExists,
    ProposalInOtherState,
    ProposalNotFound,
    ProposalOfAnother,
    ReasonsMissing,
    ReasonsTooLong,
    RemarkMissing,
)
from stadhuis.casework.guard import item_for_change, standing_in, zaak_for
from stadhuis.casework.models import Proposal
from stadhuis.casework.reads import Addressee, addressee_of, clock_of, established_facts, penalty_of
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.forms import public as forms
from stadhuis.kit import files, pdf
from stadhuis.kit.time import now, today
from stadhuis.messages import public as messages
from stadhuis.people.public import Actor
from stadhuis.schemes import public as schemes
from stadhuis.zaken import public as zaken

AUTHORITY = "het college van burgemeester en wethouders van {town}"
_RESULTS = {
    "toekennen": ("Toegekend", "Verleend", "Verstrekt", "Ingewilligd", "Geleverd", "Verwerkt", "Afgehandeld"),
    "deels toekennen": (
        "Deels toegekend",
        "Toegekend",
        "Verleend",
        "Verstrekt",
        "Ingewilligd",
        "Geleverd",
        "Afgehandeld",
    ),
    "afwijzen": ("Afgewezen", "Geweigerd", "Niet geleverd", "Afgehandeld"),
}
LARGEST_LETTER = 20 * 1024 * 1024
LONGEST_REASONS = 10_000
"""Characters; ``kit.pdf`` shows no more of one text."""
State = Proposal.State


def resultaattype_for(zaaktype: catalogi.ZaaktypeRecord, outcome: str) -> catalogi.ResultaattypeRecord:
    """Return the resultaattype of the zaaktype that says this outcome. Raises ``CaseworkError`` when it has none."""
    by_name = {resultaattype.omschrijving: resultaattype for resultaattype in zaaktype.resultaattypen}
    for name in _RESULTS[outcome]:
        if name in by_name:
            return by_name[name]
    raise CaseworkError("Dit zaaktype heeft geen resultaat dat hierbij past.")


@transaction.atomic
def propose(zaak_uuid: UUID, *, outcome: str, reasons: str, reasons_en: str = "", by: Actor) -> UUID:
    """Lay a proposal before a second person: outcome, reasons, and the letter as it would go out.

    ``reasons_en`` are the reasons in English, for an applicant who used English; optional, the Dutch letter decides. Rests on the latest assessment of the zaak, if there is one. Raises ``ReasonsMissing``, ``ReasonsTooLong``, ``ProposalExists``,
    ``NotAllowed``, ``ZaakIsClosed``.
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    if by.kind != "staff" or by.pk is None:
        raise NotAllowed
    if outcome not in Proposal.Outcome.values:
        raise CaseworkError("Kies wat u voorstelt.")
    if not reasons.strip():
        raise ReasonsMissing
    if max(len(reasons), len(reasons_en)) > LONGEST_REASONS:
        raise ReasonsTooLong
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id)
    resultaattype_for(zaaktype, outcome)
    latest = next(iter(schemes.assessments_of(zaak.uuid)), None)
    item = item_for_change(zaak.id)
    facts = established_facts(zaak.id).values()
    if latest is not None and any(fact.established_at > latest.assessed_at for fact in facts):
        raise FactsAreNewer
    to = addressee_of(zaak.uuid)
    letter = _letter(zaak, zaaktype, to, outcome, (reasons, reasons_en), latest)
    # Where somebody else in this zaak lives is not in it, whatever was typed; where the letter goes to is.
    hidden = zaken.hidden_in([zaak.uuid], seen_by=to.actor)
    letter = access.masks.everywhere(letter, hidden) | {"to": letter["to"]}
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                zaak_id=zaak.id,
                state=State.AWAITING,
                outcome=outcome,
                reasons=reasons.strip(),
                assessment=latest.uuid if latest else None,
                letter=letter,
                prepared_by_id=by.pk,
                prepared_at=now(),
            )
    except IntegrityError:
        raise ProposalExists from None
    item.awaits_approval, item.changed_at = True, now()
    item.save(update_fields=["awaits_approval", "changed_at"])
    _note(proposal, zaak, "besluit voorgesteld", by=by)
    return proposal.uuid


def _letter(
    zaak: zaken.ZaakRecord,
    zaaktype: catalogi.ZaaktypeRecord,
    to: Addressee,
    outcome: str,
    reasons: tuple[str, str],
    assessment: schemes.AssessmentRecord | None,
) -> dict[str, Any]:
    advice: dict[str, Any] = assessment.outcome if assessment else {}
    refused = outcome == "afwijzen"
    loan_cents, loan_terms = (0, []) if refused else letters.loan_of(advice)
    return letters.compose(
        letters.LetterFacts(
            town=settings.TOWN_NAME,
            address=settings.TOWN_ADDRESS,
            phone=settings.TOWN_PHONE,
            authority=AUTHORITY.format(town=settings.TOWN_NAME),
            to=to.lines,
            addressee=to.name,
            reference=zaak.identificatie,
            scheme=zaaktype.omschrijving,
            received=zaak.startdatum,
            outcome=outcome,
            reasons=reasons[0],
            grounds=letters.grounds_of(advice, refused=refused),
            amounts=[] if refused else letters.amounts_of(advice),
            loan_cents=loan_cents,
            loan_terms=loan_terms,
            signer=AUTHORITY.format(town=settings.TOWN_NAME).capitalize(),
            language=to.language,
            reasons_en=reasons[1],
            grounds_en=letters.grounds_of(advice, refused=refused, language="en"),
            loan_terms_en=letters.loan_terms_en(advice) if loan_cents else [],
            on_bezwaar=_is_bezwaar(zaak),
            objection_url=_objection_url(),
            court=settings.COURT_NAME,
            court_address=settings.COURT_ADDRESS,
            court_url=settings.COURT_URL,
        )
    )


def _objection_url() -> str:
    """Return where a resident objects online, '' when that form is not offered."""
    try:
        slug = forms.definition("bezwaar").slug
    except forms.FormUnknown:
        return ""
    return f"{settings.PUBLIC_URL}/aanvragen/{slug}/"


def _is_bezwaar(zaak: zaken.ZaakRecord) -> bool:
    """Return whether this zaak is itself a bezwaar: its term is that of Awb 7:10."""
    clock = clock_of(zaak.id)
    return clock is not None and clock.term.regime == "awb-7-10"


def _locked(proposal_uuid: UUID, *states: str) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(uuid=proposal_uuid).first()
    if proposal is None:
        raise ProposalNotFound
    if proposal.state not in states:
        raise ProposalInOtherState
    return proposal


def _zaak_of(proposal_uuid: UUID, action: str, *, by: Actor) -> zaken.ZaakRecord:
    zaak_uuid = Proposal.objects.filter(uuid=proposal_uuid).values_list("zaak__uuid", flat=True).first()
    if zaak_uuid is None:
        raise ProposalNotFound
    return zaak_for(zaak_uuid, action, by=by)


@transaction.atomic
def approve(proposal_uuid: UUID, *, remark: str = "", by: Actor) -> None:
    """Approve a colleague's proposal. Raises ``OwnProposal``, ``ProposalInOtherState``, ``NotAllowed``.

    Source: four eyes, BIO2 5.03 (separation of duties).
    """
    zaak = _zaak_of(proposal_uuid, "zaak.besluiten", by=by)
    proposal = _locked(proposal_uuid, State.AWAITING)
    if proposal.prepared_by_id == by.pk:
        raise OwnProposal
    proposal.state, proposal.decided_by_id, proposal.decided_at, proposal.remark = State.APPROVED, by.pk, now(), remark
    proposal.letter = {**proposal.letter, "signer": by.label, "function": "namens het college"}
    proposal.save()
    _awaits_nobody(zaak)
    advance(zaak, 3, by=by)
    _note(proposal, zaak, "besluit goedgekeurd", by=by, before=State.AWAITING, reason=remark)


@transaction.atomic
def return_proposal(proposal_uuid: UUID, *, remark: str, by: Actor) -> None:
    """Give a proposal back to the handler, with what must change. Raises ``RemarkMissing`` and as ``approve``."""
    zaak = _zaak_of(proposal_uuid, "zaak.besluiten", by=by)
    proposal = _locked(proposal_uuid, State.AWAITING)
    if proposal.prepared_by_id == by.pk:
        raise OwnProposal
    if not remark.strip():
        raise RemarkMissing
    proposal.state, proposal.decided_by_id, proposal.decided_at = State.RETURNED, by.pk, now()
    proposal.remark = remark.strip()
    proposal.save()
    _awaits_nobody(zaak)
    _note(proposal, zaak, "voorstel teruggegeven", by=by, before=State.AWAITING, reason=proposal.remark)


@transaction.atomic
def withdraw_proposal(proposal_uuid: UUID, *, by: Actor) -> None:
    """Take one's own proposal back before anyone decided on it.

    Raises ``ProposalOfAnother``, ``ProposalInOtherState``, ``NotAllowed``.
    """
    zaak = _zaak_of(proposal_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    proposal = _locked(proposal_uuid, State.AWAITING)
    if proposal.prepared_by_id != by.pk:
        raise ProposalOfAnother
    proposal.state, proposal.decided_at, proposal.remark = State.RETURNED, now(), "Ingetrokken door de behandelaar."
    proposal.save()
    _awaits_nobody(zaak)
    _note(proposal, zaak, "voorstel ingetrokken", by=by, before=State.AWAITING)


def _awaits_nobody(zaak: zaken.ZaakRecord) -> None:
    item = item_for_change(zaak.id)
    item.awaits_approval, item.changed_at = False, now()
    item.save(update_fields=["awaits_approval", "changed_at"])


def _note(
    proposal: Proposal, zaak: zaken.ZaakRecord, action: str, *, by: Actor, before: str = "", reason: str = ""
) -> None:
    """Write the line of the trail; ``before`` is the state it had."""
    audit.record(
        action,
        about=zaak.uuid,
        kind="zaak",
        resource="voorstel",
        resource_id=proposal.uuid,
        by=by,
        before={"uitkomst": proposal.outcome, "stand": before} if before else None,
        after={"uitkomst": proposal.outcome, "stand": proposal.state},
        reason=reason,
    )


def send(proposal_uuid: UUID, *, by: Actor, letter_file: UUID | None = None) -> None:
    """Send the approved decision: letter, besluit, resultaat, end status and message in one transaction.

    The letter is made before it (a PDF takes a moment), from what was approved and today's date; ``letter_file`` is that
    letter when it was made already (``dated``), together with others. Raises
    ``LetterIncomplete``, ``ProposalInOtherState``, ``NotAllowed``, ``kit.pdf.PdfError``. Source: Awb 3:41, 3:45, 3:46.
    """
    zaak = _zaak_of(proposal_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    proposal = Proposal.objects.get(uuid=proposal_uuid)
    if proposal.state != State.APPROVED:
        raise ProposalInOtherState
    day = today()
    until = bezwaar_deadline(day).date
    owed = penalty_of(zaak.id, announced=day)
    letter = letters.dated(proposal.letter, sent_on=day, last_day_for_bezwaar=until, owed=owed)
    if letter_file is None:
        content = pdf.render("letter", letter, title=str(letter["subject"]))
        letter_file = files.receive([content], max_bytes=LARGEST_LETTER, media_type="application/pdf").uuid
    try:
        _send(zaak, proposal_uuid, letter_file, letter, by=by)
    except BaseException:
        files.discard(letter_file)
        raise


@transaction.atomic
def _send(zaak: zaken.ZaakRecord, proposal_uuid: UUID, file: UUID, letter: dict[str, Any], *, by: Actor) -> None:
    proposal = _locked(proposal_uuid, State.APPROVED)
    zaaktype = catalogi.zaaktype_by_id(zaak.zaaktype_id)
    day = today()
    kind = _document_type(zaaktype, ("Besluit", "Brief"))
    document = documenten.create_document(
        documenten.NewDocument(
            informatieobjecttype_id=kind.id,
            titel=str(letter["subject"]),
            auteur=settings.TOWN_NAME,
            bestandsnaam=f"besluit-{zaak.identificatie.lower()}.pdf",
            formaat="application/pdf",
            file=file,
            creatiedatum=day,
            tonen_aan_initiator=True,
        ),
        by=by,
    )
    zaken.link_document(zaak.id, document.id, titel=document.titel, by=by)
    proposal.document = document.uuid
    if zaaktype.besluittypen:
        besluit = besluiten.create_besluit(
            besluiten.NewBesluit(
                besluittype_id=zaaktype.besluittypen[0].id,
                zaak_id=zaak.id,
                datum=day,
                ingangsdatum=day,
                toelichting=proposal.reasons[:1000],
                verzenddatum=day,
                uiterlijke_reactiedatum=bezwaar_deadline(day).date,
            ),
            by=by,
        )
        besluiten.link_document(besluit.id, document.id, by=by)
        proposal.besluit = besluit.uuid
    decision_announced(zaak, day, by=by)
    zaken.set_resultaat(zaak.id, resultaattype_for(zaaktype, proposal.outcome).id, by=by)
    zaken.add_status(zaak.id, _end_of(zaaktype).id, by=by)
    to = addressee_of(zaak.uuid)
    if to.actor is not None:
        messages.publish(
            zaak_uuid=zaak.uuid,
            zaak_identificatie=zaak.identificatie,
            to=to.actor,
            subject=str(letter["subject"]),
            document_uuid=document.uuid,
            kind="besluit",
            mail_to=to.mail,
            language=to.language,
        )
    proposal.state, proposal.sent_at, proposal.letter = State.SENT, now(), letter
    proposal.save()
    _note(proposal, zaak, "besluit verzonden", by=by, before=State.APPROVED)


def _document_type(zaaktype: catalogi.ZaaktypeRecord, names: Sequence[str]) -> catalogi.InformatieobjecttypeRecord:
    by_name = {kind.omschrijving: kind for kind in zaaktype.informatieobjecttypen}
    for name in names:
        if name in by_name:
            return by_name[name]
    raise CaseworkError("Dit zaaktype heeft geen documenttype voor een besluit of brief.")


def _end_of(zaaktype: catalogi.ZaaktypeRecord) -> catalogi.StatustypeRecord:
    return next(statustype for statustype in zaaktype.statustypen if statustype.is_eindstatus)
