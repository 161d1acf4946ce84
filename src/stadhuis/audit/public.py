"""The front door of audit."""

from __future__ import annotations

from stadhuis.audit.actions import destroy_trail, let_go_of, record, record_processing, seal
from stadhuis.audit.reads import ProcessingRecord, TrailRecord, Verdict, processing_of, trail_line, trail_of, verify

__all__ = [
    "ProcessingRecord",
    "TrailRecord",
    "Verdict",
    "destroy_trail",
    "let_go_of",
    "processing_of",
    "record",
    "record_processing",
    "seal",
    "trail_line",
    "trail_of",
    "verify",
]
