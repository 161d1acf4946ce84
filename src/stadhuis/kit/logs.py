"""Logs: one JSON object per line, each with the ids of the request and the trace it belongs to; no BSN and no query strings.

``configure`` is called once per process (by ``kit.apps``); ``RequestMiddleware`` writes one line per request and feeds the
metrics. What stands in a query string or a body is never logged: the ZGW filters carry a BSN there.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from structlog.typing import EventDict, Processor, WrappedLogger

from stadhuis.kit import health, trace, traffic

REQUEST_ID_HEADER = "X-Request-ID"
_GOOD_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_EIGHT_OR_NINE_DIGITS = re.compile(
    r"(?P<ours>(?<![0-9a-f])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,})(?![0-9a-f]))"
    r"|(?<!\d)\d{8,9}(?!\d)"
)
"""A uuid or a hash stays as it is; any other run of eight or nine digits could be a BSN, whatever it is glued to."""
_QUERY = re.compile(
    r"(?P<address>(?:https?://[^\s/?#'\"<>]+|(?<=[\s'\"(<=:])|^)/[^\s?#'\"<>]*|https?://[^\s/?#'\"<>]+)\?[^\s'\"<>]+"
)
"""The query string of an address, wherever it stands in a text: a request that Django puts beside its own line, an error of a
client. Codes, states and tokens of log-in and mail links travel in it."""
_PLAIN_KEYS = frozenset({"request_id", "trace_id", "span_id", "timestamp", "level", "logger"})

log = structlog.stdlib.get_logger("stadhuis.request")


def mask(text: str) -> str:
    """Return the text without query strings, and with every number that could be a BSN replaced by asterisks."""
    if "?" in text:
        text = _QUERY.sub(lambda found: f"{found['address']}?...", text)
    return _EIGHT_OR_NINE_DIGITS.sub(lambda found: found["ours"] or "*********", text)


def _mask_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key not in _PLAIN_KEYS:
            event[key] = mask(value)
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def json_formatter() -> logging.Formatter:
    """Return what turns a log record into one JSON line (also named in the logging set-up of the web server)."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _mask_values,
            structlog.processors.JSONRenderer(default=_as_masked_text, ensure_ascii=False),
        ],
    )


def configure(level: str = "INFO") -> None:
    """Send everything that is logged, by us or by a library, to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    handler.set_name("stadhuis")
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if kept.get_name() != "stadhuis"] + [handler]
    root.setLevel(level)
    # Their own lines repeat ours, or hold addresses with query strings.
    for noisy in ("django.request", "django.server", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    for noisy in ("procrastinate", "django.security.csrf", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _as_masked_text(value: object) -> str:
    return mask(str(value))


def _request_id(given: str | None) -> str:
    return given if given and _GOOD_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


class RequestMiddleware:
    """Give every request an id (its own, or a well-formed one it brought), write one line about it and count it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _request_id(request.headers.get(REQUEST_ID_HEADER))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        with trace.part_of(request.headers.get(trace.HEADER)):
            return self._answer(request, request_id)

    def _answer(self, request: HttpRequest, request_id: str) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        response[REQUEST_ID_HEADER] = request_id
        route = _route(request)
        health.count_request(request.method or "", route, response.status_code, seconds)
        traffic.count(response.status_code)
        write: Callable[..., Any] = log.error if response.status_code >= 500 else log.info
        write(
            "request",
            method=request.method,
            path=request.path,
            route=route,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Write the traceback once, with the id of the request; Django makes the answer.

        What is only an answer (404, 403, 400) is no error of ours: the line about the request says enough.
        """
        if isinstance(exception, (Http404, PermissionDenied, SuspiciousOperation)):
            return
        log.error("unexpected error", path=request.path, exc_info=exception)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "static" if request.path.startswith("/static/") else "unknown"
    return match.view_name or match.route
