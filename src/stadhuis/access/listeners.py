"""What access does when people come and go, in the same transaction."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from stadhuis.access import actions
from stadhuis.access.errors import MembershipConflict
from stadhuis.access.models import Membership, Role
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM

BY_GROUP = replace(SYSTEM, key="system:groups")
"""Who gives and ends the roles that follow from groups at the log-in provider; what a person gave is left alone."""


@people.STAFF_LEFT.listener
def end_the_roles_of_who_left(fact: people.StaffLeft) -> None:
    """End every role on the leaving date; what they had before stays known."""
    current = Membership.objects.filter(medewerker_id=fact.medewerker_id, recorded_to__isnull=True).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=fact.leaving_date)
    )
    for membership_id in current.order_by("pk").values_list("pk", flat=True):
        actions.end_role(membership_id, fact.leaving_date, by=SYSTEM)


@people.GROUPS_SEEN.listener
def follow_the_groups(fact: people.GroupsSeen) -> None:
    """Give the roles that the groups give and end those they no longer give.

    A privileged role is never given here: that takes a second person (BIO2 8.02). One that somebody gave by hand stays.
    """
    day = today()
    held = {
        (row.role.code, row.unit_id): row
        for row in Membership.objects.select_related("role")
        .filter(medewerker_id=fact.medewerker_id, recorded_to__isnull=True, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    }
    for key, row in held.items():
        if row.recorded_by == BY_GROUP.key and (key not in fact.roles or row.role.is_privileged):
            actions.end_role(row.pk, day, by=BY_GROUP)
    ordinary = set(Role.objects.filter(is_privileged=False).values_list("code", flat=True))
    for code, unit_id in sorted(fact.roles - held.keys()):
        if code in ordinary:
            _give(fact.medewerker_id, code, unit_id)


def _give(medewerker_id: int, code: str, unit_id: int) -> None:
    try:
        actions.give_role(medewerker_id, code, unit_id, by=BY_GROUP)
    except MembershipConflict:
        # Somebody gave it by hand for later: theirs stands.
        return
