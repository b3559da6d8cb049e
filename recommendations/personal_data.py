"""The personal data of a user: which rows an export contains, and what their removal does.

A test checks all models: one that refers to a user and has no entry here fails it.
"""

from dataclasses import dataclass
from enum import StrEnum

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet

from forces.models import (
    AccountEmail,
    ApiToken,
    AuditEvent,
    BodyName,
    CalendarFeed,
    Departure,
    Invitation,
    Membership,
    PersonName,
    UsedCode,
    User,
)
from recommendations.models import (
    Absence,
    Alert,
    ApprovalDecision,
    ApprovalRequest,
    AspectCheck,
    Digest,
    DigestWeek,
    Download,
    Draft,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    EmailPreference,
    Evidence,
    ImportBatch,
    OutboxEmail,
    OutcomeFigure,
    Question,
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


class Removal(StrEnum):
    """What happens to rows when their person is removed."""

    DELETED = "deleted"
    BLANKED = "kept, without name and address"
    KEPT = "kept, under the new name"


@dataclass(frozen=True)
class Records:
    """A model that refers to a person in the field `person`.

    `fields` are exported: all except keys, secrets and their hashes, and the content of files.
    """

    title: str
    model: type[Model]
    person: str
    fields: str
    fate: Removal = Removal.KEPT

    def of(self, person: User) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.filter(**{self.person: person})
        return rows


PROFILE_FIELDS = (
    *("name", "email", "role", "body__name", "is_active", "joined_at", "last_login"),
    *("has_second_factor", "has_provider_factor", "prefers_one_page"),
)

_PLACE = "assignment__body__short_name assignment__recommendation__reference"
_ANSWERS = " ".join(ANSWERS)
_BODY_NAME = "body__short_name name short_name since recorded_at"

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
    Records(
        "Steps added or changed",
        Step,
        "changed_by",
        f"{_PLACE} title due_on done_on is_removed reason changed_at",
    ),
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
        "Outcome figures entered",
        OutcomeFigure,
        "entered_by",
        "indicator scope period_start period_end value value_high qualifier unit note source "
        "reason is_removed entered_at",
    ),
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
    Records(
        "API tokens",
        ApiToken,
        "person",
        "name prefix created_at expires_at last_used_at revoked_at",
        Removal.DELETED,
    ),
    Records(
        "Calendar addresses",
        CalendarFeed,
        "person",
        "body__short_name created_at revoked_at",
        Removal.DELETED,
    ),
    Records(
        "Organisations that this person acts for",
        Membership,
        "person",
        "body__short_name role from_on until_on ended_at is_main source",
    ),
    Records("Invitations", Invitation, "person", "invited_at expires_at used_at", Removal.DELETED),
    Records("People invited by this person", Invitation, "invited_by", "invited_at"),
    Records(
        "Second factors", Authenticator, "user", "type created_at last_used_at", Removal.DELETED
    ),
    Records("Signed-in devices", UserSession, "user", "ip user_agent created_at", Removal.DELETED),
    Records("Single sign-on", SocialAccount, "user", "provider uid date_joined", Removal.DELETED),
    Records("Other email addresses", EmailAddress, "user", "email verified", Removal.DELETED),
    Records(
        "Emails about the account", AccountEmail, "person", "kind words asked_at", Removal.DELETED
    ),
    Records("Used codes of a second factor", UsedCode, "person", "used_at", Removal.DELETED),
    Records("Former names", PersonName, "person", "name until", Removal.DELETED),
    Records("Names of organisations recorded", BodyName, "recorded_by", _BODY_NAME),
    Records("When this person left", Departure, "person", "left_at removed_at"),
    Records(
        "Changes by this person in the administration pages",
        LogEntry,
        "user",
        "action_time action_flag object_repr change_message",
        Removal.DELETED,
    ),
    Records(
        "Audit trail of this person",
        AuditEvent,
        "actor",
        "position at act body__short_name subject_type subject_id details request_id",
    ),
)
