"""The command ``stadhuis``: run, prepare and examine a town hall.

``serve`` and ``worker`` are the two long-running processes beside PostgreSQL; ``demo`` keeps all of them together with the
simulators of the outside world. Every command ends with 0, or with one clear sentence and another number.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import getpass
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stadhuis import doctor as examination
from stadhuis.commands.public import COMMANDS
from stadhuis.kit.env import SettingsError
from stadhuis.kit.starting import start_django

if TYPE_CHECKING:
    from types import ModuleType

    from procrastinate import App

JOBS_END_WITHIN_SECONDS = 10
STEPS_BACK_BY = 10
"""Niceness of the worker: whoever waits for a page goes before a PDF or a mail, on a machine that has both to do."""
_PASSWORD_FAULTS = {
    "short": "A password has at least 12 characters.",
    "long": "This password is too long.",
    "repeats": "This password has fewer than five different characters.",
    "common": "This password is one of the most used ones, or made of words of a town hall: take a few words nobody expects.",
    "name": "This password is made of the name of who it is for.",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
    commands = {
        "serve": serve,
        "worker": worker,
        "migrate": migrate,
        "seed-demo": seed_demo,
        "createuser": create_user,
        "login-keys": login_keys,
        "verify-audit": verify_audit,
        "doctor": doctor,
        "rebuild-search": rebuild_search,
        "maintenance": maintenance,
        "demo": demo,
        **{name: command.run for name, command in COMMANDS.items()},
    }
    try:
        return commands[given.command](given)
    except SettingsError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadhuis", description="The digital town hall of a Dutch municipality.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("serve", help="answer requests (Granian)")
    add.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    add = commands.add_parser("worker", help="do the jobs (Procrastinate)")
    add.add_argument("--concurrency", type=int, default=2, help="jobs at the same time (2)")
    commands.add_parser("migrate", help="bring the tables up to date and publish the forms of this release")
    commands.add_parser("seed-demo", help="fill an empty database with the demo town")
    add = commands.add_parser("createuser", help="add a member of staff; asks for the password")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="name as colleagues read it")
    add.add_argument("--email", required=True)
    add.add_argument("--unit", required=True, help="code of the organisation unit")
    add.add_argument("--function", default="", help="job title")
    add.add_argument("--role", action="append", default=[], help="code of a role in that unit; may be repeated")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add = commands.add_parser("login-keys", help="our own keys towards DigiD, eHerkenning and eIDAS")
    add.add_argument(
        "deed",
        choices=("list", "add", "use-newest", "drop-old"),
        help="list them; add a pair; let the newest sign; remove all but the pair that signs",
    )
    add = commands.add_parser("verify-audit", help="walk the audit trail and name the first line that does not fit")
    add.add_argument("--seals", type=Path, metavar="FILE", help="compare with seals that were kept elsewhere")
    add.add_argument(
        "--write-seals", type=Path, metavar="FILE", help="when all fits, write the seals to keep elsewhere"
    )
    add = commands.add_parser("doctor", help="say what is wrong with this installation")
    examination.add_to(add)
    add = commands.add_parser("rebuild-search", help="make the search index anew; people search on meanwhile")
    add.add_argument("--batch", type=int, default=200, help="records per transaction (200)")
    add.add_argument("--restart", action="store_true", help="begin again instead of going on where it stopped")
    add.add_argument(
        "--compare", action="store_true", help="change nothing, only say what differs; 1 when something does"
    )
    add = commands.add_parser("maintenance", help="make the town hall read-only, or open it again")
    add.add_argument("state", choices=["on", "off"])
    add.add_argument("--message", default="", help="what visitors are told; by default that one can read but not send")
    add.add_argument("--minutes", type=int, default=10, help="after so many minutes one may try again (10)")
    add = commands.add_parser("demo", help="run the demo town with everything it needs")
    add.add_argument("--port", type=int, default=8000, help="port of the town hall; the next three are used too (8000)")
    add.add_argument("--reset", action="store_true", help="throw the demo town away first")
    add.add_argument("--no-seed", action="store_true", help="start with an empty town hall")
    for name, command in COMMANDS.items():
        command.add_to(commands.add_parser(name, help=command.HELP))
    return parser


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _settings() -> ModuleType:
    """Return the settings without starting Django; raises ``SettingsError`` with everything that is wrong."""
    from stadhuis import settings

    return settings


def serve(given: argparse.Namespace) -> int:
    """Answer requests until told to stop."""
    settings = _settings()
    figures = Path(settings.DATA_DIR) / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    try:
        figures.mkdir(parents=True)
    except OSError as error:
        return _refuse(f"The data folder {settings.DATA_DIR} cannot be written: {error.strerror}.")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "stadhuis.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig={
            "formatters": {name: {"()": "stadhuis.kit.logs.json_formatter"} for name in ("generic", "access")}
        },
    )
    server.serve()
    return 0


def worker(given: argparse.Namespace) -> int:
    """Do jobs until told to stop, behind who waits for a page; running jobs get ten seconds to end.

    1 when the database did not take a job's outcome.
    """
    settings = _settings()
    os.nice(STEPS_BACK_BY)
    start_django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from stadhuis.kit.jobs import OutcomeManager

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        return _refuse("The job queue is not connected to the database of the town hall.")
    # A second app over the same tasks: what a job itself queues still goes by Django's connection, in the job's transaction.
    worker_app = app.with_connector(connector.get_worker_connector())
    exit_code = 0

    async def run() -> None:
        work = asyncio.ensure_future(_work(worker_app, given.concurrency, settings.JOB_STALLED_SECONDS))
        loop = asyncio.get_running_loop()

        def end() -> None:
            work.cancel()
            # Without a database the worker cannot say goodbye. What it had in hand the sweep takes up again.
            loop.call_later(JOBS_END_WITHIN_SECONDS + 4, os._exit, 1)

        def lost() -> None:
            nonlocal exit_code
            exit_code = 1
            end()

        worker_app.job_manager = OutcomeManager(worker_app.connector, lost)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, end)
        with contextlib.suppress(asyncio.CancelledError):
            await work

    asyncio.run(run())
    return exit_code


async def _work(app: App, concurrency: int, stalled_seconds: int) -> None:
    async with app.open_async():
        await app.run_worker_async(
            name=f"stadhuis-{os.getpid()}",
            concurrency=concurrency,
            shutdown_graceful_timeout=JOBS_END_WITHIN_SECONDS,
            install_signal_handlers=False,
            update_heartbeat_interval=min(10.0, stalled_seconds / 6),
            stalled_worker_timeout=stalled_seconds,
        )


def migrate(given: argparse.Namespace) -> int:
    """Bring the tables up to date and publish the forms that come with this release; may run while people work."""
    _settings()
    start_django()
    import psycopg
    from django.db import DatabaseError

    from stadhuis.forms import public as forms
    from stadhuis.kit import migrating
    from stadhuis.records import public as records

    try:
        ran = migrating.migrate(lambda sentence: print(f"  {sentence}", flush=True))
    except migrating.MigrationRefused as error:
        return _refuse(str(error))
    except (DatabaseError, psycopg.OperationalError) as error:
        return _refuse(f"The tables were not brought up to date: {(str(error).splitlines() or ['no reason given'])[0]}")
    forms.publish_shipped()
    print(f"{ran} migrations ran: the tables are up to date." if ran else "The tables were up to date already.")
    if records.rebuild_after_upgrade():
        print("The search index is rebuilt by the worker; people find what they found meanwhile.")
    return 0


def seed_demo(given: argparse.Namespace) -> int:
    """Fill an empty database with the demo town; refused in production."""
    if _settings().IS_PRODUCTION:
        return _refuse("The demo town is not for production: STADHUIS_MODE is production.")
    start_django()
    from stadhuis.demo import public

    public.seed(tell=print)
    print(public.logins(), end="")
    return 0


def create_user(given: argparse.Namespace) -> int:
    """Add a member of staff with a password; at the first log-in he sets up his second factor."""
    _settings()
    start_django()
    from django.db import transaction

    from stadhuis.access import public as access
    from stadhuis.people import public as people

    password = sys.stdin.readline().rstrip("\n") if given.password_stdin else getpass.getpass("Password: ")
    names = {"username": given.username.strip().lower(), "naam": given.name, "email": given.email}
    if fault := people.first_password_fault(password, password, **names):
        return _refuse(_PASSWORD_FAULTS[fault])
    codes = sorted(unit.code for unit in people.units())
    if codes and given.unit not in codes:
        return _refuse(f"No organisation unit has the code {given.unit}; there are: {', '.join(codes)}.")
    try:
        with transaction.atomic():
            # The very first one brings the first unit along.
            unit_id = people.create_unit(given.unit, given.unit)
            medewerker = people.create_medewerker(
                given.username, given.name, given.email, unit_id, given.function, password
            )
            for role in given.role:
                access.give_role(medewerker, role, unit_id)
    except (people.PeopleError, access.AccessError) as error:
        return _refuse(f"{error}.")
    print(f"{given.username} can log in at {_settings().PUBLIC_URL}/werkplek/")
    return 0


def rebuild_search(given: argparse.Namespace) -> int:
    """Make every record and its search text anew; can be stopped with Ctrl+C and goes on where it was."""
    _settings()
    if given.batch < 1:
        return _refuse("A batch has at least one record.")
    start_django()
    from stadhuis.records import public as records

    if given.compare:
        differences = records.compare_all()
        print(f"{differences} differences between the spine and the objects")
        return 1 if differences else 0
    done = records.rebuild(batch=given.batch, restart=given.restart, tell=print)
    print(f"{done} records were made anew")
    return 0


def login_keys(given: argparse.Namespace) -> int:
    """Show or rotate the keys with which we prove who we are at the providers of log-ins."""
    settings = _settings()
    if not settings.LOGIN_KEYS_FILE:
        return _refuse("Set STADHUIS_LOGIN_KEYS_FILE to the file in which the keys are to be kept.")
    start_django()
    from stadhuis.people import public as people

    file = Path(settings.LOGIN_KEYS_FILE)
    try:
        match given.deed:
            case "add":
                print(f"Made and published: {people.login_keys.add(file)}. Let providers fetch it, then: use-newest.")
            case "use-newest":
                print(f"Signs from now on: {people.login_keys.use_newest(file)}. Wait ten minutes, then: drop-old.")
            case "drop-old":
                gone = people.login_keys.drop_old(file)
                print(f"Removed: {', '.join(gone) or 'nothing, there is one pair'}.")
            case _:
                for line in people.login_keys.described(file):
                    print(line)
    except people.login_keys.KeysUnusable as error:
        return _refuse(f"{error}.")
    except OSError as error:
        return _refuse(f"{file} cannot be written: {error.strerror}.")
    return 0


def verify_audit(given: argparse.Namespace) -> int:
    """Walk the whole audit trail; 1, with the number of the line, when something does not fit."""
    _settings()
    start_django()
    from stadhuis.audit import public as audit

    try:
        kept = audit.read_seals(given.seals) if given.seals else None
    except (OSError, audit.SealsUnreadable) as error:
        return _refuse(f"The seals cannot be read: {error}.")
    while audit.seal():
        continue
    verdict = audit.verify(kept=kept)
    if not verdict.is_whole:
        line = f"line {verdict.broken_line}" if verdict.broken_line else "a line that was not sealed yet"
        return _refuse(f"The audit trail is broken at {line} ({verdict.broken_uuid or 'gone'}): {verdict.reason}.")
    compared = f", and fits the {len(kept)} seals kept elsewhere" if kept else ""
    print(f"The audit trail is whole up to and including line {verdict.last_number}{compared}.")
    if given.write_seals:
        try:
            audit.write_seals(given.write_seals, audit.seals())
        except OSError as error:
            return _refuse(f"The seals cannot be written: {error}.")
        print(f"Seals written to {given.write_seals}; keep that file where nobody can reach it from this machine.")
    return 0


def doctor(given: argparse.Namespace) -> int:
    """Print what was examined, good or bad; 1 when something is bad."""
    return examination.run(only=given.only, as_json=given.json)


def maintenance(given: argparse.Namespace) -> int:
    """Switch read-only maintenance: reading goes on, deeds answer 503, jobs wait."""
    _settings()
    start_django()
    from stadhuis.access import public as access

    is_on = given.state == "on"
    access.maintenance.switch(is_on, message=given.message, minutes=given.minutes)
    print("The town hall is read-only; jobs wait." if is_on else "The town hall takes deeds again.")
    return 0


def demo(given: argparse.Namespace) -> int:
    """Run the demo town until told to stop."""
    from stadhuis import supervisor

    return supervisor.run(port=given.port, reset=given.reset, seed=not given.no_seed)
