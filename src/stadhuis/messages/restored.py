"""After a restore: what waited in the queue may have left the building before the machine was lost."""

from __future__ import annotations

import logging
from datetime import datetime

from stadhuis.kit.backup import RESTORED
from stadhuis.messages.models import OutboundMail

log = logging.getLogger(__name__)


@RESTORED.listener
def hand_waiting_mails_to_a_person(moment: datetime) -> None:
    """Nobody knows whether they went out after the backup was made, so none goes a second time by itself (decision 0006)."""
    changed = OutboundMail.objects.filter(state=OutboundMail.State.QUEUED).update(
        state=OutboundMail.State.UNKNOWN, reason="restored from a backup: it may have been sent since"
    )
    log.info("mails of unknown fate after a restore", extra={"mails": changed})
