"""Files in a bucket of S3: the same promises as on disk, at a server that nobody here wrote."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from stadhuis.kit import files
from stadhuis.kit.files import bucket, places
from stadhuis.kit.models import StoredFile
from stadhuis.kit.tests.s3 import InBucket, Server
from stadhuis.kit.time import clock_set_to, now

pytestmark = pytest.mark.django_db
PART = 5 << 20
"""The least a store takes for a part that is not the last."""


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    monkeypatch.setattr(bucket, "PART_BYTES", PART)
    settings.DATA_DIR, settings.OUTSIDE_TIMEOUT_SECONDS = tmp_path / "data", 2


def stream(size: int, piece: int = 1 << 16) -> Iterator[bytes]:
    """Yield bytes that differ from place to place."""
    at = 0
    while at < size:
        yield (hashlib.sha256(str(at).encode()).digest() * (piece // 32))[: size - at]
        at += piece


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 2 * PART, 2 * PART + 12345])
def test_what_is_received_is_there_byte_for_byte_and_can_be_read_from_anywhere(in_bucket: InBucket, size: int) -> None:
    content = b"".join(stream(size))
    # when
    stored = files.receive(stream(size), max_bytes=size)
    # then
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert in_bucket.keys() == [places.name_of(stored.uuid)]
    assert in_bucket.unfinished() == []
    with files.open_stored(stored.uuid) as back:
        assert back.read() == content
        assert back.read(10) == b""
        assert back.seek(0, io.SEEK_END) == size
        for start in (size // 2, 0, max(0, size - 3)):
            back.seek(start)
            assert back.read(70_000) == content[start : start + 70_000]
    assert files.copy_of(stored.uuid, max_bytes=size).sha256 == stored.sha256


def test_when_a_file_is_large_then_memory_stays_small(in_bucket: InBucket) -> None:
    tracemalloc.start()
    try:
        stored = files.receive(stream(30 << 20, 1 << 20), max_bytes=1 << 30)
        with files.open_stored(stored.uuid) as back:
            while back.read(1 << 20):
                pass
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4 * PART


def test_when_it_is_too_large_or_the_sender_hangs_up_then_nothing_stays(in_bucket: InBucket) -> None:
    def hangs_up() -> Iterator[bytes]:
        yield from stream(2 * PART)
        raise ConnectionResetError

    with pytest.raises(files.FileTooLarge):
        files.receive(stream(3 * PART), max_bytes=2 * PART + 5)
    with pytest.raises(ConnectionResetError):
        files.receive(hangs_up(), max_bytes=1 << 30)
    assert (in_bucket.keys(), in_bucket.unfinished(), StoredFile.objects.count()) == ([], [], 0)


def test_when_a_file_is_not_there_then_that_is_said_as_for_a_folder(in_bucket: InBucket) -> None:
    with pytest.raises(FileNotFoundError):
        files.open_stored(uuid4())
    assert not files.is_there(uuid4())
    files.remove_bytes(uuid4())


@pytest.mark.django_db(transaction=True)
def test_when_a_process_is_killed_while_it_sends_then_the_sweep_leaves_no_row_and_no_part(in_bucket: InBucket) -> None:
    # given: another process that sends without end, killed when its first part is there
    code = (
        "import django; django.setup()\n"
        "from stadhuis.kit import files\n"
        "from stadhuis.kit.files import bucket\n"
        f"bucket.PART_BYTES = {PART}\n"
        "def chunks():\n"
        "    sent = 0\n"
        "    while True:\n"
        "        yield b'x' * (1 << 20)\n"
        "        sent += 1\n"
        "        if sent == 12: print('sending', flush=True)\n"
        "        if sent > 12: import time; time.sleep(60)\n"
        "files.receive(chunks(), max_bytes=1 << 40)\n"
    )
    given = connection.settings_dict
    environment = {
        **os.environ,
        **in_bucket.environment,
        "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
        "DATABASE_URL": f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}",
    }
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == b"sending\n"
        sender.send_signal(signal.SIGKILL)
    # then: nothing that looks whole; a row that is known, with the parts it left
    row = StoredFile.objects.get()
    assert (row.state, in_bucket.keys(), in_bucket.unfinished()) == ("arriving", [], [places.name_of(row.uuid)])
    assert files.unknown_paths() == []
    # when
    with clock_set_to(now() + timedelta(hours=25)):
        assert files.sweep() == 1
    # then
    assert (StoredFile.objects.count(), in_bucket.unfinished()) == (0, [])


def test_when_the_store_does_not_answer_then_nothing_counts_as_arrived_and_the_row_stays_for_the_sweep(
    in_bucket: InBucket, s3_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "ANSWER_SECONDS", 1)
    kept = files.receive([b"kept"], max_bytes=10)
    files.keep(kept.uuid)
    bucket._client.cache_clear()
    s3_server.hang()
    try:
        with pytest.raises(files.Unavailable):
            files.receive([b"lost"], max_bytes=10)
        with pytest.raises(files.Unavailable):
            files.open_stored(kept.uuid)
    finally:
        s3_server.go_on()
        bucket._client.cache_clear()
    # then
    (lost,) = StoredFile.objects.exclude(uuid=kept.uuid)
    assert lost.state == "arriving"
    with pytest.raises(LookupError):
        files.keep(lost.uuid)
    with clock_set_to(now() + timedelta(hours=25)):
        files.sweep()
    assert in_bucket.keys() == [places.name_of(kept.uuid)]


def test_when_a_store_cannot_remove_then_the_row_stays_until_it_can(in_bucket: InBucket, settings: Settings) -> None:
    stored = files.receive([b"to be destroyed"], max_bytes=100)
    files.discard(stored.uuid)
    # when: nobody listens there
    with_address = settings.S3_ENDPOINT
    settings.S3_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(files.Unavailable):
        files.sweep()
    settings.S3_ENDPOINT = with_address
    # then
    assert StoredFile.objects.get().state == "discarded"
    assert files.sweep() == 1
    assert in_bucket.keys() == []


def test_when_objects_have_no_row_then_they_are_found_also_beyond_a_first_page(
    in_bucket: InBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "PAGE", 3)
    known = files.receive([b"known"], max_bytes=10)
    for number in range(7):
        in_bucket.client.put_object(Bucket=in_bucket.name, Key=f"aa/bb/strange-{number}", Body=b"")
    in_bucket.client.create_multipart_upload(Bucket=in_bucket.name, Key="aa/bb/half")
    # then
    assert len(files.unknown_paths()) == 8
    assert files.remove_unknown() == 8
    assert (in_bucket.keys(), in_bucket.unfinished()) == ([places.name_of(known.uuid)], [])


def test_a_bucket_that_keeps_versions_or_is_open_to_all_is_found(in_bucket: InBucket) -> None:
    assert files.bucket_faults() == []
    in_bucket.client.put_bucket_versioning(Bucket=in_bucket.name, VersioningConfiguration={"Status": "Enabled"})
    in_bucket.client.put_bucket_acl(Bucket=in_bucket.name, ACL="public-read")
    faults = " ".join(files.bucket_faults())
    assert "keeps versions" in faults
    assert "everybody can read" in faults


def test_a_bucket_without_an_address_or_keys_is_a_fault_of_the_settings() -> None:
    given = {"STADHUIS_S3_BUCKET": "files"}
    done = subprocess.run(
        [sys.executable, "-c", "import stadhuis.settings"],
        env={**os.environ, **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "STADHUIS_S3_ENDPOINT" in done.stderr
