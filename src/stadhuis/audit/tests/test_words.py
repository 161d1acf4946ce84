"""The trail in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from stadhuis.audit import public as audit


@pytest.mark.parametrize(
    ("actie", "resource", "dutch", "english"),
    [
        ("create", "zaak", "Zaak begonnen", "Case opened"),
        ("create", "zaakinformatieobject", "Document toegevoegd", "Document added"),
        ("partial_update", "zaak", "Zaak gewijzigd", "Case changed"),
        ("destroy", "rol", "Betrokkene verwijderd", "Person involved removed"),
        ("besluit goedgekeurd", "voorstel", "Besluit goedgekeurd", "Decision approved"),
        ("create", "applicatie", "Applicatie toegevoegd", "Application added"),
        ("rol gegeven", "rol", "Rol gegeven", "Role given"),
        ("tweede factor gewist", "account", "Tweede factor gewist", "Second factor removed"),
        ("iets nieuws", "voorstel", "Iets nieuws", "Iets nieuws"),
        ("create", "iets", "Create", "Create"),
    ],
)
def test_what_was_done_is_said_in_words(actie: str, resource: str, dutch: str, english: str) -> None:
    assert audit.in_words(actie, resource) == dutch
    with translation.override("en"):
        assert audit.in_words(actie, resource) == english
