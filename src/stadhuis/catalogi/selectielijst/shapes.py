"""What an entry of a list looks like in a file and in an answer. Source: VNG's OpenAPI file, vrl API 0.6.0.

``url`` and ``procesType`` are left out: in a file they are an identification, bare or as the end of an address.
"""

from __future__ import annotations

from stadhuis.catalogi.choices import ARCHIEFNOMINATIE, PROCESTERMIJN
from stadhuis.kit.api.shapes import Shape, boolean, choice, duration, integer, text


class ProcestypeBody(Shape):
    """A process."""

    nummer: int = integer()
    jaar: int = integer(minimum=1900, maximum=2999)
    naam: str = text(max_length=100)
    omschrijving: str = text(max_length=300, default="")
    toelichting: str = text(default="")
    procesobject: str = text(max_length=80, default="")


class ResultaatBody(Shape):
    """How a process may end, and what that means for the archive."""

    nummer: int = integer()
    volledig_nummer: str = text(max_length=20)
    generiek: bool = boolean()
    specifiek: bool = boolean()
    naam: str = text(max_length=40)
    omschrijving: str = text(max_length=150, default="")
    herkomst: str = text(max_length=200, default="")
    waardering: str = choice(ARCHIEFNOMINATIE, blank=True)
    procestermijn: str = choice(PROCESTERMIJN, blank=True, default="")
    procestermijn_weergave: str = text(max_length=200, default="")
    procestermijn_opmerking: str = text(max_length=20, default="")
    bewaartermijn: str | None = duration(null=True)
    toelichting: str = text(default="")
    algemeen_bestuur_en_inrichting_organisatie: bool = boolean(default=False)
    bedrijfsvoering_en_personeel: bool = boolean(default=False)
    publieke_informatie_en_registratie: bool = boolean(default=False)
    burgerzaken: bool = boolean(default=False)
    veiligheid: bool = boolean(default=False)
    verkeer_en_vervoer: bool = boolean(default=False)
    economie: bool = boolean(default=False)
    onderwijs: bool = boolean(default=False)
    sport_cultuur_en_recreatie: bool = boolean(default=False)
    sociaal_domein: bool = boolean(default=False)
    volksgezonheid_en_milieu: bool = boolean(default=False)
    vhrosv: bool = boolean(default=False)
    heffen_belastingen: bool = boolean(default=False)
    alle_taakgebieden: bool = boolean(default=False)


class OmschrijvingBody(Shape):
    """What an outcome is called everywhere."""

    omschrijving: str = text(max_length=20)
    definitie: str = text(max_length=255)
    opmerking: str = text(max_length=255, default="")


class KanaalBody(Shape):
    """How somebody reached the municipality."""

    naam: str = text(max_length=20)
    omschrijving: str = text(max_length=200)


class NoQuery(Shape):
    """Query parameters of a list that has none."""


class ProcestypenQuery(Shape):
    """Query parameters of the list of processes."""

    jaar: int | None = integer(minimum=0, maximum=9999, default=None)


class PagedQuery(Shape):
    """Query parameters of a list in pages."""

    page: int = integer(default=1)


class ResultatenQuery(PagedQuery):
    """Query parameters of the list of results."""

    proces_type: str = text(default="", max_length=1000)
