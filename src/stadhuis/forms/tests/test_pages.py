"""Filling in and handing in over HTTP, as a browser without JavaScript does it."""

from __future__ import annotations

import pytest
from django.test import Client

from stadhuis.forms.models import Draft, DraftFile, Submission
from stadhuis.forms.tests.given import (
    ANSWERS,
    STEPS,
    errors_on,
    given_draft,
    given_filled_in,
    given_resident,
    given_submitted,
)
from stadhuis.kit.tests.simulators import SimulatorProcess

pytestmark = pytest.mark.django_db


def test_when_a_resident_begins_then_the_brp_has_filled_in_who_they_are(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_draft(town, browser)
    page = browser.get(f"{draft}stap/uw-gegevens/").content.decode()
    assert "Verhagen" in page
    assert 'name="naam"' not in page
    assert 'name="telefoonnummer"' in page


def test_when_all_steps_are_right_then_handing_in_makes_one_case_with_a_receipt(
    town: SimulatorProcess, browser: Client
) -> None:
    draft = given_filled_in(town, browser)
    overview = browser.get(f"{draft}overzicht/").content.decode()
    assert "350,00" in overview
    first = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    again = browser.post(f"{draft}overzicht/", {"naarWaarheid": "ja"})
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    submission = Submission.objects.get()
    receipt = browser.get(first["Location"]).content.decode()
    assert submission.zaak_identificatie in receipt
    assert submission.answers["winstPerMaand"] == "350.00"
    assert submission.answers["naarWaarheid"] is True
    assert Draft.objects.get().answers == {}
