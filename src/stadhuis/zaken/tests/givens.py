"""Valid zaken, people and documents for tests of this room and those above."""

from __future__ import annotations

from datetime import date
from typing import Any

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_resultaattype_data, given_zaaktype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.tests.givens import given_document
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor
from stadhuis.zaken import public as zaken

BSN = "999990019"
OTHER_BSN = "999990184"

__all__ = [
    "BSN", "OTHER_BSN", "given_closed_zaak", "given_document", "given_linked_document", "given_resident",
    "given_resultaattype_data", "given_rol", "given_staff", "given_zaak", "given_zaaktype",
]  # fmt: skip


def given_resident(bsn: str = BSN) -> Actor:
    """Return a resident who is logged in."""
    person_id = people.person_for_bsn(bsn)
    return Actor(
        kind="resident", pk=person_id, key=f"person:{people.person_uuid(person_id)}", label="Jan", level="substantial"
    )


def given_staff(*grants: access.GrantData, username: str = "annie") -> Actor:
    """Return a member of staff with these grants (by default: reads and handles every zaak)."""
    unit_id = people.create_unit("team", "Team")
    medewerker_id = people.create_medewerker(
        username, "Annie Bos", f"{username}@town.example", unit_id, "behandelaar", "een-lang-wachtwoord-1"
    )
    code = f"rol-{username}"
    access.create_role(
        code,
        code,
        grants=list(grants) or [access.GrantData(name) for name in ("zaak.lezen", "document.lezen", "zaak.behandelen")],
    )
    access.give_role(medewerker_id, code, unit_id, date(2020, 1, 1), by=SYSTEM)
    return people.medewerker(medewerker_id).actor()


def given_rol(bsn: str = BSN, *, naam: str = "Jan de Vries", kind: str = "initiator", **wanted: Any) -> zaken.NewRol:
    """Return a resident to be put in a zaak."""
    return zaken.NewRol(
        betrokkene_type="natuurlijk_persoon",
        omschrijving_generiek=kind,
        person_id=people.person_for_bsn(bsn),
        naam=naam,
        **wanted,
    )


def given_zaak(
    *, zaaktype: catalogi.ZaaktypeRecord | None = None, rollen: tuple[zaken.NewRol, ...] | None = None, **wanted: Any
) -> zaken.ZaakRecord:
    """Make a zaak; by default asked for by the resident with ``BSN``."""
    zaaktype = zaaktype or given_zaaktype()
    return zaken.create_zaak(
        zaken.NewZaak(zaaktype_id=zaaktype.id, omschrijving=wanted.pop("omschrijving", "Een melding"), **wanted),
        by=SYSTEM,
        rollen=(given_rol(),) if rollen is None else rollen,
    )


def given_linked_document(zaak: zaken.ZaakRecord, **wanted: Any) -> documenten.DocumentRecord:
    """Make a document and add it to a zaak."""
    document = given_document(**wanted)
    zaken.link_document(zaak.id, document.id, by=SYSTEM)
    return document


def given_closed_zaak(
    *, zaaktype: catalogi.ZaaktypeRecord | None = None, resultaat: str = "Toegekend", **wanted: Any
) -> zaken.ZaakRecord:
    """Make a zaak and close it."""
    zaaktype = zaaktype or given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype, **wanted)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattype(resultaat).id, by=SYSTEM)
    zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)
    return zaken.zaak_by_id(zaak.id)
