"""The Documenten API (ZGW 1.7.1): documents with content, versions, locks and parts, and what belongs to them."""

from stadhuis.documenten.api.endpoints import API

__all__ = ["API"]
