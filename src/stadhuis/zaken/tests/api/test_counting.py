"""How many zaken there are is kept, not counted: always what a count of the table says, and pages from either end."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.access import public as access
from stadhuis.access.models import Bar
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.api.testing import ApiClient, body_of
from stadhuis.kit.database import rows
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.zaken import counting, jobs
from stadhuis.zaken.models import Rol, Zaak
from stadhuis.zaken.tests.api.givens import RSIN, SECRET, given_applicatie, given_zaak

pytestmark = pytest.mark.django_db
BSN = "999990019"
LEVELS = ("openbaar", "zaakvertrouwelijk", "geheim")
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["make", "make many", "move", "level", "delete", "delete all", "add up", "touch", "bar", "free"]
        ),
        st.integers(0, 9),
        st.booleans(),
    ),
    max_size=25,
)


class Undone(Exception):
    """Rolls a deed back."""


def kept() -> dict[tuple[int, int], int]:
    sql = "SELECT zaaktype_id, vertrouwelijkheid_orde, {}::int FROM {} GROUP BY 1, 2 HAVING {} <> 0"
    tally = rows(sql.format("sum(count)", "zaken_tally", "sum(count)"))
    counted = rows(sql.format("count(*)", "zaken_zaak", "count(*)"))
    assert sorted(tally) == sorted(counted)
    return {(kind, level): count for kind, level, count in tally}


def new(zaaktype: catalogi.ZaaktypeRecord, level: str) -> Zaak:
    return Zaak(
        identificatie=uuid.uuid4().hex, bronorganisatie=RSIN, verantwoordelijke_organisatie=RSIN, zaaktype_id=zaaktype.id,
        zaaktype_ref=zaaktype.ref, registratiedatum="2026-01-01", startdatum="2026-01-01", vertrouwelijkheidaanduiding=level,
    )  # fmt: skip


def do(what: str, number: int, kinds: list[catalogi.ZaaktypeRecord]) -> None:
    kind, level = kinds[number % 2], LEVELS[number % 3]
    there = list(Zaak.objects.order_by("pk"))
    one = there[number % len(there)] if there else None
    if what == "make":
        zaak = new(kind, level)
        zaak.save()
        Rol.objects.create(
            zaak=zaak, roltype_id=kind.roltypen[0].id, betrokkene_type="natuurlijk_persoon", omschrijving="x",
            omschrijving_generiek="initiator", roltoelichting="x", person_id=people.person_for_bsn(BSN),
            registratiedatum=now(),
        )  # fmt: skip
    elif what == "make many":
        Zaak.objects.bulk_create(new(kind, LEVELS[at % 3]) for at in range(number))
    elif what == "move" and one:
        Zaak.objects.filter(pk=one.pk).update(zaaktype_id=kind.id, zaaktype_ref=kind.ref)
    elif what == "level":
        Zaak.objects.filter(zaaktype_id=kind.id).update(vertrouwelijkheidaanduiding=level)
    elif what == "touch":
        Zaak.objects.update(omschrijving=f"anders {number}")
    elif what == "delete" and one:
        one.delete()
    elif what == "delete all":
        Zaak.objects.filter(zaaktype_id=kind.id).delete()
    elif what == "add up":
        counting.add_up()
    elif what == "bar":
        Bar.objects.get_or_create(
            person_id=people.person_for_bsn(BSN), lifted_at=None,
            defaults={"reason": "x", "starts_at": now(), "set_by": "staff:x"},
        )  # fmt: skip
    elif what == "free":
        Bar.objects.all().delete()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_is_done_or_undone_then_every_list_says_how_many_there_are(
    db: None, deeds: list[tuple[str, int, bool]]
) -> None:
    with transaction.atomic():
        kinds = [given_zaaktype(domein=domein) for domein in ("EEN", "TWEE")]
        apis = [
            (given_applicatie("ziet-alles"), None, 8),
            (given_applicatie("beperkt", scopes=("zaken.lezen",), ref=kinds[0].ref, max_level=4), kinds[0], 4),
        ]
        for what, number, is_undone in deeds:
            try:
                with transaction.atomic():
                    do(what, number, kinds)
                    kept()
                    if is_undone:
                        raise Undone
            except Undone:
                pass
            kept()
        for api, only, most in apis:
            for query in ({}, {"zaaktype": kinds[0].url}, {"maximaleVertrouwelijkheidaanduiding": "openbaar"}):
                assert_counts(api, query, kinds[0], only, most)
        transaction.set_rollback(True)


def assert_counts(api: ApiClient, query: dict[str, Any], kind: Any, only: Any, most: int) -> None:
    there = Zaak.objects.filter(vertrouwelijkheid_orde__lte=most)
    if only is not None:
        there = there.filter(zaaktype_id=only.id)
        if Bar.objects.exists():
            there = there.exclude(pk__in=Rol.objects.filter(person_id=people.person_for_bsn(BSN)).values("zaak_id"))
    if "zaaktype" in query:
        there = there.filter(zaaktype_id=kind.id)
    if "maximaleVertrouwelijkheidaanduiding" in query:
        there = there.filter(vertrouwelijkheid_orde__lte=1)
    page = body_of(api.get("zaken", **query))
    assert (page["count"], len(page["results"])) == (there.count(), min(100, there.count()))


def test_when_rows_are_added_up_then_one_is_left_of_each_and_nothing_more_is_written() -> None:
    kinds = [given_zaaktype(domein=domein) for domein in ("EEN", "TWEE")]
    for number in range(12):
        do("make many", number, kinds)
    do("delete all", 0, kinds)
    before = kept()
    jobs.add_up.func(0)
    assert kept() == before
    assert rows("SELECT count(*) FROM zaken_tally") == [(len(before),)]
    assert counting.add_up() == 0


def test_when_the_table_is_emptied_then_there_are_none() -> None:
    do("make many", 5, [given_zaaktype()] * 2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE zaken_zaak CASCADE")
    assert kept() == {}
    assert rows("SELECT count(*) FROM zaken_tally") == [(0,)]


@pytest.mark.parametrize(
    "ordering", ["", "startdatum", "-startdatum", "-einddatum", "einddatum", "identificatie,-startdatum"]
)
def test_when_pages_are_read_to_the_end_then_every_zaak_comes_once_and_in_order(
    api: ApiClient, zaaktype: catalogi.ZaaktypeRecord, ordering: str
) -> None:
    made = [new(zaaktype, "openbaar") for _ in range(515)]
    for number, zaak in enumerate(made):
        zaak.startdatum = f"2026-01-{number % 7 + 1:02}"
        zaak.einddatum = f"2026-02-{number % 5 + 1:02}" if number % 3 else None
    Zaak.objects.bulk_create(made)
    query = {"ordering": ordering} if ordering else {}
    pages = [body_of(api.get("zaken", page=number, **query)) for number in range(1, 7)]
    seen = [zaak["uuid"] for page in pages for zaak in page["results"]]
    whole = list(Zaak.objects.order_by("-pk"))
    for word in reversed(ordering.split(",") if ordering else []):
        whole = _by(whole, word)
    assert seen == [str(zaak.uuid) for zaak in whole]
    assert {page["count"] for page in pages} == {515}
    assert pages[-1]["next"] is None
    assert len(pages[-1]["results"]) == 15
    assert api.get("zaken", page=7, **query).status_code == 404


def _by(zaken: list[Zaak], word: str) -> list[Zaak]:
    """Return zaken in order of a field, those without a value last, others as they were."""
    name = word.removeprefix("-")
    known = [zaak for zaak in zaken if getattr(zaak, name) is not None]
    known.sort(key=lambda zaak: str(getattr(zaak, name)), reverse=word.startswith("-"))
    return known + [zaak for zaak in zaken if getattr(zaak, name) is None]


def test_when_an_application_sees_those_of_barred_persons_too_then_they_are_counted(
    api: ApiClient, zaaktype: catalogi.ZaaktypeRecord
) -> None:
    given_zaak(api, zaaktype)
    do("make", 0, [zaaktype] * 2)
    do("bar", 0, [zaaktype] * 2)
    rights = [
        access.AutorisatieData(
            "zrc", ("zaken.lezen", "persoonsgegevens.afgeschermd"), type_ref=zaaktype.ref, max_level=8
        )
    ]
    access.create_applicatie("afgeschermd", ["afgeschermd"], SECRET, autorisaties=rights)
    seeing = ApiClient("zaken/api/v1", "afgeschermd", SECRET)
    blind = given_applicatie("gewoon", scopes=("zaken.lezen",), ref=zaaktype.ref)
    assert [body_of(one.get("zaken"))["count"] for one in (api, seeing, blind)] == [2, 2, 1]
