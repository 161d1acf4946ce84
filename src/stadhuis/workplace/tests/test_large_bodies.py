"""Two gigabytes against the real server: a clear answer at once, a closed connection, no growth of disk or memory."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from stadhuis.workplace.tests.browser.house import House

pytestmark = pytest.mark.slow  # one town hall for all of them
TWO_GIGABYTES = 2 * 1024**3
SENT = 24 * 1024 * 1024
"""What the client gets rid of before it looks for an answer."""
NOOR = "999990184"
VISITOR = f"csrftoken={'a' * 32}"
"""With such a cookie the CSRF check wants to see the body."""
FILE = '--x\r\nContent-Disposition: form-data; name="file"; filename="f.pdf"\r\n\r\n'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One town hall for this file, whose temporary files land in a folder of its own."""
    folder = tmp_path_factory.mktemp("house")
    running = House(folder)
    (folder / "tmp").mkdir()
    running.environment["TMPDIR"] = str(folder / "tmp")
    with running:
        yield running


@pytest.fixture(scope="module")
def resident(house: House) -> tuple[str, str, str]:
    """Return cookies, CSRF token and address of a draft of a resident who logged in."""
    with httpx.Client(base_url=house.url, trust_env=False, timeout=20) as browser:
        started = browser.get("/inloggen/digid/", params={"next": "/mijn/"})
        with httpx.Client(trust_env=False, timeout=10) as provider:
            opened = provider.get(started.headers["location"])
            chosen = provider.post(
                house.outside.url + opened.headers["location"], data={"wie": NOOR, "niveau": "substantieel"}
            )
            back = chosen.headers["location"]
            if back.startswith("/"):
                back = provider.post(house.outside.url + back, data={"actie": "bevestigen"}).headers["location"]
        assert browser.get(back).status_code == 302
        token = _token(browser.get("/aanvragen/tozo/").text)
        draft = browser.post("/aanvragen/tozo/", data={"csrfmiddlewaretoken": token}).headers["location"]
        token = _token(browser.get(draft).text)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        return cookies, token, draft.split("stap/")[0]


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


@dataclass(frozen=True)
class Outcome:
    """What came of a request: the answer, how much the server took, and whether it closed the connection."""

    status: int
    text: str
    sent: int
    closed: bool


def _send(
    house: House, path: str, *, length: int | None, head: bytes = b"", cookies: str = VISITOR, most: int = SENT, patience: float = 10
) -> Outcome:  # fmt: skip
    """POST a multipart body that promises ``length`` bytes (None: chunked), and stop when the server answers or closes."""
    address = urlsplit(house.url)
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    start = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"{framing}\r\nCookie: {cookies}\r\n\r\n"
    )
    piece = b"a" * (256 * 1024)
    sent, received, closed = 0, b"", False
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as line:
        line.sendall(start.encode())
        line.settimeout(0.2)
        try:
            body = head or FILE.encode()
            while sent < most and not received:
                chunk = body or piece
                line.sendall(chunk if length is not None else b"%x\r\n%s\r\n" % (len(chunk), chunk))
                sent, body = sent + len(chunk), b""
                with suppress(TimeoutError, BlockingIOError):
                    line.setblocking(False)
                    received += line.recv(65536)
                line.settimeout(0.2)
            if length is None and not received:
                line.sendall(b"0\r\n\r\n")
        except OSError:
            closed = True
        if not patience:
            return Outcome(0, "", sent, closed)
        line.settimeout(patience)
        try:
            while more := line.recv(65536):
                received += more
                line.settimeout(3)
            closed = True
        except TimeoutError:
            pass
        except OSError:
            closed = True
    status = re.match(rb"HTTP/1\.1 (\d{3})", received)
    return Outcome(int(status.group(1)) if status else 0, received.decode(errors="replace"), sent, closed)


def _memory(house: House) -> int:
    """Return what the web server and its processes hold, in bytes."""
    parents = {path.parent.name: _fields(path) for path in Path("/proc").glob("[0-9]*/status") if path.exists()}
    family: set[str] = set()
    found = {str(house._processes[0].pid)}
    while found - family:
        family |= found
        found = {pid for pid, fields in parents.items() if fields.get("PPid") in family}
    return sum(int(parents[pid].get("VmRSS", "0 kB").split()[0]) * 1024 for pid in family if pid in parents)


def _fields(status: Path) -> dict[str, str]:
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _on_disk(*folders: Path) -> int:
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


FORMS = ("/taal/", "/werkplek/inloggen/", "/uitloggen/", "/aanvragen/tozo/", "/werkplek/zoeken/")
"""Pages without files. Anyone may send to the first three."""


@dataclass(frozen=True)
class Took:
    """How much the server grew."""

    memory: int
    disk: int


@pytest.fixture
def growth(house: House) -> Callable[[], Took]:
    """Return a function that says how much memory and disk the server took since the test began."""
    _send(house, "/taal/", length=1_000, most=1_000)  # what a first request loads is no growth
    memory, disk = _memory(house), _on_disk(house.folder / "tmp", house.folder / "data" / "files")
    return lambda: Took(_memory(house) - memory, _on_disk(house.folder / "tmp", house.folder / "data" / "files") - disk)


def assert_flat(took: Took) -> None:
    assert took.disk == 0
    assert took.memory < 16 * 1024 * 1024, took


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_files_refuses_two_gigabytes_before_reading_them(
    house: House, growth: Callable[[], Took], path: str
) -> None:
    outcome = _send(house, path, length=TWO_GIGABYTES)
    assert outcome.status == 413
    assert "te groot" in outcome.text
    assert "content-security-policy" in outcome.text.lower()
    assert outcome.closed
    assert outcome.sent < SENT
    assert_flat(growth())


@pytest.mark.parametrize("path", FORMS)
def test_a_body_without_a_length_is_not_read(house: House, growth: Callable[[], Took], path: str) -> None:
    outcome = _send(house, path, length=None)
    assert outcome.status in {302, 403}
    assert outcome.closed
    assert outcome.sent < SENT
    assert_flat(growth())


def test_the_api_refuses_two_gigabytes_in_the_words_of_the_standard(house: House, growth: Callable[[], Took]) -> None:
    outcome = _send(house, "/zaken/api/v1/zaken", length=TWO_GIGABYTES)
    assert outcome.status == 403  # no token: nothing of the body is looked at
    assert '"code": "not_authenticated"' in outcome.text
    assert outcome.closed
    assert_flat(growth())


@pytest.mark.parametrize("length", [TWO_GIGABYTES, None])
def test_an_upload_of_two_gigabytes_is_refused_on_the_page_and_to_the_script(
    house: House, resident: tuple[str, str, str], growth: Callable[[], Took], length: int | None
) -> None:
    cookies, token, draft = resident
    head = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n' + FILE
    page = _send(house, f"{draft}stap/bewijsstukken/", length=length, head=head.encode(), cookies=cookies)
    script = _send(house, f"{draft}bestanden/", length=length, head=head.encode(), cookies=cookies)
    for outcome in (page, script):
        assert outcome.closed
        assert outcome.sent < SENT
    if length is None:
        assert page.status == script.status == 403  # taken for empty: not even a token came in
    else:
        assert page.status == script.status == 413
        assert "te groot: samen niet meer dan 50 MB" in page.text
        assert '"error": "Wat u toevoegt is te groot' in script.text
    assert_flat(growth())


def test_when_the_line_breaks_during_an_upload_then_nothing_stays_on_disk(
    house: House, resident: tuple[str, str, str], growth: Callable[[], Took]
) -> None:
    cookies, token, draft = resident
    head = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n' + FILE
    _send(
        house, f"{draft}bestanden/", length=40 * 1024**2, head=head.encode(), cookies=cookies, most=8 * 1024**2,
        patience=0.0,
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while growth().disk and time.monotonic() < deadline:
        time.sleep(0.1)
    assert growth().disk == 0
    assert "Traceback" not in (house.folder / "web.log").read_text()
