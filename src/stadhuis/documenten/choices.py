"""Lists of values of ZGW Documenten."""

from __future__ import annotations

from typing import Final

STATUS: Final = ("in_bewerking", "ter_vaststelling", "definitief", "gearchiveerd")
ONDERTEKENING: Final = ("analoog", "digitaal", "pki")
ALGORITME: Final = (
    "crc_16", "crc_32", "crc_64", "fletcher_4", "fletcher_8", "fletcher_16", "fletcher_32", "hmac", "md5", "sha_1",
    "sha_256", "sha_512", "sha_3",
)  # fmt: skip
OBJECTTYPE: Final = ("besluit", "zaak", "verzoek")
AARD_VERZENDING: Final = ("afzender", "geadresseerde")
