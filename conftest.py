"""Tests run on the database that DATABASE_URL names, else on an embedded PostgreSQL of this run alone."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings

from stadhuis.kit.postgres import EmbeddedPostgres, PostgresUnavailable

os.environ["DJANGO_SETTINGS_MODULE"] = "stadhuis.settings"
os.environ["STADHUIS_MODE"] = "test"
_DATA = Path(tempfile.mkdtemp(prefix="stadhuis-test-"))
_DATA.chmod(0o711)  # the database may run as another user than we do
os.environ["STADHUIS_DATA_DIR"] = str(_DATA / "data")
pytest_plugins = ["stadhuis.kit.tests.s3"]
BROWSERS = ("chromium", "chromium-browser")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
# A busy machine is no fault of what is tested.
settings.register_profile("town", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("town")


@pytest.fixture(autouse=True)
def _nobodys_request() -> None:
    """Let no test write its lines under the request of the one before it."""
    structlog.contextvars.clear_contextvars()


def _start_database() -> None:
    """Start one for this run; the processes of pytest-xdist inherit DATABASE_URL. It stops with this process."""
    server = EmbeddedPostgres(_DATA / "postgres", is_durable=False)
    atexit.register(server.remove)
    server.start()
    os.environ["DATABASE_URL"] = server.url()


atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
if not os.environ.get("DATABASE_URL") and not {"-h", "--help", "--version", "--fixtures"} & set(sys.argv):
    try:
        _start_database()
    except PostgresUnavailable as error:
        sys.exit(str(error))

from stadhuis.kit.starting import start_django  # noqa: E402

start_django()  # the settings read the environment that was filled above

from django.db import connection  # noqa: E402
from django.utils import translation  # noqa: E402
from whitenoise.base import WhiteNoise  # noqa: E402

from stadhuis.kit import outside  # noqa: E402
from stadhuis.kit.tests import tables  # noqa: E402


def _look_for_static_files_once() -> None:
    """Let WhiteNoise walk through the built files once: every browser of every test makes the middleware anew."""
    look = WhiteNoise.update_files_dictionary
    found: dict[tuple[object, ...], dict[str, Any]] = {}

    def look_once(self: Any, root: str, prefix: str) -> None:
        key = (root, prefix, self.max_age)
        if key not in found:
            look(self, root, prefix)
            found[key] = dict(self.files)
        self.files.update(found[key])

    WhiteNoise.update_files_dictionary = look_once


_look_for_static_files_once()


def pytest_collection_finish() -> None:
    """Leave what was collected out of the search for garbage: it is a million objects, and stays."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the tables that the run makes once, instead of migrating in every process of it."""
    connection.settings_dict["TEST"]["TEMPLATE"] = tables.template(os.environ["DATABASE_URL"])


@pytest.fixture(autouse=True)
def _other_systems_start_well() -> None:
    """Forget which other systems failed in an earlier test."""
    outside.forget()


@pytest.fixture(autouse=True)
def _jobs_of_no_other_test(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Throw away the jobs of a test that commits: their tables are not Django's, which empties only its own."""
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = {"live_server", "transactional_db"} & set(request.fixturenames)
    if commits or (mark is not None and mark.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")


@pytest.fixture(autouse=True)
def _language_of_no_other_test() -> Iterator[None]:
    """Start each test in the default language: a request keeps its own active in the thread after the answer."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where there is no browser, keep slow tests of one file in one process, and begin with them.

    What asks the database is marked ``database``: the run on an older server is of those.

    They share a town hall or a town that takes long to make; and at the end of the run no process waits for a slow one.
    """
    has_browser = any(map(shutil.which, BROWSERS))
    for item in items:
        is_browser = item.get_closest_marker("browser") is not None
        if is_browser or item.get_closest_marker("slow") is not None:
            item.add_marker(pytest.mark.xdist_group(f"slow-{item.path.name}"))
        if item.get_closest_marker("django_db") is not None or DATABASE_FIXTURES & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.database)
        if is_browser and not has_browser:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
