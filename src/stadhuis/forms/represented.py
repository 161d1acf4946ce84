"""Who handed something in for someone else, and on what basis: as rows on a receipt or a page of a zaak."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from stadhuis.people import public as people
from stadhuis.zaken import public as zaken


def handed_in_by(dossier: zaken.Dossier) -> list[dict[str, Any]]:
    """Return rows that say that a gemachtigde asked for a zaak, for whom and on what basis; none when nobody did.

    Source: Awb 2:1 (everyone may be represented) and 2:15 (the acknowledgement says what came in, and from whom).
    """
    giver = next((rol for rol in dossier.rollen if rol.indicatie_machtiging == "machtiginggever"), None)
    if giver is None:
        return []
    mandate = giver.authenticatie_context.get("mandate")
    basis = str(mandate.get("basis", "")) if isinstance(mandate, dict) else ""
    rows: list[dict[str, Any]] = [
        {"key": _("Ingediend door"), "value": _("Iemand anders, als %(basis)s") % {"basis": people.basis_name(basis)}}
    ]
    if giver.naam:
        rows.append({"key": _("Namens"), "value": giver.naam})
    return rows
