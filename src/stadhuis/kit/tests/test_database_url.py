"""What DATABASE_URL asks of libpq is done, in our connections and in those of pg_dump."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from stadhuis import settings as read
from stadhuis.kit import pgtools


def database(url: str) -> dict[str, Any]:
    return dict(read._database(url))


def test_every_option_of_the_url_reaches_the_connection() -> None:
    found = database(
        "postgresql://u%40x:p%2Fw@db1.example:5433,db2.example:5434/stad%20huis"
        "?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=read-write&connect_timeout=3&application_name=proef"
    )
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "stad huis", "u@x", "p/w", "db1.example,db2.example", "5433,5434",
    ]  # fmt: skip
    params = ConnectionHandler({"default": found})["default"].get_connection_params()
    wanted = {
        "sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "target_session_attrs": "read-write", "connect_timeout": "3",
        "application_name": "proef", "host": "db1.example,db2.example", "port": "5433,5434",
    }  # fmt: skip
    assert {name: params[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://stadhuis@localhost/stadhuis", "localhost", ""),
        ("postgres://stadhuis@/stadhuis?host=/run/postgresql&port=5433", "/run/postgresql", "5433"),
        ("postgresql://stadhuis@[::1]:5432/stadhuis", "::1", "5432"),
        ("postgresql://stadhuis@%2Frun%2Fpostgresql/stadhuis", "/run/postgresql", ""),
    ],
)
def test_a_host_is_found_wherever_libpq_looks_for_it(url: str, host: str, port: str) -> None:
    found = database(url)
    assert (found["HOST"], found["PORT"], found["OPTIONS"]["application_name"]) == (host, port, "stadhuis")


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:geheim@h/db?slmode=require", "mysql://u:geheim@h/db", "geheim"],
)
def test_a_url_that_cannot_be_read_is_a_fault_without_the_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read.env, "faults", [])
    database(url)
    [fault] = read.env.faults
    assert "DATABASE_URL" in fault
    assert "geheim" not in fault


@pytest.mark.django_db
def test_settings_of_the_session_in_the_url_hold_beside_ours() -> None:
    parts = urlsplit(os.environ["DATABASE_URL"])
    path = f"/{connection.settings_dict['NAME']}"
    more = f"{parts.query}&options=-c%20search_path%3Dpg_catalog%20-c%20lock_timeout%3D7s".lstrip("&")
    there = ConnectionHandler({"default": database(urlunsplit(parts._replace(path=path, query=more)))})["default"]
    try:
        with there.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout')"
            )
            assert cursor.fetchone() == ("pg_catalog", "7s", "30s")
    finally:
        there.close()


def test_pg_dump_asks_the_same_of_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    found = database("postgresql://u@db.example/x?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=3")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", found["OPTIONS"])
    said = pgtools.environment()
    assert (said["PGSSLMODE"], said["PGSSLROOTCERT"], said["PGCONNECT_TIMEOUT"]) == ("verify-full", "/etc/ca.pem", "3")
    assert said["PGAPPNAME"] == "stadhuis-backup"
    assert "statement_timeout=0" in said["PGOPTIONS"]
