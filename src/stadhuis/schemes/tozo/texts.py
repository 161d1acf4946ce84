"""The sentences of the findings, in Dutch (B1); the English ones stand in locale/en."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES: Final = {
    "periode-goed": _("De aanvraag van %(aanvraag_datum)s is op tijd voor Tozo %(ronde)s. De aanvraag telt vanaf %(geacht_datum)s."),
    "periode-te-vroeg": _("De aanvraag van %(aanvraag_datum)s is te vroeg. De Tozo begon op %(begin_datum)s."),
    "periode-te-laat": _("De aanvraag van %(aanvraag_datum)s is te laat. Aanvragen kon tot en met %(einde_datum)s."),
    "waarheid-goed": _("De aanvrager verklaart dat alles naar waarheid is ingevuld."),
    "waarheid-niet": _("De aanvrager verklaart niet dat alles naar waarheid is ingevuld."),
    "leeftijd-goed": _("De aanvrager is 18 jaar of ouder en heeft nog geen AOW."),
    "leeftijd-te-jong": _("De aanvrager is jonger dan 18 jaar."),
    "leeftijd-aow": _("De aanvrager heeft AOW sinds %(aow_datum)s. Dan is er geen uitkering voor levensonderhoud."),
    "leeftijd-aow-lening": _("De aanvrager heeft AOW sinds %(aow_datum)s. Een lening voor het bedrijf mag dan wel."),
    "woonland-goed": _("De aanvrager woont in Nederland."),
    "woonland-eu-uitkering": _("De aanvrager woont in een ander land van de EU. Dan is er geen uitkering voor levensonderhoud."),
    "woonland-eu-lening": _("De aanvrager woont in een ander land van de EU. De gemeente %(gemeente)s beslist over de lening. Stuur de aanvraag door."),
    "woonland-niet": _("De aanvrager woont buiten de EU. Dan is er geen Tozo."),
    "onderneming-goed": _("Het bedrijf staat in Nederland."),
    "onderneming-eu-uitkering": _("Het bedrijf staat in een ander land van de EU. Een uitkering voor levensonderhoud mag dan wel."),
    "onderneming-eu-lening": _("Het bedrijf staat in een ander land van de EU. Dan is er geen lening voor het bedrijf."),
    "onderneming-niet": _("Het bedrijf staat buiten de EU. Dan is er geen Tozo."),
    "uren-goed": _("De aanvrager werkt ten minste %(uren)s uur per jaar voor het bedrijf."),
    "uren-niet": _("De aanvrager werkt minder dan %(uren)s uur per jaar voor het bedrijf."),
    "inschrijving-goed": _("Het bedrijf heeft een KVK-nummer."),
    "inschrijving-buitenland": _("Het bedrijf staat niet in Nederland. Kijk of het is ingeschreven zoals dat land vraagt."),
    "inschrijving-niet": _("Er is geen KVK-nummer. Het bedrijf moet zijn ingeschreven."),
    "start-goed": _("Het bedrijf begon op %(start_datum)s. Dat is voor %(grens_datum)s, 18.45 uur."),
    "start-niet": _("Het bedrijf begon op %(start_datum)s. Dat is niet voor %(grens_datum)s, 18.45 uur."),
    "start-dag-zelf": _("Het bedrijf begon op %(start_datum)s. Zoek op of dat voor 18.45 uur was."),
    "start-onbekend": _("Wij weten niet wanneer het bedrijf begon."),
    "leefsituatie-goed": _("De leefsituatie past bij de gegevens in de BRP."),
    "leefsituatie-anders": _("De aanvrager zegt alleen te wonen, maar in de BRP staat een partner. Vraag dit na."),
    "akkoord-goed": _("De partner is het eens met de aanvraag."),
    "akkoord-niet": _("De partner is het nog niet eens met de aanvraag. Vraag om de handtekening van de partner."),
    "partner-inkomen-telt": _("Het inkomen van de partner telt mee: %(inkomen_cent)s per maand."),
    "partner-inkomen-telt-niet": _("Het inkomen van de partner telt niet mee in deze ronde."),
    "vermogen-goed": _("Het vermogen is niet hoger dan %(grens_cent)s."),
    "vermogen-niet": _("Het vermogen is hoger dan %(grens_cent)s."),
    "vermogen-onbekend": _("Wij weten niet hoe hoog het vermogen is."),
    "maanden-goed": _("Alle gevraagde maanden vallen in de periode van Tozo %(ronde)s."),
    "maanden-deels": _("%(buiten)s van de gevraagde maanden vallen buiten de periode van %(begin_maand)s tot en met %(einde_maand)s."),
    "maanden-niet": _("De gevraagde maanden vallen buiten de periode van %(begin_maand)s tot en met %(einde_maand)s."),
    "maanden-te-veel": _("In deze ronde kan de uitkering voor hoogstens %(hoogstens)s maanden."),
    "maanden-onbekend": _("Wij weten niet voor welke maanden de uitkering is."),
    "huishouden-goed": _("De norm voor dit huishouden is %(norm_cent)s per maand."),
    "huishouden-onbekend": _("Voor de leeftijden in dit huishouden staat geen norm in de tabel. Bepaal de norm zelf."),
    "inkomen-goed": _("Het inkomen is %(inkomen_cent)s per maand. Dat is lager dan de norm. Van de winst gaat %(procent)s procent af."),
    "inkomen-deels": _("Het inkomen is %(inkomen_cent)s per maand. Dat is niet in alle maanden lager dan de norm."),
    "inkomen-te-hoog": _("Het inkomen is %(inkomen_cent)s per maand. Dat is niet lager dan de norm."),
    "inkomen-onbekend": _("Wij weten niet hoe hoog het inkomen is."),
    "norm-onzeker": _("Het normbedrag voor deze maanden is niet in een bron nagekeken."),
    "reden-goed": _("De aanvrager schrijft waarom de lening nodig is."),
    "reden-onbekend": _("De aanvrager schrijft niet waarom de lening nodig is."),
    "surseance-goed": _("Er is geen surseance van betaling of faillissement."),
    "surseance-niet": _("Er is surseance van betaling of faillissement. Dan is er geen lening voor het bedrijf."),
    "surseance-telt-niet": _("Surseance van betaling telt in deze ronde niet mee."),
    "surseance-onbekend": _("Wij weten niet of er surseance van betaling is."),
    "maximum-goed": _("De lening van %(lening_cent)s past onder het maximum van %(hoogste_cent)s voor alle rondes samen."),
    "maximum-deels": _("Er is al %(eerder_cent)s geleend. Tot het maximum van %(hoogste_cent)s blijft %(rest_cent)s over."),
    "maximum-niet": _("Er is al %(eerder_cent)s geleend. Het maximum van %(hoogste_cent)s voor alle rondes samen is bereikt."),
    "maximum-onbekend": _("Wij weten niet hoe hoog de lening moet zijn, of hoeveel er al is geleend."),
}  # fmt: skip


def sentence(message: str, params: Mapping[str, Any]) -> str:
    """Return the sentence in the language of the reader, amounts and dates written out."""
    return gettext(SENTENCES[message]) % {name: _written(name, value) for name, value in params.items()}


def euro(cents: int) -> str:
    """Return for example "€ 1.052,32", in the notation of the reader."""
    return f"€\N{NO-BREAK SPACE}{number_format(Decimal(cents) / 100, 2, use_l10n=True, force_grouping=True)}"


def _written(name: str, value: Any) -> str:
    if name.endswith("_cent"):
        return euro(value)
    if name.endswith("_datum"):
        return date_format(date.fromisoformat(value), "j F Y")
    if name.endswith("_maand"):
        return date_format(date.fromisoformat(f"{value}-01"), "F Y")
    if isinstance(value, int) and value >= 1_000:
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)
