"""The real log-in at an OpenID provider that nobody here wrote: ``oidc-provider``, installed by npm from a lock file."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stadhuis.kit.tests.simulators import free_port
from stadhuis.people import keys, oidc
from stadhuis.people import public as people
from stadhuis.people.models import LoginSession
from stadhuis.people.tests.given import NOOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("provider")]
SOURCE = Path(__file__).parent / "provider"
INSTALL_SECONDS = 120


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the provider outside the source, exactly as the lock file says; skipped when that cannot be done here."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("oidc-provider: there is no npm on this machine")
    folder = tmp_path_factory.mktemp("provider")
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(SOURCE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("oidc-provider could not be installed in time")
    if done.returncode != 0:
        pytest.skip(f"oidc-provider could not be installed: {done.stderr.strip()[-200:]}")
    return folder


@dataclass(frozen=True)
class Place:
    """Town hall and provider, both answering over HTTP."""

    app: str
    issuer: str


@pytest.fixture
def place(
    installed: Path, live_server: LiveServer, settings: Settings, tmp_path: Path, transactional_db: None
) -> Iterator[Place]:
    """Both running; the town hall proves who it is with its own key and has its tokens encrypted."""
    port = free_port()
    settings.PUBLIC_URL = live_server.url
    settings.DIGID_ISSUER = f"http://localhost:{port}"
    settings.DIGID_CLIENT_AUTH = "private_key_jwt"
    settings.LOGIN_KEYS_FILE = str(tmp_path / "keys.json")
    settings.OUTSIDE_TIMEOUT_SECONDS = 10
    keys.add(Path(settings.LOGIN_KEYS_FILE))
    oidc.forget()
    process = subprocess.Popen(
        ["node", "server.mjs", str(port), live_server.url, NOOR],
        cwd=installed, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield Place(live_server.url, settings.DIGID_ISSUER)
    finally:
        process.terminate()
        process.wait(timeout=10)
        oidc.forget()


def a_browser() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=20)


def walk(browser: httpx.Client, address: str) -> tuple[httpx.Response, list[str]]:
    """Follow redirects between both hosts; return the last page and every address that was visited."""
    visited = [address]
    answer = browser.get(address)
    while answer.is_redirect:
        address = str(answer.next_request.url) if answer.next_request else ""
        visited.append(address)
        answer = browser.get(address)
        assert len(visited) < 12, visited
    return answer, visited


def test_when_a_resident_logs_in_there_then_the_page_opens_and_the_answer_works_once(place: Place) -> None:
    with a_browser() as browser:
        # when
        page, visited = walk(browser, f"{place.app}/inloggen/digid/?next=/mijn/")
        # then
        person_id = people.find_person(NOOR)
        assert person_id is not None
        assert page.text == f"person:{people.person_uuid(person_id)} low"
        assert not any(NOOR in address for address in visited)
        answer = next(address for address in visited if "/inloggen/digid/terug" in address)
        assert {"code", "state", "iss"} <= parse_qs(urlsplit(answer).query).keys()
        assert browser.get(answer).status_code == 400
    assert LoginSession.objects.get().provider_session


def test_a_service_that_needs_more_gets_the_level_it_asks_for_there(place: Place) -> None:
    with a_browser() as browser:
        page, _ = walk(browser, f"{place.app}/inloggen/digid/?next=/dienst/uitkering/")
        assert page.text == "service"
    assert LoginSession.objects.get().level == "substantial"


def test_when_she_logs_out_there_then_she_is_logged_out_here(place: Place) -> None:
    with a_browser() as browser:
        # given
        walk(browser, f"{place.app}/inloggen/digid/?next=/mijn/")
        # when: at the provider itself, which then calls the town hall
        asked = browser.get(f"{place.issuer}/session/end", params={"client_id": "stadhuis"})
        token = re.search(r'name="xsrf" value="([^"]+)"', asked.text)
        assert token is not None, asked.text
        browser.post(f"{place.issuer}/session/end/confirm", data={"xsrf": token.group(1), "logout": "yes"})
        # then
        give_up = time.monotonic() + 10
        while not LoginSession.objects.filter(end_reason="provider").exists() and time.monotonic() < give_up:
            time.sleep(0.1)
        sent = browser.get(f"{place.app}/mijn/")
        assert sent.headers["Location"].startswith("/uitgelogd?reden=provider")


def test_logging_out_here_leads_there_and_back_without_a_bsn_in_any_address(place: Place) -> None:
    with a_browser() as browser:
        # given
        walk(browser, f"{place.app}/inloggen/digid/?next=/mijn/")
        page = browser.get(f"{place.app}/inloggen/ophogen/?next=/dienst/uitkering/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None, page.text[:500]
        # when
        out = browser.post(
            f"{place.app}/uitloggen/", data={"csrfmiddlewaretoken": token.group(1)}, headers={"Origin": place.app}
        )
        # then: the provider takes the request, asks once more, and leads back
        address = out.headers["Location"]
        assert address.startswith(f"{place.issuer}/session/end?")
        assert NOOR not in address
        confirm = browser.get(address)
        assert confirm.status_code == 200
        xsrf = re.search(r'name="xsrf" value="([^"]+)"', confirm.text)
        assert xsrf is not None, confirm.text
        back = browser.post(f"{place.issuer}/session/end/confirm", data={"xsrf": xsrf.group(1), "logout": "yes"})
        assert back.headers["Location"].startswith(f"{place.app}/uitgelogd")
        assert browser.get(f"{place.app}/mijn/").status_code == 302
