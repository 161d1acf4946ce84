"""What people do with zaken: one function per deed, one transaction.

Whether someone may is asked beforehand, by the face or the room that calls: their actions differ (behandelen, besluiten,
verdelen, a scope of an application). What the register itself forbids, like changing a closed zaak, is checked here.
"""

from stadhuis.zaken.actions.common import zaak_for_change
from stadhuis.zaken.actions.create import create_zaak, reserve_numbers
from stadhuis.zaken.actions.delete import delete_zaak
from stadhuis.zaken.actions.parts import (
    add_note,
    add_rol,
    end_rol,
    extend,
    link_besluit,
    link_document,
    link_documents,
    resume,
    set_eigenschap,
    set_uiterlijke_einddatum,
    suspend,
    unlink_besluit,
    unlink_document,
    withdraw_extension,
)
from stadhuis.zaken.actions.relate import relate_zaak
from stadhuis.zaken.actions.status import add_status, reopen_zaak, set_resultaat

__all__ = [
    "add_note",
    "add_rol",
    "add_status",
    "create_zaak",
    "delete_zaak",
    "end_rol",
    "extend",
    "link_besluit",
    "link_document",
    "link_documents",
    "relate_zaak",
    "reopen_zaak",
    "reserve_numbers",
    "resume",
    "set_eigenschap",
    "set_resultaat",
    "set_uiterlijke_einddatum",
    "suspend",
    "unlink_besluit",
    "unlink_document",
    "withdraw_extension",
    "zaak_for_change",
]
