"""Attacks made for every address, field and operation of the house, so that a new one is tried without being named here.

What each attack is, what stops it and which other tests try it: ``docs/attacks.md``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from stadhuis.forms.tests.given import a_pdf
from stadhuis.kit.api.endpoint import Api, Operation
from stadhuis.kit.api.shapes import Field, GroupField, ListField, TextField, UriField
from stadhuis.kit.api.testing import ApiClient
from stadhuis.workplace.tests.plain_rule import PlainRule, Who
from stadhuis.workplace.tests.test_every_operation import APIS, SECRET, Matrix, body_for, resource_at, targets
from stadhuis.workplace.tests.test_every_url import (
    TABLE,
    Guard,
    House,
    Page,
    World,
    browser_of,
    expect,
    outcome,
    routes,
    send,
    those_who_matter,
    world,
)
from stadhuis.zaken.models import Zaak

__all__ = ["world"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EVIL = "https://evil.example/"
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
Json = dict[str, Any]


_BY_RIGHT: dict[tuple[int, str, int], str] = {}


class Walk:
    """Opens every address as somebody who may, and takes back what that did."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.views = {name: pattern.callback for name, pattern in routes()}
        self.rule = PlainRule()

    def guard(self, name: str, page: Page) -> Guard:
        """Return the guard of an address."""
        return Guard.of(self.views[name], page, self.world.arguments.get(name, {}))

    def by_right(self, name: str, page: Page) -> str:
        """Return somebody who may; the first who gets the page at all when nobody may do more."""
        key = (id(self.world), name, id(page))  # the pages of the table live as long as the tests
        if key not in _BY_RIGHT:
            _BY_RIGHT[key] = self._by_right(name, page)
        return _BY_RIGHT[key]

    def _by_right(self, name: str, page: Page) -> str:
        guard, key = self.guard(name, page), self.world.arguments.get(name, {})
        found = {
            one: expect(page, guard, Who.of(self.world.people.get(one)), self.rule, key, self.world)
            for one in reversed(those_who_matter(page, guard, self.world))
        }
        for wanted in (lambda one: one.may_change, lambda one: one.outcome == "yes", lambda one: True):
            for name_, what in sorted(found.items(), key=lambda pair: pair[0] not in ("owner", "handler", "decider")):
                if wanted(what):
                    return name_
        raise AssertionError(name)

    def browser(self, name: str, page: Page) -> Client:
        """Return the browser of somebody who may."""
        browser = browser_of(self.world, self.by_right(name, page))
        browser.raise_request_exception = False
        return browser

    def pages(self, method: str = "") -> Iterator[tuple[str, Page]]:
        """Yield every address with each of its methods."""
        for name, pages in TABLE.items():
            yield from ((name, page) for page in pages if page.method == method or not method)


def text_of(answer: HttpResponseBase) -> str:
    """Return the text of an answer."""
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("latin-1")  # type: ignore[attr-defined]
    return str(answer.content.decode("utf-8", "replace"))  # type: ignore[attr-defined]


# -- Another site -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("to", [EVIL, "/\\evil.example", "javascript:alert(1)"])
def test_no_address_of_the_house_leads_to_another_site(world: World, to: str) -> None:
    walk, faults = Walk(world), []
    for name, page in walk.pages():
        browser = walk.browser(name, page)
        address = reverse(name, kwargs=world.arguments.get(name, {})) + f"?next={quote(to)}&terug={quote(to)}"
        headers = {"Referer": to, "HX-Current-URL": to}
        with transaction.atomic():
            if page.method == "GET":
                answer = browser.get(address, headers=headers)
            else:
                answer = browser.post(address, {**page.data, "next": to, "terug": to}, headers=headers)
            location = answer.headers.get("Location", "")
            text = text_of(answer)
            transaction.set_rollback(True)
        leads = f"{location} {answer.headers.get('HX-Redirect', '')}"
        if any(urlsplit(one).netloc == "evil.example" or one.startswith(("//", "/\\")) for one in leads.split()):
            faults.append(f"{page.method} {name}: leads to {leads}")
        if re.search(r'(href|action|src|content)="[^"]*(https?:)?(//|/\\)evil\.example|="javascript:', text):
            faults.append(f"{page.method} {name}: links to {to}")
        if answer.status_code >= 500 and not name.startswith(("people:start", "people:terug", "people:sso")):
            faults.append(f"{page.method} {name}: {answer.status_code}")
    assert not faults, "\n".join(faults)


# -- Addresses that others write ----------------------------------------------------------------------------------------
@pytest.fixture
def inside() -> Iterator[tuple[str, list[str]]]:
    """A server in our own network that keeps who called: nobody may."""
    calls: list[str] = []

    class Counts(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.end_headers()

        do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counts)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", calls
    server.shutdown()
    server.server_close()


def places(field: Field, kind: type[Field]) -> Iterator[tuple[str | int, ...]]:
    """Yield the ways down from a field to every field of a kind in it; 0 is the first of a list."""
    if isinstance(field, kind) and not field.read_only:
        yield ()
    if isinstance(field, ListField):
        yield from ((0, *rest) for rest in places(field.item, kind))
    if isinstance(field, GroupField):
        for inner in field.shape.fields.values():
            if not inner.read_only:
                yield from ((inner.key, *rest) for rest in places(inner, kind))


def put(body: Any, way: tuple[str | int, ...], value: Any) -> Any:
    """Return a body in which a value stands at a place; what is on the way there is made when it is missing."""
    if not way:
        return value
    first, *rest = way
    if first == 0:
        return [put(body[0] if isinstance(body, list) and body else None, tuple(rest), value)]
    return {
        **(body if isinstance(body, dict) else {}),
        first: put((body or {}).get(first) if isinstance(body, dict) else None, tuple(rest), value),
    }


def writes() -> list[tuple[Api, Operation]]:
    """Return every operation that takes a body."""
    return [
        (api, operation)
        for api in APIS
        for methods in api.operations.values()
        for operation in methods.values()
        if operation.takes is not None
    ]


@pytest.fixture
def matrix(world: World) -> Matrix:
    """The registers, with an application that may do everything."""
    return Matrix(world)


def test_no_address_in_a_body_makes_us_call_our_own_network(
    matrix: Matrix, inside: tuple[str, list[str]], settings: Any
) -> None:
    address, calls = inside
    settings.API_ALLOWED_HOSTS = []
    tried, faults = set(), []
    for api, operation in writes():
        assert operation.takes is not None
        target = targets(matrix.registers, api, operation.path, operation.method)[0]
        good = body_for(operation, target, matrix.registers, api)
        for field in operation.takes.fields.values():
            for way in () if field.read_only else places(field, UriField):
                tried.add((field.key, *way))
                body = put(good, (field.key, *way), f"{address}?{field.key}")
                status, _, _ = matrix.send(ApiClient(api.root, "everything", SECRET), operation, target.path, body)
                if calls or status >= 500:
                    faults.append(f"{operation.method} {operation.path} {field.key} {way}: {status}, called {calls}")
                    calls.clear()
    assert not faults, "\n".join(faults)
    assert {("callbackUrl",), ("zaaktype",), ("communicatiekanaal",), ("relevanteAndereZaken", 0, "url")} <= tried
    # and where the operator allows it, such an address is called: the server would have noticed
    settings.API_ALLOWED_HOSTS = [urlsplit(address).netloc]
    ApiClient("zaken/api/v1", "everything", SECRET).send(
        "PATCH", f"zaken/{target_zaak(matrix)}", {"communicatiekanaal": address}
    )
    assert calls == ["GET /"]


def target_zaak(matrix: Matrix) -> UUID:
    """Return a zaak."""
    return UUID(str(min(matrix.rule.zaken)))


def test_no_field_of_a_page_makes_us_call_our_own_network(world: World, inside: tuple[str, list[str]]) -> None:
    address, calls = inside
    walk = Walk(world)
    for name, page in walk.pages("POST"):
        with transaction.atomic():
            send(walk.browser(name, page), world, name, replace(page, data=dict.fromkeys(page.data, address)))
            transaction.set_rollback(True)
        assert calls == [], name


# -- Script in text ------------------------------------------------------------------------------------------------------
def assert_text(answer: HttpResponseBase, where: str) -> list[str]:
    """Return what is wrong when something that was typed stands in a page as markup."""
    kind = answer.headers.get("Content-Type", "")
    if "html" not in kind and "xml" not in kind:
        return []
    text = text_of(answer)
    return [where] if "<script>alert" in text or "<img src=x" in text else []


SEES = {"workplace": ("workplace:zaak", "workplace:trail", "workplace:term", "workplace:worklist", "workplace:glass", "portal:case", "administration:record"),
        "portal": ("portal:mine", "portal:case", "mail:addresses", "workplace:zaak"),
        "administration": tuple(name for name in TABLE if name.startswith("administration:"))}  # fmt: skip
"""Where what was typed on a face may appear."""


def test_script_in_whatever_field_of_a_page_is_shown_as_text(world: World) -> None:
    walk, house, faults, stored = Walk(world), House(), [], 0
    browsers = {name: walk.browser(name, TABLE[name][0]) for names in SEES.values() for name in names}
    for name, page in walk.pages("POST"):
        guard = walk.guard(name, page)
        for key, value in page.data.items():
            if isinstance(value, str) and value.startswith("{") and key != "nummer":
                continue
            with transaction.atomic():
                answer = send(walk.browser(name, page), world, name, replace(page, data={**page.data, key: SCRIPT}))
                at = f"{name} {key}"
                faults += assert_text(answer, f"{at}: in the answer")
                if answer.status_code >= 500:
                    faults.append(f"{at}: {answer.status_code}")
                if house.changed():
                    stored += 1
                    for shown in SEES.get(guard.face, ()):
                        page_ = TABLE[shown][0]
                        if page_.method == "GET" and (
                            guard.face != "administration" or walk.guard(shown, page_).area == guard.area
                        ):
                            faults += assert_text(send(browsers[shown], world, shown, page_), f"{at}: on {shown}")
                transaction.set_rollback(True)
            house.changed()
    assert not faults, "\n".join(faults)
    assert stored > 15


def test_script_in_whatever_address_is_shown_as_text(world: World) -> None:
    walk, faults = Walk(world), []
    for name, page in walk.pages("GET"):
        address = reverse(name, kwargs=world.arguments.get(name, {}))
        words = dict.fromkeys(
            ("q", "lijst", "blad", "reden", "next", "fout", "error", "error_description", "state", "dag"), SCRIPT
        )
        browser = walk.browser(name, page)
        with transaction.atomic():
            for answer in (browser.get(address, words), browser.get(f"{address}{quote(SCRIPT)}/")):
                faults += assert_text(answer, name)
                if answer.status_code >= 500 and not name.startswith("people:"):
                    faults.append(f"{name}: {answer.status_code}")
            transaction.set_rollback(True)
    assert not faults, "\n".join(faults)


def of_the_zaak(matrix: Matrix, api: Api, path: str, zaak: UUID) -> str:
    """Return the address of a zaak, or of the first of its parts; "" when it has none."""
    resource = resource_at(api, path.split("/")[1])
    for uuid in matrix.registers.all(resource) if resource else ():
        assert resource is not None
        body = matrix.registers.json(resource, uuid)
        if str(zaak) in (str(uuid), str(body.get("zaak", "")).rsplit("/", 1)[-1]):
            return re.sub(r"\{zaak_uuid\}", str(zaak), path).replace("{uuid}", str(uuid))
    return ""


def test_script_in_every_text_field_that_an_application_changes_is_shown_as_text(matrix: Matrix, world: World) -> None:
    walk, faults, kept = Walk(world), [], set()
    client = ApiClient("zaken/api/v1", "everything", SECRET)
    # given: every text field of a zaak and of its parts holds script, as far as the field takes it
    for api, operation in writes():
        path = of_the_zaak(matrix, api, operation.path, world.other["waiting"]) if api.component == "zrc" else ""
        if operation.method != "PATCH" or not path:
            continue
        assert operation.takes is not None
        for field in operation.takes.fields.values():
            for way in () if field.read_only else places(field, TextField):
                body = put({}, (field.key, *way), SCRIPT[: getattr(field, "max_length", None) or 1000])
                answer = client.send("PATCH", path.strip("/"), body)
                if answer.status_code < 300:
                    kept.add(field.key)
                elif answer.status_code >= 500:
                    faults.append(f"{path} {field.key}: {answer.status_code}")
    assert {"omschrijving", "toelichting"} <= kept
    # then
    for shown in {*SEES["workplace"], *SEES["portal"]}:
        page = TABLE[shown][0]
        faults += assert_text(send(walk.browser(shown, page), world, shown, page), shown)
    assert not faults, "\n".join(faults)


# -- Formulas in files -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("first", ["=", "\t@"])
def test_no_cell_of_whatever_file_for_a_spreadsheet_is_a_formula(matrix: Matrix, world: World, first: str) -> None:
    # given: an application and a zaak whose names are formulas
    formula = f"{first}HYPERLINK(1)"
    Zaak.objects.filter(uuid=world.other["waiting"]).update(identificatie=formula)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_applicatie SET label = %s WHERE label = 'everything'", [formula])
    assert ApiClient("zaken/api/v1", "everything", SECRET).get(f"zaken/{world.other['waiting']}").status_code == 200
    # when: every address is opened
    walk, found = Walk(world), {}
    for name, page in walk.pages("GET"):
        answer = send(walk.browser(name, page), world, name, page)
        if "csv" in answer.headers.get("Content-Type", "") or "spreadsheet" in answer.headers.get("Content-Type", ""):
            found[name] = text_of(answer)
    # then
    assert "portal:uses_file" in found
    for text in found.values():
        cells = [cell for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";") for cell in row]
        assert [cell for cell in cells if cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any("HYPERLINK(1)" in text for text in found.values())


# -- More than was asked -----------------------------------------------------------------------------------------------------
def test_what_an_application_may_only_read_is_not_changed_by_sending_it(matrix: Matrix) -> None:
    forged: Json = {"url": EVIL, "uuid": str(uuid4()), "id": 987654321, "pk": 987654321}
    faults, tried = [], 0
    for api, operation in writes():
        assert operation.takes is not None
        if operation.path.endswith("_zoek"):
            continue
        for target in targets(matrix.registers, api, operation.path, operation.method):
            good = body_for(operation, target, matrix.registers, api)
            read_only = {field.key: EVIL for field in operation.takes.fields.values() if field.read_only}
            client = ApiClient(api.root, "everything", SECRET)
            status, answer, _ = matrix.send(client, operation, target.path, {**good, **read_only, **forged})
            plain, _, _ = matrix.send(client, operation, target.path, good)
            if status != plain:
                faults.append(
                    f"{operation.method} {operation.path}: {plain} without and {status} with what is read-only"
                )
            if status < 300 and isinstance(answer, dict):
                tried += 1
                text = json.dumps(answer)
                if EVIL in text or forged["uuid"] in text or "987654321" in text:
                    faults.append(f"{operation.method} {operation.path}: {text[:300]}")
    assert not faults, "\n".join(faults)
    assert tried > 10


def columns() -> list[str]:
    """Return the names of all columns that hold text, a number or a yes and no."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name !~ '^(django_|procrastinate_)' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_column_that_a_form_does_not_ask_is_not_set_by_posting_it(world: World) -> None:
    smuggled, names, faults, house = "gesmokkeld7", columns(), [], House()
    assert {"is_privileged", "medewerker_id", "state"} <= set(names)
    walk = Walk(world)
    for name, page in walk.pages("POST"):
        browser = walk.browser(name, page)
        with transaction.atomic():  # what the form asks, its page says
            form = [text_of(send(browser, world, name, one)) for one in TABLE[name] if one.method == "GET"]
            transaction.set_rollback(True)
        asked = {*page.data, *re.findall(r' name="([^"]+)"', " ".join(form)), "file"}
        extra = {column: smuggled for column in names if column not in asked}
        house.changed()
        with transaction.atomic():
            answer = send(browser, world, name, replace(page, data={**extra, **page.data}))
            for table in house.changed():
                with connection.cursor() as cursor:
                    cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{smuggled}%"])
                    if cursor.fetchone()[0]:
                        faults.append(f"{name}: stands in {table}")
            if answer.status_code >= 500 and not name.startswith("people:"):
                faults.append(f"{name}: {answer.status_code}")
            transaction.set_rollback(True)
        house.changed()
    assert not faults, "\n".join(faults)


# -- Ids of others ------------------------------------------------------------------------------------------------------------
def test_an_id_of_something_else_opens_nothing_under_whatever_address(world: World) -> None:
    """Each id in each address is swapped for one that does not exist, and for one of the same kind of something else."""
    walk, house, faults, tried = Walk(world), House(), [], 0
    others: dict[str, set[Any]] = {}
    for arguments in world.arguments.values():
        for argument, value in arguments.items():
            if isinstance(value, UUID | int):
                others.setdefault(argument, set()).add(value)
    for name, page in walk.pages():
        key = world.arguments.get(name, {})
        ids = {argument: value for argument, value in key.items() if isinstance(value, UUID | int)}
        for argument, value in ids.items():
            strange = [uuid4() if isinstance(value, UUID) else 987654321]
            if len(ids) > 1:  # a thing of something else below this, and this thing below something else
                strange += sorted(others[argument] - {value}, key=str)
                if argument == "uuid":
                    strange.append(world.other["zaak"])
            browser = walk.browser(name, page)
            for one in strange:
                tried += 1
                elsewhere = replace(world, arguments={**world.arguments, name: {**key, argument: one}})
                with transaction.atomic():
                    answer = send(browser, elsewhere, name, page)
                    changed = house.changed()
                    transaction.set_rollback(True)
                got = outcome(answer)
                if changed or got not in ({"404"} if page.method == "GET" else {"404", "yes"}):
                    faults.append(
                        f"{page.method} {name} with {argument}={one}: {got} ({answer.status_code}), changed {changed}"
                    )
    assert not faults, "\n".join(faults)
    assert tried > 100


# -- Paths --------------------------------------------------------------------------------------------------------------------
PATHS = ("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "..\\..\\etc\\passwd", "a%00b" + "a" * 3000)


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_no_piece_of_whatever_address_leads_to_a_file_of_the_machine(world: World, path: str) -> None:
    walk, faults, house = Walk(world), [], House()
    for name, page in walk.pages():
        key = world.arguments.get(name, {})
        for argument, value in key.items():
            address = reverse(name, kwargs=key).replace(str(value), path, 1)
            browser = walk.browser(name, page)
            with transaction.atomic():
                answer = browser.get(address) if page.method == "GET" else browser.post(address, {})
                text, changed = text_of(answer), house.changed()
                transaction.set_rollback(True)
            if answer.status_code not in {301, 302, 400, 404, 405, 414} or "root:" in text or changed:
                faults.append(f"{page.method} {name} {argument}: {answer.status_code}, changed {changed}")
    for root in ("static", "media", "zaken/api/v1/zaken", "mijn/zaken"):
        answer = Client(raise_request_exception=False).get(f"/{root}/{path}")
        if answer.status_code not in {301, 302, 400, 403, 404, 414} or "root:" in text_of(answer):
            faults.append(f"/{root}/: {answer.status_code}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "called", ["../../../indringer.pdf", "..\\..\\indringer.pdf", "/tmp/indringer.pdf", "a/../../indringer.pdf"]
)
def test_a_file_that_is_called_after_a_path_stays_where_files_are(world: World, called: str) -> None:
    walk, page = Walk(world), TABLE["forms:upload"][0]
    browser = walk.browser("forms:upload", page)
    address = reverse("forms:upload", kwargs=world.arguments["forms:upload"])
    answer = browser.post(address, {**page.data, "file": SimpleUploadedFile(called, a_pdf())})
    assert answer.status_code < 500
    folder = Path(settings.DATA_DIR)
    named = [*folder.rglob("*indringer*"), *folder.parent.glob("indringer*"), *Path("/tmp").glob("indringer*")]
    assert named == []


# -- The page about attacks -----------------------------------------------------------------------------------------------
def test_every_test_that_the_page_about_attacks_names_is_there() -> None:
    source = Path(__file__).parents[3]
    text = (source.parent / "docs" / "attacks.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (source / "stadhuis" / file).read_text("utf-8")
    ]
    assert missing == []
