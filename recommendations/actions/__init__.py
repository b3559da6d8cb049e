"""Every write, one deed a file.

An action is a keyword-only function that takes `at` (an instant; nothing here asks the clock)
and `by` (who acts). In one transaction it locks what it changes, refuses what makes no sense
with a `Refusal` (a sentence for the person), writes, records the audit event, settles the flags
and counts the revision. `recommendations.actions.change.changing` is the frame of it. Locks are
always taken in this order: assignments, the audit chain, the inspection's revision.
"""

from recommendations.actions.amend_recommendation import amend_recommendation
from recommendations.actions.api_token import NewToken, make_token, revoke_token
from recommendations.actions.ask_for_download import ask_for_download
from recommendations.actions.ask_for_time import ask_for_more_time, take_back_request
from recommendations.actions.calendar_feed import make_calendar_feed, revoke_calendar_feed
from recommendations.actions.change import Refusal, position_changed
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.correct_review import correct_review
from recommendations.actions.decide_request import grant_request, refuse_request
from recommendations.actions.draft import DraftConflict, discard_draft, open_draft, save_draft
from recommendations.actions.evidence import add_evidence, remove_evidence
from recommendations.actions.hold_claim import hold_claim, release_claim
from recommendations.actions.hold_week import hold_week, release_week
from recommendations.actions.import_updates import import_updates
from recommendations.actions.jobs import (
    note_job_started,
    try_import_again,
    try_mail_again,
    try_run_again,
)
from recommendations.actions.load_register import LoadReport, Tally, load_register
from recommendations.actions.mail_choice import (
    choose_mail,
    copy_chief_officers,
    leave_mail,
    trust_address,
)
from recommendations.actions.make_bounced import make_bounced
from recommendations.actions.move_due_dates import move_due_dates
from recommendations.actions.note_visit import note_visit
from recommendations.actions.question import ask_question, reply_to_question
from recommendations.actions.remove_person import remove_person
from recommendations.actions.review_claim import accept_claim, accept_claims, return_claim
from recommendations.actions.saved_view import change_view, delete_view, save_view
from recommendations.actions.send_again import send_again, send_test, send_week_again
from recommendations.actions.submit_update import submit_update
from recommendations.actions.withdraw_assignment import withdraw_assignment

__all__ = [
    "DraftConflict",
    "LoadReport",
    "NewToken",
    "Refusal",
    "Tally",
    "accept_claim",
    "accept_claims",
    "add_evidence",
    "amend_recommendation",
    "ask_for_download",
    "ask_for_more_time",
    "ask_question",
    "change_due_date",
    "change_view",
    "choose_mail",
    "copy_chief_officers",
    "correct_review",
    "delete_view",
    "discard_draft",
    "grant_request",
    "hold_claim",
    "hold_week",
    "import_updates",
    "leave_mail",
    "load_register",
    "make_bounced",
    "make_calendar_feed",
    "make_token",
    "move_due_dates",
    "note_job_started",
    "note_visit",
    "open_draft",
    "position_changed",
    "refuse_request",
    "release_claim",
    "release_week",
    "remove_evidence",
    "remove_person",
    "reply_to_question",
    "return_claim",
    "revoke_calendar_feed",
    "revoke_token",
    "save_draft",
    "save_view",
    "send_again",
    "send_test",
    "send_week_again",
    "submit_update",
    "take_back_request",
    "trust_address",
    "try_import_again",
    "try_mail_again",
    "try_run_again",
    "withdraw_assignment",
]
