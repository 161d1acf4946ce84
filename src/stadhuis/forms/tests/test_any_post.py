"""Whatever is posted, the answer is no error of ours and nothing half is stored."""

from __future__ import annotations

from typing import Any

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.forms.models import Draft, Submission
from stadhuis.forms.rules import fields
from stadhuis.forms.tests.given import STEPS, given_draft
from stadhuis.kit.tests.simulators import SimulatorProcess

NAMES = st.sampled_from(
    ["telefoonnummer", "naam", "iban", "watAanvragen", "leefsituatie", "partnerBsn", "winstPerMaand", "eersteMaand",
     "_doe", "_revisie", "_tab", "_terug", "_field", "verwijder", "bewijsBank", "naarWaarheid", "csrfmiddlewaretoken", "x.0.y"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40), st.sampled_from(["ja", "samen", "0", "-1", "1e9", "overzicht", "volgende", "\x00", "regel-x"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_posted_never_fails_on_our_side_and_stores_nothing_half(
    town: SimulatorProcess, browser: Client, data: Any
) -> None:
    if not Draft.objects.exists():
        given_draft(town, browser)
    draft = f"/aanvragen/tozo/{Draft.objects.get().uuid}/"
    posted = data.draw(st.dictionaries(NAMES, st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=8))
    clean = {name: value for name, value in posted.items() if "\ud800" not in str(value)}
    address = data.draw(st.sampled_from([*(f"stap/{step}/" for step in STEPS), "overzicht/", "bewaren/", "bestanden/"]))
    answer = browser.post(draft + address, clean)
    assert answer.status_code < 500
    assert not Submission.objects.exists()
    assert fields.is_storable(Draft.objects.get().answers)
