"""What the cases of the demo town are about, as plain data: subjects, notes, reasons, and people from outside the registers.

Everything is invented. ``{adres}`` in a subject becomes an address in the town.
"""

from __future__ import annotations

from dataclasses import dataclass

ADDRESSES = (
    "Turfkade", "Meerkoetstraat", "Wilgenlaan", "Sluisplein", "Oeverlaan", "Kersenpad", "Rietvinkstraat", "Veenmolenweg",
    "Dijkgraafstraat", "Waterleliestraat", "Handelskade", "Markt",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One zaaktype in practice: how many zaken run, what they are about, who asks, and what is added later."""

    open: int
    closed: int
    subjects: tuple[str, ...]
    parties: str
    """``resident``, ``owner`` (resident with a company), ``company`` or ``club``."""
    outsiders: float
    """Share of applicants who are not in the base registrations of the town."""
    extra: str = ""
    """Document type of what the applicant adds."""
    reasons: tuple[str, str] = (
        "U voldoet aan de voorwaarden.",
        "U voldoet niet aan de voorwaarden die hiervoor gelden.",
    )
    """Why it is granted, why it is refused."""


STORIES: dict[str, Story] = {
    "BBZ": Story(18, 4, ("Aanvulling op inkomen eigen bedrijf", "Krediet voor vervanging van gereedschap", "Bedrijf tijdelijk stil door verbouwing"),
                 "owner", 0, "Bewijs van bedrijf",
                 ("Uw bedrijf is levensvatbaar en uw inkomen is lager dan de bijstandsnorm.", "Uw inkomen is hoger dan de bijstandsnorm.")),
    "BIJZONDERE-BIJSTAND": Story(26, 4, ("Kosten van een bril", "Inrichting van een woning", "Eigen bijdrage rechtshulp", "Wasmachine kapot", "Reiskosten naar het ziekenhuis"),
                 "resident", 0.35, "Bewijs van inkomen",
                 ("De kosten zijn nodig en u kunt ze niet zelf betalen.", "U kunt deze kosten uit uw eigen inkomen betalen.")),
    "SUBSIDIE": Story(18, 4, ("Buurtfeest {adres}", "Muziekdag in het park", "Moestuin voor de buurt", "Toneelstuk basisschool", "Taalcafé in de bibliotheek"),
                 "club", 0.7, "Begroting",
                 ("Uw plan past bij de subsidieregels en de begroting klopt.", "Het geld dat wij dit jaar hiervoor hebben, is op.")),
    "WMO": Story(28, 4, ("Hulp in het huishouden", "Rolstoel", "Aanpassing van de douche", "Vervoer naar familie en winkels", "Traplift"),
                 "resident", 0.45, "Verslag",
                 ("U kunt dit niet zelf of met hulp van anderen oplossen.", "Er is een andere oplossing die voor u goed genoeg is.")),
    "GPK": Story(20, 4, ("Kaart voor bestuurder", "Kaart voor passagier", "Verlenging van de kaart"), "resident", 0.5, "Medisch advies",
                 ("De arts zegt dat u niet verder dan 100 meter kunt lopen.", "De arts zegt dat u verder dan 100 meter kunt lopen.")),
    "EVENEMENT": Story(20, 4, ("Straatfeest {adres}", "Rommelmarkt op de Markt", "Hardloopwedstrijd langs de Oeverlaan", "Kerstconcert Sluisplein", "Foodtruckdag Handelskade"),
                 "club", 0.55, "Plattegrond",
                 ("Het evenement is veilig en past op deze plek.", "De hulpdiensten kunnen er niet goed langs.")),
    "KAP": Story(26, 4, ("Eik in de achtertuin, {adres}", "Zieke kastanje, {adres}", "Twee berken bij de schuur, {adres}", "Wilg op de perceelgrens, {adres}"),
                 "resident", 0.45, "Foto",
                 ("De boom is ziek en kan omvallen.", "De boom is gezond en heeft waarde voor de buurt.")),
    "TERRAS": Story(16, 4, ("Terras van 20 zitplaatsen", "Uitbreiding van het terras", "Terras op de parkeervakken", "Overkapping van het terras"), "company", 0, "Plattegrond",
                 ("Er blijft genoeg ruimte om erlangs te lopen.", "Er blijft te weinig ruimte over voor voetgangers.")),
    "PARKEREN": Story(34, 5, ("Vergunning {adres}", "Tweede auto, {adres}", "Leenauto voor drie maanden, {adres}"), "resident", 0.3, "Bijlage",
                 ("U woont in het gebied en de auto staat op uw naam.", "U woont niet in het gebied van deze vergunning.")),
    "VERHUIZING": Story(26, 5, ("Naar {adres}", "Vanuit een andere gemeente naar {adres}", "Gezin naar {adres}"), "resident", 0.6, "Bijlage",
                 ("Wij hebben uw nieuwe adres verwerkt.", "Wij konden niet vaststellen dat u op dit adres woont.")),
    "UITTREKSEL": Story(18, 4, ("Voor een hypotheek", "Voor een huwelijk", "Internationaal uittreksel", "Met burgerlijke staat"), "resident", 0.3, "",
                 ("U krijgt het uittreksel.", "U mag dit uittreksel niet voor een ander aanvragen.")),
    "WOO": Story(12, 4, ("Stukken over de herinrichting van de Markt", "Afspraken met de jachthaven", "Geluidsmetingen Handelskade", "Kosten van de nieuwe website"), "resident", 0.75, "",
                 ("U krijgt de stukken. Namen van personen zijn weggelaten.", "Deze stukken zijn er niet.")),
    "BEZWAAR": Story(16, 4, ("Tegen een geweigerde kapvergunning", "Tegen de hoogte van de bijstand", "Tegen een evenement bij de buren", "Tegen een dwangsom"), "resident", 0.5, "Verslag",
                 ("Wij zijn het met u eens en nemen een nieuw besluit.", "Wij blijven bij ons besluit: de regels zijn goed toegepast.")),
    "KLACHT": Story(12, 4, ("Lang gewacht aan de balie", "Niet teruggebeld", "Afval niet opgehaald in de {adres}", "Onvriendelijk te woord gestaan"), "resident", 0.6, "",
                 ("Uw klacht klopt. Wij hebben onze werkwijze veranderd.", "Wij denken dat wij dit goed hebben gedaan.")),
}  # fmt: skip
"""All zaaktypen except TOZO, whose zaken come from the application form itself (``tozo.py``)."""

NOTES = (
    "Gebeld: aanvrager is op werkdagen na 15.00 uur het best te bereiken.",
    "Stukken bekeken, alles lijkt compleet.",
    "Overlegd met collega: geen bijzonderheden.",
    "Aanvrager vraagt of het sneller kan. Uitgelegd hoe het gaat.",
    "Buurman heeft ook gebeld over deze zaak.",
    "Wacht op advies van een andere afdeling.",
    "Adres nagekeken in de BRP: klopt.",
    "Let op: er loopt nog een andere zaak van dezelfde aanvrager.",
)
SUPPLEMENT = "Er ontbreken stukken: de aanvrager kreeg een brief met wat wij nog nodig hebben."
NOTICE = "Brief van de aanvrager: wij zijn te laat met beslissen."
EXTENSION = "Het advies van een andere instantie laat op zich wachten."

FIRST_NAMES = (
    "Anouk", "Bastiaan", "Carolien", "Dirk", "Elif", "Floor", "Giel", "Hilde", "Imran", "Jasmijn", "Kees", "Leyla", "Maarten",
    "Nadia", "Otto", "Petra", "Quinten", "Rachida", "Stijn", "Tessa", "Ursula", "Vera", "Wouter", "Yara", "Zeynep",
)  # fmt: skip
SURNAMES = (
    "Aalbers", "Beekman", "Coenraads", "Doornbos", "Eversdijk", "Feenstra", "Goossens", "Hartog", "Imming", "Jaspers",
    "Korteweg", "Lammers", "Meulman", "Nijland", "Oosterveen", "Plasman", "Rietberg", "Schippers", "Terpstra", "Uitslag",
    "Veenhuis", "Wolters", "Zeilstra",
)  # fmt: skip
CLUBS = (
    "Stichting Oeverfeest", "Buurtvereniging De Wilgen", "Harmonie Sint Joris Oeverveen", "Wandelclub De Turfstekers",
    "Stichting Moestuin Kersenpad", "Toneelgroep De Sluis", "Oranjevereniging Oeverveen", "IJsclub Het Veen",
)  # fmt: skip
