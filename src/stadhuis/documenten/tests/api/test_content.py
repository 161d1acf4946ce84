"""Content in a body, read piece by piece: what comes in whole, what is refused, and what a crash leaves."""

from __future__ import annotations

import base64
import json
import random
import tracemalloc
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadhuis.documenten.api import deeds
from stadhuis.documenten.models import Document
from stadhuis.documenten.tests.api.given import (
    TEXT,
    content_of,
    document_body,
    encoded,
    given_applicatie,
    given_document,
)
from stadhuis.kit import files
from stadhuis.kit.api import content
from stadhuis.kit.api.content import Content, _Scanner
from stadhuis.kit.api.errors import ApiError
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.models import StoredFile
from stadhuis.notificaties.models import Notificatie

pytestmark = pytest.mark.django_db
PATH = "enkelvoudiginformatieobjecten"


class Pieces:
    """A body that comes in in pieces of a given size."""

    def __init__(self, body: bytes, size: int) -> None:
        self.left, self.size = body, size

    def read(self, most: int) -> bytes:
        piece, self.left = self.left[: min(most, self.size)], self.left[min(most, self.size) :]
        return piece


def read(body: bytes, size: int, limit: int = 1_000_000) -> Any:
    """Return the value of a body, its content as bytes, false for what is no base64."""
    scanner = _Scanner(Pieces(body, size).read, "inhoud", limit)
    value = scanner.value()
    if isinstance(value, dict) and isinstance(value.get("inhoud"), Content):
        file = value["inhoud"].file
        value["inhoud"] = files.path_of(file).read_bytes() if file else False
    return value


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
def test_when_a_body_comes_in_pieces_then_it_is_read_as_if_it_came_at_once(size: int) -> None:
    raw = bytes(range(256)) * 3
    text = encoded(raw)
    cases: list[tuple[str, Any]] = [
        ('{"inhoud": "@", "titel": "a\\"inhoud\\": \\"x"}'.replace("@", text), {"inhoud": raw, "titel": 'a"inhoud": "x'}),
        ('{"a":{"inhoud":"x"},"b":["inhoud",{"inhoud":"y"}],"inhoud":"@"}'.replace("@", text), {"a": {"inhoud": "x"}, "b": ["inhoud", {"inhoud": "y"}], "inhoud": raw}),
        ('{"inhoud":"@"}'.replace("@", text.replace("/", "\\/").replace("+", "\\u002b")), {"inhoud": raw}),
        ('{"inhoud":"@"}'.replace("@", "\\r\\n".join(text[n : n + 76] for n in range(0, len(text), 76))), {"inhoud": raw}),
        ('{"\\u0069nhoud" :  "@"}'.replace("@", text), {"inhoud": raw}),
        ('{"inhoud": "", "x": 1}', {"inhoud": b"", "x": 1}),
        ('{"inhoud": null}', {"inhoud": None}),
        ('{"inhoud": 12, "titel": "inhoud"}', {"inhoud": 12, "titel": "inhoud"}),
        ('{"inhoud": {"inhoud": "x"}}', {"inhoud": {"inhoud": "x"}}),
        ('["inhoud", "x"]', ["inhoud", "x"]),
        ('{"titel": "inhoud", "y": "z"}', {"titel": "inhoud", "y": "z"}),
        ('{"inhoud": "AAA"}', {"inhoud": False}),
        ('{"inhoud": "AA==AAAA", "x": "y"}', {"inhoud": False, "x": "y"}),
        ('{"inhoud": "====", "x": "y"}', {"inhoud": False, "x": "y"}),
        ('{"inhoud": "AA-_", "x": "y"}', {"inhoud": False, "x": "y"}),
        ('{"inhoud": "AA\\"A", "x": "y"}', {"inhoud": False, "x": "y"}),
        ('{"inhoud": "data:text/plain;base64,AAAA", "x": "y"}', {"inhoud": False, "x": "y"}),
        ('{"inhoud": "AAA\\u00e9"}', {"inhoud": False}),
        ('{"inhoud": "@!", "x": "y"}'.replace("@", text), {"inhoud": False, "x": "y"}),
    ]  # fmt: skip
    for body, wanted in cases:
        assert read(body.encode(), size) == wanted, body[:60]


@pytest.mark.parametrize(
    "body",
    [
        b'{"inhoud": "AAAA', b'{"inhoud": "AA\\', b'{"inhoud": "AA\\u00', b'{"inhoud": "AA\\x"}', b'{"inhoud": "AA\nAA"}', b"", b"{",
        b'{"inhoud": "AAAA"', b'"inhoud": "AAAA"', b'{"inhoud" "AAAA"}', b"\xff", b'{"titel": "\xff"}', b'{"titel": "abc',
        b"[" * 100, b'{"inhoud": "AAAA"} x', b'{"inhoud":: "AAAA"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_when_a_body_is_no_json_then_it_is_refused_as_such(body: bytes, size: int) -> None:
    with pytest.raises(ApiError) as caught:
        read(body, size)
    assert (caught.value.status, str(caught.value)) == (400, "nonFieldErrors: parse_error")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["inhoud", "titel", "a", "\u00e9"]),
        st.recursive(st.none() | st.booleans() | st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["inhoud", "b"]), x), max_leaves=5),
    ),
    st.integers(1, 50),
    st.booleans(),
)  # fmt: skip
def test_a_body_is_read_as_json_reads_it_but_for_the_content(body: dict[str, Any], size: int, is_ascii: bool) -> None:
    text = json.dumps(body, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    try:
        text.decode()
    except UnicodeDecodeError:
        return
    wanted = dict(body)
    if isinstance(body.get("inhoud"), str):
        try:
            plain = body["inhoud"].translate({ord(c): None for c in " \t\r\n"})
            wanted["inhoud"] = base64.b64decode(plain.encode("ascii"), validate=True) if plain else b""
        except ValueError:
            wanted["inhoud"] = False
    assert read(text, size) == wanted


def test_when_the_content_is_large_then_memory_stays_small(api: ApiClient) -> None:
    raw = random.Random(4).randbytes(30_000_000)
    body = json.dumps(document_body(inhoud=encoded(raw), bestandsomvang=len(raw))).encode()
    pieces = Pieces(body, content.CHUNK)
    tracemalloc.start()
    scanner = _Scanner(pieces.read, "inhoud", len(raw))
    # The body itself shrinks as it is read: only what is added counts.
    pieces.read = _Slices(body).read  # type: ignore[method-assign]
    scanner._read = pieces.read
    value = scanner.value()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert value["inhoud"].size == len(raw)
    assert peak < 8_000_000
    made = body_of(api.send("POST", PATH, raw=body), 201)
    assert content_of(api, made["inhoud"]) == raw


class _Slices:
    """A body that gives copies of its pieces and stays itself."""

    def __init__(self, body: bytes) -> None:
        self.body, self.at = body, 0

    def read(self, most: int) -> bytes:
        piece = self.body[self.at : self.at + most]
        self.at += len(piece)
        return piece


def test_when_a_body_is_too_large_then_the_answer_is_413_and_nothing_stays(api: ApiClient, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 4_000_000
    for body in (
        b'{"titel": "' + b"x" * 100_000_000 + b'"}',
        b'{"titel": "' + b"x" * 3_000_000 + b'"}',
        b"[" * 3_000_000,
        b" " * 3_000_000 + b"{}",
        b'{"inhoud": "' + b"AAAA" * 1_400_000 + b'"}',
        b'{"inhoud": "' + b"AAAA" * 3_000_000 + b'"}',
    ):
        answer = api.send("POST", PATH, raw=body)
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert not StoredFile.objects.exclude(state="discarded").exists()
    assert files.unknown_paths() == []


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"inhoud": "QQ==", "inhoud": "QQ=="}', "duplicate-key"),
        (b'{"titel": "a\\u0000b"}', "null_characters_not_allowed"),
        (b'{"titel": "\\ud800"}', "surrogate_characters_not_allowed"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
    ],
)
def test_when_a_body_means_harm_then_it_is_a_fault_and_nothing_stays(api: ApiClient, raw: bytes, code: str) -> None:
    assert code in faults(api.send("POST", PATH, raw=raw)).values()
    assert not StoredFile.objects.exclude(state="discarded").exists()


def test_when_a_body_is_no_json_by_its_own_words_then_the_answer_is_415(api: ApiClient) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin-1"):
        assert api.send("POST", PATH, raw=b"{}", headers={"Content-Type": kind}).status_code == 415


def test_when_an_application_may_not_make_documents_then_its_body_is_not_even_read(api: ApiClient) -> None:
    reader = given_applicatie("lezer", scopes=("documenten.lezen",))
    assert reader.post(PATH, document_body()).status_code == 403
    assert not StoredFile.objects.exists()


# -- Crashes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["keep_bytes", "_insert", "tell"])
def test_when_it_breaks_between_the_file_and_the_row_then_neither_stays(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    body = document_body()
    real = getattr(deeds, place)

    def breaks(*arguments: Any, **named: Any) -> None:
        real(*arguments, **named)
        raise KeyboardInterrupt  # as a process that is told to stop

    monkeypatch.setattr(deeds, place, breaks)
    with pytest.raises(KeyboardInterrupt):
        api.post(PATH, body)
    assert not Document.objects.exists()
    assert not Notificatie.objects.filter(kanaal="documenten").exists()
    assert list(StoredFile.objects.values_list("state", flat=True)) == ["discarded"]
    files.sweep()
    assert not StoredFile.objects.exists()
    assert [path for path in files.path_of(StoredFile().uuid).parents[2].glob("*/*/*") if path.is_file()] == []


def test_when_a_process_dies_before_it_can_let_go_then_the_sweep_finds_the_file(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = document_body()

    def dies(*arguments: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(deeds, "_insert", dies)
        broken.setattr(files, "let_go", lambda file: None)  # a killed process lets go of nothing
        with pytest.raises(KeyboardInterrupt):
            api.post(PATH, body)
    assert list(StoredFile.objects.values_list("state", flat=True)) == ["arrived"]
    StoredFile.objects.update(changed_at="2020-01-01T00:00:00Z")
    kept = given_document(api)
    assert files.sweep() == 1
    assert content_of(api, kept["inhoud"]) == TEXT
    assert files.unknown_paths() == []


# -- Download ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "status", "wanted", "said"),
    [
        ("bytes=0-0", 206, TEXT[:1], f"bytes 0-0/{len(TEXT)}"),
        ("bytes=3-9", 206, TEXT[3:10], f"bytes 3-9/{len(TEXT)}"),
        ("bytes=20-", 206, TEXT[20:], f"bytes 20-{len(TEXT) - 1}/{len(TEXT)}"),
        ("bytes=-5", 206, TEXT[-5:], f"bytes {len(TEXT) - 5}-{len(TEXT) - 1}/{len(TEXT)}"),
        ("bytes=5-999", 206, TEXT[5:], f"bytes 5-{len(TEXT) - 1}/{len(TEXT)}"),
        ("bytes=-999", 200, TEXT, None),
        ("bytes=0-", 200, TEXT, None),
        ("bytes=0-1,3-4", 200, TEXT, None),
        ("bytes=9-3", 200, TEXT, None),
        ("bytes=-", 200, TEXT, None),
        ("lines=1-2", 200, TEXT, None),
        ("bytes=a-b", 200, TEXT, None),
        ("bytes=999-", 416, None, f"bytes */{len(TEXT)}"),
        ("bytes=-0", 416, None, f"bytes */{len(TEXT)}"),
    ],
)
def test_when_a_part_of_the_content_is_asked_then_that_part_is_given(
    api: ApiClient, asked: str, status: int, wanted: bytes | None, said: str | None
) -> None:
    address = given_document(api)["inhoud"]
    answer = api.send("GET", address, headers={"Range": asked, "Accept": "application/octet-stream"})
    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == said
    assert answer["API-version"] == "1.7.1"
    if wanted is None:
        assert (answer["Content-Type"], json.loads(answer.content)["code"]) == (
            "application/problem+json",
            "range_not_satisfiable",
        )
    else:
        assert b"".join(answer.streaming_content) == wanted  # type: ignore[attr-defined]
        assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(len(wanted)), "bytes")


def test_when_the_content_is_held_already_then_it_is_not_sent_again(api: ApiClient) -> None:
    address = given_document(api)["inhoud"]
    etag = api.send("GET", address)["ETag"]
    assert api.send("GET", address, headers={"If-None-Match": etag}).status_code == 304
    assert api.send("GET", address, headers={"Range": "bytes=0-1", "If-Range": '"anders"'}).status_code == 200
    assert api.send("GET", address, headers={"Range": "bytes=0-1", "If-Range": etag}).status_code == 206
    head = api.send("HEAD", address)
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(TEXT)), b"")
