"""When a unit goes up in another one, rights go along; what they were stays known in both times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from stadhuis.access import public as access
from stadhuis.access.models import Membership, Request, Role
from stadhuis.access.rules import days_without
from stadhuis.kit.time import clock_set_to, now, today
from stadhuis.people import public as people
from stadhuis.people.models import Medewerker
from stadhuis.people.tests.given import given_medewerker

D = [date(2026, 1, day) for day in range(1, 9)]


@pytest.mark.parametrize(
    ("first", "end", "others", "left"),
    [
        (D[0], None, [], [(D[0], None)]),
        (D[0], D[4], [], [(D[0], D[4])]),
        (D[0], None, [(D[2], D[4])], [(D[0], D[2]), (D[4], None)]),
        (D[2], D[6], [(D[0], D[3]), (D[5], None)], [(D[3], D[5])]),
        (D[2], D[6], [(D[0], None)], []),
        (D[2], D[6], [(D[2], D[6])], []),
        (D[2], D[4], [(D[0], D[2]), (D[4], D[6])], [(D[2], D[4])]),
        (D[2], D[4], [(D[6], None)], [(D[2], D[4])]),
        (D[1], None, [(D[5], D[6]), (D[0], D[2])], [(D[2], D[5]), (D[6], None)]),
    ],
)
def test_what_is_left_of_a_period(
    first: date, end: date | None, others: list[tuple[date, date | None]], left: list[tuple[date, date | None]]
) -> None:
    assert days_without(first, end, others) == left


pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[access.RightsChanged]]:
    """What the trail is told."""
    found: list[access.RightsChanged] = []
    access.RIGHTS_CHANGED.listener(found.append)
    yield found
    access.RIGHTS_CHANGED._listeners.remove(found.append)


def given_units() -> tuple[int, int]:
    return people.create_unit("inkomen", "Werk en inkomen"), people.create_unit("sociaal", "Sociaal domein")


def periods(medewerker: int, unit: int) -> list[tuple[date, date | None]]:
    rows = Membership.objects.filter(medewerker_id=medewerker, unit_id=unit, recorded_to__isnull=True)
    return list(rows.order_by("valid_from").values_list("valid_from", "valid_to"))


def test_when_a_unit_merges_then_its_people_keep_their_roles_in_the_other_one_and_the_past_stays_known(
    told: list[access.RightsChanged],
) -> None:
    # given: a role since long, one that ended, one for later, and one that the other unit gives already
    anna, (old, new) = given_medewerker(), given_units()
    day, long_ago = today(), today() - timedelta(days=400)
    for code in ("lezer", "oud", "later", "dubbel"):
        access.create_role(code, code, [access.GrantData("zaak.lezen")])
    access.give_role(anna, "lezer", old, long_ago)
    access.give_role(anna, "oud", old, long_ago, day - timedelta(days=9))
    access.give_role(anna, "later", old, day + timedelta(days=9))
    access.give_role(anna, "dubbel", old, long_ago)
    access.give_role(anna, "dubbel", new, day + timedelta(days=3), day + timedelta(days=5))
    before = now()
    # when
    people.merge_units(old, new, on=day, by=people.SYSTEM)
    # then
    assert {(role.code, role.unit_id, role.valid_from) for role in access.roles_of(anna)} == {
        ("lezer", new, day), ("later", new, day + timedelta(days=9)), ("dubbel", new, day),
        ("dubbel", new, day + timedelta(days=3)), ("dubbel", new, day + timedelta(days=5)),
    }  # fmt: skip
    assert periods(anna, old) == [(long_ago, day - timedelta(days=9)), (long_ago, day), (long_ago, day)]
    # and as it was known before, in the words of the predicate's own tables
    known = Membership.objects.filter(medewerker_id=anna, recorded_from__lte=before, unit_id=old)
    assert known.filter(recorded_to__gt=before, valid_to__isnull=True).count() == 3
    # and once more is nothing more
    people.settle_units()
    assert Membership.objects.filter(medewerker_id=anna, recorded_to__isnull=True).count() == 8
    moved = [fact for fact in told if fact.deed == "rol verhuisd"]
    assert [(fact.before or {})["eenheid"] for fact in moved] == ["inkomen"] * 3
    assert {(fact.after or {})["eenheid"] for fact in moved} == {"sociaal"}


def test_when_a_unit_merges_then_a_privileged_role_needs_no_second_approval_and_groups_and_requests_go_along() -> None:
    # given: approved by two, privileged only after it was given, given by a group, and asked for
    anna, (old, new) = given_medewerker(), given_units()
    ada, bo = (people.medewerker(given_medewerker(name)).actor() for name in ("ada", "bo"))
    access.create_role("beheer", "Beheer", [access.GrantData("beheer.toegang")])
    access.create_role("gewoon", "Gewoon", [access.GrantData("zaak.lezen")])
    asked = access.ask_role(anna, "beheer", old, today(), None, reason="Nodig", by=ada)
    assert asked is not None
    access.decide_request(asked, approve=True, by=bo)
    access.give_role(anna, "gewoon", old, today() - timedelta(days=9), by=ada)
    Role.objects.filter(code="gewoon").update(is_privileged=True)
    waiting = access.ask_role(bo.pk or 0, "beheer", old, today(), None, reason="Nodig", by=ada)
    assert waiting is not None
    people.map_group("sg-lezer", "gewoon", old, by=people.SYSTEM)
    people.map_group("sg-dubbel", "gewoon", old, by=people.SYSTEM)
    people.map_group("sg-dubbel", "gewoon", new, by=people.SYSTEM)
    # when
    people.merge_units(old, new, on=today(), by=people.SYSTEM)
    # then
    held = Membership.objects.filter(medewerker_id=anna, recorded_to__isnull=True, unit_id=new)
    assert set(held.values_list("role__code", "given_by", "approved_by")) == {
        ("beheer", "staff:ada", "staff:bo"),
        ("gewoon", "staff:ada", ""),
    }
    assert Request.objects.get(uuid=waiting).unit_id == new
    assert [(line.group, line.unit_id) for line in people.group_roles()] == [("sg-dubbel", new), ("sg-lezer", new)]


def test_a_merger_in_the_future_moves_rights_when_its_day_has_come() -> None:
    anna, (old, new) = given_medewerker(), given_units()
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen")])
    access.give_role(anna, "lezer", old)
    day = today() + timedelta(days=3)
    people.merge_units(old, new, on=day, by=people.SYSTEM)
    assert [role.unit_id for role in access.roles_of(anna)] == [old]
    with clock_set_to(now() + timedelta(days=3)):
        people.settle_units()
        assert [role.unit_id for role in access.roles_of(anna)] == [new]
    assert Medewerker.objects.get(pk=anna).unit_id == new
