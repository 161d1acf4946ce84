"""A catalogue goes out as a zip and comes in from one: twice is once, and what is wrong leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.audit.models import Payload
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.exchange import FILES
from stadhuis.catalogi.models import (
    Besluittype,
    Catalogus,
    Eigenschap,
    Informatieobjecttype,
    Resultaattype,
    Roltype,
    Statustype,
    StatustypeEigenschap,
    Zaakobjecttype,
    Zaaktype,
    ZaaktypeInformatieobjecttype,
)
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.people.public import SYSTEM

Json = dict[str, Any]
Contents = dict[str, list[Json]]
pytestmark = pytest.mark.django_db
SAMPLE = Path(os.environ.get("STADHUIS_STANDARDS", "/nonexistent")).parent / "samples/open-zaak/catalogus-export.zip"


# -- Given ---------------------------------------------------------------------------------------------------------------
def given_catalogus() -> Catalogus:
    """A catalogue with everything a zaaktype can have, and every kind of relation."""
    data = catalogus_data()
    zaaktype = data["zaaktypen"][0]
    zaaktype["statustypen"][1] = {"omschrijving": "In behandeling", "eigenschappen": ["kenteken"]}
    zaaktype["resultaattypen"][0] |= {"besluittypen": ["Vergunning"], "informatieobjecttypen": ["Besluit"]}
    zaaktype["eigenschappen"] = ["kenteken", {"naam": "einde", "formaat": "datum", "statustype": "Afgerond"}]
    zaaktype["zaakobjecttypen"] = [{"objecttype": "https://objecten.example/auto", "relatie_omschrijving": "de auto"}]
    zaaktype["deelzaaktypen"] = ["DEEL"]
    zaaktype["gerelateerde_zaaktypen"] = [
        {"identificatie": "DEEL", "aard_relatie": "vervolg"},
        {"zaaktype_url": "https://elders.example/zaaktypen/1", "aard_relatie": "bijdrage", "toelichting": "ver weg"},
    ]
    deel = {"identificatie": "DEEL", "omschrijving": "Deel", "doorlooptijd": "P7D", "statustypen": ["Klaar"]}
    data["zaaktypen"] += [deel, {**deel, "identificatie": "CONCEPT", "concept": True}]
    catalogi.build(data)
    found = Catalogus.objects.get()
    thing = Zaakobjecttype.objects.get()
    thing.statustypen.set(Statustype.objects.filter(omschrijving="Ontvangen"))
    thing.resultaattypen.set(Resultaattype.objects.filter(omschrijving="Toegekend"))
    ZaaktypeInformatieobjecttype.objects.filter(informatieobjecttype="Besluit").update(
        statustype=Statustype.objects.get(omschrijving="Afgerond")
    )
    return found


def exported(catalogus: Catalogus) -> bytes:
    return catalogi.export_catalogus(catalogus.uuid)


def contents(data: bytes) -> Contents:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}


def zipped(files: dict[str, Any]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                name if "." in name else f"{name}.json",
                content if isinstance(content, bytes) else json.dumps(content),
            )
    target.seek(0)
    return target


def taken_in(data: bytes | Contents, **more: Any) -> catalogi.Placed:
    file = io.BytesIO(data) if isinstance(data, bytes) else zipped(data)
    return catalogi.place_types(catalogi.read_export(file), by=SYSTEM, **more)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the catalogue, of all its tables."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'catalogi_%' ORDER BY 1")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = cursor.fetchall()
    return found


def emptied() -> None:
    for model in (Zaaktype, Besluittype, Informatieobjecttype, Catalogus):
        model._default_manager.all().delete()


def as_told(files: Contents) -> Contents:
    """Return contents without what may differ between two houses: that something is a concept, and the order."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if name != "concept"}
        if isinstance(value, list):
            return sorted((plain(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
        return value

    return {name: plain(content) for name, content in files.items()}


# -- Out and in ----------------------------------------------------------------------------------------------------------
def test_when_an_own_export_comes_in_again_then_nothing_changes() -> None:
    data = exported(given_catalogus())
    before, lines = everything(), Payload.objects.count()
    placed = taken_in(data)
    assert (placed.new, placed.changed, placed.published, placed.changed_nothing) == (0, 0, 0, True)
    assert everything() == before
    assert Payload.objects.count() == lines
    assert taken_in(data, publish=True).published == 0
    assert exported(Catalogus.objects.get()) == data


def test_when_an_export_comes_in_to_an_empty_house_then_everything_is_there_and_published_as_it_was() -> None:
    # given
    data = exported(given_catalogus())
    emptied()
    # when
    placed = taken_in(data, publish=True, reason="overgenomen")
    # then
    assert (placed.changed, placed.same) == (0, 0)
    assert placed.new == sum(map(len, contents(data).values()))
    again = exported(Catalogus.objects.get())
    assert as_told(contents(again)) == as_told(contents(data))  # with the same identifications
    assert set(Zaaktype.objects.filter(concept=False).values_list("identificatie", flat=True)) == {"MELDING", "DEEL"}
    assert Zaaktype.objects.get(identificatie="CONCEPT").concept is True
    # and a line in the trail for every version and the catalogue
    lines = Payload.objects.filter(actie="create", toelichting="overgenomen")
    assert sorted(lines.values_list("resource", flat=True)) == sorted(
        ["catalogus", *["informatieobjecttype"] * 3, *["besluittype"] * 2, *["zaaktype"] * 3]
    )
    # and once more: nothing
    before = everything()
    assert taken_in(data, publish=True).changed_nothing
    assert everything() == before


def test_when_nobody_asks_to_publish_then_everything_comes_in_as_a_concept() -> None:
    data = exported(given_catalogus())
    emptied()
    placed = taken_in(data)
    assert placed.published == 0
    assert not Zaaktype.objects.filter(concept=False).exists()
    assert not Informatieobjecttype.objects.filter(concept=False).exists()
    assert any("concept" in note for note in placed.notes)
    assert taken_in(data).changed_nothing


def test_relations_between_types_come_back() -> None:
    data = exported(given_catalogus())
    emptied()
    taken_in(data, publish=True)
    melding = catalogi.zaaktype("TEST:MELDING")
    assert [one.omschrijving for one in melding.informatieobjecttypen] == ["Aanvraag", "Besluit"]
    assert [one.omschrijving for one in melding.besluittypen] == ["Vergunning"]
    assert melding.besluittypen[0].informatieobjecttypen == ("Besluit",)
    row = Zaaktype.objects.get(identificatie="MELDING")
    assert list(row.deelzaaktypen.values_list("identificatie", flat=True)) == ["DEEL"]
    assert set(row.gerelateerde_zaaktypen.values_list("identificatie", "zaaktype_url", "aard_relatie", "toelichting")) == {
        ("DEEL", "", "vervolg", ""), ("", "https://elders.example/zaaktypen/1", "bijdrage", "ver weg"),
    }  # fmt: skip
    assert StatustypeEigenschap.objects.get().eigenschap.naam == "kenteken"
    assert StatustypeEigenschap.objects.get().statustype.omschrijving == "In behandeling"
    statustype = Eigenschap.objects.get(naam="einde").statustype
    assert statustype is not None
    assert statustype.omschrijving == "Afgerond"
    thing = Zaakobjecttype.objects.get()
    assert [one.omschrijving for one in thing.statustypen.all()] == ["Ontvangen"]
    assert [one.omschrijving for one in thing.resultaattypen.all()] == ["Toegekend"]
    needed = ZaaktypeInformatieobjecttype.objects.get(informatieobjecttype="Besluit").statustype
    assert needed is not None
    assert needed.omschrijving == "Afgerond"
    result = Resultaattype.objects.get(omschrijving="Toegekend")
    assert list(result.besluittypen.values_list("omschrijving", flat=True)) == ["Vergunning"]
    assert list(result.informatieobjecttypen.values_list("omschrijving", flat=True)) == ["Besluit"]


def test_when_an_identification_is_in_use_here_then_another_one_is_given() -> None:
    files = contents(exported(given_catalogus()))
    files["Catalogus"][0]["domein"] = "ANDER"
    placed = taken_in(files)
    assert placed.changed == 0
    assert Zaaktype.objects.count() == 6
    assert Zaaktype.objects.values("uuid").distinct().count() == 6
    assert set(Zaaktype.objects.filter(catalogus__domein="ANDER").values_list("ref", flat=True)) == {
        "ANDER:MELDING", "ANDER:DEEL", "ANDER:CONCEPT",
    }  # fmt: skip
    url = files["ZaakType"][0]["url"]
    assert (
        placed.uuids[url]
        == Zaaktype.objects.get(catalogus__domein="ANDER", identificatie=files["ZaakType"][0]["identificatie"]).uuid
    )
    assert taken_in(files).changed_nothing


def test_when_a_concept_differs_then_it_follows_what_comes_in() -> None:
    # given
    files = contents(exported(given_catalogus()))
    concept = next(one for one in files["ZaakType"] if one["identificatie"] == "CONCEPT")
    concept["doel"] = "Iets anders"
    concept["besluittypen"] = ["Ontheffing"]
    step = next(one for one in files["StatusType"] if one["zaaktype"] == concept["url"])
    step["omschrijving"] = "Echt klaar"
    files["RolType"].append({**files["RolType"][0], "url": step["url"].replace("status", "rol"), "zaaktype": concept["url"], "omschrijving": "Nieuw"})  # fmt: skip
    # when
    placed = taken_in(files)
    # then
    assert (placed.new, placed.changed) == (1, 3)
    row = Zaaktype.objects.get(identificatie="CONCEPT")
    assert (row.doel, list(row.besluittypen.values_list("omschrijving", flat=True))) == ("Iets anders", ["Ontheffing"])
    assert row.statustypen.get().omschrijving == "Echt klaar"
    assert row.roltypen.filter(omschrijving="Nieuw").exists()
    [line] = Payload.objects.filter(actie="update")  # one line, of the zaaktype
    assert line.oud is not None
    assert line.nieuw is not None
    assert (line.oud["doel"], line.nieuw["doel"]) == ("Deel", "Iets anders")
    assert taken_in(files).changed_nothing


Change = Callable[[Contents], object]


def _other_field(files: Contents) -> None:
    files["ZaakType"][-1]["doel"] = "Anders"


def _other_step(files: Contents) -> None:
    files["StatusType"][-1]["omschrijving"] = "Anders"


def _other_relation(files: Contents) -> None:
    files["ZaakType"][-1]["besluittypen"] = ["Ontheffing"]


def _one_more_part(files: Contents) -> None:
    files["RolType"].append({**files["RolType"][-1], "url": f"https://x.example/{uuid4()}", "omschrijving": "Nieuw"})


@pytest.mark.parametrize("change", [_other_field, _other_step, _other_relation, _one_more_part])
def test_when_a_published_version_differs_then_that_is_explained_and_nothing_comes_in(change: Change) -> None:
    # given: the oldest zaaktype, which stands last, is published
    files = contents(exported(given_catalogus()))
    assert files["ZaakType"][-1]["identificatie"] == "MELDING"
    change(files)
    files["InformatieObjectType"].append(
        {**files["InformatieObjectType"][0], "url": f"https://x.example/{uuid4()}", "omschrijving": "Foto"}
    )
    before = everything()
    # when
    with pytest.raises(catalogi.PlacingRefused) as error:
        taken_in(files)
    # then
    assert error.value.count == 1
    assert "TEST:MELDING van 2020-01-01 is hier al gepubliceerd" in error.value.faults[0]
    assert everything() == before


def test_when_only_the_last_day_of_a_published_version_differs_then_it_follows() -> None:
    files = contents(exported(given_catalogus()))
    files["ZaakType"][-1]["einde_geldigheid"] = "2040-12-31"
    placed = taken_in(files)
    assert (placed.new, placed.changed) == (0, 1)
    assert str(Zaaktype.objects.get(identificatie="MELDING").einde_geldigheid) == "2040-12-31"


def test_ztc_016_when_a_version_to_publish_overlaps_one_here_then_that_is_explained() -> None:
    files = contents(exported(given_catalogus()))
    for one in files["ZaakType"]:
        one["begin_geldigheid"] = "2021-01-01"
        one["versiedatum"] = "2021-01-01"
    before = everything()
    with pytest.raises(catalogi.PlacingRefused) as error:
        taken_in(files, publish=True)
    assert {fault.partition(":")[0] for fault in error.value.faults} == {
        "zaaktype MELDING Melding doen",
        "zaaktype DEEL Deel",
    }
    assert all("ztc-016" in fault for fault in error.value.faults)
    assert everything() == before
    # As concepts they may stand beside what is published.
    assert taken_in(files).published == 0
    assert Zaaktype.objects.filter(concept=True).count() == 4


def test_an_export_and_an_import_cost_the_same_statements_however_much_there_is() -> None:
    catalogus, counted = given_catalogus(), []
    for wanted in (1, 30):
        zaaktype = Zaaktype.objects.get(identificatie="CONCEPT")
        Roltype.objects.bulk_create(
            Roltype(zaaktype=zaaktype, omschrijving=f"Rol {wanted} {place}", omschrijving_generiek="adviseur")
            for place in range(wanted)
        )
        with CaptureQueriesContext(connection) as out:
            data = exported(catalogus)
        with CaptureQueriesContext(connection) as back:
            assert taken_in(data).changed_nothing
        counted.append((len(out.captured_queries), len(back.captured_queries)))
    assert counted[0] == counted[1]
    assert counted[0][0] == 1 + len(FILES)


# -- What is wrong -------------------------------------------------------------------------------------------------------
def _without(name: str) -> Change:
    return lambda files: files.pop(name)


def _set(name: str, key: str, value: Any) -> Change:
    return lambda files: files[name][0].update({key: value})


def _twice(name: str) -> Change:
    return lambda files: files[name].append({**files[name][0], "url": f"https://x.example/{uuid4()}"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without("ZaakType"), "het zaaktype http"),
        (_without("StatusType"), "statustype"),
        (_without("Eigenschap"), "eigenschappen"),
        (_set("ZaakType", "catalogus", "https://x.example/1"), "de catalogus https://x.example/1 zit er niet bij"),
        (_set("ZaakType", "besluittypen", ["https://x.example/1"]), "besluittypen: https://x.example/1 zit er niet bij"),
        (_set("ZaakType", "deelzaaktypen", ["x" * 51]), "deelzaaktypen: geen geldige naam"),
        (_set("ZaakType", "doorlooptijd", "acht weken"), "doorlooptijd"),
        (_set("ZaakType", "omschrijving", None), "omschrijving"),
        (_set("ZaakType", "url", ""), "url ontbreekt"),
        (_set("ZaakType", "url", 7), "url ontbreekt"),
        (_set("ZaakType", "gerelateerde_zaaktypen", [3]), "gerelateerdeZaaktypen"),
        (_set("ZaakType", "gerelateerde_zaaktypen", "x"), "gerelateerdeZaaktypen"),
        (_set("Catalogus", "rsin", "123456789"), "rsin"),
        (_set("Catalogus", "domein", "VEELTELANG"), "domein"),
        (_set("StatusType", "volgnummer", 10**30), "volgnummer"),
        (_set("StatusType", "zaaktype", None), "zaaktype"),
        (_set("StatusType", "omschrijving", "a\x00b"), "omschrijving"),
        (_set("ResultaatType", "archiefnominatie", "verbranden"), "archiefnominatie"),
        (_set("Eigenschap", "statustype", "https://x.example/1"), "statustype: https://x.example/1"),
        (_set("ZaakTypeInformatieObjectType", "informatieobjecttype", "https://x.example/1"), "informatieobjecttype:"),
        (_twice("ZaakType"), "staat er twee keer in"),
        (_twice("StatusType"), "staat er twee keer in"),
    ],
)  # fmt: skip
def test_when_the_content_is_wrong_then_it_is_said_what_and_nothing_is_stored(change: Change, said: str) -> None:
    # given
    files = contents(exported(given_catalogus()))
    emptied()
    change(files)
    before = everything()
    # when
    with pytest.raises(catalogi.PlacingRefused) as error:
        taken_in(files)
    # then
    assert any(said in fault for fault in error.value.faults), error.value.faults
    assert everything() == before


def _bomb() -> io.BytesIO:
    return zipped({"Catalogus.json": b"[" + b" " * (101 * 1024 * 1024) + b"]"})


def _with_a_lying_size() -> io.BytesIO:
    """A zip whose directory says that a large file is small."""
    data = zipped({"Catalogus.json": b" " * 5_000_000}).getvalue()
    return io.BytesIO(data.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))


def _protected() -> io.BytesIO:
    data = bytearray(zipped({"Catalogus.json": []}).getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(data)


def _twice_the_same_name() -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Catalogus.json", "[]")
        archive.writestr("catalogus.json", "[]")
    target.seek(0)
    return target


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: io.BytesIO(b"geen zip"), "geen zip"),
        (lambda: io.BytesIO(b""), "geen zip"),
        (lambda: io.BytesIO(zipped({"Catalogus": []}).getvalue()[:-30]), "geen zip"),
        (_bomb, "te groot"),
        (_with_a_lying_size, ""),
        (_protected, "niet te lezen"),
        (_twice_the_same_name, "twee keer"),
        (lambda: zipped({f"{place}.json": [] for place in range(10_000)}), "te veel bestanden"),
        (lambda: zipped({"../../etc/passwd.json": []}), "hoort niet"),
        (lambda: zipped({"/Catalogus.json": []}), "hoort niet"),
        (lambda: zipped({"map/Catalogus.json": []}), "hoort niet"),
        (lambda: zipped({"virus.exe": b"MZ"}), "hoort niet"),
        (lambda: zipped({"ZaakType": []}), "Catalogus.json ontbreekt"),
        (lambda: zipped({"Catalogus": b"{"}), "Catalogus.json is niet te lezen"),
        (lambda: zipped({"Catalogus": b"\xff\xfe"}), "Catalogus.json is niet te lezen"),
        (lambda: zipped({"Catalogus": b"[" * 100_000}), "Catalogus.json is niet te lezen"),
        (lambda: zipped({"Catalogus": {"url": "x"}}), "bevat geen lijst"),
        (lambda: zipped({"Catalogus": [1, 2]}), "bevat geen lijst"),
        (lambda: zipped({"Catalogus": b'[{"url": "a", "url": "b"}]'}), "twee keer in hetzelfde"),
        (lambda: zipped({"Catalogus": [{}] * 50_001}), "meer dan 50000"),
    ],
)  # fmt: skip
def test_when_the_file_is_hostile_then_one_sentence_says_why(file: Callable[[], io.BytesIO], said: str) -> None:
    before = everything()
    with pytest.raises(catalogi.ExchangeInvalid) as error:
        catalogi.read_export(file())
    assert said in str(error.value)
    assert everything() == before


def test_when_a_name_would_be_printed_then_it_is_short_and_printable() -> None:
    with pytest.raises(catalogi.ExchangeInvalid) as error:
        catalogi.read_export(zipped({"\x1b[31m" + "x" * 500 + ".json": []}))
    assert len(str(error.value)) < 200
    assert "\x1b" not in str(error.value)


def test_an_unknown_catalogue_has_no_export() -> None:
    with pytest.raises(catalogi.TypeNotFound):
        catalogi.export_catalogus(UUID(int=1))


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample lies outside the repository")
def test_when_an_export_of_another_provider_comes_in_then_all_of_it_is_there_and_twice_changes_nothing() -> None:
    data = SAMPLE.read_bytes()
    files = contents(data)
    placed = taken_in(data, publish=True)
    assert placed.new == sum(map(len, files.values()))
    assert [Zaaktype.objects.count(), Statustype.objects.count(), Roltype.objects.count(), Resultaattype.objects.count()] == [
        5, 20, 20, 15,
    ]  # fmt: skip
    assert ZaaktypeInformatieobjecttype.objects.count() == len(files["ZaakTypeInformatieObjectType"])
    assert not Zaaktype.objects.filter(concept=True).exists()
    zaaktype = catalogi.zaaktype(f"{files['Catalogus'][0]['domein']}:{files['ZaakType'][0]['identificatie']}")
    assert str(zaaktype.uuid) in files["ZaakType"][0]["url"]
    assert len(zaaktype.informatieobjecttypen) == 3
    before = everything()
    assert taken_in(data, publish=True).changed_nothing
    assert everything() == before
    # and what we give out of it is what came in
    ours = as_told(contents(exported(Catalogus.objects.get())))
    theirs = as_told(files)
    for name in ("RolType", "StatusType", "ResultaatType"):
        for one, other in zip(ours[name], theirs[name], strict=True):
            ignored = {"url", "zaaktype", "catalogus", "begin_geldigheid", "einde_geldigheid", "zaakobjecttypen"}
            assert {k: v for k, v in one.items() if k in other and k not in ignored} == {
                k: v for k, v in other.items() if k in one and k not in ignored
            }
