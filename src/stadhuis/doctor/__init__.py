"""``stadhuis doctor``: look at everything an operator would have to look at, and say what is wrong in sentences.

Each check is a small function that yields findings; ``--only`` runs some of them, so that a monitor may ask for one.
The command ends with 1 when something is wrong; a warning alone does not change that it ends with 0.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from stadhuis.doctor.findings import Finding, ok, wrong
from stadhuis.kit.env import SettingsError
from stadhuis.kit.starting import start_django

Check = Callable[[], Iterator[Finding]]


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="only this check; may be repeated")


def run(*, only: Sequence[str] = (), as_json: bool = False) -> int:
    """Print one line per finding (or JSON); 1 when something is wrong, 2 for a check that does not exist."""
    try:
        from stadhuis import settings
    except SettingsError as error:
        _tell([wrong("settings", str(error))], as_json=as_json)
        return 1
    start_django()
    checks = all_checks()
    if unknown := set(only) - set(checks):
        print(f"No check is called {', '.join(sorted(unknown))}; there are {', '.join(checks)}.")
        return 2
    found = [] if only else [ok("settings", f"mode {settings.MODE}, reached at {settings.PUBLIC_URL}")]
    for name, check in checks.items():
        if not only or name in only:
            found += examine(name, check)
    _tell(found, as_json=as_json)
    return 1 if any(finding.state == "wrong" for finding in found) else 0


def all_checks() -> dict[str, Check]:
    """Return every check by its name, in the order in which they are told."""
    from stadhuis.doctor import database, machine, secrets, sources

    return {
        "secrets": secrets.secrets,
        "signing": secrets.signing,
        "database": database.database,
        "migrations": database.migrations,
        "worker": database.worker,
        "jobs": database.jobs,
        "audit": database.audit,
        "disk": machine.disk,
        "files": machine.files,
        "backups": machine.backups,
        "assets": machine.assets,
        "proxy": machine.proxy,
        "sources": sources.sources,
        "clock": sources.clock,
        "certificates": sources.certificates,
    }


def examine(name: str, check: Check) -> list[Finding]:
    """Return what a check finds; a database that does not answer is a finding as well."""
    from django.db import DatabaseError
    from psycopg_pool import PoolTimeout

    try:
        return list(check())
    except (DatabaseError, PoolTimeout):
        return [wrong(name, "cannot be told: the database does not answer, or its tables are missing")]


def _tell(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        is_well = not any(finding.state == "wrong" for finding in found)
        print(json.dumps({"ok": is_well, "findings": [asdict(finding) for finding in found]}, indent=1))
        return
    for finding in found:
        print(f"{finding.state:8}{finding.check}: {finding.text}")
