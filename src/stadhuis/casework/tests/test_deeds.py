"""The trail in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from stadhuis.casework import public as casework


@pytest.mark.parametrize(
    ("actie", "resource", "dutch", "english"),
    [
        ("create", "zaak", "Zaak begonnen", "Case opened"),
        ("create", "zaakinformatieobject", "Document toegevoegd", "Document added"),
        ("partial_update", "zaak", "Zaak gewijzigd", "Case changed"),
        ("destroy", "rol", "Betrokkene verwijderd", "Person involved removed"),
        ("besluit goedgekeurd", "voorstel", "Besluit goedgekeurd", "Decision approved"),
        ("iets nieuws", "voorstel", "Iets nieuws", "Iets nieuws"),
        ("create", "resultaattype", "Resultaattype toegevoegd", "Resultaattype added"),
        ("hold_placed", "record", "Dossier vastgezet", "Record held"),
        ("verzoek approved", "toegang", "Verzoek om een recht goedgekeurd", "Request for a right approved"),
    ],
)
def test_what_was_done_is_said_in_words(actie: str, resource: str, dutch: str, english: str) -> None:
    assert casework.deed_in_words(actie, resource) == dutch
    with translation.override("en"):
        assert casework.deed_in_words(actie, resource) == english
