"""The steps of a zaak: statuses, its result, closing and reopening."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from stadhuis.catalogi import public as catalogi
from stadhuis.kit import database
from stadhuis.kit.rows import insert, update
from stadhuis.kit.time import local, now
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken.actions.common import change, keep_record, plain, tell, zaak_for_change
from stadhuis.zaken.errors import (
    DeelzakenOpen,
    DocumentLocked,
    GebruiksrechtUnset,
    HoofdzaakClosed,
    ResultaatMissing,
    StatusBeforeStart,
    StatusInFuture,
    StatusMomentTaken,
    ZaakIsClosed,
    ZaakIsOpen,
    ZaaktypeMismatch,
)
from stadhuis.zaken.facts import BESLUITEN_OF, STATUS_SET, ZAAK_CLOSED, ZAAK_REOPENED
from stadhuis.zaken.models import RelevanteZaak, Resultaat, Status, Zaak, Zaakinformatieobject
from stadhuis.zaken.records import StatusSet, ZaakClosed, ZaakReopened
from stadhuis.zaken.rules import ArchiveFacts, ArchiveRule, archive


@transaction.atomic
def add_status(
    zaak_id: int,
    statustype_id: int,
    *,
    toelichting: str = "",
    by: Actor,
    datum_status_gezet: datetime | None = None,
    gezetdoor_id: int | None = None,
    force: bool = False,
    reason: str = "",
) -> UUID:
    """Let a zaak reach a step; the last step of the zaaktype closes it. Returns the uuid of the status.

    ``reason`` goes to the trail; without one the toelichting does.

    Raises ``ZaaktypeMismatch``, ``ZaakIsClosed`` (unless ``force``; a closed zaak is reopened by ``reopen_zaak``),
    ``StatusInFuture``, ``StatusBeforeStart``, ``StatusMomentTaken``, and what closing refuses: ``ResultaatMissing``,
    ``GebruiksrechtUnset``, ``DocumentLocked``, ``DeelzakenOpen``, ``ArchiefactiedatumError``. Source: zrc-007, 016, 021.
    """
    zaak = zaak_for_change(zaak_id, force=force)
    statustype = _statustype(zaak, statustype_id)
    was_closed = zaak.is_closed
    if was_closed and not statustype.is_eindstatus:
        # A step back of a closed zaak is reopening, and that is a deed of its own.
        raise ZaakIsClosed
    return _add(zaak, statustype, datum_status_gezet, gezetdoor_id, toelichting, by=by, reason=reason or toelichting)


@transaction.atomic
def reopen_zaak(
    zaak_id: int,
    statustype_id: int,
    *,
    toelichting: str = "",
    by: Actor,
    datum_status_gezet: datetime | None = None,
    gezetdoor_id: int | None = None,
    reason: str = "",
) -> UUID:
    """Let a closed zaak run again from a step that is not the last. Returns the uuid of the status.

    Its end date and archive dates go; a deelzaak that waited on this end waits again. Raises ``ZaakIsOpen``,
    ``HoofdzaakClosed``, ``ZaaktypeMismatch``. Source: zrc-008.
    """
    zaak = zaak_for_change(zaak_id, force=True)
    if not zaak.is_closed:
        raise ZaakIsOpen
    statustype = _statustype(zaak, statustype_id)
    if statustype.is_eindstatus:
        raise ZaakIsClosed
    if zaak.hoofdzaak_id is not None and Zaak.objects.filter(pk=zaak.hoofdzaak_id, einddatum__isnull=False).exists():
        raise HoofdzaakClosed
    change(
        zaak, by=by, reason=reason or toelichting, einddatum=None, archiefactiedatum=None, archiefnominatie=None,
        startdatum_bewaartermijn=None,
    )  # fmt: skip
    uuid = _add(zaak, statustype, datum_status_gezet, gezetdoor_id, toelichting, by=by, reason=reason or toelichting)
    for deelzaak in _closed_deelzaken_that_wait(zaak):
        change(deelzaak, by=by, archiefactiedatum=None, startdatum_bewaartermijn=None)
    keep_record(zaak)
    ZAAK_REOPENED.announce(ZaakReopened(zaak_id=zaak.pk, zaak_uuid=zaak.uuid, by=by))
    return uuid


def _statustype(zaak: Zaak, statustype_id: int) -> catalogi.StatustypeRecord:
    """Return the step, if it is one of the zaak's zaaktype. Source: zrc-016."""
    for statustype in catalogi.zaaktype_by_id(zaak.zaaktype_id).statustypen:
        if statustype.id == statustype_id:
            return statustype
    raise ZaaktypeMismatch


def _add(
    zaak: Zaak,
    statustype: catalogi.StatustypeRecord,
    moment: datetime | None,
    gezetdoor_id: int | None,
    toelichting: str,
    *,
    by: Actor,
    reason: str,
) -> UUID:
    [(latest,)] = database.rows("SELECT max(datum_status_gezet) FROM zaken_status WHERE zaak_id = %s", [zaak.pk])
    gezet = moment or _next_moment(latest)
    # The date in the sender's own offset, not in UTC: 00:30+02:00 on 1 May is 1 May (zrc-007).
    day = gezet.date() if moment else local(gezet).date()
    if moment and moment > now():
        raise StatusInFuture
    if day < zaak.startdatum:
        raise StatusBeforeStart
    if gezetdoor_id is not None and not zaak.rollen.filter(pk=gezetdoor_id).exists():
        raise ZaaktypeMismatch
    status = Status(
        zaak=zaak, statustype_id=statustype.id, datum_status_gezet=gezet, statustoelichting=toelichting[:1000],
        gezetdoor_id=gezetdoor_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            insert(status)
    except IntegrityError as error:
        if "status_moment_once" in str(error):
            raise StatusMomentTaken from error
        raise
    if latest is None or gezet >= latest:
        update(zaak, status_id=status.pk)
    tell(zaak, "create", "status", status.uuid, by=by, after=plain(status), reason=reason)
    if statustype.is_eindstatus:
        _close(zaak, day, by=by)
    STATUS_SET.announce(
        StatusSet(
            zaak_id=zaak.pk, zaak_uuid=zaak.uuid, status_id=status.pk, statustype_id=statustype.id,
            omschrijving=statustype.omschrijving, informeren=statustype.informeren, by=by,
        )
    )  # fmt: skip
    if statustype.is_eindstatus:
        ZAAK_CLOSED.announce(ZaakClosed(zaak_id=zaak.pk, zaak_uuid=zaak.uuid, einddatum=day, by=by))
    return status.uuid


def _next_moment(latest: datetime | None) -> datetime:
    """Return now, or just after the latest status: two steps in one deed keep their order."""
    moment = now()
    return moment if latest is None or latest < moment else latest + timedelta(microseconds=1)


# -- Closing ----------------------------------------------------------------------------------------------------------
def _close(zaak: Zaak, day: date, *, by: Actor) -> None:
    """Give a zaak its end date and archive columns, or say why it cannot end. Source: zrc-007, zrc-021."""
    resultaat = Resultaat.objects.filter(zaak=zaak).first()
    if resultaat is None:
        raise ResultaatMissing
    documents = list(
        Zaakinformatieobject.objects.filter(zaak=zaak, document__isnull=False).values_list(
            "document__indicatie_gebruiksrecht", "document__lock"
        )
    )
    if any(indicatie is None for indicatie, _ in documents):
        raise GebruiksrechtUnset
    if any(lock for _, lock in documents):
        raise DocumentLocked
    if zaak.deelzaken.filter(einddatum__isnull=True).exists():
        raise DeelzakenOpen
    resultaattype = catalogi.resultaattype(resultaat.resultaattype_id)
    outcome = archive(archive_rule(resultaattype), _archive_facts(zaak, day, resultaattype))
    change(
        zaak, by=by, einddatum=day, archiefnominatie=outcome.archiefnominatie or None,
        archiefactiedatum=outcome.archiefactiedatum, startdatum_bewaartermijn=outcome.startdatum_bewaartermijn,
    )  # fmt: skip
    for deelzaak in _closed_deelzaken_that_wait(zaak):
        rule = archive_rule(catalogi.resultaattype(deelzaak.resultaat.resultaattype_id))
        facts = ArchiveFacts(
            einddatum=deelzaak.einddatum or day, archiefnominatie=deelzaak.archiefnominatie or "", hoofdzaak_einddatum=day,
            archiefactiedatum=deelzaak.archiefactiedatum,
        )  # fmt: skip
        late = archive(rule, facts)
        change(
            deelzaak,
            by=by,
            archiefactiedatum=late.archiefactiedatum,
            startdatum_bewaartermijn=late.startdatum_bewaartermijn,
        )
    records.learn_class(
        resultaattype.selectielijstklasse, naam=f"{zaak.zaaktype.omschrijving}: {resultaattype.omschrijving}",
        nominatie=resultaattype.archiefnominatie, termijn=resultaattype.archiefactietermijn or "",
    )  # fmt: skip
    keep_record(zaak)


def _closed_deelzaken_that_wait(zaak: Zaak) -> list[Zaak]:
    """Return the closed deelzaken whose archive date follows the end of this zaak, locked."""
    return list(
        Zaak.objects.select_for_update(of=("self",))
        .select_related("zaaktype", "resultaat")
        .filter(
            hoofdzaak=zaak,
            einddatum__isnull=False,
            resultaat__resultaattype__brondatum_afleidingswijze="hoofdzaak",
        )
        .order_by("pk")
    )


def archive_rule(resultaattype: catalogi.ResultaattypeRecord) -> ArchiveRule:
    """Return what a resultaattype prescribes for the archive."""
    return ArchiveRule(
        archiefnominatie=resultaattype.archiefnominatie,
        archiefactietermijn=resultaattype.archiefactietermijn,
        afleidingswijze=resultaattype.afleidingswijze,
        datumkenmerk=resultaattype.datumkenmerk,
        objecttype=resultaattype.objecttype,
        procestermijn=resultaattype.procestermijn,
        einddatum_bekend=resultaattype.einddatum_bekend,
    )


def _archive_facts(zaak: Zaak, day: date, resultaattype: catalogi.ResultaattypeRecord) -> ArchiveFacts:
    """Return what is known of a zaak, looking up only what the afleidingswijze asks for."""
    way = resultaattype.afleidingswijze
    besluiten = (
        [besluit for answer in BESLUITEN_OF.ask(zaak.pk) for besluit in answer] if way.endswith("_besluit") else []
    )
    return ArchiveFacts(
        einddatum=day,
        archiefnominatie=zaak.archiefnominatie or "",
        archiefactiedatum=zaak.archiefactiedatum,
        startdatum_bewaartermijn=zaak.startdatum_bewaartermijn,
        hoofdzaak_einddatum=zaak.hoofdzaak.einddatum if way == "hoofdzaak" and zaak.hoofdzaak else None,
        eigenschappen=dict(zaak.eigenschappen.values_list("naam", "waarde")) if way == "eigenschap" else {},
        zaakobjecten=[
            (object_type, body or {})
            for object_type, body in zaak.zaakobjecten.values_list("object_type", "object_identificatie")
        ]
        if way == "zaakobject"
        else [],
        einddatums_of_related=list(
            RelevanteZaak.objects.filter(zaak=zaak)
            .annotate(einde=F("andere_zaak__einddatum"))
            .values_list("einde", flat=True)
        )
        if way == "gerelateerde_zaak"
        else [],
        ingangsdatums_of_besluiten=[besluit.ingangsdatum for besluit in besluiten],
        vervaldatums_of_besluiten=[besluit.vervaldatum for besluit in besluiten],
    )


# -- The result -------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_resultaat(
    zaak_id: int, resultaattype_id: int, toelichting: str = "", *, by: Actor, force: bool = False
) -> UUID:
    """Give a zaak its result, or another one; returns its uuid. Raises ``ZaaktypeMismatch``, ``ZaakIsClosed``. Source: zrc-020."""
    zaak = zaak_for_change(zaak_id, force=force)
    if resultaattype_id not in {one.id for one in catalogi.zaaktype_by_id(zaak.zaaktype_id).resultaattypen}:
        raise ZaaktypeMismatch
    row = Resultaat.objects.filter(zaak=zaak).first()
    if row is None:
        row = Resultaat.objects.create(zaak=zaak, resultaattype_id=resultaattype_id, toelichting=toelichting[:1000])
        tell(zaak, "create", "resultaat", row.uuid, by=by, after=plain(row))
        return row.uuid
    before = plain(row)
    row.resultaattype_id, row.toelichting = resultaattype_id, toelichting[:1000]
    row.save()
    tell(zaak, "update", "resultaat", row.uuid, by=by, before=before, after=plain(row))
    return row.uuid
