"""What other rooms get to see of the catalogue. Durations are ISO 8601 text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID


class _Named(Protocol):
    @property
    def omschrijving(self) -> str: ...


T = TypeVar("T", bound=_Named)


@dataclass(frozen=True)
class CatalogusRecord:
    """A catalogue."""

    id: int
    uuid: UUID
    url: str
    domein: str
    rsin: str
    naam: str


@dataclass(frozen=True)
class CatalogusSummary:
    """A catalogue with how many types it holds, versions counted once."""

    uuid: UUID
    domein: str
    rsin: str
    naam: str
    zaaktypen: int
    informatieobjecttypen: int
    besluittypen: int


@dataclass(frozen=True)
class VersionRecord:
    """One version of a type, as a list of versions shows it."""

    kind: str
    """zaaktypen, informatieobjecttypen or besluittypen: the path of the API."""
    uuid: UUID
    name: str
    """identificatie of a zaaktype, omschrijving of the others: what all versions have in common."""
    omschrijving: str
    begin: date
    end: date | None
    state: str
    """concept, coming, current or past, on the day that was asked."""
    counts: Mapping[str, int]
    """Of a zaaktype: path of a part -> how many it has."""


@dataclass(frozen=True)
class StatustypeRecord:
    """A step of a zaaktype."""

    id: int
    uuid: UUID
    url: str
    omschrijving: str
    volgnummer: int
    is_eindstatus: bool
    informeren: bool
    statustekst: str
    doorlooptijd: str | None


@dataclass(frozen=True)
class ResultaattypeRecord:
    """An outcome of a zaaktype, with what it means for the archive."""

    id: int
    uuid: UUID
    url: str
    omschrijving: str
    omschrijving_generiek: str
    selectielijstklasse: str
    archiefnominatie: str
    archiefactietermijn: str | None
    afleidingswijze: str
    datumkenmerk: str
    einddatum_bekend: bool
    objecttype: str
    registratie: str
    procestermijn: str | None


@dataclass(frozen=True)
class RoltypeRecord:
    """What someone may be in a zaak."""

    id: int
    uuid: UUID
    url: str
    omschrijving: str
    omschrijving_generiek: str


@dataclass(frozen=True)
class InformatieobjecttypeRecord:
    """A type of document; ``richting`` is the one it has within the zaaktype it was asked through, else empty."""

    id: int
    uuid: UUID
    url: str
    ref: str
    omschrijving: str
    vertrouwelijkheidaanduiding: str
    concept: bool
    richting: str = ""


@dataclass(frozen=True)
class BesluittypeRecord:
    """A type of decision. ``informatieobjecttypen`` are the omschrijvingen of documents that may lay it down."""

    id: int
    uuid: UUID
    url: str
    ref: str
    omschrijving: str
    reactietermijn: str | None
    publicatie_indicatie: bool
    publicatietermijn: str | None
    concept: bool
    catalogus_id: int
    informatieobjecttypen: tuple[str, ...]


@dataclass(frozen=True)
class EigenschapRecord:
    """A property of zaken of a zaaktype."""

    id: int
    uuid: UUID
    url: str
    naam: str
    definitie: str
    formaat: str
    lengte: str
    kardinaliteit: str
    waardenverzameling: tuple[str, ...]


@dataclass(frozen=True)
class ZaaktypeRecord:
    """One version of a zaaktype with its parts; types it refers to by name are those valid on the day asked for."""

    id: int
    uuid: UUID
    url: str
    ref: str
    catalogus_id: int
    identificatie: str
    omschrijving: str
    doorlooptijd: str
    servicenorm: str | None
    verlenging_mogelijk: bool
    verlengingstermijn: str | None
    opschorting_en_aanhouding_mogelijk: bool
    vertrouwelijkheidaanduiding: str
    producten_of_diensten: tuple[str, ...]
    selectielijst_procestype: str
    concept: bool
    begin_geldigheid: date
    eind_geldigheid: date | None
    statustypen: tuple[StatustypeRecord, ...]
    resultaattypen: tuple[ResultaattypeRecord, ...]
    roltypen: tuple[RoltypeRecord, ...]
    informatieobjecttypen: tuple[InformatieobjecttypeRecord, ...]
    besluittypen: tuple[BesluittypeRecord, ...]
    eigenschappen: tuple[EigenschapRecord, ...]
    besluittype_namen: tuple[str, ...]
    """Names of the besluittypen that zaken may lead to, whatever versions of them are valid."""
    trefwoorden: tuple[str, ...] = ()

    @property
    def eindstatus(self) -> StatustypeRecord:
        """The statustype that closes a zaak. Raises ``LookupError`` when the zaaktype has no steps."""
        for statustype in self.statustypen:
            if statustype.is_eindstatus:
                return statustype
        raise LookupError(f"zaaktype {self.ref} has no statustypen")

    @property
    def beginstatus(self) -> StatustypeRecord:
        """The first statustype. Raises ``LookupError`` when the zaaktype has no steps."""
        if not self.statustypen:
            raise LookupError(f"zaaktype {self.ref} has no statustypen")
        return self.statustypen[0]

    def statustype(self, omschrijving: str) -> StatustypeRecord:
        """Return a step by its name. Raises ``LookupError``."""
        return _named(self.statustypen, omschrijving)

    def resultaattype(self, omschrijving: str) -> ResultaattypeRecord:
        """Return an outcome by its name. Raises ``LookupError``."""
        return _named(self.resultaattypen, omschrijving)

    def roltype(self, omschrijving_generiek: str) -> RoltypeRecord:
        """Return the first roltype of a generic kind (initiator, behandelaar ...). Raises ``LookupError``."""
        for roltype in self.roltypen:
            if roltype.omschrijving_generiek == omschrijving_generiek:
                return roltype
        raise LookupError(omschrijving_generiek)

    def informatieobjecttype(self, omschrijving: str) -> InformatieobjecttypeRecord:
        """Return a type of document by its name. Raises ``LookupError``."""
        return _named(self.informatieobjecttypen, omschrijving)

    def besluittype(self, omschrijving: str) -> BesluittypeRecord:
        """Return a type of decision by its name. Raises ``LookupError``."""
        return _named(self.besluittypen, omschrijving)


def _named(parts: tuple[T, ...], omschrijving: str) -> T:
    for part in parts:
        if part.omschrijving == omschrijving:
            return part
    raise LookupError(omschrijving)


@dataclass(frozen=True)
class TypeName:
    """A type in all its versions, by name."""

    ref: str
    omschrijving: str
    domein: str
    catalogus: str


@dataclass(frozen=True)
class IncompleteZaaktype:
    """A published version of a zaaktype that lacks parts without which a zaak cannot be handled."""

    uuid: UUID
    url: str
    ref: str
    identificatie: str
    omschrijving: str
    begin_geldigheid: date
    catalogus: str
    missing: tuple[str, ...]
    """Which: statustypen, resultaattypen, roltypen."""
