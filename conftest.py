"""Tests run on the database that DATABASE_URL names, else on an embedded PostgreSQL of this run alone."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from pathlib import Path

from stadhuis.kit.postgres import EmbeddedPostgres, PostgresUnavailable

os.environ["DJANGO_SETTINGS_MODULE"] = "stadhuis.settings"
os.environ.setdefault("STADHUIS_MODE", "test")
_DATA = Path(tempfile.mkdtemp(prefix="stadhuis-test-"))
_DATA.chmod(0o711)  # the database may run as another user than we do
os.environ.setdefault("STADHUIS_DATA_DIR", str(_DATA / "data"))


def _start_database() -> None:
    """Start one for this run; the processes of pytest-xdist inherit DATABASE_URL. It stops with this process."""
    server = EmbeddedPostgres(_DATA / "postgres", is_durable=False)
    atexit.register(server.remove)
    server.start()
    os.environ["DATABASE_URL"] = server.url()


def _remove_data() -> None:
    import shutil

    shutil.rmtree(_DATA, ignore_errors=True)


atexit.register(_remove_data)
if not os.environ.get("DATABASE_URL") and not {"-h", "--help", "--version", "--fixtures"} & set(sys.argv):
    try:
        _start_database()
    except PostgresUnavailable as error:
        sys.exit(str(error))

import django  # noqa: E402  (the settings read the environment that was filled above)

django.setup()
