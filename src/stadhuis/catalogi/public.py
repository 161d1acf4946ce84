"""The front door of catalogi."""

from __future__ import annotations

from stadhuis.catalogi.actions import build
from stadhuis.catalogi.choices import ROLOMSCHRIJVING, VERTROUWELIJKHEID, orde
from stadhuis.catalogi.errors import CatalogiError, CatalogusInvalid, TypeInUse, TypeNotFound
from stadhuis.catalogi.reads import (
    besluittype,
    catalogus,
    informatieobjecttype,
    informatieobjecttype_by_name,
    resultaattype,
    zaaktype,
    zaaktype_by_id,
    zaaktype_by_url,
    zaaktypen,
)
from stadhuis.catalogi.records import (
    BesluittypeRecord,
    CatalogusRecord,
    EigenschapRecord,
    InformatieobjecttypeRecord,
    ResultaattypeRecord,
    RoltypeRecord,
    StatustypeRecord,
    ZaaktypeRecord,
)
from stadhuis.catalogi.take_over import KINDS as TAKEN_OVER
from stadhuis.catalogi.take_over import ref_of, take_over

__all__ = [
    "ROLOMSCHRIJVING",
    "TAKEN_OVER",
    "VERTROUWELIJKHEID",
    "BesluittypeRecord",
    "CatalogiError",
    "CatalogusInvalid",
    "CatalogusRecord",
    "EigenschapRecord",
    "InformatieobjecttypeRecord",
    "ResultaattypeRecord",
    "RoltypeRecord",
    "StatustypeRecord",
    "TypeInUse",
    "TypeNotFound",
    "ZaaktypeRecord",
    "besluittype",
    "build",
    "catalogus",
    "informatieobjecttype",
    "informatieobjecttype_by_name",
    "orde",
    "ref_of",
    "resultaattype",
    "take_over",
    "zaaktype",
    "zaaktype_by_id",
    "zaaktype_by_url",
    "zaaktypen",
]
