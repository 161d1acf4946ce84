"""Jobs of personen."""

from __future__ import annotations

import logging

from stadhuis.kit.jobs import periodic
from stadhuis.people import public as people
from stadhuis.personen.errors import SourceUnavailable
from stadhuis.personen.public import keep_family_shut

log = logging.getLogger(__name__)


@periodic("40 3 * * *", "personen.keep_families_shut")
def keep_families_shut(timestamp: int) -> None:
    """Every night: ask the BRP for the family of staff who are linked to a person. Families change."""
    for one in people.medewerkers():
        if one.person_id is None:
            continue
        try:
            keep_family_shut(one.id)
        except SourceUnavailable:
            log.warning("the BRP does not answer; what is known of families stays")
            return
