"""Two gigabytes against the real server: a clear answer at once, a closed connection, no growth of disk or memory."""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from stadhuis.workplace.tests.browser.house import House

TWO_GIGABYTES = 2 * 1024**3
SENT = 24 * 1024 * 1024
"""What the client gets rid of before it looks for an answer."""
NOOR = "999990184"


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
            chosen = provider.post(house.outside.url + opened.headers["location"], data={"wie": NOOR, "niveau": "substantieel"})
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


def _send(house: House, path: str, *, length: int | None, head: bytes = b"", cookies: str = "", most: int = SENT) -> Outcome:
    """POST a multipart body that promises ``length`` bytes (None: chunked), and stop when the server answers or closes."""
    address = urlsplit(house.url)
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    start = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"{framing}\r\n" + (f"Cookie: {cookies}\r\n" if cookies else "") + "\r\n"
    )
    piece = b"a" * (256 * 1024)
    sent, received, closed = 0, b"", False
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as line:
        line.sendall(start.encode())
        line.settimeout(0.2)
        try:
            body = head or b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.pdf\"\r\n\r\n"
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
        line.settimeout(10)
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
    web = house._processes[0]
    family = [psutil.Process(web.pid), *psutil.Process(web.pid).children(recursive=True)]
    return sum(process.memory_info().rss for process in family)


def _on_disk(*folders: Path) -> int:
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


PATHS = ("/taal/", "/werkplek/inloggen/", "/werkplek/", "/bestaat-niet/", "/zaken/api/v1/zaken", "/aanvragen/tozo/")


@pytest.mark.parametrize("path", PATHS)
def test_try(house: House, path: str) -> None:
    for length in (TWO_GIGABYTES, None):
        m, d = _memory(house), _on_disk(house.folder)
        t = time.monotonic()
        outcome = _send(house, path, length=length)
        print(path, length, outcome.status, outcome.sent, outcome.closed, round(time.monotonic() - t, 2), "mem", (_memory(house) - m) >> 10, "disk", _on_disk(house.folder) - d, outcome.text[-300:])
