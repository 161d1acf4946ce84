"""Telling, subscribing, delivering, giving up and sending again."""

from __future__ import annotations

import hashlib
import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from stadhuis.kit import jobs, outside
from stadhuis.kit.crypto import decrypt, encrypt
from stadhuis.kit.memory import forget, remembered
from stadhuis.kit.time import now
from stadhuis.notificaties.errors import DeliveryNotFound, InconsistentFilters, UnknownKanaal
from stadhuis.notificaties.models import Abonnement, AbonnementKanaal, Delivery, Kanaal, Notificatie
from stadhuis.notificaties.rules import delay_after, fits, is_given_up
from stadhuis.people.public import Actor

KEPT: Final = timedelta(days=30)
"""Messages that everybody has are kept this long, so that 'did you send it?' can be answered."""
MOST_PER_JOB: Final = 200
_KANALEN: dict[str, tuple[str, ...]] = {}
_is_silent: ContextVar[bool] = ContextVar("notificaties_silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Tell nobody what changes meanwhile: for the demo town, whose past nobody subscribed to. Refused in production."""
    if settings.IS_PRODUCTION:
        raise RuntimeError("notifications are not left out in production")
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def register_kanaal(naam: str, kenmerken: Sequence[str]) -> None:
    """Make a channel of one of our registers known (from ``apps.ready``)."""
    _KANALEN[naam] = tuple(kenmerken)


def kanalen() -> dict[str, tuple[str, ...]]:
    """Return all channels with their kenmerken: those of our registers and those that other producers made."""
    made = {kanaal.naam: tuple(kanaal.filters) for kanaal in Kanaal.objects.order_by("naam")}
    return made | _KANALEN


@transaction.atomic(savepoint=False)
def notify(
    kanaal: str,
    *,
    hoofd_object: str,
    resource: str,
    resource_url: str,
    actie: str,
    kenmerken: Mapping[str, str],
) -> UUID:
    """Write a message and queue its deliveries, in the transaction of the change. Returns the id of the message.

    The message says what changed and where, never what it says. Source: ZGW BEHAVIOUR 13.1.
    """
    if _is_silent.get():
        return uuids.uuid4()
    moment = now()
    message = Notificatie.objects.create(
        kanaal=kanaal,
        hoofd_object=hoofd_object,
        resource=resource,
        resource_url=resource_url,
        actie=actie,
        aanmaakdatum=moment,
        kenmerken=dict(kenmerken),
    )
    entries = remembered(
        "abonnementen",
        kanaal,
        lambda: list(AbonnementKanaal.objects.filter(naam=kanaal).values_list("abonnement_id", "filters")),
    )
    wanted = sorted({abonnement_id for abonnement_id, filters in entries if fits(filters, kenmerken)})
    made = Delivery.objects.bulk_create(
        Delivery(
            notificatie=message,
            abonnement_id=abonnement_id,
            stream=_stream(abonnement_id, hoofd_object),
            next_at=moment,
        )
        for abonnement_id in wanted
    )
    for delivery in made:
        _queue(delivery.stream)
    return message.uuid


def _stream(abonnement_id: int, hoofd_object: str) -> str:
    return hashlib.sha256(f"{abonnement_id}:{hoofd_object}".encode()).hexdigest()


def _queue(stream: str, at: datetime | None = None) -> None:
    from stadhuis.notificaties.jobs import deliver_job

    # The lock keeps the messages of one stream one after the other, whatever the number of workers.
    jobs.queue(deliver_job.configure(lock=f"notificaties:{stream}", schedule_at=at), stream=stream)


def deliver(stream: str) -> None:
    """Send what waits in a stream, oldest first. The first that fails holds the rest up until its next turn."""
    for _ in range(MOST_PER_JOB):
        delivery = (
            Delivery.objects.select_related("notificatie", "abonnement")
            .filter(stream=stream, state=Delivery.State.WAITING)
            .order_by("id")
            .first()
        )
        if delivery is None or delivery.next_at > now():
            return  # nothing left, or its own job comes later
        if not _send(delivery):
            return
    with transaction.atomic():
        _queue(stream)


def _send(delivery: Delivery) -> bool:
    """Send one message and write down how it went; returns whether the next one may go."""
    abonnement = delivery.abonnement
    problem = outside.post_json(
        abonnement.callback_url,
        delivery.notificatie.body(),
        headers={
            "Authorization": decrypt(bytes(abonnement.auth), about=f"abonnement:{abonnement.uuid}"),
            # Stable over attempts: a receiver that got it twice can see that it did.
            "X-Notificatie-ID": str(delivery.notificatie.uuid),
        },
    )
    moment = now()
    with transaction.atomic():
        # Somebody may have sent it again by hand meanwhile, or the subscription may be gone.
        current = Delivery.objects.select_for_update().filter(pk=delivery.pk, state=Delivery.State.WAITING).first()
        if current is None:
            return True
        current.attempts += 1
        current.first_tried_at = current.first_tried_at or moment
        current.last_error = problem[:200]
        if not problem:
            current.state, current.finished_at = Delivery.State.DELIVERED, moment
        elif is_given_up(current.first_tried_at, moment):
            current.state, current.finished_at = Delivery.State.DEAD, moment
        else:
            current.next_at = moment + delay_after(current.attempts)
            _queue(current.stream, current.next_at)
        current.save()
        return current.state != Delivery.State.WAITING


@transaction.atomic
def create_abonnement(
    callback_url: str, auth: str, kanalen_met_filters: Sequence[tuple[str, Mapping[str, str]]]
) -> UUID:
    """Make a subscription; ``auth`` is the whole Authorization header. Returns its uuid.

    Raises ``UnknownKanaal`` and ``InconsistentFilters``.
    """
    forget("abonnementen")
    known = kanalen()
    for naam, filters in kanalen_met_filters:
        if naam not in known:
            raise UnknownKanaal
        if not {name.replace("_", "").lower() for name in filters} <= {
            name.replace("_", "").lower() for name in known[naam]
        }:
            raise InconsistentFilters
    uuid = uuids.uuid4()
    made = Abonnement.objects.create(
        uuid=uuid, callback_url=callback_url, auth=encrypt(auth, about=f"abonnement:{uuid}")
    )
    AbonnementKanaal.objects.bulk_create(
        AbonnementKanaal(abonnement=made, naam=naam, filters=dict(filters)) for naam, filters in kanalen_met_filters
    )
    return uuid


@transaction.atomic
def delete_abonnement(uuid: UUID) -> bool:
    """End a subscription; what still waits for it is dropped. Returns whether there was one."""
    forget("abonnementen")
    return Abonnement.objects.filter(uuid=uuid).delete()[0] > 0


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up."""

    delivery_id: int
    message: UUID
    kanaal: str
    resource_url: str
    actie: str
    abonnement: UUID
    attempts: int
    given_up_at: datetime | None
    last_error: str


def dead_letters(*, limit: int = 200) -> list[DeadLetter]:
    """Return what was given up, latest first. One statement."""
    rows = Delivery.objects.filter(state=Delivery.State.DEAD).select_related("notificatie", "abonnement")
    return [
        DeadLetter(
            row.pk, row.notificatie.uuid, row.notificatie.kanaal, row.notificatie.resource_url, row.notificatie.actie,
            row.abonnement.uuid, row.attempts, row.finished_at, row.last_error,
        )
        for row in rows.order_by("-finished_at", "-id")[:limit]
    ]  # fmt: skip


@transaction.atomic
def send_again(delivery_id: int) -> None:
    """Put a message that was given up back in the queue. Raises ``DeliveryNotFound``."""
    row = Delivery.objects.select_for_update().filter(pk=delivery_id, state=Delivery.State.DEAD).first()
    if row is None:
        raise DeliveryNotFound
    row.state, row.attempts, row.first_tried_at, row.finished_at, row.next_at = (
        Delivery.State.WAITING,
        0,
        None,
        None,
        now(),
    )
    row.save()
    _queue(row.stream)


@transaction.atomic
def clean_up() -> int:
    """Remove messages that everybody has had for ``KEPT``; what waits or was given up stays. Returns how many."""
    old = Notificatie.objects.filter(aanmaakdatum__lt=now() - KEPT).exclude(
        deliveries__state__in=[Delivery.State.WAITING, Delivery.State.DEAD]
    )
    return old.delete()[1].get("notificaties.Notificatie", 0)


@transaction.atomic
def destroy_about(uuid: UUID, by: Actor) -> dict[str, int]:
    """Destroy the messages about an object, except what still has to reach somebody: that it is gone.

    Those go with ``clean_up`` once everybody has had them. Returns how many.
    """
    about = Notificatie.objects.filter(hoofd_object__endswith=f"/{uuid}")
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, notificatie__actie="destroy").values("notificatie")
    return {"notificaties": about.exclude(pk__in=waiting).delete()[1].get("notificaties.Notificatie", 0)}
