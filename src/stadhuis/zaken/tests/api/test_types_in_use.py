"""A type that zaken use stays, whatever the force."""

from __future__ import annotations

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.kit.api.testing import ApiClient, body_of
from stadhuis.zaken.tests.api.givens import given_zaak

pytestmark = pytest.mark.django_db


def test_a_zaaktype_of_which_there_are_zaken_is_not_removed(api: ApiClient, zaaktype: catalogi.ZaaktypeRecord) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    # when
    answer = api.delete(zaaktype.url)
    # then
    assert body_of(answer, 409)["code"] == "in-use"
    assert api.get(zaaktype.url).status_code == 200
    assert api.get(zaak["url"]).status_code == 200


def test_a_statustype_that_was_set_is_not_removed(api: ApiClient, zaaktype: catalogi.ZaaktypeRecord) -> None:
    from stadhuis.people.public import SYSTEM
    from stadhuis.zaken import public as zaken

    # given
    zaak = given_zaak(api, zaaktype)
    found = zaken.zaak_by_uuid(zaak["uuid"], seen_by=SYSTEM)
    zaken.add_status(found.id, zaaktype.statustypen[0].id, by=SYSTEM)
    # then
    assert api.delete(zaaktype.statustypen[0].url).status_code == 409
