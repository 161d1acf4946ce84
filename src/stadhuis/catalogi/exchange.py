"""A catalogue as a zip with one JSON file per kind of resource, as the field exchanges it: snake_case keys, whole addresses.

What is read is only ever looked at in memory: nothing in a zip becomes a path or a file.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from stadhuis.catalogi.actions.placing import Objects
from stadhuis.catalogi.errors import ExchangeInvalid, TypeNotFound
from stadhuis.catalogi.models import Catalogus
from stadhuis.catalogi.resource import (
    BESLUITTYPE,
    CATALOGUS,
    EIGENSCHAP,
    INFORMATIEOBJECTTYPE,
    RESULTAATTYPE,
    ROLTYPE,
    STATUSTYPE,
    ZAAKOBJECTTYPE,
    ZAAKTYPE,
    ZAAKTYPE_INFORMATIEOBJECTTYPE,
)
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.reader import Doubled, MalformedBody, read_json
from stadhuis.kit.api.resource import Resource
from stadhuis.kit.api.shapes import camel

FILES: Final[Mapping[str, Resource]] = {
    "Catalogus": CATALOGUS,
    "InformatieObjectType": INFORMATIEOBJECTTYPE,
    "BesluitType": BESLUITTYPE,
    "ZaakType": ZAAKTYPE,
    "StatusType": STATUSTYPE,
    "Eigenschap": EIGENSCHAP,
    "ResultaatType": RESULTAATTYPE,
    "RolType": ROLTYPE,
    "ZaakObjectType": ZAAKOBJECTTYPE,
    "ZaakTypeInformatieObjectType": ZAAKTYPE_INFORMATIEOBJECTTYPE,
}
"""Name of the file, without .json -> what it holds."""
LARGEST_ZIP: Final = 20 * 1024 * 1024
LARGEST_CONTENT: Final = 100 * 1024 * 1024
MOST_OBJECTS: Final = 50_000
_BY_NAME: Final = {f"{name}.json".lower(): resource for name, resource in FILES.items()}
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


# -- Out -----------------------------------------------------------------------------------------------------------------
def export_catalogus(uuid: UUID) -> bytes:
    """Return a catalogue with all versions of everything in it as a zip. A statement per kind. Raises ``TypeNotFound``."""
    catalogus_id = Catalogus.objects.filter(uuid=uuid).values_list("pk", flat=True).first()
    if catalogus_id is None:
        raise TypeNotFound(f"no catalogus {uuid}")
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, resource in FILES.items():
            found = json.loads(resource.all(seen_by=Everyone(), fixed={"in_catalogus": catalogus_id}).results)
            if found:
                # A fixed moment: the same catalogue gives the same bytes.
                entry = zipfile.ZipInfo(f"{name}.json", date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, json.dumps(_renamed(found, _snake), ensure_ascii=False, indent=1))
    return target.getvalue()


def _snake(name: str) -> str:
    return _HUMPS.sub("_", name).lower()


def _renamed(value: Any, rename: Any) -> Any:
    if isinstance(value, dict):
        return {rename(name): _renamed(one, rename) for name, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, rename) for one in value]
    return value


# -- In ------------------------------------------------------------------------------------------------------------------
def read_export(file: IO[bytes]) -> Objects:
    """Return what is in a zip, for ``place_types``. Raises ``ExchangeInvalid`` with one sentence why it is no export."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except zipfile.BadZipFile:
        raise ExchangeInvalid(_("Dit bestand is geen zip, of het is beschadigd.")) from None
    except (RuntimeError, NotImplementedError, zlib.error, EOFError, OSError, ValueError):
        # A password, an unknown compression, a stream that ends too early.
        raise ExchangeInvalid(_("Deze zip is niet te lezen.")) from None


def _read(archive: zipfile.ZipFile) -> Objects:
    entries = archive.infolist()
    if len(entries) > len(FILES):
        raise ExchangeInvalid(
            _("In deze zip zitten te veel bestanden: een export heeft er hoogstens %(most)s.") % {"most": len(FILES)}
        )
    objects: dict[str, list[Mapping[str, Any]]] = {}
    left = LARGEST_CONTENT
    for entry in entries:
        resource = _BY_NAME.get(entry.filename.lower())
        if resource is None:
            shown = "".join(one for one in entry.filename if one.isprintable())[:60]
            raise ExchangeInvalid(
                _("Het bestand %(name)s hoort niet in een export van een catalogus.") % {"name": shown}
            )
        if resource.path in objects:
            raise ExchangeInvalid(_("Het bestand %(name)s zit er twee keer in.") % {"name": entry.filename})
        with archive.open(entry) as stream:
            # Not the size that the zip says, but what really comes out of it.
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ExchangeInvalid(_("De inhoud van deze zip is te groot."))
        objects[resource.path] = _objects(entry.filename, content)
    if CATALOGUS.path not in objects:
        raise ExchangeInvalid(_("Catalogus.json ontbreekt in deze zip."))
    if sum(map(len, objects.values())) > MOST_OBJECTS:
        raise ExchangeInvalid(_("Er zitten meer dan %(most)s onderdelen in deze zip.") % {"most": MOST_OBJECTS})
    return objects


def _objects(name: str, content: bytes) -> list[Mapping[str, Any]]:
    try:
        found = read_json(content)
    except MalformedBody as error:
        raise ExchangeInvalid(_("%(name)s is niet te lezen: %(why)s") % {"name": name, "why": error}) from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ExchangeInvalid(_("%(name)s bevat geen lijst van onderdelen.") % {"name": name})
    if any(isinstance(one, Doubled) for one in found):
        raise ExchangeInvalid(_("In %(name)s staat een veld twee keer in hetzelfde onderdeel.") % {"name": name})
    return [_renamed(one, camel) for one in found]
