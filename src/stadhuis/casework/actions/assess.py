"""Establishing facts and asking the rules for advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from stadhuis.audit import public as audit
from stadhuis.casework.errors import FactNotKnown, NothingToAssess, ProposalStandsFast
from stadhuis.casework.guard import item_for_change, standing_in, zaak_for
from stadhuis.casework.models import EstablishedFact, Proposal
from stadhuis.casework.reads import answers_that_count
from stadhuis.forms import public as forms
from stadhuis.kit.time import local, now
from stadhuis.people.public import Actor
from stadhuis.schemes import public as schemes

SCHEME = "tozo"
"""The form whose answers the rules of ``schemes`` can read."""


def counts_as_made_on(submission: forms.SubmissionRecord) -> date:
    """Return the application date: the day it was handed in, or in a practice environment the practice date."""
    if settings.PRACTICE_DATE:
        return date.fromisoformat(settings.PRACTICE_DATE)
    return local(submission.submitted_at).date()


def _submission(zaak_uuid: UUID) -> forms.SubmissionRecord:
    submission = forms.submission(zaak_uuid)
    if submission is None or submission.slug != SCHEME:
        raise NothingToAssess
    return submission


@transaction.atomic
def establish_fact(zaak_uuid: UUID, key: str, value: Any, *, source: str, by: Actor) -> None:
    """Let a fact that staff established take the place of what was stated, from now on; the statement stays readable.

    ``value`` has the form the question of the application yields. Raises ``FactNotKnown`` when there is no such question
    or the value does not fit it, ``ProposalStandsFast``, ``NothingToAssess``, ``NotAllowed``, ``ZaakIsClosed``.
    Source: Awb 3:2 (gathering the facts).
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    submission = _submission(zaak_uuid)
    if not source.strip():
        raise FactNotKnown("Schrijf waar dit gegeven vandaan komt.")
    kept = forms.read_answer(submission.definition, key, value)
    if kept.fault is not None:
        raise FactNotKnown(kept.fault)
    item_for_change(zaak.id)
    if Proposal.objects.filter(zaak_id=zaak.id).exclude(state=Proposal.State.RETURNED).exists():
        raise ProposalStandsFast
    before = answers_that_count(zaak.id, submission).get(key)
    EstablishedFact.objects.create(
        zaak_id=zaak.id,
        key=key,
        value=kept.value,
        source=source.strip()[:200],
        by=by.key,
        by_label=by.label[:200],
        established_at=now(),
    )
    audit.record(
        "gegeven vastgesteld",
        about=zaak.uuid,
        kind="zaak",
        resource="gegeven",
        resource_id=zaak.uuid,
        by=by,
        before={key: before},
        after={key: kept.value},
        reason=source[:200],
    )


@transaction.atomic
def assess(zaak_uuid: UUID, *, by: Actor) -> schemes.AssessmentRecord:
    """Ask the rules of the scheme for advice on the facts that count now, and keep the answer with its inputs.

    Raises ``NothingToAssess``, ``NotAllowed``, ``ZaakIsClosed``, and ``schemes.UnusableAnswers`` with what is missing.
    """
    zaak = zaak_for(zaak_uuid, "zaak.behandelen", by=by)
    by = standing_in(by, zaak)
    submission = _submission(zaak_uuid)
    answers: Mapping[str, Any] = answers_that_count(zaak.id, submission)
    inputs = schemes.inputs_from_application(answers, aanvraagdatum=counts_as_made_on(submission))
    earlier = next(iter(schemes.assessments_of(zaak.uuid)), None)
    made = schemes.record_assessment(zaak_uuid=zaak.uuid, assessment=schemes.assess(inputs), by=by.key)
    audit.record(
        "regels toegepast", about=zaak.uuid, kind="zaak", resource="beoordeling", resource_id=made.uuid, by=by,
        before={"beoordeling": earlier.uuid} if earlier else None,
        after={"beoordeling": made.uuid, "regelversie": made.rule_version},
    )  # fmt: skip
    return made
