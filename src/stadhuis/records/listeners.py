"""What records does when something happens below it, in the same transaction."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.people import public as people
from stadhuis.records import actions
from stadhuis.records.kinds import SECRET_PERSONS


@SECRET_PERSONS.answer
def whose_address_is_secret(persons: list[int]) -> set[int]:
    """Answer what the BRP said of these persons. Source: Wet BRP art. 2.59."""
    return set(access.shielded(persons))


@people.UNIT_MERGED.listener
def hand_over_the_records_of_a_merged_unit(fact: people.UnitMerged) -> None:
    """Give the records of a unit to the one in which it went up; which were whose stays known."""
    was, becomes = people.unit_code(fact.unit_id), people.unit_code(fact.into_id)
    actions.hand_over(was, becomes, reason="Organisatieonderdeel samengevoegd", by=people.SYSTEM)
