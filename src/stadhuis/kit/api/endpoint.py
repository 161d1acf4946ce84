"""Endpoints: from request to answer in one place. A room declares operations; everything they share is done here.

    API = Api(name="zaken", version="1.7.0", root="zaken/api/v1", component="zrc", enter=access.enter, title="Zaken API")

    @API.endpoint("POST", "/zaken", scopes=("zaken.aanmaken",), takes=ZaakBody, gives=ZAAK, with_crs=True)
    def create_zaak(request: ApiRequest, body: ZaakBody) -> Answer: ...

The order in which a request is judged: path (404), method (405), token (403), scope (403), ``Accept`` (406), coordinate
system (412, 406), media type (415), size (413), JSON and shape (400), and then the endpoint itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import uuid as uuids
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from stadhuis.kit.api import errors, masked, openapi
from stadhuis.kit.api.errors import NON_FIELD, ApiError, Invalid, NotFound
from stadhuis.kit.api.gate import Caller
from stadhuis.kit.api.page import as_html
from stadhuis.kit.api.reader import MalformedBody, read_json
from stadhuis.kit.api.resource import PAGE_SIZE, Found, Node, Resource
from stadhuis.kit.api.shapes import Shape, integer, text
from stadhuis.kit.bodies import JUDGES_OWN_BODY
from stadhuis.kit.database import in_one_go

log = logging.getLogger(__name__)
CRS: Final = "EPSG:4326"
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
_ACCEPTED = {"*/*", "application/*", JSON}
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_PARAMETER = re.compile(r"\{(\w+)\}")
MAX_PAGE: Final = 10_000_000


BodyReader = Callable[[HttpRequest], AbstractContextManager[Any]]
"""Reads the body of a request while it is being answered; what it took in and nobody kept, it lets go of."""


class Enter(Protocol):
    """Makes a caller of an ``Authorization`` header, or raises ``NotAuthenticated`` or ``PermissionDenied``."""

    def __call__(self, authorization: str) -> Caller: ...


@dataclass(frozen=True)
class ApiRequest:
    """A request whose token, headers, query and body have been checked."""

    caller: Caller
    query: Any
    """The record of the query parameters, of the shape the endpoint declared."""
    toelichting: str
    """``X-Audit-Toelichting``."""
    logrecord: str
    """``X-NLX-Logrecord-ID``."""
    http: HttpRequest
    url: str
    """Address of the path, made from ``PUBLIC_URL``."""
    if_none_match: frozenset[str]

    def rest_of_query(self) -> str:
        """Return the query string without ``page``, as next and previous repeat it."""
        pairs = [(name, value) for name, values in self.http.GET.lists() for value in values if name != "page"]
        return urlencode(pairs)


@dataclass(frozen=True)
class Answer:
    """What an endpoint gives back: a status and JSON text (or nothing)."""

    status: int = 200
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    has_etag: bool = False
    shows: tuple[UUID, ...] = ()
    """The hoofdobjecten whose data are in it, for the processing log."""
    stream: HttpResponseBase | None = None
    """The answer itself, where it is no JSON: the bytes of a file."""

    @classmethod
    def of(cls, value: object, status: int = 200, *, shows: tuple[UUID, ...] = ()) -> Answer:
        """Return an answer with a value as JSON."""
        return cls(status, json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str), shows=shows)

    @classmethod
    def created(cls, resource: Resource, uuid: UUID, text: str) -> Answer:
        """Return 201 with the new resource and where it is."""
        return cls(201, text, {"Location": resource.url(uuid)}, shows=(uuid,) if not resource.main else ())


@dataclass(frozen=True)
class Operation:
    """One operation: a method on a path."""

    method: str
    path: str
    function: Callable[..., Answer]
    scopes: tuple[str, ...]
    takes: type[Shape] | None
    is_partial: bool
    query: type[Shape] | None
    gives: openapi.Gives
    with_crs: bool
    audit_headers: bool
    name: str
    tag: str
    statuses: tuple[int, ...]
    success: int = 0
    """Status of a good answer, where the method does not say it."""
    body: BodyReader | None = None
    """Reads the body, where it is not a small JSON text."""
    cacheable: bool = True
    """Whether the prescribed document describes an ETag and HEAD for one resource; both are there all the same."""
    also: tuple[str, ...] = ()
    """Scopes that open the door beside those the prescribed document names."""
    more_headers: tuple[str, ...] = ()
    """Headers of a good answer beside the usual ones."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path parameters."""
        return tuple(_PARAMETER.findall(self.path))


class _NoQuery(Shape):
    """Query parameters of an operation that has none."""


class ExpandQuery(Shape):
    """Query parameters of one resource that can be expanded."""

    expand: str = text(default="", max_length=2000, schema={"maxLength": None})


class PageQuery(Shape):
    """The query parameter of a list in pages."""

    page: int = integer(default=1)


class LogsUse(Protocol):
    """Writes down that data of these hoofdobjecten go to a caller; what it raises, ends the request.

    Returns what takes out of the JSON text what this caller may not see of them (a secret address), None for nothing.
    """

    def __call__(self, shown: Sequence[UUID], *, by: Any) -> Callable[[str], str] | None: ...


class Masks(Protocol):
    """Returns what takes out of the JSON text of these hoofdobjecten what a caller may not see, None for nothing; logs nothing."""

    def __call__(self, shown: Sequence[UUID], *, by: Any) -> Callable[[str], str] | None: ...


class Opened(Protocol):
    """Writes in the ledger that a caller opened one hoofdobject."""

    def __call__(self, main: UUID, /, *, by: Any) -> None: ...


class Api:
    """The API of one register, under one root."""

    def __init__(
        self, *, name: str, title: str, version: str, root: str, component: str, enter: Enter,
        room_error: type[Exception] | tuple[type[Exception], ...] = (), with_audit_headers: bool = True,
        logs_use: LogsUse | None = None, opened: Opened | None = None, masks: Masks | None = None,
        left_out: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """``left_out`` are keys from which something may be missing without a mask that tells."""
        self.name, self.title, self.version = name, title, version
        self.root, self.component, self.enter = root, component, enter
        self.room_error = room_error
        self.with_audit_headers = with_audit_headers
        self.logs_use = logs_use
        self.opened = opened
        self.masks = masks
        self.left_out = frozenset(left_out)
        self.operations: dict[str, dict[str, Operation]] = {}
        self._routes: list[tuple[re.Pattern[str], str]] = []
        self._documents: dict[tuple[str, str], bytes] = {}

    # -- declaring --
    def endpoint(
        self,
        method: str,
        path: str,
        *,
        scopes: Sequence[str],
        takes: type[Shape] | None = None,
        is_partial: bool = False,
        query: type[Shape] | None = None,
        gives: openapi.Gives = None,
        with_crs: bool = False,
        name: str = "",
        tag: str = "",
        statuses: Sequence[int] = (),
        success: int = 0,
        body: BodyReader | None = None,
        cacheable: bool = True,
        also: Sequence[str] = (),
        with_audit_headers: bool = True,
        more_headers: Sequence[str] = (),
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Declare the operation ``method path``. The caller needs one of ``scopes`` (or ``also``) for at least one type.

        ``body`` reads what is sent, by default as JSON of a bounded length.
        """
        audit_headers = self.with_audit_headers and with_audit_headers and method != "GET"
        audit_headers = audit_headers and not path.endswith(("_zoek", "_reserveren"))

        def declare(function: Callable[..., Answer]) -> Callable[..., Answer]:
            operation = Operation(
                method, path, function, tuple(scopes), takes, is_partial, query, gives, with_crs,
                audit_headers=audit_headers, name=name or function.__name__, tag=tag or path.split("/")[1],
                statuses=tuple(statuses), success=success, body=body, cacheable=cacheable, also=tuple(also),
                more_headers=tuple(more_headers),
            )  # fmt: skip
            if path not in self.operations:
                self.operations[path] = {}
                pattern = _PARAMETER.sub(lambda match: f"(?P<{match[1]}>[^/]+)", path)
                # What has no parameter is looked at first: /zaken/_zoek is not a zaak.
                self._routes.insert(0 if "{" not in path else len(self._routes), (re.compile(pattern), path))
            self.operations[path][method] = operation
            return function

        return declare

    def reads(
        self,
        resource: Resource,
        *,
        scopes: Sequence[str],
        query: type[Shape] | None = None,
        one_query: type[Shape] | None = None,
        with_crs: bool = False,
        name: str,
        one_name: str = "",
        cacheable: bool = True,
        in_pages: bool = True,
    ) -> None:
        """Declare GET of one, and GET of the list when the query parameters of the list are given.

        One resource that has relations can be expanded, unless ``one_query`` says otherwise.
        A list that is not ``in_pages`` is a plain array; of what is not ``cacheable`` ETag and HEAD are not described.
        Where the query knows ``datum_geldigheid``, relations by name are looked up on that day.
        """
        if query is not None:

            def get_list(request: ApiRequest) -> Answer:
                return (page_answer if in_pages else whole_answer)(resource, request, query=request.query)

            gives = openapi.Paginated(resource) if in_pages else openapi.Listed(resource)
            self.endpoint(
                "GET", f"/{resource.path}", scopes=scopes, query=query, gives=gives, with_crs=with_crs, name=f"{name}_list",
            )(get_list)  # fmt: skip

        def get_one(request: ApiRequest, uuid: UUID) -> Answer:
            return one_answer(resource, request, uuid)

        asks = one_query or (ExpandQuery if resource.relations else None)
        self.endpoint(
            "GET", f"/{resource.path}/{{uuid}}", scopes=scopes, query=asks, gives=resource, with_crs=with_crs,
            name=one_name or f"{name}_retrieve", cacheable=cacheable,
        )(get_one)  # fmt: skip

    def urls(self) -> list[URLPattern]:
        """Return the patterns for ``urls.py``: everything under the root is ours, also what does not exist."""
        return [re_path(r"^(?P<rest>[\s\S]*)$", self.view, name=f"{self.name}-api")]

    # -- answering --
    @property
    def view(self) -> Callable[..., Any]:
        """The one view of this API."""

        def view(http: HttpRequest, rest: str) -> HttpResponseBase:
            return self._answer(http, rest)

        setattr(view, JUDGES_OWN_BODY, True)  # 413 as the standard words it
        view.api = self  # type: ignore[attr-defined]
        return csrf_exempt(view)

    def _answer(self, http: HttpRequest, rest: str) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            response = self._document(http, rest) or self._operate(http, "/" + rest)
        except ApiError as error:
            response = problem(error)
        except self.room_error as error:
            response = problem(_of_room(error))
        except RequestDataTooBig:
            response = problem(errors.TooLarge())
        except (MultiPartParserError, UnicodeError):
            response = problem(Invalid.of(NON_FIELD, "parse_error", "Het verzoek is niet te lezen."))
        except Exception:  # noqa: BLE001  (the last resort: the caller gets a number, the log gets the story)
            response = problem(errors.ServerError(), log_exception=True)
        response["API-version"] = self.version
        self._tell(http, response)
        if http.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
            length = str(len(response.content))
            response.content = b""
            response["Content-Length"] = length
        return response

    def _route(self, path: str) -> tuple[str, dict[str, Any]]:
        for pattern, template in self._routes:
            if match := pattern.fullmatch(path):
                values: dict[str, Any] = {}
                for name, value in match.groupdict().items():
                    if not _UUID.fullmatch(value):
                        raise NotFound
                    values[name] = UUID(value)
                return template, values
        raise NotFound

    def _operate(self, http: HttpRequest, path: str) -> HttpResponseBase:
        template, values = self._route(path)
        operations = self.operations[template]
        operation = operations.get("GET" if http.method == "HEAD" else http.method or "")
        if operation is None:
            raise errors.MethodNotAllowed([*operations, *(["HEAD"] if "GET" in operations else [])])
        if http.resolver_match is not None:  # what logs and metrics call it
            http.resolver_match.route = f"{self.root}{template}"
            http.resolver_match.view_name = f"{self.name}-api:{operation.name}"
        caller = self.enter(http.headers.get("Authorization", ""))
        http.api_caller = (caller, f"{operation.method} {self.root}{template}")  # type: ignore[attr-defined]
        if not caller.has_scope(self.component, (*operation.scopes, *operation.also)):
            raise errors.PermissionDenied
        _check_accept(http.headers.get("Accept", "*/*"), openapi.media_of(operation.gives))
        if operation.with_crs:
            _check_crs(http, operation.method)
        request = ApiRequest(
            caller=caller,
            query=(operation.query or _NoQuery).check_query(_query(http)),
            toelichting=_header(http, "X-Audit-Toelichting"),
            logrecord=_header(http, "X-NLX-Logrecord-ID")[:1000],
            http=http,
            url=f"{settings.PUBLIC_URL}/{self.root}{path}",
            if_none_match=_etags(http.headers.get("If-None-Match", "")),
        )
        if operation.takes is None:
            answer = operation.function(request, **values)
        else:
            with (operation.body or _small_body)(http) as sent:
                sent = self._put_back(operation, sent, caller, values)
                body = operation.takes.check(sent, is_partial=operation.is_partial)
                answer = operation.function(request, body, **values)
        if self.logs_use is not None and answer.shows:
            # Before a byte leaves: what cannot be logged is not shown. Source: Logboek Dataverwerkingen.
            with in_one_go():  # log and ledger wait for the disk once
                without = self.logs_use(answer.shows, by=caller.actor)
                if self.opened is not None and answer.has_etag:
                    self.opened(answer.shows[0], by=caller.actor)
            if without is not None:
                answer = replace(answer, text=without(answer.text))
        return self._respond(operation, request, answer)

    def _put_back(self, operation: Operation, sent: Any, caller: Caller, values: Mapping[str, Any]) -> Any:
        """Return a body in which nothing that was masked for this caller stands in the place of the real thing."""
        resource, uuid = operation.gives, values.get("uuid")
        if self.masks is None or operation.method not in ("PUT", "PATCH") or type(sent) is not dict:
            return sent
        if not isinstance(resource, Resource) or uuid is None or not masked.may_be_sent_back(sent, self.left_out):
            return sent
        found = resource.one(uuid, seen_by=caller)
        without = self.masks(found.mains, by=caller.actor) if found.is_allowed else None
        return sent if without is None else masked.put_back(sent, found.text, without)

    def _tell(self, http: HttpRequest, response: HttpResponseBase) -> None:
        """Tell the caller's side how it went; the answer stands, whether or not that can be written down."""
        entered: tuple[Caller, str] | None = getattr(http, "api_caller", None)
        if entered is None:
            return
        caller, operation = entered
        try:
            caller.answered(operation, response.status_code, getattr(response, "problem_code", ""))
        except DatabaseError:
            log.warning("how a call was answered could not be noted", exc_info=True)

    def _respond(self, operation: Operation, request: ApiRequest, answer: Answer) -> HttpResponseBase:
        if answer.stream is not None:
            return answer.stream
        body = answer.text.encode()
        headers = dict(answer.headers)
        status = answer.status
        if answer.has_etag:
            # Over the JSON, in which every address starts with PUBLIC_URL: another base gives another ETag.
            headers["ETag"] = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
            if request.if_none_match & {headers["ETag"], "*"}:
                status, body = 304, b""
        if operation.with_crs and status != 204:
            headers["Content-Crs"] = CRS
        response = HttpResponse(body, status=status, content_type=JSON, headers=headers)
        if not body:
            del response["Content-Type"]
        return response

    def _document(self, http: HttpRequest, rest: str) -> HttpResponse | None:
        kind = _DOCUMENTS.get(rest)
        if kind is None:
            return None
        if http.method not in ("GET", "HEAD"):
            raise errors.MethodNotAllowed(["GET", "HEAD"])
        key = (rest, settings.PUBLIC_URL)
        if key not in self._documents:
            document = openapi.document(self, settings.PUBLIC_URL)
            write = {"openapi.json": _as_json, "openapi.yaml": openapi.as_yaml, "openapi.html": as_html}[rest]
            self._documents[key] = write(document).encode()
        return HttpResponse(self._documents[key], content_type=kind)


_DOCUMENTS: Final = {
    "openapi.json": JSON,
    "openapi.yaml": "application/yaml",
    "openapi.html": "text/html; charset=utf-8",
}


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


def _of_room(error: Exception) -> ApiError:
    """Return the answer to an error of a room, which knows its ``code``, ``field`` and ``text``."""
    code, field_name, text_ = (str(getattr(error, name, "")) for name in ("code", "field", "text"))
    if code == "not_found":
        return NotFound()
    if code == "permission_denied":
        return errors.PermissionDenied(text_)
    return Invalid.of(field_name or NON_FIELD, code or "invalid", text_)


# -- Reading a request -------------------------------------------------------------------------------------------------
def _header(http: HttpRequest, name: str) -> str:
    value = http.headers.get(name, "")
    # Headers arrive as Latin-1; clients send UTF-8.
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    return "".join(character for character in value if character.isprintable())[:4000]


def _check_accept(accept: str, media: str) -> None:
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        refused = any(re.fullmatch(r"q=0(\.0*)?", piece) for piece in parameters)
        if (kind in (*_ACCEPTED, media, "") or media == "*/*") and not refused:
            return
    raise errors.NotAcceptable


def _check_crs(http: HttpRequest, method: str) -> None:
    needed = [] if method == "DELETE" else ["Accept-Crs"]
    if method in ("POST", "PUT", "PATCH"):
        needed.append("Content-Crs")
    for name in ("Accept-Crs", "Content-Crs"):
        value = http.headers.get(name)
        if value is None:
            if name in needed:
                raise errors.PreconditionFailed(f"De header {name} ontbreekt.")
        elif value.strip() != CRS:
            raise errors.NotAcceptable(f"De header {name} kent alleen {CRS}.")


@contextmanager
def _small_body(http: HttpRequest) -> Iterator[Any]:
    check_json(http)
    try:
        value = read_json(http.body)
    except MalformedBody as error:
        raise Invalid.of(NON_FIELD, "parse_error", str(error)) from None
    yield value


def check_json(http: HttpRequest) -> None:
    """Raise ``UnsupportedMediaType`` unless a request says that it brings JSON."""
    kind, _, parameters = http.headers.get("Content-Type", "").partition(";")
    if kind.strip().lower() != JSON:
        raise errors.UnsupportedMediaType
    charset = parameters.strip().lower().replace(" ", "").replace('"', "")
    if charset.startswith("charset=") and charset not in ("charset=utf-8", "charset=utf8"):
        raise errors.UnsupportedMediaType


def _query(http: HttpRequest) -> dict[str, list[str]]:
    raw = http.META.get("QUERY_STRING", "")
    if not raw:
        return {}
    try:
        return dict(QueryDict(raw, encoding="utf-8").lists())
    except Exception:  # noqa: BLE001  (too many fields, wrong bytes: all of it is a bad request)
        raise Invalid.of(NON_FIELD, "invalid", "De query string is niet te lezen.") from None


def _etags(value: str) -> frozenset[str]:
    # Strong comparison only: a weak ETag never matches.
    return frozenset(part.strip() for part in value.split(",") if part.strip() and not part.strip().startswith("W/"))


# -- Answers -----------------------------------------------------------------------------------------------------------
def problem(error: ApiError, *, log_exception: bool = False) -> HttpResponse:
    """Return an error as ``Fout`` or ``ValidatieFout``; its ``instance`` also goes to the log."""
    instance = f"urn:uuid:{uuids.uuid4()}"
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/ref/fouten/{error.kind}/",
        "code": error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
    }
    if isinstance(error, Invalid):
        body["invalidParams"] = [
            {"name": fault.name, "code": fault.code, "reason": fault.reason} for fault in error.faults
        ]
    extra = {"instance": instance, "status": error.status, "code": error.code}
    if isinstance(error, Invalid):
        # Names of keys a client made up are left out: they could hold anything.
        extra["faults"] = [fault.code for fault in error.faults[:20]]
    if log_exception:
        log.exception("api error", extra=extra)
    else:
        log.info("api error", extra=extra)
    text_ = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text_.encode("utf-8", "replace"), status=error.status, content_type=PROBLEM)
    response.problem_code = error.code  # type: ignore[attr-defined]
    if isinstance(error, errors.MethodNotAllowed):
        response["Allow"] = ", ".join(error.allowed)
    if isinstance(error, errors.RangeNotSatisfiable):
        response["Content-Range"] = f"bytes */{error.size}"
    if isinstance(error, errors.TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    return response


def given(filters: Shape, resource: Resource) -> list[str]:
    """Return the names of the filters that were sent or hold always, in a fixed order."""
    always: frozenset[str] = getattr(filters, "always", frozenset())
    return [name for name in resource.filters if name in filters.given or name in always]


def page_number(query: Any) -> int:
    """Return the page that was asked for. A page that cannot exist is not found."""
    number: int = getattr(query, "page", 1)
    if not 1 <= number <= MAX_PAGE:
        raise NotFound("Ongeldige pagina.")
    return number


def page_answer(
    resource: Resource, request: ApiRequest, *, query: Any, filters: Any = None, node: Node | None = None
) -> Answer:
    """Return a page: ``query`` gives page and expand, ``filters`` (by default the same record) filters and ordering."""
    filters = filters if filters is not None else query
    wanted = (
        node if node is not None else resource.expansion(getattr(filters, "expand", "") or getattr(query, "expand", ""))
    )
    page = resource.page(
        seen_by=request.caller,
        filters=filters,
        names=given(filters, resource),
        ordering=tuple(getattr(filters, "ordering", ())),
        number=page_number(query),
        size=getattr(query, "page_size", None) or PAGE_SIZE,
        node=wanted,
        on=getattr(filters, "datum_geldigheid", None),
    )
    return Answer(200, page.text(request.url, request.rest_of_query()), shows=page.mains)


def whole_answer(resource: Resource, request: ApiRequest, *, query: Any, **fixed: object) -> Answer:
    """Return a list that has no pages; ``fixed`` are filters that the path gives. Raises ``Invalid`` when it is too long."""
    listed = resource.all(
        seen_by=request.caller,
        filters=query,
        names=given(query, resource),
        fixed=fixed,
        node=resource.expansion(getattr(query, "expand", "")),
    )
    return Answer(200, listed.results, shows=listed.mains)


def seen(found: Found) -> str:
    """Return the text of what was found, if the caller may see it all. Raises ``PermissionDenied`` or ``NotFound``."""
    if not found.is_allowed:
        raise errors.PermissionDenied
    if found.hides_something:
        # What was asked for by name and may not be seen cannot be retrieved (zrc-028).
        raise NotFound("Een deel van expand kan niet worden opgehaald.")
    return found.text


def one_answer(resource: Resource, request: ApiRequest, uuid: UUID) -> Answer:
    """Return one resource with its ETag."""
    node = resource.expansion(getattr(request.query, "expand", ""))
    on = getattr(request.query, "datum_geldigheid", None)
    found = resource.one(uuid, seen_by=request.caller, node=node, on=on)
    return Answer(200, seen(found), has_etag=True, shows=found.mains)
