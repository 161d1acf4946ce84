"""Telling, subscribing, delivering, giving up and sending again."""

from __future__ import annotations

import hashlib
import json
import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from stadhuis.kit import jobs, outside
from stadhuis.kit.crypto import decrypt, encrypt
from stadhuis.kit.database import Statement
from stadhuis.kit.memory import forget, remembered
from stadhuis.kit.time import now
from stadhuis.kit.together import hand
from stadhuis.notificaties.errors import (
    AbonnementNotFound,
    DeliveryNotFound,
    InconsistentFilters,
    KanaalTaken,
    NoCallbackUrl,
    UnknownKanaal,
)
from stadhuis.notificaties.models import Abonnement, AbonnementKanaal, Delivery, Kanaal, Notificatie
from stadhuis.notificaties.rules import FAILURES_BEFORE_PAUSE, PAUSE, are_known, delay_after, fits, is_given_up
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


def registered_kanalen() -> dict[str, tuple[str, ...]]:
    """Return the channels of our own registers with their kenmerken."""
    return dict(_KANALEN)


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
    aanmaakdatum: datetime | None = None,
) -> UUID:
    """Write a message and queue its deliveries, in the transaction of the change. Returns the id of the message.

    ``aanmaakdatum`` is that of a message of another producer, which is routed as it came.

    The message says what changed and where, never what it says. Source: ZGW BEHAVIOUR 13.1.
    """
    if _is_silent.get():
        return uuids.uuid4()
    message = _Message(
        uuid=uuids.uuid4(),
        kanaal=kanaal,
        hoofd_object=hoofd_object,
        resource=resource,
        resource_url=resource_url,
        actie=actie,
        aanmaakdatum=aanmaakdatum or now(),
        kenmerken=dict(kenmerken),
    )
    hand(_write, message)
    return message.uuid


@dataclass(frozen=True)
class _Message:
    """A row of the outbox that is still to be written."""

    uuid: UUID
    kanaal: str
    hoofd_object: str
    resource: str
    resource_url: str
    actie: str
    aanmaakdatum: datetime
    kenmerken: dict[str, str]


_WRITE: Final = Statement.compile("""
    WITH message AS (
        INSERT INTO notificaties_notificatie
               (uuid, kanaal, hoofd_object, resource, resource_url, actie, aanmaakdatum, kenmerken)
        SELECT uuid, kanaal, hoofd_object, resource, resource_url, actie, aanmaakdatum, kenmerken
          FROM ROWS FROM (jsonb_to_recordset(:{messages}::jsonb) AS (uuid uuid, kanaal text, hoofd_object text, resource text,
                          resource_url text, actie text, aanmaakdatum timestamptz, kenmerken jsonb)) WITH ORDINALITY
         ORDER BY ordinality RETURNING id, uuid)
    INSERT INTO notificaties_delivery (notificatie_id, abonnement_id, stream, state, attempts, next_at, last_error)
    SELECT message.id, to_send.abonnement_id, to_send.stream, 'waiting', 0, :{now}::timestamptz, ''
      FROM ROWS FROM (jsonb_to_recordset(:{deliveries}::jsonb) AS (uuid uuid, abonnement_id bigint, stream text))
           WITH ORDINALITY AS to_send (uuid, abonnement_id, stream, place)
      JOIN message USING (uuid) ORDER BY to_send.place
""")
"""Any number of messages with their deliveries, in one statement that is planned once."""


def _write(messages: list[_Message]) -> None:
    """Write messages with their deliveries, and queue these."""
    deliveries = [
        {"uuid": message.uuid, "abonnement_id": abonnement_id, "stream": _stream(abonnement_id, message.hoofd_object)}
        for message in messages
        for abonnement_id in _subscribed(message)
    ]
    _WRITE.run({
        "messages": json.dumps([vars(message) for message in messages], default=str, ensure_ascii=False),
        "deliveries": json.dumps(deliveries, default=str), "now": now(),
    })  # fmt: skip
    for stream in dict.fromkeys(str(delivery["stream"]) for delivery in deliveries):
        _queue(stream)


_SUBSCRIBED: Final = Statement.compile("""
    SELECT json_agg(json_build_array(k.abonnement_id, k.filters) ORDER BY k.id)::text
      FROM notificaties_abonnementkanaal k WHERE k.naam = :{kanaal}
""")


def _subscribed(message: _Message) -> list[int]:
    kanaal = message.kanaal
    entries = remembered("abonnementen", kanaal, lambda: _entries(kanaal))
    return sorted({abonnement_id for abonnement_id, filters in entries if fits(filters, message.kenmerken)})


def _entries(kanaal: str) -> list[tuple[int, dict[str, str]]]:
    """Return the subscriptions to a channel, with their filters."""
    row = _SUBSCRIBED.first_row({"kanaal": kanaal})
    return [tuple(entry) for entry in json.loads(row[0])] if row and row[0] else []


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
    """Send one message and write down how it went; returns whether the next one may go.

    A subscriber that cannot be reached would take the time-out of each of its streams, and with a few of them every worker:
    so it is left alone for a while, which all workers read here. Waiting for that is no attempt.
    """
    abonnement = delivery.abonnement
    if abonnement.paused_until is not None and abonnement.paused_until > now():
        with transaction.atomic():
            waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
            if waiting.update(next_at=abonnement.paused_until):
                _queue(delivery.stream, abonnement.paused_until)
        return False
    sent = outside.post_json(
        abonnement.callback_url,
        delivery.notificatie.body(),
        headers={
            "Authorization": decrypt(bytes(abonnement.auth), about=f"abonnement:{abonnement.uuid}"),
            # Stable over attempts: a receiver that got it twice can see that it did.
            "X-Notificatie-ID": str(delivery.notificatie.uuid),
        },
    )
    problem, moment = sent.problem, now()
    with transaction.atomic():
        _remember_reached(abonnement.pk, was_reached=sent.was_reached, moment=moment)
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


def _remember_reached(abonnement_id: int, *, was_reached: bool, moment: datetime) -> None:
    rows = Abonnement.objects.filter(pk=abonnement_id)
    if was_reached:
        rows.filter(failures__gt=0).update(failures=0, paused_until=None)
        return
    rows.update(failures=F("failures") + 1)
    rows.filter(failures__gte=FAILURES_BEFORE_PAUSE).update(paused_until=moment + PAUSE)


@transaction.atomic
def create_abonnement(
    callback_url: str, auth: str, kanalen_met_filters: Sequence[tuple[str, Mapping[str, str]]]
) -> UUID:
    """Make a subscription; ``auth`` is the whole Authorization header. Returns its uuid.

    Raises ``UnknownKanaal``, ``InconsistentFilters`` and, for what can be no address at all, ``NoCallbackUrl``. Where the
    name leads is looked at when something is sent, each time anew.
    """
    try:
        outside.check_form(callback_url)
    except outside.Forbidden:
        raise NoCallbackUrl from None
    forget("abonnementen")
    known = kanalen()
    for naam, filters in kanalen_met_filters:
        if naam not in known:
            raise UnknownKanaal
        if not are_known(filters, known[naam]):
            raise InconsistentFilters
    uuid = uuids.uuid4()
    made = Abonnement.objects.create(
        uuid=uuid, callback_url=callback_url, auth=encrypt(auth, about=f"abonnement:{uuid}")
    )
    AbonnementKanaal.objects.bulk_create(
        AbonnementKanaal(abonnement=made, naam=naam, filters=dict(filters)) for naam, filters in kanalen_met_filters
    )
    return uuid


def auth_of(uuid: UUID) -> str:
    """Return the Authorization header of a subscription, for a call to its own address. Raises ``AbonnementNotFound``."""
    row = Abonnement.objects.filter(uuid=uuid).first()
    if row is None:
        raise AbonnementNotFound
    return decrypt(bytes(row.auth), about=f"abonnement:{uuid}")


@transaction.atomic
def change_abonnement(
    uuid: UUID,
    *,
    callback_url: str | None = None,
    auth: str | None = None,
    kanalen_met_filters: Sequence[tuple[str, Mapping[str, str]]] | None = None,
) -> None:
    """Change what is given of a subscription. Raises ``AbonnementNotFound`` and as ``create_abonnement``.

    What was waiting goes to the new address; what is told from now on follows the new filters.
    """
    if callback_url is not None:
        try:
            outside.check_form(callback_url)
        except outside.Forbidden:
            raise NoCallbackUrl from None
    forget("abonnementen")
    row = Abonnement.objects.select_for_update().filter(uuid=uuid).first()
    if row is None:
        raise AbonnementNotFound
    if callback_url is not None:
        row.callback_url = callback_url
    if auth is not None:
        row.auth = encrypt(auth, about=f"abonnement:{uuid}")
    row.save()
    if kanalen_met_filters is not None:
        known = kanalen()
        for naam, filters in kanalen_met_filters:
            if naam not in known:
                raise UnknownKanaal
            if not are_known(filters, known[naam]):
                raise InconsistentFilters
        AbonnementKanaal.objects.filter(abonnement=row).delete()
        AbonnementKanaal.objects.bulk_create(
            AbonnementKanaal(abonnement=row, naam=naam, filters=dict(filters)) for naam, filters in kanalen_met_filters
        )


@transaction.atomic
def create_kanaal(naam: str, *, documentatie_link: str = "", filters: Sequence[str] = ()) -> UUID:
    """Make a channel for another producer; returns its uuid. Raises ``KanaalTaken``, also for a name of our registers."""
    if naam in _KANALEN:
        raise KanaalTaken
    try:
        with transaction.atomic():
            return Kanaal.objects.create(
                naam=naam, documentatie_link=documentatie_link, filters=list(dict.fromkeys(filters))
            ).uuid
    except IntegrityError:
        raise KanaalTaken from None


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
    callback_url: str


def dead_letters(*, limit: int = 200) -> list[DeadLetter]:
    """Return what was given up, latest first. One statement."""
    rows = Delivery.objects.filter(state=Delivery.State.DEAD).select_related("notificatie", "abonnement")
    return [
        DeadLetter(
            row.pk, row.notificatie.uuid, row.notificatie.kanaal, row.notificatie.resource_url, row.notificatie.actie,
            row.abonnement.uuid, row.attempts, row.finished_at, row.last_error,
            row.abonnement.callback_url,
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
def send_all_again(abonnement: UUID | None = None) -> int:
    """Put everything that was given up, or all of one subscription, back in the queue; returns how many messages."""
    dead = Delivery.objects.filter(state=Delivery.State.DEAD)
    if abonnement is not None:
        dead = dead.filter(abonnement__uuid=abonnement)
    ids = list(dead.order_by("id").values_list("pk", flat=True))
    for delivery_id in ids:
        send_again(delivery_id)
    return len(ids)


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
