"""Looking up what a type that is sent refers to: ours in the database, others outside it and before the deed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models

from stadhuis.catalogi.errors import NotInList
from stadhuis.catalogi.models import Besluittype, Catalogus, Eigenschap, Informatieobjecttype, Statustype, Zaaktype
from stadhuis.catalogi.resource import ROOT
from stadhuis.catalogi.selectielijst.reads import entry, is_kept_here
from stadhuis.kit import outside
from stadhuis.kit.api.errors import Fault
from stadhuis.kit.api.links import own_path, uuid_in

_BAD_URL = "De URL is niet te bereiken of geeft geen status 200."
_INVALID = "De URL wijst niet naar de goede soort resource."
_OTHER_CATALOGUE = "Deze relatie leidt naar een andere catalogus."
Row = TypeVar("Row", bound=models.Model)

PROCESTYPE_KEYS = {"nummer", "naam", "jaar"}
RESULTAAT_KEYS = {"procesType", "nummer", "waardering"}
OMSCHRIJVING_KEYS = {"omschrijving", "definitie"}


def _row(model: type[Row], path: str, url: str, key: str, faults: list[Fault]) -> Row | None:
    uuid = uuid_in(url, ROOT, path)
    found: Row | None = model._default_manager.filter(uuid=uuid).first() if uuid else None
    if found is None:
        faults.append(Fault(key, "bad-url" if uuid else "invalid-resource", _BAD_URL if uuid else _INVALID))
    return found


def catalogus_at(url: str, faults: list[Fault]) -> Catalogus | None:
    """Return the catalogue an address names, or add what is wrong."""
    return _row(Catalogus, "catalogussen", url, "catalogus", faults)


def zaaktype_at(url: str, faults: list[Fault]) -> Zaaktype | None:
    """Return the zaaktype an address names, or add what is wrong."""
    return _row(Zaaktype, "zaaktypen", url, "zaaktype", faults)


def statustype_at(url: str | None, zaaktype_id: int, faults: list[Fault]) -> Statustype | None:
    """Return the statustype of this zaaktype that an address names, or add what is wrong."""
    if not url:
        return None
    found = _row(Statustype, "statustypen", url, "statustype", faults)
    if found is not None and found.zaaktype_id != zaaktype_id:
        faults.append(Fault("statustype", "invalid-statustype", "Dit statustype hoort bij een ander zaaktype."))
    return found


def eigenschappen_at(urls: Sequence[str | None], zaaktype_id: int, faults: list[Fault]) -> list[Eigenschap]:
    """Return the eigenschappen of this zaaktype that addresses name, or add what is wrong."""
    rows = []
    for index, url in enumerate(urls):
        if url is None:
            continue
        found = _row(Eigenschap, "eigenschappen", url, f"eigenschappen.{index}", faults)
        if found is not None and found.zaaktype_id != zaaktype_id:
            faults.append(
                Fault(f"eigenschappen.{index}", "invalid-eigenschap", "Deze eigenschap hoort bij een ander zaaktype.")
            )
        elif found is not None:
            rows.append(found)
    return rows


def _place(key: str, index: int) -> str:
    """Return the name of a fault: of one in a list, or of the field itself where it holds one thing."""
    return f"{key}.{index}" if key.endswith("en") else key


def _names(
    values: Sequence[str], model: Any, path: str, column: str, catalogus_id: int, key: str, faults: list[Fault]
) -> list[str]:
    names = []
    for index, value in enumerate(values):
        uuid = uuid_in(value, ROOT, path)
        if uuid is None:
            if value.startswith(("http://", "https://")):
                faults.append(Fault(_place(key, index), "invalid-resource", _INVALID))
            else:
                names.append(value)
            continue
        row = model._default_manager.filter(uuid=uuid).values_list(column, "catalogus_id").first()
        if row is None:
            faults.append(Fault(_place(key, index), "bad-url", _BAD_URL))
        elif row[1] != catalogus_id:
            faults.append(Fault(_place(key, index), "relations-incorrect-catalogus", _OTHER_CATALOGUE))
        else:
            names.append(row[0])
    return list(dict.fromkeys(names))


def besluittype_names(values: Sequence[str], catalogus_id: int, faults: list[Fault]) -> list[str]:
    """Return the names of besluittypen that were given by name or by address, each once."""
    return _names(values, Besluittype, "besluittypen", "omschrijving", catalogus_id, "besluittypen", faults)


def informatieobjecttype_names(
    values: Sequence[str], catalogus_id: int, faults: list[Fault], *, key: str = "informatieobjecttypen"
) -> list[str]:
    """Return the names of types of document that were given by name or by address, each once."""
    return _names(values, Informatieobjecttype, "informatieobjecttypen", "omschrijving", catalogus_id, key, faults)


def deelzaaktype_names(values: Sequence[str], catalogus_id: int, faults: list[Fault]) -> list[str]:
    """Return the identificaties of deelzaaktypen that were given by identificatie or by address, each once."""
    return _names(values, Zaaktype, "zaaktypen", "identificatie", catalogus_id, "deelzaaktypen", faults)


def related(values: Sequence[Any], catalogus_id: int, faults: list[Fault]) -> list[dict[str, str]]:
    """Return the rows of related zaaktypen: by identificatie in this catalogue, or by address elsewhere."""
    rows = []
    for index, one in enumerate(values):
        row = {
            "identificatie": "",
            "zaaktype_url": "",
            "aard_relatie": one.aard_relatie,
            "toelichting": one.toelichting,
        }
        uuid = uuid_in(one.zaaktype, ROOT, "zaaktypen")
        key = f"gerelateerdeZaaktypen.{index}.zaaktype"
        if uuid is not None:
            found = Zaaktype.objects.filter(uuid=uuid).values_list("identificatie", "catalogus_id").first()
            if found is None:
                faults.append(Fault(key, "bad-url", _BAD_URL))
                continue
            # Of another catalogue of ours the address is kept: an identificatie means nothing there.
            row["identificatie"], row["zaaktype_url"] = (
                (found[0], "") if found[1] == catalogus_id else ("", one.zaaktype)
            )
        elif one.zaaktype.startswith(("http://", "https://")):
            if len(one.zaaktype) > 200:
                faults.append(Fault(key, "max_length", "Zorg ervoor dat dit veld niet meer dan 200 karakters bevat."))
            row["zaaktype_url"] = one.zaaktype
        else:
            if len(one.zaaktype) > 50:
                faults.append(Fault(key, "max_length", "Zorg ervoor dat dit veld niet meer dan 50 karakters bevat."))
            row["identificatie"] = one.zaaktype
        rows.append(row)
    return rows


def _fetched(url: str) -> dict[str, Any]:
    return dict(outside.fetch_json(url)) if own_path(url) is None else {}


def list_at(url: str, key: str, wanted: set[str], faults: list[Fault]) -> dict[str, Any]:
    """Return what an address in the selectielijst or referentielijsten gives, or add what is wrong. Source: ztc-001, ztc-002.

    What we have a copy of is looked up there and never fetched; anything else is fetched outside the deed. The JSON must
    have the keys of the kind that is wanted.
    """
    if not url:
        return {}
    try:
        found = entry(url) if is_kept_here(url) else _fetched(url)
    except NotInList as error:
        faults.append(Fault(key, error.code, str(error)))
        return {}
    except outside.NotJson:
        found = {}
    except outside.OutsideError:
        faults.append(Fault(key, "bad-url", _BAD_URL))
        return {}
    if not wanted <= set(found):
        faults.append(Fault(key, "invalid-resource", _INVALID))
        return {}
    return dict(found)
