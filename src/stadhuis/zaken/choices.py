"""Lists of values of ZGW Zaken."""

from __future__ import annotations

from typing import Final

ARCHIEFSTATUS: Final = ("nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen")
BETALINGSINDICATIE: Final = ("nvt", "nog_niet", "gedeeltelijk", "geheel")
BETROKKENETYPE: Final = (
    "natuurlijk_persoon",
    "niet_natuurlijk_persoon",
    "vestiging",
    "organisatorische_eenheid",
    "medewerker",
)
MACHTIGING: Final = ("gemachtigde", "machtiginggever")
AARD_RELATIE: Final = ("vervolg", "onderwerp", "bijdrage")
AARD_RELATIE_WEERGAVE: Final = "Hoort bij, omgekeerd: kent"
NOTITIETYPE: Final = ("intern", "extern")
NOTITIESTATUS: Final = ("concept", "definitief")
