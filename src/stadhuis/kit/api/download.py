"""The bytes of a file as an answer: whole or the part that was asked, never in memory. Source: RFC 9110, 14 (ranges)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from os import SEEK_END
from typing import BinaryIO, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from stadhuis.kit import files
from stadhuis.kit.api.errors import NotFound, RangeNotSatisfiable

PIECE: Final = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class _Part:
    """A part of an open file; closes it when the answer is done."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        file.seek(start)
        self._file, self._left = file, length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def file_answer(http: HttpRequest, file: UUID, *, sha256: str, name: str) -> HttpResponseBase:
    """Return the bytes of a file as a download: 200, 206 for the part that was asked, or 304.

    One range is given, several at once are answered with the whole file. Always ``application/octet-stream``: what a
    document says it is, is its writer's word. Raises ``NotFound`` and ``RangeNotSatisfiable``.
    """
    try:
        opened = files.open_stored(file)
    except FileNotFoundError:
        raise NotFound from None
    return _answer(http, opened, opened.seek(0, SEEK_END), sha256=sha256, name=name)


def bytes_answer(http: HttpRequest, content: bytes, *, name: str) -> HttpResponseBase:
    """Return bytes that lie in no file, as ``file_answer`` does."""
    return _answer(http, BytesIO(content), len(content), sha256=hashlib.sha256(content).hexdigest(), name=name)


def _answer(http: HttpRequest, opened: BinaryIO, size: int, *, sha256: str, name: str) -> HttpResponseBase:
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
    }
    if etag in {part.strip() for part in http.headers.get("If-None-Match", "").split(",")}:
        opened.close()
        return HttpResponse(status=304, headers=headers)
    try:
        start, end = _asked(http, size, etag)
    except RangeNotSatisfiable:
        opened.close()
        raise
    status = 200
    if (start, end) != (0, size):
        status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    if http.method == "HEAD":
        opened.close()
        return HttpResponse(status=status, content_type="application/octet-stream", headers=headers)
    part = _Part(opened, start, end - start)
    return StreamingHttpResponse(part, status=status, content_type="application/octet-stream", headers=headers)


def _asked(http: HttpRequest, size: int, etag: str) -> tuple[int, int]:
    """Return from where to where, the end not included."""
    match = _RANGE.fullmatch(http.headers.get("Range", "").replace(" ", ""))
    if match is None or not (match[1] or match[2]) or http.headers.get("If-Range", etag) != etag:
        return 0, size
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < int(match[1]):
            return 0, size  # no range at all
    if start >= size or start >= end:
        raise RangeNotSatisfiable(size)
    return start, end
