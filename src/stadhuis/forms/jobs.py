"""Jobs of forms: the PDF of what was handed in, and throwing away what was left behind."""

from __future__ import annotations

from stadhuis.forms import summary
from stadhuis.forms.actions import drafts
from stadhuis.kit.jobs import job, periodic


@job("forms.make_summary")
def make_summary(submission_id: int) -> None:
    """Make the PDF of all answers and add it to the zaak; once made, it is not made again."""
    summary.make(submission_id)


@periodic("20 2 * * *", "forms.remove_expired")
def remove_expired(timestamp: int) -> None:
    """Every night: throw away open drafts whose time is over."""
    while drafts.remove_expired():
        continue
