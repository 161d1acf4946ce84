"""``stadhuis verify-audit``, and what ``stadhuis doctor`` says of the trail."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from stadhuis.audit import jobs
from stadhuis.audit import public as audit
from stadhuis.audit.models import Verification
from stadhuis.audit.tests.test_audit import change_payload, given_line
from stadhuis.kit.time import clock_set_to, now

# The command stands above every room: a test in a room asks for it by name.
cli, doctor = import_module("stadhuis.cli"), import_module("stadhuis.doctor")


def said() -> str:
    state: str = doctor.examine("audit", doctor.all_checks()["audit"])[0].state
    return state


@pytest.mark.django_db
def test_the_command_says_whole_writes_the_seals_and_names_the_first_broken_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "zegels.txt"
    for _ in range(3):
        given_line()
    assert cli.main(["verify-audit", "--write-seals", str(copy)]) == 0
    assert "whole up to and including line 3" in capsys.readouterr().out
    assert cli.main(["verify-audit", "--seals", str(copy)]) == 0
    assert "fits the 1 seals kept elsewhere" in capsys.readouterr().out
    assert cli.main(["verify-audit", "--seals", str(tmp_path / "niets.txt")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert cli.main(["verify-audit", "--write-seals", str(tmp_path / "geen" / "map.txt")]) == 1
    change_payload()
    assert cli.main(["verify-audit", "--write-seals", str(copy)]) == 1
    assert "broken at line 2" in capsys.readouterr().err


@pytest.mark.django_db
def test_every_night_the_outcome_is_kept_and_doctor_says_what_it_was(caplog: pytest.LogCaptureFixture) -> None:
    # given
    for _ in range(3):
        given_line()
    audit.seal()
    assert said() == "ok"
    # when whole
    jobs.verify_job(0)
    # then
    state = audit.chain_state()
    assert (state.last_number, state.broken_line, state.reason, state.waiting) == (3, None, "", 0)
    assert said() == "ok"
    # when broken
    change_payload()
    jobs.verify_now()
    # then
    state = audit.chain_state()
    assert (state.last_number, state.broken_line) == (1, 2)
    assert "audit trail broken" in caplog.text
    assert said() == "wrong"
    # when nobody has looked for days
    with clock_set_to(now() + timedelta(days=4)):
        Verification.objects.update(reason="", broken_line=None)
        assert said() == "wrong"
