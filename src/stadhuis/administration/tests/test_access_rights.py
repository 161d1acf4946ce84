"""Giving and correcting rights: what one administrator does alone, what takes two, and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from stadhuis.access import public as access
from stadhuis.access.models import Membership, Request, Role
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Actor:
    return given_staff(access.GrantData("beheer.toegang"), username="ada")


@pytest.fixture
def bo() -> Actor:
    return given_staff(access.GrantData("beheer.toegang"), username="bo")


@pytest.fixture
def cas() -> Actor:
    return given_staff(access.GrantData("zaak.lezen"), username="cas")


def unit() -> int:
    return people.units()[0].id


def pk(actor: Actor) -> int:
    assert actor.pk is not None
    return actor.pk


def test_an_ordinary_role_is_given_at_once_and_a_privileged_one_only_after_a_second_administrator(
    ada: Actor, bo: Actor, cas: Actor
) -> None:
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen")])
    assert access.ask_role(pk(cas), "lezer", unit(), today(), None, reason="Nodig", by=ada) is None
    asked = access.ask_role(pk(cas), "rol-bo", unit(), today(), None, reason="Vervangt Bo", by=ada)
    assert asked is not None
    assert access.administration_of(cas) == frozenset()
    with pytest.raises(access.OwnRequest):
        access.decide_request(asked, approve=True, by=ada)
    with pytest.raises(access.OwnRequest):
        access.decide_request(asked, approve=True, by=cas)
    access.decide_request(asked, approve=True, by=bo)
    assert access.administration_of(cas) == {"beheer.toegang"}
    [row] = Membership.objects.filter(medewerker_id=pk(cas), role__code="rol-bo")
    assert (row.given_by, row.approved_by) == ("staff:ada", "staff:bo")
    with pytest.raises(access.RequestDecided):
        access.decide_request(asked, approve=False, by=bo)


def test_nobody_gives_a_role_to_themselves_alone(ada: Actor, bo: Actor) -> None:
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen")])
    asked = access.ask_role(pk(ada), "lezer", unit(), today(), None, reason="Nodig", by=ada)
    assert asked is not None
    with pytest.raises(access.OwnRequest):
        access.decide_request(asked, approve=True, by=ada)
    access.decide_request(asked, approve=False, by=bo)
    assert not Membership.objects.filter(medewerker_id=pk(ada), role__code="lezer").exists()


def test_the_database_itself_refuses_a_privileged_role_without_a_second_person(
    ada: Actor, bo: Actor, cas: Actor
) -> None:
    role = Role.objects.get(code="rol-bo")
    for approved_by in ("", "staff:ada", "staff:cas"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                medewerker_id=pk(cas), role=role, unit_id=unit(), valid_from=today(), recorded_from=now(),
                recorded_by="staff:ada", given_by="staff:ada", approved_by=approved_by,
            )  # fmt: skip
    asked = access.ask_role(pk(cas), "rol-bo", unit(), today(), None, reason="Nodig", by=ada)
    for decider in (ada, cas):
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(uuid=asked).update(state="approved", decided_by_id=pk(decider), decided_at=now())  # type: ignore[misc]


def test_a_right_that_makes_a_role_privileged_or_that_one_gets_oneself_takes_two(ada: Actor, bo: Actor) -> None:
    access.create_role("lezer", "Lezer", [access.GrantData("zaak.lezen", "*", 3)])
    assert access.ask_grant("lezer", "document.lezen", "*", 3, reason="Nodig", by=ada) is None
    asked = access.ask_grant("lezer", "beheer.mensen", "*", 8, reason="Nodig", by=ada)
    assert asked is not None
    assert not Role.objects.get(code="lezer").is_privileged
    access.decide_request(asked, approve=True, by=bo)
    assert Role.objects.get(code="lezer").is_privileged
    access.create_role("van-ada", "Van Ada", [access.GrantData("zaak.lezen", "*", 3)])
    access.give_role(pk(ada), "van-ada", unit())
    assert access.ask_grant("van-ada", "zaak.lezen", "*", 8, reason="Nodig", by=ada) is not None


@pytest.mark.parametrize(
    ("action", "level", "reason"),
    [("zaak.stelen", 3, "x"), ("zaak.lezen", 0, "x"), ("zaak.lezen", 9, "x"), ("zaak.lezen", 3, " ")],
)
def test_what_is_no_right_is_refused(ada: Actor, action: str, level: int, reason: str) -> None:
    access.create_role("lezer", "Lezer")
    with pytest.raises(access.RightIncomplete):
        access.ask_grant("lezer", action, "*", level, reason=reason, by=ada)


def test_what_does_not_exist_is_given_to_nobody(ada: Actor, cas: Actor) -> None:
    access.create_role("lezer", "Lezer")
    for medewerker, role, team in ((0, "lezer", unit()), (pk(cas), "geen", unit()), (pk(cas), "lezer", 0)):
        with pytest.raises(access.NotFound):
            access.ask_role(medewerker, role, team, today(), None, reason="x", by=ada)
    with pytest.raises(access.RightIncomplete):
        access.ask_role(pk(cas), "lezer", unit(), today(), today(), reason="x", by=ada)
    with pytest.raises(access.NotFound):
        access.decide_request(uuid4(), approve=True, by=ada)
    with pytest.raises(access.NotFound):
        access.declare_conflict(uuid4(), reason="x", by=SYSTEM)


def test_a_correction_keeps_what_was_thought_and_a_privileged_role_only_gets_shorter(
    ada: Actor, bo: Actor, cas: Actor
) -> None:
    [row] = access.memberships(medewerker_id=pk(cas))
    access.correct_role(row.id, date(2021, 1, 1), date(2030, 1, 1), by=ada)
    assert len(access.memberships(medewerker_id=pk(cas), history=True)) == 2
    with pytest.raises(access.NotFound):
        access.correct_role(row.id, date(2021, 1, 1), None, by=ada)
    [of_bo] = access.memberships(medewerker_id=pk(bo))
    access.correct_role(of_bo.id, of_bo.valid_from, today() + timedelta(days=9), by=ada)
    [shorter] = access.memberships(medewerker_id=pk(bo))
    with pytest.raises(access.TakesSecondPerson):
        access.correct_role(shorter.id, shorter.valid_from, None, by=ada)


def test_a_right_that_was_taken_away_is_gone_today_and_known_for_yesterday(ada: Actor, cas: Actor) -> None:
    [right] = access.rights_of(medewerker_id=pk(cas))
    access.end_grant(right.id, by=ada)
    assert access.rights_of(medewerker_id=pk(cas)) == []
    assert [one.action for one in access.rights_of(medewerker_id=pk(cas), on=today() - timedelta(days=1))] == [
        "zaak.lezen"
    ]
    with pytest.raises(access.NotFound):
        access.end_grant(right.id, by=ada)
