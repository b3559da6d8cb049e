"""The register and its history, one model or a few related ones a file.

Submitted updates, reviews, due date changes, withdrawals and flag episodes are append-only:
triggers refuse to alter or delete them (migration 0002).
"""

from recommendations.models.alert import Alert
from recommendations.models.assignment import Assignment
from recommendations.models.digest import Digest, DigestWeek
from recommendations.models.download import Download
from recommendations.models.draft import Draft
from recommendations.models.due_date_change import DueDateChange
from recommendations.models.due_date_request import DueDateDecision, DueDateRequest
from recommendations.models.email_preference import EmailPreference
from recommendations.models.evidence import Evidence
from recommendations.models.flag_episode import FlagEpisode
from recommendations.models.import_batch import ImportBatch
from recommendations.models.inspection import Inspection
from recommendations.models.job_run import JobRun
from recommendations.models.outbox import EmailContent, OutboxEmail
from recommendations.models.question import Question, Reply
from recommendations.models.recommendation import Recommendation
from recommendations.models.reminder import Reminder
from recommendations.models.review import Review, ReviewCorrection
from recommendations.models.review_assignee import ReviewAssignee
from recommendations.models.review_hold import ReviewHold
from recommendations.models.saved_view import SavedView
from recommendations.models.snapshot import Snapshot
from recommendations.models.update import Update
from recommendations.models.visit import Visit
from recommendations.models.withdrawal import Withdrawal

__all__ = [
    "Alert",
    "Assignment",
    "Digest",
    "DigestWeek",
    "Download",
    "Draft",
    "DueDateChange",
    "DueDateDecision",
    "DueDateRequest",
    "EmailContent",
    "EmailPreference",
    "Evidence",
    "FlagEpisode",
    "ImportBatch",
    "Inspection",
    "JobRun",
    "OutboxEmail",
    "Question",
    "Recommendation",
    "Reminder",
    "Reply",
    "Review",
    "ReviewAssignee",
    "ReviewCorrection",
    "ReviewHold",
    "SavedView",
    "Snapshot",
    "Update",
    "Visit",
    "Withdrawal",
]
