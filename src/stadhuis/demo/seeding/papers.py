"""The documents of the demo town: real PDF files, a few kinds of them, each written as often as it is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.conf import settings

from stadhuis.kit import files, pdf
from stadhuis.kit.files import Stored
from stadhuis.kit.pdf.render import Data

PDF = "application/pdf"


class Papers:
    """Piles of equal files, one per kind of paper, from which a document takes one."""

    def __init__(self, wanted: Iterable[str]) -> None:
        counts = Counter(wanted)
        kinds = sorted(counts)
        contents = dict(zip(kinds, pdf.render_many("letter", [_sheet(kind) for kind in kinds]), strict=True))
        order = [kind for kind in kinds for _ in range(counts[kind])]
        self._piles: dict[str, list[Stored]] = {kind: [] for kind in kinds}
        for kind, stored in zip(
            order, files.receive_many([contents[kind] for kind in order], media_type=PDF), strict=True
        ):
            self._piles[kind].append(stored)

    def take(self, kind: str) -> Stored:
        """Return the next file of a kind."""
        return self._piles[kind].pop()


def _sheet(kind: str) -> dict[str, Data]:
    return {
        "title": kind,
        "town": settings.TOWN_NAME,
        "address": settings.TOWN_ADDRESS,
        "phone": settings.TOWN_PHONE,
        "to": [],
        "date": "zie de zaak",
        "reference": "zie de zaak",
        "subject": kind,
        "labels": {"date": "Datum", "reference": "Zaaknummer"},
        "salutation": f"Dit is een {kind.lower()} in de oefengemeente {settings.TOWN_NAME.removeprefix('Gemeente ')}.",
        "sections": [
            {
                "heading": "Waarom dit er zo uitziet",
                "paragraphs": [
                    "Deze gemeente bestaat niet. In een echte zaak staat hier wat de aanvrager heeft gestuurd."
                ],
                "rows": [],
            }
        ],
        "closing": "",
        "signer": "",
        "function": "",
    }
