"""A very large document in parts through a real town hall, and how much memory its web processes take meanwhile."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stadhuis.demo.tests.stack import Stack, as_json
from stadhuis.kit.api.testing import token

SECRET = "een-geheim-van-minstens-32-tekens!!"
BLOCK = hashlib.sha256(b"a block of a large document").digest() * 32_768  # 1 MiB
BOUNDARY = "x7x7x7x7"
_ADMIT = f"""
import django, json
django.setup()
from stadhuis.access import public as access
from stadhuis.catalogi.models import Informatieobjecttype
access.create_applicatie("upload", ["upload"], "{SECRET}", heeft_alle_autorisaties=True)
print(json.dumps(str(Informatieobjecttype.objects.filter(concept=False).order_by("pk")[0].uuid)))
"""


@dataclass
class Peak:
    """The most memory that was seen, in MiB, over all web processes together."""

    before: float
    pss: float = 0
    rss: float = 0


@contextmanager
def watched(stack: Stack) -> Iterator[Peak]:
    """Yield what the web processes take, looked at ten times a second until the block ends."""
    peak = Peak(_memory(stack)[0])
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.1):
            pss, rss = _memory(stack)
            peak.pss, peak.rss = max(peak.pss, pss), max(peak.rss, rss)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield peak
    finally:
        is_over.set()
        looker.join()


def _memory(stack: Stack) -> tuple[float, float]:
    totals = {"Pss": 0, "Rss": 0}
    for pid in stack.web_pids():
        with suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
            for name in totals:
                totals[name] += sum(int(kib) for kib in re.findall(rf"^{name}:\s+(\d+)", text, re.MULTILINE))
    return totals["Pss"] / 1024, totals["Rss"] / 1024


def prepared(stack: Stack) -> str:
    """Start database and web server, admit an application, and return the address of a type of document."""
    stack.start_database()
    kind = as_json(stack.run("-c", _ADMIT))
    stack.supervisor.keep(stack.web)
    stack.web.launch()
    stack.web.wait_until_ready()
    return f"{stack.url}/catalogi/api/v1/informatieobjecttypen/{kind}"


class Uploader:
    """An application that sends one document."""

    def __init__(self, stack: Stack) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=600)
        self.headers = {"Host": "localhost", "Authorization": f"Bearer {token('upload', SECRET)}"}

    def ask(self, method: str, url: str, body: Any = None, kind: str = "application/json", **more: str) -> Any:
        """Send a request and return the JSON of the answer. Raises ``RuntimeError`` for anything but success."""
        headers = {**self.headers, **({"Content-Type": kind} if body is not None else {}), **more}
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        self.connection.request(method, urlsplit(url).path, data, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {url}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content else None

    def upload(self, kind: str, size: int) -> dict[str, Any]:
        """Announce a document, send its parts, have them joined; return its JSON."""
        announced = {
            "bronorganisatie": "807287684", "creatiedatum": "2026-03-02", "titel": "Groot", "auteur": "Jan de Vries",
            "taal": "dut", "bestandsnaam": "groot.bin", "inhoud": None, "bestandsomvang": size, "informatieobjecttype": kind,
        }  # fmt: skip
        documents = "/documenten/api/v1/enkelvoudiginformatieobjecten"
        document: dict[str, Any] = self.ask("POST", documents, announced)
        for part in document["bestandsdelen"]:
            self.ask(
                "PUT", part["url"], _form(part["omvang"], document["lock"]), f"multipart/form-data; boundary={BOUNDARY}",
                **{"Content-Length": str(sum(map(len, _form(part["omvang"], document["lock"]))))},
            )  # fmt: skip
        self.ask("POST", f"{document['url']}/unlock", {"lock": document["lock"]})
        whole: dict[str, Any] = self.ask("GET", document["url"])
        return whole

    def download(self, url: str) -> tuple[int, str]:
        """Return how many bytes came back and their SHA-256."""
        self.connection.request("GET", urlsplit(url).path, headers=self.headers)
        answer = self.connection.getresponse()
        length, digest = 0, hashlib.sha256()
        while chunk := answer.read(1 << 20):
            length += len(chunk)
            digest.update(chunk)
        return length, digest.hexdigest()


def _form(size: int, lock: str) -> Iterator[bytes]:
    """Return a form with the lock and ``size`` bytes of a file, block by block."""
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{lock}\r\n'.encode()
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="inhoud"; filename="deel"\r\n\r\n'.encode()
    yield from _blocks(size)
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def _blocks(size: int) -> Iterator[bytes]:
    for at in range(0, size, len(BLOCK)):
        yield BLOCK[: size - at]


def sha256_of(size: int, part: int) -> str:
    """Return the SHA-256 of what ``upload`` sends in parts of this size."""
    digest = hashlib.sha256()
    for at in range(0, size, part):
        for block in _blocks(min(part, size - at)):
            digest.update(block)
    return digest.hexdigest()


def measured(stack: Stack, size: int) -> tuple[Peak, float, dict[str, Any], Uploader]:
    """Upload a document to a town hall that is ready; return the peak, the seconds, the document and the uploader."""
    kind = prepared(stack)
    uploader = Uploader(stack)
    uploader.upload(kind, 1000)  # what is loaded at first use is there
    started = time.perf_counter()
    with watched(stack) as peak:
        document = uploader.upload(kind, size)
    return peak, time.perf_counter() - started, document, uploader
