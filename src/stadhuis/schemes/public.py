"""The front door of the schemes room: assess an application, keep the assessment, compute it again."""

from __future__ import annotations

from typing import Any

from stadhuis.schemes.actions import destroy_assessments, record_assessment
from stadhuis.schemes.errors import (
    AnswerFault,
    ImpossibleLoan,
    SchemesError,
    UnknownRuleVersion,
    UnusableAnswers,
)
from stadhuis.schemes.reads import assessments_of
from stadhuis.schemes.records import AssessmentRecord
from stadhuis.schemes.tozo import assessment as _tozo
from stadhuis.schemes.tozo.assessment import (
    Advice,
    Assessment,
    Benefit,
    Loan,
    Month,
    assess,
    rule_version_for,
)
from stadhuis.schemes.tozo.data import LOAN_MAXIMUM_CENTS, RepaymentRules, deemed_date
from stadhuis.schemes.tozo.inputs import TozoInputs, inputs_from_application
from stadhuis.schemes.tozo.repayment import (
    Instalment,
    Payout,
    Schedule,
    repayment_rules,
    repayment_schedule,
    replay_schedule,
)
from stadhuis.schemes.tozo.rules import Finding
from stadhuis.schemes.tozo.texts import euro

__all__ = [
    "LOAN_MAXIMUM_CENTS",
    "Advice",
    "AnswerFault",
    "Assessment",
    "AssessmentRecord",
    "Benefit",
    "Finding",
    "ImpossibleLoan",
    "Instalment",
    "Loan",
    "Month",
    "Payout",
    "RepaymentRules",
    "Schedule",
    "SchemesError",
    "TozoInputs",
    "UnknownRuleVersion",
    "UnusableAnswers",
    "assess",
    "assessments_of",
    "deemed_date",
    "destroy_assessments",
    "euro",
    "inputs_from_application",
    "record_assessment",
    "repayment_rules",
    "repayment_schedule",
    "replay",
    "replay_schedule",
    "rule_version_for",
]

_REPLAY = {_tozo.SCHEME: _tozo.replay}


def replay(stored: dict[str, Any]) -> Assessment:
    """Compute a stored assessment again with its own version of the rules.

    Takes `Assessment.as_dict()` or `AssessmentRecord.as_stored()`; raises UnknownRuleVersion.
    """
    scheme = stored.get("scheme", _tozo.SCHEME)
    if scheme not in _REPLAY:
        raise UnknownRuleVersion(str(scheme))
    return _REPLAY[scheme](stored)
