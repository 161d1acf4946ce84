"""Roles that follow from groups at the log-in provider, as single sign-on gives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from stadhuis.access import public as access
from stadhuis.access.models import Membership, Role
from stadhuis.kit.time import clock_set_to, now, today
from stadhuis.people import public as people
from stadhuis.people.actions.single_sign_on import who_signed_on
from stadhuis.people.models import Medewerker
from stadhuis.people.staff_oidc import StaffProof
from stadhuis.people.tests.given import given_medewerker

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[access.RightsChanged]]:
    """What the trail is told."""
    found: list[access.RightsChanged] = []
    access.RIGHTS_CHANGED.listener(found.append)
    yield found
    access.RIGHTS_CHANGED._listeners.remove(found.append)


def sign_on(*groups: str) -> None:
    """What happens once the provider has proved who it is."""
    who_signed_on(StaffProof("https://idp.example", "sub-anna", "anna@oeverveen.example", groups, is_strong=True))


def given_role(code: str, *, group: str = "", is_privileged: bool = False) -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    access.create_role(code, code, [access.GrantData("zaak.lezen")], is_privileged=is_privileged)
    people.map_group(group or f"sg-{code}", code, unit, by=people.SYSTEM)
    return unit


def given_administrator() -> people.Actor:
    ada = given_medewerker("ada")
    Medewerker.objects.filter(pk=ada).update(email="ada@oeverveen.example")
    return people.medewerker(ada).actor()


def roles_of(medewerker: int) -> dict[str, bool]:
    return {role.code: role.is_by_group for role in access.roles_of(medewerker)}


def test_groups_give_roles_and_take_them_back_and_leave_what_was_given_by_hand() -> None:
    # given: mapped groups, and a role given by hand that a group would give as well
    anna = given_medewerker()
    for code in ("lezer", "behandelaar", "met-de-hand"):
        unit = given_role(code)
    access.give_role(anna, "met-de-hand", unit)
    # when, then
    sign_on("sg-lezer", "sg-behandelaar", "sg-onbekend")
    assert roles_of(anna) == {"lezer": True, "behandelaar": True, "met-de-hand": False}
    sign_on("sg-behandelaar")
    assert roles_of(anna) == {"behandelaar": True, "met-de-hand": False}
    sign_on("sg-lezer", "sg-met-de-hand")
    assert roles_of(anna) == {"lezer": True, "met-de-hand": False}
    sign_on()
    assert roles_of(anna) == {"met-de-hand": False}


def test_a_changed_mapping_counts_at_the_next_log_in() -> None:
    anna = given_medewerker()
    given_role("lezer", group="sg-a")
    sign_on("sg-a")
    [line] = people.group_roles()
    people.unmap_group(line.id, by=people.SYSTEM)
    assert roles_of(anna) == {"lezer": True}
    sign_on("sg-a")
    assert roles_of(anna) == {}


def test_a_privileged_role_that_a_group_gives_becomes_a_request_for_an_administrator(
    told: list[access.RightsChanged],
) -> None:
    # given
    anna, ada = given_medewerker(), given_administrator()
    given_role("beheer", is_privileged=True)
    # when signed on twice
    sign_on("sg-beheer")
    sign_on("sg-beheer")
    # then it waits once, gives nothing yet, and never by who gets it
    [asked] = access.requests()
    assert (asked.role, asked.medewerker_id, asked.requested_by, asked.state) == ("beheer", anna, None, "awaiting")
    assert roles_of(anna) == {}
    with pytest.raises(access.OwnRequest):
        access.decide_request(asked.uuid, approve=True, by=people.medewerker(anna).actor())
    # when approved
    access.decide_request(asked.uuid, approve=True, by=ada)
    # then it stays at every sign-on for as long as the group gives it
    sign_on("sg-beheer")
    assert roles_of(anna) == {"beheer": True}
    row = Membership.objects.get(medewerker_id=anna, recorded_to__isnull=True)
    assert (row.given_by, row.approved_by) == ("system:groups", "staff:ada")
    sign_on()
    assert roles_of(anna) == {}
    who = people.account(medewerker_id=anna).uuid
    assert [(fact.deed, fact.by.key) for fact in told if fact.about == who] == [
        ("rol gevraagd", "system:groups"), ("verzoek goedgekeurd", "staff:ada"), ("rol beëindigd", "system:groups"),
    ]  # fmt: skip


def test_a_request_of_a_group_lapses_with_the_group_and_is_not_asked_again_when_it_was_refused() -> None:
    anna, ada = given_medewerker(), given_administrator()
    given_role("beheer", is_privileged=True)
    sign_on("sg-beheer")
    sign_on()
    assert access.requests() == []
    sign_on("sg-beheer")
    [asked] = access.requests()
    access.decide_request(asked.uuid, approve=False, by=ada)
    sign_on("sg-beheer")
    assert [one.state for one in access.requests()] == ["refused"]
    assert roles_of(anna) == {}


def test_a_role_of_a_group_that_becomes_privileged_ends_and_is_asked_for_also_when_it_was_given_long_ago() -> None:
    anna = given_medewerker()
    given_role("gewoon")
    with clock_set_to(now() - timedelta(days=40)):
        sign_on("sg-gewoon")
    Role.objects.filter(code="gewoon").update(is_privileged=True)
    sign_on("sg-gewoon")
    assert roles_of(anna) == {}
    assert [one.state for one in access.requests()] == ["awaiting"]
    assert access.administration_of(people.medewerker(anna).actor()) == frozenset()


def test_the_database_lets_a_role_without_a_second_person_become_shorter_and_never_longer() -> None:
    # given: given by one person, and privileged only later
    anna, ada = given_medewerker(), given_administrator()
    unit = given_role("gewoon")
    day = today()
    membership = access.give_role(anna, "gewoon", unit, day - timedelta(days=9), day + timedelta(days=9), by=ada)
    Role.objects.filter(code="gewoon").update(is_privileged=True)
    access.correct_role(membership, day - timedelta(days=9), day, by=ada)
    row = Membership.objects.get(medewerker_id=anna, recorded_to__isnull=True)
    moment = now()
    Membership.objects.filter(pk=row.pk).update(recorded_to=moment)
    row.pk, row._state.adding = None, True
    row.valid_to, row.recorded_from, row.recorded_to = day + timedelta(days=1), moment, None
    with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
        row.save(force_insert=True)


def test_a_role_given_by_hand_for_later_is_not_overlapped() -> None:
    anna = given_medewerker()
    unit = given_role("lezer")
    access.give_role(anna, "lezer", unit, today().replace(year=today().year + 1))
    sign_on("sg-lezer")
    assert roles_of(anna) == {"lezer": False}


def test_a_group_of_the_organisation_gives_a_guest_nothing() -> None:
    sponsor, anna = given_medewerker("bert"), given_medewerker()
    Medewerker.objects.filter(username="bert").update(email="bert@oeverveen.example")
    Medewerker.objects.filter(pk=anna).update(
        is_guest=True, sponsor_id=sponsor, purpose="Project", leaving_date="2099-01-01"
    )
    given_role("lezer")
    sign_on("sg-lezer")
    assert roles_of(anna) == {}
