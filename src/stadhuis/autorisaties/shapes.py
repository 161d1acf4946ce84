"""Bodies and query parameters of the Autorisaties API. Source: the standard's OpenAPI file, Autorisaties API 1.1.0."""

from __future__ import annotations

from datetime import datetime

from stadhuis.access import public as access
from stadhuis.autorisaties.choices import COMPONENTEN
from stadhuis.kit.api.shapes import (
    GroupField,
    Shape,
    TextField,
    boolean,
    choice,
    integer,
    list_of,
    moment,
    text,
    text_map,
    uri,
)


class AutorisatieBody(Shape):
    """A right in one component. Which of the last four belong to it follows from ``component``; others are left out.

    Empty text is taken for what has no type or maximum, as other providers give it.
    """

    component: str = choice(COMPONENTEN)
    component_weergave: str = text(read_only=True, schema={"minLength": 1})
    scopes: list[str] = list_of(TextField(max_length=100, min_length=1, blank=False), required=True)
    zaaktype: str = uri(default="")
    informatieobjecttype: str = uri(default="")
    besluittype: str = uri(default="")
    max_vertrouwelijkheidaanduiding: str = choice(
        access.ORDER, default="", blank=True, schema={"enum": list(access.ORDER)}
    )


class ApplicatieBody(Shape):
    """An application: its client ids, and all rights or a list of them."""

    url: str = uri(read_only=True, schema={"minLength": 1})
    client_ids: list[str] = list_of(TextField(max_length=50, min_length=1, blank=False), required=True)
    label: str = text(max_length=100, min_length=1)
    heeft_alle_autorisaties: bool = boolean(default=False)
    alleen_is_gereed_voor_publicatie: bool = boolean(default=False)
    autorisaties: list[AutorisatieBody] = list_of(GroupField(AutorisatieBody), most=10_000)


class ApplicatieQuery(Shape):
    """Query parameters of the list."""

    client_ids: str = text(default="", blank=False)
    page: int = integer(default=1)


class ConsumerQuery(Shape):
    """Query parameters of the look-up by client id."""

    client_id: str = text()


class MessageBody(Shape):
    """A notification as a webhook gets it. Source: Notificaties API for consumers 1.0.0-rc1."""

    kanaal: str = text(max_length=50, min_length=1)
    hoofd_object: str = uri(max_length=None, min_length=1)
    resource: str = text(max_length=100, min_length=1)
    resource_url: str = uri(max_length=None, min_length=1)
    actie: str = text(max_length=100, min_length=1)
    aanmaakdatum: datetime = moment()
    kenmerken: dict[str, str] = text_map(max_length=1000, min_length=1)
