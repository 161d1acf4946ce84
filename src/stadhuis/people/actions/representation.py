"""Who is represented: from a party that a provider names to a person or company that we know."""

from __future__ import annotations

from stadhuis.people.actions.register import company_for_kvk, person_for_bsn, person_for_means
from stadhuis.people.errors import MandateUnusable
from stadhuis.people.models import Company
from stadhuis.people.representation import Party


def represented(party: Party) -> tuple[int | None, int | None]:
    """Return (person_id, None) or (None, company_id). Raises ``MandateUnusable`` for an RSIN that we do not know.

    An organisation that we know by its RSIN only has no KVK number to find its cases by; it then has to be named by that.
    """
    match party.kind:
        case "bsn":
            return person_for_bsn(party.subject), None
        case "kvk":
            return None, company_for_kvk(party.subject, naam=party.naam)
        case "rsin":
            found = Company.objects.filter(rsin=party.subject).values_list("pk", flat=True).first()
            if found is None:
                raise MandateUnusable("no company with this RSIN")
            return None, found
        case _:
            return person_for_means(party.issuer, party.subject), None
