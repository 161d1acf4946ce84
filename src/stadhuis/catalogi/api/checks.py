"""Decisions about types that are sent to the API: values in, faults out. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from stadhuis.kit.api.errors import Fault

Values = Mapping[str, Any]


def period_faults(values: Values) -> list[Fault]:
    """Return why the period of a version cannot be: the last day lies before the first."""
    begin, end = values["begin_geldigheid"], values["einde_geldigheid"]
    if end is not None and begin is not None and end < begin:
        return [Fault("eindeGeldigheid", "einde-voor-begin", "De einddatum ligt voor de begindatum.")]
    return []


def zaaktype_faults(values: Values) -> list[Fault]:
    """Return what is wrong with a zaaktype as it would become. Source: BEHAVIOUR 9.4."""
    faults = period_faults(values)
    if values["verlenging_mogelijk"] and not values["verlengingstermijn"]:
        faults.append(
            Fault("verlengingstermijn", "verlenging-mismatch", "Een zaak die verlengd mag worden heeft een termijn.")
        )
    return faults


def published_faults(
    given: Collection[str], values: Values, stored: Values, *, forced: bool, fixed: Collection[tuple[str, str]]
) -> list[Fault]:
    """Return why a published version cannot be changed like this. Source: ztc-009.

    Without the forced scope only its last day may change. With it (a correctie) what others refer to stays as it is:
    ``fixed`` names those fields and their keys.
    """
    if set(given) <= {"einde_geldigheid"}:
        return []
    if not forced:
        return [
            Fault(
                "nonFieldErrors",
                "non-concept-object",
                "Van een gepubliceerde versie verandert alleen eindeGeldigheid (ztc-009).",
            )
        ]
    return [
        Fault(key, "wijzigen-niet-toegelaten", "Dit ligt vast zodra de versie gepubliceerd is (ztc-009).")
        for name, key in fixed
        if name in given and values[name] != stored[name]
    ]


def eigenschap_faults(specificatie: Any) -> list[Fault]:
    """Return what is wrong with the length of a date. Source: ztc-015."""
    wanted = {"datum": "8", "datum_tijd": "14"}.get(specificatie.formaat)
    if wanted and specificatie.lengte != wanted:
        return [Fault("specificatie.lengte", "invalid", f"Een {specificatie.formaat} heeft lengte {wanted} (ztc-015).")]
    return []


_NEEDS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("datumkenmerk", "datumkenmerk", lambda way: way in {"eigenschap", "zaakobject", "ander_datumkenmerk"}),
    ("objecttype", "objecttype", lambda way: way in {"zaakobject", "ander_datumkenmerk"}),
    ("registratie", "registratie", lambda way: way == "ander_datumkenmerk"),
    ("procestermijn", "procestermijn", lambda way: way == "termijn"),
)


def brondatum_faults(brondatum: Any, procestermijn: str) -> list[Fault]:
    """Return what is wrong with how the start of the retention period is found. Source: ztc-003 to ztc-008.

    ``procestermijn`` is what the selectielijst says of the result; empty allows every way.
    """
    if brondatum is None:
        return []
    way, faults = brondatum.afleidingswijze, []
    demanded = {"nihil": "afgehandeld", "ingeschatte_bestaansduur_procesobject": "termijn"}.get(procestermijn)
    if demanded and way != demanded:
        faults.append(
            Fault(
                "nonFieldErrors",
                "invalid-afleidingswijze-for-procestermijn",
                f"Bij deze selectielijstklasse hoort de afleidingswijze {demanded} (ztc-003).",
            )
        )
    for name, key, is_needed in _NEEDS:
        value = getattr(brondatum, name)
        if is_needed(way) and not value:
            faults.append(Fault(f"brondatumArchiefprocedure.{key}", "required", "Dit veld is hierbij vereist."))
        elif not is_needed(way) and value:
            faults.append(Fault(f"brondatumArchiefprocedure.{key}", "must-be-empty", "Dit veld hoort hierbij leeg."))
    if brondatum.einddatum_bekend and way in {"afgehandeld", "termijn"}:
        faults.append(
            Fault(
                "brondatumArchiefprocedure.einddatumBekend", "must-be-empty", "Dit veld hoort hierbij leeg (ztc-005)."
            )
        )
    return faults


def derived_period_faults(values: Values, zaaktype_begin: date) -> list[Fault]:
    """Return a fault when a part is given another first day than its zaaktype. Source: BEHAVIOUR 9.3."""
    begin = values.get("begin_geldigheid")
    if begin is not None and begin != zaaktype_begin:
        return [Fault("beginGeldigheid", "invalid-begin-geldigheid", "De begindatum is die van het zaaktype.")]
    return []
