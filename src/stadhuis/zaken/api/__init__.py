"""The Zaken API (ZGW 1.7.0): the resource zaak with all its operations, and its audit trail.

The other resources follow this pattern: a shape, an SQL fragment and deeds.
"""

from stadhuis.zaken.api.endpoints import API

__all__ = ["API"]
