"""A line of the audit trail as the APIs of the registers show it. Source: ``AuditTrail`` in their OpenAPI files."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from stadhuis.audit.reads import TrailRecord
from stadhuis.kit.api.resource import Resource, registered
from stadhuis.kit.api.shapes import Shape, anything, choice, group, integer, moment, text, uri, uuid

BRONNEN: Final = ("ac", "nrc", "zrc", "ztc", "drc", "brc", "cmc", "kc", "vrc")


class WijzigingenBody(Shape):
    """The whole object before and after."""

    oud: dict[str, Any] | None = anything(default=None, schema={"type": "object"})
    nieuw: dict[str, Any] | None = anything(default=None, schema={"type": "object"})


class AuditTrailBody(Shape):
    """A line of an audit trail. Only given back, never taken."""

    uuid: str = uuid(default="")
    bron: str = choice(BRONNEN)
    applicatie_id: str = text(max_length=100, default="")
    applicatie_weergave: str = text(max_length=200, default="")
    gebruikers_id: str = text(max_length=255, default="")
    gebruikers_weergave: str = text(max_length=255, default="")
    actie: str = text(max_length=50)
    actie_weergave: str = text(max_length=200, default="")
    resultaat: int = integer(minimum=100, maximum=599)
    hoofd_object: str = uri()
    resource: str = text(max_length=50)
    resource_url: str = uri()
    toelichting: str = text(default="")
    resource_weergave: str = text(max_length=200)
    aanmaakdatum: datetime | None = moment(read_only=True)
    wijzigingen: WijzigingenBody = group(WijzigingenBody)


def trail_json(line: TrailRecord, main: Resource) -> dict[str, Any]:
    """Return a line of the trail of a hoofdobject as JSON of the standard."""
    return {
        "uuid": str(line.uuid),
        "bron": line.bron,
        "applicatieId": line.applicatie_id,
        "applicatieWeergave": line.applicatie_weergave,
        "gebruikersId": line.gebruikers_id,
        "gebruikersWeergave": line.gebruikers_weergave,
        "actie": line.actie,
        "actieWeergave": line.actie_weergave,
        "resultaat": line.resultaat,
        "hoofdObject": main.url(line.about) if line.about else "",
        "resource": line.resource,
        "resourceUrl": (line.nieuw or line.oud or {}).get("url") or _url_of(line.resource, line.resource_id),
        "toelichting": line.toelichting,
        "resourceWeergave": line.resource_weergave,
        "aanmaakdatum": line.at.isoformat().replace("+00:00", "Z"),
        "wijzigingen": {"oud": line.oud, "nieuw": line.nieuw},
    }


def _url_of(resource: str, resource_id: UUID | None) -> str:
    try:
        return registered(resource).url(resource_id) if resource_id else ""
    except KeyError:
        return ""
