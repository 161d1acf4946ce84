"""``stadhuis doctor``: look at everything an operator would have to look at, and say what is wrong in sentences."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from stadhuis.kit.env import SettingsError

LEAST_FREE_BYTES = 2_000_000_000
OLDEST_VERIFICATION_DAYS = 3
OLDEST_VERSION, NEWEST_VERSION = 15, 18

Finding = tuple[bool, str]


def run() -> int:
    """Print one line per finding; 1 when something is wrong."""
    try:
        from stadhuis import settings
    except SettingsError as error:
        print(f"wrong  {error}")
        return 1
    import django

    django.setup()
    is_well = True
    print(f"ok     settings: mode {settings.MODE}, reached at {settings.PUBLIC_URL}")
    for examine in _EXAMINATIONS:
        for is_good, sentence in examine():
            is_well = is_well and is_good
            print(f"{'ok    ' if is_good else 'wrong '} {sentence}")
    return 0 if is_well else 1


def _secrets() -> Iterator[Finding]:
    from django.conf import settings

    # Production refuses weak secrets when it reads its settings; elsewhere they are a warning in words only.
    if "only-for-tests" in settings.SECRET_KEY:
        yield True, "secrets: those for tests, good for practice on this machine only"
    else:
        yield True, "secrets: set"


def _database() -> Iterator[Finding]:
    from django.db import connection

    from stadhuis.kit import health

    found = health.checks()
    for check in found:
        yield check.is_well, f"{check.name}: {check.text}"
    if not found[0].is_well:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    if not OLDEST_VERSION <= version <= NEWEST_VERSION:
        yield False, f"database: PostgreSQL {version} is not one of {OLDEST_VERSION} to {NEWEST_VERSION}"
    if encoding != "UTF8":
        yield False, f"database: its encoding is {encoding} and must be UTF8"


def _jobs() -> Iterator[Finding]:
    from django.conf import settings
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*) FILTER (WHERE job.status = 'failed'),
                       count(*) FILTER (WHERE job.status = 'doing' AND (worker.id IS NULL
                           OR worker.last_heartbeat < now() - make_interval(secs => %s))),
                       count(*) FILTER (WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) < now() - interval '15 minutes')
                FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
                """,
                [settings.JOB_STALLED_SECONDS],
            )
            failed, stuck, late = cursor.fetchone()
    except DatabaseError:
        return  # said already: the database or its tables are not there
    yield not failed, f"jobs: {failed} failed for good"
    yield not stuck, f"jobs: {stuck} in the hands of a worker that died (the sweep takes them up within a minute)"
    yield not late, f"jobs: {late} should have started more than a quarter of an hour ago"


def _audit() -> Iterator[Finding]:
    from django.db import Error

    from stadhuis.audit import public as audit
    from stadhuis.kit.time import now

    try:
        state = audit.chain_state(latest=1)
    except Error:
        return  # the database was examined above
    if state.reason:
        yield False, f"audit trail: broken at line {state.broken_line or 'that was not sealed yet'}: {state.reason}"
    elif state.verified_at is None:
        yield True, "audit trail: not verified yet; that happens every night, or by stadhuis verify-audit"
    elif (now() - state.verified_at).days >= OLDEST_VERIFICATION_DAYS:
        yield False, f"audit trail: last verified on {state.verified_at:%Y-%m-%d}; does the worker run?"
    else:
        yield True, f"audit trail: whole up to and including line {state.last_number}"


def _data_folder() -> Iterator[Finding]:
    from django.conf import settings

    folder = Path(settings.DATA_DIR)
    probe = folder / f".probe-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield False, f"data folder: {folder} cannot be written ({error.strerror})"
        return
    free = shutil.disk_usage(folder).free
    yield True, f"data folder: {folder} can be written"
    yield free >= LEAST_FREE_BYTES, f"disk: {free / 1e9:.1f} GB free"


def _assets() -> Iterator[Finding]:
    built = Path(__file__).parent / "kit" / "static" / "dist"
    is_built = built.is_dir() and any(built.iterdir())
    yield (
        is_built,
        "style sheets and scripts: built" if is_built else "style sheets and scripts: not built (npm run build)",
    )
    sources = list(Path(__file__).parent.rglob("locale/*/LC_MESSAGES/*.po"))
    missing = [source for source in sources if not source.with_suffix(".mo").exists()]
    yield (
        not missing,
        "translations: compiled" if not missing else "translations: not compiled (script/translations.py compile)",
    )


_EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _secrets, _database, _jobs, _audit, _data_folder, _assets,
)  # fmt: skip
