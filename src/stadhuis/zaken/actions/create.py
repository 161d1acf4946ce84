"""Making a zaak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from stadhuis.catalogi import public as catalogi
from stadhuis.kit.durations import period
from stadhuis.kit.rows import insert
from stadhuis.kit.time import today
from stadhuis.people.public import Actor
from stadhuis.zaken.actions.common import keep_record, plain, tell
from stadhuis.zaken.actions.parts import check_single_roles, rol_row
from stadhuis.zaken.errors import (
    HoofdzaakIsDeelzaak,
    IdentificatieTaken,
    NotPublished,
    ZaakNotFound,
    ZaaktypeMismatch,
)
from stadhuis.zaken.facts import ZAAK_CREATED
from stadhuis.zaken.models import Reservering, Rol, Zaak, Zaakeigenschap, Zaakkenmerk
from stadhuis.zaken.reads import zaak_by_id
from stadhuis.zaken.records import NewRol, NewZaak, ZaakCreated, ZaakRecord
from stadhuis.zaken.rules import bounding_box

TRIES = 20
"""How often a number from the sequence may turn out to be taken by a client that chose its own."""


def next_number(prefix: str) -> str:
    """Return a number nobody else gets: a sequence never gives one twice, and nobody waits for it. Gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('zaken_nummer')")
        return f"{prefix.upper()}-{today().year}-{cursor.fetchone()[0]:07d}"


@transaction.atomic
def create_zaak(new: NewZaak, *, by: Actor, rollen: Sequence[NewRol] = ()) -> ZaakRecord:
    """Make a zaak with who is in it, and announce it. It has no status yet.

    Raises ``NotPublished``, ``IdentificatieTaken``, ``ZaaktypeMismatch`` (a roltype or eigenschap of another zaaktype),
    ``RolTaken``, ``HoofdzaakIsDeelzaak`` and ``catalogi.TypeNotFound``. Source: zrc-001, 002, 009, 013, 018, 019.
    """
    zaaktype = catalogi.zaaktype_by_id(new.zaaktype_id)
    if zaaktype.concept:
        raise NotPublished
    zaak = _row(new, zaaktype)
    _insert(zaak, new, prefix=zaaktype.ref.partition(":")[0])
    Zaakkenmerk.objects.bulk_create(
        Zaakkenmerk(zaak=zaak, kenmerk=kenmerk, bron=bron) for kenmerk, bron in new.kenmerken
    )
    tell(zaak, "create", "zaak", zaak.uuid, by=by, after=plain(zaak))
    _add_details(zaak, new, zaaktype, by=by)
    rows = [rol_row(zaak, rol, zaaktype.roltypen) for rol in rollen]
    check_single_roles(rows)
    for row in Rol.objects.bulk_create(rows):
        tell(zaak, "create", "rol", row.uuid, by=by, after=plain(row))
    keep_record(zaak)
    ZAAK_CREATED.announce(
        ZaakCreated(
            zaak_id=zaak.pk, zaak_uuid=zaak.uuid, identificatie=zaak.identificatie, zaaktype_id=zaaktype.id,
            zaaktype_ref=zaaktype.ref, by=by,
        )
    )  # fmt: skip
    return zaak_by_id(zaak.pk)


def _after(start: date, duration: str | None) -> date | None:
    return start + period(duration) if duration else None


def _row(new: NewZaak, zaaktype: catalogi.ZaaktypeRecord) -> Zaak:
    start = new.startdatum or today()
    box = bounding_box(new.zaakgeometrie) or (None, None, None, None)
    _check_hoofdzaak(new.hoofdzaak_id)
    return Zaak(
        bronorganisatie=new.bronorganisatie or settings.TOWN_RSIN,
        verantwoordelijke_organisatie=new.verantwoordelijke_organisatie or settings.TOWN_RSIN,
        omschrijving=new.omschrijving,
        toelichting=new.toelichting,
        zaaktype_id=zaaktype.id,
        zaaktype_ref=zaaktype.ref,
        registratiedatum=new.registratiedatum or today(),
        startdatum=start,
        einddatum_gepland=new.einddatum_gepland or _after(start, zaaktype.servicenorm),
        uiterlijke_einddatum_afdoening=new.uiterlijke_einddatum_afdoening or _after(start, zaaktype.doorlooptijd),
        communicatiekanaal=new.communicatiekanaal,
        vertrouwelijkheidaanduiding=new.vertrouwelijkheidaanduiding or zaaktype.vertrouwelijkheidaanduiding,
        zaakgeometrie=new.zaakgeometrie,
        bbox_min_x=box[0],
        bbox_min_y=box[1],
        bbox_max_x=box[2],
        bbox_max_y=box[3],
        hoofdzaak_id=new.hoofdzaak_id,
    )


def _check_hoofdzaak(hoofdzaak_id: int | None) -> None:
    if hoofdzaak_id is None:
        return
    found = Zaak.objects.filter(pk=hoofdzaak_id).values_list("hoofdzaak_id", flat=True)
    if not found:
        raise ZaakNotFound(str(hoofdzaak_id))
    if found[0] is not None:
        raise HoofdzaakIsDeelzaak


def _insert(zaak: Zaak, new: NewZaak, *, prefix: str) -> None:
    """Save the row under the number that was sent or the next free one."""
    for _attempt in range(1 if new.identificatie else TRIES):
        zaak.identificatie = new.identificatie or next_number(prefix)
        try:
            with transaction.atomic():
                insert(zaak)
        except IntegrityError as error:
            if "zaak_identificatie_once" not in str(error):
                raise
        else:
            return
    raise IdentificatieTaken


def _add_details(zaak: Zaak, new: NewZaak, zaaktype: catalogi.ZaaktypeRecord, *, by: Actor) -> None:
    known = {eigenschap.naam: eigenschap.id for eigenschap in zaaktype.eigenschappen}
    if set(new.eigenschappen) - set(known):
        raise ZaaktypeMismatch
    made = Zaakeigenschap.objects.bulk_create(
        Zaakeigenschap(zaak=zaak, eigenschap_id=known[naam], naam=naam, waarde=waarde)
        for naam, waarde in new.eigenschappen.items()
    )
    for row in made:
        tell(zaak, "create", "zaakeigenschap", row.uuid, by=by, after=plain(row))


@transaction.atomic
def reserve_numbers(bronorganisatie: str, *, aantal: int = 1, by: Actor) -> list[str]:
    """Give out numbers that will be used later: only whoever sends one gets it. Source: BEHAVIOUR 8.2, zaaknummer_reserveren."""
    numbers: list[str] = []
    while len(numbers) < aantal:
        number = next_number("zaak")
        if not Zaak.objects.filter(bronorganisatie=bronorganisatie, identificatie=number).exists():
            numbers.append(number)
    rows: list[Any] = [
        Reservering(bronorganisatie=bronorganisatie, identificatie=number, reserved_by=by.key) for number in numbers
    ]
    Reservering.objects.bulk_create(rows)
    return numbers
