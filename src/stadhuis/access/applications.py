"""The applications that talk to the APIs, for who administers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from stadhuis.access.calls import CallRecord, record_of
from stadhuis.access.errors import NotFound
from stadhuis.access.models import Applicatie, Client, ClientSecret, LastCall
from stadhuis.access.reads import ApplicatieRecord, SecretRecord, applicatie_by_id
from stadhuis.access.tokens import trial_token
from stadhuis.kit.crypto import decrypt
from stadhuis.kit.time import now

PAGE = 50
STILL_USED = timedelta(hours=24)


@dataclass(frozen=True)
class ApplicationLine:
    """An application in a list."""

    uuid: UUID
    label: str
    client_ids: tuple[str, ...]
    heeft_alle_autorisaties: bool
    secrets: int
    last_used_at: datetime | None
    last_status: int | None
    """Of the last answer that was noted; None when it never called since notes are kept."""


@dataclass(frozen=True)
class ApplicationPage:
    """A page of the list."""

    lines: list[ApplicationLine]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class ClientOfApplication:
    """A client id with its secrets and how its last calls went."""

    client_id: str
    secrets: tuple[SecretRecord, ...]
    call: CallRecord | None

    @property
    def free_slot(self) -> int | None:
        """Which of the two places for a secret is empty."""
        taken = {one.slot for one in self.secrets}
        return next((slot for slot in (1, 2) if slot not in taken), None)


def applications(*, words: str = "", page: int = 1) -> ApplicationPage:
    """Return a page of the applications by name, of those with ``words`` in their name or client id. One statement."""
    sought = words.strip().lower()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH found AS (SELECT a.id, a.uuid, a.label, a.heeft_alle_autorisaties FROM access_applicatie a"
            "   WHERE %(words)s = '' OR strpos(lower(a.label), %(words)s) > 0 OR EXISTS (SELECT 1 FROM access_client c"
            "         WHERE c.applicatie_id = a.id AND strpos(lower(c.client_id), %(words)s) > 0)),"
            " size AS (SELECT count(*) AS total FROM found),"
            " shown AS (SELECT * FROM found ORDER BY lower(label), id LIMIT %(page_size)s OFFSET %(skip)s)"
            " SELECT size.total, s.uuid, s.label, s.heeft_alle_autorisaties,"
            "   ARRAY(SELECT c.client_id FROM access_client c WHERE c.applicatie_id = s.id ORDER BY c.id),"
            "   (SELECT count(*) FROM access_clientsecret k JOIN access_client c ON c.id = k.client_id"
            "     WHERE c.applicatie_id = s.id),"
            "   (SELECT max(k.last_used_at) FROM access_clientsecret k JOIN access_client c ON c.id = k.client_id"
            "     WHERE c.applicatie_id = s.id),"
            "   (SELECT CASE WHEN l.failed_at > COALESCE(l.answered_at, '-infinity') THEN l.failed_status ELSE l.status END"
            "      FROM access_lastcall l JOIN access_client c ON c.client_id = l.client_id WHERE c.applicatie_id = s.id"
            "       AND GREATEST(l.answered_at, l.failed_at) IS NOT NULL"
            "     ORDER BY GREATEST(l.answered_at, l.failed_at) DESC LIMIT 1)"
            " FROM size LEFT JOIN shown s ON TRUE ORDER BY lower(s.label), s.id",
            {"words": sought, "page_size": PAGE, "skip": (max(1, page) - 1) * PAGE},
        )
        rows = cursor.fetchall()
    total = int(rows[0][0])
    lines = [ApplicationLine(row[1], row[2], tuple(row[4]), *row[3:4], *row[5:8]) for row in rows if row[1] is not None]
    return ApplicationPage(lines, max(1, page), max(1, -(-total // PAGE)), total)


def applicatie_by_uuid(uuid: UUID) -> ApplicatieRecord:
    """Return an application with all it may do. Raises ``NotFound``."""
    row = Applicatie.objects.filter(uuid=uuid).first()
    found = applicatie_by_id(row.pk) if row is not None else None
    if found is None:
        raise NotFound(f"no applicatie {uuid}")
    return found


def clients_of(applicatie_id: int) -> list[ClientOfApplication]:
    """Return the client ids of an application, oldest first. Three statements."""
    names = list(Client.objects.filter(applicatie_id=applicatie_id).order_by("pk").values_list("client_id", flat=True))
    calls = {row.client_id: record_of(row) for row in LastCall.objects.filter(client_id__in=names)}
    secrets: dict[str, list[SecretRecord]] = {}
    rows = ClientSecret.objects.select_related("client").filter(client__applicatie_id=applicatie_id)
    for row in rows.order_by("slot"):
        name = row.client.client_id
        secrets.setdefault(name, []).append(SecretRecord(row.pk, name, row.slot, row.created_at, row.last_used_at))
    return [ClientOfApplication(name, tuple(secrets.get(name, ())), calls.get(name)) for name in names]


def token_to_try(client_id: str) -> str | None:
    """Return a token to try a connection with, signed with the newest secret of a client id; None when it has none."""
    row = ClientSecret.objects.filter(client__client_id=client_id).order_by("-created_at").first()
    return None if row is None else trial_token(client_id, decrypt(bytes(row.cipher), about=f"client:{client_id}"))


def why_keep(secret: SecretRecord, all_of_client: Sequence[SecretRecord]) -> str:
    """Return why a secret should not be withdrawn yet, or "" when nothing is in the way.

    ``last``: it is the only one. ``recent``: it was used within a day. ``unproved``: the other one was never used.
    """
    others = [other for other in all_of_client if other.slot != secret.slot]
    if not others:
        return "last"
    if secret.last_used_at and secret.last_used_at > now() - STILL_USED:
        return "recent"
    return "unproved" if all(other.last_used_at is None for other in others) else ""
