"""The register and its history, one model or a few related ones a file.

Submitted updates, reviews, due date changes, withdrawals and flag episodes are append-only:
triggers refuse to alter or delete them (migration 0002).
"""

from recommendations.models.absence import Absence as Absence
from recommendations.models.alert import Alert as Alert
from recommendations.models.approval import ApprovalDecision as ApprovalDecision
from recommendations.models.approval import ApprovalRequest as ApprovalRequest
from recommendations.models.assignment import Assignment as Assignment
from recommendations.models.assignment import Withdrawal as Withdrawal
from recommendations.models.body_request import BodyRequest as BodyRequest
from recommendations.models.body_request import BodyRequestEvent as BodyRequestEvent
from recommendations.models.closure import CHECK_DAYS as CHECK_DAYS
from recommendations.models.closure import Closure as Closure
from recommendations.models.digest import Digest as Digest
from recommendations.models.digest import DigestWeek as DigestWeek
from recommendations.models.download import Download as Download
from recommendations.models.due_date import DueDateChange as DueDateChange
from recommendations.models.due_date import DueDateDecision as DueDateDecision
from recommendations.models.due_date import DueDateRequest as DueDateRequest
from recommendations.models.email_preference import EmailPreference as EmailPreference
from recommendations.models.ending import Ending as Ending
from recommendations.models.evidence import Evidence as Evidence
from recommendations.models.flag_episode import FlagEpisode as FlagEpisode
from recommendations.models.import_batch import ImportBatch as ImportBatch
from recommendations.models.inspection import Inspection as Inspection
from recommendations.models.inspection import Snapshot as Snapshot
from recommendations.models.job_run import JobRun as JobRun
from recommendations.models.joint_action import JointAction as JointAction
from recommendations.models.joint_action import JointEvent as JointEvent
from recommendations.models.joint_action import JointParticipant as JointParticipant
from recommendations.models.joint_action import JointStep as JointStep
from recommendations.models.outbox import EmailContent as EmailContent
from recommendations.models.outbox import OutboxEmail as OutboxEmail
from recommendations.models.outcome import THEMES as THEMES
from recommendations.models.outcome import Indicator as Indicator
from recommendations.models.outcome import OutcomeFigure as OutcomeFigure
from recommendations.models.question import Question as Question
from recommendations.models.question import Reply as Reply
from recommendations.models.quote import Quote as Quote
from recommendations.models.recommendation import Aspect as Aspect
from recommendations.models.recommendation import AspectCheck as AspectCheck
from recommendations.models.recommendation import Certainty as Certainty
from recommendations.models.recommendation import Recommendation as Recommendation
from recommendations.models.recommendation import with_checks as with_checks
from recommendations.models.reminder import Reminder as Reminder
from recommendations.models.response import Response as Response
from recommendations.models.review import Review as Review
from recommendations.models.review import ReviewCorrection as ReviewCorrection
from recommendations.models.review import ReviewHold as ReviewHold
from recommendations.models.review import SecondReview as SecondReview
from recommendations.models.review_assignee import ReviewAssignee as ReviewAssignee
from recommendations.models.saved_view import SavedView as SavedView
from recommendations.models.step import Step as Step
from recommendations.models.stopped_deletion import StoppedDeletion as StoppedDeletion
from recommendations.models.update import Draft as Draft
from recommendations.models.update import Update as Update
from recommendations.models.update_search import UpdateSearch as UpdateSearch
from recommendations.models.visit import Visit as Visit
