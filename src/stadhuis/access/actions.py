"""What is done with rights: making roles, giving and ending them, admitting applications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from stadhuis.access import rules
from stadhuis.access.errors import (
    AmbiguousAuthorizations,
    AutorisatieIncomplete,
    ClientIdTaken,
    MembershipConflict,
    NotFound,
)
from stadhuis.access.facts import RIGHTS_CHANGED, RightsChanged
from stadhuis.access.models import Applicatie, Autorisatie, Client, ClientSecret, Grant, Membership, Role
from stadhuis.access.reads import SecretRecord, taken_client_ids
from stadhuis.access.rules import AutorisatieData, GrantData
from stadhuis.kit.crypto import encrypt
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.public import SYSTEM, Actor

FIRST_DAY = date(2000, 1, 1)
BY_GROUP = replace(SYSTEM, key="system:groups")
"""Who gives, asks and ends the roles that follow from groups at the log-in provider; what a person gave is left alone."""
USE_NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def create_role(
    code: str, naam: str, grants: Sequence[GrantData] = (), *, is_privileged: bool = False, by: Actor = SYSTEM
) -> int:
    """Add a role with its grants, or bring the grants of an existing one in line. Returns the id."""
    privileged = is_privileged or any(rules.is_privileged(grant.action, grant.max_level) for grant in grants)
    role, is_new = Role.objects.get_or_create(code=code, defaults={"naam": naam, "is_privileged": privileged})
    if privileged and not role.is_privileged:
        Role.objects.filter(pk=role.pk).update(is_privileged=True)
    moment = now()
    wanted = {(grant.action, grant.zaaktype_ref, grant.max_level, grant.unit_id) for grant in grants}
    held = {
        (grant.action, grant.type_ref, grant.max_level, grant.unit_id): grant
        for grant in Grant.objects.select_for_update().filter(
            role=role, recorded_to__isnull=True, valid_to__isnull=True
        )
    }
    for key, grant in held.items():
        if key not in wanted:
            _close(grant, today(), moment, by)
    Grant.objects.bulk_create(
        Grant(
            role=role,
            action=action,
            type_ref=ref,
            max_level=level,
            unit_id=unit_id,
            recorded_by=by.key,
            recorded_from=moment,
            valid_from=FIRST_DAY if is_new else today(),
        )
        for action, ref, level, unit_id in sorted(wanted - held.keys(), key=_in_order)
    )
    is_now_privileged = privileged or role.is_privileged
    before = None if is_new else _role_in_words(role, held.keys(), is_privileged=role.is_privileged)
    after = _role_in_words(role, wanted, is_privileged=is_now_privileged)
    if before != after:
        tell_of_role("rol gemaakt" if is_new else "rol gewijzigd", role, by, before=before, after=after)
    return role.pk


GrantKey = tuple[str, str, int, int | None]


def _in_order(grant: GrantKey) -> tuple[str, str, int, int]:
    return (*grant[:3], grant[3] or 0)


def _role_in_words(role: Role, grants: Iterable[GrantKey], *, is_privileged: bool) -> dict[str, Any]:
    rights = [grant_in_words(*grant) for grant in sorted(grants, key=_in_order)]
    return {"rol": role.code, "naam": role.naam, "bijzonder": is_privileged, "rechten": rights}


def grant_in_words(action: str, type_ref: str, max_level: int, unit_id: int | None = None) -> dict[str, Any]:
    """Return a right as the trail keeps it."""
    said = {"recht": action, "type": type_ref, "niveau": max_level}
    return said if unit_id is None else said | {"eenheid": people.unit_code(unit_id)}


def tell_of_role(
    deed: str, role: Role, by: Actor, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Tell the trail what was done to a role itself."""
    RIGHTS_CHANGED.announce(
        RightsChanged(deed, by, resource="rol", number=role.code, before=before, after=after, reason=reason)
    )


def membership_in_words(row: Membership) -> dict[str, Any]:
    """Return that somebody has a role as the trail keeps it."""
    return {"rol": row.role.code, "eenheid": row.unit.code, "van": row.valid_from, "tot": row.valid_to}


def tell_of_membership(
    deed: str, row: Membership, by: Actor, *, before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Tell the trail of a member of staff what was done to a role of theirs."""
    who = row.medewerker.uuid
    RIGHTS_CHANGED.announce(
        RightsChanged(deed, by, who, "medewerker", "rol", who, row.medewerker.username, before, after, reason)
    )


@transaction.atomic
def give_role(
    medewerker_id: int,
    role_code: str,
    unit_id: int,
    valid_from: date | None = None,
    valid_to: date | None = None,
    *,
    by: Actor = SYSTEM,
    reason: str = "",
) -> int:
    """Give someone a role in a unit, from a day (today) up to another. Returns the id of the membership.

    Raises ``NotFound`` for an unknown role and ``MembershipConflict`` when they have it then already.
    """
    role = Role.objects.filter(code=role_code).first()
    if role is None:
        raise NotFound(f"no role {role_code}")
    try:
        with transaction.atomic():
            row = Membership.objects.create(
                medewerker_id=medewerker_id,
                role=role,
                unit_id=unit_id,
                valid_from=valid_from or today(),
                valid_to=valid_to,
                recorded_from=now(),
                recorded_by=by.key,
                given_by=by.key,
            )
    except IntegrityError as error:
        if "membership_no_overlap" in str(error):
            raise MembershipConflict(f"{role_code} is given already in that time") from error
        raise
    tell_of_membership("rol gegeven", row, by, after=membership_in_words(row), reason=reason)
    return row.pk


@transaction.atomic
def end_role(membership_id: int, valid_to: date, *, by: Actor) -> None:
    """End a membership on a day; what was known before stays known. Raises ``NotFound``."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("medewerker", "role", "unit")
    row = rows.filter(pk=membership_id, recorded_to__isnull=True).first()
    if row is None:
        raise NotFound(f"no current membership {membership_id}")
    before = membership_in_words(row)
    _close(row, valid_to, now(), by)
    tell_of_membership("rol beëindigd", row, by, before=before, after={**before, "tot": valid_to})


def _close(row: Grant | Membership, valid_to: date, moment: object, by: Actor) -> None:
    type(row).objects.filter(pk=row.pk).update(recorded_to=moment)
    if valid_to > row.valid_from:
        row.pk = None
        row._state.adding = True
        row.valid_to, row.recorded_by = valid_to, by.key
        row.recorded_from, row.recorded_to = moment, None  # type: ignore[assignment]
        row.save(force_insert=True)


@transaction.atomic
def create_applicatie(
    label: str,
    client_ids: Sequence[str],
    secret: str,
    heeft_alle_autorisaties: bool = False,
    autorisaties: Iterable[AutorisatieData] = (),
    *,
    alleen_is_gereed_voor_publicatie: bool = False,
    by: Actor = SYSTEM,
    reason: str = "",
) -> int:
    """Admit an application with one secret for each of its client ids. Returns the id.

    Without a secret (the Autorisaties API knows none) it cannot send anything until it gets one by ``set_secret``. Raises ``ClientIdTaken`` (ac-001), ``AmbiguousAuthorizations`` (ac-002), ``AutorisatieIncomplete`` (ac-003).
    """
    rights = list(autorisaties)
    check_autorisaties(rights, heeft_alle_autorisaties=heeft_alle_autorisaties)
    row = Applicatie.objects.create(
        label=label,
        heeft_alle_autorisaties=heeft_alle_autorisaties,
        alleen_is_gereed_voor_publicatie=alleen_is_gereed_voor_publicatie,
    )
    _set_clients(row, client_ids)
    _set_autorisaties(row, rights)
    _tell_of_applicatie("create", row, by, after=_applicatie_in_words(row), reason=reason)
    for client_id in client_ids if secret else ():
        set_secret(client_id, secret, by=by)
    return row.pk


@transaction.atomic
def change_applicatie(
    applicatie_id: int,
    *,
    label: str,
    client_ids: Sequence[str],
    heeft_alle_autorisaties: bool,
    autorisaties: Iterable[AutorisatieData],
    alleen_is_gereed_voor_publicatie: bool = False,
    by: Actor = SYSTEM,
    reason: str = "",
    is_partial: bool = False,
) -> None:
    """Replace what an application is and may. Raises as ``create_applicatie``, and ``NotFound``.

    ``is_partial`` says that only part of it was sent (PATCH), which is what the deed is called then.
    """
    rights = list(autorisaties)
    check_autorisaties(rights, heeft_alle_autorisaties=heeft_alle_autorisaties)
    row = Applicatie.objects.select_for_update().filter(pk=applicatie_id).first()
    if row is None:
        raise NotFound(f"no applicatie {applicatie_id}")
    before = _applicatie_in_words(row)
    row.label = label
    row.heeft_alle_autorisaties = heeft_alle_autorisaties
    row.alleen_is_gereed_voor_publicatie = alleen_is_gereed_voor_publicatie
    row.save()
    _set_clients(row, client_ids)
    row.autorisaties.all().delete()
    _set_autorisaties(row, rights)
    deed = "partial_update" if is_partial else "update"
    _tell_of_applicatie(deed, row, by, before=before, after=_applicatie_in_words(row), reason=reason)


@transaction.atomic
def delete_applicatie(applicatie_id: int, *, by: Actor = SYSTEM, reason: str = "") -> None:
    """Remove an application with its secrets and rights; its client ids stay taken. Raises ``NotFound``."""
    row = Applicatie.objects.select_for_update().filter(pk=applicatie_id).first()
    if row is None:
        raise NotFound(f"no applicatie {applicatie_id}")
    before = _applicatie_in_words(row)
    ClientSecret.objects.filter(client__applicatie_id=applicatie_id).delete()
    Applicatie.objects.filter(pk=applicatie_id).delete()
    _tell_of_applicatie("destroy", row, by, before=before, reason=reason)


def _applicatie_in_words(row: Applicatie) -> dict[str, Any]:
    return {
        "label": row.label,
        "clientIds": sorted(Client.objects.filter(applicatie=row).values_list("client_id", flat=True)),
        "heeftAlleAutorisaties": row.heeft_alle_autorisaties,
        "alleenIsGereedVoorPublicatie": row.alleen_is_gereed_voor_publicatie,
        "autorisaties": list(
            row.autorisaties.order_by("component", "type_ref", "pk").values(
                "component", "scopes", "domein", "type_url", "type_ref", "all_versions", "max_level"
            )
        ),
    }


def _tell_of_applicatie(
    deed: str, row: Applicatie, by: Actor, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    RIGHTS_CHANGED.announce(
        RightsChanged(
            deed, by, row.uuid, "applicatie", "applicatie", row.uuid, row.label, before, after, reason, bron="ac"
        )
    )


def check_autorisaties(rights: Sequence[AutorisatieData], *, heeft_alle_autorisaties: bool) -> None:
    """Raise what is wrong with a set of rights. Source: ac-002 and ac-003."""
    code = rules.ambiguity(has_all=heeft_alle_autorisaties, has_some=bool(rights))
    if code:
        raise AmbiguousAuthorizations(code)
    missing = [
        f"autorisaties.{number}.{name}" for number, right in enumerate(rights) for name in rules.missing_fields(right)
    ]
    if missing:
        raise AutorisatieIncomplete(missing)


def _set_clients(row: Applicatie, client_ids: Sequence[str]) -> None:
    # In one order for everybody: two that want the same names wait for each other once, and not in a circle.
    wanted = sorted(set(client_ids))
    taken = taken_client_ids(wanted, applicatie_id=row.pk)
    if taken:
        raise ClientIdTaken(taken)
    gone = Client.objects.filter(applicatie=row).exclude(client_id__in=wanted)
    ClientSecret.objects.filter(client__in=gone).delete()
    gone.update(applicatie=None)
    held = set(Client.objects.filter(applicatie=row).values_list("client_id", flat=True))
    try:
        with transaction.atomic():
            Client.objects.bulk_create(Client(client_id=name, applicatie=row) for name in wanted if name not in held)
    except IntegrityError as error:
        raise ClientIdTaken(wanted) from error


def _set_autorisaties(row: Applicatie, rights: Sequence[AutorisatieData]) -> None:
    Autorisatie.objects.bulk_create(
        Autorisatie(
            applicatie=row,
            component=right.component,
            scopes=list(right.scopes),
            type_url=right.type_url,
            type_ref=right.type_ref,
            type_uuid=right.type_uuid,
            all_versions=right.all_versions,
            max_level=right.max_level,
            domein=right.domein,
        )
        for right in rights
    )


@transaction.atomic
def set_secret(client_id: str, secret: str, *, slot: int = 1, by: Actor = SYSTEM) -> None:
    """Set one of the two secrets of a client id; the other keeps working. Raises ``NotFound``."""
    client = Client.objects.select_related("applicatie").filter(client_id=client_id, applicatie__isnull=False).first()
    if client is None or client.applicatie is None:
        raise NotFound(f"no client {client_id}")
    _, is_new = ClientSecret.objects.update_or_create(
        client=client,
        slot=slot,
        defaults={
            "cipher": encrypt(secret, about=f"client:{client_id}"),
            "created_at": now(),
            "last_used_at": None,
        },
    )
    which = {"clientId": client_id, "geheim": slot}
    _tell_of_applicatie("geheim gezet", client.applicatie, by, before=None if is_new else which, after=which)


@transaction.atomic
def drop_secret(client_id: str, *, slot: int, by: Actor = SYSTEM) -> None:
    """Withdraw one of the two secrets of a client id."""
    client = Client.objects.select_related("applicatie").filter(client_id=client_id).first()
    gone, _ = ClientSecret.objects.filter(client__client_id=client_id, slot=slot).delete()
    if gone and client is not None and client.applicatie is not None:
        which = {"clientId": client_id, "geheim": slot}
        _tell_of_applicatie("geheim ingetrokken", client.applicatie, by, before=which)


def note_use(secret: SecretRecord) -> None:
    """Write down that a secret was used, so that an operator sees which one may go; at most once in ten minutes."""
    moment = now()
    if secret.last_used_at is None or secret.last_used_at < moment - USE_NOTED_EVERY:
        ClientSecret.objects.filter(pk=secret.id).update(last_used_at=moment)
