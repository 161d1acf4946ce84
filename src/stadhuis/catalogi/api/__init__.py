"""The Catalogi API (ZGW 1.4.0): catalogues, the three main types with their versions, and the parts of a zaaktype."""

from stadhuis.catalogi.api.endpoints import API

__all__ = ["API"]
