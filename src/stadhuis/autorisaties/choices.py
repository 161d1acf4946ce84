"""What components are called, and where the types are to which their rights are bound. Source: Autorisaties API 1.1.0."""

from __future__ import annotations

from typing import Final

COMPONENTEN: Final = {
    "ac": "Autorisaties API",
    "nrc": "Notificaties API",
    "zrc": "Zaken API",
    "ztc": "Catalogi API",
    "drc": "Documenten API",
    "brc": "Besluiten API",
}
"""Each component with what it is called."""
CATALOGI: Final = "catalogi/api/v1"
PATHS: Final = {"zrc": "zaaktypen", "drc": "informatieobjecttypen", "brc": "besluittypen"}
"""Component -> path, in the catalogue, of the types that its rights are bound to."""
