"""The commands that take in the selectielijst, and take a catalogue in and out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.models import Catalogus, Zaaktype
from stadhuis.catalogi.tests.test_exchange import contents, emptied, exported, given_catalogus, zipped
from stadhuis.catalogi.tests.test_selectielijst import counts, files, procestype
from stadhuis.cli import main

pytestmark = pytest.mark.django_db


# -- The selectielijst -------------------------------------------------------------------------------------------------
def test_when_lists_are_taken_in_then_it_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for name, content in files().items():
        (tmp_path / name).write_text(json.dumps(content))
        paths.append(str(tmp_path / name))
    assert main(["import-selectielijst", *paths]) == 0
    assert "resultaten: 2 new, 0 changed, 0 the same" in capsys.readouterr().out
    assert main(["import-selectielijst", *paths]) == 0
    assert "resultaten: 0 new, 0 changed, 2 the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not JSON"),
        (b"[" * 5000, "nested deeper"),
        (b"[1]", "Nothing was taken in"),
    ],
)
def test_when_a_file_is_bad_then_the_command_says_so_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    good, bad = tmp_path / "p.json", tmp_path / "slecht.json"
    good.write_text(json.dumps([procestype()]))
    if content is not None:
        bad.write_bytes(content)
    assert main(["import-selectielijst", str(good), str(bad)]) == 1
    captured = capsys.readouterr()
    assert said in captured.err
    assert "slecht.json" in captured.err
    assert counts() == [0, 0, 0, 0]


# -- A catalogue -------------------------------------------------------------------------------------------------------
def test_when_the_commands_run_then_a_catalogue_goes_out_and_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given_catalogus()
    file = tmp_path / "catalogus.zip"
    assert main(["export-catalogus", "TEST", str(file)]) == 0
    assert [one.name for one in tmp_path.iterdir()] == ["catalogus.zip"]
    assert main(["import-catalogus", str(file)]) == 0
    assert "0 new, 0 changed" in capsys.readouterr().out
    emptied()
    assert main(["import-catalogus", str(file), "--publish"]) == 0
    assert "0 changed, 0 the same, 7 published" in capsys.readouterr().out
    assert catalogi.zaaktype("TEST:MELDING").omschrijving == "Melding doen"


def test_when_a_command_cannot_do_it_then_it_says_why_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given_catalogus()
    file = tmp_path / "catalogus.zip"
    assert main(["export-catalogus", "NIETS", str(file)]) == 1
    assert main(["export-catalogus", "TEST", str(tmp_path / "weg" / "catalogus.zip")]) == 1
    assert main(["import-catalogus", str(file)]) == 1
    file.write_bytes(b"geen zip")
    assert main(["import-catalogus", str(file)]) == 1
    changed = contents(exported(Catalogus.objects.get()))
    changed["ZaakType"][-1]["doel"] = "Anders"
    file.write_bytes(zipped(changed).getvalue())
    assert main(["import-catalogus", str(file)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 6
    assert said[0] == "There is no catalogue with the domein NIETS."
    assert said[4] == "Nothing was taken in:"
    assert "MELDING" in said[5]
    assert Zaaktype.objects.get(identificatie="MELDING").doel == "Melding doen"
