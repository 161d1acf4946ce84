"""Subscriptions with how delivery goes, and published zaaktypen that lack something."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.audit.models import Payload
from stadhuis.catalogi.models import Resultaattype, Roltype, Statustype, Zaaktype
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.time import now, today
from stadhuis.notificaties import public as notificaties
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
ROOT = "/werkplek/beheer/draaien/"


@pytest.fixture
def ada() -> Client:
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.draaien"), username="ada"))
    return browser


def given_abonnement(url: str = "https://a.example/berichten", *, dead: int = 0, waiting: int = 0) -> UUID:
    uuid = notificaties.create_abonnement(url, "Bearer heel-geheim", [("zaken", {"bronorganisatie": "807287684"})])
    abonnement = Abonnement.objects.get(uuid=uuid)
    for number in range(dead + waiting):
        message = Notificatie.objects.create(kanaal="zaken", actie="create", aanmaakdatum=now())
        state = {"state": "dead", "finished_at": now()} if number < dead else {}
        Delivery.objects.create(
            notificatie=message, abonnement=abonnement, stream=f"{uuid}"[:60], next_at=now(), **state
        )
    return uuid


def states(uuid: UUID) -> list[str]:
    return list(Delivery.objects.filter(abonnement__uuid=uuid).order_by("pk").values_list("state", flat=True))


def test_the_page_shows_who_is_told_of_what_and_how_delivery_goes(ada: Client) -> None:
    assert "Geen abonnementen" in ada.get(f"{ROOT}abonnementen/").content.decode()
    given_abonnement(dead=2, waiting=1)
    still = given_abonnement("https://b.example/")
    Abonnement.objects.filter(uuid=still).update(failures=5, paused_until=now() + timedelta(minutes=5))
    page = ada.get(f"{ROOT}abonnementen/").content.decode()
    for text in (
        "https://a.example/berichten",
        "bronorganisatie: 807287684",
        "oudste van",
        "niet bereikbaar",
        ">2</a>",
    ):
        assert text in page
    assert "heel-geheim" not in page
    assert "https://a.example/berichten" in ada.get(f"{ROOT}mislukt/").content.decode()


def test_everything_of_one_subscription_is_sent_again_and_of_another_nothing(ada: Client) -> None:
    one, other = given_abonnement(dead=2), given_abonnement("https://b.example/", dead=1)
    answer = ada.post(f"{ROOT}abonnementen/{one}/opnieuw/", follow=True)
    assert "2 berichten gaan opnieuw weg." in answer.content.decode()
    assert (states(one), states(other)) == (["waiting", "waiting"], ["dead"])
    assert Payload.objects.get(kind="beheer").nieuw == {"aantal": 2}
    ada.post(f"{ROOT}abonnementen/{uuid4()}/opnieuw/")
    assert Payload.objects.filter(kind="beheer").count() == 1


def test_a_subscription_is_ended_after_one_more_question_and_the_trail_has_it(ada: Client) -> None:
    uuid = given_abonnement(waiting=1)
    address = f"{ROOT}abonnementen/{uuid}/beeindigen/"
    assert "krijgt dan geen berichten meer" in ada.get(address).content.decode()
    assert Abonnement.objects.count() == 1
    assert ada.post(address).status_code == 302
    assert Abonnement.objects.count() == 0
    assert Payload.objects.get(kind="beheer").oud == {
        "callbackUrl": "https://a.example/berichten",
        "kanalen": ["zaken"],
    }
    assert ada.post(address).status_code == 404


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_of_subscriptions_costs_the_same_for_one_and_for_fifty(ada: Client, number: int) -> None:
    for each in range(number):
        given_abonnement(f"https://a{each}.example/", waiting=1)
    ada.get(f"{ROOT}abonnementen/")
    with CaptureQueriesContext(connection) as statements:
        ada.get(f"{ROOT}abonnementen/")
    assert len(statements) <= 8


# -- Zaaktypen ----------------------------------------------------------------------------------------------------------
def test_a_published_zaaktype_without_parts_is_warned_about_with_what_it_lacks(ada: Client) -> None:
    zaaktype = given_zaaktype(omschrijving="Parkeervergunning aanvragen")
    Roltype.objects.get_or_create(zaaktype_id=zaaktype.id, omschrijving="X", omschrijving_generiek="initiator")
    assert "Alles is volledig" in ada.get(f"{ROOT}zaaktypen/").content.decode()
    assert "Bekijk wat er mist" not in ada.get("/werkplek/beheer/").content.decode()
    Roltype.objects.all().delete()
    Resultaattype.objects.all().delete()
    page = ada.get(f"{ROOT}zaaktypen/").content.decode()
    for text in ("Parkeervergunning aanvragen", "resultaattypen</", "roltypen</", zaaktype.url):
        assert text in page
    assert "statustypen</" not in page
    home = ada.get("/werkplek/beheer/").content.decode()
    assert "1 gepubliceerd zaaktype mist" in home
    assert f"{ROOT}zaaktypen/" in home
    Statustype.objects.all().delete()
    assert "statustypen</" in ada.get(f"{ROOT}zaaktypen/").content.decode()


@pytest.mark.parametrize("harmless", [{"concept": True}, {"einde_geldigheid": today() - timedelta(days=1)}])
def test_a_concept_and_a_version_of_the_past_are_no_reason_to_warn(ada: Client, harmless: dict[str, object]) -> None:
    zaaktype = given_zaaktype()
    Roltype.objects.all().delete()
    assert zaaktype.ref in ada.get(f"{ROOT}zaaktypen/").content.decode()
    Zaaktype.objects.update(**harmless)
    assert "Alles is volledig" in ada.get(f"{ROOT}zaaktypen/").content.decode()


def test_who_administers_only_people_reads_no_warning_and_finds_no_page() -> None:
    given_zaaktype()
    Roltype.objects.all().delete()
    uuid = given_abonnement(dead=1)
    bert = Client()
    given_session(bert, given_staff(access.GrantData("beheer.mensen"), username="bert"))
    assert "Bekijk wat er mist" not in bert.get("/werkplek/beheer/").content.decode()
    for path in ("zaaktypen/", "abonnementen/", f"abonnementen/{uuid}/beeindigen/"):
        assert bert.get(ROOT + path).status_code == 404
    for path in (f"abonnementen/{uuid}/opnieuw/", f"abonnementen/{uuid}/beeindigen/"):
        assert bert.post(ROOT + path).status_code == 404
    assert states(uuid) == ["dead"]
