"""Jobs of audit."""

from __future__ import annotations

import contextlib
import logging

from django.db import IntegrityError, transaction
from procrastinate.exceptions import AlreadyEnqueued

from stadhuis.audit import actions
from stadhuis.audit.models import Verification
from stadhuis.audit.reads import Verdict, verify
from stadhuis.kit.jobs import job, periodic, queue
from stadhuis.kit.time import now

log = logging.getLogger(__name__)


@periodic("*/5 * * * *", "audit.seal")
def seal_job(timestamp: int) -> None:
    """Every five minutes: seal what was written since last time."""
    while actions.seal():
        continue


@periodic("20 2 * * *", "audit.verify")
def verify_job(timestamp: int) -> None:
    """Every night: walk the whole chain."""
    verify_and_note()


@job("audit.verify_now", queueing_lock="audit.verify_now", retry=False)
def verify_now() -> None:
    """Walk the whole chain because someone asked."""
    verify_and_note()


def check_now() -> None:
    """Let the chain be verified by a worker; asked twice before it begins is once."""
    with contextlib.suppress(AlreadyEnqueued, IntegrityError), transaction.atomic():
        queue(verify_now)


def verify_and_note() -> Verdict:
    """Walk the whole chain and keep the outcome; a chain that is broken is an error in the log, with the line."""
    verdict = verify()
    fits = verdict.last_number if verdict.is_whole else max((verdict.broken_line or 1) - 1, 0)
    Verification.objects.create(
        at=now(), lines=verdict.lines, last_number=fits, broken_line=verdict.broken_line, reason=verdict.reason[:200]
    )
    if not verdict.is_whole:
        log.error("audit trail broken", extra={"line": verdict.broken_line, "reason": verdict.reason})
    return verdict


@periodic("50 2 * * *", "audit.drop_old_processing")
def drop_old_processing_job(timestamp: int) -> None:
    """Every night: remove lines of the processing log whose time is over, in batches."""
    while actions.drop_old_processing():
        continue
