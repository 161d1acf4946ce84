"""Builds valid things, so that a test names only what matters."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pyotp
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client

from stadhuis.kit.tests.simulators import SimulatorProcess
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people import sessions
from stadhuis.people.models import LoginSession

NOOR = "999990184"
PASSWORD = "een lang wachtwoord voor Anna"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def given_medewerker(username: str = "anna", *, secret: str | None = SECRET) -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    return people.create_medewerker(
        username, "Anna de Vries", "anna@oeverveen.example", unit, "Consulent", PASSWORD, secret
    )


def token_of(answer: HttpResponse) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()[:500]
    return found.group(1)


def token_at(browser: Client, page: str) -> str:
    """The token in the form of a page."""
    return token_of(browser.get(page))  # type: ignore[arg-type]


def post(browser: Client, page: str, fields: dict[str, str], *, to: str | None = None, **headers: str) -> HttpResponse:
    """Open a page and send its form, with the token that stands in it."""
    token = token_of(browser.get(page, **headers))  # type: ignore[arg-type]
    answer: HttpResponse = browser.post(to or page, {**fields, "csrfmiddlewaretoken": token}, **headers)  # type: ignore[arg-type, assignment]
    return answer


def code_at(offset_seconds: int = 0, *, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=offset_seconds))


def given_staff_logged_in(browser: Client, username: str = "anna") -> None:
    first = post(browser, "/werkplek/inloggen/", {"gebruikersnaam": username, "wachtwoord": PASSWORD})
    assert first.status_code == 302, first.content.decode()
    second = post(browser, "/werkplek/inloggen/code/", {"code": code_at()})
    assert second.status_code == 302, second.content.decode()


def at_the_provider(
    simulators: SimulatorProcess, address: str, *, wie: str = NOOR, niveau: str = "midden", **fields: str
) -> str:
    """Walk through the pages of the provider; return the path and query it sends the visitor back to."""
    with httpx.Client(trust_env=False, timeout=10) as visitor:
        opened = visitor.get(address)
        assert opened.status_code == 303, opened.text
        chosen = visitor.post(
            simulators.url + opened.headers["location"], data={"wie": wie, "niveau": niveau, **fields}
        )
        assert chosen.status_code == 303, chosen.text
        back = chosen.headers["location"]
        if back.startswith("/"):
            confirmed = visitor.post(simulators.url + back, data={"actie": "bevestigen"})
            assert confirmed.status_code == 303, confirmed.text
            back = confirmed.headers["location"]
    assert back.startswith("http://localhost:8000/"), back
    return back.removeprefix("http://localhost:8000")


def given_resident_logged_in(
    simulators: SimulatorProcess, browser: Client, *, to: str = "/mijn/", niveau: str = "midden", wie: str = NOOR
) -> HttpResponse:
    started = browser.get("/inloggen/digid/", {"next": to})
    assert started.status_code == 302, started.content.decode()
    answer: HttpResponse = browser.get(at_the_provider(simulators, started.headers["Location"], niveau=niveau, wie=wie))  # type: ignore[assignment]
    return answer


def given_session(browser: Client, actor: people.Actor) -> None:
    """Log this actor in without the pages of log-in, by the deed with which they end."""
    columns = {"resident": "person_id", "company": "company_id", "staff": "medewerker_id"}
    means = {"resident": "digid", "company": "eherkenning", "staff": "password"}
    row = LoginSession(
        kind=actor.kind, means=means[actor.kind], level=actor.level or "substantial", mandate=dict(actor.mandate),
        **{columns[actor.kind]: actor.pk},
    )  # fmt: skip
    if actor.acting_for is not None:
        row.represented_person_id, row.represented_company_id = actor.person_id, actor.company_id
    request = HttpRequest()
    is_staff = actor.kind == "staff"
    request.path = request.path_info = "/werkplek/" if is_staff else "/"
    request.session = SessionStore()
    sessions.start(request, row)
    request.session.save()
    name = settings.STAFF_SESSION_COOKIE_NAME if is_staff else settings.SESSION_COOKIE_NAME
    browser.cookies[name] = request.session.session_key or ""
