"""Whoever reads personal data leaves a line in the processing log: every address of the house is tried by everybody.

A page that shows a name, a number of a zaak or a BSN and writes no line fails here, also one that was made tomorrow. It
need not be on a list: what is in the answer decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase

from stadhuis.access import public as access
from stadhuis.audit.actions import pseudonyms_of
from stadhuis.besluiten import public as besluiten
from stadhuis.besluiten.api import API as BESLUITEN_API
from stadhuis.besluiten.models import Besluitinformatieobject
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Eigenschap
from stadhuis.kit.api.testing import ApiClient
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.models import Medewerker
from stadhuis.workplace.tests.test_every_url import (
    OPERATIONS,
    PERSONAS,
    TABLE,
    World,
    browser_of,
    send,
    world,
)
from stadhuis.zaken.api import API as ZAKEN_API
from stadhuis.zaken.models import (
    Klantcontact,
    Resultaat,
    Rol,
    Status,
    Zaak,
    Zaakbesluit,
    Zaakcontactmoment,
    Zaakeigenschap,
    Zaakinformatieobject,
    Zaaknotitie,
    Zaakobject,
    Zaakverzoek,
)
from stadhuis.zaken.tests.givens import BSN

__all__ = ["world"]
pytestmark = pytest.mark.django_db

WITHOUT_LINE = {
    "demo:wie_is_wie": "the people of the practice town, which is not there in production",
    "portal:uses_file": "shows whoever asks his own lines, counted under another name; a company has none",
    "workplace:loose_document": "belongs to no zaak: nobody knows whose data are in it; the ledger says who opened it",
    "people:start": "goes to the broker; shows nothing of ours",
    "administration:catalogus_export": "types of zaken, documents and besluiten: nobody's data",
}
"""Addresses that may show such words without a line, each with why."""


def owner_uuid(world: World) -> Any:
    pk = world.people["owner"].pk
    assert pk is not None
    return people.person_uuid(pk)


def words_of(world: World) -> list[str]:
    """Return what gives a person away: names, the BSN, numbers of his zaken."""
    owner = world.people["owner"].pk
    assert owner is not None
    names = set(Rol.objects.filter(person_id=owner).values_list("naam", flat=True))
    surnames = {name.split()[-1] for name in names if name}
    own = Rol.objects.filter(person_id=owner, omschrijving_generiek="initiator").values("zaak_id")
    numbers = set(Zaak.objects.filter(pk__in=own).values_list("identificatie", flat=True))
    staff = " ".join(Medewerker.objects.values_list("naam", flat=True))
    return sorted({BSN, *numbers, *(name for name in surnames if name not in staff)})


def text_of(answer: HttpResponseBase) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("latin-1")  # type: ignore[attr-defined]
    return str(answer.content.decode("utf-8", "replace"))  # type: ignore[attr-defined]


def lines_of(world: World) -> int:
    """Count what stands in the log about the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_processing WHERE subjects && %s::uuid[]",
            [[str(one) for one in pseudonyms_of(owner_uuid(world))]],
        )
        return int(cursor.fetchone()[0])


def own_words(text: str) -> str:
    """Leave out the search form, which repeats what was typed and gives an example."""
    return re.sub(r'value="[^"]*"|(Bijvoorbeeld|For example): bijstand bakker, Verhagen', "", text)


def test_when_an_answer_shows_personal_data_then_a_line_was_written_before_it_left(world: World) -> None:
    # given
    words = words_of(world)
    assert len(words) > 3
    faults, shown = [], set()
    for name, pages in TABLE.items():
        for page in pages:
            for persona in PERSONAS:
                with transaction.atomic():
                    before = lines_of(world)
                    answer = send(browser_of(world, persona), world, name, page)
                    # when
                    found = [word for word in words if word in own_words(text_of(answer))]
                    is_file = page.is_download and answer.status_code == 200
                    # then
                    if found or is_file:
                        shown.add(name)
                        if lines_of(world) == before and name not in WITHOUT_LINE:
                            faults.append(f"{persona} {page.method} {name} ({answer.status_code}): {found or 'a file'}")
                    transaction.set_rollback(True)
    assert not faults, "\n".join(faults)
    # and the walk really met pages with such data
    assert {"workplace:zaak", "workplace:worklist", "workplace:document", "portal:case", "portal:mine"} <= shown


def test_when_someone_is_refused_then_nobodys_data_were_used(world: World) -> None:
    for name in ("workplace:zaak", "workplace:document", "workplace:trail", "portal:case", "portal:document"):
        for persona in ("stranger", "neighbour", "administrator", "nobody"):
            before = lines_of(world)
            answer = send(browser_of(world, persona), world, name, TABLE[name][0])
            assert answer.status_code in {302, 404}
            assert lines_of(world) == before, (name, persona)


def test_when_staff_search_then_the_line_names_whoever_was_found_and_not_what_was_typed(world: World) -> None:
    before = lines_of(world)
    page = next(page for page in TABLE["workplace:search"] if page.method == "POST")
    number = Zaak.objects.get(uuid=world.other["waiting"]).identificatie
    answer = browser_of(world, "reader").post("/werkplek/zoeken/", {"q": number})
    assert number in text_of(answer)
    assert page.method == "POST"
    assert lines_of(world) == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, '') FROM audit_processing p")
        log = str(cursor.fetchone()[0])
    assert number not in log
    assert "reader" not in log
    assert str(owner_uuid(world)) not in log


def test_when_a_worklist_is_polled_without_news_then_nothing_was_shown_and_nothing_is_logged(world: World) -> None:
    browser = browser_of(world, "reader")
    first = browser.get("/werkplek/?lijst=all", headers={"HX-Request": "true"})
    before = lines_of(world)
    again = browser.get("/werkplek/?lijst=all", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert (again.status_code, lines_of(world)) == (304, before)


# -- Programs ---------------------------------------------------------------------------------------------------------
def everything_of(zaak: UUID) -> dict[str, Any]:
    """Hang one of everything on a zaak; returns the uuid under each path."""
    row = Zaak.objects.get(uuid=zaak)
    zaaktype = catalogi.zaaktype_by_id(row.zaaktype_id)
    besluit = besluiten.create_besluit(
        besluiten.NewBesluit(
            besluittype_id=zaaktype.besluittypen[0].id, zaak_id=row.pk, datum=today(), ingangsdatum=today()
        ),
        by=people.SYSTEM,
    )
    eigenschap = Eigenschap.objects.create(
        zaaktype_id=row.zaaktype_id, naam="eigen", definitie="x", specificatie_formaat="tekst", specificatie_lengte="9",
        specificatie_kardinaliteit="1",
    )  # fmt: skip
    elsewhere, moment = "https://elders.example/1", now()
    relation = Besluitinformatieobject.objects.create(besluit_id=besluit.id, informatieobject_url=elsewhere)
    made: dict[str, Any] = {
        "statussen": Status.objects.create(
            zaak=row, statustype_id=zaaktype.statustypen[0].id, datum_status_gezet=moment
        ),
        "resultaten": Resultaat.objects.create(zaak=row, resultaattype_id=zaaktype.resultaattypen[0].id),
        "zaakinformatieobjecten": Zaakinformatieobject.objects.create(
            zaak=row, informatieobject_url=elsewhere, registratiedatum=moment
        ),
        "zaakobjecten": Zaakobject.objects.create(zaak=row, object_type="pand", object=elsewhere),
        "zaakeigenschappen": Zaakeigenschap.objects.create(zaak=row, eigenschap=eigenschap, naam="eigen", waarde="x"),
        "klantcontacten": Klantcontact.objects.create(zaak=row, identificatie="K1", datumtijd=moment),
        "zaakverzoeken": Zaakverzoek.objects.create(zaak=row, verzoek=elsewhere),
        "zaakcontactmomenten": Zaakcontactmoment.objects.create(zaak=row, contactmoment=elsewhere),
        "zaaknotities": Zaaknotitie.objects.create(
            zaak=row, onderwerp="x", tekst="y", aanmaakdatum=moment, wijzigingsdatum=moment
        ),
        "rollen": Rol.objects.filter(zaak=row).earliest("pk"),
        "zaakbesluiten": Zaakbesluit.objects.get(zaak=row, besluit_uuid=besluit.uuid),
        "besluitinformatieobjecten": relation,
    }
    return {"zaken": zaak, "besluiten": besluit.uuid, **{path: one.uuid for path, one in made.items()}}


def reads_of_programs() -> Iterator[Any]:
    """The reads of zaken and besluiten: in the catalogue and among subscriptions there is nobody."""
    for api, method, path in OPERATIONS:
        if api in (ZAKEN_API, BESLUITEN_API) and (method == "GET" or path.endswith("_zoek")):
            yield pytest.param(api, method, path, id=f"{method} {path}")


@pytest.mark.parametrize(("api", "method", "path"), list(reads_of_programs()))
def test_when_a_program_reads_a_zaak_then_a_line_names_the_program(
    world: World, api: Any, method: str, path: str
) -> None:
    # given
    access.create_applicatie("lezer", ["lezer"], "een-geheim-van-minstens-32-tekens!!", True)
    client = ApiClient(api.root, "lezer", "een-geheim-van-minstens-32-tekens!!")
    zaak = world.other["waiting"]
    there = everything_of(zaak)
    if "trail" in path:
        main = "besluiten" if api is BESLUITEN_API else "zaken"
        trail = json.loads(client.get(f"{main}/{there[main]}/audittrail").content)
        there["audittrail"] = trail[0]["uuid"]
    filled = path.replace("{zaak_uuid}", str(zaak)).replace("{besluit_uuid}", str(there["besluiten"]))
    kind = path.removesuffix("/{uuid}").rsplit("/", 1)[-1]
    if api is ZAKEN_API and kind == "besluiten":
        kind = "zaakbesluiten"
    filled = filled.replace("{uuid}", str(there.get(kind)))
    before = lines_of(world)
    # when
    if method == "GET":
        answer = client.get(filled.removeprefix("/"))
    else:
        answer = client.post(filled.removeprefix("/"), {"uuid__in": [str(zaak)]})
    # then
    assert answer.status_code == 200, answer.content
    assert lines_of(world) == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT activity_id, party FROM audit_processing ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("zaak.uitwisselen", "applicatie:lezer")
