"""The secret of an application is changed without a standstill, and never while it is still used."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from stadhuis import cli
from stadhuis.access import public as access
from stadhuis.audit import public as audit
from stadhuis.kit.time import clock_set_to, now

pytestmark = pytest.mark.django_db
FIRST = "eerste-geheim-eerste-geheim-eerste-geheim"
SECOND = "tweede-geheim-tweede-geheim-tweede-geheim"


@pytest.fixture(autouse=True)
def partner() -> None:
    access.create_applicatie("Ketenpartner", ["partner"], FIRST, True)


def _token(secret: str) -> str:
    claims = f'{{"client_id": "partner", "iat": {int(now().timestamp())}}}'
    return jws.serialize_compact({"alg": "HS256"}, claims.encode(), OctKey.import_key(secret.encode()))


def _says(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["api-secret", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_when_a_secret_is_changed_then_both_work_and_one_sees_which_is_used_and_the_first_goes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    with clock_set_to(now() - timedelta(days=2)):
        access.authenticate(_token(FIRST))
    monkeypatch.setattr("sys.stdin", io.StringIO(SECOND + "\n"))
    # when
    assert _says(capsys, "set", "partner", "--slot", "2", "--stdin") == (0, "Slot 2 is set.\n")
    # then
    access.authenticate(_token(SECOND))
    code, said = _says(capsys, "list", "partner")
    assert (code, said.count("slot")) == (0, 2)
    assert said.count("last used") == 2
    assert "geheim" not in said
    assert _says(capsys, "drop", "partner", "--slot", "1")[0] == 0
    with pytest.raises(access.NotAuthenticated):
        access.authenticate(_token(FIRST))
    access.authenticate(_token(SECOND))
    record = access.applicatie_for("partner")
    assert record is not None
    deeds = [(line.actie, (line.nieuw or line.oud or {}).get("geheim")) for line in audit.trail_of(record.uuid)]
    assert deeds[-2:] == [("geheim gezet", 2), ("geheim ingetrokken", 1)]
    assert SECOND not in str(audit.trail_of(record.uuid))


def test_when_none_is_given_then_one_is_made_and_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _says(capsys, "set", "partner", "--slot", "2")
    assert code == 0
    access.authenticate(_token(said.strip()))
    assert said.strip() not in _says(capsys, "list", "partner")[1]


def test_when_a_secret_is_in_use_then_it_is_not_dropped_or_overwritten_without_force(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # given
    assert "only secret" in _says(capsys, "drop", "partner", "--slot", "1")[1]
    assert "holds a secret" in _says(capsys, "set", "partner", "--slot", "1")[1]
    access.set_secret("partner", SECOND, slot=2)
    assert "never used" in _says(capsys, "drop", "partner", "--slot", "1")[1]
    access.authenticate(_token(FIRST))
    # when
    code, said = _says(capsys, "drop", "partner", "--slot", "1")
    # then
    assert code == 1
    assert "used within the last day" in said
    access.authenticate(_token(FIRST))
    assert _says(capsys, "drop", "partner", "--slot", "1", "--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("list", "nobody"), "no application"),
        (("set", "partner"), "Name the slot"),
        (("drop", "partner", "--slot", "2"), "holds no secret"),
    ],
)
def test_when_it_is_asked_wrongly_then_one_sentence_says_why(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    code, said = _says(capsys, *arguments)
    assert code == 1
    assert sentence in said


def test_when_the_secret_is_short_then_it_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kort\n"))
    assert "at least 32" in _says(capsys, "set", "partner", "--slot", "2", "--stdin")[1]


def test_when_it_is_used_often_then_that_is_written_down_once_in_ten_minutes(
    django_assert_num_queries: object,
) -> None:
    access.authenticate(_token(FIRST))
    before = access.secrets_of("partner")[0].last_used_at
    access.authenticate(_token(FIRST))
    assert access.secrets_of("partner")[0].last_used_at == before
    with clock_set_to(now() + timedelta(minutes=11)):
        access.authenticate(_token(FIRST))
    assert access.secrets_of("partner")[0].last_used_at != before
