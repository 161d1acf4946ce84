"""Keys are changed while people work: both are read meanwhile, and nobody may forget a key that is still needed."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models, transaction
from pytest_django import Settings

from stadhuis import cli
from stadhuis.access import public as access
from stadhuis.access.reads import applicatie_with_secrets
from stadhuis.commands.tests.conftest import BSNS, Town
from stadhuis.kit import rotation
from stadhuis.kit.crypto import encrypt
from stadhuis.kit.time import now
from stadhuis.messages.actions import addresses
from stadhuis.messages.models import OutboundMail
from stadhuis.notificaties.models import Abonnement
from stadhuis.people import public as people
from stadhuis.people.actions.login import prepare_code, setup_secret
from stadhuis.people.actions.register import company_for_means, representative_for
from stadhuis.people.actions.single_sign_on import who_signed_on
from stadhuis.people.models import PersonBsn, PersonMeans, Representative
from stadhuis.people.public import Actor
from stadhuis.people.staff_oidc import StaffProof

NOT_KEYED = {
    ("audit_line", "digest"), ("audit_line", "link"), ("audit_payload", "salt"), ("audit_seal", "link"),
    # Keyed hashes of attempts to log in: a rotation lets the throttle begin anew, and they are removed soon.
    ("people_loginattempt", "account"), ("people_loginattempt", "address"),
    ("access_ratebucket", "key"),
    # Of a log-in that ends within hours; until then found by both keys.
    ("people_loginsession", "subject_lookup"),
    # Not kept in a form that can be hashed anew: found by both keys, and made again by their owner (UPGRADE.md).
    ("people_recoverycode", "lookup"),
    # No key: random bytes, hashes of random bytes, and what is public.
    ("people_spentlogout", "lookup"), ("people_passkey", "credential_id"), ("people_passkey", "public_key"),
    ("people_knowndevice", "lookup"), ("people_accountlink", "lookup"),
}  # fmt: skip


def _fresh_keys(settings: Settings) -> None:
    settings.BSN_KEY_OTHER, settings.BSN_KEY = settings.BSN_KEY, base64.b64encode(os.urandom(32)).decode()
    settings.BSN_HASH_KEY_OTHER, settings.BSN_HASH_KEY = (
        settings.BSN_HASH_KEY,
        base64.b64encode(os.urandom(32)).decode(),
    )


def _without_the_former(settings: Settings) -> None:
    settings.BSN_KEY_OTHER = settings.BSN_HASH_KEY_OTHER = ""


@pytest.fixture
def medewerker(town: Town) -> int:
    unit = people.create_unit("balie", "Balie")
    pk = people.create_medewerker("a.bakker", "A. Bakker", "a@example.org", unit, "", "een heel lang wachtwoord")
    prepare_code(pk)
    return pk


@pytest.fixture
def everything(town: Town, medewerker: int) -> Town:
    """Put something in every encrypted column."""
    access.create_applicatie("Ketenpartner", ["partner"], "geheim-geheim-geheim-geheim-geheim", True)
    Abonnement.objects.create(uuid=(number := uuid4()), callback_url="https://example.org", auth=_sealed(number))
    OutboundMail.objects.create(
        uuid=(mail := uuid4()), to_address=encrypt("iemand@example.org", about=f"mail:{mail}"), kind="receipt",
        language="nl", about=uuid4(), queued_at=now(),
    )  # fmt: skip
    with transaction.atomic():
        addresses.remember(_resident(), "Iemand@Example.org", language="nl")
    who_signed_on(SIGNED_ON)
    people.person_for_means("https://eidas.example", "NL/DE/1")
    company_for_means("https://eidas.example", "DE/NL/HRB-1", naam="Eins GmbH")
    representative_for(people.company_for_kvk("90001354"), "https://eh.example", "sub-1")
    return town


def _address() -> int:
    with transaction.atomic():
        return addresses.remember(_resident(), "iemand@example.org", language="nl").pk


SIGNED_ON = StaffProof("https://sso.example", "sub-9", "a@example.org", (), is_strong=True)


def _resident() -> Actor:
    return Actor("resident", people.find_person(BSNS[0]), "person:x", "")


def _sealed(number: object) -> bytes:
    return encrypt("Bearer abc", about=f"abonnement:{number}")


def test_every_column_that_holds_bytes_is_known_to_the_rotation_or_needs_no_key() -> None:
    known = {(one.table, name) for one in rotation.registered() for name in (one.column, one.lookup) if name}
    found = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model.__module__.startswith("stadhuis.")
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField)
    }
    assert found - known - NOT_KEYED == set(), (
        "register it in apps.ready (kit.rotation), or say here why it needs no key"
    )
    assert known - found == set()


def test_when_keys_are_changed_then_both_are_read_until_everything_is_rewritten_and_the_former_may_go(
    everything: Town, medewerker: int, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    persons = {bsn: people.find_person(bsn) for bsn in BSNS}
    means = people.person_for_means("https://eidas.example", "NL/DE/1")
    secret = setup_secret(medewerker)
    foreign = company_for_means("https://eidas.example", "DE/NL/HRB-1", naam="Eins GmbH")
    company = people.company_for_kvk("90001354")
    representative = representative_for(company, "https://eh.example", "sub-1").pk
    address = _address()
    _fresh_keys(settings)
    # then: everything is found and read by the former keys
    assert {bsn: people.find_person(bsn) for bsn in BSNS} == persons
    assert people.person_for_bsn(BSNS[0]) == persons[BSNS[0]]
    assert setup_secret(medewerker) == secret
    assert _address() == address
    assert cli.main(["rotate-keys", "--check"]) == 1
    assert "still have the other key: it must stay" in capsys.readouterr().err
    # when
    assert cli.main(["rotate-keys", "--batch", "2"]) == 0
    # then: the former keys are not needed
    assert "they may be removed" in capsys.readouterr().out
    _without_the_former(settings)
    assert {bsn: people.find_person(bsn) for bsn in BSNS} == persons
    assert {people.bsn_of(pk or 0) for pk in persons.values()} == set(BSNS)
    assert people.person_for_means("https://eidas.example", "NL/DE/1") == means
    assert company_for_means("https://eidas.example", "DE/NL/HRB-1", naam="Eins GmbH") == foreign
    assert representative_for(company, "https://eh.example", "sub-1").pk == representative
    assert setup_secret(medewerker) == secret
    assert _address() == address
    assert who_signed_on(SIGNED_ON).pk == medewerker
    found = applicatie_with_secrets("partner")
    assert found is not None
    assert [value for _, value in found.secrets] == ["geheim-geheim-geheim-geheim-geheim"]
    assert cli.main(["rotate-keys", "--check"]) == 0


def test_when_the_former_key_is_gone_too_early_then_the_check_says_that_no_key_opens_it(
    everything: Town, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _fresh_keys(settings)
    _without_the_former(settings)
    assert cli.main(["rotate-keys", "--check"]) == 1
    assert "a former key is missing" in capsys.readouterr().err
    with pytest.raises(InvalidTag):
        people.bsn_of(PersonBsn.objects.values_list("pk", flat=True)[0])


def test_when_somebody_new_comes_during_the_change_then_he_is_written_with_the_new_key_and_nobody_is_written_twice(
    town: Town, settings: Settings
) -> None:
    _fresh_keys(settings)
    people.person_for_bsn(BSNS[0])
    people.person_for_bsn("999991231")
    assert PersonBsn.objects.count() == len(BSNS) + 1
    _without_the_former(settings)
    assert people.find_person("999991231")
    assert people.find_person(BSNS[0]) is None


def test_when_a_pseudonym_was_never_kept_then_it_waits_for_the_next_log_in(
    town: Town, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # given: rows of before the pseudonym was kept
    person = people.person_for_means("https://eidas.example", "NL/DE/1")
    company = people.company_for_kvk("90001354")
    someone = representative_for(company, "https://eh.example", "sub-1")
    PersonMeans.objects.update(cipher=None)
    Representative.objects.update(cipher=None)
    _fresh_keys(settings)
    assert cli.main(["rotate-keys"]) == 1
    assert "2 accounts of eIDAS or eHerkenning can only be hashed anew at their next log-in" in capsys.readouterr().err
    # when
    assert people.person_for_means("https://eidas.example", "NL/DE/1") == person
    assert representative_for(company, "https://eh.example", "sub-1").pk == someone.pk
    # then
    assert cli.main(["rotate-keys"]) == 0
    _without_the_former(settings)
    assert people.person_for_means("https://eidas.example", "NL/DE/1") == person


def test_when_it_is_stopped_between_two_batches_then_the_next_run_goes_on(town: Town, settings: Settings) -> None:
    # given: so many batches with a pause that it takes a while
    for number in range(20):
        people.person_for_means("https://eidas.example", f"NL/DE/{number}")
    _fresh_keys(settings)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
    names = ("BSN_KEY", "BSN_KEY_OTHER", "BSN_HASH_KEY", "BSN_HASH_KEY_OTHER")
    keys = {f"STADHUIS_{name}": str(getattr(settings, name)) for name in names}
    running = subprocess.Popen(
        [sys.executable, "-m", "stadhuis", "rotate-keys", "--batch", "1", "--pause", "0.15"],
        env={**kept, **keys, "DATABASE_URL": town.url, "STADHUIS_MODE": "test", "STADHUIS_DATA_DIR": str(town.data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    means = next(one for one in rotation.registered() if one.table == "people_personmeans")
    until = time.monotonic() + 60
    while rotation.count(means).other > 17 and time.monotonic() < until:
        time.sleep(0.02)
    # when
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=30)
    # then
    assert running.returncode == 1
    assert "start it again and it goes on" in said
    assert 0 < rotation.count(means).other <= 17
    assert cli.main(["rotate-keys"]) == 0


def test_when_there_is_no_other_key_then_there_is_nothing_to_rotate(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rotate-keys"]) == 1
    assert "nothing to rotate" in capsys.readouterr().err
    assert cli.main(["rotate-keys", "--check"]) == 0
    assert cli.main(["rotate-keys", "--batch", "0"]) == 1


def test_when_both_keys_are_the_same_in_production_then_the_settings_refuse() -> None:
    # given
    key = base64.b64encode(os.urandom(32)).decode()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
    # when
    done = subprocess.run(
        [sys.executable, "-m", "stadhuis", "rotate-keys"],
        env={**kept, "STADHUIS_MODE": "production", "STADHUIS_BSN_KEY": key, "STADHUIS_BSN_KEY_OTHER": key},
        capture_output=True,
        text=True,
        check=False,
    )
    # then
    assert done.returncode == 1
    assert "STADHUIS_BSN_KEY_OTHER is the same key as STADHUIS_BSN_KEY" in done.stderr
    assert key not in done.stderr


def test_a_batch_locks_only_its_own_rows(town: Town, settings: Settings) -> None:
    # given: the statement count of a walk depends on the number of batches, not of columns joined
    _fresh_keys(settings)
    column = next(one for one in rotation.registered() if one.table == "people_personbsn")
    found = rotation.rotate(column, batch=2, go_on=lambda: True)
    assert (found.rows, found.other, found.unreadable, found.without_value) == (3, 0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT lookup) FROM people_personbsn")
        assert cursor.fetchone()[0] == 3
