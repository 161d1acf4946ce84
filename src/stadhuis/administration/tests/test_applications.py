"""Connecting an application, its rights and secrets, how its calls go, and disconnecting it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.access.models import Applicatie, LastCall
from stadhuis.access.public import AutorisatieData
from stadhuis.administration import rights
from stadhuis.audit.models import Payload
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.time import now
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
ROOT = "/werkplek/beheer/applicaties/"
SECRET = "geheim-van-de-formulieren-0123456789"
READS = AutorisatieData("zrc", ("zaken.lezen",), "*", max_level=4)
TYPED = {"naam": "Formulieren", "client_id": "formulieren", "omvang": "kies", "zrc-set": "lezen", "zrc-types": "alle", "zrc-niveau": "4"}  # fmt: skip


@pytest.fixture
def ada() -> Client:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.toegang"), username="ada"))
    return browser


def given_applicatie(*autorisaties: AutorisatieData, label: str = "Taken", client_id: str = "taken") -> Applicatie:
    pk = access.create_applicatie(label, [client_id], SECRET, autorisaties=autorisaties or [READS])
    return Applicatie.objects.get(pk=pk)


def held(client_id: str) -> list[AutorisatieData]:
    found = access.applicatie_for(client_id)
    assert found is not None
    return list(found.autorisaties)


def secret_on(page: str) -> str:
    found = re.search(r'id="geheim" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def deeds() -> list[str]:
    return list(Payload.objects.filter(kind="applicatie").order_by("pk").values_list("actie", flat=True))


# -- Connecting ---------------------------------------------------------------------------------------------------------
def test_an_application_is_connected_in_three_steps_and_its_secret_is_shown_once(ada: Client) -> None:
    assert "Applicatie aansluiten" in ada.get(f"{ROOT}aansluiten/").content.decode()
    review = ada.post(f"{ROOT}aansluiten/", TYPED)
    assert review.status_code == 200
    assert "Alle soorten, nu en later" in review.content.decode()
    assert not Applicatie.objects.exists(), "nothing happens before the second step"
    shown = ada.post(f"{ROOT}aansluiten/", {**TYPED, "stap": "aansluiten"})
    page = shown.content.decode()
    secret = secret_on(page)
    assert "no-store" in shown["Cache-Control"]
    assert held("formulieren") == [AutorisatieData("zrc", ("zaken.lezen",), "*", max_level=4)]
    given = access.trial_token("formulieren", secret)
    assert access.authenticate(given).applicatie.label == "Formulieren"
    application = ada.get(f"{ROOT}{Applicatie.objects.get().uuid}/").content.decode()
    assert secret not in application
    assert "Wij wachten op de eerste aanroep" in application
    assert deeds() == ["create", "geheim gezet"]
    assert not Payload.objects.filter(nieuw__icontains=secret).exists()


def test_a_client_id_that_is_left_empty_is_made_of_the_name(ada: Client) -> None:
    review = ada.post(f"{ROOT}aansluiten/", {**TYPED, "naam": "Wmo & Jeugd: één formulier!", "client_id": ""})
    found = re.search(r'name="client_id" value="(wmo-jeugd-een-formulier-[0-9a-f]{6})"', review.content.decode())
    assert found is not None
    ada.post(f"{ROOT}aansluiten/", {**TYPED, "client_id": found[1], "stap": "aansluiten"})
    assert access.applicatie_for(found[1]) is not None
    only_signs = ada.post(f"{ROOT}aansluiten/", {**TYPED, "naam": "***", "client_id": ""}).content.decode()
    assert re.search(r'name="client_id" value="applicatie-[0-9a-f]{6}"', only_signs)


def test_who_goes_back_finds_the_form_as_it_was_filled_in(ada: Client) -> None:
    page = ada.post(
        f"{ROOT}aansluiten/", {**TYPED, "stap": "terug", "zrc-set": "precies", "zrc-scopes": ["zaken.lezen"]}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="Formulieren"' in text
    assert re.search(r'name="zrc-scopes" value="zaken.lezen" checked', text)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"naam": " "}, "naam"), ({"naam": "x" * 101}, "naam"), ({"naam": "\x00"}, "naam"), ({"client_id": "met spatie"}, "client_id"),
        ({"client_id": "x" * 51}, "client_id"), ({"client_id": "<b>"}, "client_id"), ({"client_id": "taken"}, "client_id"),
        ({"zrc-set": ""}, "omvang"), ({"zrc-set": "baas"}, "zrc-set"), ({"zrc-set": "zo"}, "zrc-set"), ({"zrc-niveau": ""}, "zrc-niveau"),
        ({"zrc-niveau": "9"}, "zrc-niveau"), ({"zrc-niveau": "-1"}, "zrc-niveau"), ({"zrc-types": "sommige"}, "zrc-types"),
        ({"zrc-types": "gekozen"}, "zrc-type"), ({"zrc-types": "gekozen", "zrc-type": "TEST:ONBEKEND"}, "zrc-type"),
        ({"zrc-types": "gekozen", "zrc-type": "*"}, "zrc-type"), ({"zrc-set": "precies"}, "zrc-scopes"),
        ({"zrc-types": "catalogus"}, "zrc-catalogus"), ({"zrc-types": "catalogus", "zrc-catalogus": "ELDER"}, "zrc-catalogus"),
        ({"zrc-set": "precies", "zrc-scopes": "zaken.alles"}, "zrc-scopes"), ({"zrc-set": "precies", "zrc-scopes": ["zaken.lezen", "documenten.lezen"]}, "zrc-scopes"),
        ({"nrc-set": "alles"}, "nrc-set"), ({"drc-set": "lezen"}, "drc-niveau"),
    ],
)  # fmt: skip
def test_a_form_with_faults_is_refused_with_a_sentence_at_the_field_and_nothing_is_made(
    ada: Client, wrong: dict[str, Any], field: str
) -> None:
    given_zaaktype()
    given_applicatie()
    answer = ada.post(f"{ROOT}aansluiten/", {**TYPED, **wrong, "stap": "aansluiten"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert Applicatie.objects.count() == 1


def test_without_any_type_in_the_catalogue_the_form_says_so(ada: Client) -> None:
    for types in ("gekozen", "catalogus"):
        answer = ada.post(f"{ROOT}aansluiten/", {**TYPED, "zrc-types": types})
        assert answer.status_code == 422
        assert 'href="#zrc-types"' in answer.content.decode()


def test_a_client_id_is_never_handed_out_again_also_after_its_application_is_gone(ada: Client) -> None:
    access.delete_applicatie(given_applicatie().pk)
    answer = ada.post(f"{ROOT}aansluiten/", {**TYPED, "client_id": "taken", "stap": "aansluiten"})
    assert answer.status_code == 422
    assert "nooit hergebruikt" in answer.content.decode()


def test_chosen_types_sets_and_exact_scopes_become_the_rights_of_the_standard(ada: Client) -> None:
    ref = given_zaaktype().ref
    ada.post(f"{ROOT}aansluiten/", {
        **TYPED, "stap": "aansluiten", "zrc-set": "schrijven", "zrc-types": "gekozen", "zrc-type": [ref], "zrc-niveau": "8",
        "drc-set": "precies", "drc-scopes": ["documenten.lezen", "persoonsgegevens.afgeschermd"], "drc-types": "alle", "drc-niveau": "2",
        "brc-set": "alles", "brc-types": "gekozen", "brc-type": ["TEST:Vergunning", "TEST:Ontheffing"],
        "ztc-set": "lezen", "nrc-set": "schrijven", "ac-set": "lezen",
    })  # fmt: skip
    everything = ("besluiten.lezen", "besluiten.aanmaken", "besluiten.bijwerken", "besluiten.verwijderen", "audittrails.lezen")  # fmt: skip
    assert held("formulieren") == [
        AutorisatieData("zrc", ("zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen"), ref, max_level=8),
        AutorisatieData("drc", ("documenten.lezen", "persoonsgegevens.afgeschermd"), "*", max_level=2),
        AutorisatieData("brc", everything, "TEST:Vergunning"),
        AutorisatieData("brc", everything, "TEST:Ontheffing"),
        AutorisatieData("ztc", ("catalogi.lezen",)),
        AutorisatieData("nrc", ("notificaties.consumeren", "notificaties.publiceren")),
        AutorisatieData("ac", ("autorisaties.lezen",)),
    ]  # fmt: skip


def test_a_right_on_a_catalogue_holds_for_types_that_come_later(ada: Client) -> None:
    given_zaaktype()
    review = ada.post(f"{ROOT}aansluiten/", {**TYPED, "zrc-types": "catalogus", "zrc-catalogus": "TEST"})
    assert "Alle soorten van catalogus Testcatalogus, nu en later" in review.content.decode()
    ada.post(f"{ROOT}aansluiten/", {**TYPED, "zrc-types": "catalogus", "zrc-catalogus": "TEST", "stap": "aansluiten"})
    assert held("formulieren") == [AutorisatieData("zrc", ("zaken.lezen",), max_level=4, domein="TEST")]
    page = ada.get(f"{ROOT}{Applicatie.objects.get().uuid}/rechten/").content.decode()
    assert re.search(r'name="zrc-catalogus" value="TEST" checked', page)


def test_an_application_that_may_do_everything_has_no_single_rights(ada: Client) -> None:
    review = ada.post(f"{ROOT}aansluiten/", {**TYPED, "omvang": "alles"}).content.decode()
    assert "zaken van afgeschermde personen" in review
    ada.post(f"{ROOT}aansluiten/", {**TYPED, "omvang": "alles", "stap": "aansluiten"})
    found = access.applicatie_for("formulieren")
    assert found is not None
    assert (found.heeft_alle_autorisaties, found.autorisaties) == (True, ())


# -- Rights -------------------------------------------------------------------------------------------------------------
ODD = (
    [AutorisatieData("zrc", ("zaken.lezen",), "T:A", max_level=3), AutorisatieData("zrc", ("zaken.lezen",), "T:B", max_level=8)],
    [AutorisatieData("zrc", ("zaken.lezen",), "T:A", max_level=3), AutorisatieData("zrc", ("zaken.aanmaken",), "T:A", max_level=3)],
    [AutorisatieData("zrc", ("zaken.lezen",), "T:A", "https://a.example/zaaktypen/1", uuid4(), False, 3)],
    [AutorisatieData("drc", ("documenten.lezen", "van.een.ander"), "*", max_level=3)],
    [AutorisatieData("zrc", ("zaken.lezen",), domein="T", max_level=3), AutorisatieData("zrc", ("zaken.lezen",), "T:A", max_level=3)],
    [AutorisatieData("ztc", ("catalogi.lezen",)), AutorisatieData("ztc", ("catalogi.schrijven",))],
)  # fmt: skip
PLAIN = (
    [READS],
    [AutorisatieData("zrc", ("zaken.lezen",), "T:A", max_level=3), AutorisatieData("zrc", ("zaken.lezen",), "T:B", max_level=3)],
    [AutorisatieData("brc", ("besluiten.lezen",), "T:A"), AutorisatieData("nrc", ("notificaties.publiceren",))],
    [AutorisatieData("zrc", ("zaken.lezen",), domein="T", max_level=3), AutorisatieData("zrc", ("zaken.lezen",), domein="U", max_level=3)],
    [AutorisatieData("zrc", ("audittrails.lezen",), "*", max_level=1), AutorisatieData("ac", ("autorisaties.lezen", "autorisaties.bijwerken"))],
)  # fmt: skip


@pytest.mark.parametrize("autorisaties", [*ODD, *PLAIN])
def test_a_form_that_is_opened_and_sent_unchanged_changes_no_right(autorisaties: list[AutorisatieData]) -> None:
    record = access.applicatie_by_id(given_applicatie(*autorisaties).pk)
    assert record is not None
    data = QueryDict(mutable=True)
    for name, value in rights.hidden(rights.from_record(record)):
        data.appendlist(name, value)
    typed = rights.from_post(data, kept=record.autorisaties)
    assert rights.faults(typed) == {}
    assert set(rights.build(typed)) == set(autorisaties)


@pytest.mark.parametrize("autorisaties", ODD)
def test_what_the_form_cannot_show_is_left_as_it_is_and_told_in_words(
    ada: Client, autorisaties: list[AutorisatieData]
) -> None:
    uuid = given_applicatie(*autorisaties).uuid
    page = ada.get(f"{ROOT}{uuid}/rechten/").content.decode()
    assert re.search(r'value="zo" checked', page)
    assert "Zo is het nu" in page
    assert ada.get(f"{ROOT}{uuid}/").status_code == 200


def test_rights_are_changed_after_reading_them_over_and_the_trail_has_both(ada: Client) -> None:
    uuid = given_applicatie().uuid
    was = _was(ada, uuid)
    changed = {**TYPED, "naam": "Taken", "zrc-set": "geen", "ztc-set": "lezen", "was": was}
    review = ada.post(f"{ROOT}{uuid}/rechten/", changed)
    assert "catalogi.lezen" in review.content.decode()
    assert held("taken") == [READS]
    assert ada.post(f"{ROOT}{uuid}/rechten/", {**changed, "stap": "opslaan"}).status_code == 302
    assert held("taken") == [AutorisatieData("ztc", ("catalogi.lezen",))]
    line = Payload.objects.filter(actie="update").latest("pk")
    assert line.oud is not None
    assert line.nieuw is not None
    assert line.oud["autorisaties"][0]["scopes"] == ["zaken.lezen"]
    assert line.nieuw["autorisaties"][0]["scopes"] == ["catalogi.lezen"]
    assert line.actor_key == "staff:ada"


def _was(browser: Client, uuid: object) -> str:
    found = re.search(r'name="was" value="([0-9a-f]+)"', browser.get(f"{ROOT}{uuid}/rechten/").content.decode())
    assert found is not None
    return found[1]


def test_when_a_colleague_changed_the_rights_meanwhile_then_nothing_is_overwritten(ada: Client) -> None:
    applicatie = given_applicatie()
    was = _was(ada, applicatie.uuid)
    access.change_applicatie(applicatie.pk, label="Taken", client_ids=["taken"], heeft_alle_autorisaties=True, autorisaties=[])  # fmt: skip
    answer = ada.post(f"{ROOT}{applicatie.uuid}/rechten/", {**TYPED, "was": was, "stap": "opslaan"}, follow=True)
    assert "Een collega veranderde deze applicatie" in answer.content.decode()
    found = access.applicatie_for("taken")
    assert found is not None
    assert found.heeft_alle_autorisaties


def test_taking_every_right_away_is_refused(ada: Client) -> None:
    uuid = given_applicatie().uuid
    answer = ada.post(
        f"{ROOT}{uuid}/rechten/", {"naam": "", "omvang": "kies", "stap": "opslaan", "was": _was(ada, uuid)}
    )
    assert answer.status_code == 422
    assert 'href="#naam"' in answer.content.decode()
    assert 'href="#omvang"' in answer.content.decode()
    assert held("taken") == [READS]


# -- Secrets ------------------------------------------------------------------------------------------------------------
def test_a_secret_is_changed_without_a_standstill(ada: Client) -> None:
    uuid = given_applicatie().uuid
    page = ada.post(f"{ROOT}{uuid}/geheim/", {"client_id": "taken"}).content.decode()
    second = secret_on(page)
    for secret in (SECRET, second):
        assert access.authenticate(access.trial_token("taken", secret)).client_id == "taken"
    third = ada.post(f"{ROOT}{uuid}/geheim/", {"client_id": "taken"}, follow=True).content.decode()
    assert "Er zijn al twee geheimen" in third
    drop = {"client_id": "taken", "plaats": "1"}
    asked = ada.post(f"{ROOT}{uuid}/geheim/intrekken/", drop).content.decode()
    assert "Het andere geheim is nog nooit gebruikt" in asked
    assert len(access.secrets_of("taken")) == 2
    ada.post(f"{ROOT}{uuid}/geheim/intrekken/", {**drop, "zeker": "ja"})
    assert [one.slot for one in access.secrets_of("taken")] == [2]
    last = ada.post(f"{ROOT}{uuid}/geheim/intrekken/", {**drop, "plaats": "2"}).content.decode()
    assert "Dit is het enige geheim" in last
    ada.post(f"{ROOT}{uuid}/geheim/intrekken/", {**drop, "plaats": "2", "zeker": "ja"})
    assert access.secrets_of("taken") == []
    assert "Geen geheim" in ada.get(f"{ROOT}{uuid}/").content.decode()
    gone = ada.post(f"{ROOT}{uuid}/geheim/intrekken/", {**drop, "plaats": "2"}, follow=True).content.decode()
    assert "was al ingetrokken" in gone
    assert deeds() == ["create", "geheim gezet", "geheim gezet", "geheim ingetrokken", "geheim ingetrokken"]


def test_a_secret_that_was_used_today_is_withdrawn_only_when_sure(ada: Client) -> None:
    uuid = given_applicatie().uuid
    access.set_secret("taken", f"{SECRET}-2", slot=2)
    _call("taken", SECRET)
    asked = ada.post(f"{ROOT}{uuid}/geheim/intrekken/", {"client_id": "taken", "plaats": "1"}).content.decode()
    assert "Dit geheim is nog gebruikt op" in asked
    assert len(access.secrets_of("taken")) == 2


def _call(client_id: str, secret: str) -> int:
    """Call as the application does, with a token of its own making."""
    token = _own_token(client_id, secret)
    return Client().get("/zaken/api/v1/zaken", headers={"Authorization": f"Bearer {token}", "Accept-Crs": "EPSG:4326"}).status_code  # fmt: skip


def _own_token(client_id: str, secret: str, **changes: Any) -> str:
    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    claims = {"iss": client_id, "client_id": client_id, "iat": int(now().timestamp()), **changes}
    head = part(b'{"typ":"JWT","alg":"HS256"}') + b"." + part(json.dumps(claims).encode())
    return (head + b"." + part(hmac.new(secret.encode(), head, hashlib.sha256).digest())).decode()


def test_of_another_application_no_secret_is_made_or_withdrawn(ada: Client) -> None:
    uuid = given_applicatie().uuid
    given_applicatie(label="Ander", client_id="ander")
    for path in ("geheim/", "geheim/intrekken/", "proberen/"):
        for client_id in ("ander", "", "onbekend"):
            assert ada.post(f"{ROOT}{uuid}/{path}", {"client_id": client_id, "plaats": "1", "zeker": "ja"}).status_code == 404  # fmt: skip
    assert len(access.secrets_of("ander")) == 1


# -- How it goes ----------------------------------------------------------------------------------------------------------
def test_the_page_of_an_application_tells_how_its_last_call_went_and_what_was_wrong(ada: Client) -> None:
    uuid = given_applicatie().uuid
    calls = f"{ROOT}{uuid}/aanroepen/"
    assert "Wij wachten op de eerste aanroep" in ada.get(calls).content.decode()
    _call("taken", "een-verkeerd-geheim-van-dertig-tekens")
    assert "gebruikt een ander geheim" in ada.get(calls).content.decode()
    assert _call("taken", SECRET) == 200
    page = ada.get(calls).content.decode()
    assert page.index("Beantwoord met status 200") < page.index("gebruikt een ander geheim"), "the latest stands first"
    assert "GET zaken/api/v1/zaken" in page
    given = _own_token("taken", SECRET, iat=int((now() + timedelta(minutes=9)).timestamp()))
    Client().get("/zaken/api/v1/zaken", headers={"Authorization": given})
    assert re.search(r"loopt (8|9) minuten voor", ada.get(calls).content.decode())
    given = _own_token("taken", SECRET, iat=int((now() - timedelta(hours=3)).timestamp()))
    Client().get("/zaken/api/v1/zaken", headers={"Authorization": given})
    assert "Het token was 3 uur oud" in ada.get(calls).content.decode()
    given = _own_token("taken", SECRET)
    Client().get("/besluiten/api/v1/besluiten", headers={"Authorization": given})
    assert "de applicatie heeft dit recht niet" in ada.get(calls).content.decode()


def test_the_part_that_looks_again_answers_304_while_nothing_happened(ada: Client) -> None:
    calls = f"{ROOT}{given_applicatie().uuid}/aanroepen/"
    tag = ada.get(calls)["ETag"]
    again = ada.get(calls, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    _call("taken", SECRET)
    assert ada.get(calls, headers={"If-None-Match": tag}).status_code == 200


def test_a_token_of_nobody_stands_on_the_list_of_applications_with_what_is_wrong(ada: Client) -> None:
    _call("tkaen", SECRET)
    Client().get("/zaken/api/v1/zaken")
    page = ada.get(ROOT).content.decode()
    assert "tkaen" in page
    assert "typefout" in page
    assert "De kop Authorization ontbreekt" in page


def test_what_strangers_send_is_shown_as_text(ada: Client) -> None:
    _call("<script>alert(1)</script>", SECRET)
    page = ada.get(ROOT).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_when_our_own_address_cannot_be_reached_the_trial_says_so_and_the_secret_is_still_shown(
    ada: Client, settings: Any
) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    page = ada.post(f"{ROOT}aansluiten/", {**TYPED, "stap": "aansluiten"}).content.decode()
    assert "Wij konden ons eigen adres niet bereiken" in page
    assert secret_on(page)
    assert not LastCall.objects.exists()


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(ada: Client, number: int) -> None:
    for each in range(number):
        given_applicatie(label=f"Taak {each}", client_id=f"taak-{each}")
    ada.get(ROOT)
    with CaptureQueriesContext(connection) as statements:
        page = ada.get(ROOT).content.decode()
    assert f"taak-{number - 1}" in page
    assert len(statements) <= 8


@pytest.mark.parametrize("number", [1, 50])
def test_the_page_of_one_costs_the_same_for_one_right_and_for_fifty(ada: Client, number: int) -> None:
    uuid = given_applicatie(
        *(AutorisatieData("zrc", ("zaken.lezen",), f"T:{n}", max_level=4) for n in range(number))
    ).uuid
    ada.get(f"{ROOT}{uuid}/")
    with CaptureQueriesContext(connection) as statements:
        ada.get(f"{ROOT}{uuid}/")
        ada.get(f"{ROOT}{uuid}/rechten/")
    assert len(statements) <= 26


def test_the_list_is_searched_and_has_pages(ada: Client) -> None:
    for each in range(51):
        given_applicatie(label=f"Taak {each:02}", client_id=f"taak-{each}")
    assert "1–50 van 51" in re.sub(r"\s+", " ", ada.get(ROOT).content.decode())
    assert "taak-50" in ada.get(f"{ROOT}?blad=2").content.decode()
    found = ada.get(f"{ROOT}?q=AK-7").content.decode()
    assert "1 applicatie gevonden" in found
    for odd in ("?blad=0", "?blad=-1", "?blad=x", "?blad=99999", "?blad=٣", "?q=%00", "?q=%25"):
        assert ada.get(ROOT + odd).status_code == 200


# -- Ending -------------------------------------------------------------------------------------------------------------
def test_an_application_is_disconnected_after_one_more_question(ada: Client) -> None:
    uuid = given_applicatie().uuid
    _call("taken", SECRET)
    assert "logde voor het laatst in op" in ada.get(f"{ROOT}{uuid}/afsluiten/").content.decode()
    assert access.applicatie_for("taken") is not None
    answer = ada.post(f"{ROOT}{uuid}/afsluiten/", follow=True)
    assert "Taken is afgesloten" in answer.content.decode()
    assert access.applicatie_for("taken") is None
    assert access.taken_client_ids(["taken"]) == ["taken"]
    assert ada.post(f"{ROOT}{uuid}/afsluiten/").status_code == 404
    assert deeds()[-1] == "destroy"


def test_somebody_without_this_right_finds_nothing_and_changes_nothing() -> None:
    bert = Client()
    given_session(bert, given_staff(access.GrantData("beheer.draaien"), username="bert"))
    uuid = given_applicatie().uuid
    for path in ("", "aansluiten/", f"{uuid}/", f"{uuid}/aanroepen/", f"{uuid}/rechten/", f"{uuid}/afsluiten/"):
        assert bert.get(ROOT + path).status_code == 404
    for path in (
        "aansluiten/",
        f"{uuid}/geheim/",
        f"{uuid}/geheim/intrekken/",
        f"{uuid}/proberen/",
        f"{uuid}/afsluiten/",
    ):
        assert bert.post(ROOT + path, {**TYPED, "client_id": "taken", "stap": "aansluiten"}).status_code == 404
    assert (held("taken"), len(access.secrets_of("taken")), Applicatie.objects.count()) == ([READS], 1, 1)
