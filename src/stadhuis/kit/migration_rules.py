"""Which migrations hold people up, or break the release that still runs beside the new one. No database is needed to tell.

A migration that must do such a thing says why in ``locks_because``; whoever reads it then knows that it was meant.
The rules: STYLE.md section 10 (add, fill, switch, remove: each in its own release, each safe while old and new run together).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REASON = "locks_because"
_LOCKING_SQL = (
    (re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", re.I), "builds an index while nobody may write"),
    (re.compile(r"\bLOCK\s+TABLE\b", re.I), "locks a table"),
    (re.compile(r"\bDROP\s+(TABLE|COLUMN)\b", re.I), "removes what the release before may still use"),
    (re.compile(r"\bALTER\s+TABLE\b", re.I), "changes a table; say what it locks"),
    (re.compile(r"(?:^|;)\s*(UPDATE|DELETE\s+FROM|TRUNCATE)\b", re.I), "changes rows in one transaction"),
)


def faults_of(migration: Migration, before: ProjectState) -> list[str]:
    """Return what is not safe in a migration, given the models as they stand before it; empty when it says why."""
    if str(getattr(migration, REASON, "")).strip():
        return []
    label = f"{migration.app_label}.{migration.name}"
    fresh: set[str] = set()
    found: list[str] = []
    state = before.clone()
    for operation in _database_operations(migration.operations):
        found += [f"{label}: {fault}" for fault in _faults(migration, operation, state, fresh)]
        if isinstance(operation, operations.CreateModel):
            fresh.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    return found


def _database_operations(given: Sequence[Operation]) -> Iterator[Operation]:
    for operation in given:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _database_operations(operation.database_operations)
        else:
            yield operation


def _faults(migration: Migration, operation: Operation, state: ProjectState, fresh: set[str]) -> Iterator[str]:
    if isinstance(operation, operations.RunSQL):
        yield from _faults_of_sql(operation, fresh)
        return
    if isinstance(operation, operations.RunPython):
        yield "RunPython changes rows in one transaction: fill them from a job that can stop and go on"
        return
    if isinstance(operation, operations.RenameModel | operations.DeleteModel | operations.AlterModelTable):
        yield f"{_name(operation)} takes away a table that the release before still uses"
        return
    model = str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
    if model in fresh:
        return
    if isinstance(operation, operations.AddField):
        yield from _faults_of_new(operation.name, operation.field)
    elif isinstance(operation, operations.RemoveField | operations.RenameField):
        yield f"{_name(operation)} takes away a column that the release before still uses"
    elif isinstance(operation, operations.AlterField):
        fields = state.models[migration.app_label, model].fields
        yield from _faults_of_change(operation.name, fields[operation.name], operation.field)
    elif isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield f"index {operation.index.name} is built while nobody may write: AddIndexConcurrently, with atomic = False"
    elif isinstance(operation, operations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        yield f"constraint {operation.constraint.name} reads the whole table under a lock: AddConstraintNotValid first, ValidateConstraint in a migration of its own"
    elif isinstance(operation, operations.AlterUniqueTogether | operations.AlterOrderWithRespectTo):
        yield f"{_name(operation)} builds an index while nobody may write"


def _faults_of_sql(operation: operations.RunSQL, fresh: set[str]) -> Iterator[str]:
    parts = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
    for part in parts:
        sql = part[0] if isinstance(part, list | tuple) else str(part)
        for pattern, why in _LOCKING_SQL:
            # SQL beside a table that the same migration makes concerns nobody yet, as far as can be told.
            if pattern.search(sql) and not any(table in sql.lower() for table in fresh):
                yield f"RunSQL {why}"


def _faults_of_new(name: str, field: models.Field[object, object]) -> Iterator[str]:
    if field.many_to_many:
        return
    if not field.null and not field.has_db_default() and not getattr(field, "generated", False):
        yield f"field {name} is required: the release before inserts rows without it. Give it null=True or db_default"
    if field.unique or _has_index(field):  # a foreign key has an index by itself
        yield f"field {name} brings an index that is built while nobody may write: add the column first, the index with AddIndexConcurrently"
    if getattr(field, "generated", False):
        yield f"field {name} is generated: the whole table is written anew under a lock"


def _faults_of_change(
    name: str, before: models.Field[object, object], after: models.Field[object, object]
) -> Iterator[str]:
    if before.null and not after.null:
        yield f"field {name} becomes required: the whole table is read under a lock, and the release before may leave it empty"
    if (after.unique or _has_index(after)) and not (before.unique or _has_index(before)):
        yield f"field {name} gets an index that is built while nobody may write"
    if type(before) is not type(after):
        yield f"field {name} changes its type: the whole table is written anew under a lock"
    elif (
        isinstance(after, models.CharField)
        and after.max_length is not None
        and (before.max_length is None or after.max_length < before.max_length)
    ):
        yield f"field {name} becomes shorter: the whole table is read under a lock"
    if before.get_attname_column()[1] != after.get_attname_column()[1]:
        yield f"field {name} gets another column: the release before still uses the former"


def _has_index(field: models.Field[object, object]) -> bool:
    return bool(getattr(field, "db_index", False))


def _name(operation: Operation) -> str:
    what = getattr(operation, "old_name", "") or getattr(operation, "name", "")
    return f"{type(operation).__name__} {what}".strip()
