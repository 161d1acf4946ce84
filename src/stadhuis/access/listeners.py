"""What access does when people come and go, in the same transaction."""

from __future__ import annotations

from django.db.models import Q

from stadhuis.access import actions, rights
from stadhuis.access.actions import BY_GROUP
from stadhuis.access.errors import MembershipConflict
from stadhuis.access.models import Membership, Role
from stadhuis.kit.time import today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM


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

    A privileged role is not given here but asked for: that takes a second person (BIO2 8.02). What somebody gave by hand
    stays, and so does a privileged role that was approved, for as long as the group gives it.
    """
    day = today()
    current = (
        Membership.objects.select_related("role")
        .filter(medewerker_id=fact.medewerker_id, recorded_to__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    )
    known = {(row.role.code, row.unit_id): row for row in current}
    held = {key: row for key, row in known.items() if row.valid_from <= day}
    for key, row in held.items():
        is_unapproved = row.role.is_privileged and not row.approved_by
        if row.recorded_by == BY_GROUP.key and (key not in fact.roles or is_unapproved):
            actions.end_role(row.pk, day, by=BY_GROUP)
            if is_unapproved:
                del known[key]
    rights.forget_requests_of_groups(fact.medewerker_id, fact.roles)
    roles = Role.objects.filter(ended_at__isnull=True).in_bulk([code for code, _ in fact.roles], field_name="code")
    for code, unit_id in sorted(fact.roles):
        role = roles.get(code)
        if role is not None and role.is_privileged and (code, unit_id) not in known:
            rights.ask_for_group(fact.medewerker_id, role, unit_id)
        elif role is not None and not role.is_privileged and (code, unit_id) not in held:
            _give(fact.medewerker_id, code, unit_id)


def _give(medewerker_id: int, code: str, unit_id: int) -> None:
    try:
        actions.give_role(medewerker_id, code, unit_id, by=BY_GROUP)
    except MembershipConflict:
        # Somebody gave it by hand for later: theirs stands.
        return


@people.UNIT_MERGED.listener
def move_the_roles_of_a_merged_unit(fact: people.UnitMerged) -> None:
    """Let whoever had a role in a unit have it in the unit in which it went up, and what was granted for it hold there."""
    rights.move_roles(fact.unit_id, fact.into_id, on=fact.on)
    rights.move_grants(fact.unit_id, fact.into_id, on=fact.on)
