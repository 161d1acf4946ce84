"""Files on disk or in a bucket (S3), written so that a crash leaves neither a file without a row nor a kept row without a file.

``receive`` (no transaction: bytes stream in) -> ``keep`` (inside the deed) -> ``discard`` (inside a deed).
``sweep`` removes what was never kept or is discarded: first the bytes, then the row.
"""

from stadhuis.kit.files.places import Unavailable
from stadhuis.kit.files.store import (
    DELETION_LOCK,
    FileTooLarge,
    Stored,
    bucket_faults,
    copy_of,
    discard,
    is_there,
    keep,
    keep_all,
    let_go,
    open_stored,
    path_of,
    putting_back,
    receive,
    receive_many,
    remove_bytes,
    remove_unknown,
    sweep,
    unknown_paths,
)

__all__ = [
    "DELETION_LOCK",
    "FileTooLarge",
    "Stored",
    "Unavailable",
    "bucket_faults",
    "copy_of",
    "discard",
    "is_there",
    "keep",
    "keep_all",
    "let_go",
    "open_stored",
    "path_of",
    "putting_back",
    "receive",
    "receive_many",
    "remove_bytes",
    "remove_unknown",
    "sweep",
    "unknown_paths",
]
