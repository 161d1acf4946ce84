"""A migration that would hold people up, or break the release that still runs, is refused unless it says why."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q

from stadhuis.kit.migration_rules import faults_of


@pytest.fixture
def before() -> ProjectState:
    """Return a state with one table that is in use."""
    state = ProjectState()
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("naam", models.CharField(max_length=100)),
        ("leeg", models.CharField(max_length=10, null=True)),
    ]
    state.add_model(ModelState("room", "Zaak", fields))
    state.add_model(ModelState("room", "Soort", [("id", models.BigAutoField(primary_key=True))]))
    return state


def _faults(before: ProjectState, *operations: Operation, **attributes: object) -> list[str]:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **attributes})
    return faults_of(kind("0002_test", "room"), before)


UNSAFE = [
    (migrations.AddField("zaak", "x", models.IntegerField(default=1)), "field x is required"),
    (migrations.AddField("zaak", "x", models.IntegerField(null=True, db_index=True)), "brings an index"),
    (migrations.AddField("zaak", "x", models.IntegerField(null=True, unique=True)), "brings an index"),
    (migrations.AddField("zaak", "x", models.ForeignKey("room.Soort", models.CASCADE, null=True)), "brings an index"),
    (migrations.RemoveField("zaak", "naam"), "RemoveField naam takes away a column"),
    (migrations.RenameField("zaak", "naam", "titel"), "RenameField naam takes away a column"),
    (migrations.DeleteModel("Zaak"), "takes away a table"),
    (migrations.RenameModel("Zaak", "Dossier"), "takes away a table"),
    (migrations.AlterModelTable("Zaak", "other"), "takes away a table"),
    (migrations.AlterField("zaak", "leeg", models.CharField(max_length=10)), "becomes required"),
    (migrations.AlterField("zaak", "naam", models.CharField(max_length=50)), "becomes shorter"),
    (migrations.AlterField("zaak", "naam", models.IntegerField()), "changes its type"),
    (migrations.AlterField("zaak", "naam", models.CharField(max_length=100, unique=True)), "gets an index"),
    (migrations.AddIndex("zaak", models.Index(fields=["naam"], name="by_naam")), "AddIndexConcurrently"),
    (
        migrations.AddConstraint("zaak", models.CheckConstraint(condition=~Q(naam=""), name="has_naam")),
        "AddConstraintNotValid first",
    ),
    (migrations.AlterUniqueTogether("zaak", {("naam", "leeg")}), "builds an index"),
    (migrations.RunPython(migrations.RunPython.noop), "RunPython"),
    (migrations.RunSQL("CREATE INDEX x ON room_zaak (naam)"), "builds an index"),
    (migrations.RunSQL("ALTER TABLE room_zaak ADD x int"), "changes a table"),
    (migrations.RunSQL("UPDATE room_zaak SET naam = ''"), "changes rows"),
    (migrations.RunSQL([("LOCK TABLE room_zaak", None)]), "locks a table"),
    (
        migrations.SeparateDatabaseAndState([migrations.RemoveField("zaak", "naam")], []),
        "takes away a column",
    ),
]


@pytest.mark.parametrize(("operation", "words"), UNSAFE)
def test_when_it_is_not_safe_then_it_is_refused_and_with_a_reason_it_is_not(
    before: ProjectState, operation: Operation, words: str
) -> None:
    assert any(words in fault for fault in _faults(before, operation))
    assert all(fault.startswith("room.0002_test: ") for fault in _faults(before, operation))
    assert _faults(before, operation, locks_because="the table has ten rows") == []
    assert _faults(before, operation, locks_because="  ") != []


SAFE = [
    migrations.AddField("zaak", "x", models.IntegerField(null=True)),
    migrations.AddField("zaak", "x", models.IntegerField(db_default=1)),
    migrations.AddField("zaak", "soorten", models.ManyToManyField("room.Soort")),
    migrations.AlterField("zaak", "naam", models.CharField(max_length=200, help_text="longer")),
    migrations.AlterField("zaak", "naam", models.CharField(max_length=100, null=True)),
    AddIndexConcurrently("zaak", models.Index(fields=["naam"], name="by_naam")),
    AddConstraintNotValid("zaak", models.CheckConstraint(condition=~Q(naam=""), name="has_naam")),
    migrations.RunSQL("CREATE SEQUENCE room_nummer"),
    migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON room_zaak (naam)"),
    migrations.SeparateDatabaseAndState([], [migrations.RemoveField("zaak", "naam")]),
]


@pytest.mark.parametrize("operation", SAFE)
def test_when_it_is_safe_then_it_needs_no_reason(before: ProjectState, operation: Operation) -> None:
    assert _faults(before, operation) == []


def test_when_the_table_is_made_by_the_same_migration_then_nobody_waits_for_it(before: ProjectState) -> None:
    assert (
        _faults(
            before,
            migrations.CreateModel("Nieuw", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("nieuw", "x", models.IntegerField(default=1, db_index=True)),
            migrations.AddIndex("nieuw", models.Index(fields=["x"], name="by_x")),
            migrations.RunSQL("ALTER TABLE room_nieuw SET (fillfactor = 70)"),
        )
        == []
    )
