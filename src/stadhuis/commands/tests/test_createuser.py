"""The first member of staff is made at a terminal, with the same demands on the password as everybody else."""

from __future__ import annotations

import io

import pytest

from stadhuis import cli
from stadhuis.people import public as people
from stadhuis.people.models import Medewerker

pytestmark = pytest.mark.django_db
GIVEN = ["createuser", "Eva.Smit", "--name", "Eva Smit-van Dalen", "--email", "eva@oeverveen.example", "--unit", "ict"]


def create(password: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return cli.main([*GIVEN, "--password-stdin"])


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("kort", "at least 12"),
        ("a" * 2000, "too long"),
        ("abababababab", "fewer than five"),
        ("startfinding", "most used"),
        ("Password1234!", "most used"),
        ("Gemeente2026!", "words of a town hall"),
        ("Welkom01Welkom", "words of a town hall"),
        ("Oeverveen2026!", "words of a town hall"),
        ("smit-van-dalen", "made of the name"),
        ("123456789012", "most used"),
    ],
)
def test_a_password_that_can_be_guessed_makes_no_account(
    password: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create(password, monkeypatch) == 1
    told = capsys.readouterr()
    assert says in told.out + told.err
    assert password not in told.out + told.err
    assert not Medewerker.objects.filter(username="eva.smit").exists()


def test_a_good_password_makes_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert create("vier paarse tafels zingen", monkeypatch) == 0
    medewerker = Medewerker.objects.get(username="eva.smit")
    assert medewerker.check_password("vier paarse tafels zingen")
    assert [unit.code for unit in people.units()] == ["ict"]
