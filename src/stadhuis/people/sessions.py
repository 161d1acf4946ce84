"""The log-in session: starting, reading, stretching and ending it. The browser's session holds only its id.

Source: DigiD norm (15 minutes idle, absolute end); OWASP session management (new key at log-in, emptied at log-out).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from stadhuis.kit import database
from stadhuis.kit.crypto import decrypt, encrypt
from stadhuis.kit.sessions import is_workplace
from stadhuis.kit.time import now, today
from stadhuis.people.actor import Actor, Kind
from stadhuis.people.models import LoginSession
from stadhuis.people.rules import has_expired

LOGIN_KEY = "login"
MEANS_NAMES = {"digid": "DigiD", "eherkenning": "eHerkenning", "eidas": "eIDAS"}
TELL_SECONDS = 3600
BACKGROUND_HEADER = "X-Stadhuis-Background"
"""A request that the page makes by itself (a poll) carries this header: it does not count as activity."""

_READ = """
    SELECT s.kind, s.level, s.means, s.last_seen_at, s.ends_at, s.ended_at, s.end_reason, s.mandate,
           p.id, p.uuid, c.id, c.uuid, c.naam, r.uuid, m.id, m.username, m.naam, m.leaving_date,
           rp.id, rp.uuid, rc.id, rc.uuid, rc.naam, s.names
      FROM people_loginsession s
      LEFT JOIN people_person p ON p.id = s.person_id
      LEFT JOIN people_company c ON c.id = s.company_id
      LEFT JOIN people_representative r ON r.id = s.representative_id
      LEFT JOIN people_medewerker m ON m.id = s.medewerker_id
      LEFT JOIN people_person rp ON rp.id = s.represented_person_id
      LEFT JOIN people_company rc ON rc.id = s.represented_company_id
     WHERE s.id = %s
"""


def idle_seconds(kind: str) -> int:
    """Return after how many seconds without a request someone of this kind is logged out."""
    return int(settings.STAFF_IDLE_SECONDS if kind == "staff" else settings.SESSION_IDLE_SECONDS)


def read_login(request: HttpRequest) -> None:
    """Set ``request.actor`` and ``request.login_ended``; one statement when there is a session, none otherwise."""
    request.actor = None  # type: ignore[attr-defined]
    request.login_ended = ""  # type: ignore[attr-defined]
    session_id = request.session.get(LOGIN_KEY)
    if session_id is None:
        return
    row = next(iter(database.rows(_READ, [session_id])), None)
    if row is None:
        request.session.flush()
        request.login_ended = "unknown"  # type: ignore[attr-defined]
        return
    kind, _, _, last_seen_at, ends_at, ended_at, end_reason = row[:7]
    if (kind == "staff") is not is_workplace(request.path_info):
        return
    moment = now()
    over = end_reason if ended_at else has_expired(
        moment, last_seen_at=last_seen_at, ends_at=ends_at, idle_seconds=idle_seconds(kind)
    )  # fmt: skip
    leaving_date = row[17]
    if not over and leaving_date is not None and leaving_date <= today():
        over = "left"
    if over:
        end(UUID(str(session_id)), reason=over)
        request.session.flush()
        request.login_ended = over  # type: ignore[attr-defined]
        if over == "idle" and not ended_at:
            # For a form that was sent just too late (``guards.resident_required``); it opens nothing.
            request.late_actor = _actor(str(session_id), row)  # type: ignore[attr-defined]
        return
    # Not every request is worth a write; a twentieth of the idle time is close enough.
    is_worth_it = moment - last_seen_at > timedelta(seconds=idle_seconds(kind) / 20)
    if is_worth_it and not request.headers.get(BACKGROUND_HEADER):
        touch(UUID(str(session_id)), kind=kind)
        last_seen_at = moment
    request.login_seconds = _left(moment, kind, last_seen_at, ends_at)  # type: ignore[attr-defined]
    request.actor = _actor(str(session_id), row)  # type: ignore[attr-defined]


def _left(moment: datetime, kind: str, last_seen_at: datetime, ends_at: datetime) -> int:
    idle_end = last_seen_at + timedelta(seconds=idle_seconds(kind))
    return max(0, int((min(idle_end, ends_at) - moment).total_seconds()))


def _actor(session_id: str, row: tuple[Any, ...]) -> Actor:
    (kind, level, means, _, _, _, _, mandate, person_id, person_uuid, company_id, company_uuid, company_naam,
     representative, staff_id, username, staff_naam, _, for_person, for_person_uuid, for_company, for_company_uuid,
     for_company_naam, sealed) = row  # fmt: skip
    names = _open_names(session_id, sealed)
    acting_for = None
    if for_person is not None:
        acting_for = Actor("resident", for_person, f"person:{for_person_uuid}", names.get("acting_for", ""))
    elif for_company is not None:
        for_naam = for_company_naam or names.get("acting_for", "")
        acting_for = Actor("company", for_company, f"company:{for_company_uuid}", for_naam)
    stated = {name: value for name, value in names.items() if name != "acting_for"}
    own_name = " ".join(stated[name] for name in ("given_name", "family_name") if name in stated)
    who: dict[str, tuple[Kind, int, str, str]] = {
        # Who a resident is by name only the BRP knows; the header says how they logged in.
        "resident": ("resident", person_id, f"person:{person_uuid}", own_name or MEANS_NAMES.get(means, means)),
        "company": ("company", company_id, f"company:{company_uuid}", company_naam or MEANS_NAMES.get(means, means)),
        "staff": ("staff", staff_id, f"staff:{username}", staff_naam or ""),
    }
    actor_kind, pk, key, label = who[kind]
    return Actor(
        kind=actor_kind,
        pk=pk,
        key=key,
        label=label,
        level=level,
        session=session_id,
        means=means,
        representative=str(representative or ""),
        acting_for=acting_for,
        mandate=tuple(sorted((str(name), str(value)) for name, value in _as_dict(mandate).items())),
        stated=tuple(sorted(stated.items())),
    )


def seal_names(login: LoginSession, names: dict[str, str]) -> bytes:
    """Return names, encrypted and bound to this log-in."""
    return encrypt(json.dumps(names), about=f"login:{login.pk}")


def _open_names(session_id: str, sealed: bytes | memoryview | None) -> dict[str, str]:
    if sealed is None:
        return {}
    names: dict[str, str] = json.loads(decrypt(bytes(sealed), about=f"login:{session_id}"))
    return names


def _as_dict(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = json.loads(value)
    return value if isinstance(value, dict) else {}


def start(request: HttpRequest, login: LoginSession) -> None:
    """Log someone in: the session gets a new key; whatever another person left in it is thrown away first."""
    before = request.session.get(LOGIN_KEY)
    if before is not None:
        earlier = LoginSession.objects.filter(pk=before).first()
        end(UUID(str(before)), reason="replaced")
        if earlier is None or _subject(earlier) != _subject(login):
            request.session.flush()
    request.session.cycle_key()
    login.started_at = login.last_seen_at = now()
    end_of_session = login.started_at + timedelta(seconds=int(settings.SESSION_MAX_SECONDS))
    # A basis to act for someone else may be over sooner.
    login.ends_at = min(login.ends_at or end_of_session, end_of_session)
    login.save(force_insert=True)
    request.session[LOGIN_KEY] = str(login.pk)
    # The browser's session outlives the log-in a little, so that one can be told that it is over.
    request.session.set_expiry(int(settings.SESSION_MAX_SECONDS) + TELL_SECONDS)


def _subject(login: LoginSession) -> tuple[object, ...]:
    return (
        login.kind, login.person_id, login.company_id, login.representative_id, login.medewerker_id,
        login.represented_person_id, login.represented_company_id, login.mandate.get("branch", ""),
    )  # fmt: skip


def touch(session_id: UUID, *, kind: str) -> int:
    """Count this moment as activity; returns the seconds that are left, never past the absolute end."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_loginsession SET last_seen_at = %s WHERE id = %s AND ended_at IS NULL RETURNING ends_at",
            [moment, session_id],
        )
        row: tuple[Any, ...] | None = cursor.fetchone()
    return _left(moment, kind, moment, row[0]) if row else 0


def end(session_id: UUID, *, reason: str) -> None:
    """End a session. A session that is over already keeps its first reason."""
    LoginSession.objects.filter(pk=session_id, ended_at__isnull=True).update(ended_at=now(), end_reason=reason)
