"""Who gets into administration, and what it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from stadhuis.access import public as access
from stadhuis.kit.time import today
from stadhuis.people.models import Medewerker
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db


def test_when_a_role_administers_then_the_menu_leads_to_administration_and_for_others_it_is_not_there() -> None:
    # given
    ada, bert = Client(), Client()
    given_session(ada, given_staff(access.GrantData("beheer.mensen"), username="ada"))
    given_session(bert, given_staff(access.GrantData("zaak.lezen"), username="bert"))
    # then
    assert "/werkplek/beheer/" in ada.get("/werkplek/").content.decode()
    assert ada.get("/werkplek/beheer/").status_code == 200
    assert "/werkplek/beheer/" not in bert.get("/werkplek/").content.decode()
    assert bert.get("/werkplek/beheer/").status_code == 404


def test_when_a_guest_is_given_such_a_role_then_it_opens_nothing() -> None:
    # given
    gast = given_staff(access.GrantData("beheer.toegang"), username="gast")
    assert access.administration_of(gast) == {"beheer.toegang"}
    sponsor = given_staff(username="sponsor")
    # when
    Medewerker.objects.filter(username="gast").update(
        is_guest=True, sponsor_id=sponsor.pk, purpose="Project", leaving_date=today() + timedelta(days=30)
    )
    # then
    assert access.administration_of(gast) == frozenset()


def test_when_the_role_has_ended_then_so_has_administration() -> None:
    # given
    ada = given_staff(access.GrantData("beheer.draaien"), username="ada")
    # when
    access.create_role("rol-ada", "rol-ada", [])
    # then
    assert access.administration_of(ada) == frozenset()
