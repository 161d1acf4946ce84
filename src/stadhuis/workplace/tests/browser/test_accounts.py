"""The account of staff in a real browser: passkeys, first use by mail, my account, and the pages of who looks after people."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pyotp
import pytest

from stadhuis.workplace.tests.browser import walk
from stadhuis.workplace.tests.browser.walk import Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from stadhuis.workplace.tests.browser.house import House
    from stadhuis.workplace.tests.browser.watch import Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _virtual_authenticator(watched: Watched) -> Any:
    """Plug a security key into the browser that verifies its user and keeps its keys. Source: WebDriver, WebAuthn extension."""
    session = watched.context.new_cdp_session(watched.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session, key


def test_a_passkey_is_made_and_opens_the_workplace_without_password_or_code(
    house: House, watch: Callable[..., Watched], staff: Staff
) -> None:
    # given
    watched = watch()
    page = watched.page
    session, key = _virtual_authenticator(watched)
    walk.log_in_staff(watched, house.url, "femke", staff)
    page.get_by_role("link", name="Mijn account").click()
    page.get_by_role("heading", name="Mijn account", level=1).wait_for()
    watched.look("my account")
    # when one is made
    page.get_by_label("Naam voor een nieuwe passkey").fill("Laptop")
    page.get_by_role("button", name="Passkey toevoegen").click()
    walk.told(page, "De passkey is toegevoegd.")
    watched.look("my account with a passkey")
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    # the same key is not made twice
    page.get_by_role("button", name="Passkey toevoegen").click()
    page.get_by_text("De passkey is niet opgeslagen.").first.wait_for()
    # when it is used
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    page.goto(f"{house.url}/werkplek/zoeken/")
    page.get_by_role("button", name="Inloggen met een passkey").wait_for()
    watched.look("log in with everything")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    # then: where one wanted to be
    page.wait_for_url(f"{house.url}/werkplek/zoeken/")
    # when: the user does not verify themselves
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{house.url}/werkplek/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.get_by_text("Inloggen met de passkey is niet gelukt.").first.wait_for()
    watched.look("log in with a passkey that failed")
    # when: taken away, it opens nothing
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.get_by_role("heading", name="Werkvoorraad", level=1).wait_for()
    page.goto(f"{house.url}/werkplek/account/")
    page.get_by_role("button", name=re.compile("Verwijderen")).click()
    walk.told(page, "De passkey is verwijderd.")
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    page.goto(f"{house.url}/werkplek/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.get_by_text("Inloggen met de passkey is niet gelukt.").first.wait_for()


def _mail_with(house: House, words: str) -> str:
    """Return the text of the newest mail with these words, once the worker has sent it."""
    deadline = time.monotonic() + 40
    folder = Path(house.folder) / "outside"
    while time.monotonic() < deadline:
        for place in sorted(folder.rglob("*"), key=lambda one: one.stat().st_mtime, reverse=True):
            if place.is_file():
                text = place.read_text(errors="replace")
                if words in text:
                    return text
        time.sleep(0.3)
    listing = httpx.get(f"{house.outside.url}/mail", trust_env=False).text[:500]
    raise AssertionError(f"no mail with {words!r}; {listing}\n{house.last_words()}")


def _link_in(text: str) -> str:
    found = re.search(
        r"http://localhost:\d+/werkplek/account/link/\?t=[A-Za-z0-9_-]{43}",
        re.sub(r"=\r?\n", "", text).replace("=3D", "="),
    )
    assert found, text
    return found.group()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_administrator_adds_somebody_who_comes_in_by_the_mail(
    house: House, watch: Callable[..., Watched], staff: Staff, width: int
) -> None:
    # given
    admin = watch(width=width)
    page = admin.page
    walk.log_in_staff(admin, house.url, "ada", staff)
    page.goto(f"{house.url}/werkplek/beheer/")
    admin.look("administration")
    page.get_by_role("link", name="Medewerkers").click()
    page.get_by_role("heading", name="Mensen", level=1).wait_for()
    _look_well(admin, "people", width)
    # when
    page.get_by_role("link", name="Medewerker toevoegen").click()
    page.get_by_role("button", name="Toevoegen en uitnodigen").click()
    page.locator("[data-error-summary]").wait_for()
    _look_well(admin, "add with faults", width)
    name = f"nel.{width}"
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Naam", exact=True).fill("Nel de Boer")
    page.get_by_label("Mailadres van het werk").fill(f"{name}@oeverveen.example")
    page.get_by_label("Organisatieonderdeel").select_option(label="Team")
    page.get_by_role("button", name="Toevoegen en uitnodigen").click()
    walk.told(page, "Er gaat een mail uit")
    _look_well(admin, "a person", width)
    # then: the mail leads all the way in
    new = watch(width=width)
    theirs = new.page
    theirs.goto(_link_in(_mail_with(house, f"{name}@oeverveen.example")))
    theirs.get_by_role("heading", name="Kies een wachtwoord").wait_for()
    _look_well(new, "choose a password", width)
    for label in ("Nieuw wachtwoord", "Nog een keer hetzelfde wachtwoord"):
        theirs.get_by_label(label).fill("kaas brood en boterham")
    theirs.get_by_role("button", name="Opslaan en verder").click()
    theirs.get_by_label("Code van 6 cijfers").wait_for()
    new.look("set up the app")
    secret = re.sub(r"\s", "", theirs.locator("main code").inner_text())
    theirs.get_by_label("Code van 6 cijfers").fill(pyotp.TOTP(secret).now())
    theirs.get_by_role("button", name="Inloggen").click()
    theirs.get_by_role("button", name="Maak herstelcodes").click()
    theirs.get_by_role("link", name="Ik heb ze bewaard").wait_for()
    _look_well(new, "recovery codes", width)
    theirs.goto(f"{house.url}/werkplek/account/")
    _look_well(new, "my account", width)
    _absence(new, house, width)
    # and the other pages of the administrator
    page.get_by_role("link", name="Tweede factor wissen").click()
    _look_well(admin, "wipe a factor", width)
    page.go_back()
    page.get_by_role("link", name="Vertrek vastleggen").click()
    _look_well(admin, "leaving", width)
    for name, address in (("guest", "gasten/nieuw/"), ("groups", "groepen/"), ("units", "organisatie/"),
                          ("unit", "organisatie/team/"), ("change unit", "organisatie/team/wijzigen/"),
                          ("merge unit", "organisatie/team/samenvoegen/"), ("add unit", "organisatie/nieuw/")):  # fmt: skip
        page.goto(f"{house.url}/werkplek/beheer/mensen/{address}")
        _look_well(admin, name, width)


def _absence(watched: Watched, house: House, width: int) -> None:
    page = watched.page
    page.goto(f"{house.url}/werkplek/account/afwezig/")
    page.get_by_role("button", name="Vastleggen").click()
    page.locator("[data-error-summary]").wait_for()
    page.get_by_label("Eerste dag").fill("01-01-2027")
    page.get_by_label("Laatste dag").fill("09-01-2027")
    page.get_by_label("Wie neemt waar?").select_option(index=1)
    page.get_by_role("button", name="Vastleggen").click()
    walk.told(page, "Uw afwezigheid is vastgelegd.")
    _look_well(watched, "absence", width)
    page.goto(f"{house.url}/werkplek/account/gasten/")
    _look_well(watched, "no guests", width)


def _look_well(watched: Watched, name: str, width: int) -> None:
    watched.look(f"{name} at {width}")
    place = _pictures()
    if place is not None:
        watched.page.screenshot(path=str(place / f"{name.replace(' ', '-')}-{width}.png"), full_page=True)


def _pictures() -> Path | None:
    """A folder for pictures, when somebody wants to look for themselves."""
    import os

    wanted = os.environ.get("PICTURES_DIR")
    return Path(wanted) if wanted else None


def test_a_forgotten_password_without_javascript(house: House, watch: Callable[..., Watched]) -> None:
    plain = watch(java_script_enabled=False)
    page: Page = plain.page
    page.goto(f"{house.url}/werkplek/inloggen/")
    assert not page.get_by_role("button", name="Inloggen met een passkey").is_visible()
    page.get_by_role("link", name="Wachtwoord vergeten?").click()
    plain.look("forgotten")
    page.get_by_label("Gebruikersnaam of mailadres").fill("loes")
    page.get_by_role("button", name="Stuur mij een link").click()
    page.get_by_role("heading", name="Kijk in uw mail").wait_for()
    plain.look("look in your mail")
    page.goto(_link_in(_mail_with(house, "loes@oeverveen.example")))
    page.get_by_label("Nieuw wachtwoord").fill("een heel ander lang wachtwoord")
    page.get_by_label("Nog een keer").fill("een heel ander lang wachtwoord")
    page.get_by_role("button", name="Opslaan en verder").click()
    page.get_by_label("Code van 6 cijfers").wait_for()
