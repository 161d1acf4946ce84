"""Single sign-on of staff: whose account it is, and which roles the groups give."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction

from stadhuis.kit.crypto import encrypt, lookup_hashes
from stadhuis.kit.time import now
from stadhuis.people.actions.factors import actor_for
from stadhuis.people.actor import Actor
from stadhuis.people.errors import LoginFailed, NotKnown, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, GROUPS_SEEN, AccountChanged, GroupsSeen
from stadhuis.people.models import GroupRole, Medewerker, StaffMeans, Unit
from stadhuis.people.staff_oidc import StaffProof

log = logging.getLogger(__name__)


@transaction.atomic
def who_signed_on(proof: StaffProof) -> Medewerker:
    """Return whose account a proof opens, with the roles its groups give. Raises ``LoginFailed``.

    The first time an account is found by the mail address that the provider has verified; from then on by the provider's own
    pseudonym alone, so that whoever gets that address later gets another account. Nobody is added by logging in.
    """
    lookups = lookup_hashes(f"{proof.issuer}|{proof.subject}", about="staff-means")
    bound = StaffMeans.objects.select_for_update(of=("self",)).select_related("medewerker")
    means = bound.filter(issuer=proof.issuer, lookup__in=lookups).first()
    medewerker = means.medewerker if means else _bind(proof, lookups[0])
    if means and bytes(means.lookup) != lookups[0]:
        StaffMeans.objects.filter(pk=means.pk).update(lookup=lookups[0], cipher=_sealed(proof, medewerker))
    if not medewerker.works_here:
        raise LoginFailed("sso: no longer works here")
    StaffMeans.objects.filter(medewerker=medewerker).update(last_used_at=now(), groups=list(proof.groups))
    roles = GroupRole.objects.filter(group__in=proof.groups).values_list("role_code", "unit_id")
    # A guest has what somebody here gave them, never what a group of the organisation gives.
    GROUPS_SEEN.announce(GroupsSeen(medewerker.pk, frozenset() if medewerker.is_guest else frozenset(roles)))
    return medewerker


def _sealed(proof: StaffProof, medewerker: Medewerker) -> bytes:
    return encrypt(proof.subject, about=f"staff-means:{medewerker.uuid}")


def _bind(proof: StaffProof, lookup: bytes) -> Medewerker:
    if not proof.email:
        raise LoginFailed("sso: unknown subject and no verified mail address")
    found = list(Medewerker.objects.select_for_update().filter(email__iexact=proof.email)[:2])
    if len(found) != 1:
        raise LoginFailed("sso: no account, or more than one, with this mail address")
    [medewerker] = found
    if not medewerker.works_here:
        raise LoginFailed("sso: no longer works here")
    if StaffMeans.objects.filter(medewerker=medewerker).exists():
        raise LoginFailed("sso: the account is bound to another subject")
    moment = now()
    try:
        with transaction.atomic():
            StaffMeans.objects.create(
                medewerker=medewerker,
                issuer=proof.issuer,
                lookup=lookup,
                cipher=_sealed(proof, medewerker),
                created_at=moment,
                last_used_at=moment,
            )
    except IntegrityError:
        raise LoginFailed("sso: bound a moment ago") from None
    ACCOUNT_CHANGED.announce(AccountChanged("gekoppeld aan eenmalig inloggen", medewerker.uuid, actor_for(medewerker)))
    return medewerker


@transaction.atomic
def map_group(group: str, role_code: str, unit_id: int, *, by: Actor) -> int:
    """Let a group give a role in a unit from the next single sign-on on. Raises ``WrongInput``.

    That the role exists is for the caller to see to: roles are of ``access``.
    """
    group = group.strip().replace("\x00", "")
    if not group or len(group) > 200:
        raise WrongInput("groep", "missing")
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise WrongInput("unit", "missing")
    row, is_new = GroupRole.objects.get_or_create(group=group, role_code=role_code, unit=unit)
    if not is_new:
        raise WrongInput("groep", "taken")
    after = {"groep": group, "rol": role_code, "unit": unit.code}
    _announce("groep geeft rol", by, after=after)
    return row.pk


@transaction.atomic
def unmap_group(group_role_id: int, *, by: Actor) -> None:
    """Let a group no longer give a role; who has it by that loses it at the next single sign-on. Raises ``NotKnown``."""
    row = GroupRole.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=group_role_id).first()
    if row is None:
        raise NotKnown(f"no group role {group_role_id}")
    before = {"groep": row.group, "rol": row.role_code, "unit": row.unit.code}
    row.delete()
    _announce("groep geeft rol niet meer", by, before=before)


def _announce(
    deed: str, by: Actor, *, before: dict[str, str] | None = None, after: dict[str, str] | None = None
) -> None:
    administrator = Medewerker.objects.filter(pk=by.pk or 0).values_list("uuid", flat=True).first()
    if administrator is not None:
        ACCOUNT_CHANGED.announce(AccountChanged(deed, administrator, by, before=before, after=after))
