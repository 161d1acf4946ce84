"""The invented residents and companies of Oeverveen, as plain data (no Django).

Nobody here exists. BSNs pass the eleven-test and lie in the range that is reserved for tests (9999xxxxx); KVK numbers
lie in the range of the KVK test environment (9000xxxx); mail goes to example.org. The Tozo dates matter: who started
before 17 March 2020 may qualify, who started later may not (Tozo art. 2).

For documentation and tests: ``MAIN_APPLICANT`` is Noor Verhagen, a hairdresser with a partner and two children;
``SINGLE_APPLICANT`` is Bram Hoekstra, a photographer who lives alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

TOWN = "Oeverveen"
MUNICIPALITY_CODE = "9999"
MAIN_APPLICANT = "noor-verhagen"
BARRED = "youssef-benali"
"""Whom the town itself bars."""
SINGLE_APPLICANT = "bram-hoekstra"


@dataclass(frozen=True)
class Code:
    """One entry of a national table (landen, nationaliteiten, gemeenten)."""

    code: str
    omschrijving: str


NEDERLAND = Code("6030", "Nederland")
BELGIE = Code("5010", "België")
DUITSLAND = Code("6029", "Duitsland")
NEDERLANDSE = Code("0001", "Nederlandse")
BELGISCHE = Code("0052", "Belgische")
DUITSE = Code("0055", "Duitse")
OEVERVEEN = Code(MUNICIPALITY_CODE, TOWN)


@dataclass(frozen=True)
class Address:
    """An address in the Netherlands."""

    straat: str
    huisnummer: int
    postcode: str
    huisletter: str = ""
    toevoeging: str = ""
    woonplaats: str = TOWN

    @property
    def number_text(self) -> str:
        """House number with letter and addition, as on an envelope."""
        return f"{self.huisnummer}{self.huisletter}" + (f"-{self.toevoeging}" if self.toevoeging else "")


@dataclass(frozen=True)
class ForeignAddress:
    """An address outside the Netherlands, in lines."""

    regel1: str
    regel2: str
    land: Code
    regel3: str = ""


@dataclass(frozen=True)
class Resident:
    """A test person. ``key`` is how other demo data points at him; relations are keys too."""

    key: str
    bsn: str
    voornamen: str
    geslachtsnaam: str
    geboren: str
    """ISO date, or only a year (``1987``) when month and day are unknown."""
    geslacht: Literal["M", "V", "O"]
    adres: Address | ForeignAddress | None
    voorvoegsel: str = ""
    naamgebruik: Literal["E", "N", "P", "V"] = "E"
    """E own name, P partner's name, N own-partner, V partner-own (BRP table Aanduiding naamgebruik)."""
    partner: str = ""
    partner_sinds: str = ""
    partner_tot: str = ""
    verbintenis: Literal["H", "P"] = "H"
    ouders: tuple[str, ...] = ()
    overleden: str = ""
    geheim: bool = False
    nationaliteit: Code | Literal["staatloos", "onbekend"] = NEDERLANDSE
    geboorteplaats: str = TOWN
    geboorteland: Code = NEDERLAND
    note: str = ""
    """What this person is for, shown in the list of test persons (Dutch)."""

    @property
    def achternaam(self) -> str:
        """Own surname with its prefix."""
        return f"{self.voorvoegsel} {self.geslachtsnaam}".strip()

    @property
    def naam(self) -> str:
        """First given name and own surname."""
        return f"{self.voornamen.split()[0]} {self.achternaam}"

    @property
    def volledige_naam(self) -> str:
        """All given names and own surname."""
        return f"{self.voornamen} {self.achternaam}"

    @property
    def email(self) -> str:
        """The address this person would give in a form."""
        return f"{self.key}@example.org"

    @property
    def geboortedatum(self) -> date | None:
        """The full date of birth, or None when only the year is known."""
        return date.fromisoformat(self.geboren) if len(self.geboren) == 10 else None


@dataclass(frozen=True)
class Company:
    """A test company. ``eigenaren`` are keys of residents; ``gemachtigden`` are names of people who may also log in for it."""

    key: str
    kvk_nummer: str
    naam: str
    rechtsvorm: str
    start: str
    adres: Address | ForeignAddress
    eigenaren: tuple[str, ...]
    sbi: tuple[str, str]
    """SBI code and its description."""
    rsin: str = ""
    gemachtigden: tuple[str, ...] = ()
    vestigingen: tuple[tuple[str, str], ...] = field(default=())
    """Number and name of branches besides the main one."""
    afgeschermd: bool = False
    note: str = ""

    @property
    def vestigingsnummer(self) -> str:
        """Number of the main branch: twelve digits."""
        return f"0000{self.kvk_nummer}"

    @property
    def email(self) -> str:
        """The address this company would give in a form."""
        return f"{self.key}@example.org"


@dataclass(frozen=True)
class Mandate:
    """A test relation in which ``by`` may act for ``on_behalf_of``; both are keys of residents, or of companies.

    ``basis`` is a word of the town hall's list, or one it does not know; ``services`` are zaaktypen (none: all of them).
    """

    key: str
    by: str
    on_behalf_of: str
    basis: str
    services: tuple[str, ...] = ()
    until: str = ""
    level: Literal["low", "substantial", "high"] = "high"
    note: str = ""


@dataclass(frozen=True)
class EuCitizen:
    """A test person from another country of the EU: no BSN; the names as eIDAS gives them, family name in one piece."""

    key: str
    land: str
    """Two letters, as eIDAS writes the country of the identifier."""
    given_name: str
    family_name: str
    birthdate: str
    note: str = ""

    @property
    def identifier(self) -> str:
        """The identifier towards the Netherlands: country of origin, country of destination, number."""
        return f"{self.land}/NL/{self.key}"


@dataclass(frozen=True)
class EuCompany:
    """A test company from another country of the EU, with the person who acts for it. Not in the trade register here."""

    key: str
    """Its number in that country."""
    land: str
    naam: str
    given_name: str
    family_name: str
    note: str = ""

    @property
    def identifier(self) -> str:
        """The identifier towards the Netherlands."""
        return f"{self.land}/NL/{self.key}"


_TURFKADE_14 = Address("Turfkade", 14, "9990 BC")
_MEERKOET_7 = Address("Meerkoetstraat", 7, "9990 CD")
_WILGENLAAN_22 = Address("Wilgenlaan", 22, "9990 DA")
_SLUISPLEIN_2 = Address("Sluisplein", 2, "9990 AE", huisletter="B")
_OEVERLAAN_51 = Address("Oeverlaan", 51, "9990 EG")
_KERSENPAD_9 = Address("Kersenpad", 9, "9990 GH")
_RIETVINK_33 = Address("Rietvinkstraat", 33, "9990 HK", toevoeging="II")
_VEENMOLEN_18 = Address("Veenmolenweg", 18, "9991 KL")
_DIJKGRAAF_5 = Address("Dijkgraafstraat", 5, "9990 AG")
_LELIE_12 = Address("Waterleliestraat", 12, "9990 LM")

RESIDENTS: tuple[Resident, ...] = (
    # The family of the main applicant
    Resident("noor-verhagen", "999990184", "Noor Elisabeth", "Verhagen", "1984-03-12", "V", _TURFKADE_14,
             partner="daan-postma", partner_sinds="2011-09-09",
             note="Hoofdpersoon: kapper met eigen zaak, partner en twee kinderen. Vraagt Tozo aan."),
    Resident("daan-postma", "999990391", "Daan", "Postma", "1982-11-02", "M", _TURFKADE_14,
             partner="noor-verhagen", partner_sinds="2011-09-09", note="Partner van Noor Verhagen, in loondienst."),
    Resident("lotte-postma", "999990603", "Lotte Marie", "Postma", "2013-06-21", "V", _TURFKADE_14,
             ouders=("noor-verhagen", "daan-postma"), note="Kind van Noor en Daan."),
    Resident("siem-postma", "999990810", "Siem", "Postma", "2016-09-04", "M", _TURFKADE_14,
             ouders=("noor-verhagen", "daan-postma"), note="Kind van Noor en Daan; minderjarig."),
    # The single applicant
    Resident("bram-hoekstra", "999991012", "Bram", "Hoekstra", "1990-07-30", "M", Address("Wilgenlaan", 3, "9990 DA"),
             note="Alleenstaand: fotograaf met eigen zaak. Vraagt Tozo aan."),
    # A family of five
    Resident("fatima-el-amrani", "999991231", "Fatima", "Amrani", "1979-05-25", "V", _MEERKOET_7, voorvoegsel="el",
             partner="youssef-benali", partner_sinds="2005-07-16", note="Cateraar; partner en drie kinderen."),
    Resident("youssef-benali", "999991437", "Youssef", "Benali", "1975-01-08", "M", _MEERKOET_7,
             partner="fatima-el-amrani", partner_sinds="2005-07-16",
             note="Partner van Fatima el Amrani. Afgeschermd door de gemeente: alleen Samira ziet zijn zaken."),
    Resident("ilyas-benali", "999991632", "Ilyas", "Benali", "2008-02-11", "M", _MEERKOET_7,
             ouders=("fatima-el-amrani", "youssef-benali"), note="Kind van Fatima en Youssef."),
    Resident("amina-benali", "999991851", "Amina", "Benali", "2011-10-30", "V", _MEERKOET_7,
             ouders=("fatima-el-amrani", "youssef-benali"), note="Kind van Fatima en Youssef."),
    Resident("nora-benali", "999992065", "Nora", "Benali", "2019-03-19", "V", _MEERKOET_7,
             ouders=("fatima-el-amrani", "youssef-benali"), note="Kind van Fatima en Youssef."),
    # Past the pension age
    Resident("willem-van-den-berg", "999992272", "Willem Cornelis", "Berg", "1951-02-14", "M", _WILGENLAAN_22,
             voorvoegsel="van den", partner="greet-de-wit", partner_sinds="1976-05-21",
             note="Gepensioneerd, met een klein eigen bedrijf: boven de AOW-leeftijd."),
    Resident("greet-de-wit", "999992478", "Margaretha Johanna", "Wit", "1953-08-03", "V", _WILGENLAAN_22,
             voorvoegsel="de", naamgebruik="V", partner="willem-van-den-berg", partner_sinds="1976-05-21",
             note="Gebruikt de naam van haar partner met de eigen naam erachter."),
    # A secret address
    Resident("sanne-kuipers", "999992697", "Sanne", "Kuipers", "1988-12-01", "V", _SLUISPLEIN_2, geheim=True,
             note="Geheim adres (verstrekkingsbeperking); eigen bedrijf en een kind."),
    Resident("finn-kuipers", "999992909", "Finn", "Kuipers", "2015-05-17", "M", _SLUISPLEIN_2, geheim=True,
             ouders=("sanne-kuipers",), note="Kind van Sanne, ook geheim adres; een ouder."),
    # A deceased person and his widow
    Resident("hendrik-dijkstra", "999993112", "Hendrik", "Dijkstra", "1948-04-02", "M", None,
             partner="aaltje-bouma", partner_sinds="1972-10-06", partner_tot="2021-01-19", overleden="2021-01-19",
             note="Overleden op 19 januari 2021."),
    Resident("aaltje-bouma", "999993331", "Aaltje", "Bouma", "1950-11-27", "V", _OEVERLAAN_51, naamgebruik="V",
             partner="hendrik-dijkstra", partner_sinds="1972-10-06", partner_tot="2021-01-19", note="Weduwe."),
    # Abroad
    Resident("joost-meijer", "999993537", "Joost", "Meijer", "1981-06-14", "M",
             ForeignAddress("Kouter 17", "9000 Gent", BELGIE), note="Woont in het buitenland (België)."),
    # A young self-employed person with his parents and sister
    Resident("luuk-de-haan", "999993732", "Luuk", "Haan", "2001-10-08", "M", _KERSENPAD_9, voorvoegsel="de",
             ouders=("marja-vink", "peter-de-haan"), note="19 jaar op 17 mei 2021: dj met eigen bedrijf, woont bij zijn ouders."),
    Resident("eva-de-haan", "999993951", "Eva", "Haan", "2007-04-18", "V", _KERSENPAD_9, voorvoegsel="de",
             ouders=("marja-vink", "peter-de-haan"), note="Werd in 2025 18 jaar."),
    Resident("marja-vink", "999994153", "Marja", "Vink", "1970-09-22", "V", _KERSENPAD_9, naamgebruik="P",
             partner="peter-de-haan", partner_sinds="1998-06-12", note="Gebruikt de naam van haar partner."),
    Resident("peter-de-haan", "999994360", "Peter", "Haan", "1968-03-05", "M", _KERSENPAD_9, voorvoegsel="de",
             partner="marja-vink", partner_sinds="1998-06-12", note="Vader van Luuk en Eva."),
    # Names that test every column width and font
    Resident("max-van-westerwolde", "999994566", "Maximiliaan Alexander Christoffel Johannes Ferdinand Balthazar",
             "Heeckerenburg tot Oosterwijck-Brantsenvelde van Westerwolde-Oldambthoven", "1965-01-31", "M",
             Address("Burgemeester Van Oosterwijck-Brantsenveldesingel", 1024, "9990 ZZ", huisletter="A", toevoeging="BIS2"),
             voorvoegsel="van", note="Heel lange naam en heel lang adres."),
    Resident("zoe-skvorecky", "999994785", "Zoë Renée", "Škvorecký", "1986-08-15", "V", _RIETVINK_33, naamgebruik="N",
             partner="lukasz-wisniewski", partner_sinds="2018-04-28", verbintenis="P",
             note="Naam met accenten; geregistreerd partnerschap."),
    Resident("lukasz-wisniewski", "999994992", "Łukasz", "Wiśniewski", "1985-02-03", "M", _RIETVINK_33,
             partner="zoe-skvorecky", partner_sinds="2018-04-28", verbintenis="P", note="Naam met accenten."),
    # A date of birth of which only the year is known
    Resident("tesfay-ghebremariam", "999995200", "Tesfay", "Ghebremariam", "1987", "M", Address("Markt", 27, "9990 AA", huisletter="C"),
             nationaliteit="onbekend", note="Alleen het geboortejaar is bekend; nationaliteit onbekend."),
    # Two self-employed partners
    Resident("iris-bakker", "999995418", "Iris", "Bakker", "1991-04-09", "V", _VEENMOLEN_18,
             partner="merel-van-dam", partner_sinds="2019-08-30", note="Hovenier; partner heeft ook een eigen bedrijf."),
    Resident("merel-van-dam", "999995625", "Merel", "Dam", "1993-12-20", "V", _VEENMOLEN_18, voorvoegsel="van",
             partner="iris-bakker", partner_sinds="2019-08-30", note="Organiseert evenementen; partner van Iris Bakker."),
    # Divorced
    Resident("rob-timmer", "999995820", "Robert", "Timmer", "1976-07-11", "M", Address("Turfkade", 88, "9990 BD"),
             partner="anja-smit", partner_sinds="2003-05-23", partner_tot="2016-02-10", note="Gescheiden."),
    Resident("anja-smit", "999996034", "Anja", "Smit", "1977-01-19", "V", Address("Oeverlaan", 6, "9990 EA"),
             partner="rob-timmer", partner_sinds="2003-05-23", partner_tot="2016-02-10", note="Gescheiden."),
    # Other self-employed people
    Resident("esther-polak", "999996241", "Esther", "Polak", "1972-10-13", "V", _DIJKGRAAF_5, note="Rijschoolhouder, alleenstaand."),
    Resident("gerard-mulder", "999996459", "Gerardus", "Mulder", "1963-05-29", "M", Address("Waterleliestraat", 40, "9990 LM"),
             note="Taxichauffeur met eigen bedrijf."),
    Resident("thirza-vos", "999996654", "Thirza", "Vos", "1995-09-06", "V", Address("Kersenpad", 31, "9990 GJ"), note="Yogadocent met eigen bedrijf."),
    Resident("chantal-de-groot", "999996873", "Chantal", "Groot", "1989-02-26", "V", Address("Rietvinkstraat", 2, "9990 HJ"),
             voorvoegsel="de", note="Begon haar bedrijf na 17 maart 2020: geen recht op Tozo."),
    Resident("katrien-smeets", "999997087", "Katrien", "Smeets", "1978-11-11", "V", Address("Veenmolenweg", 63, "9991 KM"),
             nationaliteit=BELGISCHE, geboorteplaats="Gent", geboorteland=BELGIE, note="Woont in Oeverveen, bedrijf in Duitsland (EU)."),
    Resident("ahmed-yilmaz", "999997294", "Ahmed", "Yilmaz", "1973-06-30", "M", _LELIE_12,
             partner="helga-brandt", partner_sinds="2009-03-13", note="Directeur-grootaandeelhouder van een bv."),
    Resident("helga-brandt", "999997506", "Helga", "Brandt", "1977-04-24", "V", _LELIE_12, nationaliteit=DUITSE,
             geboorteplaats="Leer", geboorteland=DUITSLAND, partner="ahmed-yilmaz", partner_sinds="2009-03-13",
             note="Duitse nationaliteit."),
    Resident("pieter-zijlstra", "999997713", "Pieter Jan", "Zijlstra", "1969-12-05", "M", Address("Markt", 8, "9990 AA"), note="Bakker, vennoot in een vof."),
    Resident("jan-willem-ruiter", "999997919", "Jan-Willem", "Ruiter", "1983-08-18", "M", Address("Markt", 10, "9990 AA"), note="Bakker, vennoot in een vof."),
    Resident("omar-haddad", "999998122", "Omar", "Haddad", "1992-03-27", "M", Address("Sluisplein", 11, "9990 AE"),
             nationaliteit="staatloos", note="Staatloos; in loondienst."),
    Resident("timo-brouwer", "999998328", "Timo", "Brouwer", "2009-10-02", "M", Address("Oeverlaan", 74, "9990 EH"),
             note="Minderjarig (17 jaar in november 2026), zonder ouders in de BRP."),
)  # fmt: skip

COMPANIES: tuple[Company, ...] = (
    Company("kapsalon-noor", "90000101", "Kapsalon Noor", "Eenmanszaak", "2015-04-01", Address("Markt", 19, "9990 AA"),
            ("noor-verhagen",), ("9602", "Haarverzorging"), note="Bedrijf van de hoofdpersoon."),
    Company("hoekstra-fotografie", "90000212", "Hoekstra Fotografie", "Eenmanszaak", "2017-09-01", Address("Wilgenlaan", 3, "9990 DA"),
            ("bram-hoekstra",), ("74201", "Fotografie"), note="Bedrijf van de alleenstaande."),
    Company("catering-el-amrani", "90000323", "Catering El Amrani", "Eenmanszaak", "2012-01-15", Address("Handelskade", 4, "9990 NP"),
            ("fatima-el-amrani",), ("5621", "Eventcatering")),
    Company("klokkenatelier", "90000434", "Klokkenatelier Van den Berg", "Eenmanszaak", "1994-10-03", _WILGENLAAN_22,
            ("willem-van-den-berg",), ("9525", "Reparatie van uurwerken en sieraden"), note="Eigenaar is gepensioneerd."),
    Company("studio-sanne", "90000545", "Studio Sanne", "Eenmanszaak", "2018-02-12", _SLUISPLEIN_2,
            ("sanne-kuipers",), ("74101", "Communicatie- en grafisch ontwerp"), afgeschermd=True, note="Adres afgeschermd."),
    Company("dj-luuk", "90000656", "DJ Luuk", "Eenmanszaak", "2019-11-01", _KERSENPAD_9,
            ("luuk-de-haan",), ("90011", "Beoefening van podiumkunst"), note="Eigenaar was 19 in mei 2021."),
    Company("bakker-tuinen", "90000767", "Bakker Tuinen", "Eenmanszaak", "2016-03-01", _VEENMOLEN_18,
            ("iris-bakker",), ("8130", "Landschapsverzorging")),
    Company("van-dam-evenementen", "90000878", "Van Dam Evenementen", "Eenmanszaak", "2014-06-16", _VEENMOLEN_18,
            ("merel-van-dam",), ("82301", "Organiseren van congressen en beurzen")),
    Company("rijschool-polak", "90000989", "Rijschool Polak", "Eenmanszaak", "2011-08-22", _DIJKGRAAF_5,
            ("esther-polak",), ("85531", "Auto- en motorrijscholen")),
    Company("taxi-mulder", "90001092", "Taxi Mulder", "Eenmanszaak", "2009-05-04", Address("Waterleliestraat", 40, "9990 LM"),
            ("gerard-mulder",), ("4932", "Vervoer per taxi")),
    Company("yoga-aan-het-veen", "90001203", "Yoga aan het Veen", "Eenmanszaak", "2019-06-03", Address("Handelskade", 22, "9990 NR"),
            ("thirza-vos",), ("85519", "Overig sport- en recreatieonderwijs")),
    Company("de-groot-webdesign", "90001314", "De Groot Webdesign", "Eenmanszaak", "2020-06-01", Address("Rietvinkstraat", 2, "9990 HJ"),
            ("chantal-de-groot",), ("6201", "Ontwikkelen van software"), note="Begonnen na 17 maart 2020."),
    Company("smeets-uebersetzungen", "90001425", "Smeets Übersetzungen", "Eenmanszaak", "2013-09-09",
            ForeignAddress("Hafenstraße 12", "26789 Leer", DUITSLAND), ("katrien-smeets",), ("7430", "Vertalers en tolken"),
            note="Gevestigd in Duitsland (EU)."),
    Company("yilmaz-bouw", "90001536", "Yilmaz Bouw B.V.", "Besloten Vennootschap", "2010-02-01", Address("Handelskade", 60, "9990 NS"),
            ("ahmed-yilmaz",), ("4120", "Algemene burgerlijke en utiliteitsbouw"), rsin="850000014",
            gemachtigden=("Kim Scholten", "Priya Ramdin"), note="Bv met twee gemachtigde medewerkers."),
    Company("zijlstra-bakkerij", "90001647", "Zijlstra en Ruiter Bakkers", "Vennootschap onder firma", "2008-04-14", Address("Markt", 8, "9990 AA"),
            ("pieter-zijlstra", "jan-willem-ruiter"), ("1071", "Vervaardiging van brood en vers banketbakkerswerk"), rsin="850000026",
            vestigingen=(("000090001658", "Zijlstra en Ruiter Bakkers Oeverlaan"),), note="Vof met twee vennoten en twee vestigingen."),
)  # fmt: skip

MANDATES: tuple[Mandate, ...] = (
    Mandate("noor-lotte", "noor-verhagen", "lotte-postma", "ouder", note="Ouder voor een kind van 13."),
    Mandate("noor-siem", "noor-verhagen", "siem-postma", "ouder", note="Ouder voor een jong kind."),
    Mandate("daan-siem", "daan-postma", "siem-postma", "ouder", note="De andere ouder van hetzelfde kind."),
    Mandate("marja-eva", "marja-vink", "eva-de-haan", "ouder", note="Kind is 18: dit mag niet meer."),
    Mandate("omar-timo", "omar-haddad", "timo-brouwer", "voogd", note="Voogd van een minderjarige zonder ouders."),
    Mandate("peter-aaltje", "peter-de-haan", "aaltje-bouma", "bewindvoerder", note="Bewindvoerder van een weduwe."),
    Mandate("peter-rob", "peter-de-haan", "rob-timmer", "curator", note="Curator; bij dezelfde persoon als de bewindvoerder."),
    Mandate("iris-thirza", "iris-bakker", "thirza-vos", "machtiging", services=("TOZO",), level="substantial", note="Machtiging voor een enkele dienst."),
    Mandate("esther-gerard", "esther-polak", "gerard-mulder", "machtiging", until="2020-12-31", note="Verlopen machtiging."),
    Mandate("bram-esther", "bram-hoekstra", "esther-polak", "machtiging", level="low", note="Machtiging met een laag niveau."),
    Mandate("yilmaz-polak", "yilmaz-bouw", "rijschool-polak", "machtiging", note="Ketenmachtiging: bv met twee gemachtigde medewerkers."),
    Mandate("yilmaz-thirza", "yilmaz-bouw", "thirza-vos", "machtiging", services=("KAP",), note="Bedrijf dat voor een inwoner aanvraagt."),
)  # fmt: skip

EU_CITIZENS: tuple[EuCitizen, ...] = (
    EuCitizen("DE-7741", "DE", "Jürgen Matthias", "von der Müller-Lüdenscheidt", "1979-04-17", note="Voorvoegsels horen bij de achternaam."),
    EuCitizen("HU-2290", "HU", "Éva Mária", "Nagy", "1988-09-02", note="In eigen land staat de achternaam voorop."),
    EuCitizen("PT-5513", "PT", "Maria João", "da Silva Santos Pereira", "1993-12-30", note="Meer achternamen."),
)  # fmt: skip

_BY_KEY = {resident.key: resident for resident in RESIDENTS}
_BY_BSN = {resident.bsn: resident for resident in RESIDENTS}
_COMPANY_BY_KEY = {company.key: company for company in COMPANIES}
_COMPANY_BY_KVK = {company.kvk_nummer: company for company in COMPANIES}


def resident(key: str) -> Resident:
    """Return the resident with this key; KeyError when there is none."""
    return _BY_KEY[key]


def resident_by_bsn(bsn: str) -> Resident | None:
    """Return the resident with this BSN, or None."""
    return _BY_BSN.get(bsn)


def company(key: str) -> Company:
    """Return the company with this key; KeyError when there is none."""
    return _COMPANY_BY_KEY[key]


def company_by_kvk(kvk_nummer: str) -> Company | None:
    """Return the company with this KVK number, or None."""
    return _COMPANY_BY_KVK.get(kvk_nummer)


def mandates_of(key: str) -> tuple[Mandate, ...]:
    """Return for whom a resident or company may act."""
    return tuple(mandate for mandate in MANDATES if mandate.by == key)


EU_COMPANIES: tuple[EuCompany, ...] = (
    EuCompany("DE-HRB-204417", "DE", "Nordlicht Windtechnik GmbH", "Jana", "Petersen",
              note="Onderneming uit Duitsland zonder KVK-nummer."),
    EuCompany("BE-0799.314.552", "BE", "Atelier de la Lys SRL", "Émile", "Vandenbroucke",
              note="Onderneming uit België, met een naam met accenten."),
)  # fmt: skip


def eu_keys() -> set[str]:
    """Return the key of everybody who logs in with eIDAS, persons and companies."""
    return {one.key for one in EU_CITIZENS} | {one.key for one in EU_COMPANIES}


def eu_company(key: str) -> EuCompany | None:
    """Return a legal person from another country of the EU, or None."""
    return {one.key: one for one in EU_COMPANIES}.get(key)


def eu_citizen(key: str) -> EuCitizen:
    """Return the EU citizen with this key; KeyError when there is none."""
    return {one.key: one for one in EU_CITIZENS}[key]


def companies_of(key: str) -> tuple[Company, ...]:
    """Return the companies that this resident owns, alone or with others."""
    return tuple(company for company in COMPANIES if key in company.eigenaren)


def children_of(key: str) -> tuple[Resident, ...]:
    """Return the children of this resident, oldest first."""
    return tuple(sorted((r for r in RESIDENTS if key in r.ouders), key=lambda r: r.geboren))
