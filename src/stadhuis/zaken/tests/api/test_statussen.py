"""Statussen and resultaten over HTTP: going on, closing, reopening and the archive (zrc-007, 008, 016, 020, 021)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stadhuis.audit import public as audit
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import given_resultaattype_data, given_zaaktype
from stadhuis.documenten.models import Document
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now
from stadhuis.notificaties.models import Notificatie
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Resultaat, Status, Zaak, Zaakobject
from stadhuis.zaken.public import zaak_by_uuid
from stadhuis.zaken.tests.api.givens import (
    given_applicatie,
    given_closed_zaak,
    given_resultaat,
    given_status,
    given_zaak,
    status_body,
)
from stadhuis.zaken.tests.givens import given_linked_document

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


def given_ways(way: str, **brondatum: Any) -> Zaaktype:
    return given_zaaktype(
        resultaattypen=[given_resultaattype_data(brondatum={"afleidingswijze": way, **brondatum})],
        eigenschappen=["kenteken", {"naam": "einde", "formaat": "datum"}],
    )


# -- Going on ---------------------------------------------------------------------------------------------------------
def test_when_a_status_is_added_then_it_is_the_latest_of_the_zaak(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    # when
    answer = api.post("statussen", status_body(zaak, zaaktype.statustypen[0], statustoelichting="We hebben het."))
    # then
    status = body_of(answer, 201)
    assert answer["Location"] == status["url"]
    assert status["statustoelichting"] == "We hebben het."
    assert status["indicatieLaatstGezetteStatus"] is True
    assert status["zaakinformatieobjecten"] == []
    assert body_of(api.get(zaak["url"]))["status"] == status["url"]
    assert body_of(api.get(status["url"])) == status


def test_when_an_older_status_is_added_later_then_the_newest_stays_the_latest(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    newest = given_status(api, zaak, zaaktype.statustypen[1])
    older = given_status(api, zaak, zaaktype.statustypen[0], datumStatusGezet="2026-03-05T10:00:00Z")
    assert older["indicatieLaatstGezetteStatus"] is False
    assert body_of(api.get(zaak["url"]))["status"] == newest["url"]
    latest = body_of(api.get("statussen", indicatieLaatstGezetteStatus="true"))["results"]
    assert [one["url"] for one in latest] == [newest["url"]]


def test_when_a_status_is_wrong_in_many_ways_then_all_of_it_is_reported(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    other = given_zaaktype(domein="ANDER")
    zaak = given_zaak(api, zaaktype)
    # when
    ahead = (now() + timedelta(days=2)).isoformat()
    answer = api.post(
        "statussen", status_body(zaak, other.statustypen[0], datumStatusGezet=ahead, gezetdoor=zaak["url"])
    )
    # then
    assert faults(answer) == {
        "nonFieldErrors": "zaaktype-mismatch",
        "datumStatusGezet": "date-in-future",
        "gezetdoor": "no_match",
    }
    assert faults(api.post("statussen", {"statustoelichting": None, "gezetdoor": "x"})) == {
        "zaak": "required",
        "statustype": "required",
        "datumStatusGezet": "required",
        "statustoelichting": "null",
        "gezetdoor": "invalid",
    }


def test_zrc_016_when_the_statustype_is_of_another_zaaktype_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaaktype(domein="ANDER")
    answer = api.post("statussen", status_body(given_zaak(api, zaaktype), other.statustypen[0]))
    assert faults(answer) == {"nonFieldErrors": "zaaktype-mismatch"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("zaak", "http://localhost:8000/zaken/api/v1/zaken/7f1d2c3b-0000-4000-8000-000000000000", "no_match"),
        ("statustype", "http://localhost:8000/catalogi/api/v1/statustypen/7f1d2c3b-0000-4000-8000-000000000000", "bad-url"),
        ("statustype", "http://localhost:8000/catalogi/api/v1/roltypen/7f1d2c3b-0000-4000-8000-000000000000", "invalid-resource"),
        ("datumStatusGezet", "2026-03-01T10:00:00Z", "invalid"),
        ("datumStatusGezet", "0000-01-01T00:00:00Z", "invalid"),
        ("statustoelichting", "a\x00b", "null_characters_not_allowed"),
    ],
)  # fmt: skip
def test_when_one_thing_in_a_status_is_wrong_then_it_is_named(
    api: ApiClient, zaaktype: Zaaktype, field: str, value: str, code: str
) -> None:
    zaak = given_zaak(api, zaaktype)
    assert faults(api.post("statussen", status_body(zaak, zaaktype.statustypen[0], **{field: value}))) == {field: code}


def test_when_a_moment_has_a_status_already_then_another_one_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    given_status(api, zaak, zaaktype.statustypen[0])
    answer = api.post("statussen", status_body(zaak, zaaktype.statustypen[1]))
    assert faults(answer) == {"nonFieldErrors": "unique"}


def test_when_a_status_is_history_then_it_is_not_changed_or_removed(api: ApiClient, zaaktype: Zaaktype) -> None:
    status = given_status(api, given_zaak(api, zaaktype), zaaktype.statustypen[0])
    for method in ("PUT", "PATCH", "DELETE"):
        assert api.send(method, status["url"], {}).status_code == 405


def test_when_the_application_may_only_make_zaken_then_it_sets_the_first_status_only(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    maker = given_applicatie("maker", scopes=("zaken.aanmaken", "zaken.lezen"), ref=zaaktype.ref)
    zaak = given_zaak(maker, zaaktype)
    given_status(maker, zaak, zaaktype.statustypen[0])
    later = status_body(zaak, zaaktype.statustypen[1], datumStatusGezet="2026-03-11T10:00:00Z")
    assert maker.post("statussen", later).status_code == 403
    adder = given_applicatie("adder", scopes=("zaken.statussen.toevoegen",), ref=zaaktype.ref)
    assert adder.post("statussen", later).status_code == 201


def test_zrc_006_when_the_zaak_is_not_authorised_then_its_statussen_are_neither_seen_nor_added(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaaktype(domein="ANDER")
    status = given_status(api, given_zaak(api, zaaktype), zaaktype.statustypen[0])
    scopes = ("zaken.lezen", "zaken.statussen.toevoegen", "zaken.bijwerken")
    limited = given_applicatie("beperkt", scopes=scopes, ref=other.ref)
    assert body_of(limited.get("statussen"))["count"] == 0
    assert limited.get(status["url"]).status_code == 403
    zaak = {"url": status["zaak"]}
    assert limited.post("statussen", status_body(zaak, zaaktype.statustypen[1])).status_code == 403
    body = {"zaak": status["zaak"], "resultaattype": zaaktype.resultaattypen[0].url}
    assert limited.post("resultaten", body).status_code == 403


# -- Closing ----------------------------------------------------------------------------------------------------------
def test_zrc_007_when_the_eindstatus_is_set_then_the_zaak_is_closed_on_the_senders_own_date(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    given_status(api, zaak, zaaktype.eindstatus, datumStatusGezet="2026-05-01T00:30:00+02:00")
    closed = body_of(api.get(zaak["url"]))
    assert closed["einddatum"] == "2026-05-01"
    assert closed["archiefnominatie"] == "vernietigen"
    assert closed["archiefactiedatum"] == "2036-05-01"


def test_zrc_007_when_there_is_no_resultaat_then_the_zaak_stays_open(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    answer = api.post("statussen", status_body(zaak, zaaktype.eindstatus))
    assert faults(answer) == {"nonFieldErrors": "resultaat-does-not-exist"}
    assert Status.objects.count() == 0
    assert body_of(api.get(zaak["url"]))["einddatum"] is None


def test_zrc_007_when_a_document_has_no_gebruiksrecht_or_is_locked_then_the_zaak_stays_open(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    document = given_linked_document(zaak_by_uuid(zaak["uuid"], seen_by=SYSTEM))
    Document.objects.filter(uuid=document.uuid).update(indicatie_gebruiksrecht=None)
    closing = status_body(zaak, zaaktype.eindstatus)
    assert faults(api.post("statussen", closing)) == {"nonFieldErrors": "indicatiegebruiksrecht-unset"}
    Document.objects.filter(uuid=document.uuid).update(indicatie_gebruiksrecht=False, lock="abc")
    assert faults(api.post("statussen", closing)) == {"nonFieldErrors": "informatieobject-locked"}
    Document.objects.filter(uuid=document.uuid).update(lock="")
    assert api.post("statussen", closing).status_code == 201


def test_zrc_007_when_a_zaak_is_closed_then_what_hangs_on_it_changes_only_with_the_forced_scope(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    zaak = given_closed_zaak(api, zaaktype)
    scopes = ("zaken.lezen", "zaken.bijwerken", "zaken.aanmaken", "zaken.statussen.toevoegen")
    usual = given_applicatie("gewoon", scopes=scopes, ref=zaaktype.ref)
    forced = given_applicatie("sterk", scopes=(*scopes, "zaken.geforceerd-bijwerken"), ref=zaaktype.ref)
    again = status_body(zaak, zaaktype.eindstatus, datumStatusGezet="2026-03-12T10:00:00Z")
    resultaat = zaak["resultaat"]
    for client, wanted in ((usual, 403), (forced, 200)):
        assert client.patch(resultaat, {"toelichting": "anders"}).status_code == wanted
        assert client.post("statussen", again).status_code == (201 if wanted == 200 else 403)
    assert usual.delete(resultaat).status_code == 403
    assert forced.delete(resultaat).status_code == 204


def test_zrc_008_when_a_closed_zaak_gets_another_status_then_it_runs_again(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = given_closed_zaak(api, zaaktype)
    assert zaak["archiefactiedatum"] == "2036-03-10"
    back = status_body(zaak, zaaktype.statustypen[1], datumStatusGezet="2026-03-12T10:00:00Z")
    scopes = ("zaken.lezen", "zaken.bijwerken", "zaken.aanmaken", "zaken.statussen.toevoegen")
    usual = given_applicatie("gewoon", scopes=scopes, ref=zaaktype.ref)
    opener = given_applicatie("opener", scopes=("zaken.heropenen",), ref=zaaktype.ref)
    # when
    assert usual.post("statussen", back).status_code == 403
    assert opener.post("statussen", back).status_code == 201
    # then
    opened = body_of(api.get(zaak["url"]))
    nothing = ("einddatum", "archiefactiedatum", "archiefnominatie", "startdatumBewaartermijn")
    assert {opened[key] for key in nothing} == {None}
    # and once open, the scope for reopening adds nothing more
    again = status_body(zaak, zaaktype.statustypen[1], datumStatusGezet="2026-03-13T10:00:00Z")
    assert opener.post("statussen", again).status_code == 403


def test_zrc_008_when_a_zaak_is_closed_again_then_its_archive_date_is_reckoned_again(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_closed_zaak(api, zaaktype)
    given_status(api, zaak, zaaktype.statustypen[1], datumStatusGezet="2026-03-12T10:00:00Z")
    given_status(api, zaak, zaaktype.eindstatus, datumStatusGezet="2026-04-20T10:00:00Z")
    assert body_of(api.get(zaak["url"]))["archiefactiedatum"] == "2036-04-20"


def test_when_a_deelzaak_is_open_then_its_hoofdzaak_does_not_close_and_reopens_before_it(api: ApiClient) -> None:
    # given
    way = [given_resultaattype_data(brondatum={"afleidingswijze": "hoofdzaak"})]
    zaaktype = given_zaaktype(
        deelzaaktypen=["MELDING"], resultaattypen=[*way, given_resultaattype_data(omschrijving="B")]
    )
    hoofdzaak = given_zaak(api, zaaktype)
    deelzaak = given_zaak(api, zaaktype, hoofdzaak=hoofdzaak["url"])
    given_resultaat(api, hoofdzaak, zaaktype.resultaattypen[1])
    # when
    answer = api.post("statussen", status_body(hoofdzaak, zaaktype.eindstatus))
    # then
    assert faults(answer) == {"nonFieldErrors": "deelzaken-not-closed"}
    given_resultaat(api, deelzaak, zaaktype.resultaattypen[0])
    given_status(api, deelzaak, zaaktype.eindstatus)
    assert body_of(api.get(deelzaak["url"]))["archiefactiedatum"] is None  # waits for the hoofdzaak
    given_status(api, hoofdzaak, zaaktype.eindstatus, datumStatusGezet="2026-04-01T10:00:00Z")
    assert body_of(api.get(deelzaak["url"]))["archiefactiedatum"] == "2036-04-01"
    back = status_body(deelzaak, zaaktype.statustypen[0], datumStatusGezet="2026-04-02T10:00:00Z")
    assert faults(api.post("statussen", back)) == {"nonFieldErrors": "hoofdzaak-closed"}
    given_status(api, hoofdzaak, zaaktype.statustypen[0], datumStatusGezet="2026-04-02T10:00:00Z")
    assert body_of(api.get(deelzaak["url"]))["archiefactiedatum"] is None


# -- The archive (zrc-021) --------------------------------------------------------------------------------------------
def close(api: ApiClient, zaak: dict[str, Any], zaaktype: Zaaktype) -> Any:
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    return api.post("statussen", status_body(zaak, zaaktype.eindstatus))


def archive_of(api: ApiClient, zaak: dict[str, Any]) -> Any:
    return body_of(api.get(zaak["url"]))["archiefactiedatum"]


@pytest.mark.parametrize(
    ("way", "more", "day"),
    [
        ("afgehandeld", {}, "2036-03-10"),
        ("termijn", {"procestermijn": "P5Y"}, "2041-03-10"),
        ("ander_datumkenmerk", {"datumkenmerk": "einde", "objecttype": "overige", "registratie": "elders"}, None),
    ],
)
def test_zrc_021_when_the_zaak_itself_tells_the_brondatum_then_it_counts(
    api: ApiClient, way: str, more: dict[str, Any], day: str | None
) -> None:
    zaaktype = given_ways(way, **more)
    zaak = given_zaak(api, zaaktype)
    body_of(close(api, zaak, zaaktype), 201)
    assert archive_of(api, zaak) == day


def test_zrc_021_when_an_eigenschap_tells_the_brondatum_then_its_value_counts(api: ApiClient) -> None:
    zaaktype = given_ways("eigenschap", datumkenmerk="einde")
    zaak = given_zaak(api, zaaktype)
    assert faults(close(api, zaak, zaaktype)) == {"nonFieldErrors": "archiefactiedatum-error"}
    zaken.set_eigenschap(Zaak.objects.get().pk, "einde", "gisteren", by=SYSTEM)
    closing = status_body(zaak, zaaktype.eindstatus)
    assert faults(api.post("statussen", closing)) == {"nonFieldErrors": "archiefactiedatum-error"}
    zaken.set_eigenschap(Zaak.objects.get().pk, "einde", "20270131", by=SYSTEM)
    assert api.post("statussen", closing).status_code == 201
    assert archive_of(api, zaak) == "2037-01-31"


def test_zrc_021_when_an_object_tells_the_brondatum_then_the_latest_counts(api: ApiClient) -> None:
    zaaktype = given_ways("zaakobject", datumkenmerk="overigeData/einde", objecttype="overige")
    zaak = given_zaak(api, zaaktype)
    for day in ("2027-01-01", "2028-01-01"):
        Zaakobject.objects.create(
            zaak=Zaak.objects.get(), object_type="overige", object_identificatie={"overigeData": {"einde": day}}
        )
    body_of(close(api, zaak, zaaktype), 201)
    assert archive_of(api, zaak) == "2038-01-01"


def test_zrc_021_when_related_zaken_tell_the_brondatum_then_the_latest_end_counts(api: ApiClient) -> None:
    zaaktype = given_ways("gerelateerde_zaak")
    alone = given_zaak(api, zaaktype)
    assert faults(close(api, alone, zaaktype)) == {"nonFieldErrors": "archiefactiedatum-error"}
    ended = given_zaak(api, zaaktype)
    Zaak.objects.filter(uuid=ended["uuid"]).update(einddatum="2027-02-28")
    zaak = given_zaak(api, zaaktype, relevanteAndereZaken=[{"url": ended["url"], "aardRelatie": "vervolg"}])
    body_of(close(api, zaak, zaaktype), 201)
    assert archive_of(api, zaak) == "2037-02-28"


@pytest.mark.parametrize("way", ["ingangsdatum_besluit", "vervaldatum_besluit"])
def test_zrc_021_when_there_is_no_besluit_to_tell_the_brondatum_then_the_zaak_stays_open(
    api: ApiClient, way: str
) -> None:
    zaaktype = given_ways(way)
    zaak = given_zaak(api, zaaktype)
    assert faults(close(api, zaak, zaaktype)) == {"nonFieldErrors": "archiefactiedatum-error"}
    assert body_of(api.get(zaak["url"]))["einddatum"] is None


def test_zrc_021_when_the_parameters_were_set_by_hand_then_closing_keeps_them(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_closed_zaak(api, zaaktype, archiefnominatie="blijvend_bewaren", archiefactiedatum="2050-01-01")
    assert (zaak["archiefnominatie"], zaak["archiefactiedatum"]) == ("blijvend_bewaren", "2050-01-01")


def test_zrc_022_when_a_zaak_is_archived_then_what_hangs_on_it_stays_as_it_is(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_closed_zaak(api, zaaktype)
    Zaak.objects.update(archiefstatus="gearchiveerd")
    wrong = {"nonFieldErrors": "zaak-archiefstatus-invalid"}
    later = status_body(zaak, zaaktype.statustypen[0], datumStatusGezet="2026-03-12T10:00:00Z")
    assert faults(api.post("statussen", later)) == wrong
    assert faults(api.patch(zaak["resultaat"], {"toelichting": "anders"})) == wrong


# -- Resultaten -------------------------------------------------------------------------------------------------------
def test_when_a_zaak_has_a_resultaat_then_a_second_one_is_refused(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    resultaat = given_resultaat(api, zaak, zaaktype.resultaattypen[0], toelichting="omdat")
    assert body_of(api.get(resultaat["url"])) == resultaat
    assert resultaat["toelichting"] == "omdat"
    answer = api.post("resultaten", {"zaak": zaak["url"], "resultaattype": zaaktype.resultaattypen[1].url})
    assert faults(answer) == {"nonFieldErrors": "unique"}
    assert Resultaat.objects.count() == 1


def test_zrc_020_when_the_resultaattype_is_of_another_zaaktype_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype
) -> None:
    other = given_zaaktype(domein="ANDER")
    body = {"zaak": given_zaak(api, zaaktype)["url"], "resultaattype": other.resultaattypen[0].url}
    assert faults(api.post("resultaten", body)) == {"nonFieldErrors": "zaaktype-mismatch"}


def test_when_a_resultaat_changes_then_only_its_toelichting_does(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    resultaat = given_resultaat(api, zaak, zaaktype.resultaattypen[0], toelichting="omdat")
    same = {"zaak": zaak["url"], "resultaattype": zaaktype.resultaattypen[0].url}
    assert body_of(api.patch(resultaat["url"], {"toelichting": "daarom"}))["toelichting"] == "daarom"
    assert body_of(api.put(resultaat["url"], same))["toelichting"] == ""
    wrong = {"zaak": other["url"], "resultaattype": zaaktype.resultaattypen[1].url}
    assert faults(api.put(resultaat["url"], wrong)) == dict.fromkeys(wrong, "wijzigen-niet-toegelaten")
    assert api.delete(resultaat["url"]).status_code == 204
    assert api.get(resultaat["url"]).status_code == 404
    assert body_of(api.get(zaak["url"]))["resultaat"] is None


# -- Told, written down, read -----------------------------------------------------------------------------------------
def test_when_a_zaak_closes_then_trail_and_channel_tell_it(api: ApiClient, zaaktype: Zaaktype) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    Notificatie.objects.all().delete()
    # when
    headers = {"X-Audit-Toelichting": "klaar"}
    body_of(api.post("statussen", status_body(zaak, zaaktype.eindstatus), **headers), 201)
    # then
    lines = [(line.resource, line.actie, line.toelichting) for line in audit.trail_of(zaak["uuid"])]
    assert ("status", "create", "klaar") in lines
    assert ("zaak", "partial_update") in {line[:2] for line in lines}
    told = {(one.resource, one.actie) for one in Notificatie.objects.all()}
    assert told == {("status", "create"), ("zaak", "partial_update")}
    trail = body_of(api.get(f"{zaak['url']}/audittrail"))
    status = next(line for line in trail if line["resource"] == "status")
    assert status["resourceUrl"] == status["wijzigingen"]["nieuw"]["url"]


def test_when_a_status_is_refused_then_nothing_is_told(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak = given_zaak(api, zaaktype)
    before = (Notificatie.objects.count(), len(audit.trail_of(zaak["uuid"])))
    api.post("statussen", status_body(zaak, zaaktype.eindstatus))
    assert (Notificatie.objects.count(), len(audit.trail_of(zaak["uuid"]))) == before


def test_when_statussen_are_narrowed_then_only_those_are_given(api: ApiClient, zaaktype: Zaaktype) -> None:
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    status = given_status(api, zaak, zaaktype.statustypen[0])
    given_status(api, other, zaaktype.statustypen[1])
    for query in ({"zaak": zaak["url"]}, {"statustype": zaaktype.statustypen[0].url}):
        found = body_of(api.get("statussen", **query))
        assert [one["url"] for one in found["results"]] == [status["url"]]
    assert body_of(api.get("statussen", zaak="https://elders.example/1"))["count"] == 0
    resultaat = given_resultaat(api, zaak, zaaktype.resultaattypen[0])
    found = body_of(api.get("resultaten", resultaattype=zaaktype.resultaattypen[0].url, expand="zaak,resultaattype"))
    assert found["results"][0]["_expand"]["zaak"]["resultaat"] == resultaat["url"]
