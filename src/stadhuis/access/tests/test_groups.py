"""Roles that follow from groups at the log-in provider, as single sign-on gives them."""

from __future__ import annotations

import pytest

from stadhuis.access import public as access
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.actions.single_sign_on import who_signed_on
from stadhuis.people.models import Medewerker
from stadhuis.people.staff_oidc import StaffProof
from stadhuis.people.tests.given import given_medewerker

pytestmark = pytest.mark.django_db


def sign_on(*groups: str) -> None:
    """What happens once the provider has proved who it is."""
    who_signed_on(StaffProof("https://idp.example", "sub-anna", "anna@oeverveen.example", groups, is_strong=True))


def given_role(code: str, *, group: str = "", is_privileged: bool = False) -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    access.create_role(code, code, [access.GrantData("zaak.lezen")], is_privileged=is_privileged)
    people.map_group(group or f"sg-{code}", code, unit, by=people.SYSTEM)
    return unit


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


def test_a_privileged_role_is_never_given_by_a_group_and_ends_when_an_ordinary_one_becomes_privileged() -> None:
    anna = given_medewerker()
    given_role("beheer", is_privileged=True)
    given_role("gewoon")
    sign_on("sg-beheer", "sg-gewoon")
    assert roles_of(anna) == {"gewoon": True}
    from stadhuis.access.models import Role

    Role.objects.filter(code="gewoon").update(is_privileged=True)
    sign_on("sg-beheer", "sg-gewoon")
    assert roles_of(anna) == {}
    assert access.administration_of(people.medewerker(anna).actor()) == frozenset()


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
