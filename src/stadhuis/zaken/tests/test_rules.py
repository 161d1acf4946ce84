"""The rules of zaken as tables: archive parameters, names, boxes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stadhuis.zaken.errors import ArchiefactiedatumError
from stadhuis.zaken.rules import (
    ArchiveFacts,
    ArchiveOutcome,
    ArchiveRule,
    archive,
    bounding_box,
    parse_day,
    search_words,
    shown_name,
    tsquery,
)

END = date(2019, 4, 17)
RULE = ArchiveRule(archiefnominatie="vernietigen", archiefactietermijn="P1Y", afleidingswijze="afgehandeld")
FACTS = ArchiveFacts(einddatum=END)


def rule(afleidingswijze: str, **wanted: Any) -> ArchiveRule:
    return replace(RULE, afleidingswijze=afleidingswijze, **wanted)


DETERMINABLE: list[tuple[str, ArchiveRule, ArchiveFacts, date]] = [
    ("afgehandeld", RULE, FACTS, date(2020, 4, 17)),
    ("termijn", rule("termijn", procestermijn="P5Y"), FACTS, date(2025, 4, 17)),
    ("hoofdzaak", rule("hoofdzaak"), replace(FACTS, hoofdzaak_einddatum=date(2019, 12, 31)), date(2020, 12, 31)),
    (
        "eigenschap, as the catalogue writes it",
        rule("eigenschap", datumkenmerk="einde"),
        replace(FACTS, eigenschappen={"einde": "20230228", "begin": "20200101"}),
        date(2024, 2, 28),
    ),
    (
        "eigenschap, with a time",
        rule("eigenschap", datumkenmerk="einde"),
        replace(FACTS, eigenschappen={"einde": "20230228235959"}),
        date(2024, 2, 28),
    ),
    (
        "eigenschap, as ISO",
        rule("eigenschap", datumkenmerk="einde"),
        replace(FACTS, eigenschappen={"einde": "2023-02-28T23:59:59+01:00"}),
        date(2024, 2, 28),
    ),
    (
        "zaakobject, the latest of those of the type",
        rule("zaakobject", datumkenmerk="einddatum", objecttype="pand"),
        replace(
            FACTS,
            zaakobjecten=[
                ("pand", {"einddatum": "2021-05-01"}),
                ("pand", {"einddatum": "2022-05-01"}),
                ("pand", {}),
                ("adres", {"einddatum": "2030-01-01"}),
            ],
        ),
        date(2023, 5, 1),
    ),
    (
        "zaakobject, a nested attribute",
        rule("zaakobject", datumkenmerk="overigeData/tot", objecttype="overige"),
        replace(FACTS, zaakobjecten=[("overige", {"overigeData": {"tot": "2021-05-01"}})]),
        date(2022, 5, 1),
    ),
    (
        "gerelateerde_zaak, the latest end",
        rule("gerelateerde_zaak"),
        replace(FACTS, einddatums_of_related=[date(2019, 1, 1), date(2021, 6, 30)]),
        date(2022, 6, 30),
    ),
    (
        "ingangsdatum_besluit, the latest",
        rule("ingangsdatum_besluit"),
        replace(FACTS, ingangsdatums_of_besluiten=[date(2020, 1, 1), date(2019, 1, 1)]),
        date(2021, 1, 1),
    ),
    (
        "vervaldatum_besluit, the day itself",
        rule("vervaldatum_besluit"),
        replace(FACTS, vervaldatums_of_besluiten=[None, date(2024, 12, 31)]),
        date(2025, 12, 31),
    ),
    (
        "a start that was set by hand goes first",
        RULE,
        replace(FACTS, startdatum_bewaartermijn=date(2022, 1, 1)),
        date(2023, 1, 1),
    ),
    (
        "a month is clipped to its end",
        replace(RULE, archiefactietermijn="P1M"),
        replace(FACTS, einddatum=date(2021, 1, 31)),
        date(2021, 2, 28),
    ),
    ("a leap day", RULE, replace(FACTS, einddatum=date(2020, 2, 29)), date(2021, 2, 28)),
]


@pytest.mark.parametrize(("case", "given", "facts", "expected"), DETERMINABLE, ids=[case[0] for case in DETERMINABLE])
def test_when_the_brondatum_is_known_then_the_zaak_is_destroyed_a_term_later(
    case: str, given: ArchiveRule, facts: ArchiveFacts, expected: date
) -> None:
    outcome = archive(given, facts)
    assert (outcome.archiefnominatie, outcome.archiefactiedatum) == ("vernietigen", expected)
    assert outcome.startdatum_bewaartermijn is not None


NOT_DETERMINABLE: list[tuple[str, ArchiveRule, ArchiveFacts, bool]] = [
    # name, rule, facts, and whether closing may wait for the date
    ("hoofdzaak still open", rule("hoofdzaak"), FACTS, True),
    ("ander_datumkenmerk is set by hand", rule("ander_datumkenmerk", datumkenmerk="x", objecttype="pand"), FACTS, True),
    ("einddatum must be known", rule("ander_datumkenmerk", einddatum_bekend=True), FACTS, False),
    ("no eigenschap", rule("eigenschap", datumkenmerk="einde"), FACTS, False),
    (
        "an empty eigenschap",
        rule("eigenschap", datumkenmerk="einde"),
        replace(FACTS, eigenschappen={"einde": " "}),
        False,
    ),
    ("no zaakobject", rule("zaakobject", datumkenmerk="einddatum", objecttype="pand"), FACTS, False),
    ("no related zaak", rule("gerelateerde_zaak"), FACTS, False),
    (
        "a related zaak still open",
        rule("gerelateerde_zaak"),
        replace(FACTS, einddatums_of_related=[date(2019, 1, 1), None]),
        False,
    ),
    ("no besluit", rule("ingangsdatum_besluit"), FACTS, False),
    (
        "a besluit without vervaldatum",
        rule("vervaldatum_besluit"),
        replace(FACTS, vervaldatums_of_besluiten=[None]),
        False,
    ),
    ("no procestermijn", rule("termijn"), FACTS, False),
]


@pytest.mark.parametrize(
    ("case", "given", "facts", "may_wait"), NOT_DETERMINABLE, ids=[case[0] for case in NOT_DETERMINABLE]
)
def test_when_the_brondatum_is_not_known_then_no_date_is_invented(
    case: str, given: ArchiveRule, facts: ArchiveFacts, *, may_wait: bool
) -> None:
    if may_wait:
        assert archive(given, facts) == ArchiveOutcome("vernietigen", None, None)
    else:
        with pytest.raises(ArchiefactiedatumError):
            archive(given, facts)
    kept = replace(given, archiefnominatie="blijvend_bewaren")
    assert archive(kept, facts) == ArchiveOutcome("blijvend_bewaren", None, None)


@pytest.mark.parametrize("value", ["morgen", "20231301", "2023-02-30", "1234567"])
def test_when_a_value_is_not_a_date_then_closing_is_refused_whatever_the_nomination(value: str) -> None:
    facts = replace(FACTS, eigenschappen={"einde": value})
    with pytest.raises(ArchiefactiedatumError):
        archive(rule("eigenschap", datumkenmerk="einde", archiefnominatie="blijvend_bewaren"), facts)


def test_when_there_is_no_archiefactietermijn_then_there_is_no_date() -> None:
    kept = replace(RULE, archiefnominatie="blijvend_bewaren", archiefactietermijn=None)
    assert archive(kept, FACTS) == ArchiveOutcome("blijvend_bewaren", None, None)


def test_when_the_zaak_is_kept_for_ever_then_it_has_no_startdatum_bewaartermijn() -> None:
    assert archive(replace(RULE, archiefnominatie="blijvend_bewaren"), FACTS) == ArchiveOutcome(
        "blijvend_bewaren", date(2020, 4, 17), None
    )


def test_when_parameters_were_set_by_hand_then_they_stay() -> None:
    facts = replace(FACTS, archiefnominatie="blijvend_bewaren", archiefactiedatum=date(2099, 1, 1))
    assert archive(RULE, facts) == ArchiveOutcome("blijvend_bewaren", date(2099, 1, 1), None)


def test_when_there_is_nothing_to_parse_then_there_is_no_day() -> None:
    assert parse_day("") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jansen", ("jansen",)),
        ("Çelik-Øst", ("celik", "ost")),
        ("d'Ancona", ("d", "ancona")),
        ("van 't Hoff", ("van", "t", "hoff")),
        ("Müller Straße", ("muller", "strasse")),
        ("Ĳsbrand", ("ijsbrand",)),
        ("  ", ()),
        ("Łukasz 🎉", ("lukasz",)),
        ("李 小龙", ("李", "小龙")),
    ],
)
def test_when_a_name_is_folded_then_accents_and_capitals_are_gone(text: str, words: tuple[str, ...]) -> None:
    assert search_words(text) == words


def test_when_a_name_becomes_a_query_then_quotes_and_operators_are_gone() -> None:
    assert tsquery("O'Brien & | ! :*") == "'o':* & 'brien':*"
    assert tsquery("' ; --") == ""


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        (
            "natuurlijk_persoon",
            {"voornamen": "Jan", "voorvoegselGeslachtsnaam": "de", "geslachtsnaam": "Vries"},
            "Jan de Vries",
        ),
        ("natuurlijk_persoon", {"voorletters": "J.", "geslachtsnaam": "Vries"}, "J. Vries"),
        ("niet_natuurlijk_persoon", {"statutaireNaam": "Bakker BV"}, "Bakker BV"),
        ("vestiging", {"handelsnaam": ["Bakkerij", "Brood"]}, "Bakkerij"),
        ("medewerker", {"voorletters": "A.", "achternaam": "Bos"}, "A. Bos"),
        ("organisatorische_eenheid", {"naam": "Team Inkomen"}, "Team Inkomen"),
        ("natuurlijk_persoon", {}, ""),
    ],
)
def test_when_someone_is_shown_then_by_the_name_of_their_kind(kind: str, body: dict[str, Any], name: str) -> None:
    assert shown_name(kind, body) == name


@pytest.mark.parametrize(
    ("geometry", "box"),
    [
        (None, None),
        ({"type": "Point", "coordinates": [4.9, 52.4]}, (4.9, 52.4, 4.9, 52.4)),
        (
            {"type": "Polygon", "coordinates": [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]]},
            (4.0, 52.0, 5.0, 53.0),
        ),
        (
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [1, 2]},
                    {"type": "LineString", "coordinates": [[3, 4], [-1, 9]]},
                ],
            },
            (-1.0, 2.0, 3.0, 9.0),
        ),
        ({"type": "GeometryCollection", "geometries": []}, None),
    ],
)
def test_when_a_geometry_is_boxed_then_all_its_points_are_in_it(geometry: Any, box: Any) -> None:
    assert bounding_box(geometry) == box
