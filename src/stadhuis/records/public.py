"""The front door of records."""

from __future__ import annotations

from stadhuis.records.actions import (
    define_class,
    hand_over,
    hold,
    keep,
    learn_class,
    lift_hold,
    opened,
    put,
    reclassify,
    remove,
    set_owner,
)
from stadhuis.records.destruction import destroy, run, run_approved
from stadhuis.records.errors import (
    ClassUnknown,
    ListStandsFast,
    NotDue,
    NotFound,
    NothingToDestroy,
    OnHold,
    OwnList,
    ReasonMissing,
    RecordsError,
    SameOwner,
    TermInvalid,
    UnknownKind,
)
from stadhuis.records.index import compare, compare_all, figures, forget_unused, learn, rebuild, renew, renew_stale
from stadhuis.records.kinds import (
    HANDED_OVER,
    SECRET_PERSONS,
    HandedOver,
    Part,
    Snapshot,
    register_destroyer,
    register_kind,
    register_owner,
    register_text,
)
from stadhuis.records.later import keep_later, rebuild_after_upgrade
from stadhuis.records.lists import (
    ItemRecord,
    ListRecord,
    approve,
    due_in_coming_quarter,
    exclude,
    items_of,
    lists,
    make_list,
    one_list,
    withdraw,
)
from stadhuis.records.reads import (
    ClassRecord,
    Found,
    Hit,
    HoldRecord,
    KeptRecord,
    OpeningRecord,
    ReclassificationRecord,
    classes,
    due_for_destruction,
    holds,
    is_held,
    openings_of,
    owners,
    record_by_number,
    record_of,
    search,
)
from stadhuis.records.rules import DESTROY, KEEP, Excerpt, Why

__all__ = [
    "DESTROY", "HANDED_OVER", "KEEP", "SECRET_PERSONS",
    "ClassRecord", "ClassUnknown", "Excerpt", "Found", "HandedOver", "Hit", "HoldRecord", "ItemRecord", "KeptRecord",
    "ListRecord", "ListStandsFast", "NotDue", "NotFound", "NothingToDestroy", "OnHold", "OpeningRecord", "OwnList", "Part",
    "ReasonMissing", "ReclassificationRecord", "RecordsError", "SameOwner", "Snapshot", "TermInvalid", "UnknownKind", "Why",
    "approve", "classes", "compare", "compare_all", "define_class", "destroy", "due_for_destruction",
    "due_in_coming_quarter", "exclude", "figures", "forget_unused", "hand_over", "hold", "holds", "is_held", "items_of",
    "keep", "keep_later", "learn", "learn_class", "lift_hold", "lists", "make_list", "one_list", "opened", "openings_of",
    "owners", "put", "rebuild", "rebuild_after_upgrade", "reclassify", "record_by_number", "record_of", "register_destroyer", "register_kind",
    "register_owner", "register_text", "remove", "renew", "renew_stale", "run", "run_approved", "search", "set_owner",
    "withdraw",
]  # fmt: skip
