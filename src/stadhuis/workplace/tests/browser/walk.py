"""What people do with a mouse: the resident who applies and reads, the clerk who looks and decides."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pyotp

from stadhuis.workplace.tests.browser.lay import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stadhuis.workplace.tests.browser.watch import Watched


@dataclass(frozen=True)
class Person:
    """Somebody of the simulators who lives alone and has a business."""

    bsn: str
    naam: str
    geboren: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may never stand in an address."""
        return (self.bsn, self.naam.rsplit(" ", maxsplit=1)[-1], self.geboren)


NOOR = Person("999990184", "Noor Elisabeth Verhagen", "12-03-1984")
BRAM = Person("999991012", "Bram Hoekstra", "30-07-1990")
ESTHER = Person("999996241", "Esther Polak", "13-10-1972")
GERARD = Person("999996459", "Gerardus Mulder", "29-05-1963")
THIRZA = Person("999996654", "Thirza Vos", "06-09-1995")
FORM = "Tozo aanvragen: inkomen en lening voor zelfstandigen"


def a_pdf(folder: Path, name: str) -> Path:
    """Write a PDF of one empty page."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    place = folder / name
    place.write_bytes(out.getvalue())
    return place


def at_digid(page: Page, who: Person) -> None:
    """Log in at the provider, whose page is open."""
    page.get_by_label("Testpersoon").select_option(who.bsn)
    page.get_by_label("DigiD Substantieel (app met ID-check)").check()
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Bevestig in de app").click()


def next_step(page: Page) -> None:
    """Go on to the next step."""
    page.get_by_role("button", name="Volgende", exact=True).last.click()


class Staff:
    """The members of staff who log in here: keys for codes, and which code was used last (a code is good once)."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.used: dict[str, int] = {}

    def code(self, username: str) -> str:
        """Return a code that this person has not used yet: of now or, as an app that runs ahead, of the next half minute."""
        totp = pyotp.TOTP(self.keys[username])
        while (step := max(self.used.get(username, 0) + 1, int(time.time()) // totp.interval)) > self._latest(totp):
            time.sleep(0.2)
        self.used[username] = step
        return totp.generate_otp(step)

    @staticmethod
    def _latest(totp: pyotp.TOTP) -> int:
        return int(time.time()) // totp.interval + 1


def log_in_staff(watched: Watched, url: str, username: str, staff: Staff) -> None:
    """Log in at the workplace, the first time with the key that the page shows."""
    page = watched.page
    page.goto(f"{url}/werkplek/")
    page.get_by_label("Gebruikersnaam").fill(username)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Code van 6 cijfers").wait_for()
    watched.look("staff: code")
    is_first_time = username not in staff.keys
    if is_first_time:
        staff.keys[username] = re.sub(r"\s", "", page.locator("main code").inner_text())
    page.get_by_label("Code van 6 cijfers").fill(staff.code(username))
    page.get_by_role("button", name="Inloggen").click()
    if is_first_time:
        page.get_by_role("button", name="Maak herstelcodes").click()
        page.get_by_role("link", name="Ik heb ze bewaard").wait_for()
        watched.look("staff: recovery codes")
        page.get_by_role("link", name="Ik heb ze bewaard").click()
    page.get_by_role("heading", name="Werkvoorraad", level=1).wait_for()


def apply(watched: Watched, url: str, files: Path, who: Person, *, email: str, twice: bool = False) -> str:
    """Apply for Tozo from the front page on, looking at every page; returns the number of the zaak.

    ``twice`` presses the last button as people do who double-click everything.
    """
    page = watched.page
    page.goto(url)
    watched.look("home")
    page.get_by_label("Zoek wat u wilt regelen").fill("zelfstandigen")
    page.get_by_role("button", name="Zoeken").click()
    page.locator("main").get_by_text("gevonden voor").wait_for()
    watched.look("products")
    page.get_by_role("link", name=re.compile("Tozo")).first.click()
    page.get_by_role("heading", name="Voor wie is het?").wait_for()
    watched.look("product")
    page.get_by_role("link", name="Online aanvragen").click()
    page.get_by_role("heading", name="Hoe wilt u inloggen?").wait_for()
    watched.look("log in")
    page.get_by_role("link", name="DigiD", exact=True).click()
    at_digid(page, who)
    page.get_by_role("heading", name=FORM, level=1).wait_for()
    watched.look("form: start")
    page.get_by_role("button", name="Beginnen").click()
    fill_in(watched, files, who, email=email)
    page.get_by_role("heading", name="Controleren en versturen").wait_for()
    watched.look("form: overview")
    page.get_by_role("button", name="Aanvraag versturen").click()
    page.locator("[data-error-summary]").wait_for()
    watched.look("form: overview with a fault")
    page.get_by_role("checkbox").check()
    last = page.get_by_role("button", name="Aanvraag versturen")
    last.dblclick() if twice else last.click()
    page.get_by_role("heading", name="Uw aanvraag is ontvangen").wait_for()
    watched.look("form: receipt")
    found = re.search(r"\w+-\d{4}-\d{7}", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found.group()


def fill_in(watched: Watched, files: Path, who: Person, *, email: str) -> None:
    """Fill in every step of the form, whose first step is open."""
    page = watched.page
    page.get_by_role("heading", name="Uw gegevens", level=1).wait_for()
    assert who.naam.split()[-1] in page.locator("main").inner_text()
    watched.look("form: your details")
    next_step(page)
    page.locator("[data-error-summary]").wait_for()
    watched.look("form: your details with faults")
    page.get_by_label("Telefoonnummer").fill("06 12345678")
    page.get_by_label("E-mailadres").fill(email)
    next_step(page)
    page.get_by_role("heading", name="Uw bedrijf", level=1).wait_for()
    watched.look("form: your business")
    page.get_by_label("In Nederland").check()
    page.get_by_role("radiogroup", name=re.compile("1.225 uur")).get_by_label("Ja").check()
    next_step(page)
    page.get_by_role("heading", name="Uw huishouden", level=1).wait_for()
    page.get_by_label("Ja, ik woon samen met een partner").check()
    _show_new_questions(watched)
    page.get_by_label("Naam van uw partner").wait_for()
    watched.look("form: your household with a partner")
    page.get_by_label("Nee, ik heb geen partner").check()
    page.get_by_role("radiogroup", name=re.compile("kinderen jonger")).get_by_label("Nee").check()
    next_step(page)
    page.get_by_role("heading", name="Wat u aanvraagt", level=1).wait_for()
    page.get_by_label("Een uitkering voor levensonderhoud").check()
    page.get_by_label("Een lening voor uw bedrijf").check()
    _show_new_questions(watched)
    page.get_by_label("Vanaf welke maand").wait_for()
    watched.look("form: what you apply for")
    page.get_by_label("Een lening voor uw bedrijf").uncheck()
    page.get_by_label("Vanaf welke maand").select_option("2021-05")
    page.get_by_label("Voor hoeveel maanden?").fill("2")
    next_step(page)
    page.get_by_role("heading", name="Inkomsten en rekening", level=1).wait_for()
    watched.look("form: income")
    page.get_by_label("Hoeveel winst").fill("350,00")
    page.get_by_label("Hoeveel andere inkomsten").fill("0")
    page.get_by_label("Rekeningnummer (IBAN)").fill("NL91 ABNA 0417 1643 00")
    page.get_by_label("Op wiens naam").fill("N. Verhagen")
    next_step(page)
    page.get_by_role("heading", name="Bewijsstukken", level=1).wait_for()
    watched.look("form: files")
    (add_files if watched.has_script else add_files_plainly)(watched, files)
    next_step(page)


def _show_new_questions(watched: Watched) -> None:
    """Without JavaScript the server shows what an answer leads to, at the next press of the button."""
    if not watched.has_script:
        next_step(watched.page)


def add_files(watched: Watched, files: Path) -> None:
    """Add two files, and one that is not what its name says."""
    page = watched.page
    lie = files / "bewijs.pdf"
    lie.write_bytes(b"MZ this is a program")
    bank = page.locator(".field--file").filter(has_text="Bankafschrift")
    bank.locator("input[type=file]").set_input_files([a_pdf(files, "bankafschrift mei.pdf")])
    bank.get_by_role("link", name="bankafschrift mei.pdf").wait_for()
    income = page.locator(".field--file").filter(has_text="Bewijs van uw inkomsten")
    income.locator("input[type=file]").set_input_files([lie])
    income.locator(".field__progress").get_by_text("bewijs.pdf").wait_for()
    watched.look("form: files with a refused one")
    income.locator("input[type=file]").set_input_files([a_pdf(files, "jaarrekening 2020.pdf")])
    income.get_by_role("link", name="jaarrekening 2020.pdf").wait_for()
    watched.look("form: files added")


def add_files_plainly(watched: Watched, files: Path) -> None:
    """Add files without JavaScript: choose, press the button, see the list."""
    page = watched.page
    lie = files / "bewijs.pdf"
    lie.write_bytes(b"MZ this is a program")
    page.get_by_label("Bewijs van uw inkomsten").set_input_files([lie])
    page.get_by_role("button", name="Gekozen bestand toevoegen").first.click()
    page.locator("[data-error-summary]").wait_for()
    watched.look("plain: a refused file")
    page.get_by_label("Bankafschrift of bankpas").set_input_files([a_pdf(files, "bankafschrift mei.pdf")])
    page.get_by_role("button", name="Gekozen bestand toevoegen").first.click()
    page.get_by_role("link", name="bankafschrift mei.pdf").wait_for()
    watched.look("plain: file added")


def find(watched: Watched, words: str) -> None:
    """Search by the box at the top of every page of the workplace."""
    box = watched.page.get_by_role("banner").get_by_role("searchbox")
    box.fill(words)
    box.press("Enter")
    watched.page.get_by_role("heading", name="Een zaak zoeken").wait_for()


def open_case(watched: Watched, number: str) -> None:
    """Search a zaak and open it."""
    find(watched, number)
    watched.page.locator("main table").get_by_role("link").first.click()
    watched.page.get_by_text(number).first.wait_for()
    watched.page.get_by_role("heading", name="Gegevens uit de aanvraag").wait_for()


def told(page: Page, words: str) -> None:
    """Wait until the page says that something was done."""
    page.locator(".flashes").get_by_text(words).wait_for()
