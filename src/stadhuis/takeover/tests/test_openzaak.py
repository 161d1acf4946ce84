"""Taking over from a provider in the style of the field's usual one, with everything that can be in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from stadhuis.access import public as access
from stadhuis.audit.models import Payload
from stadhuis.besluiten.models import Besluit
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Zaaktype
from stadhuis.documenten import public as documenten
from stadhuis.documenten.models import Document, DocumentVersie
from stadhuis.kit.files import open_stored
from stadhuis.kit.models import StoredFile
from stadhuis.notificaties.models import Notificatie
from stadhuis.people.public import SYSTEM
from stadhuis.takeover import public as takeover
from stadhuis.takeover.actions import alone
from stadhuis.takeover.client import Remote
from stadhuis.takeover.models import Run, Taken, Trouble
from stadhuis.takeover.tests.openzaak import CLIENT, ELSEWHERE, SECRET, OpenZaak, bsn, number
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Rol, Status, Zaak, Zaakinformatieobject

pytestmark = pytest.mark.django_db
APIS = ("catalogi", "documenten", "zaken", "besluiten", "autorisaties")
ZAKEN = 12


@pytest.fixture
def provider(settings: Any, tmp_path: Path) -> Iterator[OpenZaak]:
    settings.DATA_DIR = tmp_path
    made = OpenZaak(zaken=ZAKEN, page_size=5).start()
    settings.API_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    yield made
    made.server.shutdown()


def source(provider: OpenZaak, **more: Any) -> takeover.SourceSettings:
    roots = {api: f"{provider.base}/{api}/api/v1" for api in APIS}
    return takeover.SourceSettings(
        name="oz", client_id=CLIENT, secret=SECRET, roots=roots, shown=roots, **{"patience_seconds": 5.0, **more}
    )


def pull(provider: OpenZaak, **more: Any) -> takeover.Outcome:
    said: list[str] = []
    return takeover.pull(source(provider, **more), tell=said.append)


def differences(provider: OpenZaak) -> dict[str, Any]:
    found = takeover.compare(source(provider), tell=lambda sentence: None)
    return {
        kind: (one.missing, {key for _, keys in one.differing for key in keys}, one.gone, one.problem)
        for kind, one in found.items()
        if not one.is_equal
    }


def test_everything_of_the_provider_is_here_afterwards_under_its_own_uuid(provider: OpenZaak) -> None:
    outcome = pull(provider)
    assert outcome.troubles == []
    assert outcome.problems == {}
    assert differences(provider) == {}
    assert outcome.read["zaak"] == (ZAKEN, ZAKEN, 0)
    zaak = Zaak.objects.get(uuid=number("zaken", 0))
    assert (zaak.identificatie, str(zaak.einddatum), zaak.verlenging_duur) == ("ZAAK-2024-0000000000", "2024-04-01", "")
    assert zaak.status is not None
    assert zaak.status.statustype.omschrijving == "Afgehandeld"
    assert zaak.zaakobjecten.get().object == ELSEWHERE
    # The same person, by a pseudonym; the number is with people only.
    rol = Rol.objects.get(zaak=zaak)
    assert rol.person_id is not None
    assert rol.betrokkene_identificatie is not None
    assert "inpBsn" not in rol.betrokkene_identificatie
    assert zaken.zaak_by_uuid(zaak.uuid, seen_by=SYSTEM).identificatie == zaak.identificatie


def test_documents_come_with_all_versions_the_bytes_of_each_and_their_lock(provider: OpenZaak) -> None:
    pull(provider)
    document = Document.objects.get(uuid=number("enkelvoudiginformatieobjecten", 3))
    assert document.file_id is not None
    older = DocumentVersie.objects.get(document=document)
    assert older.file_id is not None
    held = provider.town.bytes
    assert (document.versie, older.versie) == (2, 1)
    for file, sha256, version in ((document.file_id, document.sha256, 2), (older.file_id, older.sha256, 1)):
        content = held[str(document.uuid), version]
        assert open_stored(file).read() == content
        assert sha256 == hashlib.sha256(content).hexdigest()
    # Nobody gives the key of a lock away: it is locked here too, under a key of ours that force opens.
    assert document.lock != ""
    assert Document.objects.filter(lock="").count() == Document.objects.count() - 1


def test_numbers_go_on_after_those_that_came(provider: OpenZaak) -> None:
    # given
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('documenten_nummer', 1), setval('besluiten_nummer', 1)")
    # when
    pull(provider)
    # then
    new = documenten.NewDocument(
        informatieobjecttype_id=catalogi.informatieobjecttype_by_name("OZ:Brief").id, titel="Brief", auteur="Jan"
    )
    made = documenten.create_document(new, by=SYSTEM)
    assert int(made.identificatie.rpartition("-")[2]) == ZAKEN


def test_each_object_has_a_line_in_the_trail_that_says_from_where_and_subscribers_hear_nothing(
    provider: OpenZaak,
) -> None:
    pull(provider)
    line = Payload.objects.get(resource="zaak", resource_id=number("zaken", 5))
    url = f"{provider.base}/zaken/api/v1/zaken/{number('zaken', 5)}"
    assert (line.actie, line.toelichting) == ("create", f"Overgenomen van oz ({url})")
    assert line.nieuw is not None
    assert line.nieuw["identificatie"] == "ZAAK-2024-0000000005"
    assert Payload.objects.filter(toelichting="").count() == 0
    assert not Payload.objects.filter(nieuw__icontains=bsn(5)).exists()
    # Of rights alone: whoever keeps them by heart must ask again.
    assert set(Notificatie.objects.values_list("kanaal", flat=True)) == {"autorisaties"}


def test_a_second_run_takes_only_what_changed_and_reports_what_went(provider: OpenZaak) -> None:
    # given
    pull(provider)
    lines = Payload.objects.count()
    # when nothing happened
    provider.asked.clear()
    again = pull(provider)
    # then
    assert {kind: counts[1:] for kind, counts in again.read.items() if any(counts[1:])} == {}
    assert Payload.objects.count() == lines
    assert not any("download" in asked for asked in provider.asked)
    # when people work on there
    town = provider.town
    changed = town.at(town.url("zaken", "zaken", 2))
    changed["omschrijving"] = "Anders"
    document = town.url("documenten", "enkelvoudiginformatieobjecten", 1)
    _new_version(provider, document, b"een nieuwe brief")
    gone = town.lists["zaken/zaakobjecten"].pop(0)["url"]
    town.zaak(ZAKEN)
    third = pull(provider)
    # then
    assert third.read["zaak"][1:] == (1, 1)
    assert third.read["enkelvoudiginformatieobject"][1:] == (1, 1)
    assert third.gone == {"zaakobject": [gone]}
    assert Zaak.objects.get(uuid=number("zaken", 2)).omschrijving == "Anders"
    row = Document.objects.get(uuid=number("enkelvoudiginformatieobjecten", 1))
    assert row.file_id is not None
    assert open_stored(row.file_id).read() == b"een nieuwe brief"
    assert list(row.versies.values_list("versie", flat=True)) == [1]
    assert differences(provider) == {"zaakobject": ([], set(), [gone], "")}


def _new_version(provider: OpenZaak, url: str, content: bytes) -> None:
    town, uuid = provider.town, url.rpartition("/")[2]
    body = town.at(url)
    body.update(
        versie=2, beginRegistratie="2024-05-01T09:00:00Z", bestandsomvang=len(content),
        inhoud=f"{url}/download?versie=2",
        integriteit={"algoritme": "md5", "waarde": hashlib.md5(content, usedforsecurity=False).hexdigest(), "datum": "2024-05-01"},
    )  # fmt: skip
    town.bytes[uuid, 2], town.versions[uuid, 2] = content, dict(body)


def test_bad_objects_go_to_a_list_with_the_reason_and_stop_nothing(provider: OpenZaak) -> None:
    # given
    town = provider.town
    town.at(town.url("zaken", "zaken", 1))["startdatum"] = "gisteren"
    town.at(town.url("zaken", "zaken", 2))["zaaktype"] = f"{provider.base}/catalogi/api/v1/zaaktypen/{number('weg')}"
    town.at(town.url("zaken", "zaken", 3))["identificatie"] = "ZAAK-2024-0000000004"
    town.at(town.url("zaken", "zaken", 6))["archiefstatus"] = "nog_te_archiveren\x00"
    letter = town.at(town.url("documenten", "enkelvoudiginformatieobjecten", 5))
    letter["integriteit"] = {"algoritme": "sha_256", "waarde": "0" * 64, "datum": "2024-03-01"}
    town.at(town.url("documenten", "enkelvoudiginformatieobjecten", 6))["bestandsomvang"] = 7
    town.at(town.url("zaken", "rollen", 8))["betrokkeneIdentificatie"]["inpBsn"] = "123456789"
    # when
    outcome = pull(provider)
    # then
    reasons = {url.removeprefix(provider.base): reason for _, url, reason in outcome.troubles}

    def reason(api: str, path: str, place: int) -> str:
        return reasons[f"/{api}/api/v1/{path}/{number(path, place)}"]

    assert reason("zaken", "zaken", 1) == "cannot be read: startdatum (invalid)"
    assert reason("zaken", "zaken", 2) == "refers to what is not here: zaaktype"
    taken = {reasons.get(f"/zaken/api/v1/zaken/{number('zaken', place)}") for place in (3, 4)}
    assert taken == {None, "another zaak of ours has this identificatie (zrc-002)"}
    assert reason("zaken", "zaken", 6) == "cannot be read: archiefstatus (invalid_choice)"
    documents = "enkelvoudiginformatieobjecten"
    assert reason("documenten", documents, 5) == "the content does not fit the checksum the source has of it"
    assert reason("documenten", documents, 6) == "the content has another size than the source says"
    assert "123456789" not in str(outcome)
    assert reason("zaken", "rollen", 8).startswith("cannot be ")
    assert not outcome.is_whole
    assert Zaak.objects.count() == ZAKEN - 4
    # what did not fit is not kept
    assert StoredFile.objects.filter(state=StoredFile.State.ARRIVED).count() == 0
    # when it is put right there
    town.at(town.url("zaken", "zaken", 1))["startdatum"] = "2024-03-01"
    letter["integriteit"] = {"algoritme": "", "waarde": "", "datum": None}
    pull(provider)
    # then it comes with all that waited for it
    assert Zaak.objects.get(uuid=number("zaken", 1)).rollen.count() == 1
    assert Zaakinformatieobject.objects.filter(document__uuid=number(documents, 5)).exists()


def test_what_stands_here_already_is_never_written_over(provider: OpenZaak) -> None:
    # given the same catalogue made by ourselves, and a zaak with the uuid of one there
    catalogi.build(
        {
            "domein": "OZ", "rsin": "002564440", "naam": "Van ons", "informatieobjecttypen": ["Brief"],
            "zaaktypen": [
                {
                    "identificatie": "OZ-1", "omschrijving": "Van ons", "doorlooptijd": "P56D",
                    "statustypen": ["Ontvangen", "Klaar"], "resultaattypen": [],
                    "roltypen": [{"omschrijving": "Aanvrager", "omschrijving_generiek": "initiator"}],
                }
            ],
        }
    )  # fmt: skip
    mine = Zaaktype.objects.get(identificatie="OZ-1")
    Zaaktype.objects.filter(pk=mine.pk).update(begin_geldigheid="2020-01-01")
    zaak = zaken.create_zaak(zaken.NewZaak(zaaktype_id=mine.pk, omschrijving="Van ons"), by=SYSTEM)
    Zaak.objects.filter(pk=zaak.id).update(uuid=number("zaken", 7))
    # when
    outcome = pull(provider)
    # then
    mine.refresh_from_db()
    assert mine.omschrijving == "Van ons"
    assert Zaaktype.objects.filter(identificatie="OZ-1").count() == 1
    assert catalogi.catalogus("OZ").naam == "Van ons"
    there = Zaak.objects.get(uuid=number("zaken", 5))
    assert there.zaaktype_id == mine.pk
    assert Rol.objects.get(zaak=there).roltype.zaaktype_id == mine.pk
    assert Zaak.objects.get(pk=zaak.id).omschrijving == "Van ons"
    reasons = {url.rpartition("/")[2]: reason for _, url, reason in outcome.troubles}
    assert reasons[str(number("zaken", 7))] == "an object of ours has this uuid already"
    # What hangs on the one there does not come to hang on ours.
    assert not Rol.objects.filter(zaak_id=zaak.id).exists()


def test_an_application_comes_with_its_rights_and_cannot_log_in_until_it_gets_a_secret(provider: OpenZaak) -> None:
    pull(provider)
    found = access.applicatie_as_sent(number("applicaties", 1))
    assert found is not None
    assert (found["label"], found["clientIds"]) == ("Portaal", ["portaal"])
    assert [right["component"] for right in found["autorisaties"]] == ["zrc"]
    assert access.secrets_of("portaal") == []


def test_zaken_that_name_each_other_are_joined_and_others_stay_as_they_were_sent(provider: OpenZaak) -> None:
    pull(provider)
    deelzaak = Zaak.objects.get(uuid=number("zaken", ZAKEN - 1))
    assert deelzaak.hoofdzaak is not None
    assert deelzaak.hoofdzaak.uuid == number("zaken", 0)
    one = Zaak.objects.get(uuid=number("zaken", ZAKEN - 2))
    relations = [(row.andere_zaak_id is not None, row.url) for row in one.relevante_andere_zaken.order_by("url")]
    assert relations == [(True, ""), (False, f"https://elders.example/zaken/api/v1/zaken/{number('elders')}")]
    assert Trouble.objects.count() == 0


# -- A source that is not well -----------------------------------------------------------------------------------------
def _once(provider: OpenZaak, part: str, *answers: tuple[int, bytes, dict[str, str]]) -> list[str]:
    """Let requests with this in their path get these answers first, one each."""
    left, met = list(answers), []

    def fault(path: str) -> tuple[int, bytes, dict[str, str]] | None:
        if part in path and left:
            met.append(path)
            return left.pop(0)
        return None

    provider.fault = fault
    return met


def test_what_passes_is_waited_for(provider: OpenZaak) -> None:
    slept: list[float] = []
    met = _once(
        provider, "/statussen", (503, b"", {}), (429, b"", {"Retry-After": "3"}), (200, b"<html>", {}), (200, b"[", {})
    )
    settings = source(provider, patience_seconds=60.0)
    remote = Remote(settings, tell=lambda sentence: None, sleep=slept.append)
    outcome = takeover.pull(settings, tell=lambda sentence: None, remote=remote)
    assert len(met) == 4
    assert 3.0 in slept
    assert outcome.is_whole
    assert differences(provider) == {}


def test_a_source_that_stays_down_stops_the_run_and_the_next_goes_on_there(provider: OpenZaak) -> None:
    # given
    provider.fault = lambda path: (500, b"", {}) if "/rollen" in path and "page=2" in path else None
    # when
    with pytest.raises(takeover.SourceDown, match="goes on from here"):
        pull(provider, patience_seconds=0.6)
    assert Rol.objects.count() == 5
    # then
    provider.fault = lambda path: None
    provider.asked.clear()
    outcome = pull(provider)
    assert outcome.run == 1
    assert outcome.is_whole
    assert not any("/zaken/zaken?" in path or "/zaken?ordering" in path for path in provider.asked)
    assert not any("/rollen" in path and "page=1" in path for path in provider.asked)
    assert differences(provider) == {}


def test_a_source_that_cannot_be_reached_or_refuses_our_token_stops_the_run_with_a_clear_sentence(
    provider: OpenZaak, settings: Any
) -> None:
    with pytest.raises(takeover.SourceRefuses, match="401"):
        takeover.pull(replace(source(provider), secret="iets-anders"), tell=lambda sentence: None)
    provider.fault = lambda path: (403, b'{"code": "invalid-jwt-signature"}', {})
    with pytest.raises(takeover.SourceRefuses, match="invalid-jwt-signature"):
        pull(provider)
    settings.API_ALLOWED_HOSTS = []
    with pytest.raises(takeover.SourceRefuses, match="STADHUIS_API_ALLOWED_HOSTS"):
        pull(provider)
    settings.API_ALLOWED_HOSTS = [f"127.0.0.1:{provider.port}"]
    provider.server.shutdown()
    provider.server.server_close()
    with pytest.raises(takeover.SourceDown):
        pull(provider, patience_seconds=0.5)


def test_what_we_may_not_see_is_said_per_kind_and_per_object(provider: OpenZaak) -> None:
    hidden = str(number("enkelvoudiginformatieobjecten", 4))
    provider.fault = lambda path: (
        (403, b"{}", {})
        if "/zaaknotities" in path or "/besluiten/api" in path or f"{hidden}/download" in path
        else None
    )
    outcome = pull(provider)
    assert outcome.problems["besluit"] == "no right to see it at the source (403)"
    reasons = {url.rpartition("/")[2]: reason for _, url, reason in outcome.troubles}
    assert reasons[hidden] == "no right to see it at the source (403)"
    assert Zaak.objects.count() == ZAKEN
    assert Besluit.objects.count() == 0


def test_a_list_that_changes_while_it_is_read_is_read_again(provider: OpenZaak) -> None:
    town = provider.town

    def fault(path: str) -> None:
        if "/rollen" in path and "page=2" in path and len(town.lists["zaken/rollen"]) == ZAKEN:
            # One that was shown on page 1 goes: the first of page 2 moves to page 1 and would be missed.
            town.lists["zaken/rollen"].pop(0)

    provider.fault = fault
    outcome = pull(provider)
    assert outcome.is_whole
    assert set(Rol.objects.values_list("uuid", flat=True)) >= {UUID(one["uuid"]) for one in town.lists["zaken/rollen"]}


def test_what_was_removed_here_does_not_come_back(provider: OpenZaak) -> None:
    pull(provider)
    zaak = Zaak.objects.get(uuid=number("zaken", 1))
    zaken.delete_zaak(zaak.pk, by=SYSTEM)
    provider.town.at(provider.town.url("zaken", "zaken", 1))["omschrijving"] = "Anders"
    outcome = pull(provider)
    assert not Zaak.objects.filter(uuid=zaak.uuid).exists()
    assert ("zaak", "it was taken over and removed here since: it does not come back by itself") in {
        (kind, reason) for kind, _, reason in outcome.troubles
    }


def test_a_dry_run_says_what_would_come_and_writes_nothing(provider: OpenZaak) -> None:
    found = takeover.try_out(source(provider), tell=lambda sentence: None)
    assert found["zaak"] == (ZAKEN, ZAKEN, 0)
    assert (Zaak.objects.count(), Taken.objects.count(), Run.objects.count()) == (0, 0, 0)
    pull(provider)
    provider.town.at(provider.town.url("zaken", "zaken", 3))["omschrijving"] = "Anders"
    assert takeover.try_out(source(provider), tell=lambda sentence: None)["zaak"] == (ZAKEN, 0, 1)


def test_the_comparison_names_what_differs(provider: OpenZaak) -> None:
    pull(provider)
    Zaak.objects.filter(uuid=number("zaken", 2)).update(omschrijving="Hier anders")
    Status.objects.filter(uuid=number("statussen", 1, 0)).update(statustoelichting="Hier anders")
    found = takeover.compare(source(provider), tell=lambda sentence: None)
    assert found["zaak"].differing == [(provider.town.url("zaken", "zaken", 2), ("omschrijving",))]
    assert [keys for _, keys in found["status"].differing] == [("statustoelichting",)]
    words = takeover.in_words(found)
    assert f"zaak differs: {provider.town.url('zaken', 'zaken', 2)}: omschrijving" in words


def test_two_processes_do_not_take_over_from_the_same_source_at_once(provider: OpenZaak) -> None:
    parameters = connection.get_connection_params()
    names = ("dbname", "host", "user", "port", "password")
    # Locks of the whole server are listed: only those of our database count.
    held = (
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = 7411"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with psycopg.connect(**{name: parameters[name] for name in names if parameters.get(name)}) as other:
        with alone("oz"):
            row = other.execute(held).fetchone()
            assert row is not None
        assert other.execute(held).fetchone() is None
        key = row[0] - 2**32 if row[0] >= 2**31 else row[0]
        other.execute("SELECT pg_advisory_lock(7411, %s)", [key])
        with pytest.raises(takeover.AlreadyRunning):
            pull(provider)
