"""Encryption of backups, in the format of age (https://age-encryption.org/v1), so that the tool ``age`` opens them as well.

Everything is encrypted for one public key. With ``BACKUP_RECIPIENT`` the machine that makes backups cannot read them: the
secret key (the identity) is kept elsewhere. With ``BACKUP_PASSPHRASE`` the identity lies in the folder, locked with it.
"""

from __future__ import annotations

import errno
import hashlib
import io
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings

from stadhuis.kit.backup.archive import Archive, BackupRefused
from stadhuis.kit.files.places import Writer

Identity = Any
"""An age identity (secret key): pyrage has no types."""
_BROKEN = (OSError, pyrage.DecryptError)


class Damaged(Exception):
    """Bytes of a backup are not those that were written; the text names which."""


class Hashing(io.RawIOBase):
    """Passes bytes on to a file and keeps their number and SHA-256."""

    def __init__(self, target: Writer | None) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Whether bytes may be written: yes."""
        return True

    def write(self, given: Any) -> int:
        """Take some bytes."""
        taken = bytes(given)
        self._digest.update(taken)
        self.size += len(taken)
        if self._target is not None:
            self._target.write(taken)
        return len(taken)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far, in hex."""
        return self._digest.hexdigest()


class HashingReader(io.RawIOBase):
    """Reads from a file and keeps number and SHA-256 of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        """Whether bytes may be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes; fewer only at the end."""
        got = self._source.read(size)
        self._digest.update(got)
        self.size += len(got)
        return got

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was read so far, in hex."""
        return self._digest.hexdigest()


def new_identity(place: Path) -> str:
    """Make an identity, write it to a new file that only its owner reads, and return the recipient that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        with place.open("x", encoding="utf-8") as file:
            place.chmod(0o600)
            file.write(f"# public key: {recipient}\n{identity}\n")
    except FileExistsError:
        raise BackupRefused(f"{place} is there already, and an identity is never overwritten.") from None
    except OSError as error:
        raise BackupRefused(f"{place} cannot be written: {error.strerror}.") from None
    return recipient


def recipient_for(archive: Archive) -> Any:
    """Return for whom to encrypt. Raises ``BackupRefused`` when the settings name nobody, or a passphrase does not fit."""
    given, passphrase = str(settings.BACKUP_RECIPIENT), str(settings.BACKUP_PASSPHRASE)
    if given and passphrase:
        raise BackupRefused("Give STADHUIS_BACKUP_RECIPIENT or STADHUIS_BACKUP_PASSPHRASE, not both.")
    if given:
        try:
            return pyrage.x25519.Recipient.from_str(given)
        except pyrage.RecipientError:
            raise BackupRefused("STADHUIS_BACKUP_RECIPIENT is no age public key (age1...).") from None
    if not passphrase:
        raise BackupRefused(
            "A backup is always encrypted: set STADHUIS_BACKUP_RECIPIENT (stadhuis backup --new-identity FILE makes one) or STADHUIS_BACKUP_PASSPHRASE."
        )
    if not archive.locked_identity.exists():
        # Only as strong as the passphrase: whoever copies the folder may guess at leisure.
        if len(passphrase) < 16:
            raise BackupRefused("STADHUIS_BACKUP_PASSPHRASE is weak: give at least 16 characters.")
        identity = pyrage.x25519.Identity.generate()
        archive.write_new(archive.locked_identity, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
    # Derived from what the passphrase opens, never read from the folder: nobody who can write there may become the reader.
    return identity_for(archive, None).to_public()


def identity_for(archive: Archive, identity_file: Path | None) -> Identity:
    """Return the identity that opens this folder. Raises ``BackupRefused``."""
    if identity_file is not None:
        try:
            lines = identity_file.read_text(encoding="utf-8").split()
            secret = next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))
            return pyrage.x25519.Identity.from_str(secret)
        except (OSError, ValueError, StopIteration, pyrage.IdentityError):
            raise BackupRefused(f"{identity_file} holds no age identity.") from None
    passphrase = str(settings.BACKUP_PASSPHRASE)
    if not passphrase or not archive.locked_identity.exists():
        raise BackupRefused(
            "To read this backup give --identity FILE"
            + (" or set STADHUIS_BACKUP_PASSPHRASE." if archive.locked_identity.exists() else ".")
        )
    try:
        opened = pyrage.passphrase.decrypt(archive.locked_identity.read_bytes(), passphrase).decode()
        return pyrage.x25519.Identity.from_str(opened)
    except (*_BROKEN, ValueError, pyrage.IdentityError):
        raise BackupRefused("STADHUIS_BACKUP_PASSPHRASE does not open the identity in this folder.") from None


def lock(source: Any, target: IO[bytes], recipient: Any) -> Hashing:
    """Encrypt a stream into a file; returns size and hash of what was written. Raises ``OSError``, also for a full disk."""
    written = Hashing(target)
    try:
        pyrage.encrypt_io(source, written, [recipient])
    except pyrage.EncryptError as error:  # the library keeps only the words of what went wrong in reading or writing
        raise OSError(errno.EIO, str(error)) from error
    return written


def unlock(source: IO[bytes], target: Writer | None, identity: Identity, *, what: str) -> Hashing:
    """Decrypt a file into a stream (None: nowhere); returns size and hash of the plain bytes. Raises ``Damaged``."""
    plain = Hashing(target)
    try:
        pyrage.decrypt_io(source, plain, [identity])
    except BrokenPipeError:
        raise
    except _BROKEN:
        raise Damaged(f"{what} cannot be decrypted: it is damaged, or meant for another key") from None
    return plain
