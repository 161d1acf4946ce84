"""The next version of a type is prepared beside the one that is used, and takes over on its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.audit.models import Payload
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Besluittype, Catalogus, Informatieobjecttype, Roltype, Statustype, Zaaktype
from stadhuis.catalogi.tests.test_exchange import contents, exported, given_catalogus
from stadhuis.kit.time import today
from stadhuis.notificaties.models import Notificatie
from stadhuis.people.public import SYSTEM

pytestmark = pytest.mark.django_db
PARTS = ("StatusType", "Eigenschap", "ResultaatType", "RolType", "ZaakObjectType", "ZaakTypeInformatieObjectType")
NAMES = {"Eigenschap": "naam", "ZaakObjectType": "relatie_omschrijving", "ZaakTypeInformatieObjectType": "volgnummer"}


def melding() -> Zaaktype:
    return Zaaktype.objects.filter(identificatie="MELDING").earliest("pk")


def day(days: int) -> date:
    return today() + timedelta(days=days)


def states(name: str = "MELDING", *, on: date | None = None) -> list[str]:
    return [one.state for one in catalogi.versions(Catalogus.objects.get().uuid, of=("zaaktypen", name), on=on)]


def named(catalogus: Catalogus, zaaktype: str) -> dict[str, list[dict[str, Any]]]:
    """Return the parts of a version with, where they lead to another part, its name instead of its address."""
    files = contents(exported(catalogus))
    names = {one["url"]: one.get(NAMES.get(file, "omschrijving")) for file in PARTS for one in files[file]}

    def said(value: Any) -> Any:
        if isinstance(value, list):
            return [said(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    ignored = {"url", "zaaktype", "begin_geldigheid"}
    return {
        file: sorted(
            (
                {name: said(value) for name, value in one.items() if name not in ignored}
                for one in files[file]
                if one["zaaktype"].endswith(zaaktype)
            ),
            key=str,
        )
        for file in PARTS
    }


# -- Preparing -----------------------------------------------------------------------------------------------------------
def test_when_a_version_is_prepared_then_everything_is_copied_and_the_current_one_goes_on() -> None:
    # given
    catalogus, source = given_catalogus(), melding()
    before = contents(exported(catalogus))
    # when
    uuid = catalogi.new_version(source.uuid, day(30), by=SYSTEM, reason="Nieuwe wet")
    # then: the same parts and relations, that lead to each other and not to those of the source
    copies, originals = named(catalogus, str(uuid)), named(catalogus, str(source.uuid))
    assert copies == originals
    assert all(copies.values())
    made = Zaaktype.objects.get(uuid=uuid)
    assert (made.concept, made.begin_geldigheid, made.einde_geldigheid) == (True, day(30), None)
    for name in ("besluittypen", "deelzaaktypen", "gerelateerde_zaaktypen"):
        rows = [
            [
                {key: value for key, value in one.items() if key not in ("id", "zaaktype_id")}
                for one in getattr(version, name).order_by("pk").values()
            ]
            for version in (source, made)
        ]
        assert rows[0] == rows[1]
        assert rows[0]
    # and nothing of what was there has changed
    after = contents(exported(catalogus))
    for name in PARTS:
        assert all(one in after[name] for one in before[name])
    assert catalogi.zaaktype("TEST:MELDING").uuid == source.uuid
    assert catalogi.zaaktype("TEST:MELDING", on=day(31)).uuid == source.uuid
    line = Payload.objects.latest("line_id")
    assert (line.actie, line.resource, line.toelichting) == ("create", "zaaktype", "Nieuwe wet")
    assert states() == ["concept", "current"]


def test_when_a_step_of_the_new_version_changes_then_that_of_the_current_one_does_not() -> None:
    given_catalogus()
    uuid = catalogi.new_version(melding().uuid, day(1), by=SYSTEM)
    Statustype.objects.filter(zaaktype__uuid=uuid, volgnummer=1).update(omschrijving="Binnen")
    assert melding().statustypen.get(volgnummer=1).omschrijving == "Ontvangen"


@pytest.mark.parametrize(("days", "code"), [(-1, "past"), (30, "same-begin")])
def test_when_the_day_cannot_be_then_no_version_is_made(days: int, code: str) -> None:
    given_catalogus()
    catalogi.new_version(melding().uuid, day(30), by=SYSTEM)
    with pytest.raises(catalogi.VersionRefused) as error:
        catalogi.new_version(melding().uuid, day(days), by=SYSTEM)
    assert (error.value.code, error.value.day) == (code, day(days))
    assert states() == ["concept", "current"]


def test_what_is_not_there_is_not_copied_or_published() -> None:
    with pytest.raises(catalogi.TypeNotFound):
        catalogi.new_version(uuid4(), day(1), by=SYSTEM)
    for kind in ("zaaktypen", "informatieobjecttypen", "besluittypen"):
        with pytest.raises(catalogi.TypeNotFound):
            catalogi.publish_version(kind, uuid4(), by=SYSTEM)


def test_a_copy_costs_the_same_statements_however_much_there_is() -> None:
    given_catalogus()
    counted = []
    for place, wanted in enumerate((1, 40)):
        Roltype.objects.bulk_create(
            Roltype(zaaktype=melding(), omschrijving=f"Rol {wanted} {one}", omschrijving_generiek="adviseur")
            for one in range(wanted)
        )
        source = melding().uuid
        with CaptureQueriesContext(connection) as caught:
            catalogi.new_version(source, day(10 + place), by=SYSTEM)
        counted.append(len(caught.captured_queries))
    assert counted[0] == counted[1]


# -- Publishing ----------------------------------------------------------------------------------------------------------
def test_ztc_016_when_a_version_is_published_then_the_one_before_ends_on_the_day_before() -> None:
    # given
    given_catalogus()
    source = melding().uuid
    made = catalogi.new_version(source, day(30), by=SYSTEM)
    # when: it begins earlier than was planned
    catalogi.publish_version("zaaktypen", made, day(10), by=SYSTEM, reason="Eerder nodig")
    # then
    old, new = Zaaktype.objects.get(uuid=source), Zaaktype.objects.get(uuid=made)
    assert (old.einde_geldigheid, new.begin_geldigheid, new.einde_geldigheid) == (day(9), day(10), None)
    assert new.versiedatum == day(10)
    assert states() == ["coming", "current"]
    assert states(on=day(10)) == ["current", "past"]
    assert catalogi.zaaktype("TEST:MELDING", on=day(9)).uuid == source
    assert catalogi.zaaktype("TEST:MELDING", on=day(10)).uuid == made
    # and both are told and on the trail
    lines = Payload.objects.filter(toelichting="Eerder nodig").order_by("line_id")
    assert [(line.actie, line.resource_id) for line in lines] == [
        ("partial_update", source), ("update", made),
    ]  # fmt: skip
    told = [(one.actie, UUID(one.hoofd_object[-36:])) for one in Notificatie.objects.order_by("pk")]
    assert told == [("create", made), ("partial_update", source), ("update", made)]


def test_when_it_is_published_again_then_nothing_changes() -> None:
    given_catalogus()
    made = catalogi.new_version(melding().uuid, day(0), by=SYSTEM)
    catalogi.publish_version("zaaktypen", made, by=SYSTEM)
    assert catalogi.zaaktype("TEST:MELDING").uuid == made
    lines = Payload.objects.count()
    catalogi.publish_version("zaaktypen", made, day(5), by=SYSTEM)
    assert Zaaktype.objects.get(uuid=made).begin_geldigheid == day(0)
    assert Payload.objects.count() == lines


def test_when_the_version_before_would_end_in_the_past_then_it_is_refused() -> None:
    given_catalogus()
    made = catalogi.new_version(melding().uuid, day(3), by=SYSTEM)
    with pytest.raises(catalogi.VersionRefused) as error:
        catalogi.publish_version("zaaktypen", made, day(-1), by=SYSTEM)
    assert error.value.code == "past"
    assert melding().einde_geldigheid is None
    assert states() == ["concept", "current"]


def test_when_a_later_version_is_published_already_then_it_is_refused() -> None:
    given_catalogus()
    first = catalogi.new_version(melding().uuid, day(30), by=SYSTEM)
    catalogi.publish_version("zaaktypen", first, by=SYSTEM)
    second = catalogi.new_version(melding().uuid, day(10), by=SYSTEM)
    for begin in (day(10), day(30)):
        with pytest.raises(catalogi.VersionRefused) as error:
            catalogi.publish_version("zaaktypen", second, begin, by=SYSTEM)
        assert (error.value.code, error.value.day) == ("later", day(30))
    # with a last day before it, it fits in between
    Zaaktype.objects.filter(uuid=second).update(einde_geldigheid=day(29))
    with pytest.raises(catalogi.VersionRefused) as error:
        catalogi.publish_version("zaaktypen", second, day(40), by=SYSTEM)
    assert error.value.code == "order"
    catalogi.publish_version("zaaktypen", second, by=SYSTEM)
    assert states(on=day(10)) == ["coming", "current", "past"]


@pytest.mark.parametrize("kind", ["informatieobjecttypen", "besluittypen"])
def test_other_types_are_published_in_the_same_way(kind: str) -> None:
    catalogus = given_catalogus()
    model: Any = {"informatieobjecttypen": Informatieobjecttype, "besluittypen": Besluittype}[kind]
    old = model.objects.earliest("pk")
    fields = {one.attname: getattr(old, one.attname) for one in old._meta.concrete_fields if not one.primary_key}
    new = model.objects.create(**{**fields, "uuid": uuid4(), "begin_geldigheid": day(2), "concept": True})
    catalogi.publish_version(kind, new.uuid, by=SYSTEM)
    old.refresh_from_db()
    assert old.einde_geldigheid == day(1)
    listed = catalogi.versions(catalogus.uuid, of=(kind, old.omschrijving))
    assert [(one.uuid, one.state) for one in listed] == [(new.uuid, "coming"), (old.uuid, "current")]


# -- Listing -------------------------------------------------------------------------------------------------------------
def test_a_list_of_versions_and_of_catalogues_is_one_statement_and_says_what_is_in_them() -> None:
    catalogus = given_catalogus()
    for wanted in (1, 30):
        Zaaktype.objects.filter(identificatie__startswith="Z").delete()
        catalogi.build(
            {
                "domein": "TEST", "naam": "Testcatalogus",
                "zaaktypen": [{"identificatie": f"Z{one}", "omschrijving": "X", "doorlooptijd": "P1D"} for one in range(wanted)],
            }
        )  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            listed = catalogi.versions(catalogus.uuid)
            [summary] = catalogi.catalogi()
        assert len(caught.captured_queries) == 2
        assert (summary.domein, summary.zaaktypen, summary.informatieobjecttypen, summary.besluittypen) == (
            "TEST", 3 + wanted, 3, 2,
        )  # fmt: skip
        assert len(listed) == 3 + wanted + 3 + 2
    counts = next(one.counts for one in listed if one.name == "MELDING")
    assert counts == {
        "statustypen": 3, "resultaattypen": 2, "roltypen": 5, "eigenschappen": 2, "zaakobjecttypen": 1,
        "informatieobjecttypen": 2, "besluittypen": 1,
    }  # fmt: skip
    assert catalogi.versions(uuid4()) == []
