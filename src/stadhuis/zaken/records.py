"""What goes in and out of zaken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stadhuis.people.public import Actor


@dataclass(frozen=True)
class NewZaak:
    """A zaak to be made. What is left out follows from the zaaktype and the day.

    ``eigenschappen`` is naam -> waarde; ``kenmerken`` is (kenmerk, bron).
    """

    zaaktype_id: int
    omschrijving: str = ""
    toelichting: str = ""
    startdatum: date | None = None
    registratiedatum: date | None = None
    einddatum_gepland: date | None = None
    uiterlijke_einddatum_afdoening: date | None = None
    vertrouwelijkheidaanduiding: str | None = None
    identificatie: str | None = None
    bronorganisatie: str | None = None
    verantwoordelijke_organisatie: str | None = None
    communicatiekanaal: str = ""
    hoofdzaak_id: int | None = None
    zaakgeometrie: Mapping[str, Any] | None = None
    eigenschappen: Mapping[str, str] = field(default_factory=dict)
    kenmerken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NewRol:
    """Someone to be put in a zaak, by roltype or by the generic kind of the roltype.

    ``identificatie`` is the betrokkeneIdentificatie of the standard; give ``person_id`` and not a BSN. ``naam`` is shown
    and searched; when empty it is made from ``identificatie`` or from what people knows.
    """

    betrokkene_type: str
    roltype_id: int | None = None
    omschrijving_generiek: str = ""
    person_id: int | None = None
    company_id: int | None = None
    medewerker_id: int | None = None
    unit_id: int | None = None
    betrokkene: str = ""
    naam: str = ""
    geboortedatum: date | None = None
    identificatie: Mapping[str, Any] = field(default_factory=dict)
    authenticatie_context: Mapping[str, Any] = field(default_factory=dict)
    indicatie_machtiging: str = ""
    toelichting: str = ""
    afwijkende_naam: str = ""
    contactpersoon_naam: str = ""
    contactpersoon_functie: str = ""
    contactpersoon_emailadres: str = ""
    contactpersoon_telefoonnummer: str = ""


@dataclass(frozen=True)
class ZaakRecord:
    """A zaak. ``status`` and ``resultaat`` are names, empty when there is none yet."""

    id: int
    uuid: UUID
    url: str
    identificatie: str
    bronorganisatie: str
    zaaktype_id: int
    zaaktype_ref: str
    zaaktype_omschrijving: str
    omschrijving: str
    toelichting: str
    registratiedatum: date
    startdatum: date
    einddatum: date | None
    einddatum_gepland: date | None
    uiterlijke_einddatum_afdoening: date | None
    vertrouwelijkheidaanduiding: str
    vertrouwelijkheid_orde: int
    status: str
    status_volgnummer: int
    status_gezet_op: datetime | None
    resultaat: str
    opschorting_indicatie: bool
    opschorting_reden: str
    verlenging_duur: str
    verlenging_reden: str
    archiefnominatie: str
    archiefactiedatum: date | None
    archiefstatus: str

    @property
    def is_closed(self) -> bool:
        """Whether the zaak has ended."""
        return self.einddatum is not None


@dataclass(frozen=True)
class StatusRecord:
    """A step that was reached."""

    id: int
    uuid: UUID
    statustype_id: int
    omschrijving: str
    volgnummer: int
    datum_status_gezet: datetime
    toelichting: str
    statustekst: str
    is_eindstatus: bool


@dataclass(frozen=True)
class ResultaatRecord:
    """What came out."""

    id: int
    uuid: UUID
    resultaattype_id: int
    omschrijving: str
    toelichting: str


@dataclass(frozen=True)
class RolRecord:
    """Someone in a zaak. A BSN is not here: ask people with ``person_id``."""

    id: int
    uuid: UUID
    roltype_id: int
    omschrijving: str
    omschrijving_generiek: str
    betrokkene_type: str
    naam: str = field(repr=False)
    geboortedatum: date | None = field(repr=False)
    person_id: int | None
    company_id: int | None
    medewerker_id: int | None
    unit_id: int | None
    identificatie: dict[str, Any] = field(repr=False)
    authenticatie_context: dict[str, Any]
    indicatie_machtiging: str
    toelichting: str
    contactpersoon_naam: str = field(repr=False)
    contactpersoon_emailadres: str = field(repr=False)
    contactpersoon_telefoonnummer: str = field(repr=False)
    registratiedatum: datetime


@dataclass(frozen=True)
class ZaakdocumentRecord:
    """A document of a zaak. ``uuid`` is that of the document; empty for one on another host, which has ``url`` only."""

    zaakinformatieobject_id: int
    document_id: int | None
    uuid: UUID | None
    url: str
    titel: str
    bestandsnaam: str
    formaat: str
    bestandsomvang: int | None
    sha256: str
    informatieobjecttype: str
    vertrouwelijkheidaanduiding: str
    auteur: str
    creatiedatum: date | None
    ontvangstdatum: date | None
    verzenddatum: date | None
    tonen_aan_initiator: bool
    versie: int
    registratiedatum: datetime


@dataclass(frozen=True)
class EigenschapRecord:
    """A property with its value."""

    naam: str
    waarde: str


@dataclass(frozen=True)
class NotitieRecord:
    """A note. ``notitie_type`` intern: staff only."""

    uuid: UUID
    onderwerp: str
    tekst: str
    aangemaakt_door: str
    notitie_type: str
    status: str
    aanmaakdatum: datetime


@dataclass(frozen=True)
class BesluitSummary:
    """A decision in a zaak, as the room besluiten tells it."""

    uuid: UUID
    identificatie: str
    besluittype: str
    datum: date
    ingangsdatum: date
    vervaldatum: date | None
    toelichting: str


@dataclass(frozen=True)
class Dossier:
    """A zaak with everything that hangs on it, newest first where time counts."""

    zaak: ZaakRecord
    statussen: tuple[StatusRecord, ...]
    resultaat: ResultaatRecord | None
    rollen: tuple[RolRecord, ...]
    documenten: tuple[ZaakdocumentRecord, ...]
    eigenschappen: tuple[EigenschapRecord, ...]
    notities: tuple[NotitieRecord, ...]
    besluiten: tuple[BesluitSummary, ...]

    @property
    def zaaktype_omschrijving(self) -> str:
        """Name of the zaaktype."""
        return self.zaak.zaaktype_omschrijving

    @property
    def initiator(self) -> RolRecord | None:
        """Who asked for it, if known."""
        return next((rol for rol in self.rollen if rol.omschrijving_generiek == "initiator"), None)


@dataclass(frozen=True)
class MyCase:
    """A zaak as its applicant sees it in a list."""

    uuid: UUID
    identificatie: str
    zaaktype: str
    omschrijving: str
    startdatum: date
    status: str
    statustekst: str
    uiterlijke_einddatum: date | None
    einddatum: date | None
    resultaat: str


@dataclass(frozen=True)
class MyCases:
    """A page of one's own zaken, and how many there are on all pages (0 on a page beyond the last)."""

    cases: tuple[MyCase, ...]
    total: int


@dataclass(frozen=True)
class FoundZaak:
    """A zaak that was searched for. ``naam`` is the initiator's."""

    id: int
    uuid: UUID
    identificatie: str
    zaaktype: str
    omschrijving: str
    startdatum: date
    einddatum: date | None
    status: str
    naam: str = field(repr=False)


# -- Facts ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ZaakCreated:
    """A zaak was made, with its rollen."""

    zaak_id: int
    zaak_uuid: UUID
    identificatie: str
    zaaktype_id: int
    zaaktype_ref: str
    by: Actor


@dataclass(frozen=True)
class StatusSet:
    """A zaak reached a step. ``informeren``: the initiator is to be told."""

    zaak_id: int
    zaak_uuid: UUID
    status_id: int
    statustype_id: int
    omschrijving: str
    informeren: bool
    by: Actor


@dataclass(frozen=True)
class ZaakClosed:
    """A zaak ended."""

    zaak_id: int
    zaak_uuid: UUID
    einddatum: date
    by: Actor


@dataclass(frozen=True)
class StartMoved:
    """A zaak turned out to have begun on another day: terms that run from it must be counted anew."""

    zaak_id: int
    zaak_uuid: UUID
    was: date
    startdatum: date
    by: Actor


@dataclass(frozen=True)
class ZaakReopened:
    """A closed zaak runs again."""

    zaak_id: int
    zaak_uuid: UUID
    by: Actor


@dataclass(frozen=True)
class NewLink:
    """A document to be put in a zaak, and how it is called there."""

    document_id: int
    titel: str = ""
    beschrijving: str = ""
    vernietigingsdatum: datetime | None = None
    status_id: int | None = None


@dataclass(frozen=True)
class DocumentLinked:
    """A document was added to a zaak."""

    zaak_id: int
    zaak_uuid: UUID
    document_id: int
    document_uuid: UUID
    by: Actor
