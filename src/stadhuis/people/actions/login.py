"""Logging in: residents and companies with a proof of a provider, staff with password and code."""

from __future__ import annotations

import logging
from datetime import timedelta

import pyotp
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from stadhuis.kit.crypto import decrypt, encrypt, lookup_hash
from stadhuis.kit.time import now
from stadhuis.people import sessions
from stadhuis.people.actions.register import company_for_kvk, person_for_bsn, representative_for
from stadhuis.people.errors import InvalidBsn, InvalidKvk, LevelTooLow, LoginFailed
from stadhuis.people.models import LoginAttempt, LoginSession, Medewerker, Totp
from stadhuis.people.oidc import Proof, Provider
from stadhuis.people.rules import Level, is_high_enough, network_of, new_step

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
MAX_WRONG = 5
"""Wrong attempts of one account from one address within the window; someone else's address is never shut."""
CODE_WINDOW = timedelta(hours=24)
MAX_WRONG_CODES = 50
"""Wrong codes of one account from all addresses it never logged in from; the usual address stays open."""
STEP_SECONDS = 30


@transaction.atomic
def log_in_with(request: HttpRequest, provider: Provider, proof: Proof, *, needed: Level) -> LoginSession:
    """Start the session of a resident or company. Raises ``LevelTooLow`` and ``LoginFailed``.

    The level of the proof is compared here with the level that the service asked for when the log-in began.
    """
    if not is_high_enough(proof.level, needed) or not proof.level:
        raise LevelTooLow(needed, proof.level)
    login = LoginSession(
        means=provider.means, level=proof.level, provider_session=proof.provider_session, branch=proof.branch
    )
    try:
        if provider.means == "digid":
            login.kind, login.person_id = LoginSession.Kind.RESIDENT, person_for_bsn(proof.bsn)
        else:
            company_id = company_for_kvk(proof.kvk_nummer)
            login.kind, login.company_id = LoginSession.Kind.COMPANY, company_id
            login.representative = representative_for(company_id, proof.issuer, proof.acting or proof.subject)
    except (InvalidBsn, InvalidKvk):
        raise LoginFailed("no usable number in the ID token") from None
    sessions.start(request, login)
    log.info("logged in", extra={"means": provider.means, "level": proof.level, "login": str(login.pk)})
    return login


# -- Staff ------------------------------------------------------------------------------------------------------------


class Throttled(LoginFailed):
    """Too many wrong attempts of this account from this address."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("throttled")
        self.wait_seconds = wait_seconds


class _Counted:
    """One attempt: counted before it is judged, so that attempts at the same moment count each other."""

    def __init__(self, account: str, address: str, factor: str) -> None:
        self.account = lookup_hash(account, about="login-account")
        self.address = lookup_hash(network_of(address), about="login-address")
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
        if self.factor == "code" and self._is_guessed_from_everywhere():
            self.row.delete()
            raise Throttled(int(CODE_WINDOW.total_seconds()))

    def _is_guessed_from_everywhere(self) -> bool:
        known = LoginAttempt.objects.filter(account=self.account, succeeded=True, factor="code")
        if known.filter(address=self.address).exists():
            return False
        wrong = LoginAttempt.objects.filter(
            account=self.account, factor="code", succeeded=False, at__gt=now() - CODE_WINDOW
        ).exclude(address__in=known.values("address"))
        return wrong.count() > MAX_WRONG_CODES

    def was_right(self) -> None:
        """Count it as a good one: earlier wrong ones no longer matter."""
        LoginAttempt.objects.filter(pk=self.row.pk).update(succeeded=True)


def check_password(username: str, password: str, *, address: str) -> Medewerker | None:
    """Return the member of staff, or None when name or password is wrong or they no longer work here.

    Takes the same time for an unknown name. Raises ``Throttled``, for known and unknown names alike.
    """
    username = username.strip().lower()[:60].replace("\x00", "")
    attempt = _Counted(username, address, "password")
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
    # Not a success yet: only the second factor clears the count, else the password alone would buy endless codes.
    attempt.row.delete()
    return medewerker


def prepare_code(medewerker_id: int) -> None:
    """Make a fresh secret for who has not set up a second factor yet; a confirmed one is never touched."""
    medewerker = Medewerker.objects.get(pk=medewerker_id)
    secret = encrypt(pyotp.random_base32(), about=f"totp:{medewerker.uuid}")
    row, is_new = Totp.objects.get_or_create(medewerker=medewerker, defaults={"secret": secret})
    if not is_new:
        Totp.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(secret=secret, last_step=0)


def setup_secret(medewerker_id: int) -> tuple[str, str] | None:
    """Return (key, otpauth address) to set up an authenticator app, or None when that was done already."""
    row = Totp.objects.select_related("medewerker").filter(pk=medewerker_id, confirmed_at__isnull=True).first()
    if row is None:
        return None
    secret = decrypt(bytes(row.secret), about=f"totp:{row.medewerker.uuid}")
    return secret, pyotp.TOTP(secret).provisioning_uri(name=row.medewerker.username, issuer_name="Stadhuis")


def check_code(medewerker_id: int, code: str, *, address: str) -> Medewerker | None:
    """Return the member of staff when the code is right and was not used before, else None. Raises ``Throttled``.

    One step of thirty seconds early or late is accepted. Source: RFC 6238 section 5.2.
    """
    row = Totp.objects.select_related("medewerker").filter(pk=medewerker_id).first()
    if row is None or not row.medewerker.works_here:
        return None
    attempt = _Counted(row.medewerker.username, address, "code")
    attempt.check()
    secret = decrypt(bytes(row.secret), about=f"totp:{row.medewerker.uuid}")
    step = new_step(now(), matching=_matching_step(secret, code), last_step=row.last_step)
    if step is None:
        log.info("log-in refused", extra={"factor": "code"})
        return None
    # The row decides: of two requests with the same code one wins.
    taken = Totp.objects.filter(pk=row.pk, last_step__lt=step).update(
        last_step=step, confirmed_at=row.confirmed_at or now()
    )
    if not taken:
        return None
    attempt.was_right()
    return row.medewerker


def _matching_step(secret: str, code: str) -> int | None:
    digits = "".join(code.split())
    current = int(now().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    matching = None
    for step in (current - 1, current, current + 1):
        if constant_time_compare(totp.generate_otp(step), digits):
            matching = step
    return matching


@transaction.atomic
def log_in_staff(request: HttpRequest, medewerker: Medewerker) -> LoginSession:
    """Start the session of a member of staff who gave both factors."""
    login = LoginSession(kind=LoginSession.Kind.STAFF, medewerker=medewerker, means="password", level="substantial")
    sessions.start(request, login)
    log.info("logged in", extra={"means": "password", "login": str(login.pk)})
    return login
