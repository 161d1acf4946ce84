"""The bodies of BRP API Personen 2.7.0 and of KVK Basisprofiel, as far as we ask for them.

What is absent in the BRP is unknown or does not exist; it becomes an empty value here. What has the wrong type is an error.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stadhuis.personen.records import (
    Adres,
    Bedrijf,
    Datum,
    Geslacht,
    GevondenPersoon,
    Kind,
    Naam,
    Ouder,
    Partner,
    Persoon,
)


class _Shape(BaseModel):
    # Inputs stay out of error texts: they are personal data.
    model_config = ConfigDict(
        alias_generator=to_camel, extra="ignore", frozen=True, hide_input_in_errors=True, regex_engine="python-re"
    )


class Waarde(_Shape):
    """Schema Waardetabel."""

    code: str = ""
    omschrijving: str = ""


class BrpDatum(_Shape):
    """Schema AbstractDatum: one of VolledigeDatum, JaarMaandDatum, JaarDatum, DatumOnbekend."""

    type: str
    lang_formaat: str
    datum: date | None = None

    def record(self) -> Datum:
        """Return the record."""
        return Datum(self.datum, self.lang_formaat)


class BrpNaam(_Shape):
    """Schema NaamBasis."""

    voornamen: str = ""
    voorvoegsel: str = ""
    geslachtsnaam: str = ""
    voorletters: str = ""

    def record(self) -> Naam:
        """Return the record."""
        return Naam(self.voornamen, self.voorvoegsel, self.geslachtsnaam, self.voorletters)


class BrpGeboorte(_Shape):
    """Schema Geboorte, the date only."""

    datum: BrpDatum | None = None


class Verblijfadres(_Shape):
    """Schemas VerblijfadresBinnenland, VerblijfadresBuitenland and VerblijfadresLocatie together."""

    officiele_straatnaam: str = ""
    korte_straatnaam: str = ""
    huisnummer: int | None = None
    huisletter: str = ""
    huisnummertoevoeging: str = ""
    postcode: str = ""
    woonplaats: str = ""
    regel1: str = ""
    regel2: str = ""
    regel3: str = ""
    land: Waarde = Waarde()
    locatiebeschrijving: str = ""


class Verblijfplaats(_Shape):
    """Schema AbstractVerblijfplaats."""

    type: Literal["Adres", "Locatie", "VerblijfplaatsBuitenland", "VerblijfplaatsOnbekend"]
    verblijfadres: Verblijfadres | None = None
    nummeraanduiding_identificatie: str = ""

    def record(self) -> Adres | None:
        """Return the address, or None when it is unknown."""
        lines = self.verblijfadres
        match self.type:
            case "Adres" if lines is not None:
                straat = lines.officiele_straatnaam or lines.korte_straatnaam
                return dutch_address(
                    straat, lines.huisnummer, lines.huisletter, lines.huisnummertoevoeging, lines.postcode,
                    lines.woonplaats, self.nummeraanduiding_identificatie,
                )  # fmt: skip
            case "Locatie" if lines is not None:
                return Adres(regels=(lines.locatiebeschrijving, lines.woonplaats), woonplaats=lines.woonplaats)
            case "VerblijfplaatsBuitenland" if lines is not None:
                regels = tuple(line for line in (lines.regel1, lines.regel2, lines.regel3) if line)
                return Adres(regels=regels, land=lines.land.omschrijving, is_buitenland=True)
            case _:
                return None


class Aangaan(_Shape):
    """Schema AangaanHuwelijkPartnerschap, the date only."""

    datum: BrpDatum | None = None


class BrpPartner(_Shape):
    """Schema Partner."""

    burgerservicenummer: str | None = None
    naam: BrpNaam = BrpNaam()
    geboorte: BrpGeboorte = BrpGeboorte()
    soort_verbintenis: Waarde = Waarde()
    aangaan_huwelijk_partnerschap: Aangaan = Aangaan()
    ontbinding_huwelijk_partnerschap: Aangaan | None = None

    def record(self) -> Partner:
        """Return the record."""
        begun = self.aangaan_huwelijk_partnerschap.datum
        return Partner(
            bsn=self.burgerservicenummer,
            naam=self.naam.record(),
            geboorte=_born(self.geboorte),
            soort=self.soort_verbintenis.omschrijving,
            sinds=begun.datum if begun else None,
        )


class Verwant(_Shape):
    """Schemas Kind and Ouder."""

    burgerservicenummer: str | None = None
    naam: BrpNaam = BrpNaam()
    geboorte: BrpGeboorte = BrpGeboorte()


class BrpNationaliteit(_Shape):
    """Schema AbstractNationaliteit."""

    type: str
    nationaliteit: Waarde = Waarde()

    def name(self) -> str:
        """Return the nationality in words."""
        special = {
            "Staatloos": "staatloos",
            "NationaliteitOnbekend": "onbekend",
            "BehandeldAlsNederlander": "behandeld als Nederlander",
            "VastgesteldNietNederlander": "vastgesteld niet-Nederlander",
        }
        return special.get(self.type, self.nationaliteit.omschrijving)


class Aanschrijfwijze(_Shape):
    """Schema Aanschrijfwijze."""

    naam: str = ""


class Adressering(_Shape):
    """Schema Adressering."""

    aanhef: str = ""
    aanschrijfwijze: Aanschrijfwijze = Aanschrijfwijze()
    adresregel1: str = ""
    adresregel2: str = ""
    adresregel3: str = ""


class Overlijden(_Shape):
    """Schema Overlijden, the date only."""

    datum: BrpDatum | None = None


class Opschorting(_Shape):
    """Schema OpschortingBijhouding."""

    reden: Waarde = Waarde()


class BrpPersoon(_Shape):
    """Schemas Persoon and PersoonBeperkt."""

    burgerservicenummer: str = Field(pattern=r"^[0-9]{9}$")
    naam: BrpNaam = BrpNaam()
    geboorte: BrpGeboorte = BrpGeboorte()
    geslacht: Waarde = Waarde()
    verblijfplaats: Verblijfplaats | None = None
    adressering: Adressering = Adressering()
    partners: tuple[BrpPartner, ...] = ()
    kinderen: tuple[Verwant, ...] = ()
    ouders: tuple[Verwant, ...] = ()
    nationaliteiten: tuple[BrpNationaliteit, ...] = ()
    gemeente_van_inschrijving: Waarde = Waarde()
    geheimhouding_persoonsgegevens: bool = False
    overlijden: Overlijden | None = None
    opschorting_bijhouding: Opschorting = Opschorting()

    def record(self) -> Persoon:
        """Return the record. A partner whose bond has ended (divorce, death) is not the partner any more."""
        current = next((one for one in self.partners if one.ontbinding_huwelijk_partnerschap is None), None)
        died = self.overlijden
        return Persoon(
            bsn=self.burgerservicenummer,
            naam=self.naam.record(),
            geboorte=_born(self.geboorte),
            geslacht=_geslacht(self.geslacht),
            adres=self.verblijfplaats.record() if self.verblijfplaats else None,
            partner=current.record() if current else None,
            kinderen=tuple(Kind(one.burgerservicenummer, one.naam.record(), _born(one.geboorte)) for one in self.kinderen),
            ouders=tuple(Ouder(one.burgerservicenummer, one.naam.record(), _born(one.geboorte)) for one in self.ouders),
            nationaliteiten=tuple(one.name() for one in self.nationaliteiten),
            aanhef=self.adressering.aanhef,
            aanschrijfnaam=self.adressering.aanschrijfwijze.naam,
            gemeente_code=self.gemeente_van_inschrijving.code,
            geheimhouding=self.geheimhouding_persoonsgegevens,
            is_overleden=died is not None or self.opschorting_bijhouding.reden.code == "O",
            overleden_op=died.datum.record() if died and died.datum else None,
        )  # fmt: skip

    def found(self) -> GevondenPersoon:
        """Return the line of a search."""
        lines = (self.adressering.adresregel1, self.adressering.adresregel2, self.adressering.adresregel3)
        return GevondenPersoon(
            bsn=self.burgerservicenummer,
            naam=self.naam.record(),
            geboorte=_born(self.geboorte),
            geslacht=_geslacht(self.geslacht),
            adresregels=tuple(line for line in lines if line),
            geheimhouding=self.geheimhouding_persoonsgegevens,
        )


class BrpAntwoord(_Shape):
    """Schema PersonenQueryResponse."""

    type: str
    personen: tuple[BrpPersoon, ...]


def _born(born: BrpGeboorte) -> Datum | None:
    return born.datum.record() if born.datum else None


def _geslacht(value: Waarde) -> Geslacht:
    match value.code:
        case "M":
            return "man"
        case "V":
            return "vrouw"
        case _:
            return "onbekend"


def dutch_address(
    straat: str,
    huisnummer: int | None,
    huisletter: str,
    toevoeging: str,
    postcode: str,
    woonplaats: str,
    nummeraanduiding: str = "",
) -> Adres:
    """Return a Dutch address with its envelope lines; two spaces after the postcode, as PostNL writes it."""
    spaced = f"{postcode[:4]} {postcode[4:].strip()}" if len(postcode) >= 6 else postcode
    bare = Adres(
        (), straat=straat, huisnummer=huisnummer, huisletter=huisletter, toevoeging=toevoeging, postcode=spaced,
        woonplaats=woonplaats, nummeraanduiding=nummeraanduiding,
    )  # fmt: skip
    regels = (f"{straat} {bare.nummer}".strip(), f"{spaced}  {woonplaats}".strip())
    return Adres(
        regels, straat=straat, huisnummer=huisnummer, huisletter=huisletter, toevoeging=toevoeging, postcode=spaced,
        woonplaats=woonplaats, nummeraanduiding=nummeraanduiding,
    )  # fmt: skip


class KvkAdres(_Shape):
    """An address of a branch."""

    type: str = ""
    ind_afgeschermd: str = "Nee"
    straatnaam: str = ""
    huisnummer: int | None = None
    huisletter: str = ""
    huisnummer_toevoeging: str = ""
    postcode: str = ""
    plaats: str = ""
    straat_huisnummer: str = ""
    postcode_woonplaats: str = ""
    land: str = "Nederland"

    def record(self) -> Adres | None:
        """Return the address, or None when it is shielded."""
        if self.straatnaam:
            return dutch_address(
                self.straatnaam,
                self.huisnummer,
                self.huisletter,
                self.huisnummer_toevoeging,
                self.postcode,
                self.plaats,
            )
        regels = tuple(line for line in (self.straat_huisnummer, self.postcode_woonplaats) if line)
        return Adres(regels, land=self.land, is_buitenland=self.land.casefold() != "nederland") if regels else None


class MaterieleRegistratie(_Shape):
    """When the business itself began."""

    datum_aanvang: str = ""


class Handelsnaam(_Shape):
    """A trade name."""

    naam: str


class SbiActiviteit(_Shape):
    """What a company does."""

    sbi_omschrijving: str = ""


class Hoofdvestiging(_Shape):
    """The main branch."""

    vestigingsnummer: str = ""
    adressen: tuple[KvkAdres, ...] = ()


class Eigenaar(_Shape):
    """The owner: the legal form stands here."""

    rechtsvorm: str = ""
    rsin: str = ""


class Ingebed(_Shape):
    """What is embedded in a basisprofiel."""

    hoofdvestiging: Hoofdvestiging | None = None
    eigenaar: Eigenaar = Eigenaar()


class Basisprofiel(_Shape):
    """A basisprofiel of the KVK."""

    kvk_nummer: str = Field(pattern=r"^[0-9]{8}$")
    naam: str
    materiele_registratie: MaterieleRegistratie = MaterieleRegistratie()
    handelsnamen: tuple[Handelsnaam, ...] = ()
    sbi_activiteiten: tuple[SbiActiviteit, ...] = ()
    embedded: Ingebed = Field(default=Ingebed(), alias="_embedded")

    def record(self) -> Bedrijf:
        """Return the record."""
        branch = self.embedded.hoofdvestiging or Hoofdvestiging()
        visit = next((one for one in branch.adressen if one.type == "bezoekadres"), None)
        return Bedrijf(
            kvk_nummer=self.kvk_nummer,
            naam=self.naam,
            rechtsvorm=self.embedded.eigenaar.rechtsvorm,
            startdatum=_kvk_date(self.materiele_registratie.datum_aanvang),
            rsin=self.embedded.eigenaar.rsin,
            vestigingsnummer=branch.vestigingsnummer,
            adres=visit.record() if visit else None,
            is_adres_afgeschermd=visit is not None and visit.ind_afgeschermd == "Ja",
            handelsnamen=tuple(one.naam for one in self.handelsnamen),
            activiteiten=tuple(one.sbi_omschrijving for one in self.sbi_activiteiten if one.sbi_omschrijving),
        )


class Eigenaren(_Shape):
    """Answer of the practice call 'companies of this person'."""

    kvk_nummers: tuple[str, ...]


def _kvk_date(value: str) -> date | None:
    """Return a date of the form JJJJMMDD; parts that are unknown are zeros, and then there is no date."""
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None
