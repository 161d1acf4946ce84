"""Addresses of others in a zaak: fetched once, with a ban on our own network (zrc-001, zrc-010, zrc-011)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.kit import outside
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.zaken.tests.api.givens import given_zaak, zaak_body

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/kanaal", ""), ("/moved", ""), ("/other", "invalid-resource"), ("/text", "invalid-resource"), ("/none", "bad-url"),
        ("/inside", "bad-url"), ("/round", "bad-url"), ("/large", "bad-url"),
    ],
)  # fmt: skip
def test_zrc_010_when_the_communicatiekanaal_does_not_give_one_then_it_is_refused(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]], path: str, code: str
) -> None:
    answer = api.post("zaken", zaak_body(zaaktype, communicatiekanaal=elsewhere[0] + path))
    assert (faults(answer) if code else body_of(answer, 201) and {}) == ({"communicatiekanaal": code} if code else {})


def test_zrc_011_when_another_host_has_the_zaak_then_its_address_is_kept_and_not_asked_again(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    host, asked = elsewhere
    related = [{"url": f"{host}/other", "aardRelatie": "vervolg"}]
    zaak = given_zaak(api, zaaktype, relevanteAndereZaken=related, communicatiekanaal=f"{host}/kanaal")
    assert zaak["relevanteAndereZaken"] == related
    before = list(asked)
    body_of(
        api.put(zaak["url"], zaak_body(zaaktype, relevanteAndereZaken=related, communicatiekanaal=f"{host}/kanaal"))
    )
    assert asked == before
    wrong = [*related, {"url": f"{host}/none", "aardRelatie": "vervolg"}]
    assert faults(api.patch(zaak["url"], {"relevanteAndereZaken": wrong})) == {"relevanteAndereZaken.1.url": "bad-url"}


def test_zrc_010_when_the_communicatiekanaal_is_of_a_list_we_have_then_nothing_is_fetched(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    # given: a host that is configured; nothing of it can be reached
    kanaal, base = uuid4(), "https://referentielijsten-api.vng.cloud/api/v1/communicatiekanalen"
    catalogi.import_selectielijst({"k": [{"url": str(kanaal), "naam": "Balie", "omschrijving": "Aan de balie"}]})
    # then
    zaak = given_zaak(api, zaaktype, communicatiekanaal=f"{base}/{kanaal}")
    assert zaak["communicatiekanaal"] == f"{base}/{kanaal}"
    wrong = zaak_body(zaaktype, communicatiekanaal=f"{base}/{uuid4()}")
    assert faults(api.post("zaken", wrong)) == {"communicatiekanaal": "bad-url"}
    assert elsewhere[1] == []


def test_zrc_001_when_the_zaaktype_lies_on_another_host_then_it_is_not_of_our_catalogue(
    api: ApiClient, zaaktype: Zaaktype, elsewhere: tuple[str, list[str]]
) -> None:
    assert faults(api.post("zaken", zaak_body(zaaktype, zaaktype=f"{elsewhere[0]}/other"))) == {
        "zaaktype": "invalid-resource"
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/", "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://user:pw@127.0.0.1/", "file:///etc/passwd", "http://[fe80::1]/",
        "http://100.64.0.1/", "http://224.0.0.1/",
    ],
)  # fmt: skip
def test_an_address_in_our_own_network_is_never_called(url: str, settings: Any) -> None:
    settings.API_ALLOWED_HOSTS = []
    with pytest.raises(outside.OutsideError):
        outside.fetch_json(url)
    assert outside.post_json(url, {}).problem
