"""What casework does when something happens in the register, in the same transaction."""

from __future__ import annotations

from stadhuis.casework import actions
from stadhuis.forms import public as forms
from stadhuis.people import public as people
from stadhuis.zaken import public as zaken


@zaken.ZAAK_CREATED.listener
def put_on_the_worklist(fact: zaken.ZaakCreated) -> None:
    """Every zaak has a work item from its first moment, however it came in."""
    actions.open_work_item(fact.zaak_id, fact.zaak_uuid)


@forms.FORM_SUBMITTED.listener
def link_a_bezwaar(fact: forms.FormSubmitted) -> None:
    """A bezwaar is linked to the decision it is against, and counts from it. A late one is taken in all the same."""
    if actions.is_about_objections(fact.zaaktype_id):
        actions.take_in_objection(fact.zaak_id, fact.zaak_uuid)


@zaken.START_MOVED.listener
def count_from_another_day(fact: zaken.StartMoved) -> None:
    """The term runs from another day; the answer that was given before stays. Source: Awb 4:13, 6:8, 7:10.

    What the register itself says about the last day is the client's to change: it sent the startdatum and no more.
    """
    actions.recompute_deadline(zaken.zaak_by_id(fact.zaak_id))


@zaken.ZAAK_CLOSED.listener
def take_off_the_worklist(fact: zaken.ZaakClosed) -> None:
    """A closed zaak leaves the worklist at once."""
    actions.close_work_item(fact.zaak_id)


@zaken.ZAAK_REOPENED.listener
def put_back_on_the_worklist(fact: zaken.ZaakReopened) -> None:
    """A reopened zaak comes back."""
    actions.reopen_work_item(fact.zaak_id)


@people.STAFF_LEFT.listener
def hand_on_the_work_of_who_left(fact: people.StaffLeft) -> None:
    """Open zaken go to the successor where that person may handle them, else back to the list of the unit."""
    actions.hand_on(fact.medewerker_id, fact.successor_id)


@people.UNIT_MERGED.listener
def move_the_work_of_a_merged_unit(fact: people.UnitMerged) -> None:
    """Open work and new zaken go to the unit in which another one went up."""
    actions.move_to_unit(fact.unit_id, fact.into_id)
