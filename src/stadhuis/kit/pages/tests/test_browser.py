"""The style guide in a real browser: axe-core, no code refused by the CSP, nothing wider than the screen, and the script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from stadhuis.kit.pages import styleguide

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)
AXE = Path(__file__).resolve().parents[5] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ["", *(f"{name}/" for name in styleguide.EXAMPLES), "fout-404/"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("built"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name of the class above)
        """Say nothing: the test says what goes wrong."""


class _Server(ThreadingMixIn, WSGIServer):
    """One thread per connection: a browser opens some to have them ready, and holds who waits for a word on them a minute."""

    daemon_threads = True
    block_on_close = False


@pytest.fixture
def address(_kit_alone: None) -> Iterator[str]:
    with make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Silent) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}/stijlgids/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_when_the_style_guide_is_looked_at_then_axe_finds_nothing(browser: Any, address: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd frontend && npm ci")
    axe = AXE.read_text("utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="nl-NL")
    for name in PAGES:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message, heard=complaints: heard.append(message.text))
        page.goto(address + name, wait_until="networkidle")
        refused = [text for text in complaints if "Content Security Policy" in text]
        # Past the CSP, as a debugger; the page itself may load no foreign script.
        context.new_cdp_session(page).send("Runtime.evaluate", {"expression": axe})
        violations = page.evaluate(
            "axe.run().then((result) => result.violations.map((each) => [each.id, each.nodes[0].html]))"
        )
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert (name, violations, refused, wider) == (name, [], [], 0)
        page.close()


def test_when_an_answer_changes_then_the_question_that_depends_on_it_appears(browser: Any, address: str) -> None:
    page = browser.new_page(locale="nl-NL")
    page.goto(address + "formulier/", wait_until="networkidle")
    assert page.get_by_label("Naam van uw partner").is_visible()
    page.get_by_label("Ik woon alleen").check()
    assert not page.get_by_label("Naam van uw partner").is_visible()
    page.get_by_label("Ik woon samen").check()
    assert page.get_by_label("Naam van uw partner").input_value() == "Sem Terpstra"


def test_when_there_is_no_script_then_every_question_is_there(browser: Any, address: str) -> None:
    page = browser.new_context(java_script_enabled=False, locale="nl-NL").new_page()
    page.goto(address + "formulier/")
    page.get_by_label("Ik woon alleen").check()
    assert page.get_by_label("Naam van uw partner").is_visible()


def test_when_a_page_has_errors_then_they_have_the_focus_and_lead_to_the_field(browser: Any, address: str) -> None:
    page = browser.new_page(locale="nl-NL")
    page.goto(address + "formulier/", wait_until="networkidle")
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    page.get_by_role("link", name="Vul een geldig IBAN in").click()
    assert page.evaluate("document.activeElement.id") == "iban"


def test_when_the_button_is_pressed_twice_then_one_form_is_sent(browser: Any, address: str) -> None:
    page = browser.new_page(locale="nl-NL")
    sent: list[str] = []
    page.route("**/stijlgids/", lambda route: sent.append(route.request.method))  # and never answered
    page.goto(address + "formulier/", wait_until="networkidle")
    # In one go: once the form is under way, the browser waits for an answer that never comes.
    page.locator("main form button[type=submit]").first.evaluate("button => { button.click(); button.click() }")
    page.wait_for_timeout(300)
    assert sent.count("POST") == 1


def test_when_a_field_changes_then_it_is_kept_alone_and_again_after_a_failure(browser: Any, address: str) -> None:
    page = browser.new_page(locale="nl-NL")
    bodies: list[str] = []

    def answer(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        bodies.append(route.request.post_data or "")
        route.fulfill(status=503 if len(bodies) == 1 else 204, body="")

    page.route("**/stijlgids/", answer)
    page.goto(address, wait_until="networkidle")
    page.get_by_label("Naam van uw bedrijf").fill("De Korenschoof")
    page.get_by_label("Naam van uw bedrijf").blur()
    status = page.locator("[data-autosave-status]")
    page.locator("[data-autosave-status][data-state=failed]").wait_for()
    assert "Nog niet opgeslagen" in status.inner_text()
    page.locator("[data-autosave-status][data-state=saved]").wait_for()
    assert status.inner_text() == "Opgeslagen"
    assert len(bodies) == 2
    assert "De Korenschoof" in bodies[1]
    assert "NL91" not in bodies[1]


def test_when_the_session_is_about_to_end_then_a_bar_offers_to_stay(browser: Any, address: str) -> None:
    page = browser.new_page(locale="nl-NL")
    page.clock.install()
    asked: list[str] = []

    def extend(route: Any) -> None:
        asked.append(route.request.method)
        route.fulfill(status=200, body=json.dumps({}))

    page.route("**/sessie/verlengen/", extend)
    page.goto(address + "overzicht/", wait_until="networkidle")
    bar = page.locator("#session-bar")
    assert not bar.is_visible()
    page.clock.run_for(13 * 60 * 1000 + 5000)
    assert "2 minuten" in bar.inner_text()
    page.get_by_role("button", name="Ik ben er nog").click()
    bar.wait_for(state="hidden")
    assert asked == ["POST"]
    page.clock.run_for(15 * 60 * 1000 + 5000)
    assert (
        bar.get_by_role("link", name="Opnieuw inloggen").get_attribute("href")
        == "/inloggen/?next=/stijlgids/overzicht/"
    )
