"""Two clients at the Autorisaties API at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from stadhuis.access.models import Applicatie, Client
from stadhuis.autorisaties.tests.given import applicatie_body, given_applicatie, made
from stadhuis.kit.api.testing import body_of, faults

pytestmark = pytest.mark.django_db(transaction=True)
NRC = {"component": "nrc", "scopes": ["notificaties.consumeren"]}


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment and return what each gave."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_when_many_register_one_client_id_at_once_then_one_application_has_it() -> None:
    api = given_applicatie()
    for round_ in range(5):
        ids = [f"a{round_}", f"b{round_}", f"c{round_}"]
        orders = [ids, ids[::-1], [ids[1], ids[2], ids[0]], ids]
        answers = at_once(
            *[lambda order=order: api.post("applicaties", applicatie_body(NRC, clientIds=order)) for order in orders]
        )
        assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
        for answer in answers:
            if answer.status_code == 400:
                assert faults(answer) == {"clientIds": "clientId-exists"}
        assert Client.objects.filter(client_id__in=ids, applicatie__isnull=False).count() == 3
    assert Applicatie.objects.count() == 6


def test_when_client_ids_are_sent_in_another_order_then_nobody_waits_in_a_circle() -> None:
    api, has_one = given_applicatie(), Event()
    row = Applicatie.objects.get()

    def takes_a_then_b() -> None:
        with transaction.atomic():
            Client.objects.create(client_id="a", applicatie=row)
            has_one.set()
            for _ in range(500):  # until the other waits for it
                with connection.cursor() as cursor:
                    cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
                    if cursor.fetchone()[0]:
                        break
                sleep(0.02)
            Client.objects.create(client_id="b", applicatie=row)

    def asks_b_then_a() -> Any:
        assert has_one.wait(timeout=10)
        return api.post("applicaties", applicatie_body(NRC, clientIds=["b", "a"]))

    _, answer = at_once(takes_a_then_b, asks_b_then_a)
    assert faults(answer) == {"clientIds": "clientId-exists"}
    assert set(Client.objects.filter(applicatie=row).values_list("client_id", flat=True)) == {"beheer", "a", "b"}


def test_when_two_applications_take_each_others_new_client_id_at_once_then_one_gets_it() -> None:
    api = given_applicatie()
    one, two = made(api, NRC, clientIds=["een"]), made(api, NRC, clientIds=["twee"])
    answers = at_once(
        lambda: api.patch(one["url"], {"clientIds": ["een", "x", "y"]}),
        lambda: api.patch(two["url"], {"clientIds": ["twee", "y", "x"]}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert len({row.applicatie_id for row in Client.objects.filter(client_id__in=["x", "y"])}) == 1


def test_when_an_application_is_changed_and_removed_at_once_then_nothing_breaks() -> None:
    api = given_applicatie()
    applicatie = made(api, NRC)
    answers = at_once(
        lambda: api.patch(applicatie["url"], {"label": "een"}),
        lambda: api.put(applicatie["url"], applicatie_body(NRC, label="twee")),
        lambda: api.delete(applicatie["url"]),
        lambda: api.patch(applicatie["url"], {"autorisaties": [NRC, NRC]}),
    )
    assert answers[2].status_code == 204
    assert {answer.status_code for answer in answers} <= {200, 204, 404}
    assert api.get(applicatie["url"]).status_code == 404
    assert body_of(api.get("applicaties"))["count"] == 1
