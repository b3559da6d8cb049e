"""The personal data of a user: which rows an export contains, and what their removal does.

A test checks all models: one that refers to a user and has no entry here fails it.
"""

from forces.accounts.personal_data import ACCOUNT_DATA, Records, Removal
from recommendations.models import (
    Absence,
    Alert,
    ApprovalDecision,
    ApprovalRequest,
    AspectCheck,
    BodyRequest,
    BodyRequestEvent,
    Closure,
    Digest,
    DigestWeek,
    Download,
    Draft,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    EmailPreference,
    Ending,
    Evidence,
    ImportBatch,
    JointAction,
    JointEvent,
    JointParticipant,
    JointStep,
    OutboxEmail,
    OutcomeFigure,
    Question,
    Quote,
    Reminder,
    Reply,
    Response,
    Review,
    ReviewAssignee,
    ReviewCorrection,
    ReviewHold,
    SavedView,
    SecondReview,
    Step,
    Update,
    Visit,
    Withdrawal,
)
from recommendations.models.answers import ANSWERS

_PLACE = "assignment__body__short_name assignment__recommendation__reference"
_ANSWERS = " ".join(ANSWERS)

PERSONAL_DATA = (
    Records(
        "Updates submitted",
        Update,
        "submitted_by",
        f"{_PLACE} number submitted_at {_ANSWERS} evidence_count",
    ),
    Records(
        "Updates approved as a chief officer",
        Update,
        "approved_by",
        f"{_PLACE} number submitted_at",
    ),
    Records("Updates sent for approval", ApprovalRequest, "requested_by", f"{_PLACE} requested_at"),
    Records(
        "Requests to this person to approve an update",
        ApprovalRequest,
        "approver",
        f"{_PLACE} requested_at",
    ),
    Records(
        "Decisions on updates that waited for approval",
        ApprovalDecision,
        "decided_by",
        "request__assignment__body__short_name request__assignment__recommendation__reference "
        "outcome reason decided_at",
    ),
    Records("Requests to other organisations", BodyRequest, "requested_by", f"{_PLACE} text"),
    Records(
        "Answers to requests, and what was said about answers",
        BodyRequestEvent,
        "by",
        "request__pk kind promised_on reason happened_at",
    ),
    Records(
        "Steps added or changed",
        Step,
        "changed_by",
        f"{_PLACE} title due_on done_on is_removed reason changed_at",
    ),
    Records("Joint actions created", JointAction, "created_by", f"{_PLACE} title text due_on"),
    Records(
        "Organisations added to joint actions",
        JointParticipant,
        "added_by",
        "action__pk body__short_name added_at",
    ),
    Records(
        "Steps added to joint actions", JointStep, "added_by", "action__pk title due_on added_at"
    ),
    Records("Entries in joint actions", JointEvent, "by", "action__pk kind text happened_at"),
    Records(
        "Drafts last saved by this person",
        Draft,
        "saved_by",
        f"{_PLACE} started_at saved_at {_ANSWERS}",
    ),
    Records(
        "Evidence added",
        Evidence,
        "uploaded_by",
        "name kind size sha256 replaced_attachments scan uploaded_at",
    ),
    Records(
        "Claims reviewed",
        Review,
        "reviewed_by",
        "update__assignment__body__short_name update__assignment__recommendation__reference "
        "update__number decision causes reason reviewed_at",
    ),
    Records(
        "Reviews corrected",
        ReviewCorrection,
        "corrected_by",
        "review__update__assignment__body__short_name "
        "review__update__assignment__recommendation__reference decision reason corrected_at",
    ),
    Records(
        "Second reviews",
        SecondReview,
        "reviewed_by",
        "review__update__assignment__body__short_name "
        "review__update__assignment__recommendation__reference body__short_name comment "
        "reviewed_at",
    ),
    Records(
        "Claims under review by this person",
        ReviewHold,
        "held_by",
        "update__assignment__body__short_name update__assignment__recommendation__reference "
        "held_at",
        Removal.DELETED,
    ),
    Records(
        "Claims to be reviewed by this person",
        ReviewAssignee,
        "reviewer",
        "update__assignment__body__short_name update__assignment__recommendation__reference "
        "assigned_at",
        Removal.DELETED,
    ),
    Records(
        "Reviews assigned to others by this person",
        ReviewAssignee,
        "assigned_by",
        "update__assignment__body__short_name update__assignment__recommendation__reference "
        "assigned_at",
    ),
    Records("Reminders sent by this person", Reminder, "reminded_by", f"{_PLACE} reminded_at"),
    Records(
        "Sources of recommendations entered",
        AspectCheck,
        "entered_by",
        "recommendation__reference aspect certainty source page entered_at",
    ),
    Records(
        "Texts of recommendations confirmed",
        AspectCheck,
        "checked_by",
        "recommendation__reference aspect source page checked_at",
    ),
    Records(
        "Responses to the inspection entered",
        Response,
        "entered_by",
        "body__short_name recommendation__reference number answer reason responded_on link "
        "entered_at is_on_behalf",
    ),
    Records(
        "Closures of lines reported",
        Closure,
        "reported_by",
        "body__short_name month kind has_order number reason reported_at",
    ),
    Records(
        "Outcome figures entered",
        OutcomeFigure,
        "entered_by",
        "indicator scope period_start period_end value value_high qualifier unit note source "
        "reason is_removed entered_at",
    ),
    Records("Figures quoted", Quote, "quoted_by", "reference sentence quoted_at"),
    Records("Questions asked", Question, "asked_by", f"{_PLACE} side text asked_at"),
    Records(
        "Replies written",
        Reply,
        "replied_by",
        "question__assignment__body__short_name question__assignment__recommendation__reference "
        "side text replied_at",
    ),
    Records(
        "Requests for more time",
        DueDateRequest,
        "asked_by",
        f"{_PLACE} due_on asked_due_on reason asked_at",
    ),
    Records(
        "Requests for more time decided",
        DueDateDecision,
        "decided_by",
        "request__assignment__body__short_name request__assignment__recommendation__reference "
        "outcome words decided_at",
    ),
    Records(
        "Due dates changed",
        DueDateChange,
        "decided_by",
        f"{_PLACE} from_due_on to_due_on reason decided_at",
    ),
    Records(
        "Recommendations withdrawn",
        Withdrawal,
        "withdrawn_by",
        f"{_PLACE} reason withdrawn_at",
    ),
    Records(
        "Kinds of withdrawals recorded",
        Ending,
        "recorded_by",
        "withdrawal__assignment__body__short_name "
        "withdrawal__assignment__recommendation__reference kind reason recorded_at",
    ),
    Records(
        "Spreadsheets uploaded",
        ImportBatch,
        "uploaded_by",
        "name uploaded_at state rows_total sha256",
    ),
    Records(
        "Spreadsheets confirmed",
        ImportBatch,
        "confirmed_by",
        "name uploaded_at state rows_total sha256",
    ),
    Records(
        "Emails to this person",
        OutboxEmail,
        "reader",
        "kind state reader_name address created_at sent_at attempts last_error message_id "
        "provider_id content__subject content__text",
        Removal.BLANKED,
    ),
    Records(
        "Weekly digests decided for this person",
        Digest,
        "reader",
        "iso_year iso_week on since made_at outcome",
    ),
    Records(
        "Weekly digests put on hold", DigestWeek, "held_by", "iso_year iso_week held_at reason"
    ),
    Records(
        "Instant alerts to this person",
        Alert,
        "reader",
        "kind happened_at emailed_at",
        Removal.DELETED,
    ),
    Records(
        "Email preferences",
        EmailPreference,
        "reader",
        "weekly at_once rejections rejected_address rejected_since bouncing_since last_rejection",
        Removal.DELETED,
    ),
    Records(
        "Last absence",
        Absence,
        "person",
        "from_on until_on declined_at set_at",
        Removal.DELETED,
    ),
    Records(
        "Absences of others in which this person stands in",
        Absence,
        "stand_in",
        "from_on until_on declined_at set_at",
    ),
    Records("Absences set by this person", Absence, "set_by", "set_at"),
    Records(
        "Saved views",
        SavedView,
        "owner",
        "name address moving_days is_pinned is_shared created_at updated_at",
        Removal.DELETED,
    ),
    Records(
        "Last visit to the changes page", Visit, "person", "looked_at before_at", Removal.DELETED
    ),
    Records(
        "Files created",
        Download,
        "asked_by",
        "kind file_type parameters asked_at state name size",
        Removal.DELETED,
    ),
    *ACCOUNT_DATA,
)
