"""The front door of forms."""

from stadhuis.forms.actions.drafts import save_answers, start
from stadhuis.forms.actions.files import add_file
from stadhuis.forms.actions.submit import submit
from stadhuis.forms.actions.versions import publish, publish_shipped
from stadhuis.forms.answers import ReadAnswer, read_answer
from stadhuis.forms.errors import DraftNotFound, FormsError, FormUnknown
from stadhuis.forms.facts import FORM_SUBMITTED, FormSubmitted
from stadhuis.forms.prefill import Gathered
from stadhuis.forms.reads import MyDraft, SubmissionRecord, definition, drafts_of, submission
from stadhuis.forms.represented import handed_in_by
from stadhuis.forms.rules.definition import Definition, DefinitionBroken
from stadhuis.forms.summary import AnswerLine, Section
from stadhuis.forms.summary import of_submission as answers_of
from stadhuis.forms.summary import render as summary_pdf

__all__ = [
    "FORM_SUBMITTED",
    "AnswerLine",
    "Definition",
    "DefinitionBroken",
    "DraftNotFound",
    "FormSubmitted",
    "FormUnknown",
    "FormsError",
    "Gathered",
    "MyDraft",
    "ReadAnswer",
    "Section",
    "SubmissionRecord",
    "add_file",
    "answers_of",
    "definition",
    "drafts_of",
    "handed_in_by",
    "publish",
    "publish_shipped",
    "read_answer",
    "save_answers",
    "start",
    "submission",
    "submit",
    "summary_pdf",
]
