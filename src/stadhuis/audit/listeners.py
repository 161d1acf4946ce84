"""What the trail keeps of what happens below it, in the same transaction."""

from __future__ import annotations

from stadhuis.access import public as access
from stadhuis.audit import actions
from stadhuis.people import public as people


@people.ACCOUNT_CHANGED.listener
def keep_what_was_done_to_an_account(fact: people.AccountChanged) -> None:
    """Write down what was done to the account of a member of staff, by whom and why. Source: BIO2 5.17, 8.15.01."""
    actions.record(
        fact.deed,
        about=fact.medewerker,
        kind=fact.kind,
        resource="account" if fact.kind == "medewerker" else fact.kind,
        resource_id=fact.medewerker,
        by=fact.by,
        before=fact.before,
        after=fact.after,
        reason=fact.reason,
        weergave=people.code_of(fact.kind, fact.medewerker),
        bron="stadhuis",
    )


@access.RIGHTS_CHANGED.listener
def keep_what_was_done_to_rights(fact: access.RightsChanged) -> None:
    """Write down who gave, took or used which right, for whom and why. Source: BIO2 5.18, 8.02, 8.15.01."""
    actions.record(
        fact.deed,
        about=fact.about,
        kind=fact.kind,
        resource=fact.resource,
        resource_id=fact.resource_id,
        by=fact.by,
        before=fact.before,
        after=fact.after,
        reason=fact.reason,
        weergave=fact.number,
        bron=fact.bron,
    )
