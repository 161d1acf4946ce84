"""The front door of access."""

from __future__ import annotations

from stadhuis.access.actions import (
    change_applicatie,
    check_autorisaties,
    create_applicatie,
    create_role,
    delete_applicatie,
    drop_secret,
    end_role,
    give_role,
    set_secret,
)
from stadhuis.access.errors import (
    AccessError,
    AmbiguousAuthorizations,
    AutorisatieIncomplete,
    ClientIdTaken,
    MembershipConflict,
    NotAuthenticated,
    NotFound,
    UnknownAction,
    UnknownGuard,
)
from stadhuis.access.gate import ApplicatieCaller, enter
from stadhuis.access.guards import register_guarded
from stadhuis.access.reads import (
    ApplicatieRecord,
    applicatie_allowances,
    applicatie_by_id,
    applicatie_for,
    may,
    predicate,
    predicate_by_uuid,
)
from stadhuis.access.rules import (
    ACTIONS,
    LEVELS,
    ORDER,
    Allowance,
    AutorisatieData,
    Condition,
    GrantData,
    both,
    either,
    level_of,
)
from stadhuis.access.tokens import Authenticated, authenticate

__all__ = [
    "ACTIONS",
    "LEVELS",
    "ORDER",
    "AccessError",
    "Allowance",
    "AmbiguousAuthorizations",
    "ApplicatieCaller",
    "ApplicatieRecord",
    "Authenticated",
    "AutorisatieData",
    "AutorisatieIncomplete",
    "ClientIdTaken",
    "Condition",
    "GrantData",
    "MembershipConflict",
    "NotAuthenticated",
    "NotFound",
    "UnknownAction",
    "UnknownGuard",
    "applicatie_allowances",
    "applicatie_by_id",
    "applicatie_for",
    "authenticate",
    "both",
    "change_applicatie",
    "check_autorisaties",
    "create_applicatie",
    "create_role",
    "delete_applicatie",
    "drop_secret",
    "either",
    "end_role",
    "enter",
    "give_role",
    "level_of",
    "may",
    "predicate",
    "predicate_by_uuid",
    "register_guarded",
    "set_secret",
]
