"""What the lists of somebody of one unit cost in a large town: what lies with that unit, not what lies with others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadhuis.access import public as access
from stadhuis.casework import public as casework
from stadhuis.casework.models import WorkItem
from stadhuis.casework.tests.givens import Town, given_application, given_town
from stadhuis.people import public as people
from stadhuis.zaken.tests.givens import given_staff

pytestmark = pytest.mark.django_db
OPEN = 20_000
BLOCKS = 60
"""Of 8 KiB, in memory or on disk, for one statement; 20,000 work items lie in more than 200."""


@pytest.fixture
def town(settings: Any) -> Town:
    settings.PRACTICE_DATE = "2021-05-17"
    return given_town()


def lay_work(unit_id: int, *, is_open: bool = True) -> None:
    """Give a unit as much work; of zaken that are not there, since only the lists of work are looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'casework_workitem'::regclass AND contype = 'f'"
            " AND confrelid = 'zaken_zaak'::regclass"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE casework_workitem DROP CONSTRAINT "{name}"')
        cursor.execute("ALTER TABLE casework_workitem DISABLE TRIGGER USER")
        # A new file, without what tests before this one left behind and rolled back: the planner counts its pages too.
        cursor.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM casework_workitem")
        cursor.execute("TRUNCATE casework_workitem")
        cursor.execute("INSERT INTO casework_workitem OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        cursor.execute("DROP TABLE kept")
        cursor.execute(
            "INSERT INTO casework_workitem (zaak_id, zaaktype_ref, vertrouwelijkheid_orde, unit_id, deadline, is_open,"
            " awaits_approval, changed_at) SELECT (SELECT max(zaak_id) FROM casework_workitem) + n, 'OEV:TOZO', 3, %s,"
            " DATE '2021-05-17' + n %% 200, %s, FALSE, now() FROM generate_series(1, %s) n",
            [unit_id, is_open, OPEN],
        )
        cursor.execute("ALTER TABLE casework_workitem ENABLE TRIGGER USER")
        cursor.execute("ANALYZE casework_workitem")


def blocks_of_worklists(actor: people.Actor) -> dict[str, int]:
    """Return how many blocks each statement on the work reads, of every view of the worklist."""
    read: dict[str, int] = {}
    for view in ("all", "unit", "free", "mine", "approve"):
        with CaptureQueriesContext(connection) as queries:
            casework.worklist(view, seen_by=actor)
        asked = [one["sql"] for one in queries if "casework_workitem" in one["sql"]]
        assert len(asked) == 2
        for number, sql in enumerate(asked):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
                [(found,)] = cursor.fetchall()
            plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            read[f"{view} {number}"] = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return read


@pytest.mark.parametrize("grants", ["every type", "some types"])
@pytest.mark.parametrize("own", ["nothing", "nothing open", "one zaak", "much below"])
def test_who_is_bound_to_a_unit_pays_for_what_lies_there_and_not_for_the_town(
    town: Town, own: str, grants: str
) -> None:
    # given a large town, and a unit in which little is open
    zaak = given_application(town)
    team = people.create_unit("ginds", "Ginds")
    below = people.create_unit("daaronder", "Daaronder", team)
    types = ["*"] if grants == "every type" else ["OEV:TOZO", zaak.zaaktype_ref]
    given = [access.GrantData("zaak.lezen", ref, 5, unit_id=team) for ref in types]
    actor = given_staff(*given, username="van-ginds")
    lay_work(people.create_unit("groot", "Groot"))
    if own == "nothing open":
        lay_work(team, is_open=False)
    if own == "one zaak":
        WorkItem.objects.filter(zaak_id=zaak.id).update(unit_id=team)
    if own == "much below":
        WorkItem.objects.filter(unit__code="groot").update(unit_id=below)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE casework_workitem")
    # then
    seen = casework.worklist("all", seen_by=actor)
    assert seen.total == {"nothing": 0, "nothing open": 0, "one zaak": 1, "much below": 1001}[own]
    read = blocks_of_worklists(actor)
    if own != "much below":
        assert max(read.values()) < BLOCKS, read
