"""The demo town as one process group: PostgreSQL, simulators, web and worker, started in order and stopped together."""

from __future__ import annotations

import base64
import contextlib
import errno
import fcntl
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from stadhuis.kit.postgres import EmbeddedPostgres, PostgresUnavailable
from stadhuis.kit.supervise import ProcessService, ServiceFailed, Supervisor, die_with_parent

PROJECT_DIR = Path(__file__).resolve().parents[2]
_SEEDED = "seeded"


class DemoRefused(Exception):
    """The demo cannot start; the text is one sentence."""


def run(*, port: int, reset: bool, seed: bool) -> int:
    """Run the demo town on ``port`` and the three above it until SIGINT or SIGTERM; returns the exit code."""
    supervisor = Supervisor(_tell)
    try:
        os.umask(0o077)
        supervisor.listen_to_signals()
        _refuse_taken(port)
        data = _data_folder()
        with _alone_in(data):
            _run_in(data, supervisor, port=port, reset=reset, seed=seed)
    except (DemoRefused, PostgresUnavailable, ServiceFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EROFS, errno.EACCES}:
            raise
        print(f"\nThe demo town cannot write {error.filename or 'its data'}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        supervisor.stop()
    return 0


def _run_in(data: Path, supervisor: Supervisor, *, port: int, reset: bool, seed: bool) -> None:
    started = time.monotonic()
    logs = data / "logs"
    logs.mkdir(exist_ok=True)
    own_database = os.environ.get("DATABASE_URL")
    if reset:
        if own_database:
            raise DemoRefused(
                "--reset does not empty a database of your own: unset DATABASE_URL, or empty it yourself."
            )
        _reset(data)
    environment = _environment(data, port)
    try:
        if own_database:
            environment["DATABASE_URL"] = own_database
        else:
            _tell("starting PostgreSQL")
            server = EmbeddedPostgres(data / "postgres", log_file=logs / "postgresql.log")
            supervisor.start(server)
            environment["DATABASE_URL"] = server.url()
        logins = _prepare(data, environment, seed=seed)
        _tell("starting the town hall")
        services = _services(logs, environment, port)
        for service in services:
            supervisor.keep(service)
            service.launch()
        for service in services:
            service.wait_until_ready()
        _tell(f"ready after {time.monotonic() - started:.1f} seconds")
        print(_welcome(port, logins, logs), flush=True)
        supervisor.wait()
    finally:
        _tell("stopping")
        supervisor.stop()
        _tell("stopped")


def _tell(sentence: str) -> None:
    print(f"  {sentence}", flush=True)


def _refuse_taken(port: int) -> None:
    if not 1 <= port <= 65532:
        raise DemoRefused(
            f"Port {port} does not exist or leaves no room for three more: choose one from 1024 to 65532 with --port."
        )
    for number in range(port, port + 4):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                raise DemoRefused(
                    f"Port {number} cannot be used ({error.strerror}): choose others with --port, the demo uses that one and the next three."
                ) from error


def _data_folder() -> Path:
    data = Path(os.environ.get("STADHUIS_DATA_DIR") or PROJECT_DIR / "var").resolve()
    try:
        if not data.exists():
            data.mkdir(parents=True)
            # Started by root, the database runs as another user: he may pass through, not look around.
            data.chmod(0o711)
        probe = data / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DemoRefused(
            f"The demo town keeps its data in {data}, which cannot be written ({error.strerror}): "
            "make it writable or name another folder in STADHUIS_DATA_DIR."
        ) from error
    return data


@contextlib.contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    with (data / "demo.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRefused(f"A demo town is already running from {data}: stop it first.") from None
        yield


def _reset(data: Path) -> None:
    _tell("throwing the demo town away")
    EmbeddedPostgres(data / "postgres").remove()
    for left in data.iterdir():
        if left.name not in {"demo.lock", "logs"}:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()


def _secrets(data: Path) -> dict[str, str]:
    """Return the secrets of this demo town, made once and kept where only its owner reads them."""
    place = data / "demo-secrets.json"
    if place.exists():
        kept: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
        return kept
    made = {
        f"STADHUIS_{name}": base64.b64encode(secrets.token_bytes(32)).decode()
        for name in ("BSN_KEY", "BSN_HASH_KEY", "PROCESSING_KEY")
    }
    made["STADHUIS_SECRET_KEY"] = secrets.token_urlsafe(60)
    for name in ("DIGID_CLIENT_SECRET", "BRP_API_KEY", "KVK_API_KEY"):
        made[f"STADHUIS_{name}"] = secrets.token_urlsafe(24)
    # One simulator plays both, with one secret.
    made["STADHUIS_EHERKENNING_CLIENT_SECRET"] = made["STADHUIS_DIGID_CLIENT_SECRET"]
    fresh = place.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1)
    fresh.rename(place)
    return made


def _environment(data: Path, port: int) -> dict[str, str]:
    return {
        "STADHUIS_SIMULATORS_URL": f"http://localhost:{port + 1}",
        "STADHUIS_SMTP_HOST": "localhost",
        "STADHUIS_SMTP_PORT": str(port + 2),
        "STADHUIS_OPERATOR_EMAIL": "beheer@oeverveen.example",
        "STADHUIS_BOUNCE_IMAP_HOST": "localhost",
        "STADHUIS_BOUNCE_IMAP_PORT": str(port + 3),
        "STADHUIS_BOUNCE_IMAP_TLS": "none",
        "STADHUIS_BOUNCE_IMAP_USER": "bounces",
        "STADHUIS_BOUNCE_IMAP_PASSWORD": "practice-bounces",
        "STADHUIS_PUBLIC_URL": f"http://localhost:{port}",
        **os.environ,
        **_secrets(data),
        "STADHUIS_LOGIN_KEYS_FILE": str(data / "login-keys.json"),
        "STADHUIS_MODE": "demo",
        "STADHUIS_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "stadhuis.settings",
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(data: Path, environment: dict[str, str], *, seed: bool) -> str:
    """Bring tables and demo town up to date in a process of its own; returns the log-ins it names."""
    command = [sys.executable, "-m", "stadhuis.prepare"]
    # The mark lies beside the secrets: both go at a reset. A town half seeded has no mark, and seeding is one transaction.
    mark = data / _SEEDED
    if seed and not mark.exists() and (Path(__file__).parent / "demo" / "public.py").exists():
        command.append("--seed")
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode != 0:
        raise ServiceFailed("The tables or the demo town could not be made; the reason stands above.")
    if "--seed" in command:
        mark.touch()
    return done.stdout


def _services(logs: Path, environment: dict[str, str], port: int) -> list[ProcessService]:
    python = [sys.executable, "-m"]
    services = [
        ProcessService(
            "web server",
            [*python, "stadhuis", "serve", "--port", str(port)],
            log_file=logs / "web.log",
            environment=environment,
            is_ready=lambda: _answers(port, "/healthz"),
        )
    ]
    if (Path(__file__).parent / "demo" / "simulators" / "__main__.py").exists():
        services.append(
            ProcessService(
                "simulators",
                [*python, "stadhuis.demo.simulators", "--port", str(port + 1), "--smtp-port", str(port + 2)]
                + ["--imap-port", str(port + 3)]
                + [
                    "--public-url",
                    environment["STADHUIS_SIMULATORS_URL"],
                    "--app-url",
                    environment["STADHUIS_PUBLIC_URL"],
                ]
                + ["--client-jwks", f"http://localhost:{port}/.well-known/jwks.json"]
                + ["--data-dir", str(Path(environment["STADHUIS_DATA_DIR"]) / "simulators")],
                log_file=logs / "simulators.log",
                environment=environment,
                is_ready=lambda: _listens(port + 1),
            )
        )
    services.append(
        ProcessService(
            "worker",
            [*python, "stadhuis", "worker"],
            log_file=logs / "worker.log",
            environment=environment,
            is_ready=lambda: _answers(port, "/readyz"),
        )
    )
    return services


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(port: int, logins: str, logs: Path) -> str:
    here = f"http://localhost:{port}"
    outside = f"http://localhost:{port + 1}"
    return f"""
  Residents     {here}/
  Workplace     {here}/werkplek/
  API           {here}/zaken/api/v1/
  Simulators    {outside}/
  Mail          {outside}/mail
  Logs          {logs}

{logins}
  Ctrl-C stops everything."""
