"""What hangs on a zaak: rollen, documents, properties, notes, besluiten; and its term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.kit.durations import period
from stadhuis.kit.rows import insert
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken.actions.common import change, plain, tell, zaak_for_change
from stadhuis.zaken.errors import (
    ArchiefactiedatumError,
    DocumentAlreadyLinked,
    DocumentTypeMismatch,
    NotExtendable,
    NotSuspendable,
    RolTaken,
    ZaakNotFound,
    ZaaktypeMismatch,
)
from stadhuis.zaken.facts import DOCUMENT_LINKED
from stadhuis.zaken.models import (
    Rol,
    Zaak,
    Zaakbesluit,
    Zaakeigenschap,
    Zaakinformatieobject,
    Zaaknotitie,
)
from stadhuis.zaken.records import DocumentLinked, NewLink, NewRol
from stadhuis.zaken.rules import parse_day, search_words, shown_name

ONCE: Final = ("initiator", "zaakcoordinator")
"""Generic kinds of rol that a zaak has at most once. Source: BEHAVIOUR 8.2."""


# -- Rollen -----------------------------------------------------------------------------------------------------------
def rol_row(zaak: Zaak, new: NewRol, roltypen: Sequence[catalogi.RoltypeRecord]) -> Rol:
    """Return the row of a new rol, not saved. Raises ``ZaaktypeMismatch`` when the zaaktype has no such roltype."""
    for roltype in roltypen:
        if roltype.id == new.roltype_id or (
            new.roltype_id is None and roltype.omschrijving_generiek == new.omschrijving_generiek
        ):
            break
    else:
        raise ZaaktypeMismatch
    body = dict(new.identificatie) or _body_from_people(new)
    bsn = body.pop("inpBsn", "")
    person_id = new.person_id if new.person_id is not None or not bsn else people.person_for_bsn(bsn)
    naam = new.naam or new.afwijkende_naam or shown_name(new.betrokkene_type, body)
    known = _known_to_people(new, body)
    return Rol(
        zaak=zaak,
        roltype_id=roltype.id,
        omschrijving=roltype.omschrijving,
        omschrijving_generiek=roltype.omschrijving_generiek,
        betrokkene=new.betrokkene,
        betrokkene_type=new.betrokkene_type,
        afwijkende_naam_betrokkene=new.afwijkende_naam,
        roltoelichting=new.toelichting or roltype.omschrijving,
        registratiedatum=now(),
        indicatie_machtiging=new.indicatie_machtiging,
        contactpersoon_rol_naam=new.contactpersoon_naam,
        contactpersoon_rol_emailadres=new.contactpersoon_emailadres,
        contactpersoon_rol_functie=new.contactpersoon_functie,
        contactpersoon_rol_telefoonnummer=new.contactpersoon_telefoonnummer,
        betrokkene_identificatie=None if new.betrokkene and not body else body,
        authenticatie_context=dict(new.authenticatie_context),
        person_id=person_id,
        company_id=known.company_id,
        medewerker_id=known.medewerker_id,
        unit_id=known.unit_id,
        naam=naam[:700],
        naam_zoek=" ".join(search_words(naam))[:1000],
        geboortedatum=new.geboortedatum or _birth_date(body),
    )


@dataclass(frozen=True)
class _Known:
    company_id: int | None
    medewerker_id: int | None
    unit_id: int | None


def _known_to_people(new: NewRol, body: Mapping[str, Any]) -> _Known:
    """Return which company, medewerker or unit a body identifies, so that whoever it is finds the zaak."""
    company_id, medewerker_id, unit_id = new.company_id, new.medewerker_id, new.unit_id
    key = str(body.get("identificatie") or "")
    if new.betrokkene_type == "vestiging" and company_id is None and people.is_kvk(str(body.get("kvkNummer") or "")):
        company_id = people.company_for_kvk(str(body["kvkNummer"]))
    elif new.betrokkene_type == "medewerker" and medewerker_id is None and key:
        found = people.medewerker_by_username(key)
        medewerker_id = found.id if found else None
    elif new.betrokkene_type == "organisatorische_eenheid" and unit_id is None and key:
        unit = people.unit_by_code(key)
        unit_id = unit.id if unit else None
    return _Known(company_id, medewerker_id, unit_id)


def _body_from_people(new: NewRol) -> dict[str, Any]:
    """Return the body of the standard for whoever people knows; a natural person's is filled in by the caller."""
    if new.company_id is not None:
        company = people.company(new.company_id)
        if new.betrokkene_type == "vestiging":
            return {"handelsnaam": [company.naam] if company.naam else [], "kvkNummer": company.kvk_nummer}
        return {"innNnpId": company.rsin or "", "statutaireNaam": company.naam}
    if new.medewerker_id is not None:
        medewerker = people.medewerker(new.medewerker_id)
        return {"identificatie": medewerker.username, "achternaam": medewerker.naam}
    return {}


def _birth_date(body: dict[str, Any]) -> date | None:
    """Return the birth date when it is a whole day; the standard's text may also be a year, or unknown."""
    try:
        return parse_day(str(body.get("geboortedatum") or ""))
    except ArchiefactiedatumError:
        return None


def check_single_roles(rows: Iterable[Rol], taken: Iterable[str] = ()) -> None:
    """Refuse a second initiator or zaakcoordinator. Source: BEHAVIOUR 8.2."""
    seen = list(taken)
    for row in rows:
        if row.omschrijving_generiek in ONCE:
            if row.omschrijving_generiek in seen:
                raise RolTaken
            seen.append(row.omschrijving_generiek)


@transaction.atomic
def add_rol(zaak_id: int, new: NewRol, *, by: Actor, force: bool = False, reason: str = "") -> int:
    """Put someone in a zaak; returns the id of the rol. Raises ``ZaaktypeMismatch``, ``RolTaken``, ``ZaakIsClosed``."""
    zaak = zaak_for_change(zaak_id, force=force)
    row = rol_row(zaak, new, catalogi.zaaktype_by_id(zaak.zaaktype_id).roltypen)
    if row.omschrijving_generiek in ONCE:
        check_single_roles([row], zaak.rollen.values_list("omschrijving_generiek", flat=True))
    insert(row)
    tell(zaak, "create", "rol", row.uuid, by=by, after=plain(row), reason=reason)
    return row.pk


@transaction.atomic
def end_rol(rol_id: int, *, by: Actor, reason: str = "", force: bool = False) -> None:
    """Take someone out of a zaak; the trail keeps who it was (the standard knows no ended rol). Raises ``ZaakNotFound``."""
    zaak_id = Rol.objects.filter(pk=rol_id).values_list("zaak_id", flat=True).first()
    if zaak_id is None:
        raise ZaakNotFound(f"rol {rol_id}")
    zaak = zaak_for_change(zaak_id, force=force)
    row = Rol.objects.filter(pk=rol_id).first()
    if row is None:
        raise ZaakNotFound(f"rol {rol_id}")
    tell(zaak, "destroy", "rol", row.uuid, by=by, before=plain(row), reason=reason)
    row.delete()


# -- Documents --------------------------------------------------------------------------------------------------------
_DOCUMENTS = """SELECT d.id, d.uuid, EXISTS (SELECT 1 FROM catalogi_zaaktypeinformatieobjecttype k
                        JOIN catalogi_zaaktype t ON t.id = k.zaaktype_id
                       WHERE k.zaaktype_id = %s AND k.informatieobjecttype = i.omschrijving
                         AND t.catalogus_id = i.catalogus_id)
                 FROM documenten_document d
                 JOIN catalogi_informatieobjecttype i ON i.id = d.informatieobjecttype_id WHERE d.id = ANY(%s)"""


def link_document(
    zaak_id: int,
    document_id: int,
    *,
    titel: str = "",
    beschrijving: str = "",
    vernietigingsdatum: datetime | None = None,
    status_id: int | None = None,
    by: Actor,
    force: bool = False,
    reason: str = "",
) -> UUID:
    """Add one document to a zaak; see ``link_documents``."""
    link = NewLink(document_id, titel, beschrijving, vernietigingsdatum, status_id)
    return link_documents(zaak_id, [link], by=by, force=force, reason=reason)[0]


@transaction.atomic
def link_documents(
    zaak_id: int, links: Sequence[NewLink], *, by: Actor, force: bool = False, reason: str = ""
) -> list[UUID]:
    """Add documents to a zaak, all or none; returns the uuids of the zaakinformatieobjecten, in the same order.

    The relation is mirrored in documenten. Raises ``DocumentTypeMismatch``, ``DocumentAlreadyLinked``, ``ZaakIsClosed``
    and ``documenten.DocumentNotFound``. Source: zrc-003, 004, 005, 017.
    """
    zaak = zaak_for_change(zaak_id, force=force)
    ids = [one.document_id for one in links]
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [zaak.zaaktype_id, ids])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    for document_id in ids:
        if document_id not in found:
            raise documenten.DocumentNotFound(str(document_id))
        if not found[document_id][1]:
            raise DocumentTypeMismatch
    rows = [
        Zaakinformatieobject(
            zaak=zaak,
            document_id=one.document_id,
            titel=one.titel[:200],
            beschrijving=one.beschrijving,
            registratiedatum=now(),
            vernietigingsdatum=one.vernietigingsdatum,
            status_id=one.status_id,
        )
        for one in links
    ]
    try:
        with transaction.atomic():
            Zaakinformatieobject.objects.bulk_create(rows)
    except IntegrityError as error:
        raise DocumentAlreadyLinked from error
    documenten.mirror_all(ids, object_type="zaak", object_uuid=zaak.uuid)
    for one, row in zip(links, rows, strict=True):
        tell(zaak, "create", "zaakinformatieobject", row.uuid, by=by, after=plain(row), reason=reason)
        DOCUMENT_LINKED.announce(
            DocumentLinked(
                zaak_id=zaak.pk, zaak_uuid=zaak.uuid, document_id=one.document_id,
                document_uuid=found[one.document_id][0], by=by,
            )
        )  # fmt: skip
    return [row.uuid for row in rows]


@transaction.atomic
def unlink_document(zaak_id: int, document_id: int, *, by: Actor, force: bool = False, reason: str = "") -> None:
    """Take a document off a zaak, with its mirror; the document itself stays. Source: zrc-005."""
    zaak = zaak_for_change(zaak_id, force=force)
    row = Zaakinformatieobject.objects.filter(zaak=zaak, document_id=document_id).first()
    if row is None:
        raise documenten.DocumentNotFound(str(document_id))
    documenten.unmirror(document_id, object_uuid=zaak.uuid)
    tell(zaak, "destroy", "zaakinformatieobject", row.uuid, by=by, before=plain(row), reason=reason)
    row.delete()


# -- Properties and notes ---------------------------------------------------------------------------------------------
@transaction.atomic
def set_eigenschap(zaak_id: int, naam: str, waarde: str, *, by: Actor, force: bool = False) -> None:
    """Give a property of a zaak a value. Raises ``ZaaktypeMismatch``, ``ZaakIsClosed``. Source: zrc-018."""
    zaak = zaak_for_change(zaak_id, force=force)
    row = Zaakeigenschap.objects.filter(zaak=zaak, naam=naam).order_by("pk").first()
    if row is not None:
        before, row.waarde = plain(row), waarde
        row.save(update_fields=["waarde"])
        tell(zaak, "update", "zaakeigenschap", row.uuid, by=by, before=before, after=plain(row))
        return
    for eigenschap in catalogi.zaaktype_by_id(zaak.zaaktype_id).eigenschappen:
        if eigenschap.naam == naam:
            row = Zaakeigenschap.objects.create(zaak=zaak, eigenschap_id=eigenschap.id, naam=naam, waarde=waarde)
            tell(zaak, "create", "zaakeigenschap", row.uuid, by=by, after=plain(row))
            return
    raise ZaaktypeMismatch


@transaction.atomic
def add_note(zaak_id: int, tekst: str, *, by: Actor, onderwerp: str = "", extern: bool = False) -> UUID:
    """Write a note in a zaak, also a closed one; ``extern`` shows it to the initiator. Returns its uuid."""
    zaak = zaak_for_change(zaak_id, force=True)
    first_line = next((line.strip() for line in tekst.splitlines() if line.strip()), "")
    row = Zaaknotitie.objects.create(
        zaak=zaak,
        onderwerp=(onderwerp or first_line or "Notitie")[:255],
        tekst=tekst,
        aangemaakt_door=(by.user_label or by.label)[:255],
        notitie_type="extern" if extern else "intern",
        aanmaakdatum=now(),
        wijzigingsdatum=now(),
    )
    tell(zaak, "create", "zaaknotitie", row.uuid, by=by, after=plain(row))
    return row.uuid


# -- The term ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def suspend(zaak_id: int, *, reden: str, by: Actor) -> None:
    """Let the handling of a zaak stand still. Raises ``NotSuspendable``, ``ZaakIsClosed``. Source: ZGW, opschorting."""
    zaak = zaak_for_change(zaak_id)
    if not zaak.zaaktype.opschorting_en_aanhouding_mogelijk:
        raise NotSuspendable
    change(zaak, by=by, reason=reden, opschorting_indicatie=True, opschorting_reden=reden[:200])


@transaction.atomic
def resume(zaak_id: int, *, by: Actor) -> None:
    """Let the handling run again. Raises ``ZaakIsClosed``."""
    change(zaak_for_change(zaak_id), by=by, opschorting_indicatie=False, opschorting_reden="")


@transaction.atomic
def extend(zaak_id: int, *, duur: str, reden: str, by: Actor) -> None:
    """Extend the term by an ISO 8601 duration and move the last day with it. Raises ``NotExtendable``, ``ZaakIsClosed``.

    The standard leaves ``uiterlijkeEinddatumAfdoening`` where it is; the application moves it. Source: BEHAVIOUR 16.
    """
    zaak = zaak_for_change(zaak_id)
    if not zaak.zaaktype.verlenging_mogelijk:
        raise NotExtendable
    last = zaak.uiterlijke_einddatum_afdoening
    change(
        zaak, by=by, reason=reden, verlenging_duur=duur, verlenging_reden=reden[:200],
        uiterlijke_einddatum_afdoening=last + period(duur) if last else None,
    )  # fmt: skip


@transaction.atomic
def withdraw_extension(zaak_id: int, *, by: Actor) -> None:
    """Take an extension back that was entered by mistake; the last day is set by whoever counts it. Raises ``ZaakIsClosed``."""
    change(zaak_for_change(zaak_id), by=by, verlenging_duur="", verlenging_reden="")


@transaction.atomic
def set_uiterlijke_einddatum(zaak_id: int, day: date, *, by: Actor) -> None:
    """Set the last day as the clock of the law computes it. Raises ``ZaakIsClosed``."""
    change(zaak_for_change(zaak_id), by=by, uiterlijke_einddatum_afdoening=day)


# -- Besluiten --------------------------------------------------------------------------------------------------------
@transaction.atomic
def link_besluit(zaak_id: int, besluit_uuid: UUID, *, by: Actor, force: bool = False) -> None:
    """Note that a besluit of ours was taken in a zaak (zaakbesluit). Twice is once. Source: brc-006."""
    zaak = zaak_for_change(zaak_id, force=force)
    row, is_new = Zaakbesluit.objects.get_or_create(zaak=zaak, besluit_uuid=besluit_uuid)
    if is_new:
        tell(zaak, "create", "zaakbesluit", row.uuid, by=by, after=plain(row))


@transaction.atomic
def unlink_besluit(zaak_id: int, besluit_uuid: UUID, *, by: Actor, force: bool = False) -> None:
    """Take such a note away again."""
    zaak = zaak_for_change(zaak_id, force=force)
    for row in Zaakbesluit.objects.filter(zaak=zaak, besluit_uuid=besluit_uuid):
        tell(zaak, "destroy", "zaakbesluit", row.uuid, by=by, before=plain(row))
        row.delete()
