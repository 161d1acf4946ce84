"""What an operator's tools ask: is it alive, is it ready, how is it doing.

``HealthMiddleware`` answers before anything else (host check, sessions, log-in): a probe comes by IP address, and must get
its answer when the database is down. ``/metrics`` counts over all web processes when ``PROMETHEUS_MULTIPROC_DIR`` is set
(``stadhuis serve`` sets it); the figures of the connection pool are those of the process that answers.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from psycopg_pool import ConnectionPool, PoolTimeout

HEARTBEAT_SECONDS = 60
"""A worker that has not been heard of for this long does not count (Procrastinate beats every ten seconds)."""

_REQUESTS = Counter("stadhuis_requests", "Requests answered.", ["method", "route", "status"])
_SECONDS = Histogram(
    "stadhuis_request_seconds",
    "Time to the first byte of an answer, in seconds.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is well, and a sentence for a person."""

    name: str
    is_well: bool
    text: str


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; ``route`` is the name of a route, never an address."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def checks() -> list[Check]:
    """Return what must be well before people are let in: database, migrations, worker."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            version = str(cursor.fetchone()[0])
    except (DatabaseError, PoolTimeout):
        return [Check("database", False, "the database does not answer")]
    return [Check("database", True, f"PostgreSQL {version}"), _migrations(), _worker()]


def pending_migrations() -> list[str]:
    """Return the names of the migrations that this code has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _migrations() -> Check:
    pending = pending_migrations()
    if pending:
        return Check("migrations", False, f"{len(pending)} migrations have not run, the first is {pending[0]}")
    return Check("migrations", True, "all migrations have run")


def _worker() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
                [HEARTBEAT_SECONDS],
            )
            alive = int(cursor.fetchone()[0])
    except DatabaseError:
        return Check("worker", False, "the tables of the job queue are missing")
    if not alive:
        return Check("worker", False, f"no worker has been heard of for {HEARTBEAT_SECONDS} seconds")
    return Check("worker", True, f"{alive} alive")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200: this process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything is there that a visitor needs, else 503; the body names each check."""
    found = checks()
    is_ready = all(check.is_well for check in found)
    body = {
        "status": "ready" if is_ready else "not ready",
        "checks": {check.name: {"ok": check.is_well, "text": check.text} for check in found},
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures in Prometheus' text format.

    With ``METRICS_TOKEN`` set it must be given as bearer token; without it production answers 404.
    """
    token = str(settings.METRICS_TOKEN)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponse("a bearer token is needed\n", status=401, content_type="text/plain")
    if not token and settings.IS_PRODUCTION:
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    # Figures of this moment are not counted but asked: they bypass the files of the several processes.
    now = CollectorRegistry()
    now.register(_Present())
    requests: CollectorRegistry = REGISTRY
    # With several processes each keeps its figures in a file; the collector adds them up.
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(requests) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


_figures: list[Callable[[], Iterator[Metric]]] = []


def register_figures(figures: Callable[[], Iterator[Metric]]) -> None:
    """Add figures of the present moment to the metrics (from ``apps.ready``); they are asked of the database each time."""
    if figures not in _figures:
        _figures.append(figures)


def gauge(name: str, text: str, ask: Callable[[], Mapping[str, int]]) -> Callable[[], Iterator[Metric]]:
    """Return figures of one gauge, one value per name that ``ask`` answers."""

    def figures() -> Iterator[Metric]:
        family = GaugeMetricFamily(name, text, labels=["figure"])
        for figure, value in ask().items():
            family.add_metric([figure], value)
        yield family

    return figures


class _Present(Collector):
    def collect(self) -> Iterator[Metric]:
        """Yield the jobs by queue and state, whether the database answers, and the pool of this process."""
        jobs = GaugeMetricFamily("stadhuis_jobs", "Jobs by queue and state.", labels=["queue", "state"])
        is_up = GaugeMetricFamily("stadhuis_database_up", "Whether the database answers.")
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2")
                for queue, state, count in cursor.fetchall():
                    jobs.add_metric([queue, state], count)
            more = [metric for figures in _figures for metric in figures()]
            is_up.add_metric([], 1)
            yield from more
        except (DatabaseError, PoolTimeout):
            is_up.add_metric([], 0)
        yield from (jobs, is_up)
        pool = getattr(connection, "pool", None)
        if isinstance(pool, ConnectionPool):
            figures = GaugeMetricFamily(
                "stadhuis_pool", "Connection pool of the process that answers.", labels=["figure"]
            )
            for figure, value in pool.get_stats().items():
                figures.add_metric([figure], value)
            yield figures


class HealthMiddleware:
    """Answer ``/healthz``, ``/readyz`` and ``/metrics`` before any other middleware."""

    answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
        "/healthz": healthz,
        "/readyz": readyz,
        "/metrics": metrics,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return answer(request)
