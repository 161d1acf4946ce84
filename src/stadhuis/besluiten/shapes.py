"""Bodies and query parameters of the Besluiten API. Source: the standard's OpenAPI file, Besluiten API 1.1.0."""

from __future__ import annotations

from datetime import date
from typing import Any

from stadhuis.kit.api.shapes import Shape, choice, day, integer, rsin, text, uri

VERVALREDEN = {
    "tijdelijk": "Besluit met tijdelijke werking",
    "ingetrokken_overheid": "Besluit ingetrokken door overheid",
    "ingetrokken_belanghebbende": "Besluit ingetrokken o.v.v. belanghebbende",
}


def _url() -> Any:
    return uri(read_only=True, schema={"minLength": 1})


class BesluitBody(Shape):
    """A decision."""

    url: str = _url()
    identificatie: str = text(max_length=50, default="")
    verantwoordelijke_organisatie: str = rsin(schema={"minLength": 1})
    besluittype: str = uri(max_length=200, schema={"minLength": 1})
    zaak: str = uri(max_length=200, default="")
    datum: date = day()
    toelichting: str = text(default="")
    bestuursorgaan: str = text(max_length=50, default="")
    ingangsdatum: date = day()
    vervaldatum: date | None = day(null=True)
    vervalreden: str = choice(VERVALREDEN, blank=True, default="")
    vervalreden_weergave: str = text(read_only=True, schema={"minLength": 1})
    publicatiedatum: date | None = day(null=True)
    verzenddatum: date | None = day(null=True)
    uiterlijke_reactiedatum: date | None = day(null=True)


class BesluitInformatieObjectBody(Shape):
    """A document that lays a decision down."""

    url: str = _url()
    informatieobject: str = uri(schema={"minLength": 1})
    besluit: str = uri(max_length=None)


def _address_filter() -> Any:
    return uri(default="", blank=False, max_length=None)


def _expand() -> Any:
    return text(default="", max_length=2000, schema={"maxLength": None})


class BesluitQuery(Shape):
    """What the list of besluiten can be narrowed by."""

    identificatie: str = text(default="", blank=False)
    verantwoordelijke_organisatie: str = text(default="", blank=False)
    besluittype: str = _address_filter()
    zaak: str = _address_filter()
    page: int = integer(default=1)
    expand: str = _expand()


class BesluitInformatieObjectQuery(Shape):
    """What the list of documents of besluiten can be narrowed by."""

    besluit: str = _address_filter()
    informatieobject: str = _address_filter()
    expand: str = _expand()
