"""Rows that are locked, added and changed by statements written once are those of Django's ORM."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit import rows
from stadhuis.kit.database import one_or_many
from stadhuis.kit.models import StoredFile
from stadhuis.kit.rows import LockedRow
from stadhuis.kit.time import now, today
from stadhuis.zaken.models import Zaak

pytestmark = pytest.mark.django_db

POINT = {"type": "Point", "coordinates": [5.1, 52.0]}


def new_zaak(number: str) -> Zaak:
    return Zaak(
        identificatie=number, bronorganisatie="517439943", verantwoordelijke_organisatie="517439943",
        zaaktype_id=given_zaaktype().id, zaaktype_ref="TEST:MELDING", registratiedatum=today(), startdatum=today(),
        vertrouwelijkheidaanduiding="openbaar", zaakgeometrie=POINT, producten_of_diensten=["a", "b"],
        laatste_betaaldatum=now(),
    )  # fmt: skip


def values_of(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_that_is_added_has_what_the_database_filled_in_and_reads_back_the_same() -> None:
    made = rows.insert(new_zaak("Z-1"))
    assert made.pk is not None
    assert not made._state.adding
    assert values_of(made) == values_of(Zaak.objects.get(pk=made.pk))


def test_a_row_with_a_key_of_its_own_keeps_it() -> None:
    made = rows.insert(StoredFile(changed_at=now()))
    assert values_of(made) == values_of(StoredFile.objects.get(uuid=made.uuid))


def test_a_row_that_cannot_be_there_twice_is_refused_and_the_deed_goes_on() -> None:
    rows.insert(new_zaak("Z-1"))
    with pytest.raises(IntegrityError, match="zaak_identificatie_once"), transaction.atomic():
        rows.insert(new_zaak("Z-1"))
    assert rows.insert(new_zaak("Z-2")).pk


def test_many_rows_are_added_with_their_keys() -> None:
    made = [new_zaak(f"Z-{number}") for number in range(3)]
    rows.insert_all(made)
    rows.insert_all([])
    assert sorted(row.pk for row in made) == sorted(Zaak.objects.values_list("pk", flat=True))


def test_a_locked_row_is_the_row_of_the_orm_with_what_stands_beside_it() -> None:
    made = rows.insert(new_zaak("Z-1"))
    with CaptureQueriesContext(connection) as asked:
        found = LockedRow(Zaak, "zaaktype").first("uuid", made.uuid)
        assert found is not None
        zaaktype = found.zaaktype
    assert len(asked) == 1
    assert asked[0]["sql"].endswith("FOR UPDATE OF r")
    ours = Zaak.objects.select_related("zaaktype").get(pk=made.pk)
    assert values_of(found) == values_of(ours)
    assert values_of(zaaktype) == values_of(ours.zaaktype)


def test_a_row_that_is_not_there_is_none() -> None:
    assert LockedRow(Zaak, "zaaktype").first("id", 0) is None


def test_a_row_is_changed_in_what_is_named_and_nothing_else() -> None:
    made = rows.insert(new_zaak("Z-1"))
    before = values_of(made)
    rows.update(made, toelichting="anders", zaakgeometrie=None, hoofdzaak_id=None)
    assert values_of(Zaak.objects.get(pk=made.pk)) == {**before, "toelichting": "anders", "zaakgeometrie": None}
    assert made.toelichting == "anders"


def test_one_value_is_compared_by_itself_and_more_as_a_list() -> None:
    assert one_or_many(["a"]) == ("= %s", "a")
    assert one_or_many(["a", "b"]) == ("= ANY(%s)", ["a", "b"])
    assert one_or_many([]) == ("= ANY(%s)", [])
