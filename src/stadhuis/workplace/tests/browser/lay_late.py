"""Lay one zaak of a resident that is long past its last day. A process of its own; prints the number of the zaak."""

from __future__ import annotations

import sys
from datetime import timedelta

from stadhuis.kit.starting import start_django


def lay(bsn: str, naam: str) -> str:
    """Let a resident have asked for something 120 days ago."""
    from stadhuis.catalogi import public as catalogi
    from stadhuis.kit.time import clock_set_to, now
    from stadhuis.people import public as people
    from stadhuis.people.public import SYSTEM
    from stadhuis.zaken import public as zaken

    applicant = zaken.NewRol(
        betrokkene_type="natuurlijk_persoon",
        omschrijving_generiek="initiator",
        person_id=people.person_for_bsn(bsn),
        naam=naam,
    )
    with clock_set_to(now() - timedelta(days=120)):
        zaaktype = catalogi.zaaktype("TOZO")
        zaak = zaken.create_zaak(zaken.NewZaak(zaaktype_id=zaaktype.id), by=SYSTEM, rollen=[applicant])
        zaken.add_status(zaak.id, zaaktype.statustypen[0].id, by=SYSTEM)
    return zaak.identificatie


if __name__ == "__main__":
    start_django()
    from django.db import transaction

    with transaction.atomic():
        number = lay(*sys.argv[1:])
    sys.stdout.write(number)
