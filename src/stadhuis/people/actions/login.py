"""Logging in: residents and companies with a proof of a provider, staff with password and code."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pyotp
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from stadhuis.kit.crypto import decrypt, encrypt, lookup_hash, lookup_hashes
from stadhuis.kit.time import local, now
from stadhuis.people import sessions
from stadhuis.people.actions import links
from stadhuis.people.actions.factors import actor_for, known_device, use_recovery_code
from stadhuis.people.actions.register import (
    company_for_kvk,
    company_for_means,
    person_for_bsn,
    person_for_means,
    representative_for,
)
from stadhuis.people.actions.representation import represented
from stadhuis.people.errors import InvalidBsn, InvalidKvk, LevelTooLow, LoginFailed, LogoutReplayed, MandateUnusable
from stadhuis.people.facts import ACCOUNT_CHANGED, AccountChanged
from stadhuis.people.models import AccountLink, LoginAttempt, LoginSession, Medewerker, SpentLogout, Totp
from stadhuis.people.oidc import LogoutOrder, Proof, Provider
from stadhuis.people.reads import company, person_uuid
from stadhuis.people.representation import Representation, holds_on_last_day
from stadhuis.people.rules import (
    Level,
    agent_in_words,
    is_high_enough,
    lowest_level,
    network_of,
    new_step,
    plain_recovery_code,
)

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
MAX_WRONG = 5
"""Wrong attempts of one account from one address (or known device) within the window; nobody else's is ever shut."""
CODE_WINDOW = timedelta(hours=24)
MAX_WRONG_FROM_STRANGERS = {"password": 100, "code": 50}
"""Wrong attempts on one account from all addresses it never logged in from; usual addresses and devices stay open."""
STEP_SECONDS = 30


@transaction.atomic
def log_in_with(request: HttpRequest, provider: Provider, proof: Proof, *, needed: Level) -> LoginSession:
    """Start the session of a resident or company. Raises ``LevelTooLow``, ``MandateUnusable`` and ``LoginFailed``.

    The level of the proof is compared here with the level that the service asked for when the log-in began; whoever acts
    for someone else is no stronger than the relation between them was established.
    """
    level = lowest_level(proof.level, proof.represents.level) if proof.represents else proof.level
    if not is_high_enough(level, needed) or not level:
        raise LevelTooLow(needed, level)
    login = LoginSession(
        means=provider.means,
        level=level,
        provider_session=proof.provider_session,
        branch=proof.branch,
        issuer=proof.issuer,
        subject_lookup=_subject_lookup(proof.issuer, proof.subject),
    )
    names: dict[str, str] = {}
    try:
        match provider.means:
            case "digid":
                login.kind, login.person_id = LoginSession.Kind.RESIDENT, person_for_bsn(proof.bsn)
            case "eidas" if proof.legal_id:
                company_id = company_for_means(proof.issuer, proof.legal_id, naam=proof.legal_name)
                login.kind, login.company_id = LoginSession.Kind.COMPANY, company_id
                login.representative = representative_for(company_id, proof.issuer, proof.subject)
            case "eidas":
                login.kind = LoginSession.Kind.RESIDENT
                # Who has a BSN is the same person whatever means; others are known by the pseudonym of their country.
                login.person_id = (
                    person_for_bsn(proof.bsn) if proof.bsn else person_for_means(proof.issuer, proof.subject)
                )
                names = _stated(proof)
            case _:
                company_id = company_for_kvk(proof.kvk_nummer)
                login.kind, login.company_id = LoginSession.Kind.COMPANY, company_id
                login.representative = representative_for(company_id, proof.issuer, proof.acting or proof.subject)
                login.mandate = {"branch": proof.branch} if proof.branch else {}
    except (InvalidBsn, InvalidKvk):
        raise LoginFailed("no usable number in the ID token") from None
    if proof.represents is not None:
        _let_represent(login, proof.represents)
        names |= {"acting_for": proof.represents.party.naam}
    if names:
        login.names = sessions.seal_names(login, names)
    sessions.start(request, login)
    log.info(
        "logged in",
        extra={
            "means": provider.means,
            "level": level,
            "login": str(login.pk),
            "basis": login.mandate.get("basis", ""),
        },
    )
    return login


def _subject_lookup(issuer: str, subject: str) -> bytes:
    return lookup_hash(f"{issuer}|{subject}", about="login-subject")


def _stated(proof: Proof) -> dict[str, str]:
    """Return what eIDAS says about somebody: first and family name whole, the way their country writes them."""
    said = {
        "given_name": proof.given_name,
        "family_name": proof.family_name,
        "birthdate": proof.birthdate.isoformat() if proof.birthdate else "",
    }
    return {name: value for name, value in said.items() if value}


def _let_represent(login: LoginSession, found: Representation) -> None:
    """Note in the session for whom, on what basis, by way of whom, for what and until when. Raises ``MandateUnusable``."""
    person_id, company_id = represented(found.party)
    if (person_id is not None and person_id == login.person_id) or (
        company_id is not None and company_id == login.company_id
    ):
        raise MandateUnusable("somebody represents himself")
    login.represented_person_id, login.represented_company_id = person_id, company_id
    last_day = holds_on_last_day(found)
    if last_day is not None:
        midnight = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), local(now()).tzinfo)
        login.ends_at = midnight
    between = [_key_of(*represented(party)) for party in found.between]
    said = {
        "basis": found.basis,
        "level": found.level,
        "services": " ".join(found.services),
        "until": last_day.isoformat() if last_day else "",
        "between": " ".join(key for key in between if key != _key_of(login.person_id, login.company_id)),
    }
    login.mandate = {**login.mandate, **{name: value for name, value in said.items() if value}}


def _key_of(person_id: int | None, company_id: int | None) -> str:
    if company_id is not None:
        return f"company:{company(company_id).uuid}"
    return f"person:{person_uuid(person_id or 0)}"


@transaction.atomic
def carry_out_logout(order: LogoutOrder) -> int:
    """End the sessions that a provider says are over, and return how many. Raises ``LogoutReplayed``.

    Source: OpenID Connect Back-Channel Logout 1.0 section 2.7.
    """
    lookup = hashlib.sha256(f"{order.issuer}\n{order.jti}".encode()).digest()
    expires_at = datetime.fromtimestamp(order.expires_at, tz=UTC)
    _, is_new = SpentLogout.objects.get_or_create(lookup=lookup, defaults={"expires_at": expires_at})
    if not is_new:
        raise LogoutReplayed("logout token was carried out before")
    whose = LoginSession.objects.filter(issuer=order.issuer, ended_at__isnull=True)
    if order.session:
        whose = whose.filter(provider_session=order.session)
    if order.subject:
        whose = whose.filter(subject_lookup__in=lookup_hashes(f"{order.issuer}|{order.subject}", about="login-subject"))
    ended = whose.update(ended_at=now(), end_reason="provider")
    log.info("logged out by the provider", extra={"sessions": ended})
    return ended


# -- Staff ------------------------------------------------------------------------------------------------------------


class Throttled(LoginFailed):
    """Too many wrong attempts of this account from this address."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("throttled")
        self.wait_seconds = wait_seconds


class Counted:
    """One attempt: counted before it is judged, so that attempts at the same moment count each other.

    A browser in which this person logged in before has a count of its own: whatever a stranger does, it stays open.
    Source: OWASP, slow down online guessing attacks with device cookies.
    """

    def __init__(self, account: str, address: str, factor: str, *, device: str = "") -> None:
        self.account = lookup_hash(account, about="login-account")
        network = lookup_hash(network_of(address), about="login-address")
        known = known_device(account, device)
        self.is_known = known is not None
        self.address = known or network
        self.factor = factor
        self.row = LoginAttempt.objects.create(
            account=self.account, address=self.address, factor=factor, succeeded=False, at=now()
        )

    def check(self) -> None:
        """Raise ``Throttled`` when there were too many; such an attempt does not count again."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*), min(at) FROM (
                    SELECT at FROM people_loginattempt a
                     WHERE account = %(account)s AND address = %(address)s AND NOT succeeded AND at > %(since)s
                       AND factor IN ('password', 'code')
                       AND at > COALESCE((SELECT max(at) FROM people_loginattempt s WHERE s.account = %(account)s
                                             AND s.address = %(address)s AND s.succeeded), '-infinity')
                ) wrong
                """,
                {"account": self.account, "address": self.address, "since": now() - WINDOW},
            )
            count, first = cursor.fetchone()
        if count > MAX_WRONG:
            self.row.delete()
            raise Throttled(max(1, int((first + WINDOW - now()).total_seconds())))
        if not self.is_known and self._is_spraying():
            self.row.delete()
            raise Throttled(int(WINDOW.total_seconds()))
        if not self.is_known and self._is_guessed_from_everywhere():
            self.row.delete()
            raise Throttled(int(CODE_WINDOW.total_seconds()))

    def _is_spraying(self) -> bool:
        """Whether this address tried too many accounts without getting into them: one password, many names.

        A right password that no second factor followed counts as well, so that finding one does not buy more.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(DISTINCT account) FROM people_loginattempt a
                 WHERE address = %(address)s AND at > %(since)s AND NOT succeeded AND factor <> 'reset'
                   AND NOT EXISTS (SELECT 1 FROM people_loginattempt s WHERE s.account = a.account
                                      AND s.address = a.address AND s.succeeded AND s.at >= a.at)
                """,
                {"address": self.address, "since": now() - WINDOW},
            )
            row = cursor.fetchone()
        return int(row[0]) > int(settings.LOGIN_ADDRESS_BUDGET)

    def _is_guessed_from_everywhere(self) -> bool:
        known = LoginAttempt.objects.filter(account=self.account, succeeded=True, factor="code")
        if known.filter(address=self.address).exists():
            return False
        wrong = LoginAttempt.objects.filter(
            account=self.account, factor=self.factor, succeeded=False, at__gt=now() - CODE_WINDOW
        ).exclude(address__in=known.values("address"))
        return wrong.count() > MAX_WRONG_FROM_STRANGERS[self.factor]

    def was_right(self) -> None:
        """Count it as a good one: earlier wrong ones no longer matter."""
        LoginAttempt.objects.filter(pk=self.row.pk).update(succeeded=True)
        LoginAttempt.objects.filter(account=self.account, address=self.address, factor="right").delete()

    def waits_for_the_second_factor(self) -> None:
        """The password was right. Not a success yet: only the second factor clears the count."""
        LoginAttempt.objects.filter(pk=self.row.pk).update(factor="right")


def check_password(username: str, password: str, *, address: str, device: str = "") -> Medewerker | None:
    """Return the member of staff, or None when name or password is wrong or they no longer work here.

    Does the same work for an unknown name. Raises ``Throttled``, for known and unknown names alike.
    """
    username = username.strip().lower()[:60].replace("\x00", "")
    attempt = Counted(username, address, "password", device=device)
    attempt.check()
    medewerker = Medewerker.objects.filter(username=username).first()
    if medewerker is None:
        # The same work as for somebody who exists, so that time does not tell.
        Medewerker().set_password(password)
        is_right = False
    else:
        is_right = medewerker.check_password(password) and medewerker.works_here
    if medewerker is None or not is_right:
        log.info("log-in refused", extra={"factor": "password"})
        return None
    attempt.waits_for_the_second_factor()
    return medewerker


def prepare_code(medewerker_id: int, *, by_link: bool = False) -> bool:
    """Make a fresh secret for who has not set up a second factor yet; a confirmed one is never touched.

    Returns False, and makes nothing, when this account sets up a factor only through a link by mail: who merely knows
    the password is not to choose the second factor.
    """
    medewerker = Medewerker.objects.get(pk=medewerker_id)
    if Totp.objects.filter(pk=medewerker_id, confirmed_at__isnull=False).exists():
        return True
    if medewerker.needs_link and not by_link:
        return False
    secret = encrypt(pyotp.random_base32(), about=f"totp:{medewerker.uuid}")
    row, is_new = Totp.objects.get_or_create(medewerker=medewerker, defaults={"secret": secret})
    if not is_new:
        Totp.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(secret=secret, last_step=0)
    return True


def setup_secret(medewerker_id: int) -> tuple[str, str] | None:
    """Return (key, otpauth address) to set up an authenticator app, or None when that was done already."""
    row = Totp.objects.select_related("medewerker").filter(pk=medewerker_id, confirmed_at__isnull=True).first()
    if row is None:
        return None
    secret = decrypt(bytes(row.secret), about=f"totp:{row.medewerker.uuid}")
    return secret, otpauth(secret, row.medewerker.username)


def otpauth(secret: str, username: str) -> str:
    """Return the address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Stadhuis")


def check_code(medewerker_id: int, code: str, *, address: str, device: str = "") -> Medewerker | None:
    """Return the member of staff when the code is right and was not used before, else None. Raises ``Throttled``.

    One step of thirty seconds early or late is accepted. A recovery code will do as well, once.
    Source: RFC 6238 section 5.2.
    """
    medewerker = Medewerker.objects.filter(pk=medewerker_id).first()
    if medewerker is None or not medewerker.works_here:
        return None
    attempt = Counted(medewerker.username, address, "code", device=device)
    attempt.check()
    recovery = plain_recovery_code(code)
    is_right = use_recovery_code(medewerker, recovery) if recovery else _use_totp(medewerker, code)
    if not is_right:
        log.info("log-in refused", extra={"factor": "code"})
        return None
    attempt.was_right()
    return medewerker


@transaction.atomic
def _use_totp(medewerker: Medewerker, code: str) -> bool:
    row = Totp.objects.filter(pk=medewerker.pk).first()
    if row is None:
        return False
    secret = decrypt(bytes(row.secret), about=f"totp:{medewerker.uuid}")
    step = new_step(now(), matching=matching_step(secret, code), last_step=row.last_step)
    if step is None:
        return False
    # The row decides: of two requests with the same code one wins.
    taken = Totp.objects.filter(pk=row.pk, last_step__lt=step).update(
        last_step=step, confirmed_at=row.confirmed_at or now()
    )
    if taken and medewerker.needs_link:
        Medewerker.objects.filter(pk=medewerker.pk).update(needs_link=False)
    if taken and row.confirmed_at is None:
        ACCOUNT_CHANGED.announce(AccountChanged("app voor codes ingesteld", medewerker.uuid, actor_for(medewerker)))
    return bool(taken)


def matching_step(secret: str, code: str) -> int | None:
    """Return the time step of which this is the code, one step early or late; None for a wrong code."""
    digits = "".join(code.split())
    current = int(now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    matching = None
    for step in (current - 1, current, current + 1):
        if constant_time_compare(totp.generate_otp(step), digits):
            matching = step
    return matching


def kept_at_provider(issuer: str, session: str, subject: str) -> dict[str, str]:
    """Return by what a provider can end a session later, fit to wait in the session of a browser. Holds no pseudonym."""
    return {"issuer": issuer, "sid": session, "lookup": _subject_lookup(issuer, subject).hex()}


@transaction.atomic
def log_in_staff(
    request: HttpRequest, medewerker: Medewerker, *, means: str = "password", provider: Mapping[str, str] | None = None
) -> LoginSession:
    """Start the session of a member of staff who gave both factors (password and code, a passkey, or single sign-on).

    ``provider`` (``kept_at_provider``) says at which provider it hangs. Source: OpenID Connect Back-Channel Logout 1.0, 2.1.
    """
    kept = provider or {}
    login = LoginSession(
        issuer=kept.get("issuer", ""),
        provider_session=kept.get("sid", ""),
        subject_lookup=bytes.fromhex(kept["lookup"]) if kept else None,
        kind=LoginSession.Kind.STAFF,
        medewerker=medewerker,
        means=means,
        level="substantial",
        agent=agent_in_words(request.headers.get("User-Agent", "")),
    )
    sessions.start(request, login)
    log.info("logged in", extra={"means": means, "login": str(login.pk)})
    return login


MAX_RESETS = 5
RESET_WINDOW = timedelta(hours=1)


def may_ask_for_reset(typed: str, *, address: str) -> bool:
    """Whether this address may ask for this account once more: five times an hour, and within the budget of an address.

    Counts what was typed, known or not; the answer to the visitor does not show it.
    """
    account = lookup_hash(typed.casefold(), about="login-account")
    network = lookup_hash(network_of(address), about="login-address")
    LoginAttempt.objects.create(account=account, address=network, factor="reset", succeeded=False, at=now())
    recent = LoginAttempt.objects.filter(address=network, factor="reset", at__gt=now() - RESET_WINDOW)
    return recent.filter(account=account).count() <= MAX_RESETS and recent.count() <= settings.LOGIN_ADDRESS_BUDGET * 2


@transaction.atomic
def send_factor_link(medewerker_id: int) -> bool:
    """Mail a link to set up a second factor to who just gave the right password; at most three an hour."""
    Medewerker.objects.select_for_update().get(pk=medewerker_id)
    recent = AccountLink.objects.filter(
        medewerker_id=medewerker_id, kind=AccountLink.Kind.FACTOR, made_at__gt=now() - RESET_WINDOW
    )
    if recent.count() >= links.MAX_OPEN_RESETS:
        return False
    links.send_link(medewerker_id, AccountLink.Kind.FACTOR)
    return True
