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
    rows: list[dict[str, Any]] = [
        {"key": _("Ingediend door"), "value": _("Iemand anders, als %(basis)s") % {"basis": _basis(giver)}}
    ]
    if giver.naam:
        rows.append({"key": _("Namens"), "value": giver.naam})
    return rows


def acted_for(dossier: zaken.Dossier) -> list[list[str]]:
    """Return who asked for a zaak, for whom and on what basis, by name, as rows for the PDF; none when nobody acted.

    The name of who acted stands in their own rol; a zaaktype without a rol for them, or a means of log-in that gives no
    name, leaves the basis alone.
    """
    giver = next((rol for rol in dossier.rollen if rol.indicatie_machtiging == "machtiginggever"), None)
    if giver is None:
        return []
    actor = next((rol for rol in dossier.rollen if rol.indicatie_machtiging == "gemachtigde"), None)
    basis = _basis(giver)
    return [
        [_("Ingediend door"), (actor.naam if actor else "") or _("Iemand anders")],
        [_("Namens"), giver.naam or "–"],
        [_("Op grond van"), basis[:1].upper() + basis[1:]],
    ]


def _basis(giver: zaken.RolRecord) -> str:
    mandate = giver.authenticatie_context.get("mandate")
    return people.basis_name(str(mandate.get("basis", "")) if isinstance(mandate, dict) else "")
