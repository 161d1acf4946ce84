"""What is known from this machine: disk, files, backups, built assets, and how the web server is reached."""

from __future__ import annotations

import contextlib
import ipaddress
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from stadhuis.doctor.findings import Finding, ok, warning, wrong
from stadhuis.kit import backup
from stadhuis.kit.files import Unavailable, bucket_faults, is_there, unknown_paths
from stadhuis.kit.time import now

LEAST_FREE_BYTES = 2_000_000_000
SAMPLE = 200
"""So many of the newest files are looked for on disk."""


def disk() -> Iterator[Finding]:
    """Look whether the data folder can be written and has room, and so the folder of backups."""
    name = "disk"
    folder = Path(settings.DATA_DIR)
    probe = folder / f".probe-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield wrong(name, f"{folder} cannot be written ({error.strerror})")
        return
    places = [
        folder,
        *([Path(settings.BACKUP_DIR)] if settings.BACKUP_DIR and Path(settings.BACKUP_DIR).is_dir() else []),
    ]
    for place in places:
        free = shutil.disk_usage(place).free
        if free < LEAST_FREE_BYTES:
            yield wrong(name, f"only {free / 1e9:.1f} GB free in {place}")
        else:
            yield ok(name, f"{free / 1e9:.1f} GB free in {place}")


def files() -> Iterator[Finding]:
    """Look for files without a row, and for rows without their file (decision 0005 says that there are none)."""
    name = "files"
    where = "in the bucket" if settings.S3_BUCKET else "on disk"
    try:
        faults = bucket_faults()
        yield from (wrong(name, fault) for fault in faults)
        strangers = unknown_paths()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT uuid FROM kit_storedfile WHERE state = 'kept' ORDER BY changed_at DESC LIMIT %s", [SAMPLE]
            )
            newest = [row[0] for row in cursor.fetchall()]
        missing = [file for file in newest if not is_there(file)]
    except Unavailable as error:
        yield wrong(name, f"{error.filename}: {error.strerror} (STADHUIS_S3_ENDPOINT and what goes with it)")
        return
    if strangers:
        yield wrong(name, f"{len(strangers)} files {where} are known to no row, the first is {strangers[0].name}")
    if missing:
        yield wrong(
            name, f"{len(missing)} of the newest {len(newest)} files are not {where}, the first is {missing[0]}"
        )
    if not faults and not strangers and not missing:
        yield ok(name, f"no file without a row; the newest {len(newest)} are {where}")


def backups() -> Iterator[Finding]:
    """Look whether there is a backup, how old it is and whether it is still where it was put."""
    name = "backups"
    last = backup.last_made()
    folder = Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else (last.folder if last else None)
    names = backup.Archive(folder).names() if folder else []
    if last is None and not names:
        sentence = "none was ever made here: stadhuis backup DIR"
        yield wrong(name, sentence) if settings.IS_PRODUCTION else warning(name, sentence)
        return
    if last is None:
        yield warning(name, f"{folder} holds {len(names)}, but none was made from here")
        return
    if last.name not in names:
        yield wrong(
            name, f"the last one, {last.name}, is not in {folder}: it was removed, or the folder is not reachable"
        )
    hours = (now() - last.at).total_seconds() / 3600
    if hours > settings.BACKUP_MAX_AGE_HOURS:
        yield wrong(name, f"the last one is {hours:.0f} hours old (allowed: {settings.BACKUP_MAX_AGE_HOURS})")
    elif last.name in names:
        yield ok(name, f"the last one is {hours:.0f} hours old; there are {len(names)}")


def assets() -> Iterator[Finding]:
    """Look whether style sheets, scripts and translations were built."""
    name = "assets"
    built = Path(settings.STATIC_ROOT) / "dist"
    if not (built / "manifest.json").exists():
        yield wrong(name, "style sheets and scripts are not built (npm run build)")
    else:
        yield ok(name, "style sheets and scripts are built")
    root = Path(__file__).resolve().parents[1]
    missing = [source for source in root.rglob("locale/*/LC_MESSAGES/*.po") if not source.with_suffix(".mo").exists()]
    if missing:
        yield wrong(name, f"{len(missing)} translations are not compiled (script/translations.py compile)")
    else:
        yield ok(name, "translations are compiled")


def proxy() -> Iterator[Finding]:
    """Look whether a web server of ours listens to the world without a proxy that takes in slow requests for it.

    Our web processes have few threads; whoever sends bodies slowly can hold them all. A reverse proxy that buffers
    (nginx does by default) takes that away, so the web server listens on this machine only.
    """
    name = "proxy"
    open_ones = [host for host in _hosts_served() if not _is_local(host)]
    if open_ones and not settings.TRUSTED_PROXIES:
        yield warning(
            name,
            f"the web server listens on {open_ones[0]} and no proxy is named (STADHUIS_TRUSTED_PROXIES): slow senders can hold all its threads; put a buffering reverse proxy in front",
        )
    elif settings.IS_PRODUCTION and not settings.TRUSTED_PROXIES:
        yield warning(
            name, "STADHUIS_TRUSTED_PROXIES is empty: behind a proxy all visitors share one address for the throttle"
        )
    else:
        yield ok(name, "the web server is not open to slow senders from outside")


def _hosts_served() -> Iterator[str]:
    """Yield the addresses on which ``stadhuis serve`` listens here."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if "serve" in arguments and any(
                part.endswith("stadhuis") for part in arguments[: arguments.index("serve")]
            ):
                given = [part.removeprefix("--host=") for part in arguments if part.startswith("--host=")]
                if "--host" in arguments:
                    given.append(arguments[arguments.index("--host") + 1])
                yield given[-1] if given else "127.0.0.1"


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
