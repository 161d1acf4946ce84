"""Bodies and query parameters of the Notificaties API. Source: the standard's OpenAPI file, Notificaties API 1.0.1."""

from __future__ import annotations

from datetime import datetime

from stadhuis.kit.api.shapes import GroupField, Shape, TextField, list_of, moment, text, text_map, uri


class KanaalBody(Shape):
    """A channel and the kenmerken its messages may carry."""

    url: str = uri(read_only=True, schema={"minLength": 1})
    naam: str = text(max_length=50, min_length=1)
    documentatie_link: str = uri(max_length=200, default="")
    filters: list[str] = list_of(TextField(max_length=100, min_length=1, blank=False))


class KanaalQuery(Shape):
    """Query parameters of the list of channels."""

    naam: str = text(default="", blank=False)


class FilterGroupBody(Shape):
    """A channel of a subscription; all its filters must match, ``*`` matches everything."""

    filters: dict[str, str] = text_map(max_length=1000, min_length=1)
    naam: str = text(min_length=1)


class AbonnementBody(Shape):
    """A subscription. ``auth`` is the whole Authorization header of a delivery; it is taken and never given back."""

    url: str = uri(read_only=True, schema={"minLength": 1})
    callback_url: str = uri(max_length=None, min_length=1)
    auth: str = text(min_length=1)
    kanalen: list[FilterGroupBody] = list_of(GroupField(FilterGroupBody), required=True)


class MessageBody(Shape):
    """A notification: what changed and where, never what it says."""

    kanaal: str = text(max_length=50, min_length=1)
    hoofd_object: str = uri(max_length=None, min_length=1)
    resource: str = text(max_length=100, min_length=1)
    resource_url: str = uri(max_length=None, min_length=1)
    actie: str = text(max_length=100, min_length=1)
    aanmaakdatum: datetime = moment()
    kenmerken: dict[str, str] = text_map(max_length=1000, min_length=1)
