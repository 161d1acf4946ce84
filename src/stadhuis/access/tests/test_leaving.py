"""Roles of who left end on the day, and what was known before stays known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stadhuis.access import public as access
from stadhuis.access.models import Membership
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.tests.given import given_medewerker

pytestmark = pytest.mark.django_db


def test_when_somebody_leaves_then_every_role_ends_also_one_that_was_still_to_begin() -> None:
    # given
    anna = given_medewerker()
    unit = people.create_unit("team", "Team")
    access.create_role("nu", "Nu", [access.GrantData("beheer.mensen")])
    access.give_role(anna, "nu", unit, today() - timedelta(days=300))
    access.create_role("later", "Later", [access.GrantData("zaak.lezen")])
    access.give_role(anna, "later", unit, today() + timedelta(days=30))
    # when
    people.set_leaving_date(anna, today(), by=people.SYSTEM)
    # then
    assert access.roles_of(anna) == []
    current = Membership.objects.filter(medewerker_id=anna, recorded_to__isnull=True)
    assert [row.valid_to for row in current] == [today()]
    assert Membership.objects.filter(medewerker_id=anna).count() == 3
    # and coming back gives nothing back by itself
    people.set_leaving_date(anna, None, by=people.SYSTEM)
    assert access.administration_of(people.medewerker(anna).actor()) == frozenset()
