"""Connecting for real: the trial over the network, and the examples of the page and of ``docs/connect.md`` as they are copied."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from stadhuis.access import public as access
from stadhuis.access.models import Applicatie, LastCall
from stadhuis.administration import examples
from stadhuis.audit.models import Payload
from stadhuis.people.tests.given import given_session
from stadhuis.zaken.tests.givens import given_staff

ROOT = "/werkplek/beheer/applicaties/"
TYPED = {"naam": "Formulieren", "client_id": "formulieren", "omvang": "kies", "zrc-set": "lezen", "zrc-types": "alle", "zrc-niveau": "4"}  # fmt: skip
DOCS = Path(__file__).resolve().parents[4] / "docs" / "connect.md"
with_database = pytest.mark.django_db(transaction=True, serialized_rollback=True)
needs_tools = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="no curl or openssl on this machine"
)


@pytest.fixture
def ada(live_server: LiveServer, settings: Any) -> Client:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = live_server.url, ["localhost", "127.0.0.1", "testserver"]
    browser = Client()
    given_session(browser, given_staff(access.GrantData("beheer.toegang"), username="ada"))
    return browser


def connected(browser: Client, **changes: Any) -> str:
    return browser.post(f"{ROOT}aansluiten/", {**TYPED, "stap": "aansluiten", **changes}).content.decode()


def area(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*id="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def block(language: str, *, secret: str, url: str) -> str:
    """Return an example of the docs, filled in as an operator does."""
    found = re.search(rf"```{language}\n((?:(?!```).)*SECRET.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1].replace("***", secret).replace("https://stadhuis.example.nl", url)


def run(*command: str) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


@with_database
def test_the_connection_is_tried_over_the_network_when_the_secret_is_shown(ada: Client) -> None:
    page = connected(ada)
    assert "Het werkt: inloggen en lezen lukken." in page
    assert not LastCall.objects.exists(), "a trial is no call of the application"
    uuid = Applicatie.objects.get().uuid
    again = ada.post(f"{ROOT}{uuid}/proberen/", {"client_id": "formulieren"}, follow=True).content.decode()
    assert "Het werkt" in again
    line = Payload.objects.get(actie="verbinding geprobeerd")
    assert (line.actor_key, line.nieuw) == ("staff:ada", {"clientId": "formulieren", "gelukt": True})
    access.drop_secret("formulieren", slot=1)
    none = ada.post(f"{ROOT}{uuid}/proberen/", {"client_id": "formulieren"}, follow=True).content.decode()
    assert "heeft geen geheim" in none


@with_database
@pytest.mark.parametrize(
    ("rights", "text"),
    [
        ({"omvang": "alles"}, "Het werkt"),
        ({"zrc-set": "precies", "zrc-scopes": "zaken.aanmaken"}, "Lezen mag deze applicatie niet"),
        ({"zrc-set": "geen", "drc-set": "lezen", "drc-types": "alle", "drc-niveau": "1"}, "Het werkt"),
        ({"zrc-set": "geen", "brc-set": "lezen", "brc-types": "alle"}, "Het werkt"),
        ({"zrc-set": "geen", "ztc-set": "lezen"}, "Het werkt"),
        ({"zrc-set": "geen", "nrc-set": "lezen"}, "Het werkt"),
        ({"zrc-set": "geen", "ac-set": "lezen"}, "Het werkt"),
    ],
)
def test_the_trial_calls_an_api_that_the_application_may_read(ada: Client, rights: dict[str, Any], text: str) -> None:
    assert text in connected(ada, **rights)


@with_database
@needs_tools
def test_the_examples_of_the_page_work_as_they_are_copied(ada: Client, live_server: LiveServer) -> None:
    page = connected(ada)
    for answer in (
        run("bash", "-euo", "pipefail", "-c", area(page, "voorbeeld-curl")),
        run(sys.executable, "-c", area(page, "voorbeeld-python")),
    ):
        assert answer == {"count": 0, "next": None, "previous": None, "results": []}
    assert LastCall.objects.get().status == 200
    application = ada.get(f"{ROOT}{Applicatie.objects.get().uuid}/").content.decode()
    assert "Beantwoord met status 200" in application


@with_database
@needs_tools
def test_the_examples_of_the_docs_work_when_the_values_of_the_page_are_filled_in(
    ada: Client, live_server: LiveServer
) -> None:
    found = re.search(r'id="geheim" value="([0-9a-f]+)"', connected(ada))
    assert found is not None
    curl = block("sh", secret=found[1], url=live_server.url)
    for answer in (
        run("bash", "-euo", "pipefail", "-c", curl),
        run(sys.executable, "-c", block("python", secret=found[1], url=live_server.url)),
    ):
        assert answer["count"] == 0


def test_the_docs_show_the_same_examples_as_the_page() -> None:
    given = {"client_id": "formulieren", "secret": "***", "url": "https://stadhuis.example.nl/zaken/api/v1/zaken"}
    text = DOCS.read_text("utf-8")
    assert f"```sh\n{examples.curl(**given)}```" in text
    assert f"```python\n{examples.python(**given)}```" in text


@needs_tools
@pytest.mark.parametrize("odd", ["'; echo ja; '", "$(echo ja)", 'a"b', "a\\b", "é", "-x"])
def test_a_client_id_that_another_system_chose_runs_nothing_in_the_shell_of_who_copies_the_example(odd: str) -> None:
    lines = examples.curl(client_id=odd, secret=odd, url="http://127.0.0.1:9/").splitlines()
    done = subprocess.run(
        ["bash", "-euc", "\n".join([*lines[:2], 'printf "%s\\n%s" "$CLIENT_ID" "$SECRET"'])],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"{odd}\n{odd}"
    scope: dict[str, Any] = {}
    exec("\n".join(examples.python(client_id=odd, secret=odd, url="http://127.0.0.1:9/").splitlines()[2:4]), scope)
    assert (scope["CLIENT_ID"], scope["SECRET"]) == (odd, odd)
