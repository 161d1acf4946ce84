"""What staff do: divide the work, keep the clock, establish facts, assess, propose, approve, send."""

from stadhuis.casework.actions.assess import assess, establish_fact
from stadhuis.casework.actions.clock import (
    bezwaar_deadline,
    correct_event,
    extend_term,
    give_default_notice,
    objection_in_time,
    recompute_deadline,
    record_default_notice,
    record_objected_decision,
    resume_term,
    suspend_term,
    withdraw_event,
)
from stadhuis.casework.actions.decide import approve, propose, return_proposal, send, withdraw_proposal
from stadhuis.casework.actions.objections import take_in_objection
from stadhuis.casework.actions.work import (
    add_note,
    assign,
    close_work_item,
    hand_back,
    hand_on,
    move_to_unit,
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
    "bezwaar_deadline",
    "close_work_item",
    "correct_event",
    "establish_fact",
    "extend_term",
    "give_default_notice",
    "hand_back",
    "hand_on",
    "move_to_unit",
    "objection_in_time",
    "open_work_item",
    "propose",
    "recompute_deadline",
    "record_default_notice",
    "record_objected_decision",
    "release",
    "reopen_work_item",
    "resume_term",
    "return_proposal",
    "send",
    "set_route",
    "suspend_term",
    "take",
    "take_in_objection",
    "withdraw_event",
    "withdraw_proposal",
]
