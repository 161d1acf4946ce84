"""What the sources tell, as frozen records. A BSN is left out of every ``repr``, so that no log shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from stadhuis.people.public import Actor

Geslacht = Literal["man", "vrouw", "onbekend"]


@dataclass(frozen=True)
class Datum:
    """A date as the BRP knows it. ``datum`` is None when day or month is unknown; ``tekst`` says what is known."""

    datum: date | None
    tekst: str


@dataclass(frozen=True)
class Naam:
    """The own name of a person, without the name of a partner."""

    voornamen: str
    voorvoegsel: str
    geslachtsnaam: str
    voorletters: str

    @property
    def achternaam(self) -> str:
        """Prefix and surname."""
        return f"{self.voorvoegsel} {self.geslachtsnaam}".strip()

    @property
    def volledig(self) -> str:
        """All given names, prefix and surname."""
        return f"{self.voornamen} {self.achternaam}".strip()

    def __repr__(self) -> str:
        """Leave the name out: it does not belong in a log."""
        return "Naam(...)"


@dataclass(frozen=True, repr=False)
class Adres:
    """Where a person lives or a company is. In the Netherlands the parts are filled, abroad only ``regels`` and ``land``."""

    regels: tuple[str, ...]
    """The lines for an envelope, without the country."""
    land: str = "Nederland"
    is_buitenland: bool = False
    straat: str = ""
    huisnummer: int | None = None
    huisletter: str = ""
    toevoeging: str = ""
    postcode: str = ""
    """With a space: 9990 BC."""
    woonplaats: str = ""
    nummeraanduiding: str = ""

    @property
    def nummer(self) -> str:
        """House number, letter and addition as on an envelope: ``33A-II``."""
        base = f"{self.huisnummer or ''}{self.huisletter}"
        return f"{base}-{self.toevoeging}" if self.toevoeging else base


@dataclass(frozen=True)
class Partner:
    """The present husband, wife or registered partner."""

    bsn: str | None = field(repr=False)
    naam: Naam
    geboorte: Datum | None = field(repr=False)
    soort: str
    """What the BRP calls the bond: huwelijk or geregistreerd partnerschap."""
    sinds: date | None


@dataclass(frozen=True)
class Kind:
    """A child of a person. Whether it lives at the same address the BRP does not say here."""

    bsn: str | None = field(repr=False)
    naam: Naam
    geboorte: Datum | None = field(repr=False)


@dataclass(frozen=True)
class Ouder:
    """A parent of a person."""

    bsn: str | None = field(repr=False)
    naam: Naam
    geboorte: Datum | None = field(repr=False)


@dataclass(frozen=True)
class Persoon:
    """A person as the BRP has him now."""

    bsn: str = field(repr=False)
    naam: Naam
    geboorte: Datum | None = field(repr=False)
    geslacht: Geslacht
    adres: Adres | None
    """None: the BRP does not know where he lives (or he has died)."""
    partner: Partner | None
    kinderen: tuple[Kind, ...]
    ouders: tuple[Ouder, ...]
    nationaliteiten: tuple[str, ...]
    aanhef: str = field(repr=False)
    aanschrijfnaam: str = field(repr=False)
    """Name on an envelope, with the partner's name when the person wants that."""
    gemeente_code: str
    geheimhouding: bool
    """Nothing about this person may be given to others; on paper and screen the address is masked. Source: Wet BRP art. 2.59."""
    is_overleden: bool
    overleden_op: Datum | None


@dataclass(frozen=True)
class GevondenPersoon:
    """One line of a search: enough to recognise someone, no more."""

    bsn: str = field(repr=False)
    naam: Naam
    geboorte: Datum | None = field(repr=False)
    geslacht: Geslacht
    adresregels: tuple[str, ...] = field(repr=False)
    geheimhouding: bool


@dataclass(frozen=True)
class Bedrijf:
    """A company as the trade register has it."""

    kvk_nummer: str
    naam: str
    rechtsvorm: str
    startdatum: date | None
    """First day of the business (materiële registratie), None when the register does not say."""
    rsin: str
    vestigingsnummer: str
    adres: Adres | None
    is_adres_afgeschermd: bool
    handelsnamen: tuple[str, ...]
    activiteiten: tuple[str, ...]

    @property
    def is_eenmanszaak(self) -> bool:
        """Whether one natural person owns it."""
        return self.rechtsvorm.casefold() == "eenmanszaak"


@dataclass(frozen=True)
class Health:
    """Whether a source answers, and a sentence for an operator."""

    source: str
    is_well: bool
    text: str


@dataclass(frozen=True)
class Processing:
    """That personal data was asked for: by which activity, at which source, for whom, about whom. For the processing log."""

    activity: str
    source: str
    by: Actor
    bsns: tuple[str, ...] = field(default=(), repr=False)
    kvk_nummers: tuple[str, ...] = ()
