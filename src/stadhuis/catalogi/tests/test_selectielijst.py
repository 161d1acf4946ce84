"""The selectielijst and referentielijsten: taken in from files, served like VNG's, and asked instead of the network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Communicatiekanaal, Procestype, Resultaattypeomschrijving, Selectielijstresultaat
from stadhuis.catalogi.tests.api.given import catalogus_body, given_applicatie, made, part_body, zaaktype_body
from stadhuis.kit.api.testing import ApiClient, body_of, faults, prescribed_document

Json = dict[str, Any]
pytestmark = pytest.mark.django_db
HOST = "https://selectielijst.openzaak.nl/api/v1"
ROOT = "/selectielijst/api/v1"


def uuid_of(number: int) -> str:
    return str(UUID(int=number))


def procestype(number: int = 1, **more: Any) -> Json:
    return {
        "url": uuid_of(number), "nummer": number, "jaar": 2020, "naam": f"Proces {number}", "omschrijving": "",
        "toelichting": "", "procesobject": "Het ding", **more,
    }  # fmt: skip


def resultaat(number: int = 101, *, of: int = 1, **more: Any) -> Json:
    return {
        "url": uuid_of(number), "procesType": uuid_of(of), "nummer": number, "volledigNummer": f"{of}.{number}",
        "generiek": True, "specifiek": False, "naam": "Verleend", "omschrijving": "", "herkomst": "Risico",
        "waardering": "vernietigen", "procestermijn": "nihil", "procestermijnWeergave": "Nihil",
        "bewaartermijn": "P5Y", "toelichting": "", "burgerzaken": True, "procestermijnOpmerking": "", **more,
    }  # fmt: skip


def omschrijving(number: int = 201, **more: Any) -> Json:
    return {"url": uuid_of(number), "omschrijving": "Verleend", "definitie": "Het mag", **more}


def kanaal(number: int = 301, **more: Any) -> Json:
    return {
        "url": f"{HOST}/communicatiekanalen/{uuid_of(number)}",
        "naam": "Balie",
        "omschrijving": "Aan de balie",
        **more,
    }


def files(**more: Any) -> dict[str, object]:
    return {
        "p.json": [procestype(1), procestype(2, jaar=2017)],
        "r.json": {"count": 2, "next": None, "previous": None, "results": [resultaat(101), resultaat(102, of=2)]},
        "o.json": [omschrijving()],
        "k.json": [kanaal()],
        **more,
    }


def counts() -> list[int]:
    kinds = (Procestype, Selectielijstresultaat, Resultaattypeomschrijving, Communicatiekanaal)
    return [kind._default_manager.count() for kind in kinds]


def told(taken: list[catalogi.TakenIn]) -> dict[str, tuple[int, int, int]]:
    return {one.name: (one.new, one.changed, one.same) for one in taken}


# -- Taking in -----------------------------------------------------------------------------------------------------------
def test_when_lists_are_taken_in_twice_then_nothing_changes_the_second_time() -> None:
    first = told(catalogi.import_selectielijst(files()))
    assert first == {
        "procestypen": (2, 0, 0), "resultaten": (2, 0, 0), "resultaattypeomschrijvingen": (1, 0, 0),
        "communicatiekanalen": (1, 0, 0),
    }  # fmt: skip
    before = list(Selectielijstresultaat.objects.order_by("pk").values())
    assert told(catalogi.import_selectielijst(files())) == {
        "procestypen": (0, 0, 2), "resultaten": (0, 0, 2), "resultaattypeomschrijvingen": (0, 0, 1),
        "communicatiekanalen": (0, 0, 1),
    }  # fmt: skip
    assert list(Selectielijstresultaat.objects.order_by("pk").values()) == before


def test_when_an_entry_changed_then_it_changes_here_and_what_is_in_no_file_stays() -> None:
    catalogi.import_selectielijst(files())
    taken = catalogi.import_selectielijst({"r.json": [resultaat(101, bewaartermijn="P7Y"), resultaat(103)]})
    assert told(taken) == {"resultaten": (1, 1, 0)}
    assert Selectielijstresultaat.objects.get(uuid=uuid_of(101)).bewaartermijn == "P7Y"
    assert counts() == [2, 3, 1, 1]


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("x.json", {"iets": 1}, "x.json: holds no list of entries"),
        ("x.json", [], "x.json: holds no list of entries"),
        ("x.json", [{"iets": 1}], "x.json: the first entry is none of"),
        ("x.json", [["a"]], "x.json: the first entry is none of"),
        ("r.json", [resultaat(), 3], "r.json, entry 2: is no object"),
        ("r.json", [resultaat(), resultaat()], "r.json, entry 2: url: "),
        ("r.json", [resultaat(url="geen-uuid")], "r.json, entry 1: url: "),
        ("r.json", [resultaat(procesType=None)], "r.json, entry 1: procesType: "),
        ("r.json", [resultaat(of=9)], "resultaten: procesType 00000000-0000-0000-0000-000000000009 is in no file"),
        ("r.json", [resultaat(waardering="misschien")], "r.json, entry 1: waardering: "),
        ("r.json", [resultaat(bewaartermijn="tien jaar")], "r.json, entry 1: bewaartermijn: "),
        ("r.json", [resultaat(naam="x" * 41)], "r.json, entry 1: naam: "),
        ("r.json", [resultaat(naam="a\x00b")], "r.json, entry 1: naam: "),
        ("p.json", [procestype(nummer="een")], "p.json, entry 1: nummer: "),
        ("p.json", [procestype(nummer=2**40)], "p.json, entry 1: nummer: "),
    ],
)
def test_when_one_file_is_wrong_then_it_is_said_where_and_nothing_is_taken_in(
    file: str, content: object, said: str
) -> None:
    with pytest.raises(catalogi.ListInvalid) as error:
        catalogi.import_selectielijst(files(**{file: content}))
    assert any(fault.startswith(said) for fault in error.value.faults), error.value.faults
    assert counts() == [0, 0, 0, 0]


def test_when_much_is_wrong_then_the_first_faults_are_told_and_how_many_there_are() -> None:
    with pytest.raises(catalogi.ListInvalid) as error:
        catalogi.import_selectielijst({"p.json": [procestype(), *({} for _ in range(100))]})
    assert len(error.value.faults) == 20
    assert error.value.count == 400  # four keys each


def test_when_the_published_files_are_there_then_all_of_them_is_taken_in() -> None:
    folder = os.environ.get("STADHUIS_STANDARDS", "")
    if not folder:
        pytest.skip("STADHUIS_STANDARDS is not set")
    names = ("selectielijst-2020-procestypen", "selectielijst-2020-resultaten", "resultaattypeomschrijvingen-testdata")
    contents = {name: json.loads((Path(folder) / f"{name}.json").read_text()) for name in names}
    first = told(catalogi.import_selectielijst(contents))
    assert {name: new for name, (new, _, _) in first.items()} == {
        "procestypen": 29, "resultaten": 346, "resultaattypeomschrijvingen": 3,
    }  # fmt: skip
    assert {name: same for name, (_, _, same) in told(catalogi.import_selectielijst(contents)).items()} == {
        "procestypen": 29, "resultaten": 346, "resultaattypeomschrijvingen": 3,
    }  # fmt: skip
    one = contents["selectielijst-2020-resultaten"][0]
    given = body_of(Client().get(f"{ROOT}/resultaten/{one['url']}"))  # type: ignore[arg-type]
    assert {key: given[key] for key in one if key not in ("url", "procesType")} == {
        key: value for key, value in one.items() if key not in ("url", "procesType")
    }
    assert given["procesType"].endswith(f"/selectielijst/api/v1/procestypen/{one['procesType']}")


# -- Served --------------------------------------------------------------------------------------------------------------
def test_when_anybody_asks_then_the_lists_are_given_as_vng_gives_them(settings: Any) -> None:
    catalogi.import_selectielijst(files())
    get = Client().get
    whole = get(f"{ROOT}/procestypen")
    assert (whole.status_code, whole["Content-Type"], whole["API-version"]) == (200, "application/json", "0.6.0")
    assert [one["nummer"] for one in whole.json()] == [2, 1]  # 2017 before 2020
    assert [one["nummer"] for one in get(f"{ROOT}/procestypen?jaar=2020").json()] == [1]
    page = get(f"{ROOT}/resultaten").json()
    assert (page["count"], page["next"], page["previous"]) == (2, None, None)
    first = page["results"][0]
    assert first["url"] == f"{settings.PUBLIC_URL}{ROOT}/resultaten/{uuid_of(101)}"
    assert first["procesType"] == f"{settings.PUBLIC_URL}{ROOT}/procestypen/{uuid_of(1)}"
    assert (first["burgerzaken"], first["veiligheid"]) == (True, False)
    for name in ("procesType", "proces_type"):
        found = get(f"{ROOT}/resultaten", {name: f"{HOST}/procestypen/{uuid_of(2)}"}).json()
        assert [one["nummer"] for one in found["results"]] == [102]
    assert get(f"{ROOT}/resultaten", {"procesType": "iets"}).json()["count"] == 0
    assert get(f"{ROOT}/resultaattypeomschrijvingen").json()[0]["omschrijving"] == "Verleend"
    assert get(f"{ROOT}/communicatiekanalen").json()["results"][0]["naam"] == "Balie"
    one = get(f"{ROOT}/resultaten/{uuid_of(101)}")
    assert one.json() == first
    assert get(f"{ROOT}/resultaten/{uuid_of(101)}", headers={"If-None-Match": one["ETag"]}).status_code == 304


def test_when_there_are_more_than_a_page_then_the_next_page_is_named(settings: Any) -> None:
    catalogi.import_selectielijst({"p": [procestype()], "r": [resultaat(1000 + place) for place in range(101)]})
    page = Client().get(f"{ROOT}/resultaten").json()
    assert page["next"] == f"{settings.PUBLIC_URL}{ROOT}/resultaten?page=2"
    assert len(Client().get(f"{ROOT}/resultaten?page=2").json()["results"]) == 1
    assert Client().get(f"{ROOT}/resultaten?page=3").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "onzin", 404),
        ("GET", f"procestypen/{uuid_of(9)}", 404),
        ("GET", f"onzin/{uuid_of(9)}", 404),
        ("GET", "procestypen?jaar=vorig", 400),
        ("GET", "procestypen?onzin=1", 400),
        ("GET", "resultaten?page=0", 404),
        ("GET", "resultaten?procesType=%00", 400),
        ("POST", "procestypen", 405),
        ("DELETE", f"procestypen/{uuid_of(1)}", 405),
    ],
)
def test_when_something_else_is_asked_then_the_error_is_that_of_the_standard(
    method: str, path: str, status: int
) -> None:
    answer = Client(enforce_csrf_checks=method == "GET").generic(method, f"{ROOT}/{path}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == status


@pytest.mark.parametrize("path", ["procestypen", "resultaten", "resultaattypeomschrijvingen", "communicatiekanalen"])
def test_a_list_is_one_statement_however_long(path: str) -> None:
    counted = []
    for wanted in (1, 40):
        catalogi.import_selectielijst(
            {
                "p": [procestype(place + 1) for place in range(wanted)],
                "r": [resultaat(place + 100) for place in range(wanted)],
                "o": [omschrijving(place + 200) for place in range(wanted)],
                "k": [kanaal(place + 300) for place in range(wanted)],
            }
        )
        with CaptureQueriesContext(connection) as caught:
            found = Client().get(f"{ROOT}/{path}").json()
        assert len(found["results"] if isinstance(found, dict) else found) == wanted
        counted.append(len(caught.captured_queries))
    assert counted == [1, 1]


def test_the_answers_have_the_keys_of_the_prescribed_document() -> None:
    catalogi.import_selectielijst(files())
    schemas = prescribed_document("selectielijst-en-referentielijsten-vng-0.6.0.yaml")["components"]["schemas"]
    for path, number, name in (
        ("procestypen", 1, "ProcesType"),
        ("resultaten", 101, "Resultaat"),
        ("resultaattypeomschrijvingen", 201, "ResultaattypeOmschrijvingGeneriek"),
        ("communicatiekanalen", 301, "CommunicatieKanaal"),
    ):
        given = Client().get(f"{ROOT}/{path}/{uuid_of(number)}").json()
        assert sorted(given) == sorted(schemas[name]["properties"])


# -- Asked instead of the network ------------------------------------------------------------------------------------------
@pytest.fixture
def api() -> ApiClient:
    return given_applicatie()


@pytest.fixture
def zaaktype(api: ApiClient) -> Json:
    """A zaaktype of a process of the selectielijst. A look-up over the network would fail: nothing listens anywhere."""
    catalogi.import_selectielijst(files())
    catalogus = made(api, "catalogussen", catalogus_body())
    return made(api, "zaaktypen", zaaktype_body(catalogus, selectielijstProcestype=f"{HOST}/procestypen/{uuid_of(1)}"))


def resultaattype_body(zaaktype: Json, klasse: str, **more: Any) -> Json:
    return part_body(
        "resultaattypen", zaaktype, selectielijstklasse=klasse,
        resultaattypeomschrijving=f"{HOST}/resultaattypeomschrijvingen/{uuid_of(201)}", **more,
    )  # fmt: skip


def test_ztc_001_a_procestype_of_a_configured_host_is_that_of_the_copy_and_kept_as_sent(
    api: ApiClient, zaaktype: Json
) -> None:
    assert zaaktype["selectielijstProcestype"] == f"{HOST}/procestypen/{uuid_of(1)}"
    for url, code in (
        (f"{HOST}/procestypen/{uuid_of(9)}", "bad-url"),
        (f"{HOST}/procestypen", "bad-url"),
        (f"{HOST}/resultaten/{uuid_of(101)}", "invalid-resource"),
    ):
        assert faults(api.patch(zaaktype["url"], {"selectielijstProcestype": url})) == {"selectielijstProcestype": code}


def test_ztc_002_a_klasse_of_a_configured_host_gives_nominatie_and_termijn_without_the_network(
    api: ApiClient, zaaktype: Json, settings: Any
) -> None:
    klasse = f"{HOST}/resultaten/{uuid_of(101)}"
    found = made(api, "resultaattypen", resultaattype_body(zaaktype, klasse))
    assert found["selectielijstklasse"] == klasse
    assert (found["archiefnominatie"], found["archiefactietermijn"]) == ("vernietigen", "P5Y")
    assert found["omschrijvingGeneriek"] == "Verleend"
    # The same entry at another address of a configured host, or at ours, is of the same process.
    for place, base in enumerate(("https://referentielijsten-api.vng.cloud/api/v1", f"{settings.PUBLIC_URL}{ROOT}")):
        other = resultaattype_body(zaaktype, f"{base}/resultaten/{uuid_of(101)}", omschrijving=f"Ook {place}")
        assert made(api, "resultaattypen", other)["archiefactietermijn"] == "P5Y"


def test_ztc_002_a_klasse_of_another_process_in_the_copy_is_refused(api: ApiClient, zaaktype: Json) -> None:
    wrong = resultaattype_body(zaaktype, f"{HOST}/resultaten/{uuid_of(102)}")
    assert faults(api.post("resultaattypen", wrong)) == {"nonFieldErrors": "procestype-mismatch"}


def test_ztc_003_the_procestermijn_of_the_copy_demands_its_afleidingswijze(api: ApiClient, zaaktype: Json) -> None:
    klasse = f"{HOST}/resultaten/{uuid_of(101)}"
    wrong = resultaattype_body(zaaktype, klasse, brondatumArchiefprocedure={"afleidingswijze": "hoofdzaak"})
    assert faults(api.post("resultaattypen", wrong)) == {"nonFieldErrors": "invalid-afleidingswijze-for-procestermijn"}


def test_when_the_list_was_not_taken_in_then_the_fault_says_how_to(api: ApiClient) -> None:
    catalogus = made(api, "catalogussen", catalogus_body())
    body = zaaktype_body(catalogus, selectielijstProcestype=f"{HOST}/procestypen/{uuid_of(1)}")
    answer = json.loads(api.post("zaaktypen", body).content)
    assert [one["name"] for one in answer["invalidParams"]] == ["selectielijstProcestype"]
    assert "import-selectielijst" in answer["invalidParams"][0]["reason"]
