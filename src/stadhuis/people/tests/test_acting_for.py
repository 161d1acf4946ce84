"""Acting for someone else, over a real provider process: parent, bewindvoerder, machtiging, ketenmachtiging; eIDAS."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import AMSTERDAM, now
from stadhuis.people import public as people
from stadhuis.people import sessions
from stadhuis.people.models import Company, LoginSession
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import NOOR, at_the_provider

pytestmark = pytest.mark.django_db
LOTTE, SIEM, PETER, AALTJE, IRIS, THIRZA = "999990603", "999990810", "999994360", "999993331", "999995418", "999996654"
KIM, PRIYA = "90001536|Kim Scholten|", "90001536|Priya Ramdin|"


def log_in(
    simulators: SimulatorProcess, browser: Client, *, means: str = "digid", to: str = "/mijn/", niveau: str = "midden", **fields: str
) -> HttpResponse:  # fmt: skip
    started = browser.get(f"/inloggen/{means}/", {"next": to})
    answer: HttpResponse = browser.get(
        at_the_provider(simulators, started.headers["Location"], niveau=niveau, **fields)
    )  # type: ignore[assignment]
    return answer


def actor_now(browser: Client) -> Actor:
    """Return who the town hall takes this browser for."""
    from django.http import HttpRequest

    request = HttpRequest()
    request.path = request.path_info = "/mijn/"
    request.session = browser.session
    sessions.read_login(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def test_when_a_parent_logs_in_for_a_child_then_who_for_whom_and_why_is_known(
    simulators: SimulatorProcess, browser: Client
) -> None:
    assert log_in(simulators, browser, wie=NOOR, namens="noor-siem").headers["Location"] == "/mijn/"
    actor = actor_now(browser)
    assert actor.key == f"person:{people.person_uuid(people.find_person(NOOR) or 0)}"
    assert actor.acting_for is not None
    assert actor.acting_for.key == f"person:{people.person_uuid(people.find_person(SIEM) or 0)}"
    assert actor.acting_for.label == "Siem Postma"
    assert actor.person_id == people.find_person(SIEM)
    assert (actor.basis, actor.services) == ("ouder", ())
    # and no name or number outside the sealed column
    row = LoginSession.objects.get()
    assert SIEM not in json.dumps(row.mandate)
    assert "Siem" not in json.dumps(row.mandate)
    assert b"Siem" not in bytes(row.names or b"")


def test_a_session_for_a_child_ends_before_the_day_it_comes_of_age(
    simulators: SimulatorProcess, browser: Client
) -> None:
    log_in(simulators, browser, wie=NOOR, namens="noor-siem")
    assert dict(actor_now(browser).mandate)["until"] == "2034-09-03"
    assert LoginSession.objects.get().ends_at < datetime(2034, 9, 4, tzinfo=AMSTERDAM)


def test_one_person_can_act_for_two_people_on_two_bases_and_nothing_mixes(
    simulators: SimulatorProcess, browser: Client
) -> None:
    log_in(simulators, browser, wie=PETER, namens="peter-aaltje")
    session = browser.session
    session["concept"] = "van Aaltje"
    session.save()
    assert actor_now(browser).basis == "bewindvoerder"
    # when he goes on for the other one
    log_in(simulators, browser, wie=PETER, namens="peter-rob")
    # then
    assert actor_now(browser).basis == "curator"
    assert "concept" not in browser.session
    assert LoginSession.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("wie", "namens", "fout"),
    [
        ("999994153", "marja-eva", ""),
        ("999996241", "esther-gerard", ""),
        (NOOR, "noor-siem", "no_basis"),
        (NOOR, "noor-siem", "unknown_basis"),
        (NOOR, "noor-siem", "broken_represents"),
    ],
)
def test_without_a_basis_that_holds_nobody_is_logged_in_and_a_page_says_what_to_do(
    simulators: SimulatorProcess, browser: Client, wie: str, namens: str, fout: str
) -> None:
    back = log_in(simulators, browser, wie=wie, namens=namens, fout=fout)
    page = back.content.decode()
    assert back.status_code == 403
    assert "U kunt niet inloggen voor iemand anders" in page
    assert "/inloggen/digid/?next=%2Fmijn%2F" in page
    assert LoginSession.objects.count() == 0


def test_a_log_in_is_no_stronger_than_the_relation_it_rests_on(simulators: SimulatorProcess, browser: Client) -> None:
    # given: DigiD Hoog, but the machtiging was given at a low level
    refused = log_in(simulators, browser, to="/dienst/uitkering/", niveau="hoog", wie="999991012", namens="bram-esther")
    assert refused.status_code == 403
    assert "hoger niveau" in refused.content.decode()
    assert LoginSession.objects.count() == 0
    log_in(simulators, browser, niveau="hoog", wie="999991012", namens="bram-esther")
    assert actor_now(browser).level == "low"


def test_a_mandate_for_one_service_opens_that_service_only(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, niveau="substantieel", wie=IRIS, namens="iris-thirza")
    assert actor_now(browser).services == ("TOZO",)
    assert browser.get("/alleen/TOZO/").content == b"own service"
    elsewhere = browser.get("/alleen/KAP/")
    assert elsewhere.status_code == 403
    assert "Uw machtiging geldt hier niet" in elsewhere.content.decode()


def test_who_acts_for_himself_is_not_asked_about_services(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, wie=IRIS)
    assert browser.get("/alleen/KAP/").content == b"own service"
    assert "U regelt zaken voor" not in browser.get("/inloggen/ophogen/?next=/dienst/uitkering/").content.decode()


def test_every_page_says_for_whom_one_acts(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, niveau="substantieel", wie=IRIS, namens="iris-thirza")
    assert "U regelt zaken voor Thirza Vos, als gemachtigde." in browser.get("/alleen/KAP/").content.decode()


def test_two_employees_of_one_company_are_two_people_at_the_keyboard(
    simulators: SimulatorProcess, browser: Client
) -> None:
    one, other = Client(), Client()
    log_in(simulators, one, means="eherkenning", niveau="eh3", wie=KIM)
    log_in(simulators, other, means="eherkenning", niveau="eh3", wie=PRIYA)
    first, second = actor_now(one), actor_now(other)
    assert first.company_id == second.company_id == Company.objects.get().pk
    assert first.representative != second.representative
    assert first.acting_for is second.acting_for is None


def test_an_employee_of_one_branch_is_known_to_be_of_that_branch(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, means="eherkenning", niveau="eh3", wie="90001647|pieter-zijlstra|000090001658")
    actor = actor_now(browser)
    assert actor.branch == "000090001658"
    assert dict(actor.mandate) == {"branch": "000090001658"}


def test_in_a_chain_employee_company_and_client_are_all_kept(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, means="eherkenning", niveau="eh3", wie=KIM, namens="yilmaz-polak")
    actor = actor_now(browser)
    yilmaz, polak = Company.objects.get(kvk_nummer="90001536"), Company.objects.get(kvk_nummer="90000989")
    assert (actor.kind, actor.pk) == ("company", yilmaz.pk)
    assert actor.representative
    assert actor.acting_for is not None
    assert (actor.acting_for.kind, actor.acting_for.pk) == ("company", polak.pk)
    assert actor.company_id == polak.pk
    assert actor.basis == "machtiging"


def test_a_company_can_act_for_a_resident(simulators: SimulatorProcess, browser: Client) -> None:
    log_in(simulators, browser, means="eherkenning", niveau="eh3", wie=PRIYA, namens="yilmaz-thirza")
    actor = actor_now(browser)
    assert actor.person_id == people.find_person(THIRZA)
    assert actor.company_id is None
    assert actor.services == ("KAP",)


# -- eIDAS ------------------------------------------------------------------------------------------------------------


def test_someone_from_another_country_is_known_without_a_bsn_and_by_the_names_of_that_country(
    simulators: SimulatorProcess, browser: Client
) -> None:
    log_in(simulators, browser, means="eidas", niveau="substantieel", wie="DE-7741")
    actor = actor_now(browser)
    assert (actor.kind, actor.means, actor.level) == ("resident", "eidas", "substantial")
    assert actor.label == "Jürgen Matthias von der Müller-Lüdenscheidt"
    assert dict(actor.stated) == {
        "given_name": "Jürgen Matthias",
        "family_name": "von der Müller-Lüdenscheidt",
        "birthdate": "1979-04-17",
    }
    with pytest.raises(people.NotKnown):
        people.bsn_of(actor.pk or 0)
    # and is the same person next time, another one is not
    other = Client()
    log_in(simulators, other, means="eidas", niveau="hoog", wie="DE-7741")
    third = Client()
    log_in(simulators, third, means="eidas", niveau="hoog", wie="HU-2290")
    assert actor_now(other).key == actor.key
    assert actor_now(third).key != actor.key
    assert actor_now(third).label == "Éva Mária Nagy"


def test_when_a_company_of_another_country_logs_in_then_it_is_known_without_a_kvk_number_and_who_acts_is_kept(
    simulators: SimulatorProcess, browser: Client
) -> None:
    log_in(simulators, browser, means="eidas", niveau="substantieel", wie="DE-HRB-204417")
    actor = actor_now(browser)
    assert (actor.kind, actor.means, actor.level) == ("company", "eidas", "substantial")
    assert actor.label == "Nordlicht Windtechnik GmbH"
    company = people.company(actor.company_id or 0)
    assert (company.kvk_nummer, company.naam, actor.person_id) == ("", "Nordlicht Windtechnik GmbH", None)
    session = LoginSession.objects.get()
    assert session.representative is not None
    assert session.representative.company_id == company.id
    # and its number stands nowhere in the clear
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t::text, ' ') || (SELECT string_agg(c::text, ' ') FROM people_company c) FROM people_companymeans t"
        )
        assert "HRB" not in cursor.fetchone()[0]
    # and it is the same company next time, another one is not
    again, other = Client(), Client()
    log_in(simulators, again, means="eidas", niveau="hoog", wie="DE-HRB-204417")
    log_in(simulators, other, means="eidas", niveau="hoog", wie="BE-0799.314.552")
    assert actor_now(again).key == actor.key
    assert actor_now(other).key != actor.key
    assert actor_now(other).label == "Atelier de la Lys SRL"


def test_when_half_of_a_legal_person_is_said_then_nobody_is_logged_in_as_the_natural_person(
    simulators: SimulatorProcess, browser: Client
) -> None:
    log_in(simulators, browser, means="eidas", niveau="hoog", wie="DE-HRB-204417", fout="no_identity")
    assert LoginSession.objects.count() == 0
    assert Company.objects.count() == 0


def test_when_the_town_has_no_eidas_then_it_is_not_offered_and_not_there(
    simulators: SimulatorProcess, browser: Client, settings: object
) -> None:
    assert "/inloggen/eidas/" in browser.get("/inloggen/").content.decode()
    settings.EIDAS_ISSUER = ""  # type: ignore[attr-defined]
    assert "/inloggen/eidas/" not in browser.get("/inloggen/").content.decode()
    assert browser.get("/inloggen/eidas/").status_code == 404


# -- The end ----------------------------------------------------------------------------------------------------------


def test_when_the_basis_ends_today_then_the_session_ends_at_midnight(browser: Client) -> None:
    from stadhuis.people.actions.login import _let_represent
    from stadhuis.people.representation import Party, Representation

    login = LoginSession(kind="resident", person_id=people.person_for_bsn(NOOR), means="digid", level="low")
    today = now().astimezone(AMSTERDAM).date()
    _let_represent(login, Representation("machtiging", Party("bsn", "i", SIEM), until=today))
    midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), AMSTERDAM)
    assert login.ends_at == midnight


def test_nobody_can_represent_himself(browser: Client) -> None:
    from stadhuis.people.actions.login import _let_represent
    from stadhuis.people.errors import MandateUnusable
    from stadhuis.people.representation import Party, Representation

    login = LoginSession(kind="resident", person_id=people.person_for_bsn(NOOR), means="digid", level="low")
    with pytest.raises(MandateUnusable):
        _let_represent(login, Representation("machtiging", Party("bsn", "i", NOOR)))
