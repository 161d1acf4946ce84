"""How the standard identifies someone in a rol, and what a zaak is about, in place of an address.

Source: the standard's OpenAPI file, Zaken API 1.7.0, discriminators ``betrokkeneType`` and ``objectType``.
"""

from __future__ import annotations

import re
from typing import Any, Final

from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.shapes import (
    AnyField,
    Faults,
    Shape,
    TextField,
    choice,
    group,
    integer,
    list_of,
    passes_eleven_test,
    text,
)

_A_NUMMER: Final = re.compile("[1-9][0-9]{9}", re.ASCII)


class BsnField(TextField):
    """Nine digits that pass the eleven-test. The fault never repeats the number."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(max_length=9, **rest)

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not (value.isascii() and value.isdigit()):
            faults.append(Fault(path, "only-digits", "Voer een numerieke waarde in"))
        elif len(value) != 9 or not passes_eleven_test(value):
            faults.append(Fault(path, "invalid", "Onjuist BSN nummer"))
        return value


class _ANummerField(TextField):
    """Ten digits, not beginning with 0."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(max_length=10, **rest)

    def convert_text(self, value: str, path: str, faults: Faults) -> Any:
        if not _A_NUMMER.fullmatch(value):
            faults.append(Fault(path, "invalid", "Voer een geldig A-nummer in."))
        return value


class _DataField(AnyField):
    """An object of free content."""

    type_name = "object"

    def convert(self, value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict):
            faults.append(Fault(path, "invalid", "Ongeldige gegevens: een object werd verwacht."))
            return None
        return super().convert(value, path, faults)


def bsn(**rest: Any) -> Any:
    """Return a field for a BSN."""
    return BsnField(**rest)


def _a_nummer(**rest: Any) -> Any:
    return _ANummerField(**rest)


def _data(**rest: Any) -> Any:
    return _DataField(**rest)


class VerblijfsAdresBody(Shape):
    """``VerblijfsAdres`` of the standard."""

    aoa_identificatie: str = text(max_length=100)
    wpl_woonplaats_naam: str = text(max_length=80)
    gor_openbare_ruimte_naam: str = text(max_length=80)
    aoa_postcode: str = text(max_length=7, default="")
    aoa_huisnummer: int | None = integer(minimum=0, maximum=99999)
    aoa_huisletter: str = text(max_length=1, default="")
    aoa_huisnummertoevoeging: str = text(max_length=4, default="")
    inp_locatiebeschrijving: str = text(max_length=1000, default="")


class SubVerblijfBuitenlandBody(Shape):
    """``SubVerblijfBuitenland`` of the standard."""

    lnd_landcode: str = text(max_length=4)
    lnd_landnaam: str = text(max_length=40)
    sub_adres_buitenland_1: str = text(max_length=35, default="", key="subAdresBuitenland_1")
    sub_adres_buitenland_2: str = text(max_length=35, default="", key="subAdresBuitenland_2")
    sub_adres_buitenland_3: str = text(max_length=35, default="", key="subAdresBuitenland_3")


class RolNatuurlijkPersoonBody(Shape):
    """``RolNatuurlijkPersoon`` of the standard."""

    inp_bsn: str = bsn(default="")
    anp_identificatie: str = text(max_length=17, default="")
    inp_a_nummer: str = _a_nummer(default="", key="inpA_nummer")
    geslachtsnaam: str = text(max_length=200, default="")
    voorvoegsel_geslachtsnaam: str = text(max_length=80, default="")
    voorletters: str = text(max_length=20, default="")
    voornamen: str = text(max_length=200, default="")
    geslachtsaanduiding: str = choice(("m", "v", "o"), blank=True, default="")
    geboortedatum: str = text(max_length=18, default="")
    verblijfsadres: VerblijfsAdresBody | None = group(VerblijfsAdresBody, null=True)
    sub_verblijf_buitenland: SubVerblijfBuitenlandBody | None = group(SubVerblijfBuitenlandBody, null=True)


class RolNietNatuurlijkPersoonBody(Shape):
    """``RolNietNatuurlijkPersoon`` of the standard."""

    inn_nnp_id: str = text(max_length=9, default="")
    ann_identificatie: str = text(max_length=17, default="")
    statutaire_naam: str = text(max_length=500, default="")
    inn_rechtsvorm: str = choice(
        (
            "besloten_vennootschap",
            "cooperatie_europees_economische_samenwerking",
            "europese_cooperatieve_venootschap",
            "europese_cooperatieve_vennootschap",
            "europese_naamloze_vennootschap",
            "kerkelijke_organisatie",
            "naamloze_vennootschap",
            "onderlinge_waarborg_maatschappij",
            "overig_privaatrechtelijke_rechtspersoon",
            "stichting",
            "vereniging",
            "vereniging_van_eigenaars",
            "publiekrechtelijke_rechtspersoon",
            "vennootschap_onder_firma",
            "maatschap",
            "rederij",
            "commanditaire_vennootschap",
            "kapitaalvennootschap_binnen_eer",
            "overige_buitenlandse_rechtspersoon_vennootschap",
            "kapitaalvennootschap_buiten_eer",
        ),
        blank=True,
        default="",
    )
    bezoekadres: str = text(max_length=1000, default="")
    sub_verblijf_buitenland: SubVerblijfBuitenlandBody | None = group(SubVerblijfBuitenlandBody, null=True)


class RolVestigingBody(Shape):
    """``RolVestiging`` of the standard."""

    vestigings_nummer: str = text(max_length=24, default="")
    handelsnaam: list[str] = list_of(TextField(max_length=625, blank=True))
    verblijfsadres: VerblijfsAdresBody | None = group(VerblijfsAdresBody, null=True)
    sub_verblijf_buitenland: SubVerblijfBuitenlandBody | None = group(SubVerblijfBuitenlandBody, null=True)
    kvk_nummer: str = text(max_length=8, default="")


class RolOrganisatorischeEenheidBody(Shape):
    """``RolOrganisatorischeEenheid`` of the standard."""

    identificatie: str = text(max_length=24, default="")
    naam: str = text(max_length=50, default="")
    is_gehuisvest_in: str = text(max_length=24, default="")


class RolMedewerkerBody(Shape):
    """``RolMedewerker`` of the standard."""

    identificatie: str = text(max_length=254, default="")
    achternaam: str = text(max_length=200, default="")
    voorletters: str = text(max_length=20, default="")
    voorvoegsel_achternaam: str = text(max_length=10, default="")


class ObjectAdresBody(Shape):
    """``ObjectAdres`` of the standard."""

    identificatie: str = text(max_length=100)
    wpl_woonplaats_naam: str = text(max_length=80)
    gor_openbare_ruimte_naam: str = text(max_length=80)
    huisnummer: int | None = integer(minimum=0, maximum=99999)
    huisletter: str = text(max_length=1, default="")
    huisnummertoevoeging: str = text(max_length=4, default="")
    postcode: str = text(max_length=7, default="")


class ObjectBuurtBody(Shape):
    """``ObjectBuurt`` of the standard."""

    buurt_code: str = text(max_length=2)
    buurt_naam: str = text(max_length=40)
    gem_gemeente_code: str = text(max_length=4)
    wyk_wijk_code: str = text(max_length=2)


class ObjectGemeenteBody(Shape):
    """``ObjectGemeente`` of the standard."""

    gemeente_naam: str = text(max_length=80)
    gemeente_code: str = text(max_length=4)


class ObjectGemeentelijkeOpenbareRuimteBody(Shape):
    """``ObjectGemeentelijkeOpenbareRuimte`` of the standard."""

    identificatie: str = text(max_length=100)
    openbare_ruimte_naam: str = text(max_length=80)


class TerreinGebouwdObjectAdresBody(Shape):
    """``TerreinGebouwdObjectAdres`` of the standard."""

    num_identificatie: str = text(max_length=100, default="")
    oao_identificatie: str = text(max_length=100, default="")
    aoa_identificatie: str = text(max_length=100, default="")
    wpl_woonplaats_naam: str = text(max_length=80)
    gor_openbare_ruimte_naam: str = text(max_length=80)
    aoa_postcode: str = text(max_length=7, default="")
    aoa_huisnummer: int | None = integer(minimum=0, maximum=99999)
    aoa_huisletter: str = text(max_length=1, default="")
    aoa_huisnummertoevoeging: str = text(max_length=4, default="")
    ogo_locatie_aanduiding: str = text(max_length=100, default="")


class ObjectTerreinGebouwdObjectBody(Shape):
    """``ObjectTerreinGebouwdObject`` of the standard."""

    identificatie: str = text(max_length=100)
    adres_aanduiding_grp: TerreinGebouwdObjectAdresBody | None = group(TerreinGebouwdObjectAdresBody, null=True)


class ObjectHuishoudenBody(Shape):
    """``ObjectHuishouden`` of the standard."""

    nummer: str = text(max_length=12)
    is_gehuisvest_in: ObjectTerreinGebouwdObjectBody | None = group(ObjectTerreinGebouwdObjectBody, null=True)


class ObjectInrichtingselementBody(Shape):
    """``ObjectInrichtingselement`` of the standard."""

    type: str = choice(
        (
            "bak",
            "bord",
            "installatie",
            "kast",
            "mast",
            "paal",
            "sensor",
            "straatmeubilair",
            "waterinrichtingselement",
            "weginrichtingselement",
        )
    )
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=500, default="")


class ObjectKadastraleOnroerendeZaakBody(Shape):
    """``ObjectKadastraleOnroerendeZaak`` of the standard."""

    kadastrale_identificatie: str = text(max_length=100)
    kadastrale_aanduiding: str = text(max_length=1000)


class ObjectKunstwerkdeelBody(Shape):
    """``ObjectKunstwerkdeel`` of the standard."""

    type: str = choice(
        (
            "keermuur",
            "overkluizing",
            "duiker",
            "faunavoorziening",
            "vispassage",
            "bodemval",
            "coupure",
            "ponton",
            "voorde",
            "hoogspanningsmast",
            "gemaal",
            "perron",
            "sluis",
            "strekdam",
            "steiger",
            "stuw",
        )
    )
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=80)


class ObjectMaatschappelijkeActiviteitBody(Shape):
    """``ObjectMaatschappelijkeActiviteit`` of the standard."""

    kvk_nummer: str = text(max_length=8)
    handelsnaam: str = text(max_length=200)


class ObjectOpenbareRuimteBody(Shape):
    """``ObjectOpenbareRuimte`` of the standard."""

    identificatie: str = text(max_length=100)
    wpl_woonplaats_naam: str = text(max_length=80)
    gor_openbare_ruimte_naam: str = text(max_length=80)


class ObjectPandBody(Shape):
    """``ObjectPand`` of the standard."""

    identificatie: str = text(max_length=100)


class ObjectSpoorbaandeelBody(Shape):
    """``ObjectSpoorbaandeel`` of the standard."""

    type: str = choice(("breedspoor", "normaalspoor", "smalspoor", "spoorbaan"))
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=500, default="")


class ObjectTerreindeelBody(Shape):
    """``ObjectTerreindeel`` of the standard."""

    type: str = text(max_length=40)
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=500, default="")


class ObjectWaterdeelBody(Shape):
    """``ObjectWaterdeel`` of the standard."""

    type_waterdeel: str = choice(("zee", "waterloop", "watervlakte", "greppel_droge_sloot"))
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=500, default="")


class ObjectWegdeelBody(Shape):
    """``ObjectWegdeel`` of the standard."""

    type: str = text(max_length=100)
    identificatie: str = text(max_length=100)
    naam: str = text(max_length=500, default="")


class ObjectWijkBody(Shape):
    """``ObjectWijk`` of the standard."""

    wijk_code: str = text(max_length=2)
    wijk_naam: str = text(max_length=40)
    gem_gemeente_code: str = text(max_length=4)


class ObjectWoonplaatsBody(Shape):
    """``ObjectWoonplaats`` of the standard."""

    identificatie: str = text(max_length=100)
    woonplaats_naam: str = text(max_length=80)


class WozObjectAdresBody(Shape):
    """``WozObjectAdres`` of the standard."""

    aoa_identificatie: str = text(max_length=100)
    wpl_woonplaats_naam: str = text(max_length=80)
    gor_openbare_ruimte_naam: str = text(max_length=80)
    aoa_postcode: str = text(max_length=7, default="")
    aoa_huisnummer: int | None = integer(minimum=0, maximum=99999)
    aoa_huisletter: str = text(max_length=1, default="")
    aoa_huisnummertoevoeging: str = text(max_length=4, default="")
    locatie_omschrijving: str = text(max_length=1000, default="")


class ObjectWozObjectBody(Shape):
    """``ObjectWozObject`` of the standard."""

    woz_object_nummer: str = text(max_length=100)
    aanduiding_woz_object: WozObjectAdresBody | None = group(WozObjectAdresBody, null=True)


class ObjectWozDeelobjectBody(Shape):
    """``ObjectWozDeelobject`` of the standard."""

    nummer_woz_deel_object: str = text(max_length=6)
    is_onderdeel_van: ObjectWozObjectBody | None = group(ObjectWozObjectBody, default=None)


class ObjectWozWaardeBody(Shape):
    """``ObjectWozWaarde`` of the standard."""

    waardepeildatum: str = text(max_length=9)
    is_voor: ObjectWozObjectBody | None = group(ObjectWozObjectBody, default=None)


class ZakelijkRechtHeeftAlsGerechtigdeBody(Shape):
    """``ZakelijkRechtHeeftAlsGerechtigde`` of the standard."""

    natuurlijk_persoon: RolNatuurlijkPersoonBody | None = group(RolNatuurlijkPersoonBody, default=None)
    niet_natuurlijk_persoon: RolNietNatuurlijkPersoonBody | None = group(RolNietNatuurlijkPersoonBody, default=None)


class ObjectZakelijkRechtBody(Shape):
    """``ObjectZakelijkRecht`` of the standard."""

    identificatie: str = text(max_length=100)
    avg_aard: str = text(max_length=1000)
    heeft_betrekking_op: ObjectKadastraleOnroerendeZaakBody | None = group(
        ObjectKadastraleOnroerendeZaakBody, default=None
    )
    heeft_als_gerechtigde: ZakelijkRechtHeeftAlsGerechtigdeBody | None = group(
        ZakelijkRechtHeeftAlsGerechtigdeBody, default=None
    )


class ObjectOverigeBody(Shape):
    """``ObjectOverige`` of the standard."""

    overige_data: dict[str, Any] = _data()


BETROKKENE: Final[dict[str, type[Shape] | None]] = {
    "natuurlijk_persoon": RolNatuurlijkPersoonBody,
    "niet_natuurlijk_persoon": RolNietNatuurlijkPersoonBody,
    "vestiging": RolVestigingBody,
    "organisatorische_eenheid": RolOrganisatorischeEenheidBody,
    "medewerker": RolMedewerkerBody,
}
"""Value of ``betrokkeneType`` -> what identifies such a betrokkene."""
OBJECT: Final[dict[str, type[Shape] | None]] = {
    "adres": ObjectAdresBody,
    "besluit": None,
    "buurt": ObjectBuurtBody,
    "enkelvoudig_document": None,
    "gemeente": ObjectGemeenteBody,
    "gemeentelijke_openbare_ruimte": ObjectGemeentelijkeOpenbareRuimteBody,
    "huishouden": ObjectHuishoudenBody,
    "inrichtingselement": ObjectInrichtingselementBody,
    "kadastrale_onroerende_zaak": ObjectKadastraleOnroerendeZaakBody,
    "kunstwerkdeel": ObjectKunstwerkdeelBody,
    "maatschappelijke_activiteit": ObjectMaatschappelijkeActiviteitBody,
    "medewerker": RolMedewerkerBody,
    "natuurlijk_persoon": RolNatuurlijkPersoonBody,
    "niet_natuurlijk_persoon": RolNietNatuurlijkPersoonBody,
    "openbare_ruimte": ObjectOpenbareRuimteBody,
    "organisatorische_eenheid": RolOrganisatorischeEenheidBody,
    "pand": ObjectPandBody,
    "spoorbaandeel": ObjectSpoorbaandeelBody,
    "status": None,
    "terreindeel": ObjectTerreindeelBody,
    "terrein_gebouwd_object": ObjectTerreinGebouwdObjectBody,
    "vestiging": RolVestigingBody,
    "waterdeel": ObjectWaterdeelBody,
    "wegdeel": ObjectWegdeelBody,
    "wijk": ObjectWijkBody,
    "woonplaats": ObjectWoonplaatsBody,
    "woz_deelobject": ObjectWozDeelobjectBody,
    "woz_object": ObjectWozObjectBody,
    "woz_waarde": ObjectWozWaardeBody,
    "zakelijk_recht": ObjectZakelijkRechtBody,
    "overige": ObjectOverigeBody,
}
"""Value of ``objectType`` -> what identifies such an object; None for one that has an address only."""
