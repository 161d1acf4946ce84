"""Headers of every answer."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from stadhuis.kit.pages.csp import HEADERS, SecurityHeadersMiddleware


def _answer(*, actor: object = None, response: HttpResponse | None = None) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        request.actor = actor  # type: ignore[attr-defined]
        return response or HttpResponse("<p>dag</p>")

    answer = SecurityHeadersMiddleware(view)(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    return answer


def test_when_a_page_is_answered_then_no_inline_or_foreign_code_may_run() -> None:
    policy = _answer()["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_when_a_page_is_answered_then_it_carries_every_protective_header(name: str) -> None:
    assert _answer()[name] == HEADERS[name]


def test_when_a_view_sets_its_own_policy_then_that_one_stays() -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    assert _answer(response=own)["Content-Security-Policy"] == "sandbox"


def test_when_someone_is_logged_in_then_no_cache_keeps_the_page() -> None:
    own = HttpResponse(headers={"Cache-Control": "public, max-age=600"})
    assert _answer(actor=SimpleNamespace(label="Noor"), response=own)["Cache-Control"] == "no-store"


def test_when_nobody_is_logged_in_then_a_page_is_asked_for_again_each_time() -> None:
    assert _answer()["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("is_production", "expected"), [(True, True), (False, False)])
def test_when_in_production_then_only_https_is_used_from_then_on(
    settings: object, is_production: bool, expected: bool
) -> None:
    settings.IS_PRODUCTION = is_production  # type: ignore[attr-defined]
    assert ("Strict-Transport-Security" in _answer()) is expected
