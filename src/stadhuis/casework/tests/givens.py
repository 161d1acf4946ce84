"""A town with a handler, a second person and a Tozo zaak that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data, given_resultaattype_data
from stadhuis.forms import public as forms
from stadhuis.forms.tests.given import given_handed_in
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import given_resident, given_staff


@dataclass(frozen=True)
class Town:
    """Who works here."""

    zaaktype: catalogi.ZaaktypeRecord
    handler: Actor
    decider: Actor
    reader: Actor


def given_town() -> Town:
    """A catalogue with the Tozo zaaktype, its form, and three members of staff with different rights."""
    data = catalogus_data(
        identificatie="TOZO",
        omschrijving="Tozo",
        eigenschappen=["KVK-nummer"],
        statustypen=["Ontvangen", "In behandeling", "Besluit klaar", "Afgerond"],
        resultaattypen=[
            given_resultaattype_data(omschrijving=name) for name in ("Toegekend", "Deels toegekend", "Afgewezen")
        ],
    )
    catalogi.build(data)
    forms.publish_shipped()
    zaaktype = catalogi.zaaktype("TOZO")
    read, documents, trail, handle, decide, assign = (
        access.GrantData(action)
        for action in (
            "zaak.lezen",
            "document.lezen",
            "audittrail.lezen",
            "zaak.behandelen",
            "zaak.besluiten",
            "zaak.verdelen",
        )
    )
    town = Town(
        zaaktype=zaaktype,
        handler=given_staff(read, documents, trail, handle, assign, username="bea"),
        decider=given_staff(read, documents, trail, handle, decide, username="daan"),
        reader=given_staff(read, documents, username="roos"),
    )
    unit = people.unit_by_code("team")
    assert unit is not None
    casework.set_route(zaaktype.ref, unit.id)
    return town


def given_application(town: Town, **answers: Any) -> zaken.ZaakRecord:
    """A Tozo application that came in through the form."""
    submission = given_handed_in(given_resident(), **answers)
    return zaken.zaak_by_uuid(submission.zaak_uuid, seen_by=town.handler)


def given_proposal(town: Town, zaak: zaken.ZaakRecord, *, outcome: str = "toekennen") -> casework.ProposalRecord:
    """A proposal of the handler that rests on an assessment."""
    casework.take(zaak.uuid, by=town.handler)
    casework.assess(zaak.uuid, by=town.handler)
    casework.propose(zaak.uuid, outcome=outcome, reasons="U voldoet aan de voorwaarden.", by=town.handler)
    return casework.proposals_of(zaak.id)[0]


def given_zaaktype_of_law(identificatie: str, doorlooptijd: str, *words: str) -> catalogi.ZaaktypeRecord:
    """A zaaktype that names its term of law."""
    data = catalogus_data(
        identificatie=identificatie,
        omschrijving=identificatie,
        doorlooptijd=doorlooptijd,
        statustypen=["Ontvangen", "Afgerond"],
        resultaattypen=[given_resultaattype_data(omschrijving="Afgehandeld")],
    )
    [kind] = [one for one in data["zaaktypen"] if one["identificatie"] == identificatie]
    kind["trefwoorden"] = list(words)
    catalogi.build(data)
    return catalogi.zaaktype(identificatie)
