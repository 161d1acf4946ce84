"""What is taken over, in which order, and how each list is read.

What something refers to comes before it: types, documents, zaken, what hangs on zaken, decisions, applications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_ALL: Final = {"status": "alles"}


@dataclass(frozen=True)
class Kind:
    """A kind of object: the name of its resource, its API and path there.

    Read as pages; or, where the standard has no pages, ``per`` owner: with the parameter ``param``, or below the owner's own
    address when that is empty; or, without owner, as one list.
    """

    name: str
    api: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    per: str = ""
    param: str = ""
    in_pages: bool = True
    listed_as: str = ""
    """Key of the owner's body under which its parts stand: an empty list there need not be asked."""


KINDS: Final = (
    Kind("catalogus", "catalogi", "catalogussen"),
    Kind("informatieobjecttype", "catalogi", "informatieobjecttypen", _ALL),
    Kind("besluittype", "catalogi", "besluittypen", _ALL),
    Kind("zaaktype", "catalogi", "zaaktypen", _ALL),
    Kind("statustype", "catalogi", "statustypen", _ALL),
    Kind("eigenschap", "catalogi", "eigenschappen", _ALL),
    Kind("roltype", "catalogi", "roltypen", _ALL),
    Kind("resultaattype", "catalogi", "resultaattypen", _ALL),
    Kind("zaakobjecttype", "catalogi", "zaakobjecttypen"),
    Kind("zaakinformatieobjecttype", "catalogi", "zaaktype-informatieobjecttypen", _ALL),
    Kind("enkelvoudiginformatieobject", "documenten", "enkelvoudiginformatieobjecten"),
    Kind("gebruiksrechten", "documenten", "gebruiksrechten", in_pages=False),
    Kind("verzending", "documenten", "verzendingen"),
    # The only list that can be put in an order that new objects do not disturb.
    Kind("zaak", "zaken", "zaken", {"ordering": "identificatie"}),
    Kind("rol", "zaken", "rollen"),
    Kind("status", "zaken", "statussen"),
    Kind("resultaat", "zaken", "resultaten"),
    Kind("zaakobject", "zaken", "zaakobjecten"),
    Kind("klantcontact", "zaken", "klantcontacten"),
    Kind("zaakcontactmoment", "zaken", "zaakcontactmomenten", in_pages=False),
    Kind("zaakverzoek", "zaken", "zaakverzoeken", in_pages=False),
    Kind("zaaknotitie", "zaken", "zaaknotities"),
    Kind("zaakeigenschap", "zaken", "zaakeigenschappen", per="zaak", listed_as="eigenschappen"),
    Kind(
        "zaakinformatieobject", "zaken", "zaakinformatieobjecten", per="zaak", param="zaak",
        listed_as="zaakinformatieobjecten",
    ),
    Kind("zaakbesluit", "zaken", "besluiten", per="zaak"),
    Kind("besluit", "besluiten", "besluiten"),
    Kind("besluitinformatieobject", "besluiten", "besluitinformatieobjecten", per="besluit", param="besluit"),
    Kind(
        "objectinformatieobject", "documenten", "objectinformatieobjecten", per="enkelvoudiginformatieobject",
        param="informatieobject",
    ),
    Kind("applicatie", "autorisaties", "applicaties"),
)  # fmt: skip
BY_NAME: Final = {kind.name: kind for kind in KINDS}
SETTLED_AFTER: Final = frozenset({"zaakinformatieobjecttype", "zaak", "zaakbesluit", "applicatie"})
"""After these, what waited for what came later is tried again."""


def parts_of(kind: Kind, body: Mapping[str, object]) -> list[str]:
    """Return the kinds that must be asked for at the address of an object, as far as its body tells."""
    return [
        part.name for part in KINDS if part.per == kind.name and (not part.listed_as or body.get(part.listed_as) != [])
    ]
