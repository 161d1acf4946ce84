"""Assessments that are kept."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.schemes import public as schemes
from stadhuis.schemes.models import Assessment as Row
from stadhuis.schemes.tests.given import given_inputs, with_loan

pytestmark = pytest.mark.django_db


def given_recorded(zaak: uuid.UUID, *, hour: int = 9, profit: int = 0) -> schemes.AssessmentRecord:
    return schemes.record_assessment(
        zaak_uuid=zaak,
        assessment=schemes.assess(given_inputs(winst_cent=profit)),
        by="staff:j.dijkstra",
        assessed_at=datetime(2021, 5, 18, hour, tzinfo=UTC),
    )


def test_an_assessment_is_kept_with_its_version_and_inputs_and_computes_the_same_again() -> None:
    # given
    zaak = uuid.uuid4()
    assessment = schemes.assess(with_loan(vraagt_levensonderhoud=True))
    # when
    schemes.record_assessment(zaak_uuid=zaak, assessment=assessment, by="system")
    # then
    [kept] = schemes.assessments_of(zaak)
    assert (kept.scheme, kept.rule_version, kept.advice) == ("tozo", "tozo-4.1", "toekennen")
    assert kept.assessed_by == "system"
    assert schemes.replay(kept.as_stored()) == assessment
    assert schemes.replay(kept.as_stored()).outcome() == kept.outcome


def test_the_latest_assessment_comes_first_and_other_cases_stay_out() -> None:
    # given
    zaak = uuid.uuid4()
    first, second = given_recorded(zaak, hour=9), given_recorded(zaak, hour=10, profit=100_000)
    given_recorded(uuid.uuid4(), hour=11)
    # when
    with CaptureQueriesContext(connection) as queries:
        found = schemes.assessments_of(zaak)
    # then
    assert found == [second, first]
    assert len(queries) == 1


def test_an_assessment_can_never_be_changed() -> None:
    # given
    record = given_recorded(uuid.uuid4())
    # then
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Row.objects.filter(uuid=record.uuid).update(assessed_by="staff:someone.else")
    assert schemes.assessments_of(record.zaak_uuid) == [record]


def test_an_assessment_without_an_author_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        schemes.record_assessment(zaak_uuid=uuid.uuid4(), assessment=schemes.assess(given_inputs()), by="")


def test_the_assessments_of_a_destroyed_case_are_gone() -> None:
    # given
    zaak, other = uuid.uuid4(), uuid.uuid4()
    given_recorded(zaak)
    given_recorded(zaak, hour=10)
    kept = given_recorded(other)
    # when
    assert schemes.destroy_assessments(zaak) == 2
    # then
    assert schemes.assessments_of(zaak) == []
    assert schemes.assessments_of(other) == [kept]
