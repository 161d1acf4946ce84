"""The front door of audit."""

from __future__ import annotations

from stadhuis.audit.actions import destroy_trail, drop_old_processing, let_go_of, record, record_processing, seal
from stadhuis.audit.activities import Activity, UnknownActivity, activities, activity_of
from stadhuis.audit.guards import SHOWN, logs_own_use
from stadhuis.audit.jobs import check_now, verify_and_note
from stadhuis.audit.reads import (
    ChainState,
    ProcessingRecord,
    SealRecord,
    TrailFilter,
    TrailRecord,
    Use,
    Uses,
    Verdict,
    chain_state,
    processing_of,
    seals,
    search_trail,
    trail_line,
    trail_of,
    uses_of,
    verify,
)
from stadhuis.audit.rules import safe_cell
from stadhuis.audit.seals import SealsUnreadable, read_seals, write_seals
from stadhuis.audit.shapes import AuditTrailBody, trail_json
from stadhuis.audit.taking import taken_over
from stadhuis.audit.words import in_words

__all__ = [
    "SHOWN",
    "Activity",
    "AuditTrailBody",
    "ChainState",
    "ProcessingRecord",
    "SealRecord",
    "SealsUnreadable",
    "TrailFilter",
    "TrailRecord",
    "UnknownActivity",
    "Use",
    "Uses",
    "Verdict",
    "activities",
    "activity_of",
    "chain_state",
    "check_now",
    "destroy_trail",
    "drop_old_processing",
    "in_words",
    "let_go_of",
    "logs_own_use",
    "processing_of",
    "read_seals",
    "record",
    "record_processing",
    "safe_cell",
    "seal",
    "seals",
    "search_trail",
    "taken_over",
    "trail_json",
    "trail_line",
    "trail_of",
    "uses_of",
    "verify",
    "verify_and_note",
    "write_seals",
]
