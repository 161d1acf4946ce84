"""What the trail keeps of what happens below it, in the same transaction."""

from __future__ import annotations

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
        bron="stadhuis",
    )
