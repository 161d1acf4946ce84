"""The front door of catalogi."""

from __future__ import annotations

from stadhuis.catalogi.actions import build
from stadhuis.catalogi.choices import ROLOMSCHRIJVING, VERTROUWELIJKHEID, orde
from stadhuis.catalogi.errors import CatalogiError, CatalogusInvalid, ListInvalid, NotInList, TypeInUse, TypeNotFound
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
from stadhuis.catalogi.selectielijst.actions import TakenIn, import_selectielijst
from stadhuis.catalogi.selectielijst.reads import entry, is_kept_here

__all__ = [
    "ROLOMSCHRIJVING",
    "VERTROUWELIJKHEID",
    "BesluittypeRecord",
    "CatalogiError",
    "CatalogusInvalid",
    "CatalogusRecord",
    "EigenschapRecord",
    "InformatieobjecttypeRecord",
    "ListInvalid",
    "NotInList",
    "ResultaattypeRecord",
    "RoltypeRecord",
    "StatustypeRecord",
    "TakenIn",
    "TypeInUse",
    "TypeNotFound",
    "ZaaktypeRecord",
    "besluittype",
    "build",
    "catalogus",
    "entry",
    "import_selectielijst",
    "informatieobjecttype",
    "informatieobjecttype_by_name",
    "is_kept_here",
    "orde",
    "resultaattype",
    "zaaktype",
    "zaaktype_by_id",
    "zaaktype_by_url",
    "zaaktypen",
]
