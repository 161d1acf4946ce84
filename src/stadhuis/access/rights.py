"""Giving rights with four eyes, correcting them, and what keeps a case shut or opens it for a while. One deed, one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from stadhuis.access.actions import (
    BY_GROUP,
    _close,
    give_role,
    grant_in_words,
    membership_in_words,
    tell_of_membership,
    tell_of_role,
)
from stadhuis.access.errors import (
    MembershipConflict,
    NotFound,
    OwnRequest,
    RequestDecided,
    RightIncomplete,
    TakesSecondPerson,
)
from stadhuis.access.facts import RIGHTS_CHANGED, SECRECY_CHANGED, RightsChanged, SecrecyChanged
from stadhuis.access.models import Bar, BreakGlass, Conflict, Grant, Kin, Membership, Request, Role
from stadhuis.access.rules import ACTIONS, ADMINISTRATION, EVERY_TYPE, HIGHEST, days_without, is_privileged
from stadhuis.kit import database
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor

LONGEST_GLASS = timedelta(hours=4)
"""So long break-glass opens a case; the database refuses more than eight hours."""
LONGEST_REASON = 500


def _reason(text: str) -> str:
    said = text.replace("\x00", "").strip()
    if not said:
        raise RightIncomplete("reason")
    return said[:LONGEST_REASON]


_DECIDED: dict[str, str] = {
    Request.State.APPROVED: "verzoek goedgekeurd",
    Request.State.REFUSED: "verzoek afgewezen",
    Request.State.WITHDRAWN: "verzoek ingetrokken",
}


def _pk(by: Actor) -> int:
    """Return the id of a member of staff. Raises ``NotFound`` for anybody else: these are deeds of people."""
    if by.kind != "staff" or by.pk is None:
        raise NotFound(by.key)
    return by.pk


def _check_days(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise RightIncomplete("valid_to")


def takes_two(role: Role, *, medewerker_id: int | None = None, by: Actor) -> bool:
    """Return whether giving this role takes a second administrator: it is privileged, or one gives it to oneself."""
    return role.is_privileged or (medewerker_id is not None and medewerker_id == by.pk)


@transaction.atomic
def ask_role(
    medewerker_id: int, role_code: str, unit_id: int, valid_from: date, valid_to: date | None, *, reason: str, by: Actor
) -> UUID | None:
    """Give a role, or ask a second administrator to. Returns the request, or None when it was given at once.

    Raises ``NotFound``, ``RightIncomplete``, ``MembershipConflict``.
    """
    role = Role.objects.filter(code=role_code, ended_at__isnull=True).first()
    if role is None or medewerker_id not in {one.id for one in people.medewerkers()}:
        raise NotFound(role_code)
    if unit_id not in {unit.id for unit in people.units()}:
        raise NotFound("unit")
    said = _reason(reason)
    _check_days(valid_from, valid_to)
    if not takes_two(role, medewerker_id=medewerker_id, by=by):
        give_role(medewerker_id, role_code, unit_id, valid_from, valid_to, by=by, reason=said)
        return None
    row = Request.objects.create(
        role=role, medewerker_id=medewerker_id, unit_id=unit_id, valid_from=valid_from, valid_to=valid_to, reason=said,
        requested_by_id=_pk(by), requested_at=now(),
    )  # fmt: skip
    _tell_of_request("rol gevraagd", row, by, after=_request_in_words(row))
    return row.uuid


BY_A_GROUP = "Groep bij eenmalig inloggen"


def ask_for_group(medewerker_id: int, role: Role, unit_id: int) -> None:
    """Ask an administrator for a privileged role that a group gives. Asked once: while it waits, or when it was refused,
    not again; who wants it then after all gives it by hand. Call it inside a transaction. Source: BIO2 8.02.
    """
    asked = Request.objects.filter(role=role, medewerker_id=medewerker_id, unit_id=unit_id, requested_by__isnull=True)
    if asked.filter(state__in=[Request.State.AWAITING, Request.State.REFUSED]).exists():
        return
    row = Request.objects.create(
        role=role, medewerker_id=medewerker_id, unit_id=unit_id, valid_from=today(), reason=BY_A_GROUP,
        requested_at=now(),
    )  # fmt: skip
    _tell_of_request("rol gevraagd", row, BY_GROUP, after=_request_in_words(row))


def forget_requests_of_groups(medewerker_id: int, wanted: Iterable[tuple[str, int]]) -> None:
    """Take away what groups asked and no longer give; the trail keeps that it was asked."""
    still = set(wanted)
    rows = Request.objects.select_for_update(of=("self",)).select_related("role", "medewerker", "unit")
    for row in rows.filter(medewerker_id=medewerker_id, requested_by__isnull=True, state=Request.State.AWAITING):
        if row.unit_id is None or (row.role.code, row.unit_id) not in still:
            _tell_of_request("verzoek vervallen", row, BY_GROUP, before=_request_in_words(row))
            row.delete()


def _request_in_words(row: Request) -> dict[str, Any]:
    what: dict[str, Any] = {"rol": row.role.code, "van": row.valid_from, "tot": row.valid_to, "stand": row.state}
    if row.medewerker is not None and row.unit is not None:
        return what | {"medewerker": row.medewerker.username, "eenheid": row.unit.code}
    return what | grant_in_words(row.action, row.type_ref, row.max_level or 1, row.unit_id)


def _tell_of_request(
    deed: str, row: Request, by: Actor, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:
    whose, kind, number = None, "toegang", row.role.code
    if row.medewerker is not None:
        whose, kind, number = row.medewerker.uuid, "medewerker", row.medewerker.username
    RIGHTS_CHANGED.announce(
        RightsChanged(deed, by, whose, kind, "verzoek", row.uuid, number, before, after, row.reason)
    )


@transaction.atomic
def ask_grant(
    role_code: str, action: str, type_ref: str, max_level: int, *, unit_id: int | None = None, reason: str, by: Actor
) -> UUID | None:
    """Add a grant to a role from today, or ask a second administrator to: for a privileged role or right, and for a role
    one has oneself. With ``unit_id`` it holds only for what that unit, or one below it, owns. Returns the request, or None
    when it was added. Raises ``NotFound``, ``RightIncomplete``, ``MembershipConflict`` (the role has it already).
    """
    role = Role.objects.filter(code=role_code, ended_at__isnull=True).first()
    if role is None:
        raise NotFound(role_code)
    if action not in ACTIONS:
        raise RightIncomplete("action")
    if not 1 <= max_level <= HIGHEST:
        raise RightIncomplete("max_level")
    ref = type_ref.strip() or EVERY_TYPE
    if len(ref) > 120 or "\x00" in ref:
        raise RightIncomplete("type_ref")
    if unit_id is not None and (action in ADMINISTRATION or unit_id not in {unit.id for unit in people.units()}):
        raise RightIncomplete("unit")
    said = _reason(reason)
    held = Grant.objects.filter(role=role, action=action, type_ref=ref, max_level=max_level, recorded_to__isnull=True,
                                valid_to__isnull=True)  # fmt: skip
    if unit_id in held.values_list("unit_id", flat=True):
        raise MembershipConflict(action)
    has_it = Membership.objects.filter(medewerker_id=_pk(by), role=role, recorded_to__isnull=True).exists()
    if not (role.is_privileged or is_privileged(action, max_level) or has_it):
        _add_grant(role, action, ref, max_level, unit_id, by=by.key)
        after = {"rol": role.code, **grant_in_words(action, ref, max_level, unit_id), "van": today()}
        tell_of_role("recht toegevoegd", role, by, after=after, reason=said)
        return None
    row = Request.objects.create(
        role=role, action=action, type_ref=ref, max_level=max_level, unit_id=unit_id, valid_from=today(), reason=said,
        requested_by_id=_pk(by), requested_at=now(),
    )  # fmt: skip
    _tell_of_request("recht gevraagd", row, by, after=_request_in_words(row))
    return row.uuid


def _add_grant(role: Role, action: str, type_ref: str, max_level: int, unit_id: int | None, *, by: str) -> None:
    Grant.objects.create(
        role=role, action=action, type_ref=type_ref, max_level=max_level, unit_id=unit_id, valid_from=today(),
        recorded_from=now(), recorded_by=by,
    )  # fmt: skip
    if is_privileged(action, max_level) and not role.is_privileged:
        Role.objects.filter(pk=role.pk).update(is_privileged=True)


@transaction.atomic
def decide_request(uuid: UUID, *, approve: bool, by: Actor) -> Request:
    """Approve or refuse what another administrator asked. Raises ``OwnRequest``, ``RequestDecided``, ``NotFound``.

    Nobody approves their own request, or a right for themselves; the database holds it too. Whoever asked may take it
    back by refusing it.
    """
    row = (
        Request.objects.select_for_update(of=("self",))
        .select_related("role", "requested_by", "medewerker", "unit")
        .filter(uuid=uuid)
        .first()
    )
    if row is None:
        raise NotFound(str(uuid))
    if row.state != Request.State.AWAITING:
        raise RequestDecided
    is_own = by.pk == row.requested_by_id
    if (is_own and approve) or by.pk == row.medewerker_id:
        raise OwnRequest
    moment, before = now(), _request_in_words(row)
    if approve:
        if row.medewerker_id is not None and row.unit_id is not None:
            _give_approved(row, row.medewerker_id, row.unit_id, moment, by)
        else:
            has_it = Membership.objects.filter(medewerker_id=_pk(by), role=row.role, recorded_to__isnull=True).exists()
            if has_it and not row.role.is_privileged:
                raise OwnRequest
            _add_grant(row.role, row.action, row.type_ref, row.max_level or 1, row.unit_id, by=_asked_by(row))
    row.state = Request.State.APPROVED if approve else (Request.State.WITHDRAWN if is_own else Request.State.REFUSED)
    row.decided_by_id, row.decided_at = by.pk, moment
    row.save()
    _tell_of_request(_DECIDED[row.state], row, by, before=before, after=_request_in_words(row))
    return row


def _asked_by(row: Request) -> str:
    return f"staff:{row.requested_by.username}" if row.requested_by is not None else BY_GROUP.key


def _give_approved(row: Request, medewerker_id: int, unit_id: int, moment: datetime, by: Actor) -> None:
    asked_by = _asked_by(row)
    try:
        with transaction.atomic():
            Membership.objects.create(
                medewerker_id=medewerker_id, role=row.role, unit_id=unit_id, valid_from=row.valid_from,
                valid_to=row.valid_to, recorded_from=moment, recorded_by=asked_by, given_by=asked_by, approved_by=by.key,
            )  # fmt: skip
    except IntegrityError as error:
        if "membership_no_overlap" in str(error):
            raise MembershipConflict(row.role.code) from error
        raise


@transaction.atomic
def move_roles(unit_id: int, into_id: int, *, on: date) -> int:
    """Let everybody who has a role in a unit have it in another one from a day on; returns how many roles moved.

    What they had before that day stays known as it was, in both times. Who gave and approved it stays with it, so no second
    person is asked again. Where they have the role in the other unit already, only the days without it are added. What waits
    for a second administrator is asked for the other unit.
    """
    moment = now()
    rows = (
        Membership.objects.select_for_update(of=("self",)).select_related("medewerker", "role", "unit")
        .filter(unit_id=unit_id, recorded_to__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).order_by("pk")
    )  # fmt: skip
    moved = 0
    for row in list(rows):
        before = membership_in_words(row)
        there = Membership.objects.filter(
            medewerker_id=row.medewerker_id, role_id=row.role_id, unit_id=into_id, recorded_to__isnull=True
        ).values_list("valid_from", "valid_to")
        wanted = days_without(max(row.valid_from, on), row.valid_to, list(there))
        # What groups gave, groups take back: that is known by who recorded it.
        by = BY_GROUP if row.recorded_by == BY_GROUP.key else SYSTEM
        _close(row, on, moment, by)
        for valid_from, valid_to in wanted:
            row.pk, row._state.adding = None, True
            row.unit_id, row.valid_from, row.valid_to = into_id, valid_from, valid_to
            row.recorded_from, row.recorded_to, row.recorded_by = moment, None, by.key
            row.save(force_insert=True)
        row.refresh_from_db(fields=["unit"])
        tell_of_membership("rol verhuisd", row, by, before=before, after=membership_in_words(row))
        moved += 1
    Request.objects.filter(unit_id=unit_id, state=Request.State.AWAITING).update(unit_id=into_id)
    return moved


@transaction.atomic
def move_grants(unit_id: int, into_id: int, *, on: date) -> int:
    """Let every grant that is bound to a unit be bound to another one from a day on; returns how many moved.

    What a role gave before that day stays known as it was, in both times. Where it has the same grant for the other unit
    already, only the days without it are added.
    """
    moment = now()
    rows = (
        Grant.objects.select_for_update(of=("self",)).select_related("role")
        .filter(unit_id=unit_id, recorded_to__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).order_by("pk")
    )  # fmt: skip
    moved = 0
    for row in list(rows):
        before = _grant_of_role_in_words(row)
        there = Grant.objects.filter(
            role_id=row.role_id, action=row.action, type_ref=row.type_ref, max_level=row.max_level, unit_id=into_id,
            recorded_to__isnull=True,
        ).values_list("valid_from", "valid_to")  # fmt: skip
        wanted = days_without(max(row.valid_from, on), row.valid_to, list(there))
        _close(row, on, moment, SYSTEM)
        for valid_from, valid_to in wanted:
            row.pk, row._state.adding = None, True
            row.unit_id, row.valid_from, row.valid_to = into_id, valid_from, valid_to
            row.recorded_from, row.recorded_to, row.recorded_by = moment, None, SYSTEM.key
            row.save(force_insert=True)
        row.unit_id = into_id
        tell_of_role("recht verhuisd", row.role, SYSTEM, before=before, after=_grant_of_role_in_words(row))
        moved += 1
    return moved


def _grant_of_role_in_words(row: Grant) -> dict[str, Any]:
    return {"rol": row.role.code, **grant_in_words(row.action, row.type_ref, row.max_level, row.unit_id)}


@transaction.atomic
def correct_role(membership_id: int, valid_from: date, valid_to: date | None, *, by: Actor) -> None:
    """Say that a membership ran from and to other days than was recorded; what was known before stays known.

    A privileged role, or one's own, becomes only shorter this way: longer is giving it. Raises ``NotFound``,
    ``RightIncomplete``, ``TakesSecondPerson``, ``MembershipConflict``.
    """
    _check_days(valid_from, valid_to)
    row = (
        Membership.objects.select_for_update(of=("self",)).select_related("medewerker", "role", "unit")
        .filter(pk=membership_id, recorded_to__isnull=True).first()
    )  # fmt: skip
    if row is None:
        raise NotFound(str(membership_id))
    longer = valid_from < row.valid_from or (row.valid_to is not None and (valid_to is None or valid_to > row.valid_to))
    if longer and takes_two(row.role, medewerker_id=row.medewerker_id, by=by):
        raise TakesSecondPerson
    moment, before = now(), membership_in_words(row)
    Membership.objects.filter(pk=row.pk).update(recorded_to=moment)
    row.pk, row._state.adding = None, True
    row.valid_from, row.valid_to, row.recorded_from, row.recorded_to = valid_from, valid_to, moment, None
    row.recorded_by = by.key
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "membership_no_overlap" in str(error):
            raise MembershipConflict(row.role.code) from error
        raise
    tell_of_membership("rol gewijzigd", row, by, before=before, after=membership_in_words(row))


@transaction.atomic
def end_grant(grant_id: int, *, by: Actor) -> Grant:
    """Take a grant from a role from today. Raises ``NotFound``."""
    row = Grant.objects.select_for_update().filter(pk=grant_id, recorded_to__isnull=True, valid_to__isnull=True).first()
    if row is None:
        raise NotFound(str(grant_id))
    ended = Grant.objects.select_related("role").get(pk=row.pk)
    _close(row, today(), now(), by)
    before = _grant_of_role_in_words(ended)
    tell_of_role("recht beëindigd", ended.role, by, before=before, after={**before, "tot": today()})
    return ended


# -- Own and relatives' cases -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Relative:
    """Family of a member of staff, by person."""

    person_id: int
    relation: str


@transaction.atomic
def set_family(medewerker_id: int, relatives: Iterable[Relative], *, by: Actor = SYSTEM) -> int:
    """Keep whose cases stay shut to a member of staff; who is no longer family is closed, not erased. Returns how many.

    The trail keeps how many there were and are, never who.
    """
    wanted = {one.person_id: one.relation for one in relatives}
    moment = now()
    held = list(Kin.objects.select_for_update().filter(medewerker_id=medewerker_id, recorded_to__isnull=True))
    closed = 0
    for row in held:
        if wanted.get(row.person_id) == row.relation:
            del wanted[row.person_id]
        else:
            closed += Kin.objects.filter(pk=row.pk).update(recorded_to=moment)
    Kin.objects.bulk_create(
        Kin(medewerker_id=medewerker_id, person_id=person, relation=relation, recorded_from=moment)
        for person, relation in wanted.items()
    )
    count = Kin.objects.filter(medewerker_id=medewerker_id, recorded_to__isnull=True).count()
    # The job of every night leaves a line only where something changed; somebody who asks, always.
    if wanted or closed or by.kind != "system":
        who = people.account(medewerker_id=medewerker_id)
        RIGHTS_CHANGED.announce(
            RightsChanged(
                "familie opgehaald", by, who.uuid, "medewerker", resource_id=who.uuid, number=who.username,
                before={"aantal": len(held)}, after={"aantal": count, "nieuw": len(wanted), "vervallen": closed},
            )
        )  # fmt: skip
    return count


@transaction.atomic
def declare_conflict(zaak_uuid: UUID, *, reason: str, by: Actor) -> None:
    """Shut a case to oneself because it touches one. Raises ``RightIncomplete``. Twice is once. Source: Awb art. 2:4."""
    said = _reason(reason)
    _, is_new = Conflict.objects.get_or_create(
        medewerker_id=_pk(by), zaak_uuid=zaak_uuid, recorded_to=None,
        defaults={"reason": said, "recorded_from": now(), "recorded_by": by.key},
    )  # fmt: skip
    if is_new:
        # Why is between them and the administrators of access; whoever reads the trail of the zaak sees that it is so.
        _tell_of_case("belang gemeld", zaak_uuid, by, after={"medewerker": by.key})


@transaction.atomic
def end_conflict(conflict_id: int, *, by: Actor) -> UUID:
    """Open a case again to who declared an interest; never one's own declaration. Raises ``NotFound``, ``OwnRequest``."""
    rows = Conflict.objects.select_for_update(of=("self",)).select_related("medewerker")
    row = rows.filter(pk=conflict_id, recorded_to__isnull=True).first()
    if row is None:
        raise NotFound(str(conflict_id))
    if row.medewerker_id == by.pk:
        raise OwnRequest
    row.recorded_to = now()
    row.save(update_fields=["recorded_to"])
    _tell_of_case("belang beëindigd", row.zaak_uuid, by, before={"medewerker": f"staff:{row.medewerker.username}"})
    return row.zaak_uuid


def _tell_of_case(
    deed: str, zaak_uuid: UUID, by: Actor, *, resource_id: UUID | None = None, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    RIGHTS_CHANGED.announce(
        RightsChanged(
            deed, by, zaak_uuid, "zaak", resource_id=resource_id, before=before, after=after, reason=reason,
        )
    )  # fmt: skip


# -- Break-glass ------------------------------------------------------------------------------------------------------
@transaction.atomic
def break_glass(zaak_uuid: UUID, *, reason: str, by: Actor) -> UUID:
    """Open one case for oneself, to read, for four hours. Raises ``RightIncomplete``.

    Whether somebody may is for the caller to ask, with ``zaak.noodtoegang`` and the case. It never opens one's own case.
    """
    said = _reason(reason)
    moment = now()
    row = BreakGlass.objects.create(
        medewerker_id=_pk(by), zaak_uuid=zaak_uuid, reason=said, starts_at=moment, ends_at=moment + LONGEST_GLASS
    )
    after = {"van": moment, "tot": row.ends_at}
    _tell_of_case("noodtoegang gebruikt", zaak_uuid, by, resource_id=row.uuid, after=after, reason=said)
    return row.uuid


@transaction.atomic
def end_glass(uuid: UUID, *, by: Actor) -> None:
    """End break-glass before its time. Raises ``NotFound`` when it is over already."""
    moment = now()
    row = BreakGlass.objects.select_for_update().filter(uuid=uuid, ends_at__gt=moment).first()
    if row is None:
        raise NotFound(str(uuid))
    before = {"tot": row.ends_at}
    row.ends_at, row.ended_by = moment, by.key
    row.save()
    _tell_of_case("noodtoegang gesloten", row.zaak_uuid, by, resource_id=uuid, before=before, after={"tot": moment})


@transaction.atomic
def look_at_glass(uuid: UUID, *, by: Actor) -> None:
    """Keep that the owner of the case looked at it; the first look counts. Raises ``OwnRequest`` for one's own."""
    rows = BreakGlass.objects.select_for_update(of=("self",)).select_related("medewerker")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NotFound(str(uuid))
    if row.medewerker_id == by.pk:
        raise OwnRequest
    if row.seen_at is None:
        row.seen_at, row.seen_by = now(), by.key
        row.save(update_fields=["seen_at", "seen_by"])
        after = {"medewerker": f"staff:{row.medewerker.username}", "gezien": row.seen_at}
        _tell_of_case("noodtoegang gezien", row.zaak_uuid, by, resource_id=uuid, after=after)


@dataclass(frozen=True)
class GlassRecord:
    """Who opened which case, and why."""

    uuid: UUID
    medewerker_id: int
    naam: str
    zaak_uuid: UUID
    reason: str
    starts_at: datetime
    ends_at: datetime
    seen_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it runs now."""
        return self.ends_at > now()


def glasses(*, days: int = 90, medewerker_id: int | None = None) -> list[GlassRecord]:
    """Return break-glass of the last days, newest first; of one person or of all. One statement."""
    rows = BreakGlass.objects.select_related("medewerker").filter(starts_at__gt=now() - timedelta(days=days))
    if medewerker_id is not None:
        rows = rows.filter(medewerker_id=medewerker_id)
    return [
        GlassRecord(row.uuid, row.medewerker_id, row.medewerker.naam, row.zaak_uuid, row.reason, row.starts_at,
                    row.ends_at, row.seen_at)
        for row in rows.order_by("-starts_at")[:500]
    ]  # fmt: skip


# -- Secret addresses -------------------------------------------------------------------------------------------------
_KEEP_SHIELD = """
    INSERT INTO access_shield AS held (person_id, since, pattern) VALUES (%(person)s, %(now)s, %(pattern)s)
    ON CONFLICT (person_id) DO UPDATE
       SET pattern = CASE WHEN held.pattern = '' THEN EXCLUDED.pattern ELSE held.pattern || '|' || EXCLUDED.pattern END
     WHERE EXCLUDED.pattern <> '' AND strpos('|' || held.pattern || '|', '|' || EXCLUDED.pattern || '|') = 0
    RETURNING xmax = 0 -- whether it is new, and not another address
"""
"""Who moves keeps the address before in the pattern: it still stands in older texts, and may still tell where to look."""


@transaction.atomic(savepoint=False)
def keep_secrecy(person_id: int, *, is_secret: bool, pattern: str = "", by: Actor = SYSTEM) -> None:
    """Keep what the BRP says about a person: that their address is given to nobody, or no longer. Cheap when it is known.

    ``pattern`` (of ``masks.pattern_of``) is what is taken out of texts. Announces ``SECRECY_CHANGED`` when it is news.
    """
    with connection.cursor() as cursor:
        if is_secret:
            cursor.execute(_KEEP_SHIELD, {"person": person_id, "now": now(), "pattern": pattern})
        else:
            cursor.execute("DELETE FROM access_shield WHERE person_id = %s RETURNING TRUE", [person_id])
        row = cursor.fetchone()
    if row is None:
        return
    if row[0]:
        who = people.person_uuid(person_id)
        RIGHTS_CHANGED.announce(
            RightsChanged(
                "adres geheim" if is_secret else "adres niet meer geheim", by, who, "persoon", "persoon", who,
                before={"geheim": not is_secret}, after={"geheim": is_secret},
            )
        )  # fmt: skip
    SECRECY_CHANGED.announce(SecrecyChanged(person_id, is_secret))


def shielded(person_ids: Iterable[int | None]) -> frozenset[int]:
    """Return those of the persons whose address is secret; no statement when nobody is asked about."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return frozenset()
    those, value = database.one_or_many(sorted(wanted))
    found = database.rows(f"SELECT person_id FROM access_shield WHERE person_id {those}", [value])
    return frozenset(person_id for (person_id,) in found)


# -- Barred persons ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BarRecord:
    """That a person is barred: why, until when, by whom; and who wants to take it off."""

    uuid: UUID
    person_id: int
    reason: str
    starts_at: datetime
    ends_on: date | None
    set_by: str
    lift_asked_by: str
    lift_reason: str
    lifted_by: str
    lifted_at: datetime | None

    @property
    def is_in_force(self) -> bool:
        """Whether cases of this person are shut now."""
        return self.lifted_at is None and (self.ends_on is None or self.ends_on > today())


def bars() -> list[BarRecord]:
    """Return every bar, those in force and the newest first. One statement."""
    found = [
        BarRecord(row.uuid, row.person_id, row.reason, row.starts_at, row.ends_on, row.set_by, row.lift_asked_by,
                  row.lift_reason, row.lifted_by, row.lifted_at)
        for row in Bar.objects.order_by("-starts_at", "-pk")[:500]
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.is_in_force)


@transaction.atomic
def bar_person(person_id: int, *, reason: str, ends_on: date | None, by: Actor) -> UUID:
    """Shut the cases of a person to everybody without ``persoon.afgeschermd``, at once. Raises ``RightIncomplete``.

    ``ends_on`` is the first day on which it no longer holds. Setting it takes one administrator: waiting would do harm.
    """
    said = _reason(reason)
    if ends_on is not None and ends_on <= today():
        raise RightIncomplete("valid_to")
    _pk(by)
    row = Bar.objects.create(person_id=person_id, reason=said, starts_at=now(), ends_on=ends_on, set_by=by.key)
    _tell_bar("persoon afgeschermd", row, by, reason=said)
    return row.uuid


def _tell_bar(deed: str, row: Bar, by: Actor, *, reason: str = "") -> None:
    RIGHTS_CHANGED.announce(
        RightsChanged(
            deed, by, people.person_uuid(row.person_id), "persoon", "afscherming", row.uuid,
            after={"tot": row.ends_on, "opgeheven": row.lifted_at is not None}, reason=reason,
        )
    )  # fmt: skip


@transaction.atomic
def ask_to_lift(uuid: UUID, *, reason: str, by: Actor) -> BarRecord:
    """Ask a second administrator to take a bar off. Raises ``NotFound``, ``RightIncomplete``, ``RequestDecided`` (asked)."""
    said = _reason(reason)
    _pk(by)
    row = _bar(uuid)
    if row.lift_asked_by:
        raise RequestDecided
    row.lift_asked_by, row.lift_reason = by.key, said
    row.save(update_fields=["lift_asked_by", "lift_reason"])
    _tell_bar("opheffen afscherming gevraagd", row, by, reason=said)
    return next(one for one in bars() if one.uuid == uuid)


@transaction.atomic
def decide_lift(uuid: UUID, *, approve: bool, by: Actor) -> BarRecord:
    """Take a bar off, or leave it on. Raises ``OwnRequest`` when one asked for it oneself; taking that back is allowed."""
    _pk(by)
    row = _bar(uuid)
    if not row.lift_asked_by:
        raise NotFound(str(uuid))
    if approve:
        if row.lift_asked_by == by.key:
            raise OwnRequest
        row.lifted_by, row.lifted_at = by.key, now()
    else:
        row.lift_asked_by, row.lift_reason = "", ""
    row.save(update_fields=["lift_asked_by", "lift_reason", "lifted_by", "lifted_at"])
    _tell_bar("afscherming opgeheven" if approve else "afscherming blijft", row, by)
    return next(one for one in bars() if one.uuid == uuid)


def _bar(uuid: UUID) -> Bar:
    row = Bar.objects.select_for_update().filter(uuid=uuid, lifted_at__isnull=True).first()
    if row is None:
        raise NotFound(str(uuid))
    return row
