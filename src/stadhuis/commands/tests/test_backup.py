"""A backup is whole or is none; it says when it is damaged; it is put back only where nothing is lost by it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pyrage
import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pytest_django import Settings

from stadhuis import cli
from stadhuis.commands.tests.conftest import BSNS, Town
from stadhuis.kit import backup, files, pgtools
from stadhuis.kit.backup import BackupRefused
from stadhuis.kit.models import StoredFile
from stadhuis.kit.time import clock_set_to, now
from stadhuis.messages.models import OutboundMail
from stadhuis.people import public as people
from stadhuis.people.public import login_keys


def _digests(town: Town) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (town.data / "files").glob("*/*/*")}


def _environment(town: Town) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
    return {
        **kept,
        "DATABASE_URL": town.url,
        "STADHUIS_MODE": "test",
        "STADHUIS_DATA_DIR": str(town.data),
        "STADHUIS_BACKUP_RECIPIENT": str(settings.BACKUP_RECIPIENT),
    }


def restore(town: Town, **how: Any) -> backup.Restored:
    return backup.restore(town.backups, **{"identity_file": town.identity, **how})


def check(town: Town, **how: Any) -> backup.Examined:
    return backup.check(town.backups, **{"identity_file": town.identity, **how})


def _flip_a_bit(place: Path) -> None:
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 4
    place.write_bytes(bytes(content))


def test_when_it_is_put_back_into_an_empty_database_then_every_table_and_every_file_is_as_it_was(town: Town) -> None:
    # given
    before, files_before = town.contents(), _digests(town)
    made = backup.make(town.backups)
    town.wipe()
    # when
    restored = restore(town)
    # then
    assert (made.files, made.new_files, made.bad_files) == (5, 5, ())
    assert town.contents() == before
    assert _digests(town) == files_before
    assert restored.files == 5
    assert sorted(people.bsn_of(pk) for pk in map(people.find_person, BSNS) if pk) == sorted(BSNS)


def test_when_only_little_changed_then_only_what_is_new_is_copied(town: Town) -> None:
    # given
    backup.make(town.backups)
    added = town.add_file(b"one more")
    # when
    with clock_set_to(now() + timedelta(minutes=1)):
        made = backup.make(town.backups)
    # then
    assert (made.files, made.new_files) == (6, 1)
    assert backup.Archive(town.backups).file(str(added)).exists()
    assert check(town).faults == ()


def test_when_files_are_thrown_away_while_it_runs_then_they_wait_until_it_is_done(town: Town) -> None:
    # given: a file that is on its way out, and somebody who makes a backup
    gone = StoredFile.objects.values_list("uuid", flat=True)[0]
    with psycopg.connect(town.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [files.DELETION_LOCK])
        files.discard(gone)
        # when
        removed = files.sweep()
        # then
        assert removed == 0
        assert files.path_of(gone).exists()
    assert files.sweep() == 1
    assert not files.path_of(gone).exists()


def test_what_has_not_arrived_whole_or_is_on_its_way_out_is_not_in_it(town: Town) -> None:
    # given
    arriving = StoredFile.objects.create(changed_at=now())
    place = files.path_of(arriving.uuid)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"half of")
    files.discard(StoredFile.objects.exclude(pk=arriving.pk).values_list("uuid", flat=True)[0])
    # then
    assert backup.make(town.backups).files == 4


def test_when_a_bit_is_flipped_anywhere_then_the_check_and_the_restore_say_so(town: Town) -> None:
    # given
    name = backup.make(town.backups).name
    archive = backup.Archive(town.backups)
    stored = str(StoredFile.objects.values_list("uuid", flat=True)[0])
    for place, what in (
        (archive.folder / name / "database", "database is damaged"),
        (archive.folder / name / "manifest", "manifest is damaged"),
        (archive.folder / name / "files.txt", "files.txt is damaged"),
        (archive.file(stored), f"file {stored} is damaged"),
    ):
        good = place.read_bytes()
        files.path_of(UUID(stored)).unlink(missing_ok=True)
        _flip_a_bit(place)
        # then
        assert what in check(town).faults
        with pytest.raises(BackupRefused, match=r"not restored|damaged"):
            restore(town, force=True)
        place.write_bytes(good)
    assert check(town).faults == ()


def test_when_a_restore_does_not_succeed_then_what_was_there_is_there(town: Town) -> None:
    # given: a backup of which one file is damaged, and a town that went on
    backup.make(town.backups)
    _flip_a_bit(backup.Archive(town.backups).file(str(StoredFile.objects.values_list("uuid", flat=True)[0])))
    files.path_of(StoredFile.objects.values_list("uuid", flat=True)[0]).unlink()
    people.person_for_bsn("999991231")
    before, files_before = town.contents(), _digests(town)
    # when
    with pytest.raises(BackupRefused):
        restore(town, force=True)
    # then
    assert town.contents() == before
    assert _digests(town) == files_before


def test_when_the_database_is_not_empty_then_nothing_is_overwritten_unless_forced(town: Town) -> None:
    # given
    before = town.contents()
    backup.make(town.backups)
    people.person_for_bsn("999991231")
    extra = town.add_file(b"of after the backup")
    # when
    with pytest.raises(BackupRefused, match="not empty"):
        restore(town)
    assert people.find_person("999991231")
    restore(town, force=True)
    # then
    assert town.contents() == before
    assert not files.path_of(extra).exists()


def test_when_a_restore_was_killed_half_way_then_the_next_one_finishes_it(town: Town) -> None:
    # given: what such a kill leaves: the old tables stand aside, the new ones are not there
    before = town.contents()
    backup.make(town.backups)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SCHEMA public RENAME TO stadhuis_before_restore")
        cursor.execute("CREATE SCHEMA public")
    with pytest.raises(BackupRefused, match="not empty"):
        restore(town)
    # when
    restore(town, force=True)
    # then
    assert town.contents() == before


def test_when_the_town_hall_is_open_then_it_is_not_restored(town: Town) -> None:
    backup.make(town.backups)
    with (
        psycopg.connect(town.url, application_name="stadhuis"),
        pytest.raises(BackupRefused, match="stop web, worker"),
    ):
        restore(town, force=True)


def test_when_the_keys_are_others_then_it_is_refused_and_the_backup_gives_them(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    # given: a machine with fresh keys
    former = settings.BSN_KEY
    backup.make(town.backups)
    town.wipe()
    settings.BSN_KEY = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="
    # when
    with pytest.raises(BackupRefused, match="--keys-to"):
        restore(town)
    restore(town, keys_to=tmp_path / "keys.env")
    # then
    assert f"STADHUIS_BSN_KEY={former}\n" in (tmp_path / "keys.env").read_text()
    assert (tmp_path / "keys.env").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupRefused, match="is there already"):
        restore(town, keys_to=tmp_path / "keys.env")


def test_when_the_file_of_log_in_keys_is_lost_then_it_comes_back_and_signs_as_before(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    # given: keys that the provider knows
    place = tmp_path / "keys" / "login-keys.json"
    settings.LOGIN_KEYS_FILE = str(place)
    login_keys.add(place)
    known_there = login_keys.published()
    backup.make(town.backups)
    # when: the machine is lost
    town.wipe()
    place.unlink()
    place.parent.rmdir()
    restored = restore(town)
    # then: what we say of ourselves is believed by a provider that knows the keys of before
    assert restored.key_files == ("STADHUIS_LOGIN_KEYS_FILE",)
    assert place.stat().st_mode & 0o777 == 0o600
    assertion = login_keys.assertion("stadhuis", "https://digid.example")
    assert (
        jwt.decode(assertion, KeySet([RSAKey.import_key(item) for item in known_there["keys"]])).claims["iss"]
        == "stadhuis"
    )
    # and: a file that is there may hold newer keys and stays as it is
    login_keys.add(place)
    newer = place.read_text()
    assert restore(town, force=True).key_files == ()
    assert place.read_text() == newer
    # and: they can be taken out alone
    restore(town, keys_to=tmp_path / "keys.env")
    out = tmp_path / "keys.env.STADHUIS_LOGIN_KEYS_FILE"
    assert (login_keys.read(out)[0].kid, out.stat().st_mode & 0o777) == (known_there["keys"][0]["kid"], 0o600)


def test_when_a_restore_does_not_succeed_then_no_file_of_keys_stays(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    place = tmp_path / "login-keys.json"
    settings.LOGIN_KEYS_FILE = str(place)
    login_keys.add(place)
    name = backup.make(town.backups).name
    town.wipe()
    place.unlink()
    # given: a dump that is no dump, with the hashes that go with it
    folder = town.backups / name
    told = json.loads((folder / "backup.json").read_text())
    nothing = pyrage.encrypt(b"no dump", [pyrage.x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)])
    (folder / "database").write_bytes(nothing)
    told["database"] = {"size": len(nothing), "sha256": hashlib.sha256(nothing).hexdigest()}
    (folder / "backup.json").write_text(json.dumps(told))
    # when
    with pytest.raises(BackupRefused, match="did not succeed"):
        restore(town)
    # then
    assert not place.exists()


def test_when_the_file_of_log_in_keys_cannot_be_read_then_no_backup_is_made_without_it(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    settings.LOGIN_KEYS_FILE = str(tmp_path)
    with pytest.raises(BackupRefused, match="LOGIN_KEYS_FILE names"):
        backup.make(town.backups)
    assert backup.Archive(town.backups).names() == []
    # one that is not made yet is not missed
    settings.LOGIN_KEYS_FILE = str(tmp_path / "not-yet.json")
    backup.make(town.backups)


def test_when_keys_are_kept_elsewhere_then_the_backup_only_knows_which_they_are(
    town: Town, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_WITH_KEYS = False
    backup.make(town.backups)
    with pytest.raises(BackupRefused, match="without the keys"):
        restore(town, keys_to=tmp_path / "keys.env")


def test_when_a_public_key_is_set_then_this_machine_cannot_read_its_backups(town: Town, tmp_path: Path) -> None:
    # given
    before = town.contents()
    # when
    backup.make(town.backups)
    # then: rot is found without the key, reading takes it
    assert not backup.Archive(town.backups).locked_identity.exists()
    shut = check(town, identity_file=None)
    assert (shut.was_opened, shut.faults) == (False, ())
    opened = check(town)
    assert (opened.was_opened, opened.faults) == (True, ())
    town.wipe()
    with pytest.raises(BackupRefused, match="--identity"):
        restore(town, identity_file=None)
    backup.new_identity(tmp_path / "another.txt")
    with pytest.raises(BackupRefused, match="cannot be decrypted"):
        restore(town, identity_file=tmp_path / "another.txt")
    with pytest.raises(BackupRefused, match="holds no age identity"):
        restore(town, identity_file=tmp_path / "none.txt")
    restore(town)
    assert town.contents() == before


@pytest.fixture
def passphrase(settings: Settings) -> str:
    settings.BACKUP_RECIPIENT, settings.BACKUP_PASSPHRASE = "", "een lange zin voor de proef"
    return "een lange zin voor de proef"


def test_when_a_passphrase_is_set_then_it_opens_the_backup_and_any_tool_that_reads_age_does_so_with_it(
    town: Town, passphrase: str
) -> None:
    # given
    stored, before = StoredFile.objects.all()[0], town.contents()
    backup.make(town.backups)
    archive = backup.Archive(town.backups)
    # when
    secret = pyrage.passphrase.decrypt(archive.locked_identity.read_bytes(), passphrase).decode()
    opened = pyrage.decrypt(archive.file(str(stored.uuid)).read_bytes(), [pyrage.x25519.Identity.from_str(secret)])
    town.wipe()
    restore(town, identity_file=None)
    # then
    assert hashlib.sha256(opened).hexdigest() == stored.sha256
    assert town.contents() == before


def test_nothing_personal_lies_open_in_the_folder(town: Town) -> None:
    # given
    town.add_file(b"a letter to mevrouw Jansen")
    # when
    backup.make(town.backups)
    # then
    whole = b"".join(path.read_bytes() for path in town.backups.rglob("*") if path.is_file())
    assert b"Jansen" not in whole
    assert b"people_personbsn" not in whole
    assert not any(sha256.encode() in whole for sha256 in StoredFile.objects.values_list("sha256", flat=True))
    assert all(path.stat().st_mode & 0o077 == 0 for path in town.backups.iterdir() if path.is_dir())


@pytest.mark.parametrize(
    ("recipient", "phrase", "sentence"),
    [
        ("", "", "always encrypted"),
        ("", "te kort", "weak"),
        ("age1x", "een lange zin voor de proef", "not both"),
        ("age1x", "", "no age public key"),
    ],
)
def test_when_the_settings_name_no_good_key_then_no_backup_is_made(
    town: Town, settings: Settings, recipient: str, phrase: str, sentence: str
) -> None:
    settings.BACKUP_RECIPIENT, settings.BACKUP_PASSPHRASE = recipient, phrase
    with pytest.raises(BackupRefused, match=sentence):
        backup.make(town.backups)
    assert backup.Archive(town.backups).names() == []


def test_when_the_passphrase_is_another_than_before_then_no_backup_is_made_and_none_is_read(
    town: Town, settings: Settings, passphrase: str
) -> None:
    backup.make(town.backups)
    settings.BACKUP_PASSPHRASE = "een heel andere lange zin"
    with pytest.raises(BackupRefused, match="does not open"):
        backup.make(town.backups)
    with pytest.raises(BackupRefused, match="does not open"):
        restore(town, identity_file=None, force=True)


def test_when_the_folder_holds_something_else_or_the_name_is_taken_then_nothing_is_overwritten(town: Town) -> None:
    town.backups.mkdir()
    (town.backups / "holiday.jpg").write_bytes(b"sun")
    with pytest.raises(BackupRefused, match="not empty"):
        backup.make(town.backups)
    (town.backups / "holiday.jpg").unlink()
    with time_machine.travel(now(), tick=False):
        backup.make(town.backups)
        with pytest.raises(BackupRefused, match="already"):
            backup.make(town.backups)


def test_when_a_file_is_missing_from_our_disk_then_the_backup_is_made_and_names_it(
    town: Town, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    # given
    lost, damaged = StoredFile.objects.values_list("uuid", flat=True)[:2]
    files.path_of(lost).unlink()
    _flip_a_bit(files.path_of(damaged))
    # when
    code = cli.main(["backup", str(town.backups)])
    # then
    assert code == 1
    assert "2 files were missing or damaged" in capsys.readouterr().err
    assert check(town).faults == ()
    town.wipe()
    assert set(restore(town).missing_files) == {str(lost), str(damaged)}


def test_when_backups_are_old_then_they_go_with_what_only_they_needed_but_never_the_newest_three(town: Town) -> None:
    # given: five backups, the last one of today, and a file that only the first two know
    gone = StoredFile.objects.values_list("uuid", flat=True)[0]
    for days in (50, 45, 40, 35):
        with clock_set_to(now() - timedelta(days=days)):
            backup.make(town.backups, prune=False)
        if days == 45:
            StoredFile.objects.filter(uuid=gone).delete()
    archive = backup.Archive(town.backups)
    assert archive.file(str(gone)).exists()
    # when
    made = backup.make(town.backups)
    # then
    assert made.pruned == 2
    assert len(archive.names()) == 3
    assert not archive.file(str(gone)).exists()
    assert [check(town, name=name).faults for name in archive.names()] == [(), (), ()]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_when_it_is_killed_half_way_then_nothing_looks_whole_and_the_next_one_goes_on(
    town: Town, number: signal.Signals
) -> None:
    # given: so many files that it takes a while
    content = os.urandom(400_000)
    for _ in range(150):
        town.add_file(content + os.urandom(8))
    running = subprocess.Popen(
        [sys.executable, "-m", "stadhuis", "backup", str(town.backups)],
        env=_environment(town),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    archive = backup.Archive(town.backups)
    until = time.monotonic() + 60
    while sum(1 for _ in archive.files.glob("*/*/*")) < 10 and time.monotonic() < until:
        time.sleep(0.005)
    # when
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    copied = sum(1 for path in archive.files.glob("*/*/*") if not path.name.startswith("."))
    # then
    assert running.returncode == (143 if number == signal.SIGTERM else -number), said
    assert 0 < copied < 155
    assert archive.names() == []
    with pytest.raises(BackupRefused, match="no whole backup"):
        restore(town, force=True)
    made = backup.make(town.backups)
    assert (made.files, made.new_files) == (155, 155 - copied)
    assert list(town.backups.rglob(".*")) == []
    assert check(town).faults == ()


def test_when_two_run_at_once_then_the_second_is_refused(town: Town) -> None:
    archive = backup.Archive(town.backups)
    archive.prepare()
    with archive.alone(), pytest.raises(BackupRefused, match="at work"):
        backup.make(town.backups)


def test_when_pg_dump_is_older_than_the_server_then_one_sentence_says_what_to_install(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given: a machine with old programs only
    old = tmp_path / "bin" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.3'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(pgtools, "DEBIAN", tmp_path / "none")
    # then
    with pytest.raises(pgtools.ToolMissing, match="The newest pg_dump here is 12, older than PostgreSQL"):
        backup.make(town.backups)
    old.unlink()
    with pytest.raises(pgtools.ToolMissing, match="no pg_dump here"):
        backup.make(town.backups)
    assert backup.Archive(town.backups).names() == []


def test_when_pg_dump_fails_then_there_is_no_backup(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given: a table the role of the town may not read
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE closed (secret text)")
        cursor.execute("REVOKE ALL ON closed FROM CURRENT_USER")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            pytest.skip("a superuser reads everything")
    # then
    with pytest.raises(BackupRefused, match="pg_dump did not succeed"):
        backup.make(town.backups)
    assert backup.Archive(town.backups).names() == []
    assert list(town.backups.glob(".*")) == []


def test_when_mail_waited_at_the_time_of_the_backup_then_a_person_decides_after_the_restore(town: Town) -> None:
    # given
    OutboundMail.objects.create(to_address=b"sealed", kind="receipt", about=uuid4(), queued_at=now())
    backup.make(town.backups)
    town.wipe()
    # when
    restore(town)
    # then
    assert list(OutboundMail.objects.values_list("state", flat=True)) == ["unknown"]


def test_when_only_looked_at_on_the_command_line_then_it_tells_and_the_exit_code_says_so(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["backup", str(town.backups)]) == 0
    assert cli.main(["restore", str(town.backups), "--list"]) == 0
    assert cli.main(["restore", str(town.backups), "--check", "--identity", str(town.identity)]) == 0
    assert "is good: the database and 5 files (decrypted and compared)" in capsys.readouterr().out
    _flip_a_bit(next(path for path in town.backups.glob("files/*/*/*")))
    assert cli.main(["restore", str(town.backups), "--check"]) == 1
    assert cli.main(["restore", str(town.backups), "--backup", "2020-01-01T00-00-00Z", "--check"]) == 1
    assert cli.main(["restore", str(town.data)]) == 1
    assert cli.main(["backup"]) == 1


def test_a_value_that_no_key_opens_stays_an_error(town: Town, settings: Settings) -> None:
    settings.BSN_KEY = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="
    with pytest.raises(InvalidTag):
        people.bsn_of(people.find_person(BSNS[0]) or 0)
