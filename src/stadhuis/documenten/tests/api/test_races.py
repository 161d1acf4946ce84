"""Two applications at once: each request on a connection of its own (drc-009, BEHAVIOUR 18)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from stadhuis.documenten.models import Document, DocumentVersie, Gebruiksrecht
from stadhuis.documenten.tests.api.given import (
    content_of,
    document_body,
    encoded,
    given_applicatie,
    given_document,
    given_lock,
)
from stadhuis.documenten.tests.api.test_parts import gebruiksrechten_body, verzending_body
from stadhuis.documenten.tests.api.test_upload import announced, pieces, send
from stadhuis.kit.api.testing import ApiClient, body_of
from stadhuis.kit.models import StoredFile

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "enkelvoudiginformatieobjecten"


@pytest.fixture
def shared(settings: Any, tmp_path: Path) -> ApiClient:
    settings.DATA_DIR, settings.DOCUMENT_PART_BYTES = tmp_path, 1000
    return given_applicatie()


def at_once(*requests: Callable[[], Any]) -> list[int]:
    """Send requests at the same moment and return the statuses of the answers, sorted."""
    statuses: list[int] = [0] * len(requests)
    start = Barrier(len(requests))

    def run(place: int, request: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            statuses[place] = request().status_code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, request)) for place, request in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(statuses)


def test_drc_009_when_several_want_the_lock_at_once_then_one_gets_it(shared: ApiClient) -> None:
    document = given_document(shared)
    assert at_once(*[lambda: shared.send("POST", f"{document['url']}/lock")] * 4) == [200, 400, 400, 400]


def test_when_the_same_number_is_sent_at_once_then_one_gets_it_and_no_file_is_left(shared: ApiClient) -> None:
    body = document_body(identificatie="D-1")
    assert at_once(*[lambda: shared.post(PATH, body)] * 3) == [201, 400, 400]
    assert Document.objects.count() == 1
    assert sorted(StoredFile.objects.values_list("state", flat=True)) == ["discarded", "discarded", "kept"]


def test_when_a_document_changes_at_once_then_every_change_is_a_version(shared: ApiClient) -> None:
    document = given_document(shared)
    lock = given_lock(shared, document)
    changes = [{"titel": f"T{n}", "inhoud": encoded(b"x" * n), "bestandsomvang": n, "lock": lock} for n in range(1, 4)]
    assert at_once(*[lambda change=change: shared.patch(document["url"], change) for change in changes]) == [200] * 3
    assert Document.objects.get().versie == 4
    assert sorted(DocumentVersie.objects.values_list("versie", flat=True)) == [1, 2, 3]
    now = body_of(shared.get(document["url"]))
    assert len(content_of(shared, now["inhoud"])) == now["bestandsomvang"] == int(now["titel"][1])


def test_when_an_upload_is_ended_twice_at_once_then_the_file_is_there_once(shared: ApiClient) -> None:
    document = announced(shared)
    for part, content in pieces(document):
        body_of(send(shared, part, content, document["lock"]))
    outcome = at_once(*[lambda: shared.post(f"{document['url']}/unlock", {"lock": document["lock"]})] * 3)
    assert outcome == [204, 400, 400]
    assert StoredFile.objects.filter(state="kept").count() == 1
    assert not StoredFile.objects.filter(state="arrived").exists()
    assert body_of(shared.get(document["url"]))["bestandsomvang"] == 2500


def test_when_a_document_goes_while_others_add_to_it_then_nothing_is_left_hanging(shared: ApiClient) -> None:
    document = given_document(shared)
    rights, sent = gebruiksrechten_body(document), verzending_body(document)
    outcome = at_once(
        lambda: shared.delete(document["url"]),
        lambda: shared.post("gebruiksrechten", rights),
        lambda: shared.post("verzendingen", sent),
        lambda: shared.send("POST", f"{document['url']}/lock"),
    )
    assert set(outcome) <= {200, 201, 204, 400, 404}
    assert Document.objects.exists() == (204 not in outcome)
    assert Gebruiksrecht.objects.exists() <= Document.objects.exists()
