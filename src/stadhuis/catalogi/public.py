"""The front door of catalogi."""

from __future__ import annotations

from stadhuis.catalogi.actions import Placed, build, new_version, place_types, publish_version
from stadhuis.catalogi.choices import ROLOMSCHRIJVING, VERTROUWELIJKHEID, orde
from stadhuis.catalogi.errors import (
    CatalogiError,
    CatalogusInvalid,
    ExchangeInvalid,
    ListInvalid,
    NotInList,
    PlacingRefused,
    TypeInUse,
    TypeNotFound,
    VersionRefused,
)
from stadhuis.catalogi.exchange import export_catalogus, read_export
from stadhuis.catalogi.reads import (
    besluittype,
    catalogi,
    catalogus,
    informatieobjecttype,
    informatieobjecttype_by_name,
    resultaattype,
    versions,
    zaaktype,
    zaaktype_by_id,
    zaaktype_by_url,
    zaaktypen,
)
from stadhuis.catalogi.records import (
    BesluittypeRecord,
    CatalogusRecord,
    CatalogusSummary,
    EigenschapRecord,
    InformatieobjecttypeRecord,
    ResultaattypeRecord,
    RoltypeRecord,
    StatustypeRecord,
    VersionRecord,
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
    "CatalogusSummary",
    "EigenschapRecord",
    "ExchangeInvalid",
    "InformatieobjecttypeRecord",
    "ListInvalid",
    "NotInList",
    "Placed",
    "PlacingRefused",
    "ResultaattypeRecord",
    "RoltypeRecord",
    "StatustypeRecord",
    "TakenIn",
    "TypeInUse",
    "TypeNotFound",
    "VersionRecord",
    "VersionRefused",
    "ZaaktypeRecord",
    "besluittype",
    "build",
    "catalogi",
    "catalogus",
    "entry",
    "export_catalogus",
    "import_selectielijst",
    "informatieobjecttype",
    "informatieobjecttype_by_name",
    "is_kept_here",
    "new_version",
    "orde",
    "place_types",
    "publish_version",
    "read_export",
    "resultaattype",
    "versions",
    "zaaktype",
    "zaaktype_by_id",
    "zaaktype_by_url",
    "zaaktypen",
]
