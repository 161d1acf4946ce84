"""Lists of values of the ZGW standard that the catalogue fixes and other rooms use."""

from __future__ import annotations

from typing import Final

VERTROUWELIJKHEID: Final = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)
"""From low to high; the place in this list, counted from 1, is the column ``vertrouwelijkheid_orde``."""
ARCHIEFNOMINATIE: Final = ("blijvend_bewaren", "vernietigen")
AFLEIDINGSWIJZE: Final = (
    "afgehandeld",
    "ander_datumkenmerk",
    "eigenschap",
    "gerelateerde_zaak",
    "hoofdzaak",
    "ingangsdatum_besluit",
    "termijn",
    "vervaldatum_besluit",
    "zaakobject",
)
OBJECTTYPE: Final = (
    "adres", "besluit", "buurt", "enkelvoudig_document", "gemeente", "gemeentelijke_openbare_ruimte", "huishouden",
    "inrichtingselement", "kadastrale_onroerende_zaak", "kunstwerkdeel", "maatschappelijke_activiteit", "medewerker",
    "natuurlijk_persoon", "niet_natuurlijk_persoon", "openbare_ruimte", "organisatorische_eenheid", "pand",
    "spoorbaandeel", "status", "terreindeel", "terrein_gebouwd_object", "vestiging", "waterdeel", "wegdeel", "wijk",
    "woonplaats", "woz_deelobject", "woz_object", "woz_waarde", "zakelijk_recht", "overige",
)  # fmt: skip
ROLOMSCHRIJVING: Final = (
    "adviseur",
    "behandelaar",
    "belanghebbende",
    "beslisser",
    "initiator",
    "klantcontacter",
    "zaakcoordinator",
    "mede_initiator",
)
RICHTING: Final = ("inkomend", "intern", "uitgaand")
FORMAAT: Final = ("tekst", "getal", "datum", "datum_tijd")
AARD_RELATIE: Final = ("vervolg", "bijdrage", "onderwerp")
PROCESTERMIJN: Final = (
    "nihil",
    "bestaansduur_procesobject",
    "ingeschatte_bestaansduur_procesobject",
    "vast_te_leggen_datum",
    "samengevoegd_met_bewaartermijn",
)
TAAKGEBIEDEN: Final = (
    "algemeen_bestuur_en_inrichting_organisatie", "bedrijfsvoering_en_personeel",
    "publieke_informatie_en_registratie", "burgerzaken", "veiligheid", "verkeer_en_vervoer", "economie", "onderwijs",
    "sport_cultuur_en_recreatie", "sociaal_domein", "volksgezonheid_en_milieu", "vhrosv", "heffen_belastingen",
    "alle_taakgebieden",
)  # fmt: skip
"""Of the selectielijst; spelled as its API spells them."""
INTERN_OF_EXTERN: Final = ("intern", "extern")


def orde(vertrouwelijkheidaanduiding: str) -> int:
    """Return 1 (openbaar) to 8 (zeer_geheim). Raises ``ValueError``. Source: BEHAVIOUR 4.3, ZGW Autorisaties."""
    return VERTROUWELIJKHEID.index(vertrouwelijkheidaanduiding) + 1
