"""What goes in and out of besluiten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class NewBesluit:
    """A decision to be recorded. ``uiterlijke_reactiedatum`` left out: verzenddatum (else datum) plus the reactietermijn."""

    besluittype_id: int
    zaak_id: int | None
    datum: date
    ingangsdatum: date
    toelichting: str = ""
    vervaldatum: date | None = None
    vervalreden: str = ""
    publicatiedatum: date | None = None
    verzenddatum: date | None = None
    uiterlijke_reactiedatum: date | None = None
    bestuursorgaan: str = "College van burgemeester en wethouders"
    identificatie: str = ""
    verantwoordelijke_organisatie: str | None = None
    zaak_url: str = ""
    """A zaak on another host, kept as given."""
    derives_reactiedatum: bool = True


@dataclass(frozen=True)
class BesluitRecord:
    """A decision. ``besluittype`` is its name, ``documenten`` are the uuids of the documents that lay it down."""

    id: int
    uuid: UUID
    url: str
    identificatie: str
    besluittype_id: int
    besluittype: str
    zaak_id: int | None
    datum: date
    ingangsdatum: date
    vervaldatum: date | None
    publicatiedatum: date | None
    verzenddatum: date | None
    uiterlijke_reactiedatum: date | None
    toelichting: str
    bestuursorgaan: str
    documenten: tuple[UUID, ...]
