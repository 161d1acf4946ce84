"""What the room promises at its front door, against the simulators as a separate process."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from pytest_django import Settings

from stadhuis.kit.tests.simulators import SimulatorProcess, free_port
from stadhuis.people.public import SYSTEM
from stadhuis.personen import memory, public
from stadhuis.personen.errors import SourceUnavailable
from stadhuis.personen.records import Processing

PURPOSE = "aanvraag-tozo"
NOOR, BRAM, NOBODY = "999990184", "999991012", "999998742"


@pytest.fixture(autouse=True)
def _without_other_listeners(processing_log: list[Processing]) -> None:
    """Only the list of the test hears of processing."""


def _persoon(bsn: str) -> public.Persoon:
    found = public.persoon(bsn, purpose=PURPOSE)
    assert found is not None
    return found


def test_when_a_person_is_asked_then_the_whole_family_comes(sources: SimulatorProcess) -> None:
    noor = _persoon(NOOR)
    assert noor.bsn == NOOR
    assert noor.naam.volledig == "Noor Elisabeth Verhagen"
    assert noor.naam.voorletters == "N.E."
    assert noor.geboorte == public.Datum(date(1984, 3, 12), "12 maart 1984")
    assert noor.geslacht == "vrouw"
    assert noor.adres is not None
    assert noor.adres.regels == ("Turfkade 14", "9990 BC  Oeverveen")
    assert (noor.adres.straat, noor.adres.nummer, noor.adres.postcode, noor.adres.land) == (
        "Turfkade",
        "14",
        "9990 BC",
        "Nederland",
    )
    assert noor.partner is not None
    assert (noor.partner.bsn, noor.partner.naam.volledig, noor.partner.soort) == (
        "999990391",
        "Daan Postma",
        "huwelijk",
    )
    assert noor.partner.sinds == date(2011, 9, 9)
    assert [(kind.naam.voornamen, kind.geboorte and kind.geboorte.datum) for kind in noor.kinderen] == [
        ("Lotte Marie", date(2013, 6, 21)),
        ("Siem", date(2016, 9, 4)),
    ]
    assert noor.aanhef == "Geachte mevrouw Verhagen"
    assert noor.nationaliteiten == ("Nederlandse",)
    assert noor.gemeente_code == "9999"
    assert not noor.geheimhouding
    assert not noor.is_overleden


def test_when_a_child_is_asked_then_its_parents_come(sources: SimulatorProcess) -> None:
    assert [ouder.bsn for ouder in _persoon("999990603").ouders] == [NOOR, "999990391"]


def test_when_someone_lives_alone_then_there_is_no_partner(sources: SimulatorProcess) -> None:
    assert _persoon(BRAM).partner is None


def test_when_a_marriage_has_ended_by_divorce_or_death_then_there_is_no_partner(sources: SimulatorProcess) -> None:
    assert _persoon("999995820").partner is None
    assert _persoon("999993331").partner is None


def test_when_a_person_has_died_then_that_is_told_with_the_date(sources: SimulatorProcess) -> None:
    hendrik = _persoon("999993112")
    assert hendrik.is_overleden
    assert hendrik.overleden_op == public.Datum(date(2021, 1, 19), "19 januari 2021")
    assert hendrik.adres is None


def test_when_an_address_is_secret_then_the_flag_is_there(sources: SimulatorProcess) -> None:
    assert _persoon("999992697").geheimhouding


def test_when_someone_lives_abroad_then_the_address_is_in_lines(sources: SimulatorProcess) -> None:
    adres = _persoon("999993537").adres
    assert adres is not None
    assert (adres.is_buitenland, adres.regels, adres.land) == (True, ("Kouter 17", "9000 Gent"), "België")


def test_when_only_the_year_of_birth_is_known_then_there_is_no_date_but_a_text(sources: SimulatorProcess) -> None:
    tesfay = _persoon("999995200")
    assert tesfay.geboorte == public.Datum(None, "1987")
    assert tesfay.nationaliteiten == ("onbekend",)


def test_when_names_are_long_or_have_accents_then_they_come_whole(sources: SimulatorProcess) -> None:
    max_, zoe = _persoon("999994566"), _persoon("999994785")
    assert len(max_.naam.volledig) > 130
    assert max_.adres is not None
    assert max_.adres.nummer == "1024A-BIS2"
    assert zoe.naam.volledig == "Zoë Renée Škvorecký"
    assert zoe.aanschrijfnaam == "Z.R. Škvorecký-Wiśniewski"


def test_when_the_brp_does_not_know_the_number_then_there_is_no_person(sources: SimulatorProcess) -> None:
    assert public.persoon(NOBODY, purpose=PURPOSE) is None


@pytest.mark.parametrize("bsn", ["", "123", "999990185", "99999018a", "٩٩٩٩٩٠١٨٤"])
def test_when_a_bsn_is_impossible_then_the_brp_is_not_asked(
    sources: SimulatorProcess, processing_log: list[Processing], bsn: str
) -> None:
    before = sources.get("/practice/asked").json()
    assert public.persoon(bsn, purpose=PURPOSE) is None
    assert sources.get("/practice/asked").json() == before
    assert processing_log == []


def test_when_one_searches_by_name_and_birth_date_then_the_people_are_found(sources: SimulatorProcess) -> None:
    found = public.zoek_personen("verhagen", date(1984, 3, 12), purpose=PURPOSE)
    assert [(one.bsn, one.naam.voornamen, one.adresregels) for one in found] == [
        (NOOR, "Noor Elisabeth", ("Turfkade 14", "9990 BC  Oeverveen"))
    ]
    assert len(public.zoek_personen("Škvo*", date(1986, 8, 15), purpose=PURPOSE)) == 1
    assert public.zoek_personen("Amrani", date(1979, 5, 25), voorvoegsel="van", purpose=PURPOSE) == ()
    assert public.zoek_personen("Verhagen", date(1984, 3, 13), purpose=PURPOSE) == ()


@pytest.mark.parametrize("name", ["", "V*", "x" * 201, "a;b", "😀", "<script>"])
def test_when_a_name_cannot_be_a_name_then_nobody_is_found(sources: SimulatorProcess, name: str) -> None:
    assert public.zoek_personen(name, date(1984, 3, 12), purpose=PURPOSE) == ()


def test_when_a_company_is_asked_then_it_comes_with_its_start_and_address(sources: SimulatorProcess) -> None:
    kapsalon = public.bedrijf("90000101", purpose=PURPOSE)
    assert kapsalon is not None
    assert (kapsalon.naam, kapsalon.rechtsvorm, kapsalon.startdatum) == (
        "Kapsalon Noor",
        "Eenmanszaak",
        date(2015, 4, 1),
    )
    assert kapsalon.is_eenmanszaak
    assert kapsalon.adres is not None
    assert kapsalon.adres.regels == ("Markt 19", "9990 AA  Oeverveen")
    assert kapsalon.activiteiten == ("Haarverzorging",)
    bv = public.bedrijf("90001536", purpose=PURPOSE)
    assert bv is not None
    assert (bv.rsin, bv.is_eenmanszaak) == ("850000014", False)


def test_when_a_company_is_shielded_or_abroad_then_its_address_says_so(sources: SimulatorProcess) -> None:
    shielded = public.bedrijf("90000545", purpose=PURPOSE)
    assert shielded is not None
    assert (shielded.adres, shielded.is_adres_afgeschermd) == (None, True)
    abroad = public.bedrijf("90001425", purpose=PURPOSE)
    assert abroad is not None
    assert abroad.adres is not None
    assert public.vestigingsland(abroad.adres.land) == "eu"


def test_when_the_register_does_not_know_a_company_then_there_is_none(sources: SimulatorProcess) -> None:
    assert public.bedrijf("90009999", purpose=PURPOSE) is None
    assert public.bedrijf("12", purpose=PURPOSE) is None
    assert public.bedrijf("../../x", purpose=PURPOSE) is None


def test_when_the_companies_of_a_person_are_asked_then_his_own_come(sources: SimulatorProcess) -> None:
    assert [one.naam for one in public.bedrijven_van(NOOR, purpose=PURPOSE)] == ["Kapsalon Noor"]
    assert public.bedrijven_van("999990391", purpose=PURPOSE) == ()
    assert public.bedrijven_van("geen bsn", purpose=PURPOSE) == ()


# -- A source that fails is missing, never empty ----------------------------------------------------------------------

BRP_QUESTIONS: list[Callable[[], object]] = [
    lambda: public.persoon(NOOR, purpose=PURPOSE),
    lambda: public.persoon(NOBODY, purpose=PURPOSE),
    lambda: public.zoek_personen("Verhagen", date(1984, 3, 12), purpose=PURPOSE),
]
KVK_QUESTIONS: list[Callable[[], object]] = [
    lambda: public.bedrijf("90000101", purpose=PURPOSE),
    lambda: public.bedrijven_van(NOOR, purpose=PURPOSE),
]


@pytest.mark.parametrize(
    ("switch", "reason"), [("down", "broken"), ("nonsense", "nonsense"), ("wrongshape", "nonsense")]
)
def test_when_a_source_fails_then_every_question_says_unavailable(
    sources: SimulatorProcess, switch: str, reason: str
) -> None:
    sources.switch(brp=switch, kvk=switch)
    for source, questions in (("BRP", BRP_QUESTIONS), ("KVK", KVK_QUESTIONS)):
        for question in questions:
            with pytest.raises(SourceUnavailable) as error:
                question()
            assert (error.value.source, error.value.reason) == (source, reason)


def test_when_a_source_is_slow_then_we_stop_waiting_in_time(sources: SimulatorProcess) -> None:
    sources.switch(brp="slow")
    begun = time.monotonic()
    with pytest.raises(SourceUnavailable) as error:
        public.persoon(NOOR, purpose=PURPOSE)
    assert error.value.reason == "slow"
    assert time.monotonic() - begun < 2


def test_when_nobody_listens_then_the_source_is_unreachable(sources: SimulatorProcess, settings: Settings) -> None:
    settings.BRP_URL = settings.KVK_URL = f"http://localhost:{free_port()}"
    for question in (*BRP_QUESTIONS, *KVK_QUESTIONS):
        with pytest.raises(SourceUnavailable) as error:
            question()
        assert error.value.reason == "unreachable"


def test_when_our_key_is_wrong_then_the_source_refuses(sources: SimulatorProcess, settings: Settings) -> None:
    settings.BRP_API_KEY = settings.KVK_API_KEY = "een-andere-sleutel"
    for question in (*BRP_QUESTIONS, *KVK_QUESTIONS):
        with pytest.raises(SourceUnavailable) as error:
            question()
        assert error.value.reason == "refused"


@contextmanager
def _server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers one connection at a time in its own bad way."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopped = threading.Event()

        def run() -> None:
            while not stopped.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        asked = b""
                        while not asked.endswith(b"}"):  # the whole question: its body is a JSON object
                            asked += connection.recv(65536)
                        answer(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()


def _drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.1)


def _flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
    for _ in range(500):
        connection.sendall(b"[" * 100_000)


def _nested(connection: socket.socket) -> None:
    body = b"[" * 500_000
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _cut_off(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"type"')


def _redirect(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 307 Moved\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(_drip, "slow"), (_flood, "nonsense"), (_nested, "nonsense"), (_cut_off, "unreachable"), (_redirect, "broken")],
)
def test_when_a_source_drips_floods_breaks_off_or_redirects_then_it_is_unavailable(
    sources: SimulatorProcess, settings: Settings, answer: Callable[[socket.socket], None], reason: str
) -> None:
    with _server(answer) as url:
        settings.BRP_URL = url
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable) as error:
            public.persoon(NOOR, purpose=PURPOSE)
        assert error.value.reason == reason
        assert time.monotonic() - begun < 3


def test_when_the_sources_are_looked_at_then_health_says_how_they_do(
    sources: SimulatorProcess, settings: Settings
) -> None:
    assert [(one.source, one.is_well) for one in public.health()] == [("BRP", True), ("KVK", True)]
    sources.switch(brp="down", kvk="slow")
    brp, kvk = public.health()
    assert (brp.is_well, kvk.is_well) == (False, False)
    assert "503" in brp.text
    assert "slow" in kvk.text
    sources.all_ok()
    settings.BRP_API_KEY = "fout"
    assert public.health()[0].text == "BRP refuses our key."


# -- Purpose, processing log, memory, secrecy -------------------------------------------------------------------------


def test_when_anything_is_asked_then_the_purpose_goes_with_it_and_the_processing_log_is_told(
    sources: SimulatorProcess, processing_log: list[Processing]
) -> None:
    public.persoon(NOOR, purpose="doel-een")
    public.zoek_personen("Verhagen", date(1984, 3, 12), purpose="doel-twee")
    public.bedrijven_van(NOOR, purpose="doel-drie")
    asked = sources.get("/practice/asked").json()[-4:]
    assert [(one["source"], one["purpose"]) for one in asked] == [
        ("brp", "doel-een"),
        ("brp", "doel-twee"),
        ("kvk", "doel-drie"),
        ("kvk", "doel-drie"),
    ]
    assert processing_log == [
        Processing("doel-een", "BRP", SYSTEM, bsns=(NOOR,)),
        Processing("doel-twee", "BRP", SYSTEM, bsns=(NOOR,)),
        Processing("doel-drie", "KVK", SYSTEM, bsns=(NOOR,)),
        Processing("doel-drie", "KVK", SYSTEM, kvk_nummers=("90000101",)),
    ]


def test_when_the_processing_log_fails_then_there_is_no_answer(sources: SimulatorProcess) -> None:
    def fail(processing: Processing) -> None:
        raise RuntimeError("the log is full")

    public.on_processing(fail)
    with pytest.raises(RuntimeError):
        public.persoon(NOOR, purpose=PURPOSE)
    with pytest.raises(RuntimeError):
        public.zoek_personen("Verhagen", date(1984, 3, 12), purpose=PURPOSE)


@pytest.mark.parametrize("purpose", ["", "regel\r\nX-Kwaad: 1", "doel€"])
def test_when_no_proper_purpose_is_given_then_nothing_is_asked(sources: SimulatorProcess, purpose: str) -> None:
    with pytest.raises(ValueError, match="purpose"):
        public.persoon(NOOR, purpose=purpose)


def test_when_the_same_is_asked_twice_within_a_request_then_the_source_is_asked_once(
    sources: SimulatorProcess, processing_log: list[Processing]
) -> None:
    memory.begin()
    first, second = public.persoon(NOOR, purpose=PURPOSE), public.persoon(NOOR, purpose=PURPOSE)
    assert first is second
    assert len(processing_log) == 1
    public.persoon(NOOR, purpose="een-ander-doel")
    assert len(processing_log) == 2
    memory.end()
    public.persoon(NOOR, purpose=PURPOSE)
    public.persoon(NOOR, purpose=PURPOSE)
    assert len(processing_log) == 4


def test_when_a_source_is_slow_then_a_request_waits_for_it_once(sources: SimulatorProcess) -> None:
    sources.switch(brp="slow")
    memory.begin()
    begun = time.monotonic()
    for _ in range(3):
        with pytest.raises(SourceUnavailable):
            public.persoon(NOOR, purpose=PURPOSE)
    memory.end()
    assert time.monotonic() - begun < 2


def test_a_web_request_begins_with_an_empty_memory() -> None:
    from django.core.signals import request_finished, request_started

    assert any("memory" in str(receiver[0]) for receiver in request_started.receivers)
    assert any("memory" in str(receiver[0]) for receiver in request_finished.receivers)


def test_when_everything_is_logged_then_no_bsn_name_or_key_is_in_it(
    sources: SimulatorProcess, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    with caplog.at_level(logging.DEBUG):
        noor = public.persoon(NOOR, purpose=PURPOSE)
        found = public.zoek_personen("Verhagen", date(1984, 3, 12), purpose=PURPOSE)
        companies = public.bedrijven_van(NOOR, purpose=PURPOSE)
        sources.switch(brp="wrongshape")
        with pytest.raises(SourceUnavailable) as error:
            public.persoon(NOOR, purpose=PURPOSE)
        logging.getLogger("proef").debug(
            "%r %r %r %r %r", noor, found, companies[0].adres, error.value, error.value.__cause__
        )
    assert "Persoon(" in caplog.text
    for secret in (
        NOOR,
        "999990391",
        "Verhagen",
        "Postma",
        "Turfkade",
        "Markt",
        "1984",
        settings.BRP_API_KEY,
        settings.KVK_API_KEY,
        "90000101",
    ):
        assert secret not in caplog.text
