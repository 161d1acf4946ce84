"""The account of staff over HTTP: first use, forgotten password, recovery codes, own page, sessions."""

from __future__ import annotations

import base64
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from django.conf import settings as live
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from stadhuis.people import jobs
from stadhuis.people import public as people
from stadhuis.people.actions import factors, links
from stadhuis.people.models import AccountLink, LoginSession, Medewerker, RecoveryCode, Totp
from stadhuis.people.rules import password_fault, plain_recovery_code, recovery_code
from stadhuis.people.tests.given import (
    PASSWORD,
    SECRET,
    code_at,
    given_medewerker,
    given_staff_logged_in,
    post,
    token_at,
)

pytestmark = pytest.mark.django_db
LOGIN, CODE, FORGOT = "/werkplek/inloggen/", "/werkplek/inloggen/code/", "/werkplek/wachtwoord-vergeten/"
ACCOUNT, CHOOSE = "/werkplek/account/", "/werkplek/account/wachtwoord-kiezen/"
NEW = "kaas brood en boterham"
GOOD = {"gebruikersnaam": "anna", "wachtwoord": PASSWORD}


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[people.MailWanted]:
    """What is asked of the room that sends mails."""
    heard: list[people.MailWanted] = []
    monkeypatch.setattr(people.MAIL_WANTED, "_listeners", [*people.MAIL_WANTED._listeners, heard.append])
    return heard


def given_invited(username: str = "nel", **wanted: Any) -> int:
    unit = people.create_unit("inkomen", "Werk en inkomen")
    new = people.NewMedewerker(username, "Nel de Boer", f"{username}@oeverveen.example", unit, "Consulent", **wanted)
    return people.invite(new, by=people.SYSTEM)


def link_in(mail: people.MailWanted) -> str:
    """The address as it stands in the mail, without the host."""
    return people.address_of_link(mail.about).removeprefix(live.PUBLIC_URL)


def run_resets() -> None:
    """What the worker does with the queued searches."""
    for job in ProcrastinateJob.objects.filter(task_name="people.send_reset", status="todo"):
        jobs.send_reset(**job.args)


# -- First use ----------------------------------------------------------------------------------------------------------


def test_when_somebody_is_added_then_a_mail_leads_to_password_factor_codes_and_the_workplace(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    # given
    medewerker = given_invited()
    [mail] = mails
    assert (mail.kind, mail.to_address) == ("staff_invite", "nel@oeverveen.example")
    # when: the link, a password, the app
    opened = browser.get(link_in(mail))
    chosen = post(browser, opened.headers["Location"], {"nieuw": NEW, "herhaal": NEW})
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.get(CODE).content.decode())
    assert key
    secret = key.group(1).replace(" ", "")
    confirmed = post(browser, CODE, {"code": code_at(secret=secret)})
    codes = post(browser, confirmed.headers["Location"], {})
    # then
    assert (opened.headers["Location"], chosen.headers["Location"]) == (CHOOSE, CODE)
    assert confirmed.headers["Location"] == "/werkplek/account/herstelcodes/"
    shown = re.findall(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", codes.content.decode())
    assert len(set(shown)) == 10
    assert browser.get("/werkplek/").content == b"staff:nel"
    account = people.account(medewerker_id=medewerker)
    assert (account.has_password, account.has_totp, account.recovery_codes, account.needs_link) == (
        True,
        True,
        10,
        False,
    )


def test_the_link_holds_no_name_works_once_and_leaves_the_address(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    given_invited()
    address = link_in(mails[0])
    assert "nel" not in address
    assert re.fullmatch(r"/werkplek/account/link/\?t=[A-Za-z0-9_-]{43}", address)
    # opening it (as a scanner of mail does) changes nothing
    assert browser.get(address).status_code == Client().get(address).status_code == 302
    post(browser, CHOOSE, {"nieuw": NEW, "herhaal": NEW})
    assert Client().get(address).status_code == 404
    assert browser.get(CHOOSE).status_code == 404


def test_an_invitation_ends_after_seven_days_and_when_a_new_one_goes_out(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        medewerker = given_invited()
        people.invite_again(medewerker, by=people.SYSTEM)
        first, second = (link_in(mail) for mail in mails)
        assert browser.get(first).status_code == 404
        assert browser.get(second).status_code == 302
        clock.shift(timedelta(days=7))
        assert Client().get(second).status_code == 404
        # also for who opened it in time and then waited
        assert browser.get(CHOOSE).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "%00", "A" * 5000])
def test_a_made_up_token_opens_nothing(browser: Client, token: str) -> None:
    given_invited()
    assert browser.get(f"/werkplek/account/link/?t={token}").status_code == 404


@pytest.mark.parametrize("is_mailed_first", [True, False])
def test_when_the_secret_key_changes_then_a_link_of_before_stays_good(
    browser: Client, mails: list[people.MailWanted], settings: Settings, is_mailed_first: bool
) -> None:
    # given: a link made with the former key; its mail left before the change, or still has to
    given_invited()
    address = link_in(mails[0])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "coming-key-" + "b" * 40, [settings.SECRET_KEY]
    if not is_mailed_first:
        assert link_in(mails[0]) == address
    # then
    assert browser.get(address).status_code in {200, 302}
    # and: a new one is made with the new key
    given_invited("kees")
    settings.SECRET_KEY_FALLBACKS = []
    assert browser.get(link_in(mails[1])).status_code in {200, 302}


def test_the_token_stands_nowhere_in_the_database_and_in_no_log(
    browser: Client, mails: list[people.MailWanted], caplog: pytest.LogCaptureFixture
) -> None:
    given_invited()
    token = links.token_of(mails[0].about)
    with caplog.at_level(logging.INFO):
        browser.get(link_in(mails[0]))
    assert token not in " ".join(
        str(record.__dict__) for record in caplog.records if record.name.startswith("stadhuis")
    )
    row = AccountLink.objects.get()
    assert token.encode() not in bytes(row.lookup)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM people_accountlink t")
        assert token not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("password", "again", "fault"),
    [
        ("kort", "kort", "short"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "repeats"),
        *[
            (word, word, "common")
            for word in (
                "Wachtwoord1234",
                "123456789012",
                "1q2w3e4r5t6y",
                "qwertyuiop123",
                "!!!dragon2026!!!",
                "sunshinesunshine",
                "Gemeente2026!",
                "Welkom01Welkom",
                "W3lk0m2026!!",
                "zomer2026zomer",
                "Stadhuis-Amsterdam-1",
                "  Letmein12345  ",
                "P@$$w0rd2026!",
                "abcdefghijkl",
                "Gemeente Oeverveen!",
                "correcthorsebatterystaple",
                "oeverveen-oeverveen",
            )
        ],
        ("Welkom bij de kapper om drie uur", "Welkom bij de kapper om drie uur", ""),
        ("gemeente-fietspomp-lantaarn", "gemeente-fietspomp-lantaarn", ""),
        ("vier paarden nietje batterij", "vier paarden nietje batterij", ""),
        ("nel@oeverveen.example", "nel@oeverveen.example", "name"),
        (NEW, "iets anders dan dit", "differs"),
        ("x" * 1025, "x" * 1025, "long"),
        (NEW, NEW, ""),
        ("één twee drie vier", "één twee drie vier", ""),
    ],
)
def test_a_password_is_judged_by_length_and_commonness(password: str, again: str, fault: str) -> None:
    assert password_fault(password, again, names=("nel", "nel@oeverveen.example"), town="Gemeente Oeverveen") == fault


def test_a_bad_password_is_refused_in_words_and_the_link_stays_good(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    given_invited()
    browser.get(link_in(mails[0]))
    refused = post(browser, CHOOSE, {"nieuw": "kort", "herhaal": "kort"})
    assert refused.status_code == 400
    assert "ten minste 12 tekens" in refused.content.decode()
    assert post(browser, CHOOSE, {"nieuw": NEW, "herhaal": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Met Spatie"}, "username"),
        ({"username": "anna"}, "username"),
        ({"naam": " "}, "naam"),
        ({"email": "geen adres"}, "email"),
        ({"email": "ANNA@oeverveen.example"}, "email"),
        ({"unit_id": None}, "unit"),
        ({"unit_id": 10**9}, "unit"),
        ({"is_guest": True}, "sponsor"),
    ],
)
def test_somebody_who_cannot_be_is_not_added_and_no_mail_goes_out(
    change: dict[str, Any], field: str, mails: list[people.MailWanted]
) -> None:
    given_medewerker()
    before = Medewerker.objects.count()
    base = {
        "username": "nel", "naam": "Nel", "email": "nel@oeverveen.example",
        "unit_id": people.create_unit("inkomen", "Werk en inkomen"),
    }  # fmt: skip
    with pytest.raises(people.WrongInput) as error:
        people.invite(people.NewMedewerker(**{**base, **change}), by=people.SYSTEM)
    assert error.value.field == field
    assert (Medewerker.objects.count(), mails) == (before, [])


def test_who_knows_only_the_password_cannot_choose_the_second_factor(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    # given: a password was chosen through the link, and the browser closed before the app was set up
    medewerker = given_invited()
    browser.get(link_in(mails[0]))
    post(browser, CHOOSE, {"nieuw": NEW, "herhaal": NEW})
    thief = Client(enforce_csrf_checks=True)
    # when
    sent = post(thief, LOGIN, {"gebruikersnaam": "nel", "wachtwoord": NEW})
    # then: no picture, no key; the code page leads back to the start
    assert sent.headers["Location"] == "/werkplek/inloggen/link/"
    assert thief.get(CODE).headers["Location"] == "/werkplek/inloggen/link/"
    # and on request a mail goes to the owner, with which the same log-in may set it up
    post(thief, "/werkplek/inloggen/link/", {})
    assert mails[-1].kind == "staff_factor"
    owner = Client(enforce_csrf_checks=True)
    assert owner.get(link_in(mails[-1])).headers["Location"] == LOGIN
    assert post(owner, LOGIN, {"gebruikersnaam": "nel", "wachtwoord": NEW}).headers["Location"] == CODE
    assert "<svg" in owner.get(CODE).content.decode()
    assert Totp.objects.filter(pk=medewerker, confirmed_at__isnull=True).exists()


def test_a_link_for_somebody_else_does_not_open_the_way_to_a_factor(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    # given: two people who need a link, and the link of the one in the browser of the other
    for name in ("nel", "tom"):
        given_invited(name)
        other = Client(enforce_csrf_checks=True)
        other.get(link_in(mails[-1]))
        post(other, CHOOSE, {"nieuw": NEW, "herhaal": NEW})
    with transaction.atomic():
        links.send_link(Medewerker.objects.get(username="tom").pk, "factor")
    browser.get(link_in(mails[-1]))
    # when
    sent = post(browser, LOGIN, {"gebruikersnaam": "nel", "wachtwoord": NEW})
    # then
    assert sent.headers["Location"] == "/werkplek/inloggen/link/"


# -- Forgotten password -------------------------------------------------------------------------------------------------


def ask(browser: Client, who: str) -> tuple[bytes, list[str]]:
    """Ask for a link; return the page and the kinds of statements it took."""
    token = token_at(browser, FORGOT)
    with CaptureQueriesContext(connection) as statements:
        answer = browser.post(FORGOT, {"wie": who, "csrfmiddlewaretoken": token})
    assert answer.status_code == 200
    kinds = [re.sub(r"'[^']*'|\d+", "", each["sql"])[:60] for each in statements.captured_queries]
    return re.sub(rb'(value|content)="[^"]*"', b"", answer.content), kinds


def test_asking_for_a_password_says_and_does_the_same_for_known_unknown_left_and_odd_names() -> None:
    given_medewerker()
    gone = given_medewerker("weg")
    people.let_go(gone)
    answers = [ask(Client(enforce_csrf_checks=True, REMOTE_ADDR=f"203.0.113.{n}"), who) for n, who in enumerate(
        ("anna", "anna@oeverveen.example", "niemand", "weg", "ANNA", "x" * 400, "é'); DROP TABLE"), start=1
    )]  # fmt: skip
    assert len({page for page, _ in answers}) == 1
    assert len({tuple(kinds) for _, kinds in answers}) == 1


def test_the_queue_holds_neither_name_nor_address_nor_its_length(browser: Client) -> None:
    for who in ("anna@oeverveen.example", "x"):
        ask(browser, who)
    sealed = [job.args["sealed"] for job in ProcrastinateJob.objects.filter(task_name="people.send_reset")]
    assert len({len(each) for each in sealed}) == 1
    assert not any(b"anna" in base64.b64decode(each) for each in sealed)


def test_when_the_mail_comes_then_a_new_password_works_and_the_old_one_and_every_session_end(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    # given
    given_medewerker()
    inside = Client(enforce_csrf_checks=True)
    given_staff_logged_in(inside)
    ask(browser, " Anna@Oeverveen.example ")
    run_resets()
    assert [mail.kind for mail in mails] == ["staff_reset"]
    # when
    browser.get(link_in(mails[0]))
    chosen = post(browser, CHOOSE, {"nieuw": NEW, "herhaal": NEW})
    # then: the second factor is still asked for
    assert chosen.headers["Location"] == CODE
    assert browser.get("/werkplek/").status_code == 302
    assert "reden=password" in inside.get("/werkplek/").headers["Location"]
    assert mails[-1].kind == "staff_changed"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60)):
        assert post(browser, CODE, {"code": code_at()}).headers["Location"] == "/werkplek/"
    fresh = Client(enforce_csrf_checks=True)
    assert post(fresh, LOGIN, GOOD).status_code == 400


def test_a_reset_works_for_an_hour_and_not_for_who_left_meanwhile(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    medewerker = given_medewerker()
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as clock:
        links.send_reset("anna")
        links.send_reset("anna")
        clock.shift(timedelta(minutes=59))
        assert browser.get(link_in(mails[0])).status_code == 302
        clock.shift(timedelta(minutes=1))
        assert browser.get(link_in(mails[0])).status_code == 404
        links.send_reset("anna")
        people.let_go(medewerker)
        assert browser.get(link_in(mails[-1])).status_code == 404


def test_nobody_fills_somebody_else_s_mailbox(mails: list[people.MailWanted]) -> None:
    given_medewerker()
    for number in range(12):
        ask(Client(enforce_csrf_checks=True, REMOTE_ADDR=f"198.51.100.{number}"), "anna")
    run_resets()
    assert len(mails) == 3


def test_who_was_never_in_gets_no_reset_but_keeps_the_invitation(mails: list[people.MailWanted]) -> None:
    given_invited()
    assert links.send_reset("nel") == 0
    assert [mail.kind for mail in mails] == ["staff_invite"]


def test_a_sealed_text_of_another_key_is_dropped() -> None:
    jobs.send_reset(sealed="AAAA")
    jobs.send_reset(sealed="geen base64!")
    assert AccountLink.objects.count() == 0


# -- Recovery codes -----------------------------------------------------------------------------------------------------


def test_recovery_codes_have_signs_that_do_not_look_alike_and_are_read_as_people_type_them() -> None:
    code = recovery_code(2**127 + 12345)
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", code)
    assert plain_recovery_code(f" {code.upper().replace('-', ' ')} ") == code.replace("-", "")
    assert plain_recovery_code("123456") == plain_recovery_code("123456789012") == plain_recovery_code("") == ""


def test_a_recovery_code_takes_the_place_of_the_app_once_and_the_owner_is_told(mails: list[people.MailWanted]) -> None:
    medewerker = given_medewerker()
    by = people.medewerker(medewerker).actor()
    codes = factors.make_recovery_codes(medewerker, by=by)
    for number, expected in enumerate((302, 400)):
        visitor = Client(enforce_csrf_checks=True, REMOTE_ADDR=f"203.0.113.{number}")
        post(visitor, LOGIN, GOOD)
        assert post(visitor, CODE, {"code": codes[0].upper()}).status_code == expected
    assert [mail.kind for mail in mails] == ["staff_changed"]
    stored = bytes(RecoveryCode.objects.filter(used_at__isnull=True).first().lookup)  # type: ignore[union-attr]
    assert not any(code.replace("-", "").encode() in stored for code in codes)
    # new ones end the old ones
    factors.make_recovery_codes(medewerker, by=by)
    visitor = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.9")
    post(visitor, LOGIN, GOOD)
    assert post(visitor, CODE, {"code": codes[1]}).status_code == 400


def test_recovery_codes_of_somebody_else_do_not_work(browser: Client) -> None:
    given_medewerker()
    other = given_medewerker("bert")
    codes = factors.make_recovery_codes(other, by=people.medewerker(other).actor())
    post(browser, LOGIN, GOOD)
    assert post(browser, CODE, {"code": codes[0]}).status_code == 400


# -- My account ---------------------------------------------------------------------------------------------------------


def test_my_account_shows_factors_and_sessions_and_ends_one_or_all(browser: Client) -> None:
    # given: two browsers
    given_medewerker()
    other = Client(enforce_csrf_checks=True, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/128.0")
    given_staff_logged_in(other)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60)):
        given_staff_logged_in(browser)
        page = browser.get(ACCOUNT).content.decode()
        assert "Firefox (Windows)" in page
        assert page.count("deze sessie") == 1
        # when: that other one
        elsewhere = LoginSession.objects.get(agent="Firefox (Windows)")
        post(browser, ACCOUNT, {}, to=f"/werkplek/account/sessies/{elsewhere.pk}/stoppen/")
        # then
        assert "reden=elsewhere" in other.get("/werkplek/").headers["Location"]
        assert browser.get("/werkplek/").status_code == 200
        # when everything is ended
        out = post(browser, ACCOUNT, {}, to="/werkplek/account/overal-uitloggen/")
        assert out.headers["Location"] == "/werkplek/uitgelogd/"
        assert browser.get("/werkplek/").status_code == 302
        assert LoginSession.objects.filter(ended_at__isnull=True).count() == 0


def test_sessions_of_somebody_else_are_not_there(browser: Client) -> None:
    given_medewerker()
    given_medewerker("bert")
    other = Client(enforce_csrf_checks=True)
    given_staff_logged_in(other, "bert")
    given_staff_logged_in(browser)
    theirs = LoginSession.objects.get(medewerker__username="bert")
    assert post(browser, ACCOUNT, {}, to=f"/werkplek/account/sessies/{theirs.pk}/stoppen/").status_code == 404
    assert other.get("/werkplek/").status_code == 200


def test_changing_how_one_logs_in_asks_the_password_again_after_ten_minutes(browser: Client) -> None:
    given_medewerker()
    start = datetime.now(UTC)
    given_staff_logged_in(browser)
    assert browser.get("/werkplek/account/wachtwoord/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=11)):
        sent = browser.get("/werkplek/account/wachtwoord/")
        assert sent.headers["Location"].startswith("/werkplek/account/bevestigen/")
        for deed in ("herstelcodes/", "app/", "passkeys/opties/"):
            token = token_at(browser, ACCOUNT)
            answer = browser.post(f"/werkplek/account/{deed}", {"csrfmiddlewaretoken": token})
            assert "/bevestigen/" in answer.headers["Location"], deed
        assert RecoveryCode.objects.count() == 0
        wrong = post(browser, sent.headers["Location"], {"wachtwoord": "fout"})
        assert wrong.status_code == 400
        right = post(browser, sent.headers["Location"], {"wachtwoord": PASSWORD, "next": "//kwaad.example/"})
        assert right.headers["Location"] == ACCOUNT
        assert browser.get("/werkplek/account/wachtwoord/").status_code == 200


def test_another_password_ends_the_other_sessions_and_keeps_this_one(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    given_medewerker()
    other = Client(enforce_csrf_checks=True)
    given_staff_logged_in(other)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60)):
        given_staff_logged_in(browser)
        page = "/werkplek/account/wachtwoord/"
        assert post(browser, page, {"nieuw": "kort", "herhaal": "kort"}).status_code == 400
        assert post(browser, page, {"nieuw": NEW, "herhaal": NEW}).headers["Location"] == ACCOUNT
        assert browser.get("/werkplek/").status_code == 200
        assert "reden=password" in other.get("/werkplek/").headers["Location"]
    assert [mail.kind for mail in mails] == ["staff_changed"]


def test_another_app_counts_only_once_a_code_of_it_was_given(browser: Client) -> None:
    medewerker = given_medewerker()
    given_staff_logged_in(browser)
    page = "/werkplek/account/app/"
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", browser.get(page).content.decode())
    assert key
    secret = key.group(1).replace(" ", "")
    before = bytes(Totp.objects.get(pk=medewerker).secret)
    assert post(browser, page, {"code": "000000"}).status_code == 400
    assert bytes(Totp.objects.get(pk=medewerker).secret) == before
    used = code_at(secret=secret)
    assert post(browser, page, {"code": used}).headers["Location"] == ACCOUNT
    # the code that proved it does not work a second time, and the old app no more
    fresh = Client(enforce_csrf_checks=True)
    post(fresh, LOGIN, GOOD)
    assert post(fresh, CODE, {"code": used}).status_code == 400
    assert post(fresh, CODE, {"code": code_at(60)}).status_code == 400
    later = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    assert post(fresh, CODE, {"code": later}).status_code == 302


# -- By an administrator ------------------------------------------------------------------------------------------------


def test_when_an_administrator_wipes_a_factor_then_password_and_mail_together_set_up_a_new_one(
    browser: Client, mails: list[people.MailWanted]
) -> None:
    # given
    medewerker, admin = given_medewerker(), given_medewerker("ada")
    given_staff_logged_in(browser)
    # when
    people.reset_second_factor(medewerker, reason="Telefoon kwijt", by=people.medewerker(admin).actor())
    # then
    assert "reden=factor" in browser.get("/werkplek/").headers["Location"]
    assert [mail.kind for mail in mails] == ["staff_factor"]
    account = people.account(medewerker_id=medewerker)
    assert (account.has_totp, account.passkeys, account.recovery_codes, account.needs_link) == (False, 0, 0, True)
    plain = Client(enforce_csrf_checks=True)
    assert post(plain, LOGIN, GOOD).headers["Location"] == "/werkplek/inloggen/link/"
    owner = Client(enforce_csrf_checks=True)
    owner.get(link_in(mails[0]))
    assert post(owner, LOGIN, GOOD).headers["Location"] == CODE
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", owner.get(CODE).content.decode())
    assert key
    assert post(owner, CODE, {"code": code_at(secret=key.group(1).replace(" ", ""))}).status_code == 302
    assert key.group(1).replace(" ", "") != SECRET


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_factor_is_not_wiped_without_a_reason_or_by_oneself(reason: str) -> None:
    medewerker, admin = given_medewerker(), given_medewerker("ada")
    with pytest.raises(people.WrongInput):
        people.reset_second_factor(medewerker, reason=reason, by=people.medewerker(admin).actor())
    with pytest.raises(people.WrongInput):
        people.reset_second_factor(admin, reason="Zelf kwijt", by=people.medewerker(admin).actor())
    assert Totp.objects.count() == 2
