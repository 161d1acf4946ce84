"""A bezwaar comes in through the form: what it is against, and from when its terms run.

Nothing here refuses one that is late: whether that is excused is for a person to weigh. Source: Awb 6:7-6:11, 7:10.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from stadhuis.audit import public as audit
from stadhuis.casework.actions.clock import objection_in_time, record_event_of_intake, term_of
from stadhuis.casework.models import Proposal
from stadhuis.catalogi import public as catalogi
from stadhuis.forms import public as forms
from stadhuis.kit.time import local
from stadhuis.law import public as law
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken

NUMBER, DAY = "bestredenZaaknummer", "bestredenDatum"
"""Keys of the form ``bezwaar``."""


def is_about_objections(zaaktype_id: int) -> bool:
    """Return whether zaken of a zaaktype are decided within the term for a bezwaar. Source: Awb 7:10."""
    return term_of(catalogi.zaaktype_by_id(zaaktype_id)).regime == "awb-7-10"


@transaction.atomic
def take_in_objection(zaak_id: int, zaak_uuid: UUID) -> None:
    """Link a bezwaar that was just handed in to what it is against, and count its terms from the day of that decision.

    The decision of ours in the zaak that is named, if that is the objector's own, knows its day better than the objector; else
    the day counts that was filled in. Does nothing for a zaak without a form.
    """
    zaak = zaken.zaak_by_id(zaak_id)
    submission = forms.submission(zaak_uuid)
    if submission is None:
        return
    objected = _objected(str(submission.answers.get(NUMBER) or ""), submission)
    decision = None
    if objected is not None and objected.id != zaak.id:
        zaken.relate_zaak(zaak.id, objected.id, by=SYSTEM)
        sent = Proposal.objects.filter(zaak_id=objected.id, state=Proposal.State.SENT)
        decision = sent.order_by("-sent_at").values_list("sent_at", "besluit").first()
    announced = local(decision[0]).date() if decision and decision[0] else _day(submission.answers.get(DAY))
    if announced is None or announced > zaak.startdatum:
        return
    found = objection_in_time(announced, zaak.startdatum)
    audit.record(
        "bezwaar ingekomen", about=zaak.uuid, kind="zaak", resource="zaak", resource_id=zaak.uuid, by=SYSTEM,
        after={
            "bestredenBesluit": str(decision[1]) if decision and decision[1] else "",
            "bekendgemaakt": announced.isoformat(),
            "laatsteDag": found.deadline.date.isoformat(),
            "opTijd": found.is_in_time,
        },
    )  # fmt: skip
    record_event_of_intake(zaak, law.EventKind.OBJECTED_TO, on=announced)


def _objected(number: str, submission: forms.SubmissionRecord) -> zaken.ZaakRecord | None:
    if not number.strip():
        return None
    person, company = submission.person_id, submission.company_id
    if person is not None:
        owner = Actor(kind="resident", pk=person, key=f"person:{people.person_uuid(person)}", label="")
    else:
        owner = Actor(kind="company", pk=company, key="", label="")
    rows = zaken.find(number=number, seen_by=owner)
    return zaken.zaak_by_id(rows[0].id) if len(rows) == 1 else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
