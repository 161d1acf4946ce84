"""A resident at a browser without JavaScript, who presses again when something does not work."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pikepdf

from stadhuis.forms.tests.given import ANSWERS, STEPS

FILES = (("bewijsInkomen", "omzet.pdf"), ("bewijsBank", "bank.pdf"))
PATIENCE_SECONDS = 90


class NotUnderstood(Exception):
    """The town hall answered something a resident cannot go on with."""


@dataclass(frozen=True)
class Told:
    """What a resident read on his receipt."""

    number: str
    zaak: str
    email: str
    files: tuple[str, ...]


@dataclass
class Progress:
    """What all visitors together have seen."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answered: int = 0
    pressed_again: int = 0
    told: list[Told] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def count(self, *, answered: int = 0, again: int = 0) -> None:
        with self.lock:
            self.answered += answered
            self.pressed_again += again


class Visitor:
    """One resident. Every request is repeated until it is answered, as by somebody who wants his money."""

    def __init__(self, bsn: str, url: str, outside_url: str, progress: Progress) -> None:
        self.bsn, self.url, self.outside_url, self.progress = bsn, url, outside_url, progress
        self.http = self._browser()

    def _browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=40, trust_env=False, verify=False)

    def ask(self, method: str, path: str, **what: Any) -> tuple[httpx.Response, int]:
        """Return the answer and how often it took pressing again. A form gets the token of the browser's cookie."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        again = 0
        while True:
            if method == "POST":
                what["data"] = {**what.get("data", {}), "csrfmiddlewaretoken": self.http.cookies.get("csrftoken") or ""}
            try:
                answer = self.http.request(method, path, **what)
            except httpx.HTTPError:
                pass
            else:
                if answer.status_code < 500:
                    self.progress.count(answered=1)
                    return answer, again
            if time.monotonic() > give_up:
                raise NotUnderstood(f"no answer on {method} {path}")
            again += 1
            self.progress.count(again=1)
            time.sleep(0.15)

    # -- Log in -------------------------------------------------------------------------------------------------------
    def log_in(self) -> None:
        """Log in with DigiD; from the beginning again when it breaks off."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            started, _ = self.ask("GET", "/inloggen/digid/", params={"next": "/aanvragen/tozo/"})
            if started.status_code == 302:
                back, _ = self.ask("GET", self._at_the_provider(started.headers["location"]))
                page, _ = self.ask("GET", "/aanvragen/tozo/")
                if back.status_code == 302 and page.status_code == 200:
                    return
            self.http.close()
            self.http = self._browser()
        raise NotUnderstood("log-in does not work")

    def _at_the_provider(self, address: str) -> str:
        with httpx.Client(trust_env=False, timeout=20, verify=False) as outside:
            opened = outside.get(address)
            chosen = outside.post(
                urljoin(self.outside_url, opened.headers["location"]), data={"wie": self.bsn, "niveau": "substantieel"}
            )
            confirmed = outside.post(
                urljoin(self.outside_url, chosen.headers["location"]), data={"actie": "bevestigen"}
            )
        back = urlsplit(confirmed.headers["location"])
        return f"{back.path}?{back.query}"

    # -- Apply --------------------------------------------------------------------------------------------------------
    def apply(self, number: int) -> Told:
        """Fill in and hand in one application, and return what the receipt says."""
        email = f"aanvraag-{number:04d}@example.org"
        draft = self.begin()
        for step in STEPS:
            if step != STEPS[-1]:
                other = {"emailadres": email} if step == STEPS[0] else {}
                self.fill_in(f"{draft}stap/{step}/", {**ANSWERS[step], **other})
        files = self.add_files(f"{draft}stap/{STEPS[-1]}/", number)
        self.fill_in(f"{draft}stap/{STEPS[-1]}/", {})
        return self.hand_in(draft, email, files)

    def begin(self) -> str:
        """Begin, or go on with what was begun, and return the address of the draft."""
        answer, _ = self.ask("POST", "/aanvragen/tozo/")
        if answer.status_code != 302 or "/stap/" not in answer.headers["location"]:
            raise NotUnderstood(f"begin: {answer.status_code} {answer.headers.get('location')}")
        return str(answer.headers["location"]).split("stap/")[0]

    def fill_in(self, page: str, answers: Mapping[str, Any]) -> None:
        """Send one step; once more when the answer says that another window changed something (it was this one)."""
        answer, _ = self.ask("POST", page, data=dict(answers))
        if answer.status_code != 302 or "controle" in answer.headers["location"]:
            raise NotUnderstood(f"{page}: {answer.status_code} {self._faults(answer)}")

    def _faults(self, answer: httpx.Response) -> list[str]:
        led_to = answer.headers.get("location")
        return errors_on(self.ask("GET", led_to)[0].text if led_to else answer.text)

    def add_files(self, page: str, number: int, wanted: Sequence[tuple[str, str]] = FILES) -> tuple[str, ...]:
        """Add the files, each once: after a failure look first which are there. Returns their names."""
        names = []
        for key, name in wanted:
            sent = f"{number:04d}-{name}"
            names.append(sent)
            content = a_pdf(f"{sent} {self.bsn}")
            give_up = time.monotonic() + PATIENCE_SECONDS
            while sent not in self.ask("GET", page)[0].text:
                token = self.http.cookies.get("csrftoken") or ""
                try:
                    answer = self.http.post(
                        page,
                        data={"_doe": "toevoegen", "csrfmiddlewaretoken": token},
                        files={key: (sent, content, "application/pdf")},
                    )
                except httpx.HTTPError:
                    self.progress.count(again=1)
                else:
                    if answer.status_code < 500:
                        self.progress.count(answered=1)
                    if answer.status_code == 422:
                        raise NotUnderstood(f"{sent}: {errors_on(answer.text)}")
                if time.monotonic() > give_up:
                    raise NotUnderstood(f"{sent} cannot be added")
                time.sleep(0.05)
        return tuple(names)

    def hand_in(self, draft: str, email: str, files: tuple[str, ...]) -> Told:
        """Hand in, and read the receipt."""
        answer, _ = self.ask("POST", f"{draft}overzicht/", data={"naarWaarheid": "ja"})
        if answer.status_code != 302 or "controle" in answer.headers["location"]:
            raise NotUnderstood(f"hand in: {answer.status_code} {self._faults(answer)}")
        page, _ = self.ask("GET", answer.headers["location"])
        words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
        number, zaak = re.search(r"ONT-\d{4}-\d{7}", words), zaaknummer_in(page.text)
        if page.status_code != 200 or number is None or not zaak:
            raise NotUnderstood(f"receipt: {page.status_code} {words[:1500]}")
        shown = tuple(name for name in files if page.text.count(name) >= 1)
        return Told(number.group(), zaak, email, shown)


def zaaknummer_in(page: str) -> str:
    """Return the zaaknummer that a receipt names, or ''."""
    found = re.search(r"[Zz]aaknummer:?\s+([A-Z][\w-]*\d)", " ".join(re.sub(r"<[^>]+>", " ", page).split()))
    return found[1] if found else ""


def errors_on(page: str) -> list[str]:
    """Return what the error summary of a page says."""
    return re.findall(r'<a[^>]+href="#[^"]*"[^>]*>([^<]+)</a>', page) or [page[:300]]


def a_pdf(title: str) -> bytes:
    """Return a small PDF that no other is equal to."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = title
        pdf.save(out)
    return out.getvalue()
