"""Refuse a migration that holds people up or breaks the release before, unless it says why (``locks_because``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader


def main() -> int:
    """Print every fault; 1 when there is one."""
    django.setup()
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    from stadhuis.kit.migration_rules import faults_of

    loader = MigrationLoader(None)
    state = ProjectState()
    found = []
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        if migration.__module__.startswith("stadhuis."):
            found += faults_of(migration, state)
        state = migration.mutate_state(state, preserve=False)
    print("\n".join(found))
    return 1 if found else 0


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: list[tuple[str, str]] = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        order += [key for key in loader.graph.forwards_plan(leaf) if key not in order]
    return order


if __name__ == "__main__":
    sys.exit(main())
