"""The catalogue: built from data, versions that do not overlap, reads in one statement."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Statustype, Zaaktype, ZaaktypeInformatieobjecttype
from stadhuis.catalogi.tests.givens import catalogus_data, given_zaaktype

pytestmark = pytest.mark.django_db


def rows_of_the_catalogue() -> dict[str, list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'catalogi_%' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def without_ids(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
    return {table: len(rows) for table, rows in found.items()}


def test_when_a_catalogue_is_built_twice_then_nothing_changes() -> None:
    catalogi.build(catalogus_data())
    first = rows_of_the_catalogue()
    catalogi.build(catalogus_data())
    second = rows_of_the_catalogue()
    assert without_ids(first) == without_ids(second)
    assert first["catalogi_zaaktype"] == second["catalogi_zaaktype"]
    assert first["catalogi_statustype"] == second["catalogi_statustype"]
    assert first["catalogi_informatieobjecttype"] == second["catalogi_informatieobjecttype"]


def test_when_a_zaaktype_is_read_then_all_its_parts_come_with_it() -> None:
    zaaktype = given_zaaktype()
    assert zaaktype.ref == "TEST:MELDING"
    assert [s.omschrijving for s in zaaktype.statustypen] == ["Ontvangen", "In behandeling", "Afgerond"]
    assert [s.is_eindstatus for s in zaaktype.statustypen] == [False, False, True]
    assert zaaktype.eindstatus.omschrijving == "Afgerond"
    assert zaaktype.resultaattype("Toegekend").archiefactietermijn == "P10Y"
    assert zaaktype.roltype("initiator").omschrijving == "Initiator"
    assert [(i.omschrijving, i.richting) for i in zaaktype.informatieobjecttypen] == [
        ("Aanvraag", "inkomend"),
        ("Besluit", "uitgaand"),
    ]
    assert [b.omschrijving for b in zaaktype.besluittypen] == ["Vergunning"]
    assert zaaktype.besluittypen[0].informatieobjecttypen == ("Besluit",)
    assert [e.naam for e in zaaktype.eigenschappen] == ["kenteken", "einde"]
    assert zaaktype.url.endswith(f"/catalogi/api/v1/zaaktypen/{zaaktype.uuid}")
    assert catalogi.zaaktype_by_url(zaaktype.url) == zaaktype
    assert catalogi.zaaktype_by_id(zaaktype.id) == zaaktype


def test_when_a_zaaktype_is_read_then_it_is_one_statement_however_many_parts_it_has() -> None:
    given_zaaktype(statustypen=[f"Stap {n}" for n in range(1, 51)])
    with CaptureQueriesContext(
        connection,
    ) as statements:
        catalogi.zaaktype("MELDING")
        catalogi.zaaktypen()
    assert len(statements) == 2


def test_when_a_zaaktype_has_two_versions_then_the_day_decides() -> None:
    given_zaaktype(begin_geldigheid=date(2020, 1, 1), einde_geldigheid=date(2020, 12, 31))
    given_zaaktype(begin_geldigheid=date(2021, 1, 1), omschrijving="Melding doen, nieuw")
    assert catalogi.zaaktype("MELDING", on=date(2020, 12, 31)).omschrijving == "Melding doen"
    assert catalogi.zaaktype("MELDING", on=date(2021, 1, 1)).omschrijving == "Melding doen, nieuw"
    with pytest.raises(catalogi.TypeNotFound):
        catalogi.zaaktype("MELDING", on=date(2019, 12, 31))


def test_when_published_versions_would_overlap_then_the_database_refuses() -> None:
    given_zaaktype(begin_geldigheid=date(2020, 1, 1), einde_geldigheid=date(2020, 12, 31))
    with pytest.raises(IntegrityError, match="zaaktype_versions_do_not_overlap"), transaction.atomic():
        given_zaaktype(begin_geldigheid=date(2020, 12, 31))
    catalogi.build(catalogus_data(begin_geldigheid=date(2020, 12, 31), concept=True))
    assert Zaaktype.objects.count() == 2


def test_when_only_a_concept_exists_then_the_zaaktype_is_not_found() -> None:
    catalogi.build(catalogus_data(concept=True))
    with pytest.raises(catalogi.TypeNotFound):
        catalogi.zaaktype("MELDING")


def test_when_a_name_leads_nowhere_then_nothing_is_built() -> None:
    with pytest.raises(catalogi.CatalogusInvalid, match="Onbekend"):
        catalogi.build(catalogus_data(informatieobjecttypen=["Onbekend"]))
    assert Zaaktype.objects.count() == 0


def test_when_a_part_is_no_longer_named_then_it_goes() -> None:
    given_zaaktype()
    zaaktype = given_zaaktype(statustypen=["Ontvangen", "Afgerond"], informatieobjecttypen=["Aanvraag"])
    assert Statustype.objects.filter(zaaktype_id=zaaktype.id).count() == 2
    assert ZaaktypeInformatieobjecttype.objects.filter(zaaktype_id=zaaktype.id).count() == 1


@pytest.mark.parametrize(
    ("text", "is_accepted"),
    [("P1Y6M", True), ("P8W", True), ("PT36H", True), ("P", False), ("PT", False), ("56", False)],
)
def test_when_a_duration_is_not_iso_8601_then_the_database_refuses(text: str, *, is_accepted: bool) -> None:
    if is_accepted:
        assert given_zaaktype(doorlooptijd=text).doorlooptijd == text
        return
    with pytest.raises(IntegrityError, match="zaaktype_durations"), transaction.atomic():
        given_zaaktype(doorlooptijd=text)


def test_when_levels_are_ordered_then_catalogi_and_access_agree() -> None:
    assert catalogi.VERTROUWELIJKHEID == access.ORDER
    assert [catalogi.orde(level) for level in catalogi.VERTROUWELIJKHEID] == list(range(1, 9))
