"""Links by mail: the first use of an account, a new password, a new second factor. Valid for a while and once."""

from __future__ import annotations

import base64
import hashlib
import logging
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from stadhuis.kit.crypto import derived
from stadhuis.kit.time import now
from stadhuis.people.errors import LinkNotUsable
from stadhuis.people.facts import MAIL_WANTED, MailWanted
from stadhuis.people.models import AccountLink, Medewerker

log = logging.getLogger(__name__)

VALID_FOR = {
    AccountLink.Kind.INVITE: timedelta(days=7),
    AccountLink.Kind.RESET: timedelta(hours=1),
    AccountLink.Kind.FACTOR: timedelta(hours=24),
}
MAX_OPEN_RESETS = 3
"""Mails about a new password to one account within the time such a link is valid: nobody fills someone else's mailbox."""


def token_of(link_uuid: UUID) -> str:
    """Return the token of a link: 256 bits that only this installation can work out. It is kept nowhere.

    A link that was made before the secret key changed keeps the token of the former key, by which it is found.
    """
    tokens = [
        base64.urlsafe_b64encode(digest).decode().rstrip("=")
        for digest in derived("people.account-link", str(link_uuid))
    ]
    if len(tokens) == 1:
        return tokens[0]
    kept = AccountLink.objects.filter(uuid=link_uuid).values_list("lookup", flat=True).first()
    return next((token for token in tokens if kept is not None and _lookup(token) == bytes(kept)), tokens[0])


def _lookup(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def address_of(link_uuid: UUID) -> str:
    """Return the address that goes into the mail. The token is in the query, which no log of ours keeps."""
    return f"{settings.PUBLIC_URL}/werkplek/account/link/?t={token_of(link_uuid)}"


@transaction.atomic
def send_link(medewerker_id: int, kind: str) -> UUID:
    """Make a link and have it mailed; an earlier one of the same kind ends, except a reset. Returns its uuid."""
    medewerker = Medewerker.objects.get(pk=medewerker_id)
    if kind != AccountLink.Kind.RESET:
        _open(medewerker_id).filter(kind=kind).update(ended_at=now())
    identity, moment = uuid4(), now()
    AccountLink.objects.create(
        uuid=identity,
        medewerker=medewerker,
        kind=kind,
        lookup=_lookup(token_of(identity)),
        made_at=moment,
        ends_at=moment + VALID_FOR[AccountLink.Kind(kind)],
    )
    MAIL_WANTED.announce(MailWanted(medewerker.email, f"staff_{kind}", identity))
    return identity


def send_reset(typed: str) -> int:
    """Send a link for a new password to whoever this user name or mail address belongs to; returns how many were sent.

    Runs as a job: what the visitor sees does not depend on it.
    """
    wanted = typed.strip().casefold()
    sent = 0
    found = Medewerker.objects.filter(Q(username=wanted) | Q(email__iexact=wanted)).order_by("pk")[:5]
    for medewerker in [one for one in found if one.works_here]:
        with transaction.atomic():
            # One at a time per account, so that two jobs at once do not both find room for one more.
            Medewerker.objects.select_for_update().get(pk=medewerker.pk)
            # Who never chose a password gets a new invitation: the account is not to come alive by another way.
            is_new = _open(medewerker.pk).filter(kind=AccountLink.Kind.INVITE).exists()
            recent = AccountLink.objects.filter(
                medewerker=medewerker,
                kind=AccountLink.Kind.RESET,
                made_at__gt=now() - VALID_FOR[AccountLink.Kind.RESET],
            )
            if is_new or recent.count() >= MAX_OPEN_RESETS:
                continue
            send_link(medewerker.pk, AccountLink.Kind.RESET)
            sent += 1
    log.info("reset asked", extra={"sent": sent})
    return sent


def _open(medewerker_id: int) -> QuerySet[AccountLink]:
    return AccountLink.objects.filter(medewerker_id=medewerker_id, used_at__isnull=True, ended_at__isnull=True)


def link_for(token: str) -> AccountLink:
    """Return the link this token opens. Raises ``LinkNotUsable``: unknown, used, withdrawn, too old, or who left."""
    return _usable(AccountLink.objects.select_related("medewerker").filter(lookup=_lookup(token)).first())


def link_by_uuid(link_uuid: UUID) -> AccountLink:
    """Return a link that this browser opened a moment ago. Raises ``LinkNotUsable``."""
    return _usable(AccountLink.objects.select_related("medewerker").filter(uuid=link_uuid).first())


def _usable(link: AccountLink | None) -> AccountLink:
    is_good = (
        link is not None
        and link.used_at is None
        and link.ended_at is None
        and link.ends_at > now()
        and link.medewerker.works_here
    )
    if link is None or not is_good:
        raise LinkNotUsable("unknown, used or too old")
    return link


def use(link_uuid: UUID) -> AccountLink:
    """Use a link up, within the transaction of what it is used for. Raises ``LinkNotUsable``; of two at once one wins."""
    link = link_by_uuid(link_uuid)
    if not AccountLink.objects.filter(pk=link.pk, used_at__isnull=True, ended_at__isnull=True).update(used_at=now()):
        raise LinkNotUsable("used a moment ago")
    return link


def end_links_of(medewerker_id: int) -> int:
    """Withdraw every link that is still open; returns how many."""
    return _open(medewerker_id).update(ended_at=now())
