"""What goes in and out of documenten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class NewDocument:
    """A document to be registered; its bytes, if any, have arrived in ``kit.files`` as ``file``.

    ``ontvangstdatum`` makes it incoming, ``verzenddatum`` outgoing. ``indicatie_gebruiksrecht`` is False (no conditions)
    unless it is not known yet (None): an unknown one keeps the zaak from closing (zrc-007).
    """

    informatieobjecttype_id: int
    titel: str
    auteur: str
    bestandsnaam: str = ""
    formaat: str = ""
    file: UUID | None = None
    taal: str = "dut"
    beschrijving: str = ""
    vertrouwelijkheidaanduiding: str | None = None
    status: str = "definitief"
    ontvangstdatum: date | None = None
    verzenddatum: date | None = None
    creatiedatum: date | None = None
    tonen_aan_initiator: bool = False
    bronorganisatie: str | None = None
    identificatie: str = ""
    link: str = ""
    trefwoorden: tuple[str, ...] = ()
    indicatie_gebruiksrecht: bool | None = False


@dataclass(frozen=True)
class DocumentRecord:
    """A document as its newest version is. ``bestandsomvang`` is in bytes, ``sha256`` in hex."""

    id: int
    uuid: UUID
    url: str
    identificatie: str
    bronorganisatie: str
    titel: str
    auteur: str
    bestandsnaam: str
    formaat: str
    bestandsomvang: int | None
    sha256: str
    file: UUID | None
    versie: int
    begin_registratie: datetime
    creatiedatum: date
    ontvangstdatum: date | None
    verzenddatum: date | None
    status: str
    beschrijving: str
    informatieobjecttype_id: int
    informatieobjecttype: str
    informatieobjecttype_ref: str
    vertrouwelijkheidaanduiding: str
    vertrouwelijkheid_orde: int
    tonen_aan_initiator: bool
    indicatie_gebruiksrecht: bool | None
    is_locked: bool
