"""The Zaken API under load: list, single, create at 1 and 8 clients, beside the bare statement. Prints figures and ratios.

    DATABASE_URL=postgresql://.../bench python bench/zgw_zaken.py [--zaken 10000] [--seconds 5]

Uses (and fills) the database that DATABASE_URL names; migrates it, admits an application with all rights and one with the
rights on one zaaktype, and starts two web processes on a free port. The clients run on the same machine and cost time too.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
os.environ.setdefault("STADHUIS_MODE", "demo")

import django

ROOT = "/zaken/api/v1"
SECRET = "bench-secret-of-at-least-32-characters"
CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326", "Accept": "application/json"}


def seed(wanted: int) -> tuple[str, str]:
    """Fill the database; returns the address of the zaaktype and its ref."""
    from django.core.management import call_command
    from django.db import connection

    from stadhuis.access import public as access
    from stadhuis.catalogi import public as catalogi
    from stadhuis.catalogi.tests.givens import given_zaaktype

    call_command("migrate", verbosity=0)
    try:
        zaaktype = catalogi.zaaktype("BENCH:MELDING")
    except catalogi.TypeNotFound:
        zaaktype = given_zaaktype(domein="BENCH")
        given_zaaktype(domein="OTHER")
    for client_id, rights in (
        ("bench", []),
        (
            "limited",
            [access.AutorisatieData("zrc", ("zaken.lezen", "zaken.aanmaken"), type_ref=zaaktype.ref, max_level=8)],
        ),
    ):
        if access.applicatie_for(client_id) is None:
            access.create_applicatie(
                client_id, [client_id], SECRET, heeft_alle_autorisaties=not rights, autorisaties=rights
            )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM zaken_zaak")
        there = cursor.fetchone()[0]
        if there < wanted:
            cursor.execute(_SEED, {"n": wanted - there, "type": zaaktype.id, "ref": zaaktype.ref})
            cursor.execute(_STATUS, {"statustype": zaaktype.statustypen[0].id})
            cursor.execute(
                "UPDATE zaken_zaak z SET status_id = s.id FROM zaken_status s WHERE s.zaak_id = z.id AND z.status_id IS NULL"
            )
            cursor.execute(_ROL, {"roltype": zaaktype.roltypen[0].id})
            cursor.execute("VACUUM ANALYZE")
    return zaaktype.url, zaaktype.ref


_SEED = """
    INSERT INTO zaken_zaak (uuid, identificatie, bronorganisatie, verantwoordelijke_organisatie, omschrijving, toelichting,
        zaaktype_id, zaaktype_ref, registratiedatum, startdatum, communicatiekanaal, producten_of_diensten,
        vertrouwelijkheidaanduiding, betalingsindicatie, verlenging_reden, verlenging_duur, opschorting_indicatie,
        opschorting_reden, selectielijstklasse, archiefstatus, opdrachtgevende_organisatie, processobject_datumkenmerk,
        processobject_identificatie, processobject_objecttype, processobject_registratie)
    SELECT gen_random_uuid(), 'B-' || extract(epoch FROM now())::bigint || '-' || n, '807287684', '807287684', 'Melding ' || n, repeat('x', 200),
        %(type)s, %(ref)s, date '2020-01-01' + (n %% 2000), date '2020-01-01' + (n %% 2000), '', '{}', 'zaakvertrouwelijk', '', '',
        '', false, '', '', 'nog_te_archiveren', '', '', '', '', ''
      FROM generate_series(1, %(n)s) n
"""
_STATUS = """
    INSERT INTO zaken_status (uuid, zaak_id, statustype_id, datum_status_gezet, statustoelichting)
    SELECT gen_random_uuid(), z.id, %(statustype)s, z.startdatum, '' FROM zaken_zaak z
     WHERE NOT EXISTS (SELECT 1 FROM zaken_status s WHERE s.zaak_id = z.id)
"""
_ROL = """
    INSERT INTO zaken_rol (uuid, zaak_id, roltype_id, omschrijving, omschrijving_generiek, betrokkene, betrokkene_type,
        afwijkende_naam_betrokkene, roltoelichting, registratiedatum, indicatie_machtiging, contactpersoon_rol_naam,
        contactpersoon_rol_emailadres, contactpersoon_rol_functie, contactpersoon_rol_telefoonnummer, authenticatie_context,
        naam, naam_zoek, betrokkene_identificatie)
    SELECT gen_random_uuid(), z.id, %(roltype)s, 'initiator', 'initiator', '', 'natuurlijk_persoon', '', '', now(), '', '', '', '', '',
        '{}', '', '', '{"geslachtsnaam": "Jansen"}' FROM zaken_zaak z WHERE NOT EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = z.id)
"""


def start_server(port: int) -> subprocess.Popen[bytes]:
    """Start two web processes as `stadhuis serve` does; returns when they answer."""
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "stadhuis.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            time.sleep(1)
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def load(port: int, clients: int, seconds: float, ask: Callable[[http.client.HTTPConnection], None]) -> str:
    """Return requests per second, median and 95th percentile in milliseconds."""
    took: list[float] = []
    until = time.perf_counter() + seconds

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until:
            started = time.perf_counter()
            ask(connection)
            took.append(time.perf_counter() - started)

    threads = [threading.Thread(target=run) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - started
    took.sort()
    return f"{len(took) / passed:8.0f}/s  p50 {took[len(took) // 2] * 1000:7.1f} ms  p95 {took[int(len(took) * 0.95)] * 1000:7.1f} ms"


def asker(
    method: str, path: str, headers: dict[str, str], body: bytes | None = None, status: int = 200
) -> Callable[..., None]:
    """Return a function that sends one request and insists on the status."""

    def ask(connection: http.client.HTTPConnection) -> None:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != status:
            raise SystemExit(f"{answer.status}: {content[:300]!r}")

    return ask


def patcher(uuids: list[Any], headers: dict[str, str]) -> Callable[..., None]:
    """Return a function that changes a zaak, the next one each time: clients do not wait for each other's row."""
    numbers = itertools.count()

    def ask(connection: http.client.HTTPConnection) -> None:
        uuid = uuids[next(numbers) % len(uuids)]
        asker("PATCH", f"{ROOT}/zaken/{uuid}", headers, b'{"toelichting": "anders"}')(connection)

    return ask


def bare(rounds: int = 100) -> float:
    """Return the milliseconds of the statement of the list alone, prepared, without web server."""
    from stadhuis.kit.api.gate import Everyone
    from stadhuis.zaken.resource import ZAAK

    for _ in range(10):
        ZAAK.page(seen_by=Everyone())
    started = time.perf_counter()
    for _ in range(rounds):
        ZAAK.page(seen_by=Everyone())
    return (time.perf_counter() - started) / rounds * 1000


def main() -> None:
    """Seed, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zaken", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5)
    wanted = parser.parse_args()
    django.setup()
    from stadhuis.kit.api.testing import token
    from stadhuis.zaken.models import Zaak

    zaaktype_url, _ = seed(wanted.zaken)
    headers: dict[str, dict[str, str]] = {
        name: {**CRS, "Authorization": f"Bearer {token(name, SECRET)}"} for name in ("bench", "limited")
    }
    one = Zaak.objects.order_by("id")[100]
    body: dict[str, Any] = {
        "bronorganisatie": "807287684", "verantwoordelijkeOrganisatie": "807287684", "zaaktype": zaaktype_url, "startdatum": "2026-03-02",
    }  # fmt: skip
    with_json = {**headers["bench"], "Content-Type": "application/json"}
    cases = {
        "list of 100": asker("GET", f"{ROOT}/zaken", headers["bench"]),
        "list of 100, limited": asker("GET", f"{ROOT}/zaken", headers["limited"]),
        "list, expand status and zaaktype": asker("GET", f"{ROOT}/zaken?expand=status,zaaktype", headers["bench"]),
        "by identificatie": asker("GET", f"{ROOT}/zaken?identificatie={one.identificatie}", headers["bench"]),
        "one zaak": asker("GET", f"{ROOT}/zaken/{one.uuid}", headers["bench"]),
        "patch": patcher([row.uuid for row in Zaak.objects.order_by("id")[200:1200]], with_json),
        "create": asker("POST", f"{ROOT}/zaken", with_json, json.dumps(body).encode(), 201),
    }  # fmt: skip
    milliseconds = bare()
    print(f"{Zaak.objects.count()} zaken; bare statement of the list of 100: {milliseconds:.1f} ms")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = start_server(port)
    try:
        for name, ask in cases.items():
            for clients in (1, 8):
                print(
                    f"{name:34} {clients} client{'s' if clients > 1 else ' '}  {load(port, clients, wanted.seconds, ask)}",
                    flush=True,
                )
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
