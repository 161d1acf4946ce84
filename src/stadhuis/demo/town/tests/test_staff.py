"""The staff of the demo town: enough of them to show what takes two people."""

from __future__ import annotations

import pytest

from stadhuis.access import public as access
from stadhuis.demo.town import staff

ROLES = {role.code: role for role in staff.ROLES}


def who_may(action: str) -> set[str]:
    return {one.username for one in staff.STAFF if any(action in ROLES[code].actions for code in one.roles)}


def test_there_are_twelve_and_everybody_has_a_role_of_the_town() -> None:
    assert len(staff.STAFF) == 12
    assert {code for one in (*staff.STAFF, staff.GUEST) for code in one.roles} <= set(ROLES)
    assert len({one.roles for one in staff.STAFF}) == 12


@pytest.mark.parametrize("action", sorted(access.ADMINISTRATION))
def test_every_area_of_administration_has_a_second_person(action: str) -> None:
    assert len(who_may(action)) >= 2


def test_emergency_access_opens_something_that_its_holder_may_not_read_otherwise() -> None:
    (username,) = who_may("zaak.noodtoegang")
    (holder,) = (one for one in staff.STAFF if one.username == username)
    grants = [grant for code in holder.roles for grant in ROLES[code].grants()]
    reads = {(ref, level) for action, ref, level in grants if action == "zaak.lezen"}
    assert (staff.EVERY, staff.VERTROUWELIJK) in {
        (ref, level) for action, ref, level in grants if action == "zaak.noodtoegang"
    }
    assert (staff.EVERY, staff.VERTROUWELIJK) not in reads
