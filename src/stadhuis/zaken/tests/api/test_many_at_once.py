"""Thousands of deeds on the same zaken by several clients over HTTP: nobody waits for ever, nothing is lost or done twice.

``STADHUIS_MIXED_OPERATIONS`` makes it more than the suite does (10000 for the whole run).
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from stadhuis.catalogi.tests.givens import given_resultaattype_data, given_zaaktype
from stadhuis.kit.api.testing import CRS, token
from stadhuis.zaken.models import Rol, Status, Zaak, Zaakinformatieobject
from stadhuis.zaken.tests.api.givens import SECRET, given_applicatie, given_zaak, zaak_body
from stadhuis.zaken.tests.api.test_informatieobjecten import DOCUMENTS
from stadhuis.zaken.tests.api.test_rollen import rol_body, roltype
from stadhuis.zaken.tests.givens import given_document

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OPERATIONS = int(os.environ.get("STADHUIS_MIXED_OPERATIONS", "800"))
CLIENTS = 8
ZAKEN, DOCUMENTEN = 12, 6
DEEDS = {"create", "patch", "status", "resultaat", "close", "rol", "link", "unlink", "remove rol", "remove zaak"}
SCOPES = (
    "zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.statussen.toevoegen", "zaken.verwijderen",
)  # fmt: skip
REFUSALS = {400, 403, 404, 409}
"""What a client may hear when another was first: never a 5xx."""


@dataclass
class Made:
    """What the clients were told: how often each deed had which status, and what came and went."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    urls: dict[str, set[str]] = field(
        default_factory=lambda: {kind: set() for kind in ("zaak", "rol", "link", "status")}
    )
    gone: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in ("zaak", "rol", "link")})
    numbers: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """One application with a connection that is kept, doing deeds by chance on zaken that all clients share."""

    def __init__(
        self, server: str, number: int, made: Made, zaken: list[str], documents: list[str], zaaktype: Any
    ) -> None:
        parts = urlsplit(server)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.chance = random.Random(number)
        self.made, self.zaken, self.documents, self.zaaktype = made, zaken, documents, zaaktype
        self.moment = datetime(2026, 3, 10) + timedelta(days=number)
        self.headers = {**CRS, "Authorization": f"Bearer {token('alles', SECRET)}", "Content-Type": "application/json"}

    def send(self, deed: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request, note its status, and return status and JSON."""
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        with self.made.lock:
            self.made.statuses[deed, answer.status] += 1
            if answer.status >= 500 or (answer.status >= 300 and answer.status not in REFUSALS):
                self.made.wrong.append(f"{deed} {path}: {answer.status} {content[:300]!r}")
        return answer.status, json.loads(content) if content else None

    def note(self, kind: str, status: int, answer: Any) -> None:
        """Remember what was made."""
        if status == 201:
            with self.made.lock:
                self.made.urls[kind].add(answer["url"])

    def gone(self, kind: str, url: str, status: int) -> None:
        """Remember what was removed."""
        if status == 204:
            with self.made.lock:
                self.made.gone[kind].add(url)

    def some(self, kind: str) -> str | None:
        """Return the address of something that was made, perhaps gone by now."""
        with self.made.lock:
            known = sorted(self.made.urls[kind] - self.made.gone[kind])
        return self.chance.choice(known) if known else None

    def to_close(self) -> str | None:
        """Return one of the few zaken that the others are about to close as well."""
        with self.made.lock:
            open_ones = sorted(self.made.urls["zaak"] - self.made.gone["zaak"] - set(self.made.closed))
        return self.chance.choice(open_ones[:3]) if open_ones else None

    def path(self, url: str) -> str:
        """Return the path of an address."""
        return urlsplit(url).path

    def deed(self) -> None:
        """Do one thing."""
        zaak = {"url": self.chance.choice(self.zaken)}
        self.moment += timedelta(seconds=1)
        moment = f"{self.moment.isoformat()}Z"
        match self.chance.choice(
            (
                "create",
                "patch",
                "patch",
                "status",
                "status",
                "close",
                "rol",
                "link",
                "unlink",
                "remove rol",
                "remove zaak",
            )
        ):
            case "create":
                status, answer = self.send("create", "POST", "/zaken/api/v1/zaken", zaak_body(self.zaaktype))
                self.note("zaak", status, answer)
                if status == 201:
                    with self.made.lock:
                        self.made.numbers.append(answer["identificatie"])
            case "patch":
                self.send("patch", "PATCH", self.path(zaak["url"]), {"toelichting": f"nr {self.chance.random()}"})
            case "status":
                body = {"zaak": zaak["url"], "statustype": self.zaaktype.statustypen[1].url, "datumStatusGezet": moment}
                status, answer = self.send("status", "POST", "/zaken/api/v1/statussen", body)
                self.note("status", status, answer)
            case "close":
                if url := self.to_close():
                    resultaat = {"zaak": url, "resultaattype": self.zaaktype.resultaattypen[0].url}
                    self.send("resultaat", "POST", "/zaken/api/v1/resultaten", resultaat)
                    body = {"zaak": url, "statustype": self.zaaktype.eindstatus.url, "datumStatusGezet": moment}
                    if self.send("close", "POST", "/zaken/api/v1/statussen", body)[0] == 201:
                        with self.made.lock:
                            self.made.closed.append(url)
            case "rol":
                body = rol_body(zaak, roltype(self.zaaktype, "belanghebbende"))
                self.note("rol", *self.send("rol", "POST", "/zaken/api/v1/rollen", body))
            case "link":
                body = {"zaak": zaak["url"], "informatieobject": self.chance.choice(self.documents)}
                self.note("link", *self.send("link", "POST", "/zaken/api/v1/zaakinformatieobjecten", body))
            case kind:
                what = {"unlink": "link", "remove rol": "rol", "remove zaak": "zaak"}[kind]
                if url := self.some(what):
                    self.gone(what, url, self.send(kind, "DELETE", self.path(url))[0])

    def run(self, deeds: int) -> None:
        """Do many things; what breaks here is told by the test."""
        try:
            for _ in range(deeds):
                self.deed()
        except Exception as error:  # noqa: BLE001  (raised in a thread nobody waits on otherwise)
            with self.made.lock:
                self.made.wrong.append(repr(error))
        finally:
            self.connection.close()


def test_when_clients_do_many_things_to_the_same_zaken_then_all_of_it_adds_up(live_server: Any) -> None:
    # given: zaken that all clients work on; without the forced scope, so that what is closed stays as it is
    zaaktype = given_zaaktype(resultaattypen=[given_resultaattype_data()])
    api = given_applicatie(scopes=SCOPES, ref=zaaktype.ref)
    zaken = [given_zaak(api, zaaktype) for _ in range(ZAKEN)]
    documents = [f"{DOCUMENTS}/{given_document(indicatie_gebruiksrecht=False).uuid}" for _ in range(DOCUMENTEN)]
    made = Made()
    # when
    clients = [
        Client(live_server.url, number, made, [zaak["url"] for zaak in zaken], documents, zaaktype)
        for number in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run, args=(OPERATIONS // CLIENTS,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then: no 5xx (a deadlock would be one), every kind of deed went well at least once
    assert not made.wrong, made.wrong[:5]
    done = {deed for deed, status in made.statuses if status < 300}
    assert done == DEEDS, made.statuses
    # each number is given once, and what is there is what the clients were told
    assert len(set(made.numbers)) == len(made.numbers) == len(made.urls["zaak"])
    kept = {kind: made.urls[kind] - made.gone.get(kind, set()) for kind in made.urls}
    assert Zaak.objects.count() == ZAKEN + len(kept["zaak"])
    assert Rol.objects.count() == len(kept["rol"])
    assert Zaakinformatieobject.objects.count() == len(kept["link"])
    assert Status.objects.filter(zaak__uuid__in=[zaak["uuid"] for zaak in zaken]).count() == len(kept["status"])
    # whoever closed a zaak was the only one, and it ended on the day that one said
    assert len(set(made.closed)) == len(made.closed)
    ends = {
        one.zaak_id: one.datum_status_gezet.date() for one in Status.objects.filter(statustype=zaaktype.eindstatus.id)
    }
    closed = set(made.closed) - made.gone["zaak"]
    assert Status.objects.filter(statustype=zaaktype.eindstatus.id).count() == len(closed)
    assert dict(Zaak.objects.filter(einddatum__isnull=False).values_list("pk", "einddatum")) == ends
    with connection.cursor() as cursor:  # every change left one line in the trail, and one message
        cursor.execute(
            "SELECT count(*) FROM audit_payload WHERE actie = 'partial_update' AND resource = 'zaak' AND about = ANY(%s::uuid[])",
            [[zaak["uuid"] for zaak in zaken]],
        )
        patched = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM notificaties_notificatie WHERE actie = 'create' AND resource = 'zaak'")
        told = cursor.fetchone()[0]
    assert patched == made.statuses["patch", 200]
    assert told == ZAKEN + made.statuses["create", 201]
