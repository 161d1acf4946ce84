"""Files on disk, written so that a crash leaves neither a file without a row nor a kept row without a file.

``receive`` (no transaction: bytes stream in) -> ``keep`` (inside the deed) -> ``discard`` (inside a deed).
``sweep`` removes what was never kept or is discarded: first the bytes, then the row.
"""

from stadhuis.kit.files.store import (
    DELETION_LOCK,
    FileTooLarge,
    Stored,
    copy_of,
    discard,
    keep,
    keep_all,
    let_go,
    open_stored,
    path_of,
    receive,
    receive_many,
    sweep,
    unknown_paths,
)

__all__ = [
    "DELETION_LOCK",
    "FileTooLarge",
    "Stored",
    "copy_of",
    "discard",
    "keep",
    "keep_all",
    "let_go",
    "open_stored",
    "path_of",
    "receive",
    "receive_many",
    "sweep",
    "unknown_paths",
]
