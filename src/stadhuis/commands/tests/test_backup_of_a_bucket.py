"""A town whose files lie in a bucket is saved and put back like any other, and may move between bucket and disk that way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from stadhuis import doctor
from stadhuis.commands.tests.conftest import Town
from stadhuis.commands.tests.test_backup import check, restore
from stadhuis.kit import backup, files
from stadhuis.kit.files import places
from stadhuis.kit.models import StoredFile
from stadhuis.kit.tests.s3 import InBucket
from stadhuis.kit.time import clock_set_to, now

ON_DISK = {"S3_BUCKET": ""}


@pytest.fixture
def in_town(in_bucket: InBucket, town: Town) -> InBucket:
    """The town's files lie in the bucket: the bucket comes first, so that the town fills it."""
    assert len(in_bucket.keys()) == 5
    return in_bucket


def _states() -> list[str]:
    return [finding.state for finding in doctor.all_checks()["files"]()]


def test_when_bucket_and_database_are_lost_then_both_come_back(in_town: InBucket, town: Town) -> None:
    # given
    before, keys = town.contents(), in_town.keys()
    made = backup.make(town.backups)
    assert (made.files, made.new_files, made.bad_files) == (5, 5, ())
    assert check(town).faults == ()
    town.wipe()
    for key in keys:
        in_town.client.delete_object(Bucket=in_town.name, Key=key)
    # when
    restored = restore(town)
    # then
    assert (restored.files, town.contents(), in_town.keys()) == (5, before, keys)
    assert _states() == ["ok"]


def test_when_a_town_moves_from_bucket_to_disk_then_a_backup_takes_its_files_along(
    in_town: InBucket, town: Town
) -> None:
    backup.make(town.backups)
    town.wipe()
    # when
    with override_settings(**ON_DISK):
        restore(town)
        # then
        assert all(files.path_of(uuid).exists() for uuid in StoredFile.objects.values_list("uuid", flat=True))
        assert _states() == ["ok"]


def test_when_an_object_is_lost_or_damaged_then_backup_and_doctor_say_so_and_a_restore_mends_it(
    in_town: InBucket, town: Town
) -> None:
    # given
    backup.make(town.backups)
    lost, damaged = StoredFile.objects.order_by("uuid")[:2]
    in_town.client.delete_object(Bucket=in_town.name, Key=places.name_of(lost.uuid))
    in_town.client.put_object(Bucket=in_town.name, Key=places.name_of(damaged.uuid), Body=b"something else")
    stranger = "aa/bb/stranger"
    in_town.client.put_object(Bucket=in_town.name, Key=stranger, Body=b"")
    # then
    assert _states() == ["wrong", "wrong"]
    with clock_set_to(now() + timedelta(minutes=1)):
        fresh = backup.make(town.backups.with_name("fresh"))
    assert set(fresh.bad_files) == {str(lost.uuid), str(damaged.uuid)}
    # when
    restore(town, force=True)
    # then
    assert _states() == ["ok"]
    with files.open_stored(damaged.uuid) as back:
        assert back.read().startswith(b"file ")
    assert len(in_town.keys()) == 5


def test_when_the_bucket_does_not_answer_then_no_backup_looks_whole_and_the_doctor_says_why(
    in_town: InBucket, town: Town
) -> None:
    with override_settings(S3_ENDPOINT="http://127.0.0.1:9"):
        (finding,) = doctor.all_checks()["files"]()
        assert (finding.state, "S3_ENDPOINT" in finding.text) == ("wrong", True)
        with pytest.raises(files.Unavailable):
            backup.make(town.backups)
    assert backup.Archive(town.backups).names() == []
