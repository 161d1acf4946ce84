"""Files in a bucket of an S3-compatible store.

An object shows when it is whole and not before, so a bucket needs no half-written names; what stays behind of a large file
whose writer was killed are its parts (a multipart upload), which ``remove`` takes away too. The bucket must not keep
versions: what is destroyed would live on in it (``stadhuis doctor`` looks).

Source: Amazon S3 API reference (PutObject, CreateMultipartUpload, GetObject), which the other stores follow.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.session import Session
from django.conf import settings

from stadhuis.kit.files.places import Unavailable, name_of

PART_BYTES = 16 << 20
"""So much of a file is in memory at once; with the most parts there may be (10,000) it allows 160 GB."""
READ_AHEAD = 1 << 18
ANSWER_SECONDS = 30
"""Longer than other systems get: putting the parts of a large file together takes a store its time."""
PAGE = 1000
"""So many names a store gives at once, at most."""
_MISSING = {"NoSuchKey", "404", "NotFound"}
_NO_UPLOAD = {"NoSuchUpload", "404", "NotFound"}


@dataclass(frozen=True)
class _Reach:
    endpoint: str
    region: str
    access_key: str
    secret_key: str
    addressing: str
    ca_file: str
    connections: int
    seconds: int


@lru_cache(maxsize=4)
def _client(reach: _Reach, *, is_stranger: bool = False) -> Any:
    """Return a client of the store; it may be used by several threads at once. A stranger shows no key."""
    return Session().create_client(
        "s3",
        endpoint_url=reach.endpoint,
        region_name=reach.region,
        aws_access_key_id=reach.access_key,
        aws_secret_access_key=reach.secret_key,
        verify=reach.ca_file or None,
        config=Config(
            signature_version=UNSIGNED if is_stranger else "s3v4",
            connect_timeout=reach.seconds,
            read_timeout=ANSWER_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=reach.connections,
            # The SHA-256 of what we send is part of the signature: the store refuses bytes that changed on their way.
            # Newer checksums are left out where they may be: not every store knows them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": reach.addressing, "payload_signing_enabled": True},
            proxies={},
        ),
    )


def from_settings() -> Bucket:
    """Return the bucket that the settings name."""
    reach = _Reach(
        endpoint=settings.S3_ENDPOINT,
        region=settings.S3_REGION,
        access_key=settings.S3_ACCESS_KEY,
        secret_key=settings.S3_SECRET_KEY,
        addressing=settings.S3_ADDRESSING,
        ca_file=settings.S3_CA_FILE,
        connections=settings.WEB_THREADS + 4,
        seconds=settings.OUTSIDE_TIMEOUT_SECONDS,
    )
    return Bucket(_client(reach), settings.S3_BUCKET, stranger=lambda: _client(reach, is_stranger=True))


class Bucket:
    """A bucket of an S3-compatible store; a ``places.Place``."""

    def __init__(self, client: Any, name: str, *, stranger: Callable[[], Any] | None = None) -> None:
        self._client, self._stranger = client, stranger
        self.name = name

    def ask(self, what: str, **how: Any) -> dict[str, Any]:
        """Call the store about this bucket. Raises ``FileNotFoundError`` for an object that is not there, else ``Unavailable``."""
        try:
            return cast("dict[str, Any]", getattr(self._client, what)(Bucket=self.name, **how))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _MISSING and "Key" in how:
                raise FileNotFoundError(errno.ENOENT, "is not there", str(how["Key"])) from None
            raise self.unavailable(code or "an error") from error
        except BotoCoreError as error:
            raise self.unavailable(type(error).__name__) from error

    def unavailable(self, why: str) -> Unavailable:
        """Return the error that says that this bucket does not answer as it should."""
        return Unavailable(errno.EIO, f"the store of files answers with {why}", f"bucket {self.name}")

    @contextmanager
    def writing(self, file: UUID) -> Iterator[_Upload]:
        """Send a file: in one piece when it is small, else in parts that become one object at the end."""
        upload = _Upload(self, name_of(file))
        try:
            yield upload
            upload.finish()
        except BaseException:
            upload.abandon()
            raise

    def put(self, file: UUID, content: bytes) -> None:
        """Send a small file."""
        self.ask("put_object", Key=name_of(file), Body=content)

    def open(self, file: UUID) -> BinaryIO:
        """Return a file that fetches its bytes when they are read, from where they are asked."""
        size = int(self.ask("head_object", Key=name_of(file))["ContentLength"])
        return cast("BinaryIO", io.BufferedReader(_Object(self, name_of(file), size), READ_AHEAD))

    def holds(self, file: UUID) -> bool:
        """Return whether the object is there."""
        try:
            self.ask("head_object", Key=name_of(file))
        except FileNotFoundError:
            return False
        return True

    def remove(self, name: str) -> None:
        """Remove the object, and the parts of an upload that was cut off."""
        for upload in list(self._uploads(name)):
            self.abort(name, upload)
        self.ask("delete_object", Key=name)

    def names(self) -> Iterator[str]:
        """Yield the keys of all objects and of uploads that were cut off."""
        more: dict[str, Any] = {}
        while True:
            page = self.ask("list_objects_v2", MaxKeys=PAGE, **more)
            yield from (one["Key"] for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                break
            more = {"ContinuationToken": page["NextContinuationToken"]}
        yield from (name for name, _ in self._all_uploads())

    def faults(self) -> list[str]:
        """Return what is wrong with the bucket, in sentences: may we write and remove, does it keep versions, is it open to all.

        Raises ``Unavailable`` when the store does not answer.
        """
        file = uuid4()
        self.put(file, b"probe")
        try:
            with self.open(file) as back:
                found = (
                    []
                    if back.read() == b"probe"
                    else [f"bucket {self.name} gives back other bytes than were put there"]
                )
            if self._is_open_to_all(name_of(file)):
                found.append(f"everybody can read what is in bucket {self.name}: take that right away")
        finally:
            self.remove(name_of(file))
        try:
            if self.ask("get_bucket_versioning").get("Status"):
                found.append(f"bucket {self.name} keeps versions: what is destroyed lives on in them")
        except Unavailable as error:
            found.append(f"bucket {self.name} does not tell whether it keeps versions ({error.strerror})")
        return found

    def _is_open_to_all(self, name: str) -> bool:
        if self._stranger is None:
            return False
        stranger = Bucket(self._stranger(), self.name)
        try:
            stranger.ask("get_object", Key=name)
        except (FileNotFoundError, Unavailable):
            return False
        return True

    def abort(self, name: str, upload: str) -> None:
        """Throw the parts of an upload away; they may be gone."""
        try:
            self.ask("abort_multipart_upload", Key=name, UploadId=upload)
        except FileNotFoundError:
            return
        except Unavailable as error:
            cause = error.__cause__
            if not (isinstance(cause, ClientError) and cause.response["Error"].get("Code") in _NO_UPLOAD):
                raise

    def _uploads(self, name: str) -> Iterator[str]:
        return (upload for found, upload in self._all_uploads(Prefix=name) if found == name)

    def _all_uploads(self, **which: Any) -> Iterator[tuple[str, str]]:
        more: dict[str, Any] = {}
        while True:
            page = self.ask("list_multipart_uploads", MaxUploads=PAGE, **which, **more)
            yield from ((one["Key"], one["UploadId"]) for one in page.get("Uploads", ()))
            if not page.get("IsTruncated"):
                return
            more = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}


class _Upload:
    """Takes bytes and sends them on in parts."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self._bucket, self._name = bucket, name
        self._waiting = bytearray()
        self._upload = ""
        self._parts: list[dict[str, Any]] = []

    def write(self, given: bytes) -> int:
        """Take some bytes."""
        self._waiting += given
        while len(self._waiting) > PART_BYTES:
            self._send(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]
        return len(given)

    def _send(self, part: bytes) -> None:
        if not self._upload:
            self._upload = self._bucket.ask("create_multipart_upload", Key=self._name)["UploadId"]
        number = len(self._parts) + 1
        sent = self._bucket.ask("upload_part", Key=self._name, UploadId=self._upload, PartNumber=number, Body=part)
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})

    def finish(self) -> None:
        """Make it one object."""
        if not self._upload:
            self._bucket.ask("put_object", Key=self._name, Body=bytes(self._waiting))
            return
        self._send(bytes(self._waiting))
        self._bucket.ask(
            "complete_multipart_upload",
            Key=self._name,
            UploadId=self._upload,
            MultipartUpload={"Parts": self._parts},
        )

    def abandon(self) -> None:
        """Throw away what was sent. Raises ``Unavailable`` when the store does not do that: something may be left then."""
        if self._upload:
            self._bucket.abort(self._name, self._upload)


class _Object(io.RawIOBase):
    """One object, read from where one stands; a line that breaks is taken up again once."""

    def __init__(self, bucket: Bucket, name: str, size: int) -> None:
        self._bucket, self._key, self._size = bucket, name, size
        self._at = 0
        self._stream: Any = None

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def seekable(self) -> bool:
        """Whether one can go elsewhere in it: yes."""
        return True

    def tell(self) -> int:
        """Return where one stands."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go elsewhere; what is read next is fetched from there."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if place < 0:
            raise ValueError(f"no place {place} in a file")
        if place != self._at:
            self._let_go()
        self._at = place
        return place

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as one answer of the store goes; 0 at the end."""
        if self._at >= self._size or not len(buffer):
            return 0
        try:
            got = self._some(len(buffer))
        except Unavailable:
            self._let_go()
            got = self._some(len(buffer))
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)

    def _some(self, most: int) -> bytes:
        if self._stream is None:
            answer = self._bucket.ask("get_object", Key=self._key, Range=f"bytes={self._at}-{self._size - 1}")
            self._stream = answer["Body"]
        try:
            got = cast("bytes", self._stream.read(most))
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise self._bucket.unavailable(type(error).__name__) from error
        if not got:
            raise self._bucket.unavailable("fewer bytes than there are")
        return got

    def _let_go(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def close(self) -> None:
        """Hang up."""
        self._let_go()
        super().close()
