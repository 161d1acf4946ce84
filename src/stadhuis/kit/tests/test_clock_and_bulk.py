"""Setting the clock, many files at once, many documents at once."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from stadhuis.kit import files, pdf
from stadhuis.kit.pdf.render import Data
from stadhuis.kit.time import clock_set_to, now, today

LETTER: dict[str, Data] = {
    "town": "Gemeente", "address": "Markt 1", "phone": "14 0999", "to": [], "date": "nu", "reference": "1",
    "subject": "Brief", "labels": {"date": "Datum", "reference": "Zaaknummer"}, "salutation": "Beste lezer,", "sections": [],
    "closing": "Groet", "signer": "", "function": "", "title": "Brief",
}  # fmt: skip


def test_when_the_clock_is_set_then_it_runs_on_from_there_and_comes_back() -> None:
    before = now()
    with clock_set_to(before - timedelta(days=400)):
        first = now()
        time.sleep(0.002)
        second = now()
        assert abs(first - (before - timedelta(days=400))) < timedelta(seconds=5)
        assert second > first
        assert (before.date() - today()).days in range(398, 402)
    assert now() >= before


def test_when_in_production_then_the_clock_is_not_set(settings: Settings) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(RuntimeError), clock_set_to(now()):
        pass


@pytest.mark.django_db
def test_many_files_arrive_in_order_and_can_be_kept(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    stored = files.receive_many([b"een", b"twee"], media_type="text/plain")
    assert [files.open_stored(one.uuid).read() for one in stored] == [b"een", b"twee"]
    assert [one.size for one in stored] == [3, 4]
    files.keep(stored[0].uuid)
    assert files.sweep(older_than=timedelta(seconds=-1)) == 1
    assert not files.path_of(stored[1].uuid).exists()


def test_many_documents_come_back_in_order() -> None:
    made = pdf.render_many("letter", [{**LETTER, "reference": "1"}, {**LETTER, "reference": "2" * 400}])
    assert all(one.startswith(b"%PDF-") for one in made)
    assert len(made[0]) != len(made[1])


def test_one_document_that_cannot_be_made_fails_the_whole_lot() -> None:
    with pytest.raises(pdf.PdfError):
        pdf.render_many("letter", [LETTER, {"title": "x"}])
