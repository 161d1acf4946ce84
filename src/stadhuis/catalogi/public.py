"""The front door of catalogi."""

from __future__ import annotations

from stadhuis.catalogi.actions import build
from stadhuis.catalogi.choices import ROLOMSCHRIJVING, VERTROUWELIJKHEID, orde
from stadhuis.catalogi.errors import CatalogiError, CatalogusInvalid, TypeInUse, TypeNotFound
from stadhuis.catalogi.reads import (
    besluittype,
    catalogus,
    incomplete_zaaktypen,
    informatieobjecttype,
    informatieobjecttype_by_name,
    resultaattype,
    type_names,
    zaaktype,
    zaaktype_by_id,
    zaaktype_by_url,
    zaaktypen,
)
from stadhuis.catalogi.records import (
    BesluittypeRecord,
    CatalogusRecord,
    EigenschapRecord,
    IncompleteZaaktype,
    InformatieobjecttypeRecord,
    ResultaattypeRecord,
    RoltypeRecord,
    StatustypeRecord,
    TypeName,
    ZaaktypeRecord,
)

__all__ = [
    "ROLOMSCHRIJVING",
    "VERTROUWELIJKHEID",
    "BesluittypeRecord",
    "CatalogiError",
    "CatalogusInvalid",
    "CatalogusRecord",
    "EigenschapRecord",
    "IncompleteZaaktype",
    "InformatieobjecttypeRecord",
    "ResultaattypeRecord",
    "RoltypeRecord",
    "StatustypeRecord",
    "TypeInUse",
    "TypeName",
    "TypeNotFound",
    "ZaaktypeRecord",
    "besluittype",
    "build",
    "catalogus",
    "incomplete_zaaktypen",
    "informatieobjecttype",
    "informatieobjecttype_by_name",
    "orde",
    "resultaattype",
    "type_names",
    "zaaktype",
    "zaaktype_by_id",
    "zaaktype_by_url",
    "zaaktypen",
]
