"""Hold the house rules that no linter knows: doors, foreign keys and templates only ever look down.

The order of the rooms is read from the import contract in ``pyproject.toml``, so that it stands in one place.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "stadhuis"
OPEN_ROOMS = {"kit", "law"}
"""Rooms without nouns of the town are libraries: their modules may be used directly."""
OPEN_MODULES = {"public", "choices", "columns"}
"""The door, and what models need while Django loads them, when no door opens yet: value lists and kinds of columns."""
_USES_TEMPLATE = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)""")


def order_of_rooms() -> dict[str, int]:
    """Return the level of each room, counted from the bottom."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        name.strip(" ()"): level for level, layer in enumerate(reversed(layers)) for name in re.split(r"[|:]", layer)
    }


def is_below(room: str, other: str, order: dict[str, int]) -> bool:
    """Return whether ``other`` may be used by ``room``."""
    return room == other or order.get(other, 0) < order.get(room, len(order))


def faults_of_doors(order: dict[str, int]) -> list[str]:
    """Return the imports that enter another room elsewhere than at its ``public.py``."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = _room(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for line, module in _modules(node):
                parts = module.split(".")
                if parts[0] != "stadhuis" or len(parts) < 3 or parts[1] == room or parts[1] in OPEN_ROOMS:
                    continue
                if not (PACKAGE / parts[1]).is_dir() or parts[2] in OPEN_MODULES | {"tests"}:
                    continue
                # A test may look at what a deed left behind in the tables below, and reset what a process remembers.
                if "tests" in path.parts and is_below(room, parts[1], order):
                    continue
                found.append(f"{path.relative_to(ROOT)}:{line}: enters {module} past stadhuis.{parts[1]}.public")
    return found


def _modules(node: ast.AST) -> list[tuple[int, str]]:
    if isinstance(node, ast.Import):
        return [(node.lineno, alias.name) for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        if node.module.count(".") == 1:  # from stadhuis.room import models
            return [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return [(node.lineno, node.module)]
    return []


def faults_of_test_helpers() -> list[str]:
    """Return imports of test modules by code that is not a test."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts or path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found += [
                f"{path.relative_to(ROOT)}:{line}: code uses the test helper {module}"
                for line, module in _modules(node)
                if module.startswith("stadhuis.") and ".tests" in module
            ]
    return found


def faults_of_templates(order: dict[str, int]) -> list[str]:
    """Return templates that extend or include one of a room above or beside them."""
    found = []
    for path in sorted(PACKAGE.rglob("templates/**/*.*")):
        room = _room(path)
        for name in _USES_TEMPLATE.findall(path.read_text(encoding="utf-8", errors="replace")):
            owner = name.split("/", 1)[0]
            if owner not in order:
                found.append(f"{path.relative_to(ROOT)}: {name} does not start with the name of a room")
            elif not is_below(room, owner, order):
                found.append(f"{path.relative_to(ROOT)}: uses {name} of {owner}, which is not below {room}")
    return found


def faults_of_foreign_keys(order: dict[str, int]) -> list[str]:
    """Return relations that point to a room above or beside their own."""
    import django
    from django.apps import apps

    django.setup()
    found = []
    for model in apps.get_models(include_auto_created=True):
        room = _room_of_module(model.__module__)
        if room is None:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if not field.is_relation or field.auto_created or target is None or isinstance(target, str):
                continue
            other = _room_of_module(target.__module__)
            if other is not None and not is_below(room, other, order):
                found.append(
                    f"{model._meta.label}.{field.name} points to {target._meta.label}, which is not below {room}"
                )
    return found


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def _room_of_module(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "stadhuis" and len(parts) > 1 else None


def main() -> int:
    """Print every fault; 1 when there is one."""
    order = order_of_rooms()
    found = (
        faults_of_doors(order) + faults_of_test_helpers() + faults_of_templates(order) + faults_of_foreign_keys(order)
    )
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
