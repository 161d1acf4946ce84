"""Large files in parts: announced, sent, joined when the document is unlocked."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest

from stadhuis.audit import public as audit
from stadhuis.documenten.models import Bestandsdeel, Document
from stadhuis.documenten.tests.api.given import (
    content_of,
    document_body,
    encoded,
    given_applicatie,
    given_document,
    given_lock,
)
from stadhuis.kit import files
from stadhuis.kit.api.testing import ApiClient, body_of, faults
from stadhuis.kit.models import StoredFile

pytestmark = pytest.mark.django_db
PATH = "enkelvoudiginformatieobjecten"
BYTES = random.Random(7).randbytes(2500)
BOUNDARY = "x7x7x7"


@pytest.fixture(autouse=True)
def _small_parts(settings: Any) -> None:
    settings.DOCUMENT_PART_BYTES = 1000


def form(content: bytes | None, lock: str | None, *, is_file: bool = True) -> bytes:
    """Return a form with a file and the lock."""
    made = b""
    if lock is not None:
        made += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{lock}\r\n'.encode()
    if content is not None:
        name = '; filename="deel"' if is_file else ""
        made += (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="inhoud"{name}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return made + f"--{BOUNDARY}--\r\n".encode()


def send(api: ApiClient, part: dict[str, Any], content: bytes | None, lock: str | None, **more: Any) -> Any:
    """Send a part."""
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return api.send("PUT", part["url"], raw=form(content, lock, **more), headers=kind)  # type: ignore[arg-type]


def pieces(document: dict[str, Any], content: bytes = BYTES) -> list[tuple[dict[str, Any], bytes]]:
    """Return each part with its bytes."""
    cut, at = [], 0
    for part in document["bestandsdelen"]:
        cut.append((part, content[at : at + part["omvang"]]))
        at += part["omvang"]
    return cut


def announced(api: ApiClient, **more: Any) -> dict[str, Any]:
    """Announce a document that comes in parts."""
    return given_document(api, **{"inhoud": None, "bestandsomvang": len(BYTES), **more})


def test_when_a_large_file_comes_in_parts_then_it_is_joined_when_the_document_is_unlocked(api: ApiClient) -> None:
    document = announced(api)
    lock = document["lock"]
    assert (document["locked"], document["inhoud"], document["bestandsomvang"]) == (True, None, 2500)
    assert [(part["volgnummer"], part["omvang"], part["voltooid"], part["lock"]) for part in document["bestandsdelen"]] == [
        (1, 1000, False, lock), (2, 1000, False, lock), (3, 500, False, lock),
    ]  # fmt: skip
    # when: in any order, one of them twice
    for part, content in [*reversed(pieces(document)), pieces(document)[0]]:
        answer = body_of(send(api, part, content, lock))
        assert answer == {**part, "voltooid": True}
    assert all(part["voltooid"] for part in body_of(api.get(document["url"]))["bestandsdelen"])
    assert api.get(f"{document['url']}/download").status_code == 404
    assert api.post(f"{document['url']}/unlock", {"lock": lock}).status_code == 204
    # then
    whole = body_of(api.get(document["url"]))
    assert (whole["locked"], whole["versie"], whole["bestandsdelen"], whole["bestandsomvang"]) == (False, 1, [], 2500)
    assert content_of(api, whole["inhoud"]) == BYTES
    assert Document.objects.get().sha256 == hashlib.sha256(BYTES).hexdigest()
    assert StoredFile.objects.filter(state="kept").count() == 1
    assert not StoredFile.objects.filter(state="arrived").exists()
    trail = [(line.actie, line.resource) for line in audit.trail_of(Document.objects.get().uuid)]
    assert lock not in json.dumps(body_of(api.get(f"{document['url']}/audittrail")))
    assert trail == [
        ("create", "enkelvoudiginformatieobject"), *[("update", "bestandsdeel")] * 4,
        ("partial_update", "enkelvoudiginformatieobject"), ("unlock", "enkelvoudiginformatieobject"),
    ]  # fmt: skip


def test_when_a_file_fits_in_one_part_then_that_part_is_the_file(api: ApiClient) -> None:
    document = announced(api, bestandsomvang=10)
    part = document["bestandsdelen"][0]
    body_of(send(api, part, b"0123456789", document["lock"]))
    file = Bestandsdeel.objects.get().file_id
    assert api.post(f"{document['url']}/unlock", {"lock": document["lock"]}).status_code == 204
    assert Document.objects.get().file_id == file
    assert content_of(api, f"{document['url']}/download") == b"0123456789"


def test_when_a_part_is_not_right_then_each_case_has_its_code_and_nothing_stays(api: ApiClient) -> None:
    document = announced(api)
    part, lock = document["bestandsdelen"][0], document["lock"]
    right = BYTES[:1000]
    assert faults(send(api, part, right[:-1], lock)) == {"nonFieldErrors": "file-size"}
    assert faults(send(api, part, right + b"x", lock)) == {"nonFieldErrors": "file-size"}
    assert faults(send(api, part, b"", lock)) == {"nonFieldErrors": "file-size"}
    assert faults(send(api, part, right, "fout")) == {"nonFieldErrors": "incorrect-lock-id"}
    assert faults(send(api, part, right, "")) == {"lock": "blank"}
    assert faults(send(api, part, right, "a\x00b")) == {"lock": "null_characters_not_allowed"}
    assert faults(send(api, part, right, None)) == {"lock": "required"}
    assert faults(send(api, part, None, lock)) == {"inhoud": "required"}
    assert faults(send(api, part, right, lock, is_file=False)) == {"inhoud": "invalid"}
    nowhere = {"url": "bestandsdelen/0d6b2c0e-7a1e-4d51-9c5b-3e1f1a2b3c4d"}
    assert send(api, nowhere, right, lock).status_code == 404
    assert send(api, part, b"x" * 3_000_000, lock).status_code == 413
    assert send(api, part, b"x" * 1_500_000, lock).status_code == 413
    assert api.send("PUT", part["url"], {"lock": lock, "inhoud": "x"}).status_code == 415
    broken = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    for raw in (b"", b"--", form(right, lock)[:50], form(right, lock)[:-200]):
        assert api.send("PUT", part["url"], raw=raw or b" ", headers=broken).status_code == 400  # type: ignore[arg-type]
    many = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{n}"; filename="f"\r\n\r\nx\r\n'.encode()
        for n in range(50)
    )
    assert api.send("PUT", part["url"], raw=many + f"--{BOUNDARY}--\r\n".encode(), headers=broken).status_code == 400  # type: ignore[arg-type]
    assert not StoredFile.objects.exclude(state="discarded").exists()
    assert files.unknown_paths() == []
    assert not Bestandsdeel.objects.filter(file__isnull=False).exists()


def test_when_a_part_comes_as_a_plain_form_then_its_bytes_are_taken_as_they_are(api: ApiClient) -> None:
    document = announced(api, bestandsomvang=4)
    raw = f"lock={document['lock']}&inhoud=%00%ff%2B+".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    part = document["bestandsdelen"][0]
    assert body_of(api.send("PUT", part["url"], raw=raw, headers=kind))["voltooid"] is True  # type: ignore[arg-type]
    api.post(f"{document['url']}/unlock", {"lock": document["lock"]})
    assert content_of(api, f"{document['url']}/download") == b"\x00\xff+ "


def test_when_parts_are_missing_then_the_document_stays_locked(api: ApiClient) -> None:
    document = announced(api)
    unlock = f"{document['url']}/unlock"
    assert faults(api.post(unlock, {"lock": document["lock"]})) == {"nonFieldErrors": "file-size"}
    part, content = pieces(document)[1]
    body_of(send(api, part, content, document["lock"]))
    assert faults(api.post(unlock, {"lock": document["lock"]})) == {"nonFieldErrors": "incomplete-upload"}
    assert body_of(api.get(document["url"]))["locked"] is True


def test_when_a_lock_is_opened_by_force_then_the_parts_go(api: ApiClient) -> None:
    document = announced(api)
    part, content = pieces(document)[0]
    body_of(send(api, part, content, document["lock"]))
    locker = given_applicatie("slot", scopes=("documenten.lock",))
    assert faults(locker.post(f"{document['url']}/unlock", {})) == {"nonFieldErrors": "incorrect-lock-id"}
    assert api.post(f"{document['url']}/unlock", {}).status_code == 204
    after = body_of(api.get(document["url"]))
    assert (after["locked"], after["bestandsdelen"], after["inhoud"], after["bestandsomvang"]) == (False, [], None, 0)
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"discarded"}
    assert send(api, part, content, document["lock"]).status_code == 404


def test_when_the_content_of_a_document_is_replaced_in_parts_then_the_old_version_keeps_its_own(api: ApiClient) -> None:
    document = given_document(api, inhoud=encoded(b"eerst"), bestandsomvang=5)
    lock = given_lock(api, document)
    changed = body_of(api.patch(document["url"], {"inhoud": None, "bestandsomvang": len(BYTES), "lock": lock}))
    assert (changed["versie"], changed["inhoud"], len(changed["bestandsdelen"])) == (2, None, 3)
    first, content = pieces(changed)[0]
    body_of(send(api, first, content, lock))
    # when: announced anew, the parts that came in are of no use
    again = body_of(api.patch(document["url"], {"inhoud": None, "bestandsomvang": len(BYTES), "lock": lock}))
    assert send(api, first, content, lock).status_code == 404
    for part, piece in pieces(again):
        body_of(send(api, part, piece, lock))
    titled = body_of(api.patch(document["url"], {"titel": "Onderweg", "lock": lock}))
    assert all(part["voltooid"] for part in titled["bestandsdelen"])
    assert api.post(f"{document['url']}/unlock", {"lock": lock}).status_code == 204
    # then
    assert content_of(api, f"{document['url']}/download?versie=1") == b"eerst"
    assert api.get(f"{document['url']}/download?versie=2").status_code == 404
    assert content_of(api, f"{document['url']}/download") == BYTES
    assert StoredFile.objects.filter(state="kept").count() == 2


def test_when_a_document_with_parts_is_removed_then_the_bytes_of_the_parts_go(api: ApiClient) -> None:
    document = announced(api)
    part, content = pieces(document)[0]
    body_of(send(api, part, content, document["lock"]))
    assert faults(api.delete(document["url"])) == {"nonFieldErrors": "destroy-locked"}
    api.post(f"{document['url']}/unlock", {})
    assert api.delete(document["url"]).status_code == 204
    assert not Bestandsdeel.objects.exists()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"discarded"}


def test_when_more_is_announced_than_we_take_then_it_is_refused(api: ApiClient, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 5000
    for size in (5001, 2**63 - 1, 2**63, 10**30):
        answer = api.post(PATH, document_body(inhoud=None, bestandsomvang=size))
        assert faults(answer) == {"bestandsomvang": "max_value"}
    assert len(announced(api, bestandsomvang=5000)["bestandsdelen"]) == 5


def test_when_an_application_may_not_change_a_document_then_it_sends_no_part(api: ApiClient) -> None:
    document = announced(api, vertrouwelijkheidaanduiding="geheim")
    part, content = pieces(document)[0]
    low = given_applicatie("laag", scopes=("documenten.bijwerken",), max_level=2)
    assert send(low, part, content, document["lock"]).status_code == 403
    reader = given_applicatie("lezer", scopes=("documenten.lezen",))
    assert send(reader, part, content, document["lock"]).status_code == 403
    assert not StoredFile.objects.filter(state__in=["kept", "arrived"]).exists()


@pytest.mark.parametrize("place", ["keep_bytes", "tell", "note_lock"])
def test_when_it_breaks_while_parts_are_joined_then_the_parts_stay_and_it_can_be_done_again(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    from stadhuis.documenten.api import deeds

    document = announced(api)
    for part, content in pieces(document):
        body_of(send(api, part, content, document["lock"]))

    def breaks(*arguments: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(deeds, place, breaks)
        with pytest.raises(KeyboardInterrupt):
            api.post(f"{document['url']}/unlock", {"lock": document["lock"]})
    assert StoredFile.objects.filter(state="kept").count() == 3
    assert not StoredFile.objects.filter(state="arrived").exists()
    assert api.post(f"{document['url']}/unlock", {"lock": document["lock"]}).status_code == 204
    assert content_of(api, f"{document['url']}/download") == BYTES
