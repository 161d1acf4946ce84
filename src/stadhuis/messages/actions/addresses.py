"""Mail addresses of residents and companies: given, confirmed with a code, removed.

A code of six digits, to be typed by whoever is logged in: so it works from another device, a machine that opens links in
mails confirms nothing, and a stranger who gets the mail of a mistyped address can do nothing with it.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare

from stadhuis.audit import public as audit
from stadhuis.kit import crypto
from stadhuis.kit.time import now
from stadhuis.messages import rules
from stadhuis.messages.actions.queueing import CODE, put, readdress
from stadhuis.messages.codes import codes_of
from stadhuis.messages.errors import AddressNotFound, NoAddressee, TooManyAddresses, TooManyCodes
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.people.public import Actor


class Verdict(Enum):
    """What came of a code that was typed."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    EXPIRED = "expired"


def owner_of(to: Actor) -> dict[str, int]:
    """Return whose addresses these are. Raises ``NoAddressee``."""
    if to.person_id is not None:
        return {"person_id": to.person_id}
    if to.company_id is not None:
        return {"company_id": to.company_id}
    raise NoAddressee


def hash_of(address: str) -> bytes:
    """Return by what an address is found: capitals make no difference."""
    return hashes_of(address)[0]


def hashes_of(address: str) -> list[bytes]:
    """Return by what an address may be found while keys are changed; the first is of the key of now."""
    return crypto.lookup_hashes(address.strip().casefold(), about="mail-address")


def usable(to: Actor, stated: str) -> MailAddress | None:
    """Return the confirmed address that mails go to: the stated one, else the one that was confirmed last."""
    rows = MailAddress.objects.filter(
        **owner_of(to), verified_at__isnull=False, bounced_at__isnull=True, removed_at__isnull=True
    ).order_by("-verified_at", "-pk")
    found = list(rows)
    wanted = hashes_of(stated) if stated else []
    return next((row for row in found if bytes(row.address_hash) in wanted), found[0] if found else None)


def remember(to: Actor, stated: str, *, language: str) -> MailAddress:
    """Return the row of an address that somebody gave, locked, made when it is not there; in the running transaction."""
    known = MailAddress.objects.filter(**owner_of(to), address_hash__in=hashes_of(stated)[1:])
    known.update(address_hash=hash_of(stated))
    row, is_new = MailAddress.objects.select_for_update().get_or_create(
        **owner_of(to),
        address_hash=hash_of(stated),
        defaults={"address": b"", "language": "en" if language.startswith("en") else "nl", "given_at": now()},
    )
    if is_new or row.removed_at is not None:
        row.address = crypto.encrypt(stated.strip(), about=f"mail-address:{row.uuid}")
        row.given_at, row.removed_at, row.verified_at = now(), None, None
        row.save(update_fields=["address", "given_at", "removed_at", "verified_at"])
    return row


def send_code(row: MailAddress, *, about: UUID) -> bool:
    """Send a fresh code to a locked row, unless one went a moment ago or enough did today; says whether one went."""
    moment = now()
    of_the_day = OutboundMail.objects.filter(
        kind=CODE, address__address_hash=row.address_hash, queued_at__gt=moment - timedelta(days=1)
    ).count()
    if not rules.may_send_code(row.code_sent_at, of_the_day, moment):
        return False
    row.code_round, row.code_sent_at, row.wrong_tries = row.code_round + 1, moment, 0
    row.save(update_fields=["code_round", "code_sent_at", "wrong_tries"])
    put(row, CODE, about=about, language=row.language)
    return True


def _of(actor: Actor, uuid: UUID) -> MailAddress:
    try:
        return MailAddress.objects.select_for_update().get(uuid=uuid, removed_at__isnull=True, **owner_of(actor))
    except (MailAddress.DoesNotExist, NoAddressee):
        raise AddressNotFound from None


@transaction.atomic
def add_address(stated: str, *, by: Actor, language: str) -> UUID:
    """Remember an address and send a code to it; ``stated`` has the form of an address. Returns its id.

    Raises ``TooManyAddresses``, ``TooManyCodes`` and ``NoAddressee``.
    """
    mine = MailAddress.objects.filter(**owner_of(by), removed_at__isnull=True)
    if mine.exclude(address_hash__in=hashes_of(stated)).count() >= rules.ADDRESSES:
        raise TooManyAddresses
    row = remember(by, stated, language=language)
    if row.verified_at is None or row.bounced_at is not None:
        _ask_code(row, by)
    return row.uuid


@transaction.atomic
def send_code_again(uuid: UUID, *, by: Actor) -> None:
    """Send a fresh code. Raises ``AddressNotFound`` and ``TooManyCodes``."""
    _ask_code(_of(by, uuid), by)


def _ask_code(row: MailAddress, by: Actor) -> None:
    owner = {f"address__{name}": value for name, value in owner_of(by).items()}
    asked = OutboundMail.objects.filter(kind=CODE, queued_at__gt=now() - timedelta(days=1), **owner).count()
    if asked >= rules.CODES_PER_DAY_OF_ONE or not send_code(row, about=row.uuid):
        raise TooManyCodes


@transaction.atomic
def confirm_address(uuid: UUID, code: str, *, by: Actor) -> Verdict:
    """Confirm an address with the code that went there; what waited for it leaves. Raises ``AddressNotFound``.

    Five wrong tries end a code; a wrong try is remembered, so nothing is raised for it.
    """
    row, moment = _of(by, uuid), now()
    if not rules.is_code_alive(row.code_sent_at, row.wrong_tries, moment):
        return Verdict.EXPIRED
    if not any(constant_time_compare(rules.plain_code(code), one) for one in codes_of(row)):
        row.wrong_tries += 1
        row.save(update_fields=["wrong_tries"])
        return Verdict.WRONG
    row.verified_at, row.bounced_at, row.bounce_status, row.code_sent_at = moment, None, "", None
    row.save(update_fields=["verified_at", "bounced_at", "bounce_status", "code_sent_at"])
    owner = {f"address__{name}": value for name, value in owner_of(by).items()}
    # What waited for an address that never worked goes to this one as well.
    for mail in OutboundMail.objects.select_for_update(of=("self",)).filter(state=OutboundMail.State.WAITING, **owner):
        readdress(mail, row)
    _note("mailadres bevestigd", row, by)
    return Verdict.CONFIRMED


@transaction.atomic
def remove_address(uuid: UUID, *, by: Actor) -> None:
    """Forget an address; mails that wait for it are put aside. Raises ``AddressNotFound``.

    The row goes a day later: until then its hash counts the codes that went there.
    """
    row = _of(by, uuid)
    row.removed_at, row.verified_at, row.address = now(), None, b""
    row.save(update_fields=["removed_at", "verified_at", "address"])
    OutboundMail.objects.filter(address=row, state=OutboundMail.State.WAITING).update(
        state=OutboundMail.State.SETTLED, reason="the address was removed by its owner"
    )
    _note("mailadres verwijderd", row, by)


def _note(what: str, row: MailAddress, by: Actor) -> None:
    audit.record(what, about=row.uuid, kind="mailadres", resource="mailadres", resource_id=row.uuid, by=by)
