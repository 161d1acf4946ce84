"""Each check finds its fault when the fault is really there, and is content when it is not."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from pytest_django import Settings

from stadhuis import doctor
from stadhuis.audit import public as audit
from stadhuis.doctor import machine
from stadhuis.kit import backup, files
from stadhuis.kit.backup.archive import Last, note_last
from stadhuis.kit.env import Setting
from stadhuis.kit.models import StoredFile
from stadhuis.kit.tests.simulators import SimulatorProcess, free_port
from stadhuis.kit.time import now
from stadhuis.people.public import SYSTEM


def _states(check: str) -> list[tuple[str, str]]:
    return [(found.state, found.text) for found in doctor.examine(check, doctor.all_checks()[check])]


def _says(check: str, state: str, words: str) -> bool:
    return any(found == state and words in text for found, text in _states(check))


def _is_well(check: str) -> bool:
    return {state for state, _ in _states(check)} == {"ok"}


def _sql(statement: str, *values: str | datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# -- Settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("BSN_KEY", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "not made by chance"),
        ("BSN_KEY", "a2V5", "3 bytes and must be 32"),
        ("BSN_KEY", "geen base64!", "is not base64"),
        ("DEBUG", True, "STADHUIS_DEBUG is on"),
        ("ALLOWED_HOSTS", ["*"], "every host name"),
        ("METRICS_TOKEN", "kort", "METRICS_TOKEN is short"),
        ("WEBHOOK_TOKEN", "kort", "WEBHOOK_TOKEN is short"),
        ("BRP_URL", "http://brp.example", "STADHUIS_BRP_URL does not start with https"),
        ("KVK_API_KEY", "practice-kvk-key", "is the one of the simulators"),
    ],
)
def test_when_a_setting_is_weak_then_it_is_named_and_its_value_is_not(
    settings: Settings, setting: str, value: object, words: str
) -> None:
    settings.IS_PRODUCTION = True
    setattr(settings, setting, value)
    assert _says("secrets", "wrong", words)
    if isinstance(value, str) and not value.startswith("http"):
        assert not any(value in text for _, text in _states("secrets"))


def test_when_both_keys_are_one_or_a_change_of_keys_is_not_finished_then_it_says_so(settings: Settings) -> None:
    settings.BSN_HASH_KEY = settings.BSN_KEY
    assert _says("secrets", "wrong", "are the same key")
    settings.BSN_KEY_OTHER = "b25seS1mb3ItdGVzdHMtaGFzaC1rZXktLS0tLS0tLS0="
    assert _says("secrets", "warning", "rotate-keys --check")


def test_when_the_password_for_mail_goes_unencrypted_then_it_says_so(settings: Settings) -> None:
    settings.IS_PRODUCTION, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = True, "x", False
    assert _says("secrets", "wrong", "unencrypted")


@pytest.mark.django_db
def test_a_former_secret_key_may_stay_while_a_living_session_needs_it_and_not_longer(settings: Settings) -> None:
    assert _is_well("signing")
    # given: a session that the former key signed
    session = SessionStore()
    session["login"] = "x"
    session.set_expiry(3600)
    session.save()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "coming-key-" + "b" * 40, [settings.SECRET_KEY]
    # then
    assert _says("signing", "ok", "is needed")
    # when: read, and then stored again
    again = SessionStore(session.session_key)
    assert again["login"] == "x"
    assert _says("signing", "ok", "is needed")
    again.save()
    # then
    assert _says("signing", "warning", "remove it")


@pytest.mark.django_db
def test_a_former_secret_key_is_not_needed_for_sessions_that_are_over(settings: Settings) -> None:
    session = SessionStore()
    session.set_expiry(60)
    session.save()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "coming-key-" + "b" * 40, [settings.SECRET_KEY]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        assert _says("signing", "warning", "remove it")


def test_when_no_court_is_set_then_production_is_warned_where_appeals_would_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _says("secrets", "warning", "COURT")
    settings.IS_PRODUCTION = True
    assert _says("secrets", "warning", "STADHUIS_COURT_NAME is not set")
    assert _says("secrets", "warning", settings.COURT_ADDRESS)
    monkeypatch.setenv("STADHUIS_COURT_NAME", "Rechtbank Noord-Nederland")
    assert _says("secrets", "warning", "STADHUIS_COURT_ADDRESS is not set")
    monkeypatch.setenv("STADHUIS_COURT_ADDRESS", "Postbus 150, 9700 AD Groningen")
    assert not _says("secrets", "warning", "COURT")


# -- Database ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_when_the_database_is_as_it_should_be_then_its_checks_are_content() -> None:
    assert [_is_well(name) for name in ("database", "migrations", "jobs", "audit")] == [True] * 4


@pytest.mark.django_db
def test_when_a_migration_has_not_run_then_it_is_named() -> None:
    _sql("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert _says("migrations", "wrong", "sessions.0001_initial: run stadhuis migrate")


@pytest.mark.django_db
def test_when_no_worker_beats_then_it_says_so() -> None:
    assert _says("worker", "wrong", "no worker")
    _sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert _is_well("worker")


@pytest.mark.django_db
def test_when_jobs_failed_hang_or_wait_too_long_then_each_is_counted() -> None:
    # given
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES ('default', 'x', %s, %s)"
    _sql(job, "failed", None)
    _sql(job, "doing", None)
    _sql(job, "todo", now() - timedelta(hours=1))
    _sql("UPDATE procrastinate_events SET at = now() - interval '1 hour'")
    _sql(job, "todo", now() + timedelta(hours=1))
    # then
    assert _says("jobs", "wrong", "1 failed for good")
    assert _says("jobs", "wrong", "1 in the hands of a worker that died")
    assert _says("jobs", "wrong", "1 should have started")


@pytest.mark.django_db
def test_when_the_trail_was_not_sealed_for_an_hour_then_it_says_so() -> None:
    # given
    with time_machine.travel(now() - timedelta(hours=1)):
        audit.record("update", about=None, kind="zaak", resource="zaak", resource_id=None, by=SYSTEM)
    # then
    assert _says("audit", "wrong", "1 lines of the trail are not sealed, the oldest is 60 minutes old")


def test_when_the_database_is_gone_then_every_check_that_needs_it_says_so_and_none_breaks() -> None:
    # given: a process whose database does not exist
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "STADHUIS_MODE": "test"}
    # when
    done = subprocess.run(
        [sys.executable, "-m", "stadhuis", "doctor", "--json", "--only", "database", "--only", "jobs", "--only", "audit"],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    # then
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    assert [finding["state"] for finding in told["findings"]] == ["wrong"] * 3
    assert "does not answer" in told["findings"][0]["text"]


# -- This machine -----------------------------------------------------------------------------------------------------


def test_when_the_disk_is_nearly_full_or_closed_then_it_says_so(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(machine, "LEAST_FREE_BYTES", 0)
    assert _is_well("disk")
    monkeypatch.setattr(machine, "LEAST_FREE_BYTES", shutil.disk_usage(tmp_path).free + 10**10)
    assert _says("disk", "wrong", "GB free")
    (tmp_path / "a-file").touch()
    settings.DATA_DIR = tmp_path / "a-file"
    assert _says("disk", "wrong", "cannot be written")


@pytest.mark.django_db
def test_when_a_file_has_no_row_or_a_row_has_no_file_then_it_says_so(settings: Settings, tmp_path: Path) -> None:
    # given
    settings.DATA_DIR = tmp_path
    kept, other = (files.receive([b"x"], max_bytes=10).uuid for _ in range(2))
    files.keep(kept)
    assert _is_well("files")
    # then
    StoredFile.objects.filter(pk=other).delete()
    assert _says("files", "wrong", "1 files on disk are known to no row")
    files.path_of(kept).unlink()
    assert _says("files", "wrong", "1 of the newest 1 files are not on disk")


def test_when_there_is_no_backup_or_an_old_one_or_it_is_gone_then_it_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    assert _says("backups", "warning", "none was ever made")
    settings.IS_PRODUCTION = True
    assert _says("backups", "wrong", "none was ever made")
    archive = backup.Archive(tmp_path / "backups")
    archive.prepare()
    at = now() - timedelta(hours=40)
    name = archive.name_for(at)
    (archive.folder / name).mkdir()
    note_last(Last(at, archive.folder, name))
    assert _says("backups", "wrong", "the last one is 40 hours old")
    note_last(Last(now(), archive.folder, name))
    assert _is_well("backups")
    (archive.folder / name).rmdir()
    assert _says("backups", "wrong", "is not in")


def test_when_style_sheets_are_not_built_then_it_says_so(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert _says("assets", "wrong", "not built")


def test_when_the_web_server_listens_to_the_world_without_a_proxy_then_it_warns(settings: Settings) -> None:
    # given
    assert not _says("proxy", "warning", "slow senders")
    environment = {**os.environ, "STADHUIS_WEB_WORKERS": "1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "stadhuis", "serve", "--host", "0.0.0.0", "--port", str(free_port())],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while not _says("proxy", "warning", "slow senders") and time.monotonic() < until:
            time.sleep(0.1)
        # then
        assert _says("proxy", "warning", "listens on 0.0.0.0")
        settings.TRUSTED_PROXIES = ["10.0.0.1"]
        assert _is_well("proxy")
    finally:
        running.terminate()
        running.wait(20)


# -- The world outside ------------------------------------------------------------------------------------------------


def test_when_the_sources_answer_then_it_is_content_and_when_they_stop_it_names_each(
    settings: Settings, tmp_path: Path
) -> None:
    # given
    with SimulatorProcess(tmp_path) as simulators:
        settings.DIGID_ISSUER = f"{simulators.url}/digid"
        settings.EHERKENNING_ISSUER = f"{simulators.url}/eherkenning"
        settings.BRP_URL, settings.KVK_URL = f"{simulators.url}/brp", f"{simulators.url}/kvk"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "localhost", simulators.smtp_port, False
        assert _is_well("sources")
        settings.EMAIL_USE_TLS = True
        assert _says("sources", "wrong", "offers no STARTTLS")
        settings.DIGID_ISSUER = f"{simulators.url}/somewhere-else"
        assert _says("sources", "wrong", "DigiD answers with status 404")
    # when
    found = _states("sources")
    # then
    assert [state for state, _ in found] == ["wrong"] * 5
    assert {text.split()[0] for _, text in found} == {"DigiD", "eHerkenning", "BRP", "KVK", "the"}


class _Late(BaseHTTPRequestHandler):
    ahead = timedelta(0)

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(time.time() + self.ahead.total_seconds())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@contextmanager
def _serving(ahead: timedelta = timedelta(0), context: ssl.SSLContext | None = None) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), type("Handler", (_Late,), {"ahead": ahead}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"{'http' if context is None else 'https'}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "words"), [(5, "seconds behind"), (-5, "seconds ahead of")])
def test_when_our_clock_differs_from_that_of_a_source_then_it_says_which_way(
    settings: Settings, minutes: int, words: str
) -> None:
    with _serving(timedelta(minutes=minutes)) as url:
        settings.DIGID_ISSUER = url
        assert _says("clock", "wrong", words)
        assert ("ok", "within 5 seconds of that of the database") in _states("clock")


@pytest.mark.django_db
def test_when_our_clock_differs_from_that_of_the_database_then_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 60)
    assert _says("clock", "wrong", "60 seconds ahead of that of the database")


def _certificate(folder: Path, *, days: int) -> tuple[Path, ssl.SSLContext]:
    """Write a certificate for localhost that is good for so many days, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=400))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    place = folder / f"certificate-{days}.pem"
    place.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    return place, context


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (-2, "wrong", "expired on"),
        (3, "wrong", "in 3 days"),
        (20, "warning", "in 20 days"),
        (200, "ok", "is good until"),
    ],
)
def test_when_a_certificate_expires_then_it_says_when(
    settings: Settings, tmp_path: Path, days: int, state: str, words: str
) -> None:
    _, context = _certificate(tmp_path, days=days)
    with _serving(context=context) as url:
        settings.PUBLIC_URL = url
        assert _says("certificates", state, words)
        assert _says("certificates", "wrong", "is not trusted here")


def test_when_an_address_shows_no_certificate_then_it_says_so(settings: Settings) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        settings.PUBLIC_URL = f"https://localhost:{silent.getsockname()[1]}"
        assert _says("certificates", "wrong", "shows no certificate")


def test_when_a_client_certificate_in_the_settings_expires_then_it_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stadhuis.settings import env

    place, _ = _certificate(tmp_path, days=3)
    monkeypatch.setattr(env, "documented", [*env.documented, Setting("STADHUIS_X_CLIENT_CERT", "", "")])
    settings.X_CLIENT_CERT = str(place)
    assert _says("certificates", "wrong", "STADHUIS_X_CLIENT_CERT expires on")
    place.write_text("nothing")
    assert _says("certificates", "wrong", "names no certificate")


# -- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_when_only_one_check_is_asked_then_the_exit_code_is_of_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(only=["audit"]) == 0
    assert capsys.readouterr().out.startswith("ok      audit: ")
    assert doctor.run(only=["worker"], as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["check"] == "worker"
    assert doctor.run(only=["horoscope"]) == 2


def test_when_settings_are_missing_then_json_says_so_too() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "stadhuis", "doctor", "--json"],
        env={**kept, "STADHUIS_MODE": "production"}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "STADHUIS_SECRET_KEY is missing" in json.loads(done.stdout)["findings"][0]["text"]
