"""What somebody proves who they are with, besides the password: app for codes, passkeys, recovery codes, known browsers.

The library for passkeys is loaded where one is made or used: it brings a hundred modules, which most processes never need.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import IntegrityError, transaction

from stadhuis.kit.crypto import encrypt, lookup_hash, lookup_hashes
from stadhuis.kit.time import now
from stadhuis.people.actor import Actor
from stadhuis.people.errors import LoginFailed, NotKnown, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, MAIL_WANTED, AccountChanged, MailWanted
from stadhuis.people.models import KnownDevice, Medewerker, Passkey, RecoveryCode, Totp
from stadhuis.people.rules import recovery_code

log = logging.getLogger(__name__)

CODES = 10
DEVICE_FOR = timedelta(days=180)
MAX_PASSKEYS = 10


def actor_for(medewerker: Medewerker) -> Actor:
    """Return who does something with their own account before there is a session."""
    return Actor(kind="staff", pk=medewerker.pk, key=f"staff:{medewerker.username}", label=medewerker.naam)


def tell(medewerker: Medewerker) -> None:
    """Mail that something about the account has changed, so that who did not do it notices."""
    MAIL_WANTED.announce(MailWanted(medewerker.email, "staff_changed", medewerker.uuid))


def _own(medewerker_id: int) -> Medewerker:
    found = Medewerker.objects.select_for_update().filter(pk=medewerker_id).first()
    if found is None:
        raise NotKnown(f"no medewerker {medewerker_id}")
    return found


# -- Browsers in which somebody logged in before ------------------------------------------------------------------------


def known_device(username: str, cookie: str) -> bytes | None:
    """Return the count under which attempts from a known browser of this account fall, or None. One statement."""
    found = KnownDevice.objects.filter(
        lookup=_device_hash(cookie), medewerker__username=username, last_used_at__gt=now() - DEVICE_FOR
    ).values_list("lookup", flat=True)
    row = found.first()
    return bytes(row) if row is not None else None


def remember_device(medewerker_id: int, cookie: str) -> str:
    """Remember a browser in which somebody gave both factors; returns the value for its cookie."""
    moment = now()
    if cookie and KnownDevice.objects.filter(lookup=_device_hash(cookie), medewerker_id=medewerker_id).update(
        last_used_at=moment
    ):
        return cookie
    fresh = secrets.token_urlsafe(32)
    KnownDevice.objects.create(
        medewerker_id=medewerker_id, lookup=_device_hash(fresh), created_at=moment, last_used_at=moment
    )
    return fresh


def _device_hash(cookie: str) -> bytes:
    return hashlib.sha256(f"device:{cookie}".encode(errors="replace")).digest()


def forget_devices_of(medewerker_id: int) -> None:
    """Forget every browser: the next log-in from each counts as one of a stranger again."""
    KnownDevice.objects.filter(medewerker_id=medewerker_id).delete()


# -- Recovery codes -----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_recovery_codes(medewerker_id: int, *, by: Actor) -> list[str]:
    """Return ten fresh codes, shown this once; earlier ones stop working."""
    medewerker = _own(medewerker_id)
    codes = [recovery_code(secrets.randbits(128)) for _ in range(CODES)]
    RecoveryCode.objects.filter(medewerker=medewerker).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(medewerker=medewerker, lookup=_recovery_hash(medewerker, code.replace("-", ""))) for code in codes
    )
    ACCOUNT_CHANGED.announce(AccountChanged("herstelcodes gemaakt", medewerker.uuid, by, after={"aantal": CODES}))
    return codes


def _recovery_hash(medewerker: Medewerker, plain: str) -> bytes:
    return lookup_hash(plain, about=f"recovery:{medewerker.uuid}")


@transaction.atomic
def use_recovery_code(medewerker: Medewerker, plain: str) -> bool:
    """Use a recovery code up; False when it is none or was used. The owner is told by mail."""
    taken = RecoveryCode.objects.filter(
        medewerker=medewerker,
        lookup__in=lookup_hashes(plain, about=f"recovery:{medewerker.uuid}"),
        used_at__isnull=True,
    ).update(used_at=now())
    if not taken:
        return False
    ACCOUNT_CHANGED.announce(AccountChanged("herstelcode gebruikt", medewerker.uuid, actor_for(medewerker)))
    tell(medewerker)
    return True


# -- The app for codes --------------------------------------------------------------------------------------------------


def new_totp_secret() -> str:
    """Return a fresh secret for an authenticator app; it counts only once a code of it was given."""
    return pyotp.random_base32()


@transaction.atomic
def replace_totp(medewerker_id: int, secret: str, step: int, *, by: Actor) -> None:
    """Let another app give the codes from now on; ``step`` is the time step of the code that proved it."""
    medewerker = _own(medewerker_id)
    Totp.objects.update_or_create(
        medewerker=medewerker,
        defaults={
            "secret": encrypt(secret, about=f"totp:{medewerker.uuid}"),
            "confirmed_at": now(),
            "last_step": step,
        },
    )
    Medewerker.objects.filter(pk=medewerker.pk).update(needs_link=False)
    ACCOUNT_CHANGED.announce(AccountChanged("app voor codes vervangen", medewerker.uuid, by))
    tell(medewerker)


# -- Passkeys -----------------------------------------------------------------------------------------------------------


def _rp_id() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def registration_options(medewerker_id: int) -> tuple[str, bytes]:
    """Return (options as JSON, challenge) with which a browser makes a passkey. Source: WebAuthn level 3, 5.4."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    medewerker = Medewerker.objects.get(pk=medewerker_id)
    held = Passkey.objects.filter(medewerker=medewerker).values_list("credential_id", flat=True)
    options = generate_registration_options(
        rp_id=_rp_id(),
        rp_name=settings.TOWN_NAME,
        user_id=medewerker.uuid.bytes,
        user_name=medewerker.username,
        user_display_name=medewerker.naam,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(each)) for each in held],
    )
    return options_to_json(options), options.challenge


@transaction.atomic
def add_passkey(medewerker_id: int, answer: str, challenge: bytes, *, name: str, by: Actor) -> UUID:
    """Keep a passkey that a browser made. Raises ``WrongInput`` when the answer does not prove it."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    medewerker = _own(medewerker_id)
    if Passkey.objects.filter(medewerker=medewerker).count() >= MAX_PASSKEYS:
        raise WrongInput("passkey", "many")
    try:
        proof = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=settings.PUBLIC_URL,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        log.info("passkey refused", extra={"reason": type(error).__name__})
        raise WrongInput("passkey", "unproven") from None
    try:
        with transaction.atomic():
            row = Passkey.objects.create(
                medewerker=medewerker,
                credential_id=proof.credential_id,
                public_key=proof.credential_public_key,
                sign_count=proof.sign_count,
                name=name.strip().replace("\x00", "")[:60] or "Passkey",
                created_at=now(),
            )
    except IntegrityError:
        raise WrongInput("passkey", "taken") from None
    ACCOUNT_CHANGED.announce(AccountChanged("passkey toegevoegd", medewerker.uuid, by, after={"passkey": row.uuid}))
    tell(medewerker)
    return row.uuid


@transaction.atomic
def remove_passkey(medewerker_id: int, passkey: UUID, *, by: Actor) -> None:
    """Take a passkey of one's own away. Raises ``NotKnown``."""
    medewerker = _own(medewerker_id)
    if not Passkey.objects.filter(medewerker=medewerker, uuid=passkey).delete()[0]:
        raise NotKnown("no such passkey")
    ACCOUNT_CHANGED.announce(AccountChanged("passkey verwijderd", medewerker.uuid, by, before={"passkey": passkey}))
    tell(medewerker)


def authentication_options() -> tuple[str, bytes]:
    """Return (options as JSON, challenge) to log in with. No account is named in it: it tells nothing about anybody."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(rp_id=_rp_id(), user_verification=UserVerificationRequirement.REQUIRED)
    return options_to_json(options), options.challenge


@transaction.atomic
def check_passkey(credential_id: str, answer: str, challenge: bytes) -> Medewerker:
    """Return whose passkey signed this challenge. Raises ``LoginFailed``: unknown, forged, copied, or who left.

    Possession and the user's verification on the device are two factors together. Source: WebAuthn level 3, 7.2.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        wanted = base64url_to_bytes(credential_id)
    except ValueError:
        raise LoginFailed("passkey: no credential id") from None
    row = (
        Passkey.objects.select_for_update(of=("self",))
        .select_related("medewerker")
        .filter(credential_id=wanted)
        .first()
    )
    if row is None:
        raise LoginFailed("passkey: not known")
    try:
        proof = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_rp_id(),
            expected_origin=settings.PUBLIC_URL,
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise LoginFailed(f"passkey: {type(error).__name__}") from None
    if not row.medewerker.works_here:
        raise LoginFailed("passkey: no longer works here")
    Passkey.objects.filter(pk=row.pk).update(sign_count=proof.new_sign_count, last_used_at=now())
    return row.medewerker
