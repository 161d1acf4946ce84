"""Two people at once: each deed on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Status, Zaak
from stadhuis.zaken.tests.givens import given_resultaattype_data, given_zaak, given_zaaktype

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run deeds at the same moment and return what each gave, or the error it raised."""
    outcomes: list[object] = [None] * len(deeds)
    start = Barrier(len(deeds))

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            outcomes[place] = deed()
        except Exception as error:  # noqa: BLE001 (the outcome is what is tested)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_when_two_zaken_are_made_at_once_then_they_have_two_numbers() -> None:
    zaaktype = given_zaaktype()
    given_zaak(zaaktype=zaaktype)
    outcomes = at_once(*[lambda: given_zaak(zaaktype=zaaktype).identificatie] * 4)
    assert len({str(outcome) for outcome in outcomes}) == 4
    assert Zaak.objects.count() == 5


def test_when_the_same_number_is_sent_twice_at_once_then_one_gets_it() -> None:
    zaaktype = given_zaaktype()
    outcomes = at_once(*[lambda: given_zaak(zaaktype=zaaktype, identificatie="EIGEN-1").identificatie] * 3)
    assert sum(outcome == "EIGEN-1" for outcome in outcomes) == 1
    assert sum(isinstance(outcome, zaken.IdentificatieTaken) for outcome in outcomes) == 2


def test_when_a_zaak_is_closed_twice_at_once_then_it_ends_once() -> None:
    zaaktype = given_zaaktype(resultaattypen=[given_resultaattype_data()])
    zaak = given_zaak(zaaktype=zaaktype)
    zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)
    outcomes = at_once(*[lambda: zaken.add_status(zaak.id, zaaktype.eindstatus.id, by=SYSTEM)] * 3)
    assert sum(isinstance(outcome, zaken.ZaakIsClosed) for outcome in outcomes) == 2
    assert Status.objects.filter(zaak_id=zaak.id).count() == 1


def test_when_the_result_is_set_twice_at_once_then_there_is_one() -> None:
    zaaktype = given_zaaktype()
    zaak = given_zaak(zaaktype=zaaktype)
    outcomes = at_once(*[lambda: zaken.set_resultaat(zaak.id, zaaktype.resultaattypen[0].id, by=SYSTEM)] * 3)
    assert len({str(outcome) for outcome in outcomes}) == 1
