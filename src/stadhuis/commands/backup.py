"""``stadhuis backup``: one encrypted backup of database, files and keys into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from stadhuis.commands.start import ENDED, django_started, ended_by_sigterm, refuse

NAME = "backup"
HELP = "make an encrypted backup of database, files and keys"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("folder", nargs="?", default="", help="folder of the backups (STADHUIS_BACKUP_DIR)")
    parser.add_argument("--no-prune", action="store_true", help="keep backups older than STADHUIS_BACKUP_KEEP_DAYS")
    parser.add_argument(
        "--new-identity",
        metavar="FILE",
        default="",
        help="make no backup, but a secret key in FILE, and print the public key for STADHUIS_BACKUP_RECIPIENT",
    )


def run(given: argparse.Namespace) -> int:
    """Make a backup; 1 with one sentence when it was not made, or when files on our own disk are not good."""
    django_started()
    ended = ended_by_sigterm()
    from django.conf import settings
    from django.db import DatabaseError

    from stadhuis.kit import backup
    from stadhuis.kit.pgtools import ToolMissing

    try:
        if given.new_identity:
            print(backup.new_identity(Path(given.new_identity)))
            return 0
        folder = given.folder or settings.BACKUP_DIR
        if not folder:
            return refuse("Name a folder for the backups, or set STADHUIS_BACKUP_DIR.")
        made = backup.make(Path(folder), prune=not given.no_prune)
    except (backup.BackupRefused, ToolMissing) as error:
        return refuse(str(error))
    except DatabaseError as error:
        return refuse(f"No backup was made, the database gave an error: {str(error).splitlines()[0]}")
    except OSError as error:
        if ended.is_set():
            return ENDED
        return refuse(f"No backup was made: {error.filename or 'the folder'}: {error.strerror}.")
    print(
        f"{made.name}: {made.files} files, {made.new_files} of them new, {made.bytes_written / 1e6:.1f} MB written"
        + (f", {made.pruned} old backups removed" if made.pruned else "")
    )
    if made.bad_files:
        return refuse(
            f"The backup is whole, but {len(made.bad_files)} files were missing or damaged on this disk before it, the first is {made.bad_files[0]}."
        )
    return 0
