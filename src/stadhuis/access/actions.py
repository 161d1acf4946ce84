"""What is done with rights: making roles, giving and ending them, admitting applications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from stadhuis.access import rules
from stadhuis.access.errors import (
    AmbiguousAuthorizations,
    AutorisatieIncomplete,
    ClientIdTaken,
    MembershipConflict,
    NotFound,
)
from stadhuis.access.models import Applicatie, Autorisatie, Client, ClientSecret, Grant, Membership, Role
from stadhuis.access.reads import SecretRecord
from stadhuis.access.rules import AutorisatieData, GrantData
from stadhuis.kit.crypto import encrypt
from stadhuis.kit.time import now, today
from stadhuis.people.public import SYSTEM, Actor

FIRST_DAY = date(2000, 1, 1)
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
    wanted = {(grant.action, grant.zaaktype_ref, grant.max_level) for grant in grants}
    held = {
        (grant.action, grant.type_ref, grant.max_level): grant
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
            recorded_by=by.key,
            recorded_from=moment,
            valid_from=FIRST_DAY if is_new else today(),
        )
        for action, ref, level in sorted(wanted - held.keys())
    )
    return role.pk


@transaction.atomic
def give_role(
    medewerker_id: int,
    role_code: str,
    unit_id: int,
    valid_from: date | None = None,
    valid_to: date | None = None,
    *,
    by: Actor = SYSTEM,
) -> int:
    """Give someone a role in a unit, from a day (today) up to another. Returns the id of the membership.

    Raises ``NotFound`` for an unknown role and ``MembershipConflict`` when they have it then already.
    """
    role = Role.objects.filter(code=role_code).first()
    if role is None:
        raise NotFound(f"no role {role_code}")
    try:
        with transaction.atomic():
            return Membership.objects.create(
                medewerker_id=medewerker_id,
                role=role,
                unit_id=unit_id,
                valid_from=valid_from or today(),
                valid_to=valid_to,
                recorded_from=now(),
                recorded_by=by.key,
                given_by=by.key,
            ).pk
    except IntegrityError as error:
        if "membership_no_overlap" in str(error):
            raise MembershipConflict(f"{role_code} is given already in that time") from error
        raise


@transaction.atomic
def end_role(membership_id: int, valid_to: date, *, by: Actor) -> None:
    """End a membership on a day; what was known before stays known. Raises ``NotFound``."""
    row = Membership.objects.select_for_update().filter(pk=membership_id, recorded_to__isnull=True).first()
    if row is None:
        raise NotFound(f"no current membership {membership_id}")
    _close(row, valid_to, now(), by)


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
) -> int:
    """Admit an application with one secret for each of its client ids. Returns the id.

    Raises ``ClientIdTaken`` (ac-001), ``AmbiguousAuthorizations`` (ac-002), ``AutorisatieIncomplete`` (ac-003).
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
    for client_id in client_ids:
        set_secret(client_id, secret)
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
) -> None:
    """Replace what an application is and may. Raises as ``create_applicatie``, and ``NotFound``."""
    rights = list(autorisaties)
    check_autorisaties(rights, heeft_alle_autorisaties=heeft_alle_autorisaties)
    row = Applicatie.objects.select_for_update().filter(pk=applicatie_id).first()
    if row is None:
        raise NotFound(f"no applicatie {applicatie_id}")
    row.label = label
    row.heeft_alle_autorisaties = heeft_alle_autorisaties
    row.alleen_is_gereed_voor_publicatie = alleen_is_gereed_voor_publicatie
    row.save()
    _set_clients(row, client_ids)
    row.autorisaties.all().delete()
    _set_autorisaties(row, rights)


@transaction.atomic
def delete_applicatie(applicatie_id: int) -> None:
    """Remove an application with its secrets and rights; its client ids stay taken. Raises ``NotFound``."""
    ClientSecret.objects.filter(client__applicatie_id=applicatie_id).delete()
    if not Applicatie.objects.filter(pk=applicatie_id).delete()[0]:
        raise NotFound(f"no applicatie {applicatie_id}")


def check_autorisaties(rights: Sequence[AutorisatieData], *, heeft_alle_autorisaties: bool) -> None:
    """Raise what is wrong with a set of rights. Source: ac-002 and ac-003."""
    if heeft_alle_autorisaties and rights:
        raise AmbiguousAuthorizations("ambiguous-authorizations-specified")
    if not heeft_alle_autorisaties and not rights:
        raise AmbiguousAuthorizations("missing-authorizations")
    missing = [
        f"autorisaties.{number}.{name}" for number, right in enumerate(rights) for name in _missing_fields(right)
    ]
    if missing:
        raise AutorisatieIncomplete(missing)


def _missing_fields(right: AutorisatieData) -> list[str]:
    prefix, type_field = {
        "zrc": ("zaken.", "zaaktype"),
        "drc": ("documenten.", "informatieobjecttype"),
        "brc": ("besluiten.", "besluittype"),
    }.get(right.component, ("", ""))
    if not prefix or not any(scope.startswith(prefix) for scope in right.scopes):
        return []
    missing = [] if right.type_url or right.type_ref else [type_field]
    if right.component != "brc" and right.max_level is None:
        missing.append("maxVertrouwelijkheidaanduiding")
    return missing


def _set_clients(row: Applicatie, client_ids: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(client_ids))
    taken = sorted(
        Client.objects.filter(client_id__in=wanted).exclude(applicatie=row).values_list("client_id", flat=True)
    )
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
        )
        for right in rights
    )


@transaction.atomic
def set_secret(client_id: str, secret: str, *, slot: int = 1) -> None:
    """Set one of the two secrets of a client id; the other keeps working. Raises ``NotFound``."""
    client = Client.objects.filter(client_id=client_id, applicatie__isnull=False).first()
    if client is None:
        raise NotFound(f"no client {client_id}")
    ClientSecret.objects.update_or_create(
        client=client,
        slot=slot,
        defaults={
            "cipher": encrypt(secret, about=f"client:{client_id}"),
            "created_at": now(),
            "last_used_at": None,
        },
    )


@transaction.atomic
def drop_secret(client_id: str, *, slot: int) -> None:
    """Withdraw one of the two secrets of a client id."""
    ClientSecret.objects.filter(client__client_id=client_id, slot=slot).delete()


def note_use(secret: SecretRecord) -> None:
    """Write down that a secret was used, so that an operator sees which one may go; at most once in ten minutes."""
    moment = now()
    if secret.last_used_at is None or secret.last_used_at < moment - USE_NOTED_EVERY:
        ClientSecret.objects.filter(pk=secret.id).update(last_used_at=moment)
