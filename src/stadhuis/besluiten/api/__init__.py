"""The Besluiten API (ZGW 1.1.0): besluiten, their documents and their audit trail."""

from stadhuis.besluiten.api.endpoints import API

__all__ = ["API"]
