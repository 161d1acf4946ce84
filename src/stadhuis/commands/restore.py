"""``stadhuis restore``: look a backup over, take its keys out, or put it back."""

from __future__ import annotations

import argparse
from pathlib import Path

from stadhuis.commands.start import ENDED, django_started, ended_by_sigterm, refuse

NAME = "restore"
HELP = "put a backup back into an empty database, or check it"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("folder", nargs="?", default="", help="folder of the backups (STADHUIS_BACKUP_DIR)")
    parser.add_argument("--backup", default="", metavar="NAME", help="which one; the newest when none is named")
    parser.add_argument("--identity", default="", metavar="FILE", help="file with the secret key (AGE-SECRET-KEY-...)")
    parser.add_argument("--check", action="store_true", help="only read it whole and say what is wrong with it")
    parser.add_argument("--keys-to", default="", metavar="FILE", help="only take the keys out, into a new file")
    parser.add_argument(
        "--force", action="store_true", help="also over a database that is not empty: what is there goes"
    )
    parser.add_argument("--list", action="store_true", help="only name the backups there are")


def run(given: argparse.Namespace) -> int:
    """Do it; 1 with one sentence when it was not done, or when the backup is not good."""
    django_started()
    ended = ended_by_sigterm()
    from django.conf import settings
    from django.db import DatabaseError

    from stadhuis.kit import backup
    from stadhuis.kit.pgtools import ToolMissing

    folder = given.folder or settings.BACKUP_DIR
    if not folder:
        return refuse("Name the folder of the backups, or set STADHUIS_BACKUP_DIR.")
    identity = Path(given.identity) if given.identity else None
    try:
        if given.list:
            archive = backup.Archive(Path(folder))
            archive.open()
            print("\n".join(archive.names()) or "there is no whole backup")
            return 0
        if given.check:
            return _tell(backup.check(Path(folder), name=given.backup, identity_file=identity))
        keys_to = Path(given.keys_to) if given.keys_to else None
        restored = backup.restore(
            Path(folder), name=given.backup, identity_file=identity, keys_to=keys_to, force=given.force
        )
    except (backup.BackupRefused, ToolMissing) as error:
        return refuse(str(error))
    except DatabaseError as error:
        return refuse(f"The database gave an error: {str(error).splitlines()[0]}")
    except OSError as error:
        if ended.is_set():
            return ENDED
        return refuse(f"It was not restored: {error.filename or 'the disk'}: {error.strerror}.")
    if keys_to is not None:
        print(f"The keys are in {keys_to}: put them in the environment, restore, and remove the file.")
        return 0
    print(
        f"{restored.name} is back: the database and {restored.files} files, as on {restored.at:%Y-%m-%d %H:%M:%S} UTC."
    )
    for variable in restored.key_files:
        print(f"The file of {variable} was not there and has been written again.")
    if restored.missing_files:
        print(f"{len(restored.missing_files)} files were missing or damaged already when the backup was made.")
    if restored.unknown_files:
        print(f"{restored.unknown_files} files that are not in the backup were left where they are; no row names them.")
    from stadhuis.kit import health

    if pending := health.pending_migrations():
        print(f"The backup is of an earlier release: run stadhuis migrate ({len(pending)} migrations).")
    return 0


def _tell(examined: object) -> int:
    from stadhuis.kit.backup import Examined

    if not isinstance(examined, Examined):
        return refuse("Nothing was examined.")
    how = "decrypted and compared" if examined.was_opened else "encrypted bytes compared; give the key to look inside"
    for fault in examined.faults[:20]:
        print(f"wrong  {fault}")
    if examined.faults:
        return refuse(f"The backup {examined.name} is not good: {len(examined.faults)} faults.")
    print(f"{examined.name} is good: the database and {examined.files} files ({how}).")
    return 0
