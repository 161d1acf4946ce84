"""Documents of zaken, as the Documenten API knows them: relations, expansion, and who is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from stadhuis.audit.models import Processing
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten.models import Document, Objectinformatieobject
from stadhuis.documenten.tests.api.given import ROOT as DOCUMENTEN
from stadhuis.documenten.tests.api.given import given_document
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.time import now
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM
from stadhuis.zaken import public as zaken
from stadhuis.zaken.models import Rol, Zaak
from stadhuis.zaken.tests.api.givens import SECRET, given_applicatie, given_zaak

Zaaktype = catalogi.ZaaktypeRecord
pytestmark = pytest.mark.django_db
BSN = "999990019"


@pytest.fixture
def documenten(api: ApiClient, settings: Any, tmp_path: Path) -> ApiClient:
    """The same application at the door of the documents."""
    settings.DATA_DIR = tmp_path
    return ApiClient(DOCUMENTEN, "alles", SECRET)


def given_linked(documenten: ApiClient, zaak: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Make a document and add it to a zaak."""
    document = given_document(documenten, **more)
    row = Document.objects.get(uuid=UUID(document["url"][-36:]))
    zaken.link_document(Zaak.objects.get(uuid=zaak["uuid"]).pk, row.pk, by=SYSTEM)
    return document


def test_drc_003_and_004_when_a_zaak_has_a_document_then_the_mirror_is_there_and_goes_with_the_relation(
    api: ApiClient, documenten: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    zaak, other = given_zaak(api, zaaktype), given_zaak(api, zaaktype)
    document = given_linked(documenten, zaak)
    # then
    (mirror,) = body_of(documenten.get("objectinformatieobjecten", object=zaak["url"]))
    assert mirror == {
        "url": mirror["url"], "informatieobject": document["url"], "object": zaak["url"], "objectType": "zaak",
    }  # fmt: skip
    body = {"informatieobject": document["url"], "object": zaak["url"], "objectType": "zaak"}
    assert faults(documenten.post("objectinformatieobjecten", body)) == {"nonFieldErrors": "unique"}
    unknown = {**body, "object": other["url"]}
    assert faults(documenten.post("objectinformatieobjecten", unknown)) == {"nonFieldErrors": "inconsistent-relation"}
    wrong = {**body, "objectType": "besluit"}
    assert faults(documenten.post("objectinformatieobjecten", wrong)) == {"object": "invalid-resource"}
    gone = {**body, "object": f"{zaak['url'][:-36]}0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"}
    assert faults(documenten.post("objectinformatieobjecten", gone)) == {"object": "bad-url"}
    assert faults(documenten.delete(mirror["url"])) == {"nonFieldErrors": "inconsistent-relation"}
    assert faults(documenten.delete(document["url"])) == {"nonFieldErrors": "pending-relations"}
    # when a mirror went missing, it can be noted again
    Objectinformatieobject.objects.all().delete()
    body_of(documenten.post("objectinformatieobjecten", body), 201)
    # when the relation goes
    row = Document.objects.get()
    zaken.unlink_document(Zaak.objects.get(uuid=zaak["uuid"]).pk, row.pk, by=SYSTEM)
    assert body_of(documenten.get("objectinformatieobjecten")) == []
    assert documenten.delete(document["url"]).status_code == 204


def test_when_a_document_of_a_zaak_is_expanded_then_only_who_may_see_it_sees_it(
    api: ApiClient, documenten: ApiClient, zaaktype: Zaaktype
) -> None:
    zaak = given_zaak(api, zaaktype)
    document = given_linked(documenten, zaak)
    path = "zaakinformatieobjecten.informatieobject"
    expanded = body_of(api.get(zaak["url"], expand=path))
    relation = expanded["_expand"]["zaakinformatieobjecten"][0]
    assert relation["_expand"]["informatieobject"]["url"] == document["url"]
    reader = given_applicatie("lezer", scopes=("zaken.lezen",), ref=zaaktype.ref)
    assert reader.get(zaak["url"], expand=path).status_code == 404
    listed = body_of(reader.get("zaken", expand=path))["results"][0]
    assert listed["_expand"]["zaakinformatieobjecten"][0]["_expand"]["informatieobject"] == {}


def test_when_documents_go_to_an_application_then_the_persons_of_their_zaken_find_it_in_the_log(
    api: ApiClient, documenten: ApiClient, zaaktype: Zaaktype
) -> None:
    # given
    zaak = given_zaak(api, zaaktype)
    document = given_linked(documenten, zaak)
    person = people.person_for_bsn(BSN)
    Rol.objects.create(
        zaak=Zaak.objects.get(uuid=zaak["uuid"]), roltype_id=zaaktype.roltypen[0].id, omschrijving="initiator",
        omschrijving_generiek="initiator", betrokkene_type="natuurlijk_persoon", registratiedatum=now(), person_id=person,
    )  # fmt: skip
    # when
    for address in (
        document["url"], f"{document['url']}/download", f"{document['url']}/audittrail", "enkelvoudiginformatieobjecten",
        "objectinformatieobjecten", "gebruiksrechten",
    ):  # fmt: skip
        before = Processing.objects.count()
        assert documenten.send("GET", address).status_code == 200
        # then: nothing was shown where there is nothing
        assert Processing.objects.count() == before + (0 if address == "gebruiksrechten" else 1), address
