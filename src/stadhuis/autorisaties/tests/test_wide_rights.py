"""Rights on all versions, on a catalogue or on every type: shown as the versions of today, kept when that list comes back."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

import pytest

from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.autorisaties.tests.given import (
    applicatie_body,
    given_applicatie,
    given_types,
    given_wide,
    made,
    rights_of,
    shown,
    urls,
    zrc,
)
from stadhuis.kit.api.testing import ApiClient, body_of, faults

pytestmark = pytest.mark.django_db
READ = ("zaken.lezen",)
NRC = {"component": "nrc", "scopes": ["notificaties.consumeren"]}
ALL_VERSIONS = access.AutorisatieData("zrc", READ, "OEV:KAP", max_level=3)
CATALOGUE = access.AutorisatieData("zrc", READ, domein="OEV", max_level=3)
EVERY = access.AutorisatieData("zrc", READ, "*", max_level=3)
DOCUMENTS = access.AutorisatieData("drc", ("documenten.lezen",), domein="OEV", max_level=8)
DECISIONS = access.AutorisatieData("brc", ("besluiten.lezen",), domein="OEV")


@pytest.fixture
def api(db: None) -> ApiClient:
    """An application with all rights, and two catalogues with versions."""
    given_types(versions=2)
    given_types("ANDER")
    return given_applicatie()


def lines_of(api: ApiClient, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body_of(api.get(url))["autorisaties"]
    return found


# -- What is shown -----------------------------------------------------------------------------------------------------
def test_a_wide_right_is_shown_as_the_versions_of_today(api: ApiClient) -> None:
    ours, theirs = [shown(zrc(url)) for url in urls()], [shown(zrc(url)) for url in urls(domein="ANDER")]
    assert len(ours) == 2
    assert lines_of(api, given_wide("versies", ALL_VERSIONS)) == ours
    assert lines_of(api, given_wide("catalogus", CATALOGUE)) == ours
    assert lines_of(api, given_wide("elk", EVERY)) == ours + theirs
    several = given_wide("meer", DOCUMENTS, DECISIONS, access.AutorisatieData("nrc", ("notificaties.consumeren",)))
    assert lines_of(api, several) == [
        shown(
            {"component": "drc", "scopes": ["documenten.lezen"], "informatieobjecttype": urls("informatieobjecttypen")[0],
             "maxVertrouwelijkheidaanduiding": "zeer_geheim"}
        ),
        shown({"component": "brc", "scopes": ["besluiten.lezen"], "besluittype": urls("besluittypen")[0]}),
        shown(NRC),
    ]  # fmt: skip


def test_a_new_version_needs_no_clicks_and_a_concept_is_not_shown(api: ApiClient) -> None:
    addresses = [given_wide("versies", ALL_VERSIONS), given_wide("catalogus", CATALOGUE)]
    named = made(api, *map(zrc, urls()))["url"]
    given_types(versions=3, concept=True)
    for address in addresses:
        assert len(lines_of(api, address)) == 2
    # when: the third version is published
    given_types(versions=3)
    # then
    for address in addresses:
        assert lines_of(api, address) == [shown(zrc(url)) for url in urls()]
        assert len(lines_of(api, address)) == 3
    assert len(lines_of(api, named)) == 2


# -- What is sent back -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "rights", [(ALL_VERSIONS,), (CATALOGUE,), (EVERY,), (ALL_VERSIONS, CATALOGUE, DOCUMENTS, DECISIONS)]
)
def test_the_list_that_was_shown_keeps_the_rights(api: ApiClient, rights: tuple[access.AutorisatieData, ...]) -> None:
    url = given_wide("breed", *rights)
    applicatie = body_of(api.get(url))
    # when
    assert body_of(api.put(url, {**applicatie, "label": "Anders"})) == {**applicatie, "label": "Anders"}
    turned = [{**one, "scopes": one["scopes"][::-1]} for one in reversed(applicatie["autorisaties"])]
    assert body_of(api.patch(url, {"autorisaties": turned})) == {**applicatie, "label": "Anders"}
    # then
    assert rights_of("breed") == rights
    body_of(api.patch(url, {"label": "Alleen dit"}))
    assert rights_of("breed") == rights


def test_another_list_replaces_the_right_and_that_is_logged(api: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    url = given_wide("breed", CATALOGUE, DECISIONS)
    kept = [line for line in lines_of(api, url) if line["component"] == "brc"]
    first, second = urls()
    # when: a version less
    with caplog.at_level(logging.WARNING):
        changed = body_of(api.patch(url, {"autorisaties": [zrc(first), *kept]}))
    # then: the versions that are left, and the other right as it was
    assert changed["autorisaties"] == [*kept, shown(zrc(first))]
    one_version = access.AutorisatieData("zrc", READ, "OEV:KAP", first, UUID(first[-36:]), False, 3)
    assert rights_of("breed") == (DECISIONS, one_version)
    assert "wide rights replaced by a list of versions" in caplog.text
    line = audit.trail_of(UUID(url[-36:]))[-1]
    assert line.oud is not None
    assert line.nieuw is not None
    assert [(one["domein"], one["all_versions"]) for one in line.oud["autorisaties"]] == [("OEV", True), ("OEV", True)]
    assert [(one["domein"], one["all_versions"]) for one in line.nieuw["autorisaties"]] == [("OEV", True), ("", False)]
    # and a new version is not under it any more
    given_types(versions=3)
    assert [one["zaaktype"] for one in lines_of(api, url) if one["component"] == "zrc"] == [first]
    assert second not in str(lines_of(api, url))


@pytest.mark.parametrize(
    "change", [{"scopes": ["zaken.lezen", "zaken.bijwerken"]}, {"maxVertrouwelijkheidaanduiding": "geheim"}]
)
def test_a_line_that_says_something_else_is_another_right(api: ApiClient, change: dict[str, Any]) -> None:
    url = given_wide("breed", ALL_VERSIONS)
    first, second = lines_of(api, url)
    answer = body_of(api.patch(url, {"autorisaties": [{**first, **change}, second]}))
    assert answer["autorisaties"] == [{**first, **change}, second]
    assert not any(right.is_wide for right in rights_of("breed"))


def test_a_line_more_leaves_the_wide_right_alone(api: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    url = given_wide("breed", ALL_VERSIONS)
    [other] = urls(domein="ANDER")
    answer = body_of(api.patch(url, {"autorisaties": [*lines_of(api, url), zrc(other), NRC]}))
    assert answer["autorisaties"] == [*map(shown, map(zrc, urls())), shown(zrc(other)), shown(NRC)]
    assert rights_of("breed")[0] == ALL_VERSIONS
    assert len(rights_of("breed")) == 3
    assert "wide rights replaced" not in caplog.text


def test_a_list_from_before_a_new_version_replaces_the_right(api: ApiClient) -> None:
    url = given_wide("breed", ALL_VERSIONS)
    before = body_of(api.get(url))
    given_types(versions=3)
    # when
    body_of(api.put(url, before))
    # then: the standard says that the list is what there is
    assert lines_of(api, url) == before["autorisaties"]
    assert not any(right.is_wide for right in rights_of("breed"))


def test_a_right_that_shows_nothing_today_stays_with_the_same_list_and_goes_with_another(api: ApiClient) -> None:
    nothing = access.AutorisatieData("zrc", READ, domein="LATER", max_level=8)
    url = given_wide("later", nothing)
    applicatie = body_of(api.get(url))
    assert applicatie["autorisaties"] == []
    # when: the same list
    assert body_of(api.put(url, {**applicatie, "label": "Anders"}))["label"] == "Anders"
    assert rights_of("later") == (nothing,)
    # when another comes
    body_of(api.patch(url, {"autorisaties": [NRC]}))
    # then: a list never gives more than it says
    assert rights_of("later") == (access.AutorisatieData("nrc", ("notificaties.consumeren",)),)
    given_types("LATER")
    assert lines_of(api, url) == [shown(NRC)]


def test_all_rights_take_the_place_of_what_shows_nothing(api: ApiClient) -> None:
    url = given_wide("later", access.AutorisatieData("zrc", READ, domein="LATER", max_level=8))
    body = {**applicatie_body(), "clientIds": ["later"], "heeftAlleAutorisaties": True}
    assert body_of(api.put(url, body))["heeftAlleAutorisaties"] is True
    assert rights_of("later") == ()


def test_what_is_posted_is_a_right_on_one_version(api: ApiClient) -> None:
    made(api, *map(zrc, urls()))
    assert [(right.all_versions, right.type_ref) for right in rights_of("zaaksysteem")] == [(False, "OEV:KAP")] * 2


def test_all_the_faults_of_the_new_lines_are_named_by_their_place(api: ApiClient) -> None:
    url = given_wide("breed", ALL_VERSIONS)
    lines = [*lines_of(api, url), {"component": "zrc", "scopes": ["zaken.lezen"]}]
    assert faults(api.patch(url, {"autorisaties": lines})) == {
        "autorisaties.2.zaaktype": "required",
        "autorisaties.2.maxVertrouwelijkheidaanduiding": "required",
    }
    assert rights_of("breed") == (ALL_VERSIONS,)


def test_a_former_address_of_the_town_hall_names_the_same_version(api: ApiClient, settings: Any) -> None:
    url = given_wide("breed", ALL_VERSIONS)
    before = body_of(api.get(url))
    settings.FORMER_PUBLIC_URLS, settings.PUBLIC_URL = ["http://localhost:8000"], "https://stadhuis.example"
    moved = url.replace("http://localhost:8000", "https://stadhuis.example")
    answer = body_of(api.put(moved, before))
    assert answer["autorisaties"][0]["zaaktype"].startswith("https://stadhuis.example/catalogi/")
    assert rights_of("breed") == (ALL_VERSIONS,)
