"""What the logs hold, and what they never hold."""

from __future__ import annotations

import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response
from pytest_django import Settings

from stadhuis.kit import logs, trace


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_when_a_request_is_answered_then_one_line_carries_the_id_it_brought_and_no_query_string(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # given
    logs.configure()
    middleware = logs.RequestMiddleware(lambda request: HttpResponse("ok"))
    request = RequestFactory().get("/zaken?rol__inpBsn=999993653", headers={"X-Request-ID": "abc-12345678"})
    # when
    answer = middleware(request)
    # then
    line = next(line for line in _lines(capsys.readouterr().err) if line["event"] == "request")
    assert answer["X-Request-ID"] == line["request_id"] == "abc-12345678"
    assert line["path"] == "/zaken"
    assert line["status"] == 200
    assert "999993653" not in json.dumps(line)


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space and more", "line\nbreak-123"])
def test_when_the_request_id_is_malformed_then_a_fresh_one_is_made(given: str) -> None:
    # given
    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = given
    # when
    answer = logs.RequestMiddleware(lambda request: HttpResponse())(request)
    # then
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


def test_when_a_library_logs_a_number_like_a_bsn_then_it_is_masked_also_in_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # given
    logs.configure()
    # when
    try:
        raise ValueError("no person with 999993653")
    except ValueError:
        logging.getLogger("somebody.else").exception("failed for %s", "999993653", extra={"who": "999993653"})
    # then
    line = _lines(capsys.readouterr().err)[0]
    assert line["event"] == "failed for *********"
    assert "999993653" not in json.dumps(line)
    assert "ValueError" in str(line["exception"])


SECRETS = "code=c0de-of-login&state=st4te-of-login&t=t0ken-of-mail&q=Jan"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502, 503])
def test_when_django_logs_an_answer_of_its_own_then_no_query_string_goes_along(
    capsys: pytest.CaptureFixture[str], status: int
) -> None:
    # given: also the levels that are silent in production
    logs.configure()
    logger = logging.getLogger("django.request")
    logger.setLevel(logging.DEBUG)
    request = RequestFactory().get(f"/inloggen/terug/?{SECRETS}")
    # when
    try:
        log_response("%s: %s", "Kapot", request.path, response=HttpResponse(status=status), request=request)
    finally:
        logger.setLevel(logging.ERROR)
    # then
    [line] = _lines(capsys.readouterr().err)
    assert line["status_code"] == status
    assert "/inloggen/terug/" in str(line["request"])
    assert not [secret for secret in ("c0de", "st4te", "t0ken", "Jan") if secret in json.dumps(line)]


def test_when_a_page_fails_then_nothing_of_its_query_string_is_logged_by_anybody(
    capsys: pytest.CaptureFixture[str], client: Client, settings: Settings
) -> None:
    logs.configure()
    settings.ROOT_URLCONF = "stadhuis.kit.tests.failing_urls"
    client.raise_request_exception = False
    assert client.get(f"/kapot/?{SECRETS}").status_code == 500
    said = capsys.readouterr().err
    assert "django.request" in said
    assert "unexpected error" in said
    assert not [secret for secret in ("c0de", "st4te", "t0ken", "Jan") if secret in said]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET https://idp.example/token?code=x&a=b failed", "GET https://idp.example/token?... failed"),
        ("GET https://idp.example?code=x", "GET https://idp.example?..."),
        ("<WSGIRequest: GET '/werkplek/account/link/?t=geheim'>", "<WSGIRequest: GET '/werkplek/account/link/?...'>"),
        ("/a?b=c", "/a?..."),
        ("Waarom? Daarom / hierom?", "Waarom? Daarom / hierom?"),
        ("of het kan?Ja", "of het kan?Ja"),
    ],
)
def test_a_query_string_is_cut_wherever_it_stands(text: str, kept: str) -> None:
    assert logs.mask(text) == kept


def test_when_a_view_fails_then_its_traceback_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    # given
    logs.configure()
    middleware = logs.RequestMiddleware(lambda request: HttpResponse(status=500))
    request: HttpRequest = RequestFactory().get("/kapot")
    # when
    middleware.process_exception(request, RuntimeError("kapot"))
    middleware(request)
    # then
    lines = _lines(capsys.readouterr().err)
    assert [line["event"] for line in lines] == ["unexpected error", "request"]
    assert [line["level"] for line in lines] == ["error", "error"]


def test_when_a_request_brings_a_trace_then_its_line_is_part_of_that_trace(capsys: pytest.CaptureFixture[str]) -> None:
    # given
    logs.configure()
    brought = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    request = RequestFactory().get("/", headers={"traceparent": brought})
    # when
    logs.RequestMiddleware(lambda request: HttpResponse())(request)
    # then
    line = _lines(capsys.readouterr().err)[-1]
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert line["span_id"] not in {"00f067aa0ba902b7", None}
    assert trace.current() is None
