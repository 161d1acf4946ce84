"""The Zaken API (ZGW 1.7.0): every operation of the standard.

A module per kind of resource: ``endpoints`` (zaak and its audit trail), and beside it what hangs on a zaak. Each declares
its operations on ``API`` when it is imported; what they share stands in ``parts``.
"""

from stadhuis.zaken.api import (
    besluiten,
    contacten,
    eigenschappen,
    informatieobjecten,
    notities,
    objecten,
    rollen,
    statussen,
)
from stadhuis.zaken.api.endpoints import API

__all__ = [
    "API",
    "besluiten",
    "contacten",
    "eigenschappen",
    "informatieobjecten",
    "notities",
    "objecten",
    "rollen",
    "statussen",
]
