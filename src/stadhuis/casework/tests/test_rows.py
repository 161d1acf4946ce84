"""Rows that are read by a statement written once are the rows that Django's ORM gives."""

from __future__ import annotations

import pytest
from django.forms import model_to_dict

from stadhuis.casework import public as casework
from stadhuis.casework.models import Proposal
from stadhuis.casework.tests.givens import given_application, given_proposal, given_town
from stadhuis.kit.rows import Rows

pytestmark = pytest.mark.django_db


def test_rows_with_what_is_beside_them_are_those_of_the_orm(settings: object) -> None:
    # given: a proposal that nobody decided on, and one that was approved
    settings.PRACTICE_DATE = "2021-05-17"  # type: ignore[attr-defined]
    town = given_town()
    zaak, other = given_application(town), given_application(town)
    approved = given_proposal(town, zaak)
    casework.return_proposal(approved.uuid, remark="Nog eens", by=town.decider)
    given_proposal(town, zaak)
    given_proposal(town, other)
    # when
    asked = Rows(Proposal, "prepared_by", "decided_by", order=("-prepared_at", "pk"))
    found = asked.of("zaak", zaak.id)
    # then: the same rows in the same order, with who is beside them or nobody
    expected = Proposal.objects.filter(zaak_id=zaak.id).select_related("prepared_by", "decided_by")
    expected = expected.order_by("-prepared_at", "pk")
    assert [model_to_dict(row) for row in found] == [model_to_dict(row) for row in expected]
    assert [(row.prepared_by, row.decided_by) for row in found] == [
        (row.prepared_by, row.decided_by) for row in expected
    ]
    assert {row.decided_by is None for row in found} == {True, False}
    assert [row.pk for row in asked.of("zaak", zaak.id, limit=1)] == [expected[0].pk]
    assert asked.of("zaak", 0) == []
    assert [one.uuid for one in casework.proposals_of(other.id)] == [
        row.uuid for row in Proposal.objects.filter(zaak_id=other.id)
    ]
