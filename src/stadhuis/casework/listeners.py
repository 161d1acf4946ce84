"""What casework does when something happens in the register, in the same transaction."""

from __future__ import annotations

from stadhuis.casework import actions
from stadhuis.zaken import public as zaken


@zaken.ZAAK_CREATED.listener
def put_on_the_worklist(fact: zaken.ZaakCreated) -> None:
    """Every zaak has a work item from its first moment, however it came in."""
    actions.open_work_item(fact.zaak_id, fact.zaak_uuid)


@zaken.ZAAK_CLOSED.listener
def take_off_the_worklist(fact: zaken.ZaakClosed) -> None:
    """A closed zaak leaves the worklist at once."""
    actions.close_work_item(fact.zaak_id)


@zaken.ZAAK_REOPENED.listener
def put_back_on_the_worklist(fact: zaken.ZaakReopened) -> None:
    """A reopened zaak comes back."""
    actions.reopen_work_item(fact.zaak_id)
