"""Taking over zaken from another register, with everything that hangs on them.

Nothing is checked that only holds for what is new (a closed zaak does not change, no date in the future ...); what the tables
forbid stays forbidden. No fact is announced: nobody gets a work item, a letter or a message for what happened elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from stadhuis.audit import public as audit
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten import public as documenten
from stadhuis.kit.api.foreign import is_hollow, read
from stadhuis.kit.api.links import own_path, uuid_in
from stadhuis.kit.api.placed import NotHere, Occupied, Placed
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import Shape
from stadhuis.kit.database import move_beyond
from stadhuis.people.public import Actor
from stadhuis.records import public as records
from stadhuis.zaken import shapes
from stadhuis.zaken.actions.common import FOUND_BY, keep_record
from stadhuis.zaken.actions.parts import rol_row
from stadhuis.zaken.actions.pieces import without_bsn
from stadhuis.zaken.api.checks import columns_of
from stadhuis.zaken.models import (
    Klantcontact,
    RelevanteZaak,
    Resultaat,
    Rol,
    Status,
    Zaak,
    Zaakbesluit,
    Zaakcontactmoment,
    Zaakeigenschap,
    Zaakinformatieobject,
    Zaakkenmerk,
    Zaaknotitie,
    Zaakobject,
    Zaakverzoek,
)
from stadhuis.zaken.records import NewRol
from stadhuis.zaken.resource import (
    BESLUITEN,
    CATALOGI,
    DOCUMENTEN,
    KLANTCONTACT,
    RESULTAAT,
    ROL,
    STATUS,
    ZAAK,
    ZAAKBESLUIT,
    ZAAKCONTACTMOMENT,
    ZAAKEIGENSCHAP,
    ZAAKINFORMATIEOBJECT,
    ZAAKNOTITIE,
    ZAAKOBJECT,
    ZAAKVERZOEK,
)

Body = Mapping[str, Any]
Values = dict[str, Any]


# -- The zaak itself ---------------------------------------------------------------------------------------------------
@transaction.atomic
def take_over(kind: str, body: Body, *, uuid: UUID, by: Actor, origin: str) -> Placed:
    """Place or renew a zaak or something that hangs on one; addresses in ``body`` are ours already.

    ``kind`` is "zaak" or one of ``KINDS``. Raises ``Invalid`` for a body that cannot be read, ``NotHere`` while what it
    refers to is not here, and ``Occupied`` when another zaak of ours has that number. A zaak is placed without the
    relations to zaken that are not here (yet); ``Placed.waits_for`` names them.
    """
    if kind == "zaak":
        return _zaak(body, uuid, by, origin)
    return _part(_PARTS[kind], body, uuid, by, origin)


def _zaak(body: Body, uuid: UUID, by: Actor, origin: str) -> Placed:
    values = read(shapes.ZaakBody, body, also=("einddatum",))
    zaaktype = catalogi.ref_of(values.pop("zaaktype"))
    if zaaktype is None:
        raise NotHere("zaaktype")
    row = Zaak.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    before = ZAAK.kept(uuid) if row is not None else None
    if row is None:
        named = {"identificatie": values["identificatie"], "bronorganisatie": values["bronorganisatie"]}
        if Zaak.objects.filter(**named).exists():
            raise Occupied("another zaak of ours has this identificatie (zrc-002)")
        row = Zaak(uuid=uuid)
        move_beyond("zaken_nummer", values["identificatie"], r"[A-Z]+-\d{4}-(\d{7})")
    waits = []
    values["registratiedatum"] = values["registratiedatum"] or values["startdatum"]
    columns = columns_of(values)
    for name, value in columns.items():
        setattr(row, name, value)
    row.zaaktype_id, row.zaaktype_ref = zaaktype.id, zaaktype.ref
    row.hoofdzaak_id = _zaak_id(values["hoofdzaak"])
    if values["hoofdzaak"] and row.hoofdzaak_id is None:
        waits.append("hoofdzaak")
    row.save()
    _lists(row, values, waits)
    keep_record(row)
    after = ZAAK.kept(uuid)
    if after != before:
        audit.taken_over(
            ZAAK, uuid, main_uuid=uuid, before=before, after=after, by=by, origin=origin, weergave=row.identificatie
        )
    return Placed(uuid, tuple(waits))


def _lists(row: Zaak, values: Values, waits: list[str]) -> None:
    Zaakkenmerk.objects.filter(zaak=row).delete()
    Zaakkenmerk.objects.bulk_create(
        Zaakkenmerk(zaak=row, kenmerk=one.kenmerk, bron=one.bron) for one in values["kenmerken"]
    )
    RelevanteZaak.objects.filter(zaak=row).delete()
    for one in values["relevante_andere_zaken"]:
        ours = _zaak_id(one.url)
        if ours is None and own_path(one.url) is not None:
            waits.append("relevanteAndereZaken")
            continue
        RelevanteZaak.objects.create(
            zaak=row, andere_zaak_id=ours, url="" if ours else one.url, aard_relatie=one.aard_relatie
        )


def _id(table: str, uuid: UUID | None) -> int | None:
    if uuid is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE uuid = %s", [uuid])
        row = cursor.fetchone()
    return row[0] if row else None


def _zaak_id(url: str | None) -> int | None:
    return _id("zaken_zaak", ZAAK.uuid_of(url)) if url else None


@transaction.atomic
def mirror_besluit(zaak_id: int, besluit_uuid: UUID) -> None:
    """Note that a besluit of ours that was taken over was taken in this zaak; once, and nobody is told. Source: brc-006."""
    Zaakbesluit.objects.get_or_create(zaak_id=zaak_id, besluit_uuid=besluit_uuid)


# -- What hangs on a zaak ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Part:
    """How a part is read, where it is stored, and which columns its values become.

    ``same`` finds the row that stands where this one comes: what may be there once only takes the place of the one that
    went there. ``after`` is done when the row is saved.
    """

    resource: Resource
    model: Any
    shape: type[Shape]
    columns: Callable[[Values, Zaak], Values]
    also: tuple[str, ...] = ()
    zaak: str = "zaak"
    same: Callable[[Zaak, Values], dict[str, Any] | None] = lambda zaak, columns: None
    after: Callable[[Zaak, Any], None] = lambda zaak, row: None


def _part(part: _Part, body: Body, uuid: UUID, by: Actor, origin: str) -> Placed:
    values = read(part.shape, body, also=part.also)
    # Below the address of a zaak the body does not say which zaak it is of: whoever reads it adds that.
    where = values.pop(part.zaak) if part.zaak in values else body.get("zaak")
    zaak_uuid = ZAAK.uuid_of(where or "")
    zaak = Zaak.objects.select_for_update(of=("self",)).filter(uuid=zaak_uuid).first() if zaak_uuid else None
    if zaak is None:
        raise NotHere("zaak")
    row = part.model._default_manager.select_for_update(of=("self",)).filter(uuid=uuid).first()
    columns = part.columns(values, zaak)
    if row is None and (there := part.same(zaak, columns)) is not None:
        row = part.model._default_manager.select_for_update(of=("self",)).filter(zaak=zaak, **there).first()
    before = part.resource.kept(row.uuid) if row is not None else None
    row = row if row is not None else part.model()
    for name, value in {**columns, "uuid": uuid, "zaak": zaak}.items():
        setattr(row, name, value)
    row.save()
    part.after(zaak, row)
    after = part.resource.kept(uuid)
    if after != before:
        audit.taken_over(
            part.resource, uuid, main_uuid=zaak.uuid, before=before, after=after, by=by, origin=origin,
            weergave=zaak.identificatie,
        )  # fmt: skip
    if part.resource.name in FOUND_BY:
        records.keep_later("zaak", zaak.uuid)
    return Placed(uuid)


def _needed(url: str, root: str, path: str, table: str, key: str) -> int:
    found = _id(table, uuid_in(url, root, path))
    if found is None:
        raise NotHere(key)
    return found


def _status(values: Values, zaak: Zaak) -> Values:
    setter = values["gezetdoor"]
    return {
        "statustype_id": _needed(values["statustype"], CATALOGI, "statustypen", "catalogi_statustype", "statustype"),
        "datum_status_gezet": values["datum_status_gezet"],
        "statustoelichting": values["statustoelichting"],
        "gezetdoor_id": _needed(setter, ROL.root, ROL.path, "zaken_rol", "gezetdoor") if setter else None,
    }


def _set_newest_status(zaak: Zaak, row: Status) -> None:
    newest = Status.objects.filter(zaak=zaak).order_by("-datum_status_gezet").values_list("pk", flat=True).first()
    if zaak.status_id != newest:
        Zaak.objects.filter(pk=zaak.pk).update(status_id=newest)


def _resultaat(values: Values, zaak: Zaak) -> Values:
    return {
        "resultaattype_id": _needed(
            values["resultaattype"], CATALOGI, "resultaattypen", "catalogi_resultaattype", "resultaattype"
        ),
        "toelichting": values["toelichting"],
    }


def _rol(values: Values, zaak: Zaak) -> Values:
    roltype_id = _needed(values["roltype"], CATALOGI, "roltypen", "catalogi_roltype", "roltype")
    identified = values["betrokkene_identificatie"]
    body = identified.as_json() if isinstance(identified, Shape) else {}
    contact = values["contactpersoon_rol"]
    new = NewRol(
        betrokkene_type=values["betrokkene_type"],
        roltype_id=roltype_id,
        betrokkene=values["betrokkene"],
        identificatie=body,
        indicatie_machtiging=values["indicatie_machtiging"],
        afwijkende_naam=values["afwijkende_naam_betrokkene"],
        contactpersoon_naam=contact.naam if contact else "",
        contactpersoon_functie=contact.functie if contact else "",
        contactpersoon_emailadres=contact.emailadres if contact else "",
        contactpersoon_telefoonnummer=contact.telefoonnummer if contact else "",
    )
    made = rol_row(zaak, new, catalogi.zaaktype_by_id(zaak.zaaktype_id).roltypen)
    columns = {
        field.attname: getattr(made, field.attname)
        for field in Rol._meta.concrete_fields
        if field.name not in ("id", "uuid", "zaak", "authenticatie_context")
    }
    # A name that sorts this person among others is all that is made of it; the rest stays as it was there.
    columns["roltoelichting"] = values["roltoelichting"]
    columns["registratiedatum"] = values["registratiedatum"] or made.registratiedatum
    if is_hollow(body):
        columns["betrokkene_identificatie"] = body or None
    return columns


def _zaakobject(values: Values, zaak: Zaak) -> Values:
    identified = values["object_identificatie"]
    body = identified.as_json() if isinstance(identified, Shape) else {}
    person_id, kept = without_bsn(values["object_type"], body)
    definition = values["object_type_overige_definitie"]
    kind = values["zaakobjecttype"]
    return {
        "object": values["object"],
        "zaakobjecttype_id": _needed(
            kind, CATALOGI, "zaakobjecttypen", "catalogi_zaakobjecttype", "zaakobjecttype"
        ) if kind else None,
        "object_type": values["object_type"],
        "object_type_overige": values["object_type_overige"],
        "object_type_overige_definitie": definition.as_json() if definition is not None else None,
        "relatieomschrijving": values["relatieomschrijving"],
        "object_identificatie": kept or None,
        "person_id": person_id,
    }  # fmt: skip


def _document(values: Values, zaak: Zaak) -> Values:
    url, status = values["informatieobject"], values["status"]
    is_ours = own_path(url) is not None
    return {
        "document_id": _needed(
            url, DOCUMENTEN, "enkelvoudiginformatieobjecten", "documenten_document", "informatieobject"
        ) if is_ours else None,
        "informatieobject_url": "" if is_ours else url,
        "titel": values["titel"],
        "beschrijving": values["beschrijving"],
        "registratiedatum": values["registratiedatum"],
        "vernietigingsdatum": values["vernietigingsdatum"],
        "status_id": _needed(status, STATUS.root, STATUS.path, "zaken_status", "status") if status else None,
    }  # fmt: skip


def _mirror(zaak: Zaak, row: Zaakinformatieobject) -> None:
    if row.document_id is not None:
        documenten.mirror(row.document_id, object_type="zaak", object_uuid=zaak.uuid)


def _eigenschap(values: Values, zaak: Zaak) -> Values:
    eigenschap_id = _needed(values["eigenschap"], CATALOGI, "eigenschappen", "catalogi_eigenschap", "eigenschap")
    known = {one.id: one.naam for one in catalogi.zaaktype_by_id(zaak.zaaktype_id).eigenschappen}
    naam = known.get(eigenschap_id) or values["naam"] or ""
    return {"eigenschap_id": eigenschap_id, "naam": naam, "waarde": values["waarde"]}


def _besluit(values: Values, zaak: Zaak) -> Values:
    uuid = uuid_in(values["besluit"], BESLUITEN, "besluiten")
    return {"besluit_uuid": uuid, "besluit_url": "" if uuid else values["besluit"]}


def _plain(*names: str) -> Callable[[Values, Zaak], Values]:
    return lambda values, zaak: {name: values[name] for name in names}


def _same(*names: str) -> Callable[[Zaak, Values], dict[str, Any] | None]:
    return lambda zaak, columns: {name: columns[name] for name in names}


_PARTS: Final = {
    "rol": _Part(ROL, Rol, shapes.RolBody, _rol, also=("registratiedatum",)),
    "status": _Part(
        STATUS, Status, shapes.StatusBody, _status, same=_same("datum_status_gezet"), after=_set_newest_status
    ),
    "resultaat": _Part(RESULTAAT, Resultaat, shapes.ResultaatBody, _resultaat, same=_same()),
    "zaakobject": _Part(ZAAKOBJECT, Zaakobject, shapes.ObjectBody, _zaakobject),
    "zaakeigenschap": _Part(ZAAKEIGENSCHAP, Zaakeigenschap, shapes.EigenschapBody, _eigenschap, also=("naam",)),
    "zaakinformatieobject": _Part(
        ZAAKINFORMATIEOBJECT, Zaakinformatieobject, shapes.ZaakInformatieObjectBody, _document,
        also=("registratiedatum",), same=_same("document_id", "informatieobject_url"), after=_mirror,
    ),
    "klantcontact": _Part(
        KLANTCONTACT, Klantcontact, shapes.KlantContactBody,
        _plain("identificatie", "datumtijd", "kanaal", "onderwerp", "toelichting"),
    ),
    "zaakcontactmoment": _Part(
        ZAAKCONTACTMOMENT, Zaakcontactmoment, shapes.ZaakContactMomentBody, _plain("contactmoment"),
        same=_same("contactmoment"),
    ),
    "zaakverzoek": _Part(
        ZAAKVERZOEK, Zaakverzoek, shapes.ZaakVerzoekBody, _plain("verzoek"), same=_same("verzoek")
    ),
    "zaaknotitie": _Part(
        ZAAKNOTITIE, Zaaknotitie, shapes.ZaakNotitieBody,
        _plain("onderwerp", "tekst", "aangemaakt_door", "notitie_type", "status", "aanmaakdatum", "wijzigingsdatum"),
        also=("aanmaakdatum", "wijzigingsdatum"), zaak="gerelateerd_aan",
    ),
    "zaakbesluit": _Part(
        ZAAKBESLUIT, Zaakbesluit, shapes.ZaakBesluitBody, _besluit, same=_same("besluit_uuid", "besluit_url")
    ),
}  # fmt: skip
KINDS: Final = ("zaak", *_PARTS)
