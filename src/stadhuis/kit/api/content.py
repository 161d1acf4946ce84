"""Bodies with the content of a file in them, as base64: read piece by piece, so that 4 GB takes no more memory than 4 KB.

``with_content("inhoud", most=...)`` reads the JSON of a request. The text under that key never stands in memory: it is decoded while
it comes in and goes to ``kit.files``; in its place the endpoint's shape finds a ``Content``. What is around it is bounded like
every other body. When the request is refused the bytes are let go of at once.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from stadhuis.kit import files
from stadhuis.kit.api.endpoint import check_json
from stadhuis.kit.api.errors import NON_FIELD, Fault, Invalid, TooLarge, UnsupportedMediaType
from stadhuis.kit.api.reader import MalformedBody, read_json
from stadhuis.kit.api.shapes import Field, Schema
from stadhuis.kit.bodies import length_of
from stadhuis.kit.files.incoming import UnnamedUploadHandler

CHUNK: Final = 1 << 18
_FORM: Final = "multipart/form-data"
_PLAIN_FORM: Final = "application/x-www-form-urlencoded"
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^"\[\]{}:,]+', re.DOTALL)
_IN_TEXT = re.compile(rb'(?:[^"\\\x00-\x1f]+|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*')
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LONGEST_ESCAPE = 6
_MARKS = (b"[", b"]", b"{", b"}", b":", b",")


@dataclass(frozen=True)
class Content:
    """What stood under the key: an arrived file, or nothing when it was no base64."""

    file: UUID | None
    size: int = 0


class ContentField(Field):
    """The content of a file: null, or base64 that ``with_content`` has taken in."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(default=None, null=True, **rest)

    def convert(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, Content):
            faults.append(Fault(path, "invalid", "Geen geldige tekst."))
            return None
        if value.file is None:
            faults.append(Fault(path, "invalid", "Dit is geen geldige base64."))
            return None
        return value

    def detail(self) -> Schema:
        return {"format": "byte"}


class BinaryField(Field):
    """The bytes of a file in a form, which ``with_file`` has taken in."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(default=None, write_only=True, **rest)

    def convert(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, Content):
            faults.append(Fault(path, "invalid", "Hier werd een bestand verwacht."))
            return None
        return value

    def detail(self) -> Schema:
        return {"format": "binary"}


def with_file(key: str, *, most: Callable[[], int]) -> Callable[[HttpRequest], AbstractContextManager[Any]]:
    """Return a reader of forms in which the file ``key`` has at most ``most()`` bytes. Text fields come out as texts."""

    @contextmanager
    def read(http: HttpRequest) -> Iterator[Any]:
        kind = (http.content_type or "").lower()
        if kind not in (_FORM, _PLAIN_FORM):
            raise UnsupportedMediaType
        if length_of(http) > most() + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        values, content = _plain_form(http, key) if kind == _PLAIN_FORM else _form(http, key, most())
        try:
            yield {**values, **({key: content} if content else {})}
        except BaseException:
            if content is not None and content.file is not None:
                files.let_go(content.file)
            raise

    return read


def _form(http: HttpRequest, key: str, limit: int) -> tuple[dict[str, Any], Content | None]:
    try:
        fields, sent = MultiPartParser(http.META, http, [UnnamedUploadHandler(http)], "utf-8").parse()
    except RequestDataTooBig:
        raise TooLarge from None
    except (MultiPartParserError, SuspiciousOperation, UnicodeError):
        raise Invalid.of(NON_FIELD, "parse_error", "Het formulier is niet te lezen.") from None
    try:
        file = sent.get(key)
        content = None
        if file is not None:
            stored = files.receive(file.chunks(CHUNK), max_bytes=limit)
            content = Content(stored.uuid, stored.size)
        return {name: fields[name] for name in fields}, content
    except files.FileTooLarge:
        raise TooLarge from None
    finally:
        for _, uploads in sent.lists():
            for upload in uploads:
                upload.close()


def _plain_form(http: HttpRequest, key: str) -> tuple[dict[str, Any], Content | None]:
    """Read a form without parts, whose values are bytes with percent signs; small, for it stands in memory."""
    # One character per byte: a file is no text.
    fields = dict(parse_qsl(http.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=20))
    content = None
    if key in fields:
        stored = files.receive([fields.pop(key).encode("latin-1")], max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        content = Content(stored.uuid, stored.size)
    return dict(fields), content


class _NoBase64(Exception):
    """The text is no base64."""


def with_content(key: str, *, most: Callable[[], int]) -> Callable[[HttpRequest], AbstractContextManager[Any]]:
    """Return a reader of bodies in which ``key`` holds base64 of at most ``most()`` bytes."""

    @contextmanager
    def read(http: HttpRequest) -> Iterator[Any]:
        check_json(http)
        limit = most()
        if length_of(http) > limit // 3 * 4 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        scanner = _Scanner(http.read, key, limit)
        try:
            yield scanner.value()
        except BaseException:
            for content in scanner.found:
                if content.file is not None:
                    files.let_go(content.file)
            raise

    return read


class _Scanner:
    """Walks over JSON as it comes in and takes the text under one key of the object apart."""

    def __init__(self, read: Callable[[int], bytes], key: str, limit: int) -> None:
        self._read, self._key, self._limit = read, key, limit
        self._buffer, self._at = b"", 0
        self._rest = bytearray()
        self._in_text = False
        self.found: list[Content] = []

    def value(self) -> Any:
        """Return the value of the body. Raises ``Invalid`` and ``TooLarge``."""
        self._walk()
        try:
            value = read_json(bytes(self._rest))
        except MalformedBody as error:
            raise Invalid.of(NON_FIELD, "parse_error", str(error)) from None
        if self.found and isinstance(value, dict) and value.get(self._key) == "":
            value[self._key] = self.found[-1]
        return value

    def _more(self) -> bool:
        """Take in the next piece behind what is not used yet; False at the end."""
        chunk = self._read(CHUNK)
        self._buffer, self._at = self._buffer[self._at :] + chunk, 0
        return bool(chunk)

    def _here(self) -> bytes:
        """Return the next byte; empty at the end."""
        if self._at == len(self._buffer):
            self._more()
        return self._buffer[self._at : self._at + 1]

    def _keep(self, part: bytes) -> None:
        self._rest += part
        if len(self._rest) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge

    def _token(self) -> bytes:
        """Return the next token, whole; what never ends is the last one."""
        while True:
            match = _TOKEN.match(self._buffer, self._at)
            may_go_on = match is None or (match.end() == len(self._buffer) and match[0] not in _MARKS)
            if not may_go_on and match is not None:
                break
            if len(self._buffer) - self._at > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise TooLarge
            if not self._more():
                match = _TOKEN.match(self._buffer, self._at)
                break
        token = match[0] if match else self._buffer[self._at :]
        self._at += len(token)
        return token

    def _walk(self) -> None:
        depth, before, is_key, is_value, in_object = 0, b"", False, False, False
        while here := self._here():
            if is_value and here == b'"':
                self._at += 1
                self._take_text()
                self._keep(b'""')
                is_value, before = False, b'""'
                continue
            token = self._token()
            self._keep(token)
            if token.isspace():
                continue
            if token in (b"[", b"{"):
                in_object = in_object if depth else token == b"{"
                depth += 1
            elif token in (b"]", b"}"):
                depth -= 1
            is_value = token == b":" and is_key
            is_key = depth == 1 and in_object and before in (b"{", b",") and self._names_key(token)
            before = token

    def _names_key(self, token: bytes) -> bool:
        if token[:1] != b'"':
            return False
        try:
            return bool(json.loads(token) == self._key)
        except ValueError:
            return False

    def _take_text(self) -> None:
        """Take in the text that begins here, up to and with its closing quote."""
        self._in_text = True
        if self.found:  # the same key again: the body is refused for that
            self._pass_over()
            return
        try:
            stored = files.receive(self._decoded(), max_bytes=self._limit)
            self.found.append(Content(stored.uuid, stored.size))
        except _NoBase64:
            self.found.append(Content(None))
            self._pass_over()  # what is wrong with the rest of the body is told too
        except files.FileTooLarge:
            raise TooLarge from None

    def _pass_over(self) -> None:
        if self._in_text:
            for _ in self._pieces():
                pass

    def _pieces(self) -> Iterator[bytes]:
        """Yield the text in pieces, without its escapes; ends behind the closing quote."""
        while True:
            match = _IN_TEXT.match(self._buffer, self._at)
            piece = match[0] if match else b""
            self._at += len(piece)
            if piece:
                yield _ESCAPE.sub(_plain, piece) if b"\\" in piece else piece
            following = self._buffer[self._at : self._at + _LONGEST_ESCAPE]
            if following[:1] == b'"':
                self._at += 1
                self._in_text = False
                return
            is_part = not following or (following[:1] == b"\\" and len(following) < _LONGEST_ESCAPE)
            if not is_part or not self._more():
                raise Invalid.of(NON_FIELD, "parse_error", "The body is not JSON.")

    def _decoded(self) -> Iterator[bytes]:
        left, is_padded = b"", False
        for piece in self._pieces():
            text = left + piece.translate(None, b" \t\r\n")
            if is_padded and text:
                raise _NoBase64
            whole = len(text) // 4 * 4
            left = text[whole:]
            if whole:
                try:
                    yield binascii.a2b_base64(text[:whole], strict_mode=True)
                except binascii.Error:
                    raise _NoBase64 from None
                is_padded = text[whole - 1 : whole] == b"="
        if left:
            raise _NoBase64


def _plain(match: re.Match[bytes]) -> bytes:
    if match[1]:
        number = int(match[1], 16)
        return bytes([number]) if number < 128 else b"!"
    return {b"/": b"/", b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(match[2], b"!")
