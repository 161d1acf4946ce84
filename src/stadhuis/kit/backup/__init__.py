"""Backups: database, files and keys of one moment, encrypted, in a folder.

``make`` writes one, ``check`` reads one whole without restoring it, ``restore`` puts one back. What a folder holds and why
stands in ``archive``; decision 0019 says why it is like this.
"""

from stadhuis.kit.backup.archive import Archive, BackupRefused, Last, last_made
from stadhuis.kit.backup.making import Made, make
from stadhuis.kit.backup.restoring import RESTORED, Examined, Restored, check, restore
from stadhuis.kit.backup.vault import Identity, new_identity

__all__ = [
    "RESTORED",
    "Archive",
    "BackupRefused",
    "Examined",
    "Identity",
    "Last",
    "Made",
    "Restored",
    "check",
    "last_made",
    "make",
    "new_identity",
    "restore",
]
