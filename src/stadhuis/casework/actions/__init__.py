"""What staff do: divide the work, keep the clock, establish facts, assess, propose, approve, send."""

from stadhuis.casework.actions.assess import assess, establish_fact
from stadhuis.casework.actions.clock import extend_term, recompute_deadline, resume_term, suspend_term
from stadhuis.casework.actions.decide import approve, propose, return_proposal, send, withdraw_proposal
from stadhuis.casework.actions.work import (
    add_note,
    assign,
    close_work_item,
    hand_back,
    open_work_item,
    release,
    reopen_work_item,
    set_route,
    take,
)

__all__ = [
    "add_note",
    "approve",
    "assess",
    "assign",
    "close_work_item",
    "establish_fact",
    "extend_term",
    "hand_back",
    "open_work_item",
    "propose",
    "recompute_deadline",
    "release",
    "reopen_work_item",
    "resume_term",
    "return_proposal",
    "send",
    "set_route",
    "suspend_term",
    "take",
    "withdraw_proposal",
]
