"""The operations of the Catalogi API. Source: the standard's OpenAPI file, Catalogi API 1.4.0; rules ztc-001 to ztc-017."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.catalogi import shapes
from stadhuis.catalogi.api import deeds, kinds
from stadhuis.catalogi.api.kinds import MainKind, PartKind
from stadhuis.catalogi.errors import CatalogiError
from stadhuis.catalogi.resource import CATALOGUS, ROOT
from stadhuis.kit.api.endpoint import Answer, Api, ApiRequest
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.shapes import Shape

LEZEN: Final = ("catalogi.lezen",)
LEZEN_ZAAKTYPEN: Final = ("catalogi.lezen", "documenten.lezen", "zaken.lezen")


@dataclass(frozen=True)
class CatalogiCaller:
    """An application at the door of the catalogue: who may read zaken or documents may read it too. Source: ztc-014."""

    inner: Caller

    @property
    def actor(self) -> Any:
        """Who it is."""
        return self.inner.actor

    def has_scope(self, component: str, scopes: Sequence[str]) -> bool:
        """Return whether it has one of the scopes, or may read what the catalogue describes."""
        if self.inner.has_scope(component, scopes):
            return True
        return "catalogi.lezen" in scopes and (
            self.inner.has_scope("zrc", ("zaken.lezen",)) or self.inner.has_scope("drc", ("documenten.lezen",))
        )

    def condition(self, kind: str, scopes: Sequence[str], *, alias: str) -> tuple[str, Sequence[object]]:
        """Return the access rule as one SQL condition."""
        return self.inner.condition(kind, scopes, alias=alias)

    def may(
        self,
        kind: str,
        scopes: Sequence[str],
        *,
        type_ref: str,
        level: int,
        type_uuid: UUID | None = None,
        row_id: int | None = None,
    ) -> bool:
        """Return whether it has one of the scopes on something of this type and level."""
        return self.inner.may(kind, scopes, type_ref=type_ref, level=level, type_uuid=type_uuid, row_id=row_id)

    def answered(self, operation: str, status: int, code: str) -> None:
        """Hear how the call was answered."""
        self.inner.answered(operation, status, code)


def _enter(authorization: str) -> CatalogiCaller:
    return CatalogiCaller(access.enter(authorization))


API: Final = Api(
    name="catalogi",
    title="Catalogi API",
    version="1.4.0",
    root=ROOT,
    component="ztc",
    enter=_enter,
    room_error=CatalogiError,
    with_audit_headers=False,
)

# -- Catalogues --------------------------------------------------------------------------------------------------------
API.reads(CATALOGUS, scopes=LEZEN, query=shapes.CatalogusQuery, one_query=shapes.OneQuery, name="catalogus")


@API.endpoint("POST", "/catalogussen", scopes=deeds.SCHRIJVEN, takes=shapes.CatalogusBody, gives=CATALOGUS)
def catalogus_create(request: ApiRequest, body: shapes.CatalogusBody) -> Answer:
    """Make a catalogue."""
    made = deeds.create_catalogus(body, by=request.caller, toelichting=request.toelichting)
    return Answer.created(CATALOGUS, made.uuid, made.text)


@API.endpoint("PUT", "/catalogussen/{uuid}", scopes=deeds.WRITE, takes=shapes.CatalogusUpdateBody, gives=CATALOGUS)
def catalogus_update(request: ApiRequest, body: shapes.CatalogusUpdateBody, uuid: UUID) -> Answer:
    """Replace a catalogue."""
    return Answer(
        200,
        deeds.change_catalogus(uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting),
    )


@API.endpoint(
    "PATCH", "/catalogussen/{uuid}", scopes=deeds.WRITE, takes=shapes.CatalogusBody, is_partial=True, gives=CATALOGUS
)
def catalogus_partial_update(request: ApiRequest, body: shapes.CatalogusBody, uuid: UUID) -> Answer:
    """Change what is sent of a catalogue."""
    return Answer(
        200,
        deeds.change_catalogus(uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting),
    )


@API.endpoint("DELETE", "/catalogussen/{uuid}", scopes=deeds.DELETE)
def catalogus_destroy(request: ApiRequest, uuid: UUID) -> Answer:
    """Remove an empty catalogue (ztc-017)."""
    deeds.delete_catalogus(uuid, by=request.caller, toelichting=request.toelichting)
    return Answer(204)


# -- The main types ----------------------------------------------------------------------------------------------------
def _main(
    kind: MainKind,
    *,
    name: str,
    query: type[Shape],
    create: type[Shape],
    update: type[Shape],
    one_query: type[Shape] = shapes.OneQuery,
    scopes: Sequence[str] = LEZEN,
) -> None:
    """Declare all operations of a type that has versions."""
    path = kind.resource.path
    API.reads(kind.resource, scopes=scopes, query=query, one_query=one_query, name=name)

    def make(request: ApiRequest, body: Shape) -> Answer:
        made = deeds.create_type(kind, body, by=request.caller, toelichting=request.toelichting)
        return Answer.created(kind.resource, made.uuid, made.text)

    def replace(request: ApiRequest, body: Shape, uuid: UUID) -> Answer:
        text = deeds.change_type(kind, uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting)
        return Answer(200, text)

    def change(request: ApiRequest, body: Shape, uuid: UUID) -> Answer:
        text = deeds.change_type(kind, uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
        return Answer(200, text)

    def remove(request: ApiRequest, uuid: UUID) -> Answer:
        deeds.delete_type(kind, uuid, by=request.caller, toelichting=request.toelichting)
        return Answer(204)

    def publish(request: ApiRequest, uuid: UUID) -> Answer:
        return Answer(200, deeds.publish_type(kind, uuid, by=request.caller, toelichting=request.toelichting))

    one = f"/{path}/{{uuid}}"
    API.endpoint("POST", f"/{path}", scopes=deeds.SCHRIJVEN, takes=create, gives=kind.resource, name=f"{name}_create")(
        make
    )
    API.endpoint("PUT", one, scopes=deeds.WRITE, takes=update, gives=kind.resource, name=f"{name}_update")(replace)
    API.endpoint(
        "PATCH", one, scopes=deeds.WRITE, takes=update, is_partial=True, gives=kind.resource,
        name=f"{name}_partial_update",
    )(change)  # fmt: skip
    API.endpoint("DELETE", one, scopes=deeds.DELETE, name=f"{name}_destroy")(remove)
    API.endpoint(
        "POST", f"{one}/publish", scopes=deeds.SCHRIJVEN, gives=kind.resource, name=f"{name}_publish",
        statuses=(400, 401, 403, 404, 406, 409, 410, 415, 429, 500), success=200,
    )(publish)  # fmt: skip


_main(
    kinds.ZAAKTYPEN, name="zaaktype", query=shapes.ZaaktypeQuery, one_query=shapes.DayQuery,
    create=shapes.ZaaktypeInBody, update=shapes.ZaaktypeUpdateBody, scopes=LEZEN_ZAAKTYPEN,
)  # fmt: skip
_main(
    kinds.INFORMATIEOBJECTTYPEN, name="informatieobjecttype", query=shapes.InformatieobjecttypeQuery,
    create=shapes.InformatieobjecttypeBody, update=shapes.InformatieobjecttypeBody,
)  # fmt: skip
_main(
    kinds.BESLUITTYPEN, name="besluittype", query=shapes.BesluittypeQuery, create=shapes.BesluittypeInBody,
    update=shapes.BesluittypeInBody,
)  # fmt: skip


# -- The parts of a zaaktype ---------------------------------------------------------------------------------------------
def _part(kind: PartKind, *, name: str, query: type[Shape], takes: type[Shape]) -> None:
    """Declare all operations of a part of a zaaktype."""
    path = kind.resource.path
    API.reads(kind.resource, scopes=LEZEN, query=query, one_query=shapes.OneQuery, name=name)

    def make(request: ApiRequest, body: Shape) -> Answer:
        made = deeds.create_part(kind, body, by=request.caller, toelichting=request.toelichting)
        return Answer.created(kind.resource, made.uuid, made.text)

    def replace(request: ApiRequest, body: Shape, uuid: UUID) -> Answer:
        text = deeds.change_part(kind, uuid, body, is_partial=False, by=request.caller, toelichting=request.toelichting)
        return Answer(200, text)

    def change(request: ApiRequest, body: Shape, uuid: UUID) -> Answer:
        text = deeds.change_part(kind, uuid, body, is_partial=True, by=request.caller, toelichting=request.toelichting)
        return Answer(200, text)

    def remove(request: ApiRequest, uuid: UUID) -> Answer:
        deeds.delete_part(kind, uuid, by=request.caller, toelichting=request.toelichting)
        return Answer(204)

    one = f"/{path}/{{uuid}}"
    API.endpoint("POST", f"/{path}", scopes=deeds.WRITE, takes=takes, gives=kind.resource, name=f"{name}_create")(make)
    API.endpoint("PUT", one, scopes=deeds.WRITE, takes=takes, gives=kind.resource, name=f"{name}_update")(replace)
    API.endpoint(
        "PATCH",
        one,
        scopes=deeds.WRITE,
        takes=takes,
        is_partial=True,
        gives=kind.resource,
        name=f"{name}_partial_update",
    )(change)
    API.endpoint("DELETE", one, scopes=deeds.DELETE, name=f"{name}_destroy")(remove)


_part(kinds.STATUSTYPEN, name="statustype", query=shapes.PartQuery, takes=shapes.StatustypeBody)
_part(kinds.RESULTAATTYPEN, name="resultaattype", query=shapes.ResultaattypeQuery, takes=shapes.ResultaattypeInBody)
_part(kinds.ROLTYPEN, name="roltype", query=shapes.RoltypeQuery, takes=shapes.RoltypeBody)
_part(kinds.EIGENSCHAPPEN, name="eigenschap", query=shapes.PartQuery, takes=shapes.EigenschapBody)
_part(kinds.ZAAKOBJECTTYPEN, name="zaakobjecttype", query=shapes.ZaakobjecttypeQuery, takes=shapes.ZaakobjecttypeBody)
_part(
    kinds.ZAAKTYPE_INFORMATIEOBJECTTYPEN, name="zaakinformatieobjecttype",
    query=shapes.ZaaktypeInformatieobjecttypeQuery, takes=shapes.ZaaktypeInformatieobjecttypeBody,
)  # fmt: skip
