"""The lists over HTTP, at the shape of VNG's API: read-only, for everybody, without a token. Source: vrl API 0.6.0."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from stadhuis.catalogi.selectielijst import shapes
from stadhuis.catalogi.selectielijst.resource import LISTS, ROOT
from stadhuis.kit.api.endpoint import page_number, problem
from stadhuis.kit.api.errors import ApiError, MethodNotAllowed, NotFound
from stadhuis.kit.api.gate import Everyone
from stadhuis.kit.api.resource import Resource

VERSION: Final = "0.6.0"
_QUERIES: Final[dict[str, Any]] = {
    "procestypen": shapes.ProcestypenQuery,
    "resultaten": shapes.ResultatenQuery,
    "resultaattypeomschrijvingen": shapes.NoQuery,
    "communicatiekanalen": shapes.PagedQuery,
}
_EVERYONE: Final = Everyone()


def listed(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return a whole list, or a page of it where VNG's API has pages."""
    try:
        return _answer(request, _list(request, _known(request, path)))
    except ApiError as error:
        return _problem(error)


def one(request: HttpRequest, path: str, uuid: UUID) -> HttpResponseBase:
    """Return one entry of a list."""
    try:
        return _answer(request, _known(request, path).one(uuid, seen_by=_EVERYONE).text)
    except ApiError as error:
        return _problem(error)


def _known(request: HttpRequest, path: str) -> Resource:
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(["GET", "HEAD"])
    if path not in LISTS:
        raise NotFound
    return LISTS[path]


def _list(request: HttpRequest, resource: Resource) -> str:
    # The document calls it proces_type, clients of the field send procesType: both are taken.
    sent = {"procesType" if name == "proces_type" else name: values for name, values in request.GET.lists()}
    query = _QUERIES[resource.path].check_query(sent)
    names = [name for name in resource.filters if name in query.given]
    if not isinstance(query, shapes.PagedQuery):
        return resource.all(seen_by=_EVERYONE, filters=query, names=names).results
    page = resource.page(seen_by=_EVERYONE, filters=query, names=names, number=page_number(query))
    rest = request.GET.copy()
    rest.pop("page", None)
    return page.text(f"{settings.PUBLIC_URL}/{ROOT}/{resource.path}", rest.urlencode())


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    body = text.encode()
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    is_known = etag in {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(b"" if is_known or request.method == "HEAD" else body, status=304 if is_known else 200)
    response["Content-Type"] = "application/json"
    response["ETag"] = etag
    response["API-version"] = VERSION
    return response


def _problem(error: ApiError) -> HttpResponse:
    response = problem(error)
    response["API-version"] = VERSION
    return response
