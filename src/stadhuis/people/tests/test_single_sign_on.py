"""Single sign-on of staff against the simulator, a process of its own: whose account, which faults, which roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from stadhuis.kit.crypto import encrypt
from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import now
from stadhuis.people import oidc
from stadhuis.people import public as people
from stadhuis.people.models import LoginSession, Medewerker, StaffMeans, Totp
from stadhuis.people.tests.given import PASSWORD, SECRET, code_at, given_resident_logged_in, post

pytestmark = pytest.mark.django_db
START = "/werkplek/inloggen/sso/"
WHO = "joris.kramer"


@pytest.fixture(autouse=True)
def staff_provider(simulators: SimulatorProcess, settings: Settings) -> Iterator[None]:
    settings.STAFF_OIDC_ISSUER = f"{simulators.url}/medewerkers"
    oidc.forget()
    yield
    oidc.forget()


def given_joris(**changes: object) -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    medewerker = people.create_medewerker(WHO, "Joris Kramer", f"{WHO}@oeverveen.example", unit, "Consulent", PASSWORD)
    if changes:
        Medewerker.objects.filter(pk=medewerker).update(**changes)
    return medewerker


def at_the_provider(simulators: SimulatorProcess, browser: Client, **fields: str) -> str:
    """Start here and choose there; return the path that the provider sends back to."""
    started = browser.get(START, {"next": "/werkplek/zaak/"})
    assert started.status_code == 302, started.content.decode()
    with httpx.Client(trust_env=False, timeout=10) as visitor:
        opened = visitor.get(started.headers["Location"])
        assert opened.status_code == 303, opened.text
        chosen = visitor.post(simulators.url + opened.headers["location"], data={"wie": WHO, "sterk": "ja", **fields})
        assert chosen.status_code == 303, chosen.text
    return chosen.headers["location"].removeprefix("http://localhost:8000")


def sign_on(simulators: SimulatorProcess, browser: Client, **fields: str) -> HttpResponse:
    answer: HttpResponse = browser.get(at_the_provider(simulators, browser, **fields))  # type: ignore[assignment]
    return answer


def test_when_the_provider_proves_who_it_is_then_the_workplace_opens_where_one_wanted_to_be(
    simulators: SimulatorProcess, browser: Client
) -> None:
    given_joris()
    answer = sign_on(simulators, browser)
    assert answer.headers["Location"] == "/werkplek/zaak/"
    assert browser.get("/werkplek/").content == f"staff:{WHO}".encode()
    assert LoginSession.objects.get().means == "sso"


def test_who_has_no_account_here_gets_none_by_logging_in(simulators: SimulatorProcess, browser: Client) -> None:
    answer = sign_on(simulators, browser)
    assert answer.status_code == 400
    assert (Medewerker.objects.count(), LoginSession.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "fault",
    [
        "wrong_nonce",
        "wrong_state",
        "wrong_audience",
        "wrong_issuer",
        "wrong_signature",
        "unverified_mail",
        "server_error",
    ],
)
def test_a_proof_with_a_fault_opens_nothing(simulators: SimulatorProcess, browser: Client, fault: str) -> None:
    given_joris()
    answer = sign_on(simulators, browser, fout=fault)
    assert answer.status_code == 400
    assert (LoginSession.objects.count(), StaffMeans.objects.count()) == (0, 0)


def test_an_answer_works_once_and_only_in_the_browser_that_asked(simulators: SimulatorProcess, browser: Client) -> None:
    given_joris()
    back = at_the_provider(simulators, browser)
    assert Client().get(back).status_code == 400
    assert browser.get(back).status_code == 302
    assert Client().get(back).status_code == 400
    assert browser.get(back).status_code == 400


def test_cancelling_leads_back_and_says_so(simulators: SimulatorProcess, browser: Client) -> None:
    given_joris()
    answer = sign_on(simulators, browser, actie="annuleren")
    assert answer.status_code == 200
    assert "/werkplek/inloggen/" in answer.content.decode()


def test_a_provider_that_is_down_or_talks_nonsense_is_said_to_be_unavailable(
    simulators: SimulatorProcess, browser: Client
) -> None:
    for state in ("down", "nonsense"):
        oidc.forget()
        httpx.post(f"{simulators.url}/switches", json={"oidc": state}, trust_env=False).raise_for_status()
        try:
            answer = browser.get(START)
        finally:
            httpx.post(f"{simulators.url}/switches", json={"oidc": "ok"}, trust_env=False)
        assert answer.status_code == 503


def test_without_a_second_factor_at_the_provider_ours_is_asked(simulators: SimulatorProcess, browser: Client) -> None:
    given_joris()
    answer = sign_on(simulators, browser, sterk="nee")
    assert answer.headers["Location"] == "/werkplek/inloggen/code/"
    assert browser.get("/werkplek/").status_code == 302


def test_the_account_stays_bound_to_the_subject_and_whoever_gets_the_address_later_gets_nothing(
    simulators: SimulatorProcess, browser: Client
) -> None:
    # given: Joris signed on, and later his mail address goes to somebody else here
    joris = given_joris()
    sign_on(simulators, browser)
    Medewerker.objects.filter(pk=joris).update(email="joris@elders.example")
    unit = people.create_unit("inkomen", "Werk en inkomen")
    people.create_medewerker("joris2", "Joris Twee", f"{WHO}@oeverveen.example", unit, "", PASSWORD)
    # when
    sign_on(simulators, Client())
    # then: by the subject it is still the first one
    assert LoginSession.objects.latest("started_at").medewerker_id == joris
    # and another subject does not take over a bound account
    StaffMeans.objects.update(lookup=b"another subject")
    Medewerker.objects.filter(username="joris2").delete()
    Medewerker.objects.filter(pk=joris).update(email=f"{WHO}@oeverveen.example")
    assert sign_on(simulators, Client()).status_code == 400


def test_two_accounts_with_one_address_open_neither(simulators: SimulatorProcess, browser: Client) -> None:
    given_joris()
    unit = people.create_unit("inkomen", "Werk en inkomen")
    people.create_medewerker("joris2", "Joris Twee", f"{WHO}@oeverveen.example", unit, "", PASSWORD)
    assert sign_on(simulators, browser).status_code == 400


def test_who_left_does_not_come_in_by_single_sign_on(simulators: SimulatorProcess, browser: Client) -> None:
    joris = given_joris()
    sign_on(simulators, Client())
    people.let_go(joris)
    assert sign_on(simulators, browser).status_code == 400
    assert not LoginSession.objects.filter(ended_at__isnull=True).exists()


def test_the_groups_of_the_proof_are_announced_as_the_roles_they_give(simulators: SimulatorProcess) -> None:
    # given
    joris = given_joris()
    unit = people.create_unit("inkomen", "Werk en inkomen")
    for code in ("lezer", "behandelaar"):
        people.map_group(f"sg-{code}", code, unit, by=people.SYSTEM)
    heard: list[people.GroupsSeen] = []
    people.GROUPS_SEEN._listeners.append(heard.append)
    try:
        # when
        sign_on(simulators, Client(), groepen="sg-lezer, sg-onbekend")
        sign_on(simulators, Client(), groepen="-")
    finally:
        people.GROUPS_SEEN._listeners.remove(heard.append)
    # then
    assert heard == [
        people.GroupsSeen(joris, frozenset({("lezer", unit)})), people.GroupsSeen(joris, frozenset())
    ]  # fmt: skip
    assert people.account(medewerker_id=joris).groups == ()


def test_without_a_provider_in_the_settings_there_is_no_button_and_no_way_in(
    settings: Settings, browser: Client
) -> None:
    assert "werkaccount" in browser.get("/werkplek/inloggen/").content.decode()
    settings.STAFF_OIDC_ISSUER = ""
    assert browser.get(START).status_code == browser.get(f"{START}terug").status_code == 404
    assert "werkaccount" not in browser.get("/werkplek/inloggen/").content.decode()


@pytest.mark.parametrize(("group", "unit"), [("", True), ("x" * 201, True), ("sg-a", False)])
def test_a_mapping_that_cannot_be_is_refused(group: str, unit: bool) -> None:
    unit_id = people.create_unit("inkomen", "Werk en inkomen") if unit else 0
    with pytest.raises(people.WrongInput):
        people.map_group(group, "lezer", unit_id, by=people.SYSTEM)
    assert people.group_roles() == []


# -- Single log-out ---------------------------------------------------------------------------------------------------
OUT = "/werkplek/inloggen/sso/afmelden"


def logout_tokens(simulators: SimulatorProcess, by: str) -> dict[str, str]:
    """Return per sid the logout token that the provider of staff would send now."""
    listed = simulators.get("/practice/medewerkers/logout-tokens", params={"by": by}).json()
    return {one["sid"]: one["token"] for one in listed}


@pytest.mark.parametrize("by", ["sid", "sub", "both"])
@pytest.mark.parametrize("is_strong", [True, False], ids=["their factor", "our factor"])
def test_when_the_provider_of_staff_says_so_then_the_session_here_is_over(
    simulators: SimulatorProcess, browser: Client, by: str, is_strong: bool
) -> None:
    # given: logged in by single sign-on, with their second factor or with ours
    given_joris()
    if is_strong:
        sign_on(simulators, browser)
    else:
        Totp.objects.create(
            medewerker=Medewerker.objects.get(), confirmed_at=now(),
            secret=encrypt(SECRET, about=f"totp:{Medewerker.objects.get().uuid}"),
        )  # fmt: skip
        sign_on(simulators, browser, sterk="nee")
        post(browser, "/werkplek/inloggen/code/", {"code": code_at()})
    assert browser.get("/werkplek/").status_code == 200
    session = LoginSession.objects.get()
    token = logout_tokens(simulators, by)[session.provider_session]
    # when: the provider calls, without cookie and without CSRF token
    answer = Client(enforce_csrf_checks=True).post(OUT, {"logout_token": token})
    # then
    assert (answer.status_code, answer.content) == (200, b"")
    assert browser.get("/werkplek/").status_code == 302
    session.refresh_from_db()
    assert session.end_reason == "provider"
    # and it works once
    assert Client().post(OUT, {"logout_token": token}).status_code == 400


def test_a_logout_token_of_staff_ends_no_session_of_others_and_one_of_residents_is_refused_here(
    simulators: SimulatorProcess, browser: Client, settings: Settings
) -> None:
    given_joris()
    sign_on(simulators, browser)
    with_password = LoginSession.objects.create(
        kind="staff", medewerker=Medewerker.objects.get(), means="password", level="substantial", started_at=now(),
        last_seen_at=now(), ends_at=now() + timedelta(hours=1),
    )  # fmt: skip
    resident = Client()
    given_resident_logged_in(simulators, resident)
    theirs = [one["token"] for one in simulators.get("/practice/logout-tokens").json()]
    for wrong in (*theirs, "", "x", "a.b.c", "x" * 20_000):
        assert Client().post(OUT, {"logout_token": wrong}).status_code == 400
    assert browser.get("/werkplek/").status_code == 200
    sso = LoginSession.objects.get(means="sso")
    assert (
        Client().post(OUT, {"logout_token": logout_tokens(simulators, "sub")[sso.provider_session]}).status_code == 200
    )
    with_password.refresh_from_db()
    assert with_password.ended_at is None
    assert resident.get("/mijn/").status_code == 200
    settings.STAFF_OIDC_ISSUER = ""
    assert Client().post(OUT, {"logout_token": "x"}).status_code == 404
