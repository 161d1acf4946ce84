"""Reading what another provider gives: mildly where it says nothing, strictly where the database or a reader could not follow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from stadhuis.kit.api.errors import Invalid
from stadhuis.kit.api.foreign import is_hollow, read
from stadhuis.takeover import public as takeover
from stadhuis.takeover.addresses import Addresses
from stadhuis.takeover.client import _seconds
from stadhuis.takeover.report import same
from stadhuis.zaken import shapes

ZAAK: dict[str, Any] = {
    "identificatie": "Z1", "bronorganisatie": "002564440", "zaaktype": "https://oz.example/catalogi/api/v1/zaaktypen/1",
    "verantwoordelijkeOrganisatie": "002564440", "startdatum": "2024-03-01", "einddatum": None,
    "verlenging": {"reden": "", "duur": None}, "opschorting": {"indicatie": False, "reden": ""},
    "relevanteAndereZaken": None, "productenOfDiensten": None, "communicatiekanaal": None, "laatsteBetaaldatum": "",
    "betalingsindicatie": None, "internNummer": 7,
}  # fmt: skip


def test_null_and_empty_groups_say_nothing() -> None:
    values = read(shapes.ZaakBody, ZAAK, also=("einddatum",))
    assert (values["verlenging"], values["opschorting"], values["laatste_betaaldatum"]) == (None, None, None)
    assert (values["relevante_andere_zaken"], values["producten_of_diensten"]) == ([], [])
    assert (values["communicatiekanaal"], values["betalingsindicatie"], values["einddatum"]) == ("", "", None)
    assert values["startdatum"] == date(2024, 3, 1)
    values = read(shapes.ZaakBody, {**ZAAK, "einddatum": "2024-04-01"}, also=("einddatum",))
    assert values["einddatum"] == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"startdatum": None}, "startdatum"),
        ({"startdatum": "2024-13-01"}, "startdatum"),
        ({"omschrijving": "x" * 81}, "omschrijving"),
        ({"omschrijving": "\x00"}, "omschrijving"),
        ({"omschrijving": "\ud800"}, "omschrijving"),
        ({"bronorganisatie": 12}, "bronorganisatie"),
        ({"kenmerken": [{"kenmerk": "x" * 41, "bron": "y"}]}, "kenmerken.0.kenmerk"),
        ({"verlenging": {"reden": "Druk", "duur": "lang"}}, "verlenging.duur"),
        ({"verlenging": "lang"}, "verlenging"),
        ({"zaakgeometrie": {"type": "Point", "coordinates": [500, 1]}}, "zaakgeometrie"),
        ({"einddatum": "ooit"}, "einddatum"),
    ],
)
def test_what_nobody_can_read_stays_a_fault(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(shapes.ZaakBody, {**ZAAK, **change}, also=("einddatum",))
    assert [one.name for one in caught.value.faults] == [fault]


@pytest.mark.parametrize("body", [None, [], "x", 3])
def test_what_is_no_object_is_a_fault(body: object) -> None:
    with pytest.raises(Invalid):
        read(shapes.ZaakBody, body)


def test_who_is_in_a_zaak_is_kept_as_it_was_given_also_nested() -> None:
    body = {
        "zaak": "https://oz.example/z", "roltype": "https://oz.example/r", "betrokkeneType": "natuurlijk_persoon",
        "roltoelichting": "", "betrokkeneIdentificatie": {
            "inpBsn": "", "geslachtsnaam": "Jansen", "verblijfsadres": {"wplWoonplaatsNaam": "", "aoaHuisnummer": 1, "aoaPostcode": None},
            "subVerblijfBuitenland": None,
        },
    }  # fmt: skip
    found = read(shapes.RolBody, body)["betrokkene_identificatie"].as_json()
    assert found["geslachtsnaam"] == "Jansen"
    assert found["verblijfsadres"]["aoaHuisnummer"] == 1
    assert found["subVerblijfBuitenland"] is None


def test_hollow() -> None:
    assert is_hollow({"a": [], "b": {"c": ""}, "d": False, "e": None})
    assert not is_hollow({"a": 0})


def test_addresses_of_the_source_become_ours_and_others_stay(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://town.example"
    uuid, other = UUID(int=1), UUID(int=2)
    root = "https://oz.example/zaken/api/v1"
    left = f"{root}/zaken/{UUID(int=3)}"
    addresses = Addresses({"zaken": root}, {f"{root}/zaken/{uuid}": other}, [left])
    ours = "https://town.example/zaken/api/v1"
    assert addresses.ours(f"{root}/rollen/{uuid}") == f"{ours}/rollen/{uuid}"
    assert addresses.ours(f"{root}/zaken/{uuid}") == f"{ours}/zaken/{other}"
    assert addresses.ours(f"{root}/zaken/{uuid}/besluiten/{other}") == f"{ours}/zaken/{uuid}/besluiten/{other}"
    for same_still in (
        left,
        f"{root}/zaken",
        f"{root}/zaken/{uuid}/../x",
        f"https://oz.example.evil/zaken/{uuid}",
        "tekst",
    ):
        assert addresses.ours(same_still) == same_still
    assert addresses.rewritten({"a": [f"{root}/rollen/{uuid}"], "b": 1}) == {"a": [f"{ours}/rollen/{uuid}"], "b": 1}


@pytest.mark.parametrize(
    ("theirs", "ours", "is_same"),
    [
        ("", None, True),
        ({"reden": "", "duur": None}, None, True),
        ("2024-03-01T09:00:00Z", "2024-03-01T10:00:00+01:00", True),
        ("2024-03-01T09:00:00Z", "2024-03-01T09:00:01Z", False),
        (["a", "b"], ["b", "a"], True),
        (["a", "a"], ["a", "b"], False),
        ([4.9, 52.1], [52.1, 4.9], False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        (False, None, True),
        (True, False, False),
        ("x", "y", False),
    ],
)
def test_what_says_the_same(theirs: object, ours: object, *, is_same: bool) -> None:
    assert same(theirs, ours) is is_same


def test_retry_after_in_seconds_as_a_date_or_nonsense() -> None:
    assert _seconds("7") == 7.0
    assert _seconds("-7") == 0.0
    assert _seconds("1e9") == 3600.0
    assert _seconds("straks") == 0.0
    assert _seconds("") == 0.0
    later = datetime.now(UTC).replace(year=2090).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert _seconds(later) == 3600.0


GOOD = 'client_id = "a"\nsecret_file = "s"\n[roots]\ncatalogi = "https://a.example/c/"\nzaken = "https://a.example/z"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "no TOML"),
        ("x = 1\n" + GOOD, "unknown: x"),
        (GOOD.replace("catalogi", "cat"), r"\[roots\] has one line per API"),
        (GOOD.replace("https://a.example/z", "file:///z"), "roots.zaken is no http"),
        (GOOD.replace("https://a.example/z", "https://u:p@a.example/z"), "roots.zaken is no http"),
        (GOOD.replace('client_id = "a"\n', ""), "client_id and secret_file"),
        (GOOD.replace("zaken", "besluiten"), "at least catalogi and zaken"),
        ("patience_seconds = 0\n" + GOOD, "patience_seconds is a number above 0"),
        ("timeout_seconds = true\n" + GOOD, "timeout_seconds is a number above 0"),
    ],
)
def test_settings_that_are_wrong_say_what(tmp_path: Path, text: str, says: str) -> None:
    _secret(tmp_path)
    (tmp_path / "bron.toml").write_text(text)
    with pytest.raises(takeover.SettingsUnusable, match=says):
        takeover.read_settings("bron", tmp_path / "bron.toml")


def _secret(folder: Path) -> Path:
    (folder / "s").write_text("geheim\n")
    (folder / "s").chmod(0o600)
    return folder / "s"


def test_settings_keep_the_secret_out_of_sight(tmp_path: Path) -> None:
    file = _secret(tmp_path)
    (tmp_path / "bron.toml").write_text(GOOD)
    found = takeover.read_settings("bron", tmp_path / "bron.toml")
    assert found.secret == "geheim"
    assert "geheim" not in repr(found)
    assert found.roots["catalogi"] == "https://a.example/c"
    file.chmod(0o640)
    with pytest.raises(takeover.SettingsUnusable, match="chmod 600"):
        takeover.read_settings("bron", tmp_path / "bron.toml")
    file.unlink()
    with pytest.raises(takeover.SettingsUnusable, match="cannot be read"):
        takeover.read_settings("bron", tmp_path / "bron.toml")
    with pytest.raises(takeover.SettingsUnusable, match="name of a source"):
        takeover.read_settings("../bron", tmp_path / "bron.toml")
