"""Drafts of a company: who may act for one vestiging sees those of that vestiging, by whatever way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.forms import public as forms
from stadhuis.forms import reads
from stadhuis.forms.actions import drafts
from stadhuis.forms.errors import DraftNotFound
from stadhuis.forms.models import Draft
from stadhuis.forms.prefill import Gathered
from stadhuis.forms.tests.given import given_handed_in
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "000090001658", "000090001647"


@pytest.fixture
def company(settings: Any) -> int:
    settings.PRACTICE_DATE = "2021-05-17"
    catalogi.build(catalogus_data(identificatie="TOZO", omschrijving="Tozo", eigenschappen=["KVK-nummer"]))
    forms.publish_shipped()
    return people.company_for_kvk("90001647", naam="Zijlstra en Ruiter Bakkers")


def of(company: int, branch: str) -> Actor:
    mandate = (("branch", branch),) if branch else ()
    key = f"company:{people.company(company).uuid}"
    return Actor("company", company, key, "", level="substantial", means="eherkenning", mandate=mandate)


def start(by: Actor) -> Any:
    return drafts.start("tozo", by=by, gathered=Gathered())


def test_each_branch_has_a_draft_of_its_own_and_sees_no_other(company: int) -> None:
    # given
    whole, north, south = (of(company, branch) for branch in ("", NORTH, SOUTH))
    # when
    started = {branch: start(by) for branch, by in (("", whole), (NORTH, north), (SOUTH, south))}
    # then
    assert len(set(started.values())) == 3
    assert start(north) == started[NORTH]
    for by, sees in ((north, [NORTH]), (south, [SOUTH]), (whole, ["", NORTH, SOUTH])):
        assert {one.uuid for one in reads.drafts_of(by)} == {started[branch] for branch in sees}
        for branch, uuid in started.items():
            if branch in sees:
                assert reads.draft(uuid, seen_by=by).uuid == uuid
                drafts.draft_for_change(uuid, by=by)
            else:
                with pytest.raises(DraftNotFound):
                    reads.draft(uuid, seen_by=by)
                with pytest.raises(DraftNotFound):
                    drafts.draft_for_change(uuid, by=by)
    # who is of the whole company goes on with that of the whole
    found = reads.open_draft("tozo", seen_by=whole)
    assert found is not None
    assert found.uuid == started[""]
    # anew throws only the own one away
    again = drafts.start("tozo", by=north, gathered=Gathered(), anew=True)
    assert set(Draft.objects.values_list("uuid", flat=True)) == {started[""], started[SOUTH], again}


def test_over_http_a_draft_of_another_branch_is_not_there(company: int) -> None:
    uuid = start(of(company, SOUTH))
    browser = Client()
    given_session(browser, of(company, NORTH))
    for path in ("stap/uw-gegevens/", "overzicht/", "weggooien/"):
        assert browser.get(f"/aanvragen/tozo/{uuid}/{path}").status_code == 404, path
    assert browser.post(f"/aanvragen/tozo/{uuid}/stap/uw-gegevens/", {"telefoonnummer": "06 1"}).status_code == 404


def test_what_was_handed_in_for_a_branch_is_seen_by_that_branch(company: int) -> None:
    given_handed_in(of(company, SOUTH))
    uuid = Draft.objects.get().uuid
    assert reads.submission_of_draft(uuid, seen_by=of(company, SOUTH))
    assert reads.submission_of_draft(uuid, seen_by=of(company, ""))
    with pytest.raises(DraftNotFound):
        reads.submission_of_draft(uuid, seen_by=of(company, NORTH))
