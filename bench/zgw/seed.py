"""Fills the registers: templates made over the API, so that every column is as the deeds leave it, and copies of them in SQL.

Each zaak has two statussen, a rol with a BSN, an object, a record with its search text; every fifth has a document, every
tenth a place. Each BSN stands in two zaken. The zaken are of four zaaktypen in turn.
"""

from __future__ import annotations

import base64
import uuid as uuids
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

TYPES = 4
RSIN = "807287684"
SECRET = "bench-secret-of-at-least-32-characters"
ZAKEN, DOCUMENTEN = "zaken/api/v1", "documenten/api/v1"
ALL, LIMITED = "bench", "limited"
EVERY_DOCUMENT, EVERY_PLACE = 5, 10
_SCOPES = {
    "zrc": (
        "zaken.lezen", "zaken.aanmaken", "zaken.bijwerken", "zaken.geforceerd-bijwerken", "zaken.statussen.toevoegen",
        "zaken.heropenen", "zaken.verwijderen",
    ),
    "drc": ("documenten.lezen", "documenten.aanmaken", "documenten.bijwerken", "documenten.lock", "documenten.geforceerd-unlock"),
    "ztc": ("catalogi.lezen",),
}  # fmt: skip


@dataclass(frozen=True)
class Seeded:
    """What the load needs to know of what was made."""

    zaaktypen: tuple[Any, ...]
    documenttypen: tuple[str, ...]
    """Address of a type of document per zaaktype."""
    first: int
    """The zaak with number n has the id ``first + n`` and is of zaaktype ``n % TYPES``."""
    count: int

    @property
    def last_status(self) -> int:
        """Return the highest id of a status that was seeded."""
        return 10 * self.first + 2 * self.count + 1

    def uuid(self, number: int) -> UUID:
        """Return the uuid of a zaak."""
        return uuids.UUID(_md5(f"zaak-{self.first + number}"))

    def identificatie(self, number: int) -> str:
        """Return the number of a zaak as people know it."""
        return f"B-{self.first + number:010}"

    def bsn(self, number: int) -> str:
        """Return the BSN in the rol of a zaak."""
        return next(_bsns(number // 2 + 1, number // 2 + 2))


def _md5(text: str) -> str:
    import hashlib

    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def fill(count: int) -> Seeded:
    """Bring the number of seeded zaken to ``count`` in the empty, migrated database that the settings name."""
    from django.db import connection, transaction

    from stadhuis.catalogi.tests.givens import given_zaaktype

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    zaaktypen = tuple(given_zaaktype(domein=f"BEN{number}") for number in range(TYPES))
    kinds = tuple(zaaktype.informatieobjecttypen[0] for zaaktype in zaaktypen)
    _applications(zaaktypen, kinds)
    documenttypen = tuple(f"{_public()}/catalogi/api/v1/informatieobjecttypen/{kind.uuid}" for kind in kinds)
    templates = [_template(zaaktype, kind) for zaaktype, kind in zip(zaaktypen, documenttypen, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) + 1000 FROM zaken_zaak")
        seeded = Seeded(zaaktypen, documenttypen, cursor.fetchone()[0], count)
    persons = _persons(count)
    with transaction.atomic():  # a zaak and its latest status point at each other
        for number, template in enumerate(templates):
            _copy_zaken(seeded, number, template, persons)
    with connection.cursor() as cursor:
        for table in ("zaken_zaak", "zaken_status", "documenten_document", "records_record", "people_person"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")
    return seeded


def _public() -> str:
    from django.conf import settings

    return str(settings.PUBLIC_URL)


def _applications(zaaktypen: tuple[Any, ...], kinds: tuple[Any, ...]) -> None:
    """Admit one with all rights and one limited to the first two zaaktypen and their types of document."""
    from stadhuis.access import public as access
    from stadhuis.notificaties.models import Abonnement, AbonnementKanaal

    rights = [access.AutorisatieData("zrc", _SCOPES["zrc"], type_ref=one.ref, max_level=8) for one in zaaktypen[:2]]
    rights += [access.AutorisatieData("drc", _SCOPES["drc"], type_ref=_ref(one), max_level=8) for one in kinds[:2]]
    rights += [access.AutorisatieData("ztc", _SCOPES["ztc"])]
    access.create_applicatie(ALL, [ALL], SECRET, heeft_alle_autorisaties=True)
    access.create_applicatie(LIMITED, [LIMITED], SECRET, autorisaties=rights)
    # One subscriber to everything: each write leaves a message, a delivery and a job. The worker does not run meanwhile.
    abonnement = Abonnement.objects.create(callback_url="http://localhost:9/", auth=b"")
    AbonnementKanaal.objects.create(abonnement=abonnement, naam="zaken", filters={})


def _ref(kind: Any) -> str:
    from stadhuis.catalogi.models import Informatieobjecttype

    row = Informatieobjecttype.objects.select_related("catalogus").get(pk=kind.id)
    return f"{row.catalogus.domein}:{row.omschrijving}"


@dataclass(frozen=True)
class _Template:
    """The ids of what one real zaak consists of."""

    zaak: int
    statussen: tuple[int, int]
    rol: int
    zaakobject: int
    link: int
    document: int
    record: int
    mirror: int
    file: UUID


def _template(zaaktype: Any, documenttype: str) -> _Template:
    """Make a zaak with everything over the API."""
    from django.db import connection

    from stadhuis.kit.api.testing import ApiClient, body_of

    zrc, drc = ApiClient(ZAKEN, ALL, SECRET), ApiClient(DOCUMENTEN, ALL, SECRET)
    zaak = body_of(zrc.post("zaken", zaak_body(zaaktype)), 201)["url"]
    roltype = next(one for one in zaaktype.roltypen if one.omschrijving_generiek == "initiator")
    identificatie = {"inpBsn": "999990184", "geslachtsnaam": "Verhagen", "voornamen": "Noor"}
    place = {
        "identificatie": "1",
        "wplWoonplaatsNaam": "Oeverveen",
        "gorOpenbareRuimteNaam": "Kerkstraat",
        "huisnummer": 1,
    }
    for path, body in (
        ("rollen", {"roltype": roltype.url, "betrokkeneType": "natuurlijk_persoon", "betrokkeneIdentificatie": identificatie, "roltoelichting": "vraagt aan"}),
        ("statussen", {"statustype": zaaktype.statustypen[0].url, "datumStatusGezet": "2026-03-02T10:00:00Z"}),
        ("statussen", {"statustype": zaaktype.statustypen[1].url, "datumStatusGezet": "2026-03-03T10:00:00Z"}),
        ("zaakobjecten", {"objectType": "adres", "objectIdentificatie": place}),
    ):  # fmt: skip
        body_of(zrc.post(path, {"zaak": zaak, **body}), 201)
    document = body_of(drc.post("enkelvoudiginformatieobjecten", document_body(documenttype, b"De inhoud.")), 201)
    body_of(zrc.post("zaakinformatieobjecten", {"zaak": zaak, "informatieobject": document["url"]}), 201)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT z.id, (SELECT array_agg(s.id ORDER BY s.id) FROM zaken_status s WHERE s.zaak_id = z.id), r.id, o.id, k.id,"
            " k.document_id, c.id, (SELECT m.id FROM documenten_objectinformatieobject m WHERE m.document_id = k.document_id), d.file_id FROM zaken_zaak z JOIN zaken_rol r ON r.zaak_id = z.id JOIN zaken_zaakobject o ON o.zaak_id = z.id"
            " JOIN zaken_zaakinformatieobject k ON k.zaak_id = z.id JOIN documenten_document d ON d.id = k.document_id JOIN records_record c ON c.kind = 'zaak' AND c.object_uuid = z.uuid"
            " WHERE z.uuid = %s",
            [zaak.rsplit("/", 1)[1]],
        )
        found = cursor.fetchone()
    return _Template(found[0], tuple(found[1]), *found[2:])


def zaak_body(zaaktype: Any) -> dict[str, Any]:
    """Return the body of a zaak as an application makes it."""
    return {
        "bronorganisatie": RSIN, "verantwoordelijkeOrganisatie": RSIN, "zaaktype": zaaktype.url, "startdatum": "2026-03-02",
        "omschrijving": "Melding over de openbare ruimte", "toelichting": "De lantaarn voor de deur brandt niet. " * 4,
    }  # fmt: skip


def document_body(documenttype: str, content: bytes) -> dict[str, Any]:
    """Return the body of a document with its content."""
    return {
        "bronorganisatie": RSIN, "creatiedatum": "2026-03-02", "titel": "Aanvraag", "auteur": "Jan de Vries", "taal": "dut",
        "formaat": "application/octet-stream", "bestandsnaam": "aanvraag.bin", "informatieobjecttype": documenttype,
        "indicatieGebruiksrecht": False, "inhoud": base64.b64encode(content).decode(), "bestandsomvang": len(content),
    }  # fmt: skip


# -- Persons -----------------------------------------------------------------------------------------------------------
def _bsns(start: int, end: int) -> Iterator[str]:
    """Return for each number a BSN that passes the eleven test."""
    for number in range(start, end):
        digits = f"{10_000_000 + number * 10}"
        for eighth in range(10):
            eight = digits[:7] + str(eighth)
            rest = sum((9 - place) * int(digit) for place, digit in enumerate(eight)) % 11
            if rest < 10:
                yield f"{eight}{rest}"
                break


def _persons(count: int) -> int:
    """Add half as many persons as zaken; returns the id of the first."""
    from django.db import connection

    from stadhuis.kit.crypto import encrypt
    from stadhuis.people.reads import bsn_lookup

    number = count // 2 + 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) + 1000 FROM people_person")
        first: int = cursor.fetchone()[0]
        rows = [(first + at, uuids.uuid4(), bsn) for at, bsn in enumerate(_bsns(1, number + 1))]
        with cursor.copy("COPY people_person (id, uuid) FROM STDIN") as copy:
            for pk, uuid, _ in rows:
                copy.write_row((pk, uuid))
        with cursor.copy("COPY people_personbsn (person_id, cipher, lookup) FROM STDIN") as copy:
            for pk, uuid, bsn in rows:
                copy.write_row((pk, encrypt(bsn, about=str(uuid)), bsn_lookup(bsn)))
    return first


# -- Copies ------------------------------------------------------------------------------------------------------------
def copies(table: str, template: object, where: str, numbers: tuple[int, int, int], **columns: str) -> None:
    """Copy a row for each number (SQL, called ``n``) of a range that passes ``where``, with other values in some columns."""
    from django.db import connection

    key = {"records_searchtext": "record_id", "kit_storedfile": "uuid"}.get(table, "id")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        names = [row[0] for row in cursor.fetchall() if row[0] != "id" or "id" in columns]
        values = ", ".join(columns.get(name, f't."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        overriding = "OVERRIDING SYSTEM VALUE" if "id" in columns else ""
        cursor.execute(
            f"INSERT INTO {table} ({listed}) {overriding} SELECT {values} FROM {table} t, generate_series(%s::bigint, %s::bigint, %s::bigint) n"
            f" WHERE t.{key} = %s AND {where}",
            [*numbers, template],
        )


def _copy_zaken(seeded: Seeded, type_number: int, template: _Template, persons: int) -> None:
    first = seeded.first
    numbers = (type_number or TYPES, seeded.count, TYPES)
    zaak, uuid = f"{first} + n", f"md5('zaak-' || ({first} + n))::uuid"
    name = f"'B-' || lpad(({first} + n)::text, 10, '0')"
    day = "DATE '2020-01-01' + (n %% 2000)::int"
    status = f"{10 * first} + 2 * n"
    has_document, has_place = f"n %% {EVERY_DOCUMENT} = 0", f"n %% {EVERY_PLACE} = 0"
    x, y = "5.0 + (n %% 1000) / 1000.0", "52.0 + (n / 1000 %% 1000) / 1000.0"
    box = {
        axis: f"CASE WHEN {has_place} THEN {value} END"
        for axis, value in (("bbox_min_x", x), ("bbox_max_x", x), ("bbox_min_y", y), ("bbox_max_y", y))
    }
    point = f"jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array({x}, {y}))"
    copies(
        "zaken_zaak", template.zaak, "TRUE", numbers, id=zaak, uuid=uuid, identificatie=name, startdatum=day,
        registratiedatum=day, status_id=f"{status} + 1", zaakgeometrie=f"CASE WHEN {has_place} THEN {point} END", **box,
    )  # fmt: skip
    for which, own in enumerate(template.statussen):
        copies(
            "zaken_status", own, "TRUE", numbers, id=f"{status} + {which}", uuid="gen_random_uuid()", zaak_id=zaak,
            datum_status_gezet=f"({day})::timestamptz + interval '{which + 1} day'",
        )  # fmt: skip
    copies(
        "zaken_rol",
        template.rol,
        "TRUE",
        numbers,
        uuid="gen_random_uuid()",
        zaak_id=zaak,
        person_id=f"{persons} + n / 2",
    )
    copies("zaken_zaakobject", template.zaakobject, "TRUE", numbers, uuid="gen_random_uuid()", zaak_id=zaak)
    file = f"md5('file-' || ({first} + n))::uuid"  # a row without bytes: the load does not download it
    copies("kit_storedfile", template.file, has_document, numbers, uuid=file)
    copies(
        "documenten_document", template.document, has_document, numbers, id=f"{10 * first} + n", uuid="gen_random_uuid()",
        identificatie=f"'D-' || ({first} + n)", file_id=file,
    )  # fmt: skip
    copies(
        "zaken_zaakinformatieobject", template.link, has_document, numbers, uuid="gen_random_uuid()", zaak_id=zaak,
        document_id=f"{10 * first} + n",
    )  # fmt: skip
    copies(
        "documenten_objectinformatieobject", template.mirror, has_document, numbers, uuid="gen_random_uuid()",
        document_id=f"{10 * first} + n", object_uuid=uuid,
    )  # fmt: skip
    copies("records_record", template.record, "TRUE", numbers, id=f"{10 * first} + n", object_uuid=uuid, created=day)
    copies(
        "records_searchtext", template.record, "TRUE", numbers, record_id=f"{10 * first} + n",
        text=f"replace(t.text, split_part(t.text, E'\\n', 1), {name})",
        vector=f"t.vector || to_tsvector('simple', {name})",
    )  # fmt: skip


def visible(seeded: Seeded, who: str) -> int:
    """Return how many zaken an application sees now."""
    from django.db import connection

    kinds = [zaaktype.id for zaaktype in (seeded.zaaktypen if who == ALL else seeded.zaaktypen[:2])]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM zaken_zaak WHERE zaaktype_id = ANY(%s)", [kinds])
        return int(cursor.fetchone()[0])


def give_resultaat(seeded: Seeded, numbers: range) -> None:
    """Give zaken a result, so that they can be closed."""
    from django.db import connection

    with connection.cursor() as cursor:
        for type_number, zaaktype in enumerate(seeded.zaaktypen):
            ids = [seeded.first + number for number in numbers if number % TYPES == type_number]
            cursor.execute(
                "INSERT INTO zaken_resultaat (uuid, zaak_id, resultaattype_id, toelichting)"
                " SELECT gen_random_uuid(), id, %s, '' FROM unnest(%s::bigint[]) id ON CONFLICT DO NOTHING",
                [zaaktype.resultaattypen[0].id, ids],
            )


def undo(seeded: Seeded) -> None:
    """Open the zaken that an earlier run closed, and take away the statussen and results it gave them."""
    from django.db import connection

    first, last = seeded.first + 1, seeded.first + seeded.count
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "CREATE TEMPORARY TABLE touched ON COMMIT PRESERVE ROWS AS SELECT zaak_id FROM zaken_status WHERE id > %s AND zaak_id BETWEEN %s AND %s"
            " UNION SELECT zaak_id FROM zaken_resultaat WHERE zaak_id BETWEEN %s AND %s",
            [seeded.last_status, first, last, first, last],
        )
        cursor.execute(
            "UPDATE zaken_zaak SET status_id = 10 * %s::bigint + 2 * (id - %s::bigint) + 1, einddatum = NULL, archiefnominatie = NULL,"
            " archiefactiedatum = NULL, startdatum_bewaartermijn = NULL WHERE id IN (SELECT zaak_id FROM touched)",
            [seeded.first, seeded.first],
        )
        cursor.execute(
            "DELETE FROM zaken_status WHERE id > %s AND zaak_id IN (SELECT zaak_id FROM touched)", [seeded.last_status]
        )
        cursor.execute("DELETE FROM zaken_resultaat WHERE zaak_id IN (SELECT zaak_id FROM touched)")
        cursor.execute("DROP TABLE touched")
        cursor.execute("VACUUM ANALYZE")
