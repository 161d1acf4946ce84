"""Calls to other systems: where they may go, how much they may take, and what they carry."""

from __future__ import annotations

import ast
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from stadhuis.kit import outside, trace
from stadhuis.kit.outside import addresses, breaker

HOUSE = Path(__file__).parents[2]


class Other:
    """A real server of somebody else on this machine; ``answer`` says what it does with a request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: say(handler, b"{}")
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                other.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                other.answer(self)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


def say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def other(settings: Any) -> Iterator[Other]:
    made = Other()
    settings.API_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    settings.OUTSIDE_TIMEOUT_SECONDS = 2
    yield made
    made.server.shutdown()
    made.server.server_close()


def given_names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the name service answer each next question with the next list; returns the names that were asked."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *more: Any, **named: Any) -> Any:
        if host[0].isdigit():  # an address needs no name service
            return really(host, port, *more, **named)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


# -- Looking a name up -------------------------------------------------------------------------------------------------
class SlowNames:
    """A name service that hangs until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        self.go_on = threading.Event()
        really = socket.getaddrinfo

        def getaddrinfo(host: str, port: int, *more: Any, **named: Any) -> Any:
            if host[0].isdigit():
                return really(host, port, *more, **named)
            self.asked += 1
            self.go_on.wait(20)
            raise socket.gaierror("let go")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[SlowNames]:
    settings.OUTSIDE_TIMEOUT_SECONDS = 0.3
    names = SlowNames(monkeypatch)
    yield names
    names.go_on.set()
    for thread in threading.enumerate():
        if thread.name == "name look-up":
            thread.join(5)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_name_service_that_hangs_costs_no_more_than_the_time_of_the_call(
    slow_names: SlowNames, is_guarded: bool
) -> None:
    source = outside.Source(f"slow-{is_guarded}", is_guarded=is_guarded)
    began = time.monotonic()
    with pytest.raises(outside.TooSlow):
        source.call("GET", "http://hangs.example:8000/")
    assert time.monotonic() - began < 2
    assert slow_names.asked == 1


def test_a_name_service_that_hangs_takes_a_bounded_number_of_threads_and_gives_them_back(slow_names: SlowNames) -> None:
    for _ in range(addresses._LOOK_UPS):
        with pytest.raises(outside.TooSlow):
            addresses.looked_up("hangs.example", 80, seconds=0.01)
    with pytest.raises(outside.TooSlow):
        addresses.looked_up("hangs.example", 80, seconds=0.01)
    assert slow_names.asked == addresses._LOOK_UPS
    # an address needs no name service
    assert addresses.looked_up("127.0.0.1", 80, seconds=0.01) == ["127.0.0.1"]
    slow_names.go_on.set()
    for _ in range(200):
        if addresses._free._value == addresses._LOOK_UPS:
            break
        time.sleep(0.01)
    with pytest.raises(outside.Unreachable):
        addresses.looked_up("hangs.example", 80, seconds=2)


def test_when_the_first_address_of_a_name_does_not_answer_then_the_next_is_called(
    other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_names(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    answer = outside.Source("two-addresses").call("GET", f"http://two.example:{other.port}/")
    assert answer.status


# -- Where they may go ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_an_address_in_our_own_network_is_not_public_in_whatever_form(address: str) -> None:
    assert not outside.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_an_address_in_the_internet_is_public(address: str) -> None:
    assert outside.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/", "http://127.1:9000/", "http://0x7f000001:9000/", "http://2130706433/", "http://017700000001/",
        "http://localhost:8001/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://0.0.0.0:8001/", "http://0:8001/",
        "http://user@example.org/", "http://user:pw@127.0.0.1/", "http://:@127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
        "http://example.org:25/", "https://example.org:22/", "http://", "http:///x", "http://[", "http://a:99999/", "//x/", "javascript:1", "",
    ],
)  # fmt: skip
def test_what_is_no_address_to_call_is_refused_before_anything_is_sent(url: str, settings: Any) -> None:
    settings.API_ALLOWED_HOSTS = []
    with pytest.raises(outside.OutsideError):
        outside.fetch_json(url)
    assert outside.post_json(url, {}).problem


def test_when_a_name_changes_after_the_check_then_the_checked_address_is_called(
    other: Other, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a name that is public at the first look and our own machine at the second (DNS rebinding)
    settings.API_ALLOWED_HOSTS = []
    settings.OUTSIDE_TIMEOUT_SECONDS = 0.3
    asked = given_names(monkeypatch, ["203.0.113.7"], ["127.0.0.1"])
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "203.0.113.7")
    # when
    with pytest.raises(outside.OutsideError):
        outside.fetch_json(f"http://rebind.example:{other.port}/")
    # then: one look, and nobody at home was called
    assert asked == ["rebind.example"]
    assert other.asked == []


def test_when_one_of_the_addresses_of_a_name_is_private_then_none_is_called(
    other: Other, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_ALLOWED_HOSTS = []
    given_names(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(outside.Forbidden):
        outside.fetch_json(f"http://both.example:{other.port}/")
    assert other.asked == []


def test_when_a_redirect_leads_into_our_network_then_it_is_not_followed(other: Other) -> None:
    other.answer = lambda handler: say(handler, b"", 302, Location=f"http://127.0.0.1:{other.port + 1}/")
    with pytest.raises(outside.Forbidden):
        outside.fetch_json(other.url)
    assert len(other.asked) == 1


def test_when_a_redirect_leads_elsewhere_then_our_credentials_do_not_go_along(other: Other) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/there":
            say(handler, b'{"a": 1}')
        else:
            say(handler, b"", 307, Location="/there")

    other.answer = answer
    assert outside.fetch_json(other.url, headers={"Authorization": "Bearer geheim"}) == {"a": 1}
    assert [headers.get("authorization") for _, headers in other.asked] == ["Bearer geheim", None]


def test_the_host_header_is_that_of_the_name_and_not_of_the_address(
    other: Other, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_ALLOWED_HOSTS = ["zaken.example"]
    given_names(monkeypatch, ["127.0.0.1"])
    outside.fetch_json(f"http://zaken.example:{other.port}/")
    assert other.asked[0][1]["host"] == f"zaken.example:{other.port}"


# -- How much they may take ----------------------------------------------------------------------------------------------
def test_when_an_answer_is_too_large_then_it_is_not_read_to_the_end(other: Other) -> None:
    other.answer = lambda handler: say(handler, b"x" * (outside.MAX_BYTES + 1))
    with pytest.raises(outside.TooLarge):
        outside.fetch_json(other.url)


def test_when_an_answer_is_packed_then_it_is_not_unpacked(other: Other) -> None:
    other.answer = lambda handler: say(handler, gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(outside.Garbled):
        outside.fetch_json(other.url)
    assert other.asked[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_when_an_answer_drips_then_the_time_out_counts_for_the_whole(other: Other, settings: Any, where: str) -> None:
    settings.OUTSIDE_TIMEOUT_SECONDS = 0.5

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
        for _ in range(60):
            try:
                handler.wfile.write(b"a" if where == "body" else b"A: b\r\n")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    other.answer = drip
    started = time.monotonic()
    with pytest.raises(outside.TooSlow):
        outside.fetch_json(other.url)
    assert time.monotonic() - started < 2


def test_json_that_is_nested_too_deep_is_no_json(other: Other) -> None:
    other.answer = lambda handler: say(handler, b"[" * 200_000)
    with pytest.raises(outside.NotJson):
        outside.fetch_json(other.url)


# -- Leaving a system alone ----------------------------------------------------------------------------------------------
def test_when_a_source_fails_a_few_times_in_a_row_then_it_is_left_alone_and_tried_again_later(
    other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    source = outside.Source("example", base_url=other.url)
    other.answer = lambda handler: say(handler, b"", 503)
    for _ in range(breaker.FAILURES):
        assert source.call("GET", "/").status == 503
    # when
    with pytest.raises(outside.Paused):
        source.call("GET", "/")
    # then
    assert len(other.asked) == breaker.FAILURES
    assert outside.paused() == ["example"]
    monkeypatch.setattr(breaker, "PAUSE_SECONDS", 0)
    other.answer = lambda handler: say(handler, b"{}")
    assert source.call("GET", "/").status == 200
    assert outside.paused() == []


def test_when_a_source_refuses_us_then_that_is_an_answer_and_no_failure(other: Other) -> None:
    source = outside.Source("example", base_url=other.url)
    other.answer = lambda handler: say(handler, b"", 500)
    for _ in range(breaker.FAILURES + 2):
        assert source.call("GET", "/").status == 500


def test_a_source_is_not_reached_through_a_proxy_of_the_environment(
    other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert outside.Source("example", base_url=other.url).call("GET", "/").status == 200


# -- The thread through it ------------------------------------------------------------------------------------------------
def test_a_call_carries_the_trace_of_what_asked_for_it(other: Other) -> None:
    with trace.part_of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") as mine:
        outside.fetch_json(other.url)
    assert other.asked[0][1]["traceparent"] == mine.header
    assert mine.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert mine.span_id != "b7ad6b7169203331"
    assert mine.flags == "01"


@pytest.mark.parametrize(
    "value",
    [
        None, "", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\nX: y",
    ],
)  # fmt: skip
def test_what_is_no_trace_context_starts_a_trace_of_our_own(value: str | None) -> None:
    assert trace.read(value) is None
    with trace.part_of(value) as mine:
        assert trace.read(mine.header) == mine


# -- Nobody goes another way ----------------------------------------------------------------------------------------------
OPENS_CONNECTIONS = {"httpx", "httpcore", "requests", "aiohttp", "urllib3", "urllib.request", "http.client", "smtplib", "imaplib", "ftplib", "telnetlib", "poplib"}  # fmt: skip
MAY = {
    "kit/outside/calls.py": {"httpx"},
    "kit/outside/wire.py": {"httpx", "httpcore"},
    "kit/mail.py": {"smtplib"},
    "kit/mailbox.py": {"imaplib"},
    "doctor/sources.py": {"httpx", "smtplib"},  # by hand, to see how each answers, with no breaker in between
    "supervisor.py": {"http.client"},  # asks its own children whether they answer
}


def test_nothing_but_the_kit_opens_a_connection_to_another_system() -> None:
    found: dict[str, set[str]] = {}
    for path in HOUSE.rglob("*.py"):
        place = path.relative_to(HOUSE).as_posix()
        if "/tests/" in place or place.startswith("demo/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            used = {name for name in OPENS_CONNECTIONS for given in names if f"{given}.".startswith(f"{name}.")}
            if used:
                found.setdefault(place, set()).update(used)
    assert {place: used - MAY.get(place, set()) for place, used in found.items() if used - MAY.get(place, set())} == {}
