"""Who acts for someone else, as the case page says it to a clerk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from stadhuis.kit.time import now
from stadhuis.workplace import present
from stadhuis.zaken import public as zaken


def a_rol(*, machtiging: str, mandate: Any, omschrijving: str = "Initiator") -> zaken.RolRecord:
    context = {"source": "digid", "levelOfAssurance": "substantial", "mandate": mandate}
    return zaken.RolRecord(
        1, uuid4(), 1, omschrijving, "initiator", "natuurlijk_persoon", "Aaltje Bouma", None, 1, None, None, None, {},
        context, machtiging, "", "", "", "", now(),
    )  # fmt: skip


def test_a_gemachtigde_stands_there_with_basis_bounds_and_end() -> None:
    mandate = {"basis": "machtiging", "level": "high", "services": "KAP TOZO", "until": "2026-12-31"}
    row = present._party(a_rol(machtiging="gemachtigde", mandate=mandate, omschrijving="belanghebbende"))
    assert row["key"] == "Gemachtigde"
    assert row["lines"][-3:] == [
        "handelt namens de aanvrager, als gemachtigde",
        "alleen voor KAP, TOZO",
        "geldig tot en met 31 december 2026",
    ]


def test_the_represented_one_stands_there_as_represented() -> None:
    row = present._party(a_rol(machtiging="machtiginggever", mandate={"basis": "bewindvoerder"}))
    assert row["key"] == "Initiator"
    assert row["lines"][-1] == "wordt vertegenwoordigd door een bewindvoerder"


def test_an_employee_of_one_branch_is_named_with_it() -> None:
    row = present._party(a_rol(machtiging="", mandate={"branch": "000090001658"}))
    assert row["lines"][-1] == "alleen voor vestiging 000090001658"


@pytest.mark.parametrize("mandate", [None, "ouder", [], {"basis": "onbekend-woord"}, {"until": "ooit"}])
def test_what_another_system_wrote_there_never_breaks_the_page(mandate: Any) -> None:
    for machtiging in ("", "gemachtigde", "machtiginggever"):
        assert present._party(a_rol(machtiging=machtiging, mandate=mandate))["lines"]
